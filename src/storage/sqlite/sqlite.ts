import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StartError } from '../../errors.ts'
import type { Clock } from '../../lib/clock.ts'
import { ReadHandle } from '../handles.ts'
import { type Migration, readMigrations } from '../migrations.ts'
import { stopped } from '../problems.ts'
import type { Listener, LoggedChange, Read, ReadOptions, Sight, Store, Write } from '../store.ts'
import { Tail } from '../tail.ts'
import { type Turn, type WriteEngine, Writer } from '../writer.ts'
import { Beside } from './beside.ts'
import { connect, connectReader, type SqliteConnection } from './connection.ts'
import { type FileOptions, prepareConnection } from './database.ts'
import { explain, isBusy, isDiskFailure } from './errors.ts'
import { applicationId, inspectFile, reason, useWal } from './file.ts'
import { migrate } from './migrate.ts'

export interface SqliteOptions extends FileOptions {
  clock: Clock
  /** how long a write waits for another process before it is refused */
  busyTimeoutMs: number
  migrations?: readonly Migration[]
}

/** While other processes start on the same file, each waits this long for its turn to migrate. */
const startTimeoutMs = 30_000

/** Reads seldom overlap, since SQLite answers at once; those that do find a connection here, and more than this would idle. */
const idleReaders = 4

/** A log that is checkpointed at its usual size needs four of these. */
const scarceBytes = 1024 * 1024

/** Waiting writers share one fsync; more than this and the last would wait too long for the first's answer. */
const largestGroup = 64

/** Waits between tries to write while another process does: as sqlite3's own (sqliteDefaultBusyCallback), but never longer than half a rest. */
const busyDelaysMs = [1, 2, 5]

/** SQLite knows no queue between processes. Who always has something to write rests now and then, or the others never would. */
const longestTurnMs = 250
const restMs = 10

/** Less than this and what is read beside may be refused although nothing is wrong with it. */
const leastStatementMs = 1_000

/** How soon one process hears of what another wrote. A look takes some ten microseconds. */
const tailMs = 200

/**
 * Opens the file, migrates it, and gives the store.
 * @throws StartError with one sentence; a file that is not ours stays untouched
 */
export function openSqlite(options: SqliteOptions): Store & { migrated: string[] } {
  const { path, clock } = options
  const state = inspectFile(path)
  let writer: SqliteConnection | undefined
  try {
    writer = connect(options, startTimeoutMs)
    // Before the switch to WAL, so that it stands in the file itself from the first moment.
    if (state === 'new') writer.raw.pragma(`application_id = ${applicationId}`)
    useWal(writer.raw, startTimeoutMs)
    prepareConnection(writer.raw)
    const migrated = migrate(writer.raw, options.migrations ?? readMigrations('sqlite'), clock)
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
  private readonly engine: SqliteWriter
  private readonly writer: Writer
  private readonly tail: Tail
  /** connections that nobody reads on at this moment */
  private readonly readers: SqliteConnection[] = []
  /** sees that others have committed, without reading anything */
  private watch: SqliteConnection | undefined
  private readonly beside: Beside
  private reads = 0
  private lastReadEnded: (() => void) | undefined

  constructor(connection: SqliteConnection, options: SqliteOptions) {
    this.options = options
    this.tail = new Tail(
      (fn) => this.read(fn),
      tailMs,
      () => this.dataVersion(),
    )
    this.engine = new SqliteWriter(connection, (change) => this.tail.heard(change))
    this.writer = new Writer(this.engine, { clock: options.clock, patienceMs: options.busyTimeoutMs })
    this.beside = new Beside({ ...options, limitMs: Math.max(leastStatementMs, options.busyTimeoutMs) })
    // One at once, so that what keeps readers out keeps the service from starting.
    this.readers.push(connectReader(options))
  }

  async read<T>(fn: (db: Read) => Promise<T>, { beside, lasting = false, sight }: ReadOptions = {}): Promise<T> {
    if (!this.engine.open) throw new Error('The store is closed.')
    this.reads += 1
    try {
      return await (beside ? this.beside.read(fn, { lasting, sight }) : this.readMoment(fn, sight))
    } catch (error) {
      throw explain(error)
    } finally {
      this.reads -= 1
      if (this.reads === 0) this.lastReadEnded?.()
    }
  }

  transact<T>(fn: (db: Write) => Promise<T>): Promise<T> {
    return this.writer.transact(fn)
  }

  follow(listener: Listener): Promise<() => void> {
    return this.tail.follow(listener)
  }

  isCurrent(): boolean {
    return this.engine.open && this.tail.isCurrent()
  }

  catchUp(): Promise<boolean> {
    return this.tail.catchUp()
  }

  async writable(): Promise<boolean> {
    if (!this.engine.works) return false
    const { bavail, bsize } = await statfs(dirname(this.options.path))
    if (bavail * bsize < scarceBytes) return false
    // Whoever writes at this moment shows that it can be done.
    return !this.writer.idle || this.engine.tries()
  }

  async close(): Promise<void> {
    await this.tail.close()
    while (!this.writer.idle || this.reads > 0) {
      await this.writer.drained()
      if (this.reads > 0) {
        await new Promise<void>((resolve) => {
          this.lastReadEnded = resolve
        })
      }
    }
    // The last to let go of the file puts its log away: that is the writer.
    await this.beside.close()
    for (const reader of this.readers.splice(0)) reader.close()
    this.watch?.close()
    this.engine.close()
  }

  /** Undefined when the file cannot be looked at: whoever reads next is told so, and nobody waits for it here. */
  private dataVersion(): number | undefined {
    try {
      if (this.watch === undefined) {
        this.watch = connectReader(this.options)
        this.watch.raw.pragma('busy_timeout = 0')
      }
      return this.watch.dataVersion()
    } catch {
      return undefined
    }
  }

  /** On a connection of its own, because SQLite binds the moment to the connection. */
  private async readMoment<T>(fn: (db: Read) => Promise<T>, sight: Sight | undefined): Promise<T> {
    const connection = this.readers.pop() ?? connectReader(this.options)
    const db = new ReadHandle(connection, this.options.clock)
    db.sight = sight
    try {
      connection.begin()
      return await fn(db)
    } finally {
      db.end()
      this.release(connection)
    }
  }

  private release(connection: SqliteConnection): void {
    try {
      // Nothing was written: to roll back is to let go.
      if (connection.inTransaction) connection.rollback()
      if (this.readers.length < idleReaders) this.readers.push(connection)
      else connection.close()
    } catch {
      connection.close()
    }
  }
}

/** The writing connection. Its lock on the file is what keeps other processes from writing. */
class SqliteWriter implements WriteEngine, Turn {
  readonly largestGroup = largestGroup
  readonly delaysMs = busyDelaysMs
  readonly connection: SqliteConnection
  private readonly committed: (change: LoggedChange) => void
  private failed = false
  private turnBegan = 0
  private lastEnded = 0

  constructor(connection: SqliteConnection, committed: (change: LoggedChange) => void) {
    this.connection = connection
    this.committed = committed
  }

  get open(): boolean {
    return this.connection.raw.open
  }

  get works(): boolean {
    return this.open && !this.failed
  }

  async begin(): Promise<Turn> {
    if (this.failed) throw stopped()
    const now = performance.now()
    if (now - this.lastEnded > restMs) this.turnBegan = now
    if (now - this.turnBegan > longestTurnMs) {
      await new Promise((resolve) => setTimeout(resolve, restMs))
      this.turnBegan = performance.now()
    }
    this.connection.exec('BEGIN IMMEDIATE')
    return this
  }

  passes(error: unknown): boolean {
    return isBusy(error)
  }

  explain(error: unknown): unknown {
    return explain(error)
  }

  async savepoint(): Promise<void> {
    this.connection.exec('SAVEPOINT job')
  }

  async release(): Promise<void> {
    this.connection.exec('RELEASE job')
  }

  async undo(): Promise<void> {
    this.connection.exec('ROLLBACK TO job; RELEASE job')
  }

  async commit(last: LoggedChange | undefined): Promise<void> {
    this.connection.exec('COMMIT')
    if (last !== undefined) this.committed(last)
  }

  async end(failure: unknown): Promise<void> {
    this.lastEnded = performance.now()
    if (isDiskFailure(failure)) this.failed = true
    try {
      if (this.connection.inTransaction) this.connection.exec('ROLLBACK')
    } catch {
      this.failed = true
    }
  }

  /** Whether it could write at this moment, or another process does. */
  tries(): boolean {
    try {
      this.connection.exec('BEGIN IMMEDIATE; ROLLBACK')
      return true
    } catch (error) {
      return isBusy(error)
    }
  }

  close(): void {
    if (this.open) this.connection.close()
  }
}
