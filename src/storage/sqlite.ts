import Database from 'better-sqlite3'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import { Problem, StartError } from '../errors.ts'
import { type Clock, type Instant, instant } from '../lib/clock.ts'
import { type Change, entityOf } from './changes.ts'
import { sqliteColumns } from './columns.ts'
import { explain, isBusy, isDiskFailure } from './constraints.ts'
import { sqliteDialect } from './dialect.ts'
import { type Migration, migrate, readMigrations, sqliteMigrations } from './migrate.ts'
import { applicationId, inspectFile, reason } from './sqlite-file.ts'
import { Connection } from './statements.ts'
import type { Preparable, Read, Store, Write } from './store.ts'
import { createTables } from './tables.ts'

export interface SqliteOptions {
  path: string
  clock: Clock
  /** how long a write waits for another process before it is refused */
  busyTimeoutMs: number
  migrations?: readonly Migration[]
  /** sees every statement as it runs */
  observe?: (sql: string) => void
}

interface Job {
  run(db: Write): Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface Outcome {
  job: Job
  hooks: (() => void)[]
  result: { value: unknown } | { error: unknown }
}

/** While other processes start on the same file, each waits this long for its turn to migrate. */
const startTimeoutMs = 30_000

/** Waiting writers share one fsync; more than this and the last would wait too long for the first's answer. */
const largestGroup = 64

const tables = createTables(sqliteColumns)

/**
 * Opens the file, migrates it, and gives the store.
 * @throws StartError with one sentence; a file that is not ours stays untouched
 */
export function openSqlite(options: SqliteOptions): Store & { migrated: string[] } {
  const { path, clock } = options
  const state = inspectFile(path)
  const writer = connect(path, options)
  try {
    // Before the switch to WAL, so that it stands in the file itself from the first moment.
    if (state === 'new') writer.raw.pragma(`application_id = ${applicationId}`)
    prepareConnection(writer.raw)
    const migrated = migrate(writer.raw, options.migrations ?? readMigrations(sqliteMigrations), clock)
    // From here on waiting is done by the event loop, not by SQLite's sleep.
    writer.raw.pragma('busy_timeout = 0')
    return Object.assign(new SqliteStore(writer, options), { migrated })
  } catch (error) {
    writer.close()
    if (error instanceof StartError) throw error
    throw new StartError(`The database ${path} cannot be opened: ${reason(error)}.`)
  }
}

class SqliteStore implements Store {
  private readonly options: SqliteOptions
  private readonly writer: Connection
  private readonly reader: Connection
  private waiting: Job[] = []
  private working: Promise<void> | undefined
  private failed = false

  constructor(writer: Connection, options: SqliteOptions) {
    this.writer = writer
    this.options = options
    this.reader = connectReader(options)
  }

  async read<T>(fn: (db: Read) => Promise<T>, options: { snapshot?: boolean } = {}): Promise<T> {
    if (options.snapshot !== true) return this.withHandle(this.reader, fn)
    const connection = connectReader(this.options)
    try {
      connection.exec('BEGIN')
      return await this.withHandle(connection, fn)
    } finally {
      connection.close()
    }
  }

  transact<T>(fn: (db: Write) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ run: fn, resolve: resolve as (value: unknown) => void, reject })
      this.working ??= this.work()
    })
  }

  async writable(): Promise<boolean> {
    return !this.failed && this.writer.raw.open && this.writer.raw.pragma('query_only', { simple: true }) === 0
  }

  async close(): Promise<void> {
    while (this.working !== undefined) await this.working
    this.reader.close()
    if (this.writer.raw.open) this.writer.close()
  }

  private async work(): Promise<void> {
    // One turn of the event loop, so that requests which arrived together are written together.
    await new Promise((resolve) => setImmediate(resolve))
    while (this.waiting.length > 0) {
      const group = this.waiting.splice(0, largestGroup)
      try {
        await this.begin()
      } catch (error) {
        for (const job of group) job.reject(explain(error))
        continue
      }
      await this.runGroup(group)
    }
    this.working = undefined
  }

  /** Several transactions between one BEGIN and one COMMIT: each is all or nothing by its savepoint, none is answered before the fsync. */
  private async runGroup(group: readonly Job[]): Promise<void> {
    const outcomes: Outcome[] = []
    try {
      for (const job of group) {
        const outcome = await this.runJob(job)
        outcomes.push(outcome)
        // A full disk makes SQLite roll back everything at once, the jobs before this one too.
        if (!this.writer.raw.inTransaction) throw 'error' in outcome.result ? outcome.result.error : new Error('lost')
      }
      this.writer.exec('COMMIT')
    } catch (error) {
      if (isDiskFailure(error)) this.failed = true
      if (this.writer.raw.inTransaction) this.writer.exec('ROLLBACK')
      for (const job of group) job.reject(explain(error))
      return
    }
    for (const { job, hooks, result } of outcomes) {
      if ('error' in result) {
        job.reject(explain(result.error))
        continue
      }
      for (const hook of hooks) hook()
      job.resolve(result.value)
    }
  }

  private async runJob(job: Job): Promise<Outcome> {
    const db = new WriteHandle(this.writer, this.options.clock)
    try {
      this.writer.exec('SAVEPOINT job')
      const value = await job.run(db)
      db.end()
      this.writer.exec('RELEASE job')
      return { job, hooks: db.hooks, result: { value } }
    } catch (error) {
      db.end()
      if (this.writer.raw.inTransaction) this.writer.exec('ROLLBACK TO job; RELEASE job')
      return { job, hooks: [], result: { error } }
    }
  }

  /** BEGIN IMMEDIATE, tried again on SQLite's own ladder while another process writes; the event loop runs on meanwhile. */
  private async begin(): Promise<void> {
    if (this.failed) {
      throw new Problem('database_unavailable', {
        detail: 'The disk failed to keep a write. Nothing is written until the server is restarted.',
        headers: { 'retry-after': '60' },
      })
    }
    // sqlite3's own delays, in ms (sqliteDefaultBusyCallback).
    const delays = [1, 2, 5, 10, 15, 20, 25, 25, 25, 50, 50, 100]
    const started = performance.now()
    for (let attempt = 0; ; attempt += 1) {
      try {
        this.writer.exec('BEGIN IMMEDIATE')
        return
      } catch (error) {
        if (!isBusy(error) || performance.now() - started >= this.options.busyTimeoutMs) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, delays[attempt] ?? 100))
    }
  }

  private async withHandle<T>(connection: Connection, fn: (db: Read) => Promise<T>): Promise<T> {
    const db = new ReadHandle(connection, this.options.clock)
    try {
      return await fn(db)
    } catch (error) {
      throw explain(error)
    } finally {
      db.end()
    }
  }
}

/** What a callback gets: alive until the callback has settled, so that nothing of it leaks into another's transaction. */
class ReadHandle implements Read {
  readonly tables = tables
  readonly dialect = sqliteDialect
  readonly now: Instant
  private readonly connection: Connection
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
    const query = this.connection.prepared(name, build)
    return async (inputs?: Record<string, unknown>): Promise<Row[]> => {
      this.check()
      return query.all(inputs)
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

class WriteHandle extends ReadHandle implements Write {
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
}

function connect(path: string, options: SqliteOptions, readonly = false): Connection {
  const verbose = options.observe === undefined ? {} : { verbose: options.observe as (message?: unknown) => void }
  return new Connection(new Database(path, { timeout: startTimeoutMs, readonly, ...verbose }))
}

function connectReader(options: SqliteOptions): Connection {
  const connection = connect(options.path, options)
  prepareConnection(connection.raw)
  // In WAL a reader never waits for a writer; what it may meet is the short lock of a log that is being reset.
  connection.raw.pragma('busy_timeout = 250')
  connection.raw.pragma('query_only = ON')
  return connection
}

function prepareConnection(db: Database.Database): void {
  db.pragma('journal_mode = WAL')
  // better-sqlite3 is built to reopen a WAL database with NORMAL, which may lose the last commits when power fails.
  db.pragma('synchronous = FULL')
  db.pragma('foreign_keys = ON')
  // The schema of a file cannot call functions that SQLite marks as unsafe.
  db.pragma('trusted_schema = OFF')
  // After a burst of writes the log shrinks back to four times the size at which it is checkpointed.
  db.pragma('journal_size_limit = 16777216')
}
