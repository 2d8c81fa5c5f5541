import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { loadConfig } from '../../../src/config.ts'
import { readPostgresUrl } from '../../../src/lib/postgres-url.ts'
import { eq, sql } from '../../../src/storage/drizzle.ts'
import { openDatabase } from '../../../src/storage/open.ts'
import { Servers } from '../../../src/storage/postgres/servers.ts'
import { PostgresTurns } from '../../../src/storage/postgres/turns.ts'
import type { OpenedStore, Read, Store } from '../../../src/storage/store.ts'
import { until } from '../../support/cli.ts'
import { createClock } from '../../support/clock.ts'
import { startPostgres } from '../../support/postgres.ts'
import { listSlugs, testStore, writeTag } from '../../support/stores.ts'

/** What an administrator can set for a server or a database, and what Warta promises all the same. */

const server = await startPostgres()
t.teardown(() => server.dispose())
let databases = 0

async function newDatabase(settings: Record<string, string> = {}) {
  const name = `hostile_${databases++}`
  const database = await server.createDatabase(name)
  for (const [setting, value] of Object.entries(settings)) {
    await server.query(`ALTER DATABASE ${name} SET ${setting} = '${value}'`)
  }
  return { name, database }
}

function open(database: string, busyTimeoutMs = 10_000): Promise<OpenedStore> {
  const { secrets } = loadConfig({ WARTA_DATABASE: database }, {}, false)
  return openDatabase(secrets.database, { clock: createClock(), busyTimeoutMs })
}

async function setting(db: Read, name: string): Promise<unknown> {
  const [row] = await db.select({ value: sql`current_setting(${name})` }).from(db.tables.counters)
  return row?.value
}

/** For the whole server, and for connections that stand; undone when the test ends. */
async function alterSystem(t: Test, name: string, value: string): Promise<{ reset(): Promise<void> }> {
  const reset = async () => {
    await server.query(`ALTER SYSTEM RESET ${name}`)
    await server.query('SELECT pg_reload_conf()')
  }
  t.teardown(reset)
  await server.query(`ALTER SYSTEM SET ${name} = '${value}'`)
  await server.query('SELECT pg_reload_conf()')
  return { reset }
}

t.test('a write is on the disk, even where synchronous_commit was turned off while the store was open', async (t) => {
  const { name, database } = await newDatabase()
  const { store } = await testStore(t, { database })
  await store.transact((db) => writeTag(db, 'before'))
  await store.read(listSlugs)
  await alterSystem(t, 'synchronous_commit', 'off')
  await until(async () => (await store.read((db) => setting(db, 'synchronous_commit'))) === 'off')
  for (let i = 0; i < 20; i += 1) {
    t.equal(await store.transact((db) => setting(db, 'synchronous_commit')), 'on')
    await sleep(10)
  }
  await server.query('ALTER SYSTEM RESET synchronous_commit')
  await server.query(`ALTER DATABASE ${name} SET synchronous_commit = off`)
  await server.query('SELECT pg_reload_conf()')
  await server.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${name}'`)
  t.equal(await store.read((db) => setting(db, 'synchronous_commit')), 'off', 'new connections begin with it off')
  t.equal(await store.transact((db) => setting(db, 'synchronous_commit')), 'on')
})

/** Adds one as a careless program does: reads, thinks, and writes what it made of it. */
async function increment(store: Store): Promise<void> {
  await store.transact(async (db) => {
    const { counters } = db.tables
    const [row] = await db.select().from(counters).where(eq(counters.name, 'tally'))
    if (row === undefined) throw new Error('There is no tally.')
    await db
      .update(counters)
      .set({ value: row.value + 1 })
      .where(eq(counters.name, 'tally'))
  })
}

/** A statement, and a pause between two, that are longer than any limit here. */
async function takeTime(db: Read): Promise<void> {
  await db.select({ slept: sql`pg_sleep(0.2)::text` }).from(db.tables.counters).limit(1)
  await sleep(100)
}

const hostile: Record<string, Record<string, string>> = {
  'repeatable read': { default_transaction_isolation: 'repeatable read' },
  serializable: { default_transaction_isolation: 'serializable', default_transaction_deferrable: 'on' },
  'a statement_timeout of 50 ms': { statement_timeout: '50ms' },
  'a lock_timeout of 10 ms': { lock_timeout: '10ms' },
  'an idle_in_transaction_session_timeout of 20 ms': { idle_in_transaction_session_timeout: '20ms' },
}

for (const [what, settings] of Object.entries(hostile)) {
  t.test(`${what} by default keeps nobody from starting, and loses no write`, async (t) => {
    const { name, database } = await newDatabase(settings)
    // As a long migration would, which the others have to wait for: the lock is held longer than any limit here.
    const holding = server.query(
      `SET idle_in_transaction_session_timeout = 0; SET statement_timeout = 0; SET lock_timeout = 0; BEGIN;
      SELECT pg_advisory_xact_lock(1465013313); SELECT pg_sleep(0.5); COMMIT`,
      name,
    )
    const stores = await Promise.all(Array.from({ length: 8 }, () => open(database)))
    t.teardown(() => Promise.all(stores.map((store) => store.close())))
    await holding
    const ran = stores.map(({ migrated }) => migrated.length).filter((count) => count > 0)
    t.equal(ran.length, 1, 'the schema was made once')
    const [one, two] = stores as [OpenedStore, OpenedStore, ...OpenedStore[]]
    await one.transact(async (db) => {
      await db.insert(db.tables.counters).values({ name: 'tally', value: 0 })
    })
    const writes = Array.from({ length: 60 }, (_, i) => increment(i % 2 === 0 ? one : two))
    // Some wait for a turn longer than any of the limits.
    const slow = two.transact(async (db) => {
      await takeTime(db)
      await writeTag(db, 'slow')
    })
    await Promise.all([...writes, slow, ...Array.from({ length: 20 }, () => increment(one))])
    const [tally] = await one.read((db) =>
      db.select().from(db.tables.counters).where(eq(db.tables.counters.name, 'tally')),
    )
    t.equal(tally?.value, 80, 'every one of them counts')
    t.same(await two.read(listSlugs), ['slow'])
    const slowRead = await two.read(async (db) => {
      await takeTime(db)
      return listSlugs(db)
    })
    t.same(slowRead, ['slow'], 'a read has its own limits too')
  })
}

t.test('a process that is held up while it migrates is not cut off for it', async (t) => {
  const { database } = await newDatabase({ idle_in_transaction_session_timeout: '20ms' })
  const { secrets } = loadConfig({ WARTA_DATABASE: database }, {}, false)
  const now = () => {
    // The whole event loop stands, in the middle of the transaction.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    return Date.now()
  }
  const store = await openDatabase(secrets.database, { clock: { now }, busyTimeoutMs: 1_000 })
  t.ok(store.migrated.length > 0)
  await store.close()
})

t.test('a database that is read-only by default is refused in one sentence, and at run time with a 503', async (t) => {
  const fresh = await newDatabase({ default_transaction_read_only: 'on' })
  const error: unknown = await open(fresh.database).catch((reason: unknown) => reason)
  t.match(error, { name: 'StartError', message: /takes no writes: [^.\n]*\.$/ })
  const { name, database } = await newDatabase()
  const { store } = await testStore(t, { database, busyTimeoutMs: 1_000 })
  await store.transact((db) => writeTag(db, 'before'))
  await server.query(`ALTER DATABASE ${name} SET default_transaction_read_only = on`)
  await server.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '${name}'`)
  await t.rejects(
    store.transact((db) => writeTag(db, 'refused')),
    { name: 'Problem', code: 'database_unavailable', details: { headers: { 'retry-after': '2' } } },
  )
  t.same(await store.read(listSlugs), ['before'], 'reads go on')
  t.equal(await store.writable(), false)
  await server.query(`ALTER DATABASE ${name} RESET default_transaction_read_only`)
  await store.transact((db) => writeTag(db, 'upon'))
  t.same(await store.read(listSlugs), ['before', 'upon'])
})

t.test('a connection whose server has stopped taking writes is given up for another', async (t) => {
  const { database } = await newDatabase()
  const { store } = await testStore(t, { database, busyTimeoutMs: 1_500 })
  await store.transact((db) => writeTag(db, 'before'))
  const urls = readPostgresUrl(database)?.servers ?? []
  const servers = new Servers(urls, { max: 1, primary: true, queryTimeoutMs: 5_000 })
  t.teardown(() => servers.end())
  const turns = new PostgresTurns(servers, 1_000, () => {})
  /** which connection the next turn will have */
  const idOf = async () => {
    const connection = await servers.connect()
    const { rows } = await connection.send('SELECT pg_backend_pid() AS pid')
    servers.release(connection)
    return rows[0]?.pid as number
  }
  const first = await idOf()
  t.equal(await idOf(), first, 'a connection is used again')
  const { reset } = await alterSystem(t, 'default_transaction_read_only', 'on')
  const isReadOnly = async (wanted: string) => {
    const [row] = await server.query<{ value: string }>(
      `SELECT current_setting('default_transaction_read_only') AS value`,
    )
    return row?.value === wanted
  }
  await until(() => isReadOnly('on'))
  // Those that stand take it up between two statements.
  await sleep(200)
  const seen = new Set([first])
  for (let i = 0; i < 3; i += 1) {
    await t.rejects(turns.begin(1_000), { code: '25006' })
    seen.add(await idOf())
  }
  t.equal(seen.size, 4, 'each try had another connection')

  const began = performance.now()
  let runs = 0
  const refused = store.transact(async (db) => {
    runs += 1
    await writeTag(db, 'refused')
  })
  await t.rejects(refused, { name: 'Problem', code: 'database_unavailable' })
  const ms = performance.now() - began
  t.ok(ms >= 1_400 && ms < 7_000, `refused after ${ms.toFixed(0)} ms, when its patience was over`)
  t.equal(runs, 0)
  t.same(await store.read(listSlugs), ['before'])

  const { store: patient } = await testStore(t, { database, busyTimeoutMs: 8_000 })
  const writing = patient.transact((db) => writeTag(db, 'waited'))
  await sleep(700)
  await reset()
  await writing
  t.same(await store.read(listSlugs), ['before', 'waited'], 'and it succeeds by itself once writes are taken again')
  const turn = await turns.begin(1_000)
  await turn.end(undefined)
})
