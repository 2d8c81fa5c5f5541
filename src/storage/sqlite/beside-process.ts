import { type ChildProcess, fork } from 'node:child_process'
import Database from 'better-sqlite3'
import type { BetterSQLite3Database } from 'drizzle-orm/better-sqlite3'
import type { Connection, Gate } from '../connection.ts'
import { sqliteDialect } from '../dialect.ts'
import { tooSlow, unavailable } from '../problems.ts'
import type { Preparable } from '../store.ts'
import type { Asked, Told } from './beside-program.ts'
import { tables } from './connection.ts'
import { type FileOptions, keep } from './database.ts'
import { drizzleRemote } from './drizzle.ts'

export interface BesideOptions extends FileOptions {
  /** how long a statement may take */
  limitMs: number
}

interface Call {
  asked: Asked
  resolve(rows: unknown[][]): void
  reject(error: unknown): void
}

/** Threads cannot be stopped within a query of SQLite's, and better-sqlite3 has no interrupt: a process can be killed. */
const program = new URL('beside-program.ts', import.meta.url)

/** It takes some 60 ms, on a machine with far too much to do a few seconds. Who asks waits no longer for what may not come. */
const startLimitMs = 10_000

/**
 * A process that reads, on a connection of its own. What it is asked runs one after the other once it has started, each
 * within a time that counts from its own beginning; what takes longer ends the process.
 */
export class BesideProcess {
  private readonly options: BesideOptions
  private readonly child: ChildProcess
  private readonly waiting: Call[] = []
  private readonly ended: Promise<void>
  private current: Call | undefined
  private timer: NodeJS.Timeout | undefined
  private late: NodeJS.Immediate | undefined
  private started = false
  /** Nothing can be asked of it any more. */
  gone = false

  /** Starts it; it takes some 25 MB. */
  constructor(options: BesideOptions) {
    this.options = options
    // No flags of this process; what it says in distress stands beside our own log.
    const stdio = ['ignore', 'ignore', 'inherit', 'ipc'] as const
    this.child = fork(program, [options.path], { execArgv: [], serialization: 'advanced', stdio: [...stdio] })
    this.ended = new Promise((resolve) => {
      this.child.once('exit', (code, signal) => {
        this.fail(unavailable(new Error(`A process that reads ended with ${signal ?? code}.`)))
        resolve()
      })
      this.child.once('error', (error) => {
        this.fail(unavailable(error))
        // Without an id there is none that could exit.
        if (this.child.pid === undefined) resolve()
      })
    })
    this.child.on('message', (told: Told) => this.hear(told))
    this.within(startLimitMs, () => this.fail(unavailable(new Error('A process that reads did not start.'))))
    // It holds nobody up who has nothing else to do. What it is asked does, and that it starts: by the timer.
    this.child.unref()
    this.child.channel?.unref()
  }

  ask(asked: Asked): Promise<unknown[][]> {
    if (this.gone) return Promise.reject(unavailable())
    return new Promise((resolve, reject) => {
      this.waiting.push({ asked, resolve, reject })
      this.next()
    })
  }

  /** Nothing is lost by it: it only reads. */
  async end(): Promise<void> {
    this.child.ref()
    this.fail(unavailable())
    await this.ended
  }

  private next(): void {
    if (!this.started || this.current !== undefined || this.gone) return
    this.current = this.waiting.shift()
    if (this.current === undefined) return
    const { asked } = this.current
    if (typeof asked === 'object') this.options.observe?.(asked.sql)
    this.within(this.options.limitMs, () => this.fail(unavailable(), tooSlow()))
    try {
      this.child.send(asked, (error) => error && this.fail(unavailable(error)))
    } catch (error) {
      // An input that cannot travel is one that no column takes either.
      this.settle()?.reject(error)
      this.next()
    }
  }

  private within(limitMs: number, fail: () => void): void {
    this.timer = setTimeout(() => {
      // The answer may have come already, when it is the event loop that was late: one turn lets it in.
      this.late = setImmediate(fail)
    }, limitMs)
  }

  private hear(told: Told): void {
    const call = this.settle()
    if (told === 'started') this.started = true
    else if ('rows' in told) call?.resolve(told.rows)
    else call?.reject(errorOf(told.failure))
    this.next()
  }

  private settle(): Call | undefined {
    const { current } = this
    clearTimeout(this.timer)
    clearImmediate(this.late)
    this.current = undefined
    return current
  }

  /** Ends it at once. Whoever waits is told so; the one whose statement runs, why. */
  private fail(error: unknown, reason: unknown = error): void {
    if (this.gone) return
    this.gone = true
    this.child.kill('SIGKILL')
    this.settle()?.reject(reason)
    for (const call of this.waiting.splice(0)) call.reject(error)
  }
}

/** The connection of such a process, as the rest of the house knows connections. */
export class BesideConnection implements Connection {
  readonly tables = tables
  readonly dialect = sqliteDialect
  readonly inTransaction = false
  private readonly process: BesideProcess
  private readonly db: BetterSQLite3Database
  private readonly queries = new Map<string, Remote>()

  constructor(process: BesideProcess) {
    this.process = process
    this.db = this.guarded({ check: () => {}, failed: () => {} })
  }

  guarded(gate: Gate): BetterSQLite3Database {
    const ask = async (sql: string, inputs: unknown[]) => {
      gate.check()
      try {
        return { rows: await this.process.ask({ sql, inputs }) }
      } catch (error) {
        gate.failed(error)
        throw error
      }
    }
    // Its types say that it answers at once: as with PostgreSQL, whoever reads awaits all the same.
    return drizzleRemote(ask) as unknown as BetterSQLite3Database
  }

  async run<Row>(
    name: string,
    build: (db: BetterSQLite3Database) => Preparable<Row>,
    inputs?: Record<string, unknown>,
  ): Promise<Row[]> {
    let query = this.queries.get(name)
    if (query === undefined) {
      query = build(this.db).prepare() as unknown as Remote
      keep(this.queries, name, query)
    }
    return (await query.all(inputs)) as Row[]
  }

  /** The moment that is read from then on. */
  async begin(): Promise<void> {
    await this.process.ask('begin')
  }

  /** Nobody needs to wait for it. */
  end(): void {
    this.process.ask('end').catch(() => {})
  }
}

interface Remote {
  all(inputs?: Record<string, unknown>): Promise<unknown[]>
}

function errorOf({ code, message }: { code?: string; message: string }): Error {
  return code === undefined ? new Error(message) : new Database.SqliteError(message, code)
}
