import cluster, { type Worker } from 'node:cluster'
import { setTimeout as sleep } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import type { Config } from '../../config.ts'
import { StartError } from '../../errors.ts'
import type { Family } from '../../lib/figures.ts'
import { createLog } from '../../log.ts'
import type { Settings } from '../context.ts'
import { announce, isReload, longestStopMs } from './ending.ts'
import { Gathering } from './gathering.ts'
import type { ToPrimary, ToWorker } from './messages.ts'

/** A worker that dies sooner died of its start, or of what it meets at once; the next may well do so too. */
const youngMs = 10_000

/** After a second early death in a row a second, then twice as long each time: a mended cause is noticed within a minute. */
const firstWaitMs = 1_000
const longestWaitMs = 60_000

/** Far longer than last words need that were written before the end. */
const longestSilenceMs = 1_000

/** For the last word on workers that had to be killed. */
const marginMs = 500

/** Starts the workers, and looks after them. Keeps no database open and serves nobody itself. */
export async function serveByWorkers({ config }: Settings): Promise<void> {
  const crew = new Crew(config)
  const { log } = crew
  const reloads = isReload()
  const grace = closeWithGrace(
    {
      delay: longestStopMs + marginMs,
      logger: log,
      skip: reloads ? ['SIGHUP'] : [],
      onSecondSignal: () => crew.kill(),
      onTimeout: () => crew.kill(),
    },
    () => crew.stop(),
  )
  if (reloads) process.on('SIGHUP', () => crew.restart())
  const refused = await crew.start()
  if (refused === undefined) return
  await crew.stop()
  // With nothing left to do the process ends, with the code that the error gives it.
  grace.uninstall()
  throw refused
}

interface Member {
  worker: Worker
  /** when it began to listen; undefined while it starts */
  since: number | undefined
  /** its successor is on its way, or there, and nobody has to replace it */
  leaving: boolean
  gone: Promise<void>
}

class Crew {
  readonly log: ReturnType<typeof createLog>
  private readonly config: Config
  private readonly members = new Set<Member>()
  private readonly gathering = new Gathering()
  private runner: Member | undefined
  private key: string | undefined
  private origin = ''
  private started = false
  private stopping = false
  private earlyDeaths = 0
  private deaths = 0
  private restarting = false
  private again = false

  constructor(config: Config) {
    this.config = config
    this.log = createLog(config.log)
  }

  /** Resolves when all listen; or with what kept one from it, and nobody has said yet. */
  async start(): Promise<unknown> {
    let failure: unknown
    try {
      // Alone, so that the others find a database that is migrated and has its key, or are never started.
      await this.fork()
      await Promise.all(Array.from({ length: this.config.workers - 1 }, () => this.fork()))
      this.log.info({ workers: this.members.size }, `Server listening at ${this.origin}`)
      this.started = true
      this.nameRunner()
    } catch (error) {
      failure = error
    }
    if (this.key !== undefined) announce(this.key, this.started ? this.origin : undefined)
    this.key = undefined
    return this.stopping ? undefined : failure
  }

  /** Each worker in turn gives way to a new one that listens already. Asked for meanwhile, it is done once more. */
  restart(): void {
    if (!this.started || this.stopping) return
    this.again = true
    if (!this.restarting) void this.restartAll()
  }

  async stop(): Promise<void> {
    this.stopping = true
    await Promise.all(Array.from(this.members, endMember))
  }

  kill(): void {
    for (const { worker } of this.members) worker.process.kill('SIGKILL')
  }

  private async restartAll(): Promise<void> {
    this.restarting = true
    while (this.again && !this.stopping) {
      this.again = false
      const before = this.listening()
      this.log.info({ workers: before.length }, 'the workers are restarted one by one')
      for (const old of before) if (!this.stopping && !(await this.renew(old))) break
    }
    this.restarting = false
  }

  /** Whether there is a new one in its place. */
  private async renew(old: Member): Promise<boolean> {
    // It died meanwhile, and whoever took its place is new.
    if (!this.members.has(old)) return true
    old.leaving = true
    try {
      await this.fork()
    } catch (error) {
      if (this.stopping) return false
      this.log.error({ err: error }, 'the new worker did not start: the old ones stay')
      old.leaving = false
      if (!this.members.has(old)) void this.replace()
      return false
    }
    this.nameRunner()
    await endMember(old)
    return true
  }

  /** Resolves when it listens. */
  private fork(): Promise<void> {
    const worker = cluster.fork()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    let reason: string | undefined
    worker.on('message', (message: ToPrimary) => {
      if ('asks' in message) void this.answer(worker, message.ask)
      else if (message.says === 'made') this.key = message.key
      else if (message.says === 'refused') reason = message.reason
      else if (message.says === 'figures') this.gathering.heard(worker.id, message.figures, message.round)
      else {
        member.since = performance.now()
        this.origin = message.origin
        resolve()
      }
    })
    // When it has exited, its last words may still be on their way; nothing comes after 'disconnect'.
    const silent = new Promise<void>((resolve) => worker.once('disconnect', resolve))
    const ended = new Promise<string>((resolve) => {
      worker.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
      worker.on('error', (error) => {
        // What was being said to one that has just died; or the system has no process to give.
        this.log.warn({ err: error }, 'a worker cannot be reached')
        if (worker.process.pid === undefined) resolve(error.message)
      })
    })
    const gone = ended.then(async (how) => {
      await Promise.race([silent, sleep(longestSilenceMs, undefined, { ref: false })])
      reject(new StartError(reason ?? `A worker ended before it listened (${how}).`))
      this.lost(member, how)
    })
    const member: Member = { worker, since: undefined, leaving: false, gone }
    this.members.add(member)
    return promise
  }

  private lost(member: Member, how: string): void {
    const { worker, since, leaving } = member
    this.members.delete(member)
    this.gathering.lost(worker.id)
    // Of one that did not come to listen whoever started it hears.
    if (this.stopping || since === undefined) return
    this.nameRunner()
    if (leaving) return
    this.deaths += 1
    this.earlyDeaths = performance.now() - since < youngMs ? this.earlyDeaths + 1 : 0
    this.log.error({ worker: worker.process.pid, how }, 'a worker died and is replaced')
    void this.replace()
  }

  private async replace(): Promise<void> {
    while (!this.stopping) {
      if (this.earlyDeaths > 1) await this.pause()
      if (this.stopping) return
      try {
        await this.fork()
        this.nameRunner()
        return
      } catch (error) {
        if (this.stopping) return
        this.earlyDeaths += 1
        this.log.error({ err: error }, 'a worker did not start and will be tried again')
      }
    }
  }

  private pause(): Promise<void> {
    const ms = Math.min(longestWaitMs, firstWaitMs * 2 ** (this.earlyDeaths - 2))
    return sleep(ms)
  }

  /** One does the jobs: it loses nothing if two do, or none for a moment. */
  private nameRunner(): void {
    if (!this.config.jobs) return
    const fit = this.listening().filter(({ leaving }) => !leaving)
    if (this.runner !== undefined && fit.includes(this.runner)) return
    this.runner = fit[0]
    if (this.runner !== undefined) say(this.runner.worker, { says: 'jobs' })
  }

  private listening(): Member[] {
    return [...this.members].filter(({ since }) => since !== undefined)
  }

  private async answer(worker: Worker, ask: number): Promise<void> {
    const measured = this.listening().map(({ worker }) => ({
      id: worker.id,
      ask: (round: number) => say(worker, { asks: 'figures', round }),
    }))
    const all = await this.gathering.gather(measured)
    say(worker, { says: 'figures', ask, all: [...all, this.figures()] })
  }

  private figures(): Family[] {
    return [
      {
        name: 'warta_worker_deaths_total',
        help: 'Workers that ended unasked and were replaced.',
        type: 'counter',
        over: 'sum',
        samples: [{ labels: {}, value: this.deaths }],
      },
    ]
  }
}

function say(worker: Worker, message: ToWorker): void {
  // Whatever becomes of it: if the worker is gone, 'exit' tells.
  if (worker.isConnected()) worker.send(message, undefined, () => {})
}

/** Asks it to finish in its time, and resolves when it is gone. */
async function endMember({ worker, gone }: Member): Promise<void> {
  const overdue = setTimeout(() => worker.process.kill('SIGKILL'), longestStopMs)
  worker.process.kill('SIGTERM')
  await gone
  clearTimeout(overdue)
}
