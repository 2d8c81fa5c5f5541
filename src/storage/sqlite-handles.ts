import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { type Clock, type Instant, instant } from '../lib/clock.ts'
import { entityOf } from './changes.ts'
import { sqliteColumns } from './columns.ts'
import { unavailable } from './constraints.ts'
import { sqliteDialect } from './dialect.ts'
import type { Connection } from './statements.ts'
import type { Change, Preparable, Read, Write } from './store.ts'
import { createTables } from './tables.ts'

const tables = createTables(sqliteColumns)

/** What a callback gets: alive until the callback has settled, so that nothing of it leaks into another's transaction. */
export class ReadHandle implements Read {
  readonly tables = tables
  readonly dialect = sqliteDialect
  readonly now: Instant
  protected readonly connection: Connection
  private ended = false
  private builder: BetterSQLite3Database | undefined

  constructor(connection: Connection, clock: Clock) {
    this.connection = connection
    this.now = instant(clock.now())
  }

  get select(): Read['select'] {
    return this.queries.select.bind(this.queries)
  }

  get selectDistinct(): Read['selectDistinct'] {
    return this.queries.selectDistinct.bind(this.queries)
  }

  prepared<Row>(name: string, build: (db: BetterSQLite3Database) => Preparable<Row>) {
    return async (inputs?: Record<string, unknown>): Promise<Row[]> => {
      this.check()
      return this.connection.prepared(name, build).all(inputs)
    }
  }

  end(): void {
    this.ended = true
  }

  /** Made at first use: most reads need prepared queries alone. */
  protected get queries(): BetterSQLite3Database {
    this.builder ??= this.connection.guarded(() => this.check())
    return this.builder
  }

  protected check(): void {
    if (this.ended) throw new Error('A query was sent through a handle whose callback has ended.')
  }
}

export class WriteHandle extends ReadHandle implements Write {
  readonly hooks: (() => void)[] = []

  get insert(): Write['insert'] {
    return this.queries.insert.bind(this.queries)
  }

  get update(): Write['update'] {
    return this.queries.update.bind(this.queries)
  }

  get delete(): Write['delete'] {
    return this.queries.delete.bind(this.queries)
  }

  async record(change: Change): Promise<void> {
    await this.insert(tables.changes).values({ ...change, entity: entityOf(change.kind), at: this.now })
  }

  afterCommit(hook: () => void): void {
    this.check()
    this.hooks.push(hook)
  }

  /** After a full disk there is no transaction any more: what came now would be committed by itself. */
  protected override check(): void {
    super.check()
    if (!this.connection.raw.inTransaction) throw unavailable()
  }
}
