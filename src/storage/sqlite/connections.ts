import Database from 'better-sqlite3'
import { SqliteConnection } from './statements.ts'

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
  // After a burst of writes the log shrinks back to four times the size at which it is checkpointed.
  db.pragma('journal_size_limit = 16777216')
}
