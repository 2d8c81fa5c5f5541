import Database from 'better-sqlite3'
import { cachedStatements } from '../connection.ts'

export interface FileOptions {
  path: string
  /** sees every statement as it runs */
  observe?: (sql: string) => void
}

/** In WAL a reader never waits for a writer; what it may meet is the short lock of a log that is being reset. */
const readTimeoutMs = 250

export function openFile({ path, observe }: FileOptions, timeout: number): Database.Database {
  const verbose = observe === undefined ? {} : { verbose: observe as (message?: unknown) => void }
  return new Database(path, { timeout, ...verbose })
}

/** A connection that cannot write. */
export function openToRead(options: FileOptions): Database.Database {
  const db = openFile(options, readTimeoutMs)
  try {
    prepareConnection(db)
    db.pragma('query_only = ON')
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

export function prepareConnection(db: Database.Database): void {
  // better-sqlite3 is built to reopen a WAL database with NORMAL, which may lose the last commits when power fails.
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  // The schema of a file cannot call functions that SQLite marks as unsafe.
  db.pragma('trusted_schema = OFF')
  // After a burst of writes, or a long read, the log shrinks back to the size at which it is checkpointed.
  db.pragma('journal_size_limit = 4194304')
}

/** What may have a question mark in it, and the question mark itself. */
const quotedOrInput = /'(?:[^']|'')*'|"[^"]*"|\?/g

/**
 * Keeps SQLite from looking at the inputs of a query when it plans it. One that a joined table is searched by it carries
 * over to the other tables (propagateConstants in its select.c), and then prepares the whole statement anew whenever a value
 * is bound, which takes five to ten times as long as to run it. A query of its own around each input costs a tenth of a
 * microsecond.
 */
export function withUnseenInputs(sql: string): string {
  if (!/^\(*(?:select|with)\b/i.test(sql)) return sql
  return sql.replace(quotedOrInput, (token) => (token === '?' ? '(select ?)' : token))
}

/** The compiled statements of one connection: one compiled once runs some twenty times faster than a new one. */
export class Statements {
  private readonly db: Database.Database
  private readonly known = new Map<string, Database.Statement>()

  constructor(db: Database.Database) {
    this.db = db
  }

  of(sql: string): Database.Statement {
    const known = this.known.get(sql)
    if (known !== undefined) return known
    const made = this.db.prepare(withUnseenInputs(sql))
    keep(this.known, sql, made)
    return made
  }
}

/** Adds to a cache; the one that is there for longest gives way. */
export function keep<T>(cache: Map<string, T>, key: string, value: T): void {
  if (cache.size >= cachedStatements) {
    const oldest = cache.keys().next()
    if (!oldest.done) cache.delete(oldest.value)
  }
  cache.set(key, value)
}
