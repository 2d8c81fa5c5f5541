import t, { type Test } from 'tap'
import { loadConfig } from '../../../src/config.ts'
import { readMigrations } from '../../../src/storage/migrations.ts'
import { openDatabase } from '../../../src/storage/open.ts'
import { createClock } from '../../support/clock.ts'
import { startPostgres } from '../../support/postgres.ts'
import { freePort } from '../../support/postgres-process.ts'
import { startProxy } from '../../support/proxy.ts'

const server = await startPostgres()
t.teardown(() => server.dispose())

async function open(url: string, settings: Record<string, string> = {}) {
  const { database } = loadConfig({ WARTA_DATABASE: url, ...settings }, {}, false).secrets
  return openDatabase(database, { clock: createClock(), busyTimeoutMs: 1_000 })
}

/** What stands in a database, and who may do what with it. */
async function listed(name: string): Promise<unknown[]> {
  return server.query(
    'SELECT oid::int, relname, relnamespace::int, relkind, relacl::text, relfilenode::int FROM pg_class ORDER BY oid',
    name,
  )
}

/** Refuses to start with one sentence that names the database and no password, and leaves the database as it was. */
async function refuses(t: Test, url: string, message: RegExp, name?: string): Promise<void> {
  const before = name === undefined ? [] : await listed(name)
  const error: unknown = await open(url).catch((reason: unknown) => reason)
  t.match(error, { name: 'StartError', message })
  const { message: sentence } = error as Error
  const { host, pathname, password } = new URL(url)
  t.match(sentence, `postgres://${host}${pathname}`)
  t.notOk(password !== '' && sentence.includes(password), 'no password is told')
  t.notMatch(sentence, /\n|\.\.|undefined|\[object/)
  t.ok(sentence.endsWith('.'))
  if (name !== undefined) t.same(await listed(name), before, 'nothing was written')
}

function as(url: string, user: string, password: string): string {
  const other = new URL(url)
  other.username = user
  other.password = password
  return other.href
}

t.test('a server that cannot be reached', async (t) => {
  const port = await freePort()
  await refuses(t, `postgres://me:secret-word@127.0.0.1:${port}/warta`, /cannot be reached: .*ECONNREFUSED/)
  await refuses(t, 'postgres://me:secret-word@no-such-host.invalid/warta', /cannot be reached: .*(ENOTFOUND|EAI_AGAIN)/)
})

t.test('a wrong password, an unknown user and an unknown database', async (t) => {
  await server.query("CREATE ROLE known LOGIN PASSWORD 'right-word'")
  const url = await server.createDatabase('passwords')
  await refuses(t, as(url, 'known', 'wrong-word'), /refuses the user or the password: /, 'passwords')
  await refuses(t, as(url, 'nobody-known', 'right-word'), /refuses the user or the password: /, 'passwords')
  await refuses(t, server.url('no_such'), /does not exist; create it first \(CREATE DATABASE\)/)
})

t.test('a database that holds tables of another program', async (t) => {
  const foreign = /holds tables of another program\. They were left untouched/
  const others: Record<string, string> = {
    other_table: 'CREATE TABLE invoices (id bigint)',
    other_view: 'CREATE VIEW totals AS SELECT 1 AS one',
    other_parts: 'CREATE TABLE logs (at date) PARTITION BY RANGE (at)',
    other_migrations: 'CREATE TABLE migrations (id bigint, name text); CREATE TABLE users (id bigint)',
    like_migrations:
      'CREATE TABLE migrations (name text, checksum text, applied_at text); CREATE TABLE users (id bigint)',
  }
  for (const [name, sql] of Object.entries(others)) {
    const url = await server.createDatabase(name)
    await server.query(sql, name)
    await refuses(t, url, foreign, name)
  }
})

t.test('a database that already has tables of the names of ours, but no migrations', async (t) => {
  const url = await server.createDatabase('articles_only')
  await server.query('CREATE TABLE articles (id bigint)', 'articles_only')
  await refuses(t, url, /holds tables of another program/, 'articles_only')
})

t.test('a user who may not create tables', async (t) => {
  await server.query("CREATE ROLE guest LOGIN PASSWORD 'guest-word'")
  const url = await server.createDatabase('guests')
  await refuses(t, as(url, 'guest', 'guest-word'), /lacks rights for its user: permission denied for schema/, 'guests')
  await server.query(
    "CREATE ROLE pathless LOGIN PASSWORD 'pathless-word'; ALTER ROLE pathless SET search_path = nowhere",
  )
  await refuses(t, as(url, 'pathless', 'pathless-word'), /has no schema that this user may use/, 'guests')
})

t.test('a user without a right on one of the tables', async (t) => {
  const url = await server.createDatabase('partly')
  await (await open(url)).close()
  await server.query("CREATE ROLE partly LOGIN PASSWORD 'partly-word'")
  const user = as(url, 'partly', 'partly-word')
  await refuses(t, user, /lacks rights/, 'partly')
  await server.query('GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO partly', 'partly')
  await (await open(user)).close()
  for (const right of ['SELECT', 'INSERT', 'UPDATE', 'DELETE']) {
    await server.query(`REVOKE ${right} ON article_tags FROM partly`, 'partly')
    await refuses(t, user, new RegExp(`lacks rights: ${right} on article_tags\\.$`), 'partly')
    await server.query(`GRANT ${right} ON article_tags TO partly`, 'partly')
  }
})

t.test('a standby that is named as the primary', async (t) => {
  const url = await server.createDatabase('followed')
  const standby = await server.standby()
  t.teardown(() => standby.dispose())
  await refuses(t, standby.url('followed'), /is a standby; WARTA_DATABASE must name the primary/, 'followed')
  const both = url.replace(/@[^/]+/, `@127.0.0.1:${standby.port},127.0.0.1:${server.port}`)
  await (await open(both)).close()
  t.pass('among several servers the primary is found')
})

t.test('a database that keeps text in another encoding', async (t) => {
  for (const [name, encoding] of [
    ['bytes', 'SQL_ASCII'],
    ['western', 'LATIN1'],
  ] as const) {
    await server.query(
      `CREATE DATABASE ${name} ENCODING '${encoding}' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0`,
    )
    await refuses(
      t,
      server.url(name),
      new RegExp(`keeps text as ${encoding}; Warta needs a database with ENCODING 'UTF8'\\.$`),
      name,
    )
  }
})

t.test('a server that is too old', async (t) => {
  const url = await server.createDatabase('old')
  const [{ version } = { version: '' }] = await server.query<{ version: string }>(
    "SELECT current_setting('server_version_num') AS version",
  )
  const proxy = await startProxy(t, url)
  proxy.replace(version, '140010')
  await refuses(t, proxy.url, /is on PostgreSQL 14; Warta needs 15 or newer\. Nothing was written\.$/, 'old')
})

t.test('a user with no more than is needed starts, and so does a schema of its own', async (t) => {
  await server.query("CREATE ROLE owner LOGIN PASSWORD 'owner-word'")
  const url = await server.createDatabase('shared')
  await server.query('CREATE TABLE invoices (id bigint); CREATE SCHEMA owner AUTHORIZATION owner', 'shared')
  const store = await open(as(url, 'owner', 'owner-word'))
  t.same(
    store.migrated,
    readMigrations('postgres').map(({ name }) => name),
  )
  await store.close()
  const tables = "SELECT schemaname FROM pg_tables WHERE tablename IN ('articles', 'migrations')"
  t.same(await server.query(tables, 'shared'), [{ schemaname: 'owner' }, { schemaname: 'owner' }])
})

t.test('a server that does not sync is warned of, and one that does is not', async (t) => {
  const careless = await open(await server.createDatabase('careless'))
  t.equal(careless.warnings.length, 1)
  t.match(careless.warnings[0], /^postgres:\/\/127[^@]*\/careless runs with fsync or full_page_writes off: /)
  await careless.close()
  const careful = await startPostgres({ fsync: true })
  t.teardown(() => careful.dispose())
  const store = await open(await careful.createDatabase('careful'))
  t.same(store.warnings, [])
  await store.close()
})

t.test('a replica that cannot answer keeps nobody from starting, and is told of without its password', async (t) => {
  const url = await server.createDatabase('copied')
  const elsewhere = `postgres://me:secret-word@127.0.0.1:${await freePort()}/copied`
  const store = await open(url, { WARTA_DATABASE_REPLICAS: `${url},${elsewhere}` })
  t.teardown(() => store.close())
  const told = store.warnings.filter((warning) => warning.startsWith('Replica: '))
  t.match(told, [/^Replica: postgres:\/\/127[^@]* cannot be reached: .*\. The primary answers for it\.$/])
  t.equal(told.length, 1, 'and nothing of the one that can')
  t.equal(await store.read(async () => 'answered', { replica: true }), 'answered')
})
