import Database from 'better-sqlite3'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { type Connection, cachedStatements, type Gate } from '../connection.ts'
import { sqliteDialect } from '../dialect.ts'
import type { Preparable } from '../store.ts'
import { createTables } from '../tables.ts'
import { sqliteColumns } from './columns.ts'
import { drizzle } from './drizzle.ts'
import { compile, type Prepared, withUnseenInputs } from './queries.ts'

const tables = createTables(sqliteColumns)
const open: Gate = { check: () => {}, failed: () => {} }

type Query = (inputs?: Record<string, unknown>) => unknown[]

/** One connection with its compiled statements: a statement compiled once runs some twenty times faster than a new one. */
export class SqliteConnection implements Connection {
  readonly tables = tables
  readonly dialect = sqliteDialect
  readonly raw: Database.Database
  private readonly db: BetterSQLite3Database
  private readonly statements = new Map<string, Database.Statement>()
  private version: Database.Statement | undefined
  private readonly queries = new Map<string, Query>()

  constructor(raw: Database.Database) {
    this.raw = raw
    this.db = this.guarded(open)
  }

  get inTransaction(): boolean {
    return this.raw.inTransaction
  }

  guarded(gate: Gate): BetterSQLite3Database {
    const prepare = (sql: string) => guard(this.statement(sql), gate)
    // Drizzle asks its client for nothing but prepare, as long as nobody calls its own transaction().
    return drizzle({ client: { prepare } as unknown as Database.Database })
  }

  run<Row>(
    name: string,
    build: (db: BetterSQLite3Database) => Preparable<Row>,
    inputs?: Record<string, unknown>,
  ): Row[] {
    let query = this.queries.get(name)
    if (query === undefined) {
      const prepared = build(this.db).prepare() as unknown as Prepared & { all: Query }
      query = compile(prepared, this.statement(prepared.query.sql)) ?? ((given) => prepared.all(given))
      keep(this.queries, name, query)
    }
    return query(inputs) as Row[]
  }

  /** Another number after each commit of any other connection, by whatever process. */
  dataVersion(): number {
    this.version ??= this.raw.prepare('PRAGMA data_version').pluck()
    return this.version.get() as number
  }

  exec(sql: string): void {
    this.raw.exec(sql)
  }

  close(): void {
    this.raw.close()
  }

  private statement(sql: string): Database.Statement {
    const known = this.statements.get(sql)
    if (known !== undefined) return known
    const made = this.raw.prepare(withUnseenInputs(sql))
    keep(this.statements, sql, made)
    return made
  }
}

export interface ConnectionOptions {
  path: string
  /** sees every statement as it runs */
  observe?: (sql: string) => void
}

/** In WAL a reader never waits for a writer; what it may meet is the short lock of a log that is being reset. */
const readTimeoutMs = 250

export function connect({ path, observe }: ConnectionOptions, timeout: number): SqliteConnection {
  const verbose = observe === undefined ? {} : { verbose: observe as (message?: unknown) => void }
  return new SqliteConnection(new Database(path, { timeout, ...verbose }))
}

export function connectReader(options: ConnectionOptions): SqliteConnection {
  const connection = connect(options, readTimeoutMs)
  try {
    prepareConnection(connection.raw)
    connection.raw.pragma('query_only = ON')
  } catch (error) {
    connection.close()
    throw error
  }
  return connection
}

export function prepareConnection(db: Database.Database): void {
  db.pragma('journal_mode = WAL')
  // better-sqlite3 is built to reopen a WAL database with NORMAL, which may lose the last commits when power fails.
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  // The schema of a file cannot call functions that SQLite marks as unsafe.
  db.pragma('trusted_schema = OFF')
  // After a burst of writes, or a long read, the log shrinks back to the size at which it is checkpointed.
  db.pragma('journal_size_limit = 4194304')
}

/** What drizzle uses of a statement. It asks for raw rows when it maps columns itself; several queries may share a statement. */
function guard(statement: Database.Statement, gate: Gate) {
  const form = (raw: boolean) => {
    const act = <T>(work: (ready: Database.Statement) => T): T => {
      gate.check()
      try {
        return work(statement.reader ? statement.raw(raw) : statement)
      } catch (error) {
        gate.failed(error)
        throw error
      }
    }
    return {
      run: (...inputs: unknown[]) => act((ready) => ready.run(...inputs)),
      get: (...inputs: unknown[]) => act((ready) => ready.get(...inputs)),
      // Drizzle asks for all rows of a prepared write as well.
      all: (...inputs: unknown[]) => act((ready) => (ready.reader ? ready.all(...inputs) : none(ready.run(...inputs)))),
    }
  }
  const rows = form(true)
  return { ...form(false), raw: () => rows }
}

function none(_: unknown): unknown[] {
  return []
}

function keep<T>(cache: Map<string, T>, key: string, value: T): void {
  if (cache.size >= cachedStatements) {
    const oldest = cache.keys().next()
    if (!oldest.done) cache.delete(oldest.value)
  }
  cache.set(key, value)
}
