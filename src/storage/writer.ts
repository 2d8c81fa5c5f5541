import type { Clock } from '../lib/clock.ts'
import type { Connection } from './connection.ts'
import { WriteHandle } from './handles.ts'
import { unknownOutcome } from './problems.ts'
import type { LoggedChange, Write } from './store.ts'

/** What a writer needs of an engine. */
export interface WriteEngine {
  /**
   * The turn to write: no other process on the same database writes until it has ended. Waits for another's turn to end
   * at most so many ms.
   * @throws what `passes` accepts when it was not free
   */
  begin(patienceMs: number): Promise<Turn>
  /** Whether this error passes by itself, so that another try is worth it. */
  passes(error: unknown): boolean
  explain(error: unknown): unknown
  /** waiting writers that share one turn and its fsync */
  readonly largestGroup: number
  /** waits between tries to begin, in ms; the last one again and again */
  readonly delaysMs: readonly number[]
}

/** One open transaction. */
export interface Turn {
  readonly connection: Connection
  savepoint(): Promise<void>
  release(): Promise<void>
  undo(): Promise<void>
  /**
   * @param last the last change that was recorded, if any was
   * @throws Unknown when nobody can tell whether it was kept
   */
  commit(last: LoggedChange | undefined): Promise<void>
  /** Gives the turn back; rolls back what was not committed. Never throws. */
  end(failure: unknown): Promise<void>
}

/** The transaction ended by itself, and nothing of it was kept. */
export class Lost extends Error {}

/** The connection broke while it committed. */
export class Unknown extends Error {}

export interface WriterOptions {
  clock: Clock
  /** how long a write waits for another process before it is refused */
  patienceMs: number
}

/** Time servers put a clock right by less; what is set back by more was wrong, and nothing waits for it. */
const longestStillMs = 2_000

/** SQLite answers without a turn of the event loop; whoever reads meanwhile gets one this often. */
const longestWithoutReadsMs = 10

interface Job {
  /** since when it waits for another process, and not for those before it */
  since: number
  run(db: Write): Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

interface Outcome {
  job: Job
  db: WriteHandle
  result: { value: unknown } | { error: unknown }
}

/**
 * The one writer of a process: transactions wait in line and run one after the other, several between one BEGIN and one
 * COMMIT. Each is all or nothing by its savepoint, none is answered before the fsync. As every process takes its turn by
 * the same lock, held from before the first statement until the commit can be seen, all transactions on one database run
 * as if one after the other: serializable, without a conflict to repeat, and numbered in the order of their commits.
 */
export class Writer {
  private readonly engine: WriteEngine
  private readonly options: WriterOptions
  private waiting: Job[] = []
  private working: Promise<void> | undefined
  private latest = 0

  constructor(engine: WriteEngine, options: WriterOptions) {
    this.engine = engine
    this.options = options
  }

  transact<T>(fn: (db: Write) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.waiting.push({ since: performance.now(), run: fn, resolve: resolve as (value: unknown) => void, reject })
      this.working ??= this.work()
    })
  }

  get idle(): boolean {
    return this.working === undefined
  }

  async drained(): Promise<void> {
    while (this.working !== undefined) await this.working
  }

  private async work(): Promise<void> {
    while (this.waiting.length > 0) {
      // One turn of the event loop, so that requests which arrived together are written together.
      await new Promise((resolve) => setImmediate(resolve))
      const turn = await this.begin()
      if (turn === undefined) continue
      const group = this.waiting.splice(0, this.engine.largestGroup)
      let failure: unknown
      try {
        await this.runGroup(turn, group)
        const now = performance.now()
        for (const job of this.waiting) job.since = now
      } catch (error) {
        failure = error
        this.waiting.unshift(...this.refuse(error, group))
      }
      await turn.end(failure)
    }
    this.working = undefined
  }

  /** Tried again while another process writes; the event loop runs on meanwhile. Undefined when nobody is left to write. */
  private async begin(): Promise<Turn | undefined> {
    for (let attempt = 0; this.waiting.length > 0; attempt += 1) {
      try {
        const [first] = this.waiting
        const left = (first?.since ?? 0) + this.options.patienceMs - performance.now()
        return await this.engine.begin(Math.max(1, Math.ceil(left)))
      } catch (error) {
        this.waiting = this.refuse(error, this.waiting)
      }
      const { delaysMs } = this.engine
      await new Promise((resolve) => setTimeout(resolve, delaysMs[attempt] ?? delaysMs.at(-1)))
    }
    return undefined
  }

  /** @throws what undid the whole group before its commit */
  private async runGroup(turn: Turn, group: readonly Job[]): Promise<void> {
    const outcomes: Outcome[] = []
    let resumed = performance.now()
    for (const job of group) {
      outcomes.push(await this.runJob(turn, job))
      if (performance.now() - resumed < longestWithoutReadsMs) continue
      await new Promise((resolve) => setImmediate(resolve))
      resumed = performance.now()
    }
    const recorded = outcomes.flatMap(({ db, result }) => ('error' in result || db.last === undefined ? [] : [db.last]))
    try {
      await turn.commit(recorded.at(-1))
    } catch (error) {
      if (!(error instanceof Unknown)) throw error
      for (const job of group) job.reject(unknownOutcome(error.cause))
      return
    }
    for (const { job, db, result } of outcomes) {
      if ('error' in result) {
        job.reject(this.engine.explain(result.error))
        continue
      }
      for (const hook of db.hooks) runHook(hook)
      job.resolve(result.value)
    }
  }

  /** @throws what undid the transactions before this one too */
  private async runJob(turn: Turn, job: Job): Promise<Outcome> {
    const db = new WriteHandle(turn.connection, { now: () => this.now() })
    let result: Outcome['result']
    await turn.savepoint()
    try {
      const value = await job.run(db)
      result = db.failure ?? { value }
    } catch (error) {
      result = { error }
    }
    db.end()
    const { failure } = db
    if (failure !== undefined && this.engine.passes(failure.error)) throw failure.error
    // A full disk makes SQLite roll back everything at once; a server may have gone away.
    if (!turn.connection.inTransaction)
      throw new Lost('The transaction ended before its commit.', { cause: failure?.error })
    await ('error' in result ? turn.undo() : turn.release())
    return { job, db, result }
  }

  /** What came after is not before: a clock that is put right by a moment stands still for that long. */
  private now(): number {
    const now = this.options.clock.now()
    const back = this.latest - now
    this.latest = back > 0 && back <= longestStillMs ? this.latest : now
    return this.latest
  }

  /** Answers who may try again: nobody when the error stays, else those whose time is not up. */
  private refuse(error: unknown, jobs: readonly Job[]): Job[] {
    const since = this.engine.passes(error) ? performance.now() - this.options.patienceMs : Number.POSITIVE_INFINITY
    for (const job of jobs) if (job.since <= since) job.reject(this.engine.explain(error))
    return jobs.filter((job) => job.since > since)
  }
}

/** The commit stands, whatever a hook throws; neither may it keep other hooks from running. */
function runHook(hook: () => void): void {
  try {
    hook()
  } catch (error) {
    process.emitWarning(error instanceof Error ? error : String(error))
  }
}
