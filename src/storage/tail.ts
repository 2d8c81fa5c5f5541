import { Problem } from '../errors.ts'
import { lastSeq, listChangesAfter } from './changes.ts'
import type { Listener, LoggedChange, Read } from './store.ts'

/** Changes that are read at once: far more than come between two looks, far less than memory would notice. */
const chunk = 500

/**
 * Follows the log of changes by its numbers, which are in the order of the commits and have no gap, so that none is
 * missed or told twice. A wake-up only makes it look sooner; the timer makes it look in any case.
 */
export class Tail {
  /** number of the newest change that this process has heard of; undefined until it has looked */
  known: number | undefined
  /** number of the last change that was told; undefined when it is no longer sure what was */
  private told: number | undefined
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
    if (this.closed || this.timer !== undefined) return
    this.timer = setInterval(() => this.look(), this.intervalMs).unref()
    this.look()
  }

  async follow(listener: Listener): Promise<() => void> {
    const from = await this.read(lastSeq)
    if (this.listeners.size === 0) this.told = from
    let doubted = false
    const own: Listener = (news) => {
      if (news === 'unknown') doubted = true
      const later = news === 'unknown' || doubted ? news : news.filter(({ seq }) => seq > from)
      if (later.length > 0) listener(later)
    }
    this.listeners.add(own)
    this.start()
    return () => this.listeners.delete(own)
  }

  /** A commit was made or announced. */
  heard(seq: number): void {
    this.known = Math.max(this.known ?? 0, seq)
    if (this.listeners.size > 0 && seq > (this.told ?? 0)) this.look()
  }

  /** Another server has taken over: it may lack what this process has heard of, and give its numbers again. */
  doubt(): void {
    this.known = undefined
    this.told = undefined
    this.look()
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
        const { told } = this
        const { last, changes } = await this.read(async (db) => ({
          last: await lastSeq(db),
          changes: this.listeners.size === 0 || told === undefined ? [] : await listChangesAfter(db, told, chunk),
        }))
        // Doubted meanwhile: it looks again.
        if (told !== this.told) continue
        this.known = Math.max(this.known ?? 0, last)
        if (told === undefined || last < told) {
          this.told = last
          this.tell('unknown')
        } else if (changes.length > 0) {
          this.told = changes.at(-1)?.seq
          this.tell(changes)
        }
        if (changes.length === chunk) this.again = true
      } catch (error) {
        // While the engine is away the timer looks again.
        if (!(error instanceof Problem)) warn(error)
      }
    }
    this.looking = undefined
  }

  /** One listener that fails keeps no other from hearing. */
  private tell(news: readonly LoggedChange[] | 'unknown'): void {
    for (const listener of this.listeners) {
      try {
        listener(news)
      } catch (error) {
        warn(error)
      }
    }
  }
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}
