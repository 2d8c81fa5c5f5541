import type Database from 'better-sqlite3'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { drizzle } from './drizzle.ts'
import type { Preparable } from './store.ts'

/** Far above the shapes of SQL that the program has, far below what memory would notice. */
const cachedStatements = 1_000

/** One connection with its compiled statements: a statement compiled once runs some twenty times faster than a new one. */
export class Connection {
  readonly raw: Database.Database
  readonly db: BetterSQLite3Database
  private readonly statements = new Map<string, Database.Statement>()
  private readonly queries = new Map<string, { all(inputs?: Record<string, unknown>): unknown[] }>()

  constructor(raw: Database.Database) {
    this.raw = raw
    this.db = this.guarded(() => {})
  }

  /** A query builder on this connection whose every execution asks `check` first. */
  guarded(check: () => void): BetterSQLite3Database {
    const prepare = (sql: string) => guard(this.statement(sql), check)
    // Drizzle asks its client for nothing but prepare, as long as nobody calls its own transaction().
    return drizzle({ client: { prepare } as unknown as Database.Database })
  }

  prepared<Row>(
    name: string,
    build: (db: BetterSQLite3Database) => Preparable<Row>,
  ): ReturnType<Preparable<Row>['prepare']> {
    let query = this.queries.get(name)
    if (query === undefined) {
      query = build(this.db).prepare()
      keep(this.queries, name, query)
    }
    return query as ReturnType<Preparable<Row>['prepare']>
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
    const made = this.raw.prepare(sql)
    keep(this.statements, sql, made)
    return made
  }
}

/** What drizzle uses of a statement. It asks for raw rows when it maps columns itself; several queries may share a statement. */
function guard(statement: Database.Statement, check: () => void) {
  const form = (raw: boolean) => {
    const ready = () => {
      check()
      return statement.reader ? statement.raw(raw) : statement
    }
    return {
      run: (...inputs: unknown[]) => ready().run(...inputs),
      get: (...inputs: unknown[]) => ready().get(...inputs),
      all: (...inputs: unknown[]) => ready().all(...inputs),
    }
  }
  const rows = form(true)
  return { ...form(false), raw: () => rows }
}

function keep<T>(cache: Map<string, T>, key: string, value: T): void {
  if (cache.size >= cachedStatements) {
    const oldest = cache.keys().next()
    if (!oldest.done) cache.delete(oldest.value)
  }
  cache.set(key, value)
}
