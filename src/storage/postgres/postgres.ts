import type { Clock } from '../../lib/clock.ts'
import type { PostgresUrl } from '../../lib/postgres-url.ts'
import { lastSeq } from '../changes.ts'
import { ReadHandle } from '../handles.ts'
import { type Migration, readMigrations } from '../migrations.ts'
import type { Listener as Follower, Read, ReadOptions, Store, Write } from '../store.ts'
import { Tail } from '../tail.ts'
import { Writer } from '../writer.ts'
import type { PostgresConnection } from './connection.ts'
import { explain, isGone } from './errors.ts'
import { Listener } from './listener.ts'
import { migrate } from './migrate.ts'
import { Replicas, TooOld } from './replicas.ts'
import { Servers } from './servers.ts'
import { expectRights, inspectServer, type ServerFacts, startError } from './start.ts'
import { PostgresTurns } from './turns.ts'

export interface PostgresOptions {
  /** one URL for each server of which one is the primary */
  servers: readonly string[]
  /** read-only copies */
  replicas?: readonly PostgresUrl[]
  /** what messages call it, without its password */
  name: string
  clock: Clock
  /** how long a statement, or a write for its turn, waits before it is refused */
  busyTimeoutMs: number
  /** to the primary and to each replica, at once */
  connections?: number
  migrations?: readonly Migration[]
  /** sees every statement as it runs */
  observe?: (sql: string) => void
}

const defaultConnections = 10

/** One connection writes and one listens; the others read. */
const reserved = 2

/** Less than this and a statement may be cut off that nothing is wrong with. */
const leastStatementMs = 1_000

/** The server cuts a statement off first; who does not answer this much later has gone away. */
const graceMs = 1_000

/** How soon this process hears of a commit when LISTEN is cut. A look is one row by its key. */
const tailMs = 1_000

/** A connection that broke while it idled is found out by the next read: it is worth another, and a restart a moment. */
const readRetriesMs = [0, 100, 300]

/** Whoever has waited so long for a server that says nothing is told so, instead of waiting for the next. */
const retryWithinMs = 1_000

/** Supervisors and load balancers ask whether all is well, and wait for little. */
const writableMs = 2_000

/**
 * Connects, migrates, and gives the store.
 * @throws StartError with one sentence; a database that is not ours stays untouched
 */
export async function openPostgres(options: PostgresOptions): Promise<Store & Opened> {
  const { servers: urls, name, clock } = options
  // A migration takes what it takes.
  const servers = new Servers(urls, { max: 1, primary: true, queryTimeoutMs: 0 })
  try {
    const connection = await servers.connect()
    try {
      const facts = await inspectServer(connection, name)
      const migrated = await migrate(connection, options.migrations ?? readMigrations('postgres'), clock, name)
      await expectRights(connection, name)
      const store = new PostgresStore(options, facts)
      return Object.assign(store, { migrated, warnings: [...facts.warnings, ...(await store.replicaFaults())] })
    } finally {
      servers.release(connection)
    }
  } catch (error) {
    throw startError(error, name)
  } finally {
    await servers.end()
  }
}

export interface Opened {
  /** names of the migrations that ran */
  migrated: string[]
  /** what the operator should know */
  warnings: string[]
}

class PostgresStore implements Store {
  private readonly clock: Clock
  private readonly readers: Servers
  private readonly writers: Servers
  private readonly listeners: Servers
  private readonly writer: Writer
  private readonly tail: Tail
  private readonly listener: Listener
  private readonly replicas: Replicas
  private readonly beginRead: string
  private readonly reads = new Set<Promise<unknown>>()
  private closed = false

  constructor(options: PostgresOptions, { asynchronous }: ServerFacts) {
    const { clock, servers, replicas = [], connections = defaultConnections, busyTimeoutMs, observe } = options
    const statementTimeoutMs = Math.max(leastStatementMs, busyTimeoutMs)
    const queryTimeoutMs = statementTimeoutMs + graceMs
    const primary = { primary: true, queryTimeoutMs, observe, route: { preferred: 0 } }
    this.clock = clock
    this.readers = new Servers(servers, {
      ...primary,
      max: Math.max(1, connections - reserved),
      replaced: () => this.tail.doubt(),
    })
    this.writers = new Servers(servers, { ...primary, max: 1 })
    this.listeners = new Servers(servers, { ...primary, max: 1 })
    // A reader that stops in the middle would keep the server from clearing away old rows.
    this.beginRead = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${statementTimeoutMs}; SET LOCAL idle_in_transaction_session_timeout = 60000`
    this.tail = new Tail((fn) => this.read(fn), tailMs)
    this.listener = new Listener(this.listeners, (seq) => this.tail.heard(seq))
    const committed = (seq: number) => this.tail.heard(seq)
    const turns = new PostgresTurns(this.writers, { statementTimeoutMs, forceSync: asynchronous, committed })
    this.writer = new Writer(turns, { clock, patienceMs: busyTimeoutMs })
    this.replicas = new Replicas(
      replicas.map(({ name, servers }) => ({
        name,
        servers: new Servers(servers, { primary: false, queryTimeoutMs, observe, max: connections }),
      })),
    )
    if (replicas.length > 0) this.listen()
  }

  /** A sentence on each copy that cannot answer now. */
  replicaFaults(): Promise<string[]> {
    return this.replicas.faults((servers) => this.readOn(servers, lastSeq))
  }

  async read<T>(fn: (db: Read) => Promise<T>, options: ReadOptions = {}): Promise<T> {
    if (this.closed) throw new Error('The store is closed.')
    const reading = this.readAnywhere(fn, options)
    this.reads.add(reading)
    try {
      return await reading
    } catch (error) {
      throw explain(error)
    } finally {
      this.reads.delete(reading)
    }
  }

  transact<T>(fn: (db: Write) => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(new Error('The store is closed.'))
    return this.writer.transact(fn)
  }

  async follow(listener: Follower): Promise<() => void> {
    const stop = await this.tail.follow(listener)
    this.listen()
    return stop
  }

  async writable(): Promise<boolean> {
    if (this.closed) return false
    try {
      const connection = await this.readers.connect()
      try {
        const { rows } = await connection.send("SELECT current_setting('transaction_read_only') AS only", writableMs)
        return rows[0]?.only === 'off'
      } finally {
        this.readers.release(connection)
      }
    } catch {
      return false
    }
  }

  async close(): Promise<void> {
    if (this.closed) return
    await this.tail.close()
    await this.listener.close()
    // A pool that has ended forgets whoever waits for a connection.
    while (!this.writer.idle || this.reads.size > 0) {
      await this.writer.drained()
      await Promise.allSettled(this.reads)
    }
    this.closed = true
    const all = [this.readers, this.writers, this.listeners, ...this.replicas.servers()]
    await Promise.all(all.map((servers) => servers.end()))
  }

  private listen(): void {
    this.tail.start()
    this.listener.start()
  }

  private async readAnywhere<T>(fn: (db: Read) => Promise<T>, { replica = false }: ReadOptions): Promise<T> {
    const { known } = this.tail
    if (replica && known !== undefined) {
      const readOn = (servers: Servers) => this.readOn(servers, fn, known)
      const found = await this.replicas.read(readOn)
      if (found !== undefined) return found.value
      try {
        return await this.readPrimary(fn)
      } catch (error) {
        // A copy that lagged a moment ago may have all there is by now.
        const late = isGone(error) ? await this.replicas.read(readOn, 'rested or not') : undefined
        if (late !== undefined) return late.value
        throw error
      }
    }
    return this.readPrimary(fn)
  }

  private async readPrimary<T>(fn: (db: Read) => Promise<T>): Promise<T> {
    const began = performance.now()
    for (const waitMs of readRetriesMs) {
      try {
        return await this.readOn(this.readers, fn)
      } catch (error) {
        if (!isGone(error) || performance.now() - began > retryWithinMs) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
    return this.readOn(this.readers, fn)
  }

  /**
   * Reads in one snapshot.
   * @param seq the change that must be there; TooOld without it
   */
  private async readOn<T>(servers: Servers, fn: (db: Read) => Promise<T>, seq?: number): Promise<T> {
    const connection = await servers.connect()
    const db = new ReadHandle(connection, this.clock)
    try {
      // Not waited for: the first statement follows at once and is answered after it.
      const begun = connection.send(this.beginRead)
      begun.catch(() => {})
      if (seq !== undefined && (await lastSeq(db)) < seq) throw new TooOld()
      const value = await fn(db)
      await begun
      return value
    } finally {
      db.end()
      void finish(servers, connection)
    }
  }
}

/** Nothing was written, so that nobody needs to wait for the end. */
async function finish(servers: Servers, connection: PostgresConnection): Promise<void> {
  try {
    await connection.send('COMMIT')
    servers.release(connection)
  } catch {
    servers.release(connection, true)
  }
}
