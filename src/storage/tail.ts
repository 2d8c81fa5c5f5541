import { Problem } from '../errors.ts'
import { lastSeq, listChangesAfter } from './changes.ts'
import type { LoggedChange, Read } from './store.ts'

type Listener = (changes: readonly LoggedChange[]) => void

/** Changes that are read at once: far more than come between two looks, far less than memory would notice. */
const chunk = 500

/**
 * Follows the log of changes by its numbers, which are in the order of the commits and have no gap, so that none is
 * missed or told twice. A wake-up only makes it look sooner; the timer makes it look in any case.
 */
export class Tail {
  /** number of the newest change that this process has heard of */
  known = 0
  private told = 0
  private readonly listeners = new Set<Listener>()
  private readonly read: <T>(fn: (db: Read) => Promise<T>) => Promise<T>
  private readonly intervalMs: number
  private timer: NodeJS.Timeout | undefined
  private looking: Promise<void> | undefined
  private again = false
  private closed = false

  constructor(read: Tail['read'], intervalMs: number) {
    this.read = read
    this.intervalMs = intervalMs
  }

  /** From now on it looks by itself. */
  start(): void {
    if (this.closed) return
    this.timer ??= setInterval(() => this.look(), this.intervalMs).unref()
  }

  async follow(listener: Listener): Promise<() => void> {
    const from = await this.read(lastSeq)
    if (this.listeners.size === 0) this.told = from
    const own: Listener = (changes) => {
      const later = changes.filter(({ seq }) => seq > from)
      if (later.length > 0) listener(later)
    }
    this.listeners.add(own)
    this.start()
    return () => this.listeners.delete(own)
  }

  /** A commit was made or announced. */
  heard(seq: number): void {
    this.known = Math.max(this.known, seq)
    if (this.listeners.size > 0 && this.known > this.told) this.look()
  }

  look(): void {
    if (this.closed) return
    this.again = true
    this.looking ??= this.catchUp()
  }

  async close(): Promise<void> {
    this.closed = true
    clearInterval(this.timer)
    await this.looking
  }

  private async catchUp(): Promise<void> {
    while (this.again && !this.closed) {
      this.again = false
      try {
        const changes = await this.read(async (db) => {
          this.known = Math.max(this.known, await lastSeq(db))
          return this.listeners.size === 0 ? [] : listChangesAfter(db, this.told, chunk)
        })
        this.told = changes.at(-1)?.seq ?? this.told
        if (changes.length === chunk) this.again = true
        if (changes.length > 0) for (const listener of this.listeners) tell(listener, changes)
      } catch (error) {
        // While the engine is away the timer looks again.
        if (!(error instanceof Problem)) warn(error)
      }
    }
    this.looking = undefined
  }
}

/** One listener that fails keeps no other from hearing. */
function tell(listener: Listener, changes: readonly LoggedChange[]): void {
  try {
    listener(changes)
  } catch (error) {
    warn(error)
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}
