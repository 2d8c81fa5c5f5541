import { busy } from './problems.ts'

export interface PlacesOptions {
  /** how many may be in at once */
  places: number
  /** how many may wait for a place */
  mostWaiting: number
  /** how long each of them waits */
  patienceMs: number
}

/** Lets so many in at once; the others wait in a line, but neither many nor for long. */
export class Places {
  private readonly options: PlacesOptions
  private readonly waiting = new Set<() => void>()
  private free: number

  constructor(options: PlacesOptions) {
    this.options = options
    this.free = options.places
  }

  /** @throws Problem too_busy, when too many wait already or no place became free in time */
  async within<T>(fn: () => Promise<T>): Promise<T> {
    await this.enter()
    try {
      return await fn()
    } finally {
      this.leave()
    }
  }

  private enter(): Promise<void> {
    const { mostWaiting, patienceMs } = this.options
    if (this.free > 0) {
      this.free -= 1
      return Promise.resolve()
    }
    if (this.waiting.size >= mostWaiting) return Promise.reject(busy())
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.waiting.delete(next)
        reject(busy())
      }, patienceMs)
      const next = () => {
        clearTimeout(timer)
        resolve()
      }
      this.waiting.add(next)
    })
  }

  private leave(): void {
    const [next] = this.waiting
    if (next === undefined) {
      this.free += 1
      return
    }
    this.waiting.delete(next)
    next()
  }
}
