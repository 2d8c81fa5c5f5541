import { busy } from './problems.ts'

export interface PlacesOptions {
  /** how many may be in at once */
  places: number
  /** how many may wait for a place */
  mostWaiting: number
  /** how long each of them waits */
  patienceMs: number
  /** Whoever has been in for so long makes room for one more, up to so many. */
  slow?: { afterMs: number; most: number }
}

/** Lets so many in at once; the others wait in a line, but neither many nor for long. */
export class Places {
  private readonly options: PlacesOptions
  private readonly waiting = new Set<() => void>()
  private inside = 0
  /** of those inside, who is not slow */
  private quick = 0

  constructor(options: PlacesOptions) {
    this.options = options
  }

  /** @throws Problem too_busy, when too many wait already or no place became free in time */
  async within<T>(fn: () => Promise<T>): Promise<T> {
    const leave = await this.take()
    try {
      return await fn()
    } finally {
      leave()
    }
  }

  /**
   * Answers how to leave; to leave twice is to leave once.
   * @param signal of whoever does not want the place any more
   * @throws Problem too_busy, as `within` does, and when it was aborted before there was a place
   */
  async take(signal?: AbortSignal): Promise<() => void> {
    if (signal?.aborted) throw busy()
    if (this.isFull()) await this.wait(signal)
    else this.enter()
    let isInside = true
    let isQuick = true
    const makeRoom = (): void => {
      isQuick = false
      this.quick -= 1
      this.callIn()
    }
    const { slow } = this.options
    const timer = slow && setTimeout(makeRoom, slow.afterMs)
    return () => {
      if (!isInside) return
      isInside = false
      clearTimeout(timer)
      this.inside -= 1
      if (isQuick) this.quick -= 1
      this.callIn()
    }
  }

  private isFull(): boolean {
    const { places, slow } = this.options
    return this.quick >= places || this.inside >= places + (slow?.most ?? 0)
  }

  private enter(): void {
    this.inside += 1
    this.quick += 1
  }

  private wait(signal: AbortSignal | undefined): Promise<void> {
    const { mostWaiting, patienceMs } = this.options
    if (this.waiting.size >= mostWaiting) return Promise.reject(busy())
    return new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', giveUp)
      }
      const giveUp = (): void => {
        end()
        this.waiting.delete(next)
        reject(busy())
      }
      const next = (): void => {
        end()
        resolve()
      }
      const timer = setTimeout(giveUp, patienceMs)
      signal?.addEventListener('abort', giveUp)
      this.waiting.add(next)
    })
  }

  private callIn(): void {
    for (const next of this.waiting) {
      if (this.isFull()) return
      this.waiting.delete(next)
      this.enter()
      next()
    }
  }
}
