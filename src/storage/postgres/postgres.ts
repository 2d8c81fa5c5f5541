import type { Clock } from '../../lib/clock.ts'
import type { PostgresUrl } from '../../lib/postgres-url.ts'
import { type Migration, readMigrations } from '../migrations.ts'
import { tooSlow } from '../problems.ts'
import type { Listener, OpenedStore, Read, ReadOptions, Store, Write } from '../store.ts'
import { Tail } from '../tail.ts'
import { Writer } from '../writer.ts'
import { explain, isCutOff } from './errors.ts'
import { migrate } from './migrate.ts'
import { Notifications } from './notifications.ts'
import { Reads, replicaPatienceMs } from './reads.ts'
import { graceMs, Servers } from './servers.ts'
import { expectRights, inspectServer, startError } from './start.ts'
import { PostgresTurns } from './turns.ts'

export interface PostgresOptions {
  /** one URL for each server of which one is the primary */
  servers: readonly string[]
  /** read-only replicas */
  replicas?: readonly PostgresUrl[]
  /** what messages call it, without its password */
  name: string
  clock: Clock
  /** how long a statement, or a write for its turn, waits before it is refused */
  busyTimeoutMs: number
  /** to the primary and to each replica, at once */
  connections?: number
  migrations?: readonly Migration[]
  /** sees every query of a callback as it is sent */
  observe?: (sql: string) => void
}

const defaultConnections = 10

/** One connection writes and one listens; the others read. */
const reserved = 2

/** Less than this and a statement may be cut off that nothing is wrong with. */
const leastStatementMs = 1_000

/** How soon this process hears of a commit when LISTEN is cut. A look is one row by its key. */
const tailMs = 1_000

/** Supervisors and load balancers ask whether all is well, and wait for little. */
const writableMs = 2_000

/**
 * Connects, migrates, and gives the store.
 * @throws StartError with one sentence; a database that is not ours stays untouched
 */
export async function openPostgres(options: PostgresOptions): Promise<OpenedStore> {
  const { servers: urls, name, clock } = options
  // A migration takes what it takes.
  const servers = new Servers(urls, { max: 1, primary: true, queryTimeoutMs: 0 })
  try {
    const connection = await servers.connect()
    try {
      const warnings = await inspectServer(connection, name)
      const migrated = await migrate(connection, options.migrations ?? readMigrations('postgres'), clock, name)
      await expectRights(connection, name)
      const store = new PostgresStore(options)
      return Object.assign(store, { migrated, warnings: [...warnings, ...(await store.replicaFaults())] })
    } finally {
      servers.release(connection)
    }
  } catch (error) {
    throw startError(error, name)
  } finally {
    await servers.end()
  }
}

class PostgresStore implements Store {
  private readonly writers: Servers
  private readonly listeners: Servers
  private readonly reads: Reads
  private readonly writer: Writer
  private readonly tail: Tail
  private readonly notifications: Notifications
  private closing: Promise<void> | undefined
  private closed = false

  constructor(options: PostgresOptions) {
    const { clock, servers, replicas = [], connections = defaultConnections, busyTimeoutMs, observe } = options
    const statementTimeoutMs = Math.max(leastStatementMs, busyTimeoutMs)
    const queryTimeoutMs = statementTimeoutMs + graceMs
    const primary = { primary: true, queryTimeoutMs, observe, route: { preferred: 0 } }
    this.writers = new Servers(servers, { ...primary, max: 1, replaced: () => this.tail.forget() })
    this.listeners = new Servers(servers, { ...primary, max: 1 })
    this.tail = new Tail((fn) => this.read(fn), tailMs)
    this.notifications = new Notifications(this.listeners, () => this.tail.look())
    const turns = new PostgresTurns(this.writers, statementTimeoutMs, (change) => this.tail.heard(change))
    this.writer = new Writer(turns, { clock, patienceMs: busyTimeoutMs })
    const max = Math.max(1, connections - reserved)
    const readers = { ...primary, max, replaced: () => this.tail.doubt() }
    const copies = { primary: false, queryTimeoutMs, observe, max: connections, connectTimeoutMs: replicaPatienceMs }
    this.reads = new Reads({
      primary: new Servers(servers, readers),
      replicas: replicas.map(({ name, servers: urls }) => ({ name, servers: new Servers(urls, copies) })),
      clock,
      tail: this.tail,
      statementTimeoutMs,
      connections: max,
    })
    if (replicas.length > 0) this.listen()
  }

  replicaFaults(): Promise<string[]> {
    return this.reads.replicaFaults()
  }

  async read<T>(fn: (db: Read) => Promise<T>, options: ReadOptions = {}): Promise<T> {
    if (this.closed) throw new Error('The store is closed.')
    try {
      return await this.reads.read(fn, options)
    } catch (error) {
      throw options.beside && isCutOff(error) ? tooSlow(error) : explain(error)
    }
  }

  transact<T>(fn: (db: Write) => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(new Error('The store is closed.'))
    return this.writer.transact(fn)
  }

  async follow(listener: Listener): Promise<() => void> {
    const stop = await this.tail.follow(listener)
    this.listen()
    return stop
  }

  isCurrent(): boolean {
    return !this.closed && this.tail.isCurrent()
  }

  catchUp(): Promise<boolean> {
    return this.tail.catchUp()
  }

  /**
   * A primary can be reached, and a turn is had in which nothing is written: whatever keeps others from writing keeps this
   * from ending in time.
   */
  async writable(): Promise<boolean> {
    if (this.closed) return false
    const turn = this.reads
      .primaryAnswers()
      .then((answers) => answers && this.writer.transact(async () => true))
      .catch(() => false)
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => resolve(false), writableMs)
    })
    return Promise.race([turn, late]).finally(() => clearTimeout(timer))
  }

  close(): Promise<void> {
    this.closing ??= this.end()
    return this.closing
  }

  private async end(): Promise<void> {
    await this.tail.close()
    await this.notifications.close()
    await this.writer.drained()
    this.closed = true
    await Promise.all([this.reads.ended(), this.writers.end(), this.listeners.end()])
  }

  private listen(): void {
    this.tail.start()
    this.notifications.start()
  }
}
