import { availableParallelism } from 'node:os'
import type { Clock } from '../../lib/clock.ts'
import { ReadHandle } from '../handles.ts'
import { Places, type PlacesOptions } from '../places.ts'
import type { Read, ReadOptions, Sight } from '../store.ts'
import { BesideConnection, type BesideOptions, BesideProcess } from './beside-process.ts'

interface Options extends BesideOptions {
  clock: Clock
}

/** With more, they would take the processors from all others. */
const mostProcesses = 2

/** One core is left to the service, whose answers everybody waits for. */
const processes = Math.max(1, Math.min(mostProcesses, availableParallelism() - 1))

/** Several times what a search takes. Behind a slow query nobody waits, if it takes the last core. */
const slow = { afterMs: 100, most: mostProcesses - processes }

/** What stands behind this many would mostly wait in vain. */
const mostWaiting = 32

/** Two exports, and the check of the index, one statement of which may take a minute: none waits for another. */
const mostLasting = 3

/** To read through the index of a million articles takes a minute. */
const lastingLimitMs = 600_000

/** A minute after its last read a process gives back its memory. */
const idleMs = 60_000

/** Reads that may take long, in processes of their own, which are there only while they are needed. */
export class Beside {
  private readonly brief: Pool
  private readonly lasting: Pool

  constructor(options: Options) {
    const patienceMs = options.limitMs
    this.brief = new Pool(options, { places: processes, mostWaiting, patienceMs, slow })
    const limitMs = Math.max(options.limitMs, lastingLimitMs)
    this.lasting = new Pool({ ...options, limitMs }, { places: mostLasting, mostWaiting: 0, patienceMs })
  }

  /** @throws Problem query_too_slow | too_busy | database_unavailable */
  read<T>(fn: (db: Read) => Promise<T>, { lasting, sight }: ReadOptions): Promise<T> {
    return (lasting ? this.lasting : this.brief).read(fn, sight)
  }

  async close(): Promise<void> {
    await Promise.all([this.brief.close(), this.lasting.close()])
  }
}

interface Reader {
  process: BesideProcess
  connection: BesideConnection
  idle?: NodeJS.Timeout
}

class Pool {
  private readonly options: Options
  private readonly places: Places
  private readonly readers = new Set<Reader>()
  /** those that nobody reads on at this moment; the last to become so is the first to be taken */
  private readonly free: Reader[] = []

  constructor(options: Options, places: PlacesOptions) {
    this.options = options
    this.places = new Places(places)
  }

  read<T>(fn: (db: Read) => Promise<T>, sight: Sight | undefined): Promise<T> {
    return this.places.within(async () => {
      const reader = this.take()
      try {
        // Before the clock is looked at: else what is replaced in between would be public neither as it was nor as it is.
        await reader.connection.begin()
        return await this.readMoment(reader.connection, fn, sight)
      } finally {
        reader.connection.end()
        this.release(reader)
      }
    })
  }

  async close(): Promise<void> {
    const readers = [...this.readers]
    this.readers.clear()
    this.free.length = 0
    for (const { idle } of readers) clearTimeout(idle)
    await Promise.all(readers.map(({ process }) => process.end()))
  }

  private async readMoment<T>(
    connection: BesideConnection,
    fn: (db: Read) => Promise<T>,
    sight: Sight | undefined,
  ): Promise<T> {
    const db = new ReadHandle(connection, this.options.clock)
    db.sight = sight
    try {
      return await fn(db)
    } finally {
      db.end()
    }
  }

  /** Whoever has a place finds a process, or starts one. */
  private take(): Reader {
    const reader = this.free.pop()
    if (reader === undefined) {
      const process = new BesideProcess(this.options)
      const started = { process, connection: new BesideConnection(process) }
      this.readers.add(started)
      return started
    }
    clearTimeout(reader.idle)
    if (!reader.process.gone) return reader
    this.readers.delete(reader)
    return this.take()
  }

  private release(reader: Reader): void {
    this.free.push(reader)
    reader.idle = setTimeout(() => {
      this.free.splice(this.free.indexOf(reader), 1)
      this.readers.delete(reader)
      void reader.process.end()
    }, idleMs).unref()
  }
}
