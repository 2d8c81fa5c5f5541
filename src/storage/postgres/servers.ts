import pg, { type ClientBase, type Pool, type PoolClient } from 'pg'
import { PostgresConnection } from './connection.ts'
import { isFull, NotPrimary } from './errors.ts'

/** Which server did last. Whoever finds that it moved has found it for all who share this. */
export interface Route {
  preferred: number
}

export interface ServersOptions {
  /** connections to each server at once */
  max: number
  /** only the server that takes writes will do */
  primary: boolean
  /** a statement that is not answered by then has lost its connection; 0 waits for ever */
  queryTimeoutMs: number
  observe?: ((sql: string) => void) | undefined
  /** told when the primary is another one than before, or the same one started anew */
  replaced?: () => void
  route?: Route
}

/** Long enough for a handshake with TLS around the world; whoever waits longer is better told to come back. */
const connectTimeoutMs = 3_000
/** What idles longer is given back to the server. */
const idleTimeoutMs = 30_000
/** So that new addresses, certificates and balance between servers are taken up within the hour. */
const longestLifeSeconds = 3_600

/** The servers of one URL. A connection is to the first of them that will do, beginning with the one that did last. */
export class Servers {
  private readonly pools: Pool[]
  private readonly options: ServersOptions
  private readonly connections = new WeakMap<PoolClient, PostgresConnection>()
  private readonly route: Route
  private started: string | undefined

  /** @param urls one for each server, as node-postgres reads them */
  constructor(urls: readonly string[], options: ServersOptions) {
    this.options = options
    this.route = options.route ?? { preferred: 0 }
    this.pools = urls.map((connectionString) => {
      const pool = new pg.Pool({
        connectionString,
        max: options.max,
        connectionTimeoutMillis: connectTimeoutMs,
        idleTimeoutMillis: idleTimeoutMs,
        maxLifetimeSeconds: longestLifeSeconds,
        query_timeout: options.queryTimeoutMs,
        keepAlive: true,
        pipeline: true,
        application_name: 'warta',
        onConnect: options.primary ? (client) => this.expectPrimary(client) : () => {},
      } as pg.PoolConfig)
      // A connection that breaks while it idles is gone from the pool; without a listener it would end the process.
      pool.on('error', () => {})
      return pool
    })
  }

  /** @throws what the first of them said, when none will do */
  async connect(): Promise<PostgresConnection> {
    const { preferred } = this.route
    const failures: unknown[] = []
    const all = [...this.pools.entries()]
    for (const [at, pool] of [...all.slice(preferred), ...all.slice(0, preferred)]) {
      try {
        const client = await pool.connect()
        this.route.preferred = at
        return this.connectionOf(client)
      } catch (error) {
        failures.push(error)
        // The server is there, and all connections to it are taken: no reason to look for another.
        if (isFull(error)) break
      }
    }
    throw failures[0]
  }

  release(connection: PostgresConnection, broken = false): void {
    connection.client.release(broken || connection.lost || connection.worn)
  }

  /** Waits for the connections that are in use. */
  async end(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.end()))
  }

  private connectionOf(client: PoolClient): PostgresConnection {
    const known = this.connections.get(client)
    if (known !== undefined) return known
    const made = new PostgresConnection(client, this.options.observe)
    this.connections.set(client, made)
    return made
  }

  /** @throws NotPrimary */
  private async expectPrimary(client: ClientBase): Promise<void> {
    const { rows } = await client.query<{ standby: boolean; started: string }>(
      'SELECT pg_is_in_recovery() AS standby, pg_postmaster_start_time()::text AS started',
    )
    const [server] = rows
    if (server?.standby !== false) throw new NotPrimary('The server is a standby, which takes no writes.')
    const { started } = this
    this.started = server.started
    if (started !== undefined && started !== server.started) this.options.replaced?.()
  }
}
