/** How everything is measured: by load from another process, both sides in turn, the median of the rounds. */
import type { ChildProcess } from 'node:child_process'
import type { Measured, Most, Steady } from './load.ts'
import { cpuSeconds, type Service, startOwn } from './processes.ts'

/** As many as the peers were measured with. */
export const connections = 32

export interface Mode {
  name: 'full' | 'quick'
  /** articles of the small database, the large one, and the one that starts are measured on */
  small: number
  large: number
  middle: number
  /** odd, so that the median is one of them */
  rounds: number
  warmMs: number
  ms: number
  /** how many different articles, and pages of lists, are asked for */
  articles: number
  pages: number
  imported: number
  starts: number
  /** of what is measured seven times over, or takes long by itself */
  fewRounds: number
}

export const modes: Record<Mode['name'], Mode> = {
  full: {
    name: 'full',
    small: 10_000,
    large: 1_000_000,
    middle: 100_000,
    rounds: 5,
    warmMs: 1_000,
    ms: 3_000,
    articles: 9_600,
    pages: 480,
    imported: 10_000,
    starts: 5,
    fewRounds: 3,
  },
  quick: {
    name: 'quick',
    small: 10_000,
    large: 1_000_000,
    middle: 100_000,
    rounds: 3,
    warmMs: 200,
    ms: 600,
    articles: 1_000,
    pages: 100,
    imported: 1_500,
    starts: 3,
    fewRounds: 1,
  },
}

export interface Side extends Measured {
  /** microseconds of a core for each answer */
  cpu: number
}

class Load {
  private readonly process: ChildProcess
  private number = 0

  constructor() {
    this.process = startOwn('load.ts')
  }

  get works(): boolean {
    return this.process.connected && !this.process.killed
  }

  run(job: Most | Steady): Promise<Measured> {
    this.number += 1
    const { number } = this
    return new Promise((resolve, reject) => {
      const hear = (answer: { number: number; measured?: Measured; failed?: string }) => {
        if (answer.number !== number) return
        this.process.off('message', hear)
        this.process.off('exit', died)
        if (answer.measured === undefined) reject(new Error(answer.failed))
        else resolve(answer.measured)
      }
      const died = () => reject(new Error('The process that makes the load has ended.'))
      this.process.on('message', hear)
      this.process.once('exit', died)
      this.process.send({ ...job, number })
    })
  }
}

let loads: [Load, Load] | undefined

/** Load from its process; `beside` is another, for what goes on meanwhile. */
export function load(job: Most | Steady, beside = false): Promise<Measured> {
  if (loads === undefined || !loads.every(({ works }) => works)) loads = [new Load(), new Load()]
  return loads[beside ? 1 : 0].run(job)
}

export type Ask = Omit<Most, 'kind' | 'origin'>

/** One round against one service. */
export async function once(service: Service, ask: Ask): Promise<Side> {
  const before = cpuSeconds(service.pid)
  const measured = await load({ kind: 'most', origin: service.origin, ...ask })
  return { ...measured, cpu: ((cpuSeconds(service.pid) - before) * 1e6) / measured.answers }
}

/** Asks for everything once, so that files, statements and compiled code are where they will be. */
export async function askOnce({ origin }: Service, paths: string[]): Promise<void> {
  const most = Math.min(connections, paths.length)
  await load({ kind: 'once', origin, paths, connections: most, warmMs: 0, ms: 0 })
}

/** Rounds in which each side has its turn, and of each the median. */
export async function inTurn(rounds: number, sides: readonly (() => Promise<Side>)[]): Promise<Side[]> {
  const measured = sides.map((): Side[] => [])
  for (let round = 0; round < rounds; round += 1) {
    for (const [i, side] of sides.entries()) measured[i]?.push(await side())
  }
  return measured.map((all) => ({
    rate: median(all.map(({ rate }) => rate)),
    p50: median(all.map(({ p50 }) => p50)),
    p99: median(all.map(({ p99 }) => p99)),
    cpu: median(all.map(({ cpu }) => cpu)),
    answers: all.reduce((sum, { answers }) => sum + answers, 0),
  }))
}

export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN
}
