import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartError } from '../errors.ts'
import type { Clock } from '../lib/clock.ts'
import { explain, isBusy, isDiskFailure, stopped, unavailable } from './constraints.ts'
import { type Migration, migrate, readMigrations, sqliteMigrations } from './migrate.ts'
import { type ConnectionOptions, connect, connectReader, prepareConnection } from './sqlite-connections.ts'
import { applicationId, inspectFile, reason } from './sqlite-file.ts'
import { ReadHandle, WriteHandle } from './sqlite-handles.ts'
import type { Connection } from './statements.ts'
import type { Read, Store, Write } from './store.ts'

export interface SqliteOptions extends ConnectionOptions {
  clock: Clock
  /** how long a write waits for another process before it is refused */
  busyTimeoutMs: number
  migrations?: readonly Migration[]
}

interface Job {
  /** since when it waits for another process, and not for those before it */
  since: number
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

/** Reads seldom overlap, since SQLite answers at once; those that do find a connection here, and more than this would idle. */
const idleReaders = 4

/** A log that is checkpointed at its usual size needs four of these. */
const scarceBytes = 1024 * 1024

/** Waiting writers share one fsync; more than this and the last would wait too long for the first's answer. */
const largestGroup = 64

/** Waits between tries to write while another process does, in ms: as sqlite3's own (sqliteDefaultBusyCallback), but never longer than half a rest. */
const busyDelaysMs = [1, 2, 5]

/** SQLite knows no queue between processes. Who always has something to write rests now and then, or the others never would. */
const longestTurnMs = 250
const restMs = 10

/**
 * Opens the file, migrates it, and gives the store.
 * @throws StartError with one sentence; a file that is not ours stays untouched
 */
export function openSqlite(options: SqliteOptions): Store & { migrated: string[] } {
  const { path, clock } = options
  const state = inspectFile(path)
  let writer: Connection | undefined
  try {
    writer = connect(options, startTimeoutMs)
    // Before the switch to WAL, so that it stands in the file itself from the first moment.
    if (state === 'new') writer.raw.pragma(`application_id = ${applicationId}`)
    prepareConnection(writer.raw)
    const migrated = migrate(writer.raw, options.migrations ?? readMigrations(sqliteMigrations), clock)
    // From here on waiting is done by the event loop, not by SQLite's sleep.
    writer.raw.pragma('busy_timeout = 0')
    return Object.assign(new SqliteStore(writer, options), { migrated })
  } catch (error) {
    writer?.close()
    if (error instanceof StartError) throw error
    throw new StartError(`The database ${path} cannot be opened: ${reason(error)}.`)
  }
}

class SqliteStore implements Store {
  private readonly options: SqliteOptions
  private readonly writer: Connection
  /** connections that nobody reads on at this moment */
  private readonly readers: Connection[] = []
  private waiting: Job[] = []
  private working: Promise<void> | undefined
  private reads = 0
  private lastReadEnded: (() => void) | undefined
  private failed = false

  constructor(writer: Connection, options: SqliteOptions) {
    this.writer = writer
    this.options = options
    // One at once, so that what keeps readers out keeps the service from starting.
    this.readers.push(connectReader(options))
  }

  async read<T>(fn: (db: Read) => Promise<T>): Promise<T> {
    this.reads += 1
    try {
      return await this.readMoment(fn)
    } catch (error) {
      throw explain(error)
    } finally {
      this.reads -= 1
      if (this.reads === 0) this.lastReadEnded?.()
    }
  }

  transact<T>(fn: (db: Write) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ since: performance.now(), run: fn, resolve: resolve as (value: unknown) => void, reject })
      this.working ??= this.work()
    })
  }

  async writable(): Promise<boolean> {
    if (this.failed || !this.writer.raw.open) return false
    const { bavail, bsize } = await statfs(dirname(this.options.path))
    if (bavail * bsize < scarceBytes) return false
    // Whoever writes at this moment shows that it can be done.
    if (this.working !== undefined) return true
    try {
      this.writer.exec('BEGIN IMMEDIATE; ROLLBACK')
      return true
    } catch (error) {
      return isBusy(error)
    }
  }

  async close(): Promise<void> {
    while (this.working !== undefined || this.reads > 0) {
      await this.working
      if (this.reads > 0) {
        await new Promise<void>((resolve) => {
          this.lastReadEnded = resolve
        })
      }
    }
    for (const reader of this.readers.splice(0)) reader.close()
    if (this.writer.raw.open) this.writer.close()
  }

  private async work(): Promise<void> {
    let turn = performance.now()
    while (this.waiting.length > 0) {
      // One turn of the event loop, so that requests which arrived together are written together.
      await new Promise((resolve) => setImmediate(resolve))
      if (performance.now() - turn > longestTurnMs) {
        await wait(restMs)
        turn = performance.now()
      }
      if (!(await this.begin())) continue
      await this.runGroup(this.waiting.splice(0, largestGroup))
      const now = performance.now()
      for (const job of this.waiting) job.since = now
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
        if (!this.writer.raw.inTransaction) throw unavailable('error' in outcome.result && outcome.result.error)
      }
      this.writer.exec('COMMIT')
    } catch (error) {
      if (isDiskFailure(error)) this.failed = true
      this.rollBack()
      for (const job of group) job.reject(explain(error))
      return
    }
    for (const { job, hooks, result } of outcomes) {
      if ('error' in result) {
        job.reject(explain(result.error))
        continue
      }
      for (const hook of hooks) runHook(hook)
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

  private rollBack(): void {
    try {
      if (this.writer.raw.inTransaction) this.writer.exec('ROLLBACK')
    } catch {
      this.failed = true
    }
  }

  /**
   * BEGIN IMMEDIATE, tried again while another process writes; the event loop runs on meanwhile. Whoever has waited
   * his time is refused. Answers whether anybody is left to write.
   */
  private async begin(): Promise<boolean> {
    for (let attempt = 0; this.waiting.length > 0; attempt += 1) {
      try {
        if (this.failed) throw stopped()
        this.writer.exec('BEGIN IMMEDIATE')
        return true
      } catch (error) {
        this.refuse(error, isBusy(error) ? performance.now() - this.options.busyTimeoutMs : Number.POSITIVE_INFINITY)
      }
      await wait(busyDelaysMs[attempt] ?? restMs / 2)
    }
    return false
  }

  /** Refuses those who wait since then or longer. */
  private refuse(error: unknown, since: number): void {
    const refused = this.waiting.filter((job) => job.since <= since)
    this.waiting = this.waiting.filter((job) => job.since > since)
    for (const job of refused) job.reject(explain(error))
  }

  /** On a connection of its own, because SQLite binds the moment to the connection. */
  private async readMoment<T>(fn: (db: Read) => Promise<T>): Promise<T> {
    if (!this.writer.raw.open) throw new Error('The store is closed.')
    const connection = this.readers.pop() ?? connectReader(this.options)
    const db = new ReadHandle(connection, this.options.clock)
    try {
      connection.exec('BEGIN')
      return await fn(db)
    } finally {
      db.end()
      this.release(connection)
    }
  }

  private release(connection: Connection): void {
    try {
      // Nothing was written: to roll back is to let go.
      if (connection.raw.inTransaction) connection.exec('ROLLBACK')
      if (this.readers.length < idleReaders) this.readers.push(connection)
      else connection.close()
    } catch {
      connection.close()
    }
  }
}

/** The commit stands, whatever a hook throws; neither may it keep other hooks from running. */
function runHook(hook: () => void): void {
  try {
    hook()
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
