import type { ChildProcess } from 'node:child_process'
import diagnostics from 'node:diagnostics_channel'
import { existsSync } from 'node:fs'
import { getPriority } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { instant } from '../../../src/lib/clock.ts'
import { eq, sql } from '../../../src/storage/drizzle.ts'
import type { Read, ReadOptions, Store, Write } from '../../../src/storage/store.ts'
import { importersOf } from '../../support/importers.ts'
import { gate, listSlugs, refusal, testStore, writeTag } from '../../support/stores.ts'

const beside = { beside: true } as const
const lasting = { beside: true, lasting: true } as const

/** The processes that this one starts from now on. */
function listProcesses(t: Test): ChildProcess[] {
  const started: ChildProcess[] = []
  const listen = (message: unknown) => started.push((message as { process: ChildProcess }).process)
  diagnostics.subscribe('child_process', listen)
  t.teardown(() => diagnostics.unsubscribe('child_process', listen))
  return started
}

const isAlive = ({ exitCode, signalCode }: ChildProcess) => exitCode === null && signalCode === null

/** Two reads that are under way at the same time, however many cores there are. */
async function readTwice(store: Store): Promise<string[][]> {
  const held = gate()
  const begun = [gate(), gate()]
  const reads = begun.map(({ open }) =>
    store.read(async (db) => {
      open()
      await held.opened
      return listSlugs(db)
    }, beside),
  )
  await Promise.all(begun.map(({ opened }) => opened))
  held.open()
  return Promise.all(reads)
}

async function setting(db: Read, name: string): Promise<unknown> {
  const [row] = await db.select({ value: sql`*` }).from(sql.raw(`pragma_${name}`))
  return row?.value
}

t.test('a process is started when it is needed, used again, and ended with the store', async (t) => {
  const started = listProcesses(t)
  const { store, database } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  await store.read(listSlugs)
  t.equal(started.length, 0, 'none for what is quick')
  for (let i = 0; i < 5; i += 1) t.same(await store.read(listSlugs, beside), ['rail'])
  t.equal(started.length, 1)
  await readTwice(store)
  t.equal(started.length, 2, 'a second one for a second reader')
  await Promise.all([0, 1, 2].map(() => store.read(listSlugs, lasting)))
  t.equal(started.length, 2 + 3, 'one for each who reads for minutes')
  await store.close()
  t.notOk(started.some(isAlive))
  t.notOk(existsSync(`${database}-wal`), 'and the log is put away')
})

t.test('a process beside gives way to the service', async (t) => {
  const [started, { store }] = [listProcesses(t), await testStore(t)]
  await store.read(listSlugs, beside)
  t.ok(getPriority(started[0]?.pid) > getPriority())
})

t.test('a process that is slow to start does not make a statement slow', async (t) => {
  const [started, { store }] = [listProcesses(t), await testStore(t, { busyTimeoutMs: 2_000 })]
  const reading = store.read(listSlugs, beside)
  await setImmediate()
  t.ok(started[0]?.kill('SIGSTOP'))
  await sleep(2_500)
  started[0]?.kill('SIGCONT')
  t.same(await reading, [])
  t.equal(started.length, 1)
})

t.test('for a process that does not start, or dies before, nobody waits without end', async (t) => {
  const [started, { store }] = [listProcesses(t), await testStore(t)]
  for (const signal of ['SIGSTOP', 'SIGKILL'] as const) {
    const reading = store.read(listSlugs, beside)
    const refused = t.rejects(reading, { name: 'Problem', code: 'database_unavailable' }, signal)
    await setImmediate()
    t.ok(started.at(-1)?.kill(signal))
    await refused
  }
  t.same(await store.read(listSlugs, beside), [])
  t.equal(started.length, 3)
})

t.test('what ends the service from a terminal does not end it under a reader', async (t) => {
  const [started, { store }] = [listProcesses(t), await testStore(t)]
  await store.read(async (db) => {
    await listSlugs(db)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) started[0]?.kill(signal)
    t.same(await listSlugs(db), [])
  }, beside)
  t.equal(started.length, 1)
})

t.test('a process that is killed fails the reads on it alone, and the next one gets another', async (t) => {
  const [started, { store }] = [listProcesses(t), await testStore(t)]
  await store.transact((db) => writeTag(db, 'rail'))
  const killed = gate()
  const reading = (index: number) => {
    const begun = gate()
    const read = store.read(async (db) => {
      await listSlugs(db)
      begun.open()
      await killed.opened
      return listSlugs(db)
    }, beside)
    return { index, begun, read }
  }
  const reads = []
  for (const index of [0, 1]) {
    const one = reading(index)
    await one.begun.opened
    reads.push(one)
  }
  const [first] = started
  // Nothing else keeps this process waiting for its end.
  first?.ref()
  first?.kill('SIGKILL')
  await new Promise((resolve) => first?.once('exit', resolve))
  killed.open()
  await t.rejects(Promise.resolve(reads[0]?.read), { name: 'Problem', code: 'database_unavailable' })
  t.same(await reads[1]?.read, ['rail'])
  t.same(await readTwice(store), [['rail'], ['rail']])
  t.equal(started.length, 3)
})

t.test('one that is killed while it works on a statement is told of too', async (t) => {
  const [started, { store }] = [listProcesses(t), await testStore(t)]
  await store.read(listSlugs, lasting)
  const read = store.read(listSlugs, lasting)
  started[0]?.kill('SIGKILL')
  await t.rejects(read, { name: 'Problem', code: 'database_unavailable' })
  t.same(await store.read(listSlugs, lasting), [])
  const failed = await store.read((db) => {
    started[1]?.kill('SIGKILL')
    return Promise.all([0, 1].map(() => refusal(listSlugs(db))))
  }, lasting)
  for (const reason of failed) t.match(reason, /ended with SIGKILL/, 'what waits behind it too')
})

t.test('the clock of a reader is not behind what is read', async (t) => {
  const [started, { store, clock }] = [listProcesses(t), await testStore(t)]
  await store.read(listSlugs, lasting)
  started[0]?.kill('SIGSTOP')
  const reading = store.read(async (db) => ({ slugs: await listSlugs(db), now: db.now }), lasting)
  clock.advance(1_000)
  await store.transact((db) => writeTag(db, 'rail'))
  started[0]?.kill('SIGCONT')
  t.same(await reading, { slugs: ['rail'], now: instant(clock.now()) })
})

t.test('its connections are set as all others are, and cannot write', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  for (const options of [beside, lasting]) {
    await store.read(async (db) => {
      t.equal(await setting(db, 'synchronous'), 2)
      t.equal(await setting(db, 'journal_mode'), 'wal')
      t.equal(await setting(db, 'foreign_keys'), 1)
      t.equal(await setting(db, 'trusted_schema'), 0)
      t.equal(await setting(db, 'query_only'), 1)
    }, options)
    const writing = store.read(async (db) => {
      const { tags } = db.tables
      const kept = (db as Write).delete
      t.equal(kept, undefined, 'a reader has no such word')
      // As a fault of ours might do it all the same.
      const query = db.select().from(tags).where(sql`1 = 1; delete from tags`)
      return query
    }, options)
    await t.rejects(writing)
    t.same(await store.read(listSlugs, options), ['rail'])
  }
})

t.test('what SQLite refuses beside is what it refuses here', async (t) => {
  const { store } = await testStore(t)
  const wrong = [
    (db: Read) => db.select({ n: sql`nothing` }).from(sql.raw('nowhere')),
    (db: Read) => db.select({ n: sql`json_extract('{', '$')` }).from(db.tables.tags),
  ]
  await store.transact((db) => writeTag(db, 'rail'))
  for (const ask of wrong) {
    const fault = (options: ReadOptions) => store.read(async (db) => ask(db), options).catch((error) => error)
    const [here, there] = [await fault({}), await fault(beside)]
    t.ok(here instanceof Error)
    t.equal(there.constructor.name, here.constructor.name)
    t.equal(there.code, here.code)
    t.equal(await refusal(Promise.reject(there)), await refusal(Promise.reject(here)))
  }
  for (const input of [Symbol('slug'), true, new Date(0)]) {
    const ask = async (db: Read) =>
      db
        .select()
        .from(db.tables.tags)
        .where(eq(db.tables.tags.slug, sql`${input}`))
    for (const options of [{}, beside]) await t.rejects(store.read(ask, options))
    t.same(await store.read(listSlugs, beside), ['rail'])
  }
})

t.test('a process that reads beside the service loads the driver, and nothing that builds queries', async (t) => {
  const storage = join(import.meta.dirname, '../../../src/storage')
  const program = join(storage, 'sqlite/beside-program.ts')
  const service = join(storage, 'sqlite/sqlite.ts')
  t.same(importersOf(join(storage, 'sqlite/database.ts'), [program, service]), [program, service])
  t.same(importersOf(join(storage, 'drizzle.ts'), [program, service]), [service])
})
