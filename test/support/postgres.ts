import { join } from 'node:path'
import { Client, type QueryResultRow } from 'pg'
import { copyData, findInstall, makeCluster, makeHome, writeOwned } from './postgres-files.ts'
import { freePort, type PostgresProcess, postgresProcess, waitFor } from './postgres-process.ts'

/** A real server of a test's own. `t.teardown(() => server.dispose())`; one that is forgotten ends with the process. */
export interface PostgresServer extends PostgresProcess {
  /** Its address for the superuser. */
  url(database?: string): string
  /** Answers the address of the new database. */
  createDatabase(name: string): Promise<string>
  /** Runs one statement as the superuser, on a connection of its own. */
  query<Row extends QueryResultRow>(sql: string, database?: string): Promise<Row[]>
  /** Another server that follows this one by streaming; resolves when it streams and can be read. */
  standby(): Promise<PostgresServer>
  /** Turns a standby into a primary; resolves when it takes writes. */
  promote(): Promise<void>
  /** Has a standby hold back what it receives, or catch up again. */
  replay(pause: boolean): Promise<void>
}

export interface PostgresOptions {
  /** lines of postgresql.conf; `ALTER SYSTEM` can still overrule them */
  settings?: Record<string, string>
  /** Whether it keeps what it says it keeps, even if the machine fails. For tests of just that: it is slow. */
  fsync?: boolean
}

type Settings = Record<string, string>

/** Everything else is as PostgreSQL has it, replication included. */
const usual: Settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  // Dropping a database looks through all of them.
  shared_buffers: '32MB',
  // In the folder, so that nothing is left in /dev/shm by a server that was killed.
  dynamic_shared_memory_type: 'mmap',
  // Not the 5 s that a standby else waits before it looks for its primary again.
  wal_retrieve_retry_interval: '100ms',
  // Neither UTC nor where most of us are: no answer may depend on it.
  timezone: 'Asia/Jayapura',
}

/** Tests of rules need no disk: nothing outlives them. The log is kept short, since it may lie in memory. */
const careless: Settings = { fsync: 'off', full_page_writes: 'off', max_wal_size: '256MB' }

/** Starts a server on a new folder and a free port. */
export async function startPostgres({ settings = {}, fsync = false }: PostgresOptions = {}): Promise<PostgresServer> {
  const install = await findInstall()
  const home = await makeHome(install, { synced: fsync })
  try {
    const password = await makeCluster(install, home.data)
    const all = { ...usual, ...(fsync ? {} : careless), ...settings }
    await writeOwned(install, join(home.data, 'postgresql.conf'), lines(all))
    const port = await freePort()
    const server = await postgresProcess(home, port, () => answers(address(port, password), 'select true as so'))
    await server.start()
    return withQueries(server, password)
  } catch (error) {
    await home.guard.end()
    throw error
  }
}

function withQueries(server: PostgresProcess, password: string): PostgresServer {
  const url = (database?: string) => address(server.port, password, database)
  return {
    ...server,
    url,
    query: (sql, database) => ask(url(database), sql),
    createDatabase: async (name) => {
      await ask(url(), `create database "${name}"`)
      return url(name)
    },
    standby: () => follow(server, password),
    promote: async () => {
      await ask(url(), 'select pg_promote(true, 60)')
      const hasTurned = () => answers(url(), 'select not pg_is_in_recovery() as so')
      await waitFor(`The server on port ${server.port} did not become a primary`, 60, hasTurned)
    },
    replay: async (pause) => {
      await ask(url(), `select pg_wal_replay_${pause ? 'pause' : 'resume'}()`)
      const state = `select pg_get_wal_replay_pause_state() = '${pause ? 'paused' : 'not paused'}' as so`
      await waitFor(`The standby on port ${server.port} did not ${pause ? 'pause' : 'resume'}`, 60, () =>
        answers(url(), state),
      )
    },
  }
}

/** A base backup by hand: pg_basebackup is not among the programs that npm brings. */
async function follow(primary: PostgresProcess, password: string): Promise<PostgresServer> {
  const install = await findInstall()
  const home = await makeHome(install, { beside: primary.folder })
  const port = await freePort()
  const slot = `standby_${port}`
  // The backup belongs to the connection that began it.
  const client = await connect(address(primary.port, password))
  try {
    await client.query('select pg_create_physical_replication_slot($1, true)', [slot])
    await client.query('select pg_backup_start($1, true)', [slot])
    await copyData(install, primary.folder, home.data)
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    await writeOwned(install, join(home.data, 'backup_label'), rows[0]?.labelfile ?? '')
    await writeOwned(install, join(home.data, 'standby.signal'), '')
    const login = `host=127.0.0.1 port=${primary.port} user=postgres password=${password} application_name=${slot}`
    // The last word on a setting counts, and a primary's own waiting for a standby would else be inherited.
    const settings = { primary_conninfo: login, primary_slot_name: slot, synchronous_standby_names: '' }
    await writeOwned(install, join(home.data, 'postgresql.auto.conf'), lines(settings))
    const streams = "select exists (select from pg_stat_wal_receiver where status = 'streaming') as so"
    const isThere = () => answers(address(port, password), streams)
    const server = await postgresProcess(home, port, isThere)
    await server.start()
    return withQueries(server, password)
  } catch (error) {
    await home.guard.end()
    throw error
  } finally {
    await client.end()
  }
}

function address(port: number, password: string, database = 'postgres'): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/${database}`
}

function lines(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('')
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5_000, query_timeout: 90_000 })
  // Its server may be killed under it: the query says so, and the event would end the process.
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Runs one statement on a connection of its own. */
export async function ask<Row extends QueryResultRow>(url: string, sql: string): Promise<Row[]> {
  const client = await connect(url)
  try {
    return (await client.query<Row>(sql)).rows
  } finally {
    await client.end()
  }
}

/** Whether a server is there and answers `so` with true. */
async function answers(url: string, sql: string): Promise<boolean> {
  try {
    const [row] = await ask<{ so: boolean }>(url, sql)
    return row?.so === true
  } catch {
    return false
  }
}
