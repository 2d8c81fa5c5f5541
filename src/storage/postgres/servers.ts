import pg, { type ClientBase, type Pool, type PoolClient } from 'pg'
import { PostgresConnection } from './connection.ts'
import { NotPrimary, Unreachable } from './errors.ts'

/** Which server did last. Whoever finds that it moved has found it for all who share this. */
export interface Route {
  preferred: number
}

export interface ServersOptions {
  /** connections to each server at once */
  max: number
  /** only the server that takes writes will do */
  primary: boolean
  connectTimeoutMs?: number
  /** a statement that is not answered by then has lost its connection; 0 waits for ever */
  queryTimeoutMs: number
  observe?: ((sql: string) => void) | undefined
  /** told when the primary is another one than before, or the same one started anew */
  replaced?: () => void
  route?: Route
}

/** The server cuts a statement off first; who does not answer this much later has gone away. */
export const graceMs = 1_000

/** Long enough for a handshake with TLS around the world; whoever waits longer is better told to come back. */
const usualConnectTimeoutMs = 3_000
/** What idles longer is given back to the server. */
const idleTimeoutMs = 30_000
/** So that new addresses, certificates and balance between servers are taken up within the hour. */
const longestLifeSeconds = 3_600

interface Server {
  pool: Pool
  /** connections that stand, and not those that are only being made */
  connected: number
}

/** The servers of one URL. A connection is to the first of them that will do, beginning with the one that did last. */
export class Servers {
  private readonly servers: Server[]
  private readonly options: ServersOptions
  private readonly connections = new WeakMap<PoolClient, PostgresConnection>()
  private readonly route: Route
  private readonly connectTimeoutMs: number
  private started: string | undefined

  /** @param urls one for each server, as node-postgres reads them */
  constructor(urls: readonly string[], options: ServersOptions) {
    this.options = options
    this.route = options.route ?? { preferred: 0 }
    this.connectTimeoutMs = options.connectTimeoutMs ?? usualConnectTimeoutMs
    this.servers = urls.map((url) => this.serverOf(url))
  }

  /** @throws Unreachable, which says what each of them said, when none will do */
  async connect(): Promise<PostgresConnection> {
    const { preferred } = this.route
    const failures: Error[] = []
    const all = [...this.servers.entries()]
    for (const [at, server] of [...all.slice(preferred), ...all.slice(0, preferred)]) {
      try {
        const client = await server.pool.connect()
        this.route.preferred = at
        return this.connectionOf(client)
      } catch (error) {
        failures.push(error as Error)
        // It is there, and its connections are taken: no reason to look for another.
        if (server.connected > 0 && isFull(error)) break
      }
    }
    const words = failures.map((error) => error.message || String((error as NodeJS.ErrnoException).code))
    const telling = failures.find((error) => !(error instanceof NotPrimary)) ?? failures[0]
    throw new Unreachable([...new Set(words)].join('; '), { cause: telling })
  }

  release(connection: PostgresConnection, broken = false): void {
    connection.client.release(broken || connection.lost || connection.worn)
  }

  /** Waits for the connections that are in use. */
  async end(): Promise<void> {
    await Promise.all(this.servers.map(({ pool }) => pool.end()))
  }

  private serverOf(connectionString: string): Server {
    const { max, primary, queryTimeoutMs } = this.options
    const pool = new pg.Pool({
      connectionString,
      max,
      connectionTimeoutMillis: this.connectTimeoutMs,
      idleTimeoutMillis: idleTimeoutMs,
      maxLifetimeSeconds: longestLifeSeconds,
      query_timeout: queryTimeoutMs,
      keepAlive: true,
      pipeline: true,
      application_name: 'warta',
      onConnect: primary ? (client) => this.expectPrimary(client) : () => {},
    } as pg.PoolConfig)
    const server = { pool, connected: 0 }
    // A connection that breaks while it idles is gone from the pool; without a listener it would end the process.
    pool.on('error', () => {})
    pool.on('connect', () => {
      server.connected += 1
    })
    pool.on('remove', () => {
      server.connected -= 1
    })
    return server
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
    const { rows } = await client.query<{ standby: boolean; started: string }>({
      text: 'SELECT pg_is_in_recovery() AS standby, pg_postmaster_start_time()::text AS started',
      query_timeout: this.connectTimeoutMs,
    } as pg.QueryConfig)
    const [server] = rows
    if (server?.standby !== false) throw new NotPrimary('it is a standby, which takes no writes')
    const { started } = this
    this.started = server.started
    if (started !== undefined && started !== server.started) this.options.replaced?.()
  }
}

/** Nobody gave a connection back in time. */
function isFull(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('timeout exceeded when trying to connect')
}
