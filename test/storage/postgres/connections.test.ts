import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { sql } from '../../../src/storage/drizzle.ts'
import type { Read } from '../../../src/storage/store.ts'
import { startPostgres } from '../../support/postgres.ts'
import { startProxy } from '../../support/proxy.ts'
import { holdTurn, listSeqs, listSlugs, startChild, testStore, writeTag } from '../../support/stores.ts'

const server = await startPostgres()
t.teardown(() => server.dispose())
let databases = 0

async function storeOf(t: Test, options: { busyTimeoutMs?: number } = {}) {
  const name = `connections_${databases++}`
  const database = await server.createDatabase(name)
  return { name, ...(await testStore(t, { ...options, database })) }
}

/** Ends the connections of Warta to a database on the server's side, and says how many there were. */
async function endConnections(name: string, which = 'true'): Promise<number> {
  const ended = await server.query(
    `SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = '${name}' AND application_name = 'warta' AND ${which}`,
  )
  return ended.length
}

async function setting(db: Read, name: string): Promise<unknown> {
  const [row] = await db.select({ value: sql`current_setting(${name})` }).from(db.tables.counters)
  return row?.value
}

t.test('a transaction whose connection is lost runs again, is there once, and its hooks run once', async (t) => {
  const { store, name } = await storeOf(t)
  for (const when of ['after its first statement', 'after its last statement']) {
    const hooks: string[] = []
    let runs = 0
    const slug = when.includes('first') ? 'first' : 'last'
    const answer = await store.transact(async (db) => {
      runs += 1
      const run = runs
      db.afterCommit(() => hooks.push(`hook of run ${run}`))
      if (slug === 'first') await listSlugs(db)
      else await writeTag(db, slug)
      if (run === 1) t.equal(await endConnections(name, "state = 'idle in transaction'"), 1)
      if (slug === 'first') await writeTag(db, slug)
      return `run ${run}`
    })
    t.equal(answer, 'run 2', when)
    t.same(hooks, ['hook of run 2'])
  }
  t.same(await store.read(listSlugs), ['first', 'last'])
  t.same(await store.read(listSeqs), [1, 2])
})

t.test('a group whose connection is lost runs again as a whole', async (t) => {
  const { store, name } = await storeOf(t)
  const hooks: string[] = []
  let cut = false
  const slugs = ['a', 'b', 'c']
  await Promise.all(
    slugs.map((slug) =>
      store.transact(async (db) => {
        db.afterCommit(() => hooks.push(slug))
        await writeTag(db, slug)
        if (slug !== 'b' || cut) return
        cut = true
        await endConnections(name, "state = 'idle in transaction'")
      }),
    ),
  )
  t.same(hooks, slugs)
  t.same(await store.read(listSlugs), slugs)
  t.same(await store.read(listSeqs), [1, 2, 3])
})

t.test('connections that are ended while they idle are replaced without an error', async (t) => {
  const { store, name } = await storeOf(t)
  const stop = await store.follow(() => {})
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(Array.from({ length: 20 }, () => store.read(listSlugs)))
    t.ok((await endConnections(name)) > 2)
    const reads = Array.from({ length: 20 }, () => store.read(listSlugs))
    await store.transact((db) => writeTag(db, `round-${round}`))
    await Promise.all(reads)
    t.equal(await store.writable(), true)
  }
  stop()
  t.same(await store.read(listSlugs), ['round-0', 'round-1', 'round-2'])
})

t.test('a read whose connection is lost in the middle runs again, in one new snapshot', async (t) => {
  const { store, name } = await storeOf(t)
  await store.transact((db) => writeTag(db, 'rail'))
  const slugs = ['rail']
  let runs = 0
  const read = () =>
    store.read(async (db) => {
      runs += 1
      const before = await listSlugs(db)
      if (runs === 1) {
        t.equal(await endConnections(name, "state = 'idle in transaction'"), 1)
        slugs.push(`road-${slugs.length}`)
        await store.transact((other) => writeTag(other, slugs.at(-1) ?? ''))
      }
      return [before, await listSlugs(db)]
    })
  let seen: string[][] | undefined
  // What has taken a second is not begun again, and a busy machine may take that for what is done here.
  for (let tries = 1; seen === undefined; tries += 1) {
    runs = 0
    const began = performance.now()
    seen = await read().catch((error) => {
      if (performance.now() - began < 1_000 || tries === 10) throw error
      return undefined
    })
  }
  t.equal(runs, 2)
  t.same(seen, [slugs, slugs])
})

t.test('a follower whose connections are ended misses nothing and hears nothing twice', async (t) => {
  const { store, name } = await storeOf(t)
  const heard: string[] = []
  await store.follow((news) => {
    if (news === 'unknown') t.fail('the server is the same')
    else heard.push(...news.map(({ id }) => id))
  })
  const expected = Array.from({ length: 60 }, (_, i) => `tag-${i}`)
  for (const [i, slug] of expected.entries()) {
    await store.transact((db) => writeTag(db, slug))
    if (i % 20 === 10) await endConnections(name)
  }
  const end = performance.now() + 10_000
  while (heard.length < expected.length && performance.now() < end) await sleep(10)
  await sleep(1_300)
  t.same(heard, expected)
})

for (const when of ['before', 'after'] as const) {
  t.test(`a commit whose connection is lost ${when} the server has kept it is said to be unknown`, async (t) => {
    const { store: direct, database } = await storeOf(t)
    const proxy = await startProxy(t, database)
    const { store } = await testStore(t, { database: proxy.url })
    const heard: string[] = []
    await direct.follow((news) => news !== 'unknown' && heard.push(...news.map(({ id }) => id)))
    await store.transact((db) => writeTag(db, 'first'))
    proxy.cutAtCommit(when)
    let runs = 0
    const write = (slug: string) =>
      store.transact((db) => {
        runs += 1
        db.afterCommit(() => t.fail('a hook of what may not be there ran'))
        return writeTag(db, slug)
      })
    const unknown = {
      name: 'Problem',
      code: 'database_unavailable',
      details: { detail: /was lost while this was being kept\. Look whether it was/, headers: { 'retry-after': '2' } },
    }
    await Promise.all([t.rejects(write('one'), unknown), t.rejects(write('two'), unknown)])
    t.equal(runs, 2, 'what may be there is not done again')
    const kept = when === 'after' ? ['one', 'two'] : []
    t.same(await store.read(listSlugs), ['first', ...kept])
    await store.transact((db) => writeTag(db, 'upon'))
    t.same(await direct.read(listSlugs), ['first', ...kept, 'upon'])
    t.same(await direct.read(listSeqs), when === 'after' ? [1, 2, 3, 4] : [1, 2])
    const end = performance.now() + 20_000
    while (!heard.includes('upon') && performance.now() < end) await sleep(10)
    t.same(heard, ['first', ...kept, 'upon'], 'a follower hears what is there')
  })
}

t.test('a process that is stopped in its turn loses it, and the others go on', { timeout: 120_000 }, async (t) => {
  const { store, database } = await storeOf(t, { busyTimeoutMs: 30_000 })
  const { store: hasty } = await testStore(t, { database, busyTimeoutMs: 1_000 })
  const child = startChild(t, ['hold', database, 'half', '5000'])
  await child.said(2)
  // It is stopped within the five seconds for which it holds its turn, and still is when they end.
  child.process.kill('SIGSTOP')
  const began = performance.now()
  const patient = store.transact((db) => writeTag(db, 'patient')).then(() => performance.now() - began)
  await t.rejects(
    hasty.transact((db) => writeTag(db, 'hasty')),
    { code: 'database_unavailable' },
  )
  const refusedAfter = performance.now() - began
  // Ten seconds is what a turn may rest.
  t.ok(refusedAfter >= 1_000 && refusedAfter < 7_000, `refused after ${Math.round(refusedAfter)} ms`)
  t.same(await hasty.read(listSlugs), [], 'reads go on meanwhile')
  const waited = await patient
  t.ok(waited < 20_000, `the turn was taken away after ${Math.round(waited)} ms`)
  // Before its own patience is over it would begin anew: see store-process.ts.
  await sleep(Math.max(0, began + 21_000 - performance.now()))
  child.process.kill('SIGCONT')
  t.same(await child.ended, { code: 0, errors: '' })
  t.same(child.lines.slice(2), ['refused database_unavailable'])
  t.same(await store.read(listSlugs), ['patient'])
})

t.test('what is acknowledged is on the disk, even where the database says that it need not be', async (t) => {
  const name = `connections_${databases++}`
  const database = await server.createDatabase(name)
  await server.query(`ALTER DATABASE ${name} SET synchronous_commit = off`)
  const { store } = await testStore(t, { database })
  t.equal(await store.read((db) => setting(db, 'synchronous_commit')), 'off', 'a session here begins with it off')
  t.equal(await store.transact((db) => setting(db, 'synchronous_commit')), 'on')
  await server.query(`ALTER DATABASE ${name} SET synchronous_commit = remote_apply`)
  const { store: again } = await testStore(t, { database })
  t.equal(await again.transact((db) => setting(db, 'synchronous_commit')), 'remote_apply', 'more than on stays')
})

t.test('who keeps everybody from writing for long makes the store not writable, until the turn ends', async (t) => {
  const { store, database } = await storeOf(t)
  const { store: other } = await testStore(t, { database })
  const turn = await holdTurn(other)
  t.equal(await store.writable(), false)
  await turn.end()
  t.equal(await store.writable(), true)
})
