import { Problem } from '../errors.ts'
import { lastSeq, listChangesAfter, newestChange } from './changes.ts'
import type { Listener, LoggedChange, Read } from './store.ts'

/** A server that is away for some looks may come back with what others have written meanwhile. */
const looksMissed = 3

/** A look takes a millisecond; whoever waits for one has something else to do when the engine is away. */
const longestLookMs = 50
/** One may be under way already, and others may commit during the next. */
const mostLooks = 3

/** Changes that are read at once: far more than come between two looks, far less than memory would notice. */
const chunk = 500

/**
 * Follows the log of changes by its numbers, which are in the order of the commits and have no gap, so that none is
 * missed or told twice. A wake-up only makes it look sooner; the timer makes it look in any case.
 */
export class Tail {
  /** the newest change that this process knows of; undefined until it has looked */
  known: LoggedChange | undefined
  /** number of the last change that was told; undefined when it is no longer sure what was */
  private told: number | undefined
  private readonly listeners = new Set<Listener>()
  private readonly read: <T>(fn: (db: Read) => Promise<T>) => Promise<T>
  private readonly intervalMs: number
  private readonly mark: (() => number | undefined) | undefined
  /** what the mark was before the last look that told everything */
  private marked: number | undefined
  private lookedAt = Number.NEGATIVE_INFINITY
  private timer: NodeJS.Timeout | undefined
  private looking: Promise<void> | undefined
  private again = false
  private doubts = 0
  private lasting = false
  private closed = false

  /** @param mark a number that every commit changes, by whatever process, where an engine has one at hand */
  constructor(read: Tail['read'], intervalMs: number, mark?: () => number | undefined) {
    this.read = read
    this.intervalMs = intervalMs
    this.mark = mark
  }

  /** Whether all was told that is there; without a mark, all that is known to be there, and it was looked for not long ago. */
  isCurrent(): boolean {
    if (this.told === undefined || this.told < (this.known?.seq ?? 0)) return false
    if (this.mark !== undefined) {
      const mark = this.mark()
      return mark !== undefined && mark === this.marked
    }
    return performance.now() - this.lookedAt <= this.intervalMs * looksMissed
  }

  /** Looks until it is; false when that takes too long, or cannot be done. */
  async catchUp(): Promise<boolean> {
    for (let looks = 0; looks < mostLooks && !this.closed; looks += 1) {
      this.look()
      await Promise.race([this.looking, pause(longestLookMs)])
      if (this.isCurrent()) return true
    }
    return false
  }

  /** From now on it looks by itself, whether or not anybody follows. */
  start(): void {
    this.lasting = true
    this.tick()
  }

  async follow(listener: Listener): Promise<() => void> {
    let from: number
    let doubts: number
    do {
      doubts = this.doubts
      from = await this.read(lastSeq)
      // What was read may be of the server before, whose numbers are given again.
    } while (doubts !== this.doubts)
    if (this.listeners.size === 0) this.told = from
    let doubted = false
    const own: Listener = (news) => {
      if (news === 'unknown') doubted = true
      const later = news === 'unknown' || doubted ? news : news.filter(({ seq }) => seq > from)
      if (later.length > 0) listener(later)
    }
    this.listeners.add(own)
    this.tick()
    return () => {
      this.listeners.delete(own)
      if (this.listeners.size > 0 || this.lasting) return
      clearInterval(this.timer)
      this.timer = undefined
    }
  }

  /** This process has committed it. */
  heard(change: LoggedChange): void {
    this.saw(change)
    if (this.listeners.size > 0) this.look()
  }

  /** Somebody has read it where changes are made. */
  saw(change: LoggedChange | undefined): void {
    if (change !== undefined && change.seq > (this.known?.seq ?? 0)) this.known = change
  }

  /** Another server has taken over: it may lack what this process has heard of, and give its numbers again. */
  doubt(): void {
    this.doubts += 1
    this.known = undefined
    this.told = undefined
    this.look()
  }

  /** A writer has met another server, which readers will find too: what it writes there may have the number of what is known. */
  forget(): void {
    this.doubts += 1
    this.known = undefined
    this.look()
  }

  look(): void {
    if (this.closed) return
    this.again = true
    this.looking ??= this.work()
  }

  async close(): Promise<void> {
    this.closed = true
    clearInterval(this.timer)
    await this.looking
  }

  private tick(): void {
    if (this.closed || this.timer !== undefined) return
    this.timer = setInterval(() => this.look(), this.intervalMs).unref()
    this.look()
  }

  private async work(): Promise<void> {
    while (this.again && !this.closed) {
      this.again = false
      try {
        const { told, doubts, known } = this
        const [mark, began] = [this.mark?.(), performance.now()]
        const { newest, changes } = await this.read(async (db) => ({
          newest: await newestChange(db),
          changes: this.listeners.size === 0 || told === undefined ? [] : await listChangesAfter(db, told, chunk),
        }))
        if (told !== this.told || doubts !== this.doubts) {
          // What was read may be of the server before.
          this.again = true
          continue
        }
        const last = newest?.seq ?? 0
        // Whatever was known before it looked was there to be seen.
        if (told === undefined || last < Math.max(told, known?.seq ?? 0)) {
          this.told = last
          // What was committed since it began to look stays known.
          const since = this.known === known ? undefined : this.known
          this.known = newest
          this.saw(since)
          this.tell('unknown')
        } else {
          this.saw(newest)
          this.told = changes.at(-1)?.seq ?? told
          if (changes.length > 0) this.tell(changes)
        }
        if (changes.length === chunk) {
          this.again = true
          continue
        }
        this.marked = mark
        this.lookedAt = began
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

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}
