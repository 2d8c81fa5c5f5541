import type { Clock } from '../../lib/clock.ts'
import { isSameChange, listChangesAfter, newestChange } from '../changes.ts'
import { ReadHandle } from '../handles.ts'
import { Places } from '../places.ts'
import type { LoggedChange, Read, ReadOptions } from '../store.ts'
import type { Tail } from '../tail.ts'
import type { PostgresConnection } from './connection.ts'
import { isGone } from './errors.ts'
import { goneRestMs, NotCurrent, type Replica, Replicas } from './replicas.ts'
import type { Servers } from './servers.ts'

/** A connection that broke while it idled is found out by the next read: it is worth another, and a restart a moment. */
const retriesMs = [0, 100, 300]

/** Whoever has waited so long for a server that says nothing is told so, instead of waiting for the next. */
const retryWithinMs = 1_000

/** A replica in the same place lags some milliseconds. */
const lagRestMs = 10

/** The primary answers too: a replica that is slower to begin than this is not waited for. */
export const replicaPatienceMs = 500

/** What may take long takes no more than a part of the connections, so that the rest is there for what is quick. */
const besidePart = 4
/** What stands behind this many would mostly wait in vain. */
const mostWaiting = 32

export interface ReadsOptions {
  primary: Servers
  replicas: readonly Replica[]
  clock: Clock
  tail: Tail
  statementTimeoutMs: number
  /** how many connections there are to read on */
  connections: number
}

/** Reads, each in one snapshot, on the primary or where replicas may answer on one of them. */
export class Reads {
  private readonly primary: Servers
  private readonly replicas: Replicas
  private readonly clock: Clock
  private readonly tail: Tail
  private readonly begin: string
  private readonly ongoing = new Set<Promise<unknown>>()
  private readonly brief: Places
  private readonly lasting: Places

  constructor({ primary, replicas, clock, tail, statementTimeoutMs, connections }: ReadsOptions) {
    this.primary = primary
    this.replicas = new Replicas(replicas)
    this.clock = clock
    this.tail = tail
    const places = Math.max(1, Math.floor(connections / besidePart))
    this.brief = new Places({ places, mostWaiting, patienceMs: statementTimeoutMs })
    this.lasting = new Places({ places, mostWaiting: 0, patienceMs: statementTimeoutMs })
    // A reader that stops in the middle would keep the server from clearing away old rows.
    this.begin = `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${statementTimeoutMs}; SET LOCAL idle_in_transaction_session_timeout = 60000`
  }

  async read<T>(fn: (db: Read) => Promise<T>, options: ReadOptions): Promise<T> {
    const { replica = false, sight, beside, lasting } = options
    const work = (db: ReadHandle): Promise<T> => {
      db.sight = sight
      return fn(db)
    }
    const read = (): Promise<T> => {
      const { known } = this.tail
      const mayBeElsewhere = replica && known !== undefined && this.replicas.any
      return mayBeElsewhere ? this.readForAll(work, known) : this.readPrimary(work)
    }
    const reading = beside ? (lasting ? this.lasting : this.brief).within(read) : read()
    this.ongoing.add(reading)
    try {
      return await reading
    } finally {
      this.ongoing.delete(reading)
    }
  }

  async primaryAnswers(): Promise<boolean> {
    const connection = await this.primary.connect()
    try {
      await connection.send('SELECT')
      return true
    } finally {
      this.primary.release(connection)
    }
  }

  /** A sentence on each replica that cannot answer now. */
  replicaFaults(): Promise<string[]> {
    return this.replicas.faults((servers) => this.readOn(servers, newestChange, replicaPatienceMs))
  }

  /** A pool that has ended forgets whoever waits for a connection. */
  async ended(): Promise<void> {
    while (this.ongoing.size > 0) await Promise.allSettled(this.ongoing)
    await Promise.all([this.primary, ...this.replicas.servers()].map((servers) => servers.end()))
  }

  private async readForAll<T>(fn: (db: ReadHandle) => Promise<T>, known: LoggedChange): Promise<T> {
    const readOn = (ahead: boolean) => (servers: Servers) =>
      this.readOn(servers, (db) => this.expectCurrent(db, known, ahead).then(() => fn(db)), replicaPatienceMs)
    const found = await this.replicas.read(readOn(false))
    if (found !== undefined) return found.value
    try {
      return await this.readPrimary(async (db) => {
        const [value, newest] = await Promise.all([fn(db), newestChange(db)])
        // So that no replica answers the next one with what is older.
        this.tail.saw(newest)
        return value
      })
    } catch (error) {
      const late = isGone(error) ? await this.replicas.readAnyway(readOn(true)) : undefined
      if (late !== undefined) return late.value
      throw error
    }
  }

  /**
   * A replica may answer when the last change that it has is the last that this process knows of, in number and in kind: one
   * of another history, or of another newsroom, has others under the same numbers. One that has more is right only when
   * there is no primary to ask.
   * @throws NotCurrent
   */
  private async expectCurrent(db: Read, known: LoggedChange, ahead: boolean): Promise<void> {
    const [[there], newest] = await Promise.all([listChangesAfter(db, known.seq - 1, 1), newestChange(db)])
    if (there === undefined) throw new NotCurrent('The replica lags.', lagRestMs)
    if (!isSameChange(there, known)) throw new NotCurrent('The replica is of another history.', goneRestMs)
    if (ahead || newest === undefined || newest.seq === known.seq) return
    this.tail.look()
    throw new NotCurrent('The replica knows more than this process.', 0)
  }

  private async readPrimary<T>(fn: (db: ReadHandle) => Promise<T>): Promise<T> {
    const began = performance.now()
    for (const waitMs of retriesMs) {
      try {
        return await this.readOn(this.primary, fn)
      } catch (error) {
        if (!isGone(error) || performance.now() - began > retryWithinMs) throw error
      }
      await new Promise((resolve) => setTimeout(resolve, waitMs))
    }
    return this.readOn(this.primary, fn)
  }

  private async readOn<T>(servers: Servers, fn: (db: ReadHandle) => Promise<T>, beginMs?: number): Promise<T> {
    const connection = await servers.connect()
    const db = new ReadHandle(connection, this.clock)
    try {
      // Not waited for: the first statement follows at once and is answered after it.
      const begun = connection.send(this.begin, beginMs)
      begun.catch(() => {})
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
