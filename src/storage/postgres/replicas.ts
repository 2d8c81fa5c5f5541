import { isGone, stateOf } from './errors.ts'
import type { Servers } from './servers.ts'

/** The copy has not replayed yet what is known to be committed. */
export class TooOld extends Error {}

/** A copy that lags has mostly caught up by then. */
const lagRestMs = 100

/** A copy that cannot be reached, or says that it cannot answer, is left alone for so long. */
const goneRestMs = 1_000

/** Read-only copies, asked in turn. Whatever is wrong with one of them, another or the primary answers instead. */
export class Replicas {
  readonly servers: readonly Servers[]
  private readonly restsUntil: number[]
  private next = 0

  constructor(servers: readonly Servers[]) {
    this.servers = servers
    this.restsUntil = servers.map(() => 0)
  }

  /** What the first that could answer did; undefined when none could. Those that rest are asked only when that is said. */
  async read<T>(
    readOn: (servers: Servers) => Promise<T>,
    which: 'rested' | 'rested or not' = 'rested',
  ): Promise<{ value: T } | undefined> {
    const first = this.next
    this.next = (first + 1) % Math.max(1, this.servers.length)
    for (let tried = 0; tried < this.servers.length; tried += 1) {
      const at = (first + tried) % this.servers.length
      const servers = this.servers[at]
      if (servers === undefined) continue
      if (which === 'rested' && performance.now() < (this.restsUntil[at] ?? 0)) continue
      try {
        return { value: await readOn(servers) }
      } catch (error) {
        if (!isOfTheCopy(error)) throw error
        this.restsUntil[at] = performance.now() + (error instanceof TooOld ? lagRestMs : goneRestMs)
      }
    }
    return undefined
  }
}

/** It lags, is away, has not been told of a table yet (42P01), or its replay stood in the way (40001), or took too long (57014). */
function isOfTheCopy(error: unknown): boolean {
  return error instanceof TooOld || isGone(error) || ['40001', '40P01', '42P01', '57014'].includes(stateOf(error))
}
