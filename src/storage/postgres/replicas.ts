import { isCutOff, isGone, stateOf } from './errors.ts'
import type { Servers } from './servers.ts'
import { startError } from './start.ts'

/** The replica's data is not what this process knows of. */
export class NotCurrent extends Error {
  /** how long it is best left alone */
  readonly restMs: number

  constructor(message: string, restMs: number) {
    super(message)
    this.restMs = restMs
  }
}

/** What cannot be reached, or cannot answer, is left alone for so long. */
export const goneRestMs = 1_000

export interface Replica {
  /** what messages call it, without its password */
  name: string
  servers: Servers
}

interface Resting extends Replica {
  /** 0 for one that answered last; for ever while somebody finds out whether one is back */
  until: number
}

/** Read-only replicas, asked in turn. Whatever is wrong with one of them, another or the primary answers instead. */
export class Replicas {
  private readonly replicas: readonly Resting[]
  private next = 0

  constructor(replicas: readonly Replica[]) {
    this.replicas = replicas.map((replica) => ({ ...replica, until: 0 }))
  }

  get any(): boolean {
    return this.replicas.length > 0
  }

  servers(): Servers[] {
    return this.replicas.map(({ servers }) => servers)
  }

  /** A sentence on each that cannot do this. */
  async faults(readOn: (servers: Servers) => Promise<unknown>): Promise<string[]> {
    const found = this.replicas.map(async (replica) => {
      const { name, servers } = replica
      try {
        await readOn(servers)
        return []
      } catch (error) {
        // The first who asks it again finds out whether it is back.
        replica.until = performance.now()
        return [`Replica: ${startError(error, name).message} The primary answers for it.`]
      }
    })
    return (await Promise.all(found)).flat()
  }

  /** What the first of those that do not rest did; undefined when none could. */
  read<T>(readOn: (servers: Servers) => Promise<T>): Promise<{ value: T } | undefined> {
    return this.readFrom(readOn, (replica) => performance.now() >= replica.until)
  }

  /** The same, when there is nobody else to ask. */
  readAnyway<T>(readOn: (servers: Servers) => Promise<T>): Promise<{ value: T } | undefined> {
    return this.readFrom(readOn, () => true)
  }

  private async readFrom<T>(
    readOn: (servers: Servers) => Promise<T>,
    mayBeAsked: (replica: Resting) => boolean,
  ): Promise<{ value: T } | undefined> {
    const first = this.next
    this.next = (first + 1) % Math.max(1, this.replicas.length)
    for (const replica of [...this.replicas.slice(first), ...this.replicas.slice(0, first)]) {
      if (!mayBeAsked(replica)) continue
      // One waits for a replica that may hang, and not everybody.
      if (replica.until > 0) replica.until = Number.POSITIVE_INFINITY
      let until = 0
      try {
        return { value: await readOn(replica.servers) }
      } catch (error) {
        if (!isItsFault(error)) throw error
        const restMs = error instanceof NotCurrent ? error.restMs : goneRestMs
        if (restMs > 0) until = performance.now() + restMs
      } finally {
        replica.until = until
      }
    }
    return undefined
  }
}

/**
 * It lags, hangs or is away, knows no such user or table, or its replay stood in the way: whatever the server itself says,
 * but that a statement took longer than it may, which would take as long on the next.
 */
function isItsFault(error: unknown): boolean {
  return error instanceof NotCurrent || isGone(error) || (stateOf(error) !== '' && !isCutOff(error))
}
