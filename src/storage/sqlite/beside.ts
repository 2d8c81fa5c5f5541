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

/** Whoever reads for minutes does so in many small steps, most of them not here: one process has time for all of them. */
const mostLasting = 10

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
    this.brief = new Pool(options, 1, { places: processes, mostWaiting, patienceMs, slow })
    this.lasting = new Pool({ ...options, limitMs: Math.max(options.limitMs, lastingLimitMs) }, mostLasting, {
      places: mostLasting,
      mostWaiting: 0,
      patienceMs,
    })
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
  /** connections that nobody reads on at this moment */
  free: BesideConnection[]
  idle?: NodeJS.Timeout
}

class Pool {
  private readonly options: Options
  private readonly connections: number
  private readonly places: Places
  private readonly readers = new Set<Reader>()

  constructor(options: Options, connections: number, places: PlacesOptions) {
    this.options = options
    this.connections = connections
    this.places = new Places(places)
  }

  read<T>(fn: (db: Read) => Promise<T>, sight: Sight | undefined): Promise<T> {
    return this.places.within(async () => {
      const [reader, connection] = this.take()
      const db = new ReadHandle(connection, this.options.clock)
      db.sight = sight
      try {
        return await fn(db)
      } finally {
        db.end()
        connection.end()
        this.release(reader, connection)
      }
    })
  }

  async close(): Promise<void> {
    const readers = [...this.readers]
    this.readers.clear()
    for (const { idle } of readers) clearTimeout(idle)
    await Promise.all(readers.map(({ process }) => process.end()))
  }

  /** Whoever has a place finds a connection, or a process that is still to be started. */
  private take(): [Reader, BesideConnection] {
    for (const reader of this.readers) {
      const connection = reader.process.gone ? undefined : reader.free.pop()
      if (reader.process.gone) this.readers.delete(reader)
      if (connection === undefined) continue
      clearTimeout(reader.idle)
      return [reader, connection]
    }
    const process = new BesideProcess(this.options)
    const free = Array.from({ length: this.connections }, (_, number) => new BesideConnection(process, number))
    this.readers.add({ process, free })
    return this.take()
  }

  private release(reader: Reader, connection: BesideConnection): void {
    reader.free.push(connection)
    if (reader.free.length < this.connections) return
    reader.idle = setTimeout(() => {
      this.readers.delete(reader)
      void reader.process.end()
    }, idleMs).unref()
  }
}
