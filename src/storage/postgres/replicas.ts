import { Problem } from '../../errors.ts'
import type { Servers } from './servers.ts'
import { startError } from './start.ts'

/** The copy has not replayed yet what is known to be committed. */
export class TooOld extends Error {}

/** A copy that lags has mostly caught up by then. */
const lagRestMs = 100

/** A copy that cannot be reached, or says that it cannot answer, is left alone for so long. */
const goneRestMs = 1_000

export interface Replica {
  /** what messages call it, without its password */
  name: string
  servers: Servers
}

interface Copy extends Replica {
  /** 0 for one that answered last; for ever while somebody finds out whether one is back */
  restsUntil: number
}

/** Read-only copies, asked in turn. Whatever is wrong with one of them, another or the primary answers instead. */
export class Replicas {
  private readonly copies: readonly Copy[]
  private next = 0

  constructor(replicas: readonly Replica[]) {
    this.copies = replicas.map((replica) => ({ ...replica, restsUntil: 0 }))
  }

  servers(): Servers[] {
    return this.copies.map(({ servers }) => servers)
  }

  /** A sentence on each that cannot do this. */
  async faults(readOn: (servers: Servers) => Promise<unknown>): Promise<string[]> {
    const found = this.copies.map(async ({ name, servers }) => {
      try {
        await readOn(servers)
        return []
      } catch (error) {
        return [`Replica: ${startError(error, name).message} The primary answers for it.`]
      }
    })
    return (await Promise.all(found)).flat()
  }

  /** What the first that could answer did; undefined when none could. Those that rest are asked only when that is said. */
  async read<T>(
    readOn: (servers: Servers) => Promise<T>,
    which: 'rested' | 'rested or not' = 'rested',
  ): Promise<{ value: T } | undefined> {
    const first = this.next
    this.next = (first + 1) % Math.max(1, this.copies.length)
    for (const copy of [...this.copies.slice(first), ...this.copies.slice(0, first)]) {
      if (which === 'rested' && performance.now() < copy.restsUntil) continue
      // One waits for a copy that may hang, and not everybody.
      if (copy.restsUntil > 0) copy.restsUntil = Number.POSITIVE_INFINITY
      let rest = 0
      try {
        return { value: await readOn(copy.servers) }
      } catch (error) {
        // Not found, say: the copy has answered.
        if (error instanceof Problem) throw error
        // It lags, hangs or is away, knows no such user or table, or its replay stood in the way.
        rest = performance.now() + (error instanceof TooOld ? lagRestMs : goneRestMs)
      } finally {
        copy.restsUntil = rest
      }
    }
    return undefined
  }
}
