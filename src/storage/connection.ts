import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type { Dialect } from './dialect.ts'
import type { Preparable } from './store.ts'
import type { Tables } from './tables.ts'

/** Far above the shapes of SQL that the program has, far below what memory would notice. */
export const cachedStatements = 1_000

/** Asked before every statement of a callback, and told of each that failed. */
export interface Gate {
  check(): void
  failed(error: unknown): void
}

/** One connection to an engine, with the statements that it has prepared. */
export interface Connection {
  readonly tables: Tables
  readonly dialect: Dialect
  /** Without one, what is written now would be committed by itself. */
  readonly inTransaction: boolean
  /** A query builder whose every execution passes the gate. */
  guarded(gate: Gate): BetterSQLite3Database
  /** Rows of a query that is prepared once under its name; but `planned` anew at each run, if that is asked. */
  run<Row>(
    name: string,
    build: (db: BetterSQLite3Database) => Preparable<Row>,
    inputs?: Record<string, unknown>,
    planned?: 'anew',
  ): Row[] | Promise<Row[]>
}
