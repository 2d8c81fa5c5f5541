import { addUp, countersOf, type Family } from '../../lib/figures.ts'

/** Longer than a worker that is well keeps anybody waiting; a worker that hangs keeps nobody longer. */
const longestAnswerMs = 1_000

/** A worker, as far as its figures go. */
export interface Measured {
  id: number
  ask(round: number): void
}

/**
 * The figures of all workers. What only counts up never goes down because a worker is gone or slow: it is then counted as it
 * was last seen, as Prometheus would else take the sum for that of processes that had begun anew.
 */
export class Gathering {
  private readonly last = new Map<number, Family[]>()
  private gone: Family[] = []
  private rounds = 0
  private readonly waiting = new Map<string, () => void>()

  async gather(workers: readonly Measured[]): Promise<Family[][]> {
    this.rounds += 1
    const round = this.rounds
    const late = new Set(workers.map(({ id }) => id))
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, longestAnswerMs)
      const heard = (id: number): void => {
        late.delete(id)
        if (late.size > 0) return
        clearTimeout(timer)
        resolve()
      }
      for (const { id, ask } of workers) {
        this.waiting.set(`${round}/${id}`, () => heard(id))
        ask(round)
      }
    })
    for (const { id } of workers) this.waiting.delete(`${round}/${id}`)
    const answered = new Set(workers.map(({ id }) => id).filter((id) => !late.has(id)))
    const all = Array.from(this.last, ([id, figures]) => (answered.has(id) ? figures : countersOf(figures)))
    return [...all, this.gone]
  }

  heard(id: number, figures: Family[], round: number | undefined): void {
    this.last.set(id, figures)
    if (round !== undefined) this.waiting.get(`${round}/${id}`)?.()
  }

  /** Nothing more will be heard of it. */
  lost(id: number): void {
    this.gone = addUp([this.gone, countersOf(this.last.get(id) ?? [])])
    this.last.delete(id)
    for (const [key, heard] of this.waiting) if (key.endsWith(`/${id}`)) heard()
  }
}
