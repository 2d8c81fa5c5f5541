import type Database from 'better-sqlite3'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type { Connection, Gate } from '../connection.ts'
import { sqliteDialect } from '../dialect.ts'
import type { Preparable } from '../store.ts'
import { createTables } from '../tables.ts'
import { sqliteColumns } from './columns.ts'
import { type FileOptions, keep, openFile, openToRead, Statements } from './database.ts'
import { drizzle } from './drizzle.ts'
import { compile, type Prepared } from './queries.ts'

export const tables = createTables(sqliteColumns)
const open: Gate = { check: () => {}, failed: () => {} }

type Query = (inputs?: Record<string, unknown>) => unknown[]

/** One connection with its compiled statements. */
export class SqliteConnection implements Connection {
  readonly tables = tables
  readonly dialect = sqliteDialect
  readonly raw: Database.Database
  private readonly db: BetterSQLite3Database
  private readonly statements: Statements
  private version: Database.Statement | undefined
  private readonly queries = new Map<string, Query>()

  constructor(raw: Database.Database) {
    this.raw = raw
    this.statements = new Statements(raw)
    this.db = this.guarded(open)
  }

  get inTransaction(): boolean {
    return this.raw.inTransaction
  }

  guarded(gate: Gate): BetterSQLite3Database {
    const prepare = (sql: string) => guard(this.statements.of(sql), gate)
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
      query = compile(prepared, this.statements.of(prepared.query.sql)) ?? ((given) => prepared.all(given))
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

  /** A moment to read in, and its end: compiled once, since each read has one. */
  begin(): void {
    this.statements.of('BEGIN').run()
  }

  rollback(): void {
    this.statements.of('ROLLBACK').run()
  }

  close(): void {
    this.raw.close()
  }
}

export function connect(options: FileOptions, timeout: number): SqliteConnection {
  return new SqliteConnection(openFile(options, timeout))
}

export function connectReader(options: FileOptions): SqliteConnection {
  return new SqliteConnection(openToRead(options))
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
      all: (...inputs: unknown[]) => act((ready) => ready.all(...inputs)),
    }
  }
  const rows = form(true)
  return { ...form(false), raw: () => rows }
}
