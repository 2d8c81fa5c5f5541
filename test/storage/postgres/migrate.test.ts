import { createHash } from 'node:crypto'
import t from 'tap'
import { loadConfig } from '../../../src/config.ts'
import { type Migration, readMigrations } from '../../../src/storage/migrations.ts'
import { openPostgres } from '../../../src/storage/postgres/postgres.ts'
import { createClock } from '../../support/clock.ts'
import { startPostgres } from '../../support/postgres.ts'
import { startChild } from '../../support/stores.ts'

const server = await startPostgres()
t.teardown(() => server.dispose())
const clock = createClock()
const committed = readMigrations('postgres')
let databases = 0

function migration(name: string, sql: string): Migration {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
}

/** An empty database, and what opens it with some migrations and answers which of them ran. */
async function newDatabase() {
  const name = `migrate_${databases++}`
  const url = await server.createDatabase(name)
  const { database } = loadConfig({ WARTA_DATABASE: url }, {}, false).secrets
  if (database.engine !== 'postgres') throw new Error('That is not on PostgreSQL.')
  const open = async (migrations: readonly Migration[] = committed, servers = database.servers) => {
    const store = await openPostgres({ ...database, servers, clock, busyTimeoutMs: 1_000, migrations })
    await store.close()
    return store.migrated
  }
  return { name, url, open }
}

/** The whole of a database as text: its columns, indexes, constraints and all rows. */
async function contents(name: string): Promise<string> {
  const [row] = await server.query<{ all: string }>(
    `SELECT concat_ws(E'\\n',
      (SELECT string_agg(concat_ws(' ', attrelid::regclass, attname, atttypid::regtype, attnotnull), ', ' ORDER BY attrelid::regclass::text, attnum)
        FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid WHERE relnamespace = 'public'::regnamespace),
      (SELECT string_agg(pg_get_indexdef(indexrelid), ', ' ORDER BY indexrelid::regclass::text)
        FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relnamespace = 'public'::regnamespace),
      (SELECT string_agg(conname || pg_get_constraintdef(oid), ', ' ORDER BY conname, conrelid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
      schema_to_xml('public', true, false, '')) AS all`,
    name,
  )
  return row?.all ?? ''
}

const names = (migrations: readonly Migration[]) => migrations.map((one) => one.name)

t.test('the committed files run once, are recorded with their checksums, and do not run again', async (t) => {
  const { name, open } = await newDatabase()
  t.same(await open(), names(committed))
  const recorded = 'SELECT name, checksum, applied_at AS at FROM migrations ORDER BY name'
  const at = '2026-11-22T09:00:00.000Z'
  t.same(
    await server.query(recorded, name),
    committed.map(({ name, checksum }) => ({ name, checksum, at })),
  )
  const before = await contents(name)
  t.ok(before.includes('public_copies_by_title'))
  clock.advance(1_000)
  t.same(await open(), [])
  t.equal(await contents(name), before)
})

t.test('a new file runs on a database that has the ones before it', async (t) => {
  const { name, open } = await newDatabase()
  await open()
  const next = migration('0900_more.sql', "INSERT INTO secrets VALUES ('more', 'x')")
  t.same(await open([...committed, next]), ['0900_more.sql'])
  t.same(await open([...committed, next]), [])
  t.same(await server.query('SELECT name FROM secrets', name), [{ name: 'more' }])
})

t.test('a history that is not the one of the files stops the start, and nothing is changed', async (t) => {
  const { name, open } = await newDatabase()
  const first = migration('0900_first.sql', 'CREATE TABLE first (id bigint)')
  const third = migration('0903_third.sql', 'CREATE TABLE third (id bigint)')
  const second = migration('0902_second.sql', 'CREATE TABLE second (id bigint)')
  const edited = migration('0900_first.sql', `${first.sql}\n-- a harmless word`)
  await open([...committed, first, third])
  const before = await contents(name)
  const wrong: [Migration[], string][] = [
    [
      [...committed, edited, third],
      'Migration 0900_first.sql was edited after it ran. Restore the file and add a new one instead.',
    ],
    [
      [...committed, first],
      'The database was migrated by 0903_third.sql, which this version does not have: run a newer Warta.',
    ],
    [
      [...committed, first, second, third],
      'Migration 0902_second.sql came after 0903_third.sql had run. Give it a higher number.',
    ],
  ]
  for (const [migrations, message] of wrong) {
    await t.rejects(open(migrations), { name: 'StartError', message })
    t.equal(await contents(name), before)
  }
  t.same(await open([...committed, first, third]), [])
})

t.test('a migration that fails leaves the database as it was, whatever ran before it', async (t) => {
  const { name, open } = await newDatabase()
  const good = migration('0900_good.sql', 'CREATE TABLE good (id bigint)')
  const bad = migration(
    '0901_bad.sql',
    'CREATE TABLE half (id bigint); UPDATE counters SET value = 7; DROP TABLE article_tags; INSERT INTO no_such VALUES (1)',
  )
  const failed = {
    name: 'StartError',
    message: 'Migration 0901_bad.sql failed and was undone: relation "no_such" does not exist.',
  }
  const empty = await contents(name)
  await t.rejects(open([...committed, good, bad]), failed)
  t.equal(await contents(name), empty, 'an empty database stays empty')
  await open()
  const before = await contents(name)
  await t.rejects(open([...committed, good, bad]), failed)
  t.equal(await contents(name), before)
  const mended = migration('0901_bad.sql', 'CREATE TABLE half (id bigint)')
  t.same(await open([...committed, good, mended]), ['0900_good.sql', '0901_bad.sql'], 'the mended file runs')
})

t.test('a migration that ends its own transaction is refused', async (t) => {
  const { open } = await newDatabase()
  await open()
  for (const how of ['COMMIT', 'ROLLBACK']) {
    const sly = migration(`0900_${how.toLowerCase()}.sql`, `CREATE TABLE sly_${how} (id bigint); ${how}; SELECT 1`)
    await t.rejects(open([...committed, sly]), { name: 'StartError', message: /0900_.*ended its own transaction/ }, how)
  }
})

t.test('a second start runs nothing, and needs no right to create', async (t) => {
  const { name, url, open } = await newDatabase()
  await open()
  await server.query("CREATE ROLE clerk LOGIN PASSWORD 'clerk'")
  await server.query('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO clerk', name)
  const clerk = new URL(url)
  clerk.username = 'clerk'
  clerk.password = 'clerk'
  t.same(await open(committed, [clerk.href]), [])
  const more = migration('0900_more.sql', 'CREATE TABLE more (id bigint)')
  await t.rejects(open([...committed, more], [clerk.href]), { name: 'StartError', message: /lacks rights/ })
})

t.test('of many that open an empty database at the same moment one migrates it', async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const { open } = await newDatabase()
    const ran = await Promise.all(Array.from({ length: 10 }, () => open()))
    t.same(ran.flat(), names(committed), `round ${round}`)
  }
})

t.test('eight processes that start at once migrate once, and all of them start', { timeout: 280_000 }, async (t) => {
  for (let round = 0; round < 5; round += 1) {
    const { name, url } = await newDatabase()
    const children = Array.from({ length: 8 }, () => startChild(t, ['open', url]))
    for (const child of children) t.same(await child.ended, { code: 0, errors: '' })
    const ran = children.flatMap(({ lines }) => lines.flatMap((line) => line.split(' ').slice(1))).filter(Boolean)
    t.same(ran.sort(), names(committed), `round ${round}`)
    t.same(
      await server.query('SELECT name FROM migrations', name),
      names(committed).map((name) => ({ name })),
    )
  }
})

t.test('a process that is killed while it starts leaves the old schema or the new one', async (t) => {
  for (const patience of [100, 150, 180, 210, 250, 300]) {
    const { name, url, open } = await newDatabase()
    const child = startChild(t, ['open', url])
    setTimeout(() => child.process.kill('SIGKILL'), patience)
    await child.ended
    await open()
    t.same(
      await server.query('SELECT name FROM migrations', name),
      names(committed).map((name) => ({ name })),
      `killed after ${patience} ms`,
    )
  }
})
