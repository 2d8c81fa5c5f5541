import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { type Clock, type Instant, instant } from '../lib/clock.ts'
import { appendChange } from './changes.ts'
import type { Connection, Gate } from './connection.ts'
import type { Dialect } from './dialect.ts'
import { unavailable } from './problems.ts'
import type { Change, LoggedChange, Preparable, PreparableWrite, Read, Sight, Write } from './store.ts'
import type { Tables } from './tables.ts'

/** What a callback gets: alive until the callback has settled, so that nothing of it leaks into another's transaction. */
export class ReadHandle implements Read, Gate {
  readonly tables: Tables
  readonly dialect: Dialect
  readonly now: Instant
  sight: Sight | undefined
  /** what a statement failed with */
  failure: { error: unknown } | undefined
  protected readonly connection: Connection
  private ended = false
  private builder: BetterSQLite3Database | undefined

  constructor(connection: Connection, clock: Clock) {
    this.connection = connection
    this.tables = connection.tables
    this.dialect = connection.dialect
    this.now = instant(clock.now())
  }

  get select(): Read['select'] {
    return this.queries.select.bind(this.queries)
  }

  get selectDistinct(): Read['selectDistinct'] {
    return this.queries.selectDistinct.bind(this.queries)
  }

  prepared<Row>(name: string, build: (db: BetterSQLite3Database) => Preparable<Row>, planned?: 'anew') {
    return async (inputs?: Record<string, unknown>): Promise<Row[]> => {
      this.check()
      try {
        return await this.connection.run(name, build, inputs, planned)
      } catch (error) {
        this.failed(error)
        throw error
      }
    }
  }

  end(): void {
    this.ended = true
  }

  check(): void {
    if (this.ended) throw new Error('A query was sent through a handle whose callback has ended.')
    // PostgreSQL refuses them too: what a failed statement left half done must not be built upon.
    if (this.failure !== undefined)
      throw new Error('A statement before this one failed.', { cause: this.failure.error })
  }

  failed(error: unknown): void {
    this.failure ??= { error }
  }

  /** Made at first use: most reads need prepared queries alone. */
  protected get queries(): BetterSQLite3Database {
    this.builder ??= this.connection.guarded(this)
    return this.builder
  }
}

export class WriteHandle extends ReadHandle implements Write {
  readonly hooks: (() => void)[] = []
  /** the last change that it recorded */
  last: LoggedChange | undefined

  get insert(): Write['insert'] {
    return this.queries.insert.bind(this.queries)
  }

  get update(): Write['update'] {
    return this.queries.update.bind(this.queries)
  }

  get delete(): Write['delete'] {
    return this.queries.delete.bind(this.queries)
  }

  preparedWrite(name: string, build: (db: BetterSQLite3Database) => PreparableWrite) {
    // Of a write the rows are none; it is prepared and run like a query.
    const run = this.prepared(name, build as (db: BetterSQLite3Database) => Preparable<never> & PreparableWrite)
    return async (inputs?: Record<string, unknown>): Promise<void> => {
      await run(inputs)
    }
  }

  async record(change: Change): Promise<void> {
    this.last = await appendChange(this, change)
  }

  afterCommit(hook: () => void): void {
    this.check()
    this.hooks.push(hook)
  }

  /** After a full disk or a lost connection there is no transaction any more: what came now would be committed by itself. */
  override check(): void {
    super.check()
    if (!this.connection.inTransaction) throw unavailable()
  }
}
