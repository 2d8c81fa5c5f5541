import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t, { type Test } from 'tap'
import { readMigrations } from '../../../src/storage/migrations.ts'
import { openSqlite } from '../../../src/storage/sqlite/sqlite.ts'
import { createClock } from '../../support/clock.ts'
import { type Child, hasTag, listSlugs, openBeside, startChild, testStore, writeTag } from '../../support/stores.ts'

function acked(child: Child): string[] {
  return child.lines.filter((line) => line.startsWith('acked ')).map((line) => line.slice('acked '.length))
}

/** Every tag has its address and its change, and no such row is without its tag. */
function expectWhole(t: Test, file: string): string[] {
  const db = openBeside(t, file, { readonly: true })
  const all = (query: string) => db.prepare(query).pluck().all() as string[]
  const slugs = all('SELECT slug FROM tags ORDER BY slug')
  t.same(all('SELECT address FROM addresses ORDER BY address'), slugs)
  t.same(all('SELECT id FROM changes ORDER BY id'), slugs)
  t.equal(db.pragma('integrity_check', { simple: true }), 'ok')
  t.same(db.pragma('foreign_key_check'), [])
  return slugs
}

t.test('killed at any moment, a process has lost no acknowledged write and left none half', async (t) => {
  const file = join(t.testdir(), 'warta.db')
  const known: string[] = []
  for (let round = 0; round < 10; round += 1) {
    const child = startChild(t, ['write', file, `round-${round}`, '1000000', '4'])
    await child.said(1 + Math.floor(Math.random() * 60))
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 15))
    child.process.kill('SIGKILL')
    t.same(await child.ended, { code: null, errors: '' })
    known.push(...acked(child))
    const there = new Set(expectWhole(t, file))
    t.same(
      known.filter((slug) => !there.has(slug)),
      [],
      `round ${round}: ${known.length} acknowledged, ${there.size} there`,
    )
  }
  t.ok(known.length >= 10)
  const { store } = await testStore(t, { database: file })
  await store.transact((db) => writeTag(db, 'after'))
  t.equal(await store.read((db) => hasTag(db, 'after')), true)
})

/** What a thread has called. Where another has called meanwhile, a call stands on two lines. */
function callsOf(lines: readonly string[], thread: string): string[] {
  let begun = ''
  return lines
    .filter((line) => line.startsWith(`${thread} `))
    .flatMap((line) => {
      const text = line.slice(thread.length).trim()
      const [, half] = /^(.*) <unfinished \.\.\.>$/.exec(text) ?? []
      if (half !== undefined) {
        begun = half
        return []
      }
      return [text.replace(/^<\.\.\. \w+ resumed>/, () => begun)]
    })
}

const traces = spawnSync('strace', ['-o', '/dev/null', 'true'])
const skip = traces.status === 0 ? false : 'strace is not installed here, or may not trace'

t.test('a write is on disk before it is acknowledged, also on a file that is opened again', { skip }, async (t) => {
  const file = join(t.testdir(), 'warta.db')
  for (const opening of ['first', 'second']) {
    const trace = join(t.testdirName, `${opening}.trace`)
    const traced = 'openat,pwrite64,fsync,fdatasync,write'
    const child = startChild(
      t,
      ['write', file, opening, '25', '1'],
      ['strace', '-f', '-e', `trace=${traced}`, '-o', trace],
    )
    t.match(await child.ended, { code: 0 })
    t.equal(acked(child).length, 25)
    const lines = readFileSync(trace, 'utf8').split('\n')
    const [main = ''] = lines[0]?.split(' ') ?? []
    const calls = callsOf(lines, main)
    const logs = new Set<string>()
    let written = 0
    let unsynced = 0
    let acknowledged = 0
    for (const call of calls) {
      const opened = /^openat\(.*-wal".*= (\d+)$/.exec(call)
      if (opened?.[1] !== undefined) logs.add(opened[1])
      if (logs.has(/^pwrite64\((\d+),/.exec(call)?.[1] ?? '')) {
        written += 1
        unsynced += 1
      }
      if (/^(fsync|fdatasync)/.test(call) && /= 0$/.test(call)) unsynced = 0
      if (call.startsWith('write(1, "acked')) {
        acknowledged += 1
        if (written === 0 || unsynced > 0) t.fail('acknowledged before it was synced', { call, written, unsynced })
        written = 0
      }
    }
    t.equal(acknowledged, 25, `the ${opening} opening`)
  }
})

t.test('after a failed fsync nothing is written until the restart, and reads go on', { skip }, async (t) => {
  const file = join(t.testdir(), 'warta.db')
  await (await testStore(t, { database: file })).store.close()
  const inject = ['-e', 'trace=fsync,fdatasync', '-e', 'inject=fsync,fdatasync:error=EIO:when=15+']
  const child = startChild(t, ['write', file, 'tag', '60', '1'], ['strace', '-f', '-o', '/dev/null', ...inject])
  t.match(await child.ended, { code: 0 })
  const kept = acked(child)
  const answers = child.lines.slice(1, -1)
  t.ok(kept.length > 0 && kept.length < 60, `${kept.length} were acknowledged`)
  t.same(
    answers.slice(kept.length),
    Array.from({ length: 60 - kept.length }, () => 'refused database_unavailable'),
  )
  t.equal(child.lines.at(-1), `read ${kept.length}`)

  const { store } = await testStore(t, { database: file })
  await store.transact((db) => writeTag(db, 'zz-after'))
  const there = expectWhole(t, file)
  t.same(
    kept.filter((slug) => !there.includes(slug)),
    [],
  )
  t.ok(there.length <= kept.length + 2, 'of what was refused at most the one whose fsync failed is there')
})

/** A store whose disk ends so many pages after the empty database. */
async function storeOnSmallDisk(t: Test, pages: number) {
  const empty = await testStore(t)
  const size = openBeside(t, empty.database).pragma('page_count', { simple: true }) as number
  await empty.store.close()
  // SQLite answers as for a full disk. The limit is the connection's own, and the writer is who migrates.
  const limit = { name: '9999_limit.sql', sql: `PRAGMA max_page_count = ${size + pages}`, checksum: 'none' }
  const migrations = [...readMigrations('sqlite'), limit]
  const file = join(dirname(empty.database), 'small.db')
  const store = openSqlite({ path: file, clock: createClock(), busyTimeoutMs: 5_000, migrations })
  t.teardown(() => store.close())
  return { store, file }
}

const full = { name: 'Problem', code: 'database_unavailable', details: { headers: { 'retry-after': '2' } } }

t.test('on a full disk a write is refused, nothing is half-written, reads go on, and it recovers', async (t) => {
  const { store, file } = await storeOnSmallDisk(t, 10)
  const kept: string[] = []
  let refused = 0
  for (let i = 0; refused < 5 && i < 100; i += 1) {
    const slug = `tag-${String(i).padStart(4, '0')}`
    const writing = store.transact(async (db) => {
      db.afterCommit(() => kept.push(slug))
      await writeTag(db, slug)
      await db.update(db.tables.tags).set({ description: 'x'.repeat(2_000) })
    })
    const error = await writing.catch((reason: unknown) => reason)
    if (error === undefined) continue
    refused += 1
    t.match(error, full)
    t.same(await store.read(listSlugs), kept, 'what was acknowledged is read, and nothing else')
  }
  t.equal(refused, 5)
  t.ok(kept.length > 0, `${kept.length} were kept before`)
  t.equal(await store.writable(), true)

  // Somebody makes room.
  openBeside(t, file).exec('UPDATE tags SET description = NULL')
  await store.transact((db) => writeTag(db, 'zz-after'))
  t.same(await store.read(listSlugs), [...kept, 'zz-after'])
  await store.close()
  expectWhole(t, file)
})

t.test('a full disk refuses a whole group, and no callback that goes on writes outside of it', async (t) => {
  const { store, file } = await storeOnSmallDisk(t, 4)
  const outcomes = await Promise.allSettled([
    store.transact((db) => writeTag(db, 'before')),
    store.transact(async (db) => {
      await writeTag(db, 'large')
      await t.rejects(async () => db.update(db.tables.tags).set({ description: 'x'.repeat(100_000) }), {
        code: 'SQLITE_FULL',
      })
      await writeTag(db, 'stubborn')
    }),
    store.transact((db) => writeTag(db, 'behind')),
  ])
  for (const outcome of outcomes) t.match(outcome, { status: 'rejected', reason: full })
  t.same(await store.read(listSlugs), [])
  await store.transact((db) => writeTag(db, 'small'))
  t.same(await store.read(listSlugs), ['small'])
  await store.close()
  expectWhole(t, file)
})
