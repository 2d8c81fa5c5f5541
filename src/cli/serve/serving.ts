import { Server } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { buildApp, type Parts } from '../../app.ts'
import { areCardsMissing, isDue, settleDue, writeCards } from '../../articles/articles.ts'
import type { Config } from '../../config.ts'
import { StartError } from '../../errors.ts'
import type { App } from '../../http/app.ts'
import { idleCloser } from '../../http/server.ts'
import { type Job, type Jobs, startJobs } from '../../jobs/runner.ts'
import { ensureAdminKey } from '../../keys/keys.ts'
import { systemClock } from '../../lib/clock.ts'
import type { Family } from '../../lib/figures.ts'
import { createRenderer } from '../../markdown/renderer.ts'
import { forgetOldSaves } from '../../revisions/revisions.ts'
import { forgetOldAnswers } from '../../storage/answers.ts'
import { sharedSecret } from '../../storage/secrets.ts'
import type { Store } from '../../storage/store.ts'
import { openDatabaseOf, type Settings } from '../context.ts'
import { forgettingWords } from './forgetting.ts'
import { indexing } from './indexing.ts'

/** How long a client that sends one request after another has to hear with an answer that its connection ends. */
const lettingGoMs = 1_000
/** From here on what still holds a connection is a reader that has stalled. */
const patienceMs = 8_000

export interface Serving {
  /** where it listens */
  origin: string
  /** From now on this process does what comes round by itself. */
  startJobs(): void
  figures(): Promise<Family[]>
  /** Finishes what is under way, lets go of everything, and answers its last figures. To stop twice is to stop once. */
  stop(): Promise<Family[]>
}

interface Options {
  log: Logger
  /** what the log says when it listens */
  listening?: (address: string) => string
  /** whether the operator should hear from this process what there is to know of the database */
  warns?: boolean
  /** the admin key of a new database, to be shown once: it is in the database now, whatever becomes of the start */
  made(key: string): void
  gather?: Parts['gather']
}

/**
 * Opens the database, listens and answers.
 * @throws StartError with one sentence; nothing is left open
 */
export async function startServing(settings: Settings, options: Options): Promise<Serving> {
  const { config, secrets } = settings
  const { log, listening, warns = true, gather } = options
  const store = await openDatabaseOf(settings)
  if (warns) for (const warning of store.warnings) log.warn(warning)
  const renderer = createRenderer({ timeoutMs: config.renderTimeoutMs })
  const close = async (): Promise<void> => {
    await renderer.close()
    await store.close()
  }
  let app: App
  try {
    const secret = await sharedSecret(store, 'cursors')
    app = await buildApp({ config, store, renderer, log, clock: systemClock, secret, gather })
    const made = await store.transact((db) => ensureAdminKey(db, secrets.adminKey))
    if (made !== undefined) options.made(made)
  } catch (error) {
    await close()
    throw error
  }
  const closeIdle = idleCloser(app.server)
  try {
    const text = listening === undefined ? {} : { listenTextResolver: listening }
    await app.listen({ host: config.host, port: config.port, ...text })
  } catch (error) {
    await app.close()
    await close()
    throw new StartError(`Cannot listen on ${config.host}:${config.port}: ${(error as Error).message}.`)
  }

  let jobs: Jobs | undefined
  app.metrics.include(() => jobFamilies(jobs))
  const stop = async (): Promise<Family[]> => {
    app.stopping = true
    const ended = jobs?.stop()
    const deadline = setTimeout(() => app.server.closeAllConnections(), patienceMs)
    await letGo(app.server)
    const timer = setInterval(closeIdle, 100)
    await Promise.all([app.close(), ended])
    clearInterval(timer)
    clearTimeout(deadline)
    const figures = await app.metrics.collect()
    await close()
    return figures
  }
  let stopped: Promise<Family[]> | undefined
  return {
    origin: app.listeningOrigin,
    startJobs() {
      if (!app.stopping) jobs ??= startJobs(jobsOf(store, config, log), log)
    },
    figures: () => app.metrics.collect(),
    stop: () => (stopped ??= stop()),
  }
}

/**
 * Lets nobody in and closes no connection that may be in use: a request could be on its way on it, and would fail. Each
 * ends with its next answer; those on which nothing comes are left to be closed as idle.
 */
async function letGo(server: App['server']): Promise<void> {
  // http.Server's own close would end idle connections at once.
  Server.prototype.close.call(server)
  server.prependListener('request', (_request, response) => {
    response.shouldKeepAlive = false
  })
  const until = performance.now() + lettingGoMs
  while (performance.now() < until && (await connectionsOf(server)) > 0) await sleep(20)
}

function connectionsOf(server: App['server']): Promise<number> {
  return new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))
}

function jobFamilies(jobs: Jobs | undefined): Family[] {
  const failures = [...(jobs?.failures ?? [])]
  return [
    {
      name: 'warta_job_failures_total',
      help: 'Failures of what comes round by itself; each is tried again.',
      type: 'counter',
      over: 'sum',
      samples: failures.map(([job, value]) => ({ labels: { job }, value })),
    },
  ]
}

/** What comes round by itself. */
function jobsOf(store: Store, { revisionDays }: Config, log: Logger): Job[] {
  // Readers see on the instant what is due; whoever follows the changes hears of it within this.
  const settle = {
    name: 'settle',
    everyMs: 1_000,
    run: async () => (await store.read(isDue)) && store.transact(settleDue),
  }
  // Whoever searches after a run was broken off waits no longer than this for the next to begin.
  const index = {
    name: 'index',
    everyMs: 5_000,
    run: indexing(store, log),
  }
  // Until then a card is made for each reader.
  const cards = {
    name: 'cards',
    everyMs: 5_000,
    run: async () => (await store.read(areCardsMissing)) && store.transact(writeCards),
  }
  const forgetWords = {
    name: 'forget words',
    everyMs: hourMs,
    run: forgettingWords(store),
  }
  const forgetAnswers = {
    name: 'forget first answers',
    everyMs: hourMs,
    run: () => store.transact(forgetOldAnswers),
  }
  const forgetSaves = {
    name: 'forget old saves',
    everyMs: hourMs,
    run: () => store.transact((db) => forgetOldSaves(db, revisionDays)),
  }
  return [settle, index, cards, forgetWords, forgetAnswers, ...(revisionDays === 0 ? [] : [forgetSaves])]
}

/** Old things may be an hour older. */
const hourMs = 3_600_000
