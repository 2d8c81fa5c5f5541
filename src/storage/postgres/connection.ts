import { createHash } from 'node:crypto'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type { PoolClient, QueryConfig, QueryResult } from 'pg'
import { type Connection, cachedStatements, type Gate } from '../connection.ts'
import { postgresDialect } from '../dialect.ts'
import type { Preparable } from '../store.ts'
import { createTables } from '../tables.ts'
import { postgresColumns } from './columns.ts'
import { drizzle } from './drizzle.ts'

const tables = createTables(postgresColumns)
const open: Gate = { check: () => {}, failed: () => {} }

/** One connection to a server. What is sent through it waits for no answer before the next is sent (pipelining). */
export class PostgresConnection implements Connection {
  readonly tables = tables
  readonly dialect = postgresDialect
  readonly client: PoolClient
  inTransaction = false
  /** Nothing can be sent any more. */
  lost = false
  private readonly observe: (sql: string) => void
  private readonly db: BetterSQLite3Database
  private readonly queries = new Map<string, { execute(inputs?: Record<string, unknown>): Promise<unknown[]> }>()

  constructor(client: PoolClient, observe: (sql: string) => void = () => {}) {
    this.client = client
    this.observe = observe
    this.db = this.guarded(open)
    const end = () => {
      this.lost = true
      this.inTransaction = false
    }
    // Without a listener an error between two statements would end the process.
    client.on('error', end)
    client.on('end', end)
  }

  guarded(gate: Gate): BetterSQLite3Database {
    const query = async (config: QueryConfig, params: unknown[]): Promise<QueryResult> => {
      gate.check()
      try {
        this.observe(config.text)
        return await this.client.query(config, params)
      } catch (error) {
        gate.failed(error)
        throw error
      }
    }
    // Drizzle asks its client for nothing but query. Its types are said to be SQLite's: see columns.ts.
    return drizzle({ client: { query } as unknown as PoolClient }) as unknown as BetterSQLite3Database
  }

  async run<Row>(
    name: string,
    build: (db: BetterSQLite3Database) => Preparable<Row>,
    inputs?: Record<string, unknown>,
    planned?: 'anew',
  ): Promise<Row[]> {
    let query = this.queries.get(name)
    if (query === undefined) {
      const built = build(this.db) as unknown as Named
      // What has no name the server plans each time, for the inputs that it has then.
      query = built.prepare(
        planned === 'anew' ? undefined : createHash('sha256').update(built.toSQL().sql).digest('base64url'),
      )
      this.queries.set(name, query)
    }
    return (await query.execute(inputs)) as Row[]
  }

  /** The server keeps every statement that was prepared, so that a connection with too many is better given up. */
  get worn(): boolean {
    return this.queries.size >= cachedStatements
  }

  /** What begins and ends transactions; several statements may be joined by semicolons. Answers the last one's result. */
  async send(sql: string, timeoutMs?: number): Promise<QueryResult> {
    const config = { text: sql, ...(timeoutMs !== undefined && { query_timeout: timeoutMs }) }
    const result = (await this.client.query(config)) as QueryResult | QueryResult[]
    const last = Array.isArray(result) ? result.at(-1) : result
    if (last === undefined) throw new Error('The server answered nothing.')
    return last
  }
}

/** As PostgreSQL's query builders are: statements have names, of at most 63 bytes. */
interface Named {
  toSQL(): { sql: string }
  prepare(name: string | undefined): { execute(inputs?: Record<string, unknown>): Promise<unknown[]> }
}
