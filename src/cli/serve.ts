import closeWithGrace from 'close-with-grace'
import { buildApp } from '../app.ts'
import { isDue, settleDue } from '../articles/articles.ts'
import type { Config } from '../config.ts'
import { StartError } from '../errors.ts'
import type { App } from '../http/app.ts'
import { idleCloser } from '../http/server.ts'
import { type Job, startJobs } from '../jobs/runner.ts'
import { ensureAdminKey } from '../keys/keys.ts'
import { systemClock } from '../lib/clock.ts'
import { createLog } from '../log.ts'
import { createRenderer } from '../markdown/renderer.ts'
import { forgetOldSaves } from '../revisions/revisions.ts'
import { forgetOldAnswers } from '../storage/answers.ts'
import { sharedSecret } from '../storage/secrets.ts'
import type { Store } from '../storage/store.ts'
import { type Command, openStore, readArgs } from './context.ts'

/** As long as supervisors commonly wait before they kill. */
const longestStopMs = 10_000
/** From here on what still holds a connection is a reader that has stalled. */
const patienceMs = 8_000

export const serve: Command = {
  summary: 'start the service',
  options: 'serve [--host ADDRESS] [--port PORT] [--database DATABASE]',
  async run(args) {
    const parsed = readArgs(serve.options, 'Starts the service; makes and migrates the database when needed.', args, {})
    if (parsed === undefined) return
    const { config, secrets, store } = await openStore(parsed.values)
    const log = createLog(config.log)
    for (const warning of store.warnings) log.warn(warning)
    const renderer = createRenderer({ timeoutMs: config.renderTimeoutMs })
    const close = async (): Promise<void> => {
      await renderer.close()
      await store.close()
    }
    let app: App
    let made: string | undefined
    try {
      const secret = await sharedSecret(store, 'cursors')
      app = await buildApp({ config, store, renderer, log, clock: systemClock, secret })
      made = await store.transact((db) => ensureAdminKey(db, secrets.adminKey))
    } catch (error) {
      await close()
      throw error
    }

    const closeIdle = idleCloser(app.server)
    try {
      await app.listen({ host: config.host, port: config.port })
    } catch (error) {
      await app.close()
      await close()
      // It is in the database now and would never be shown again.
      if (made !== undefined) announce(made)
      throw new StartError(`Cannot listen on ${config.host}:${config.port}: ${(error as Error).message}.`)
    }
    const jobs = startJobs(config.jobs ? jobsOf(store, config) : [], log)
    closeWithGrace({ delay: longestStopMs, logger: log }, async () => {
      app.stopping = true
      const timer = setInterval(closeIdle, 100)
      const deadline = setTimeout(() => app.server.closeAllConnections(), patienceMs)
      await Promise.all([app.close(), jobs.stop()])
      clearInterval(timer)
      clearTimeout(deadline)
      await close()
    })
    if (made !== undefined) announce(made, app.listeningOrigin)
  },
}

/** What comes round by itself, in every process that serves. */
function jobsOf(store: Store, { revisionDays }: Config): Job[] {
  // Readers see on the instant what is due; whoever follows the changes hears of it within this.
  const settle = {
    name: 'settle',
    everyMs: 1_000,
    run: async () => (await store.read(isDue)) && store.transact(settleDue),
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
  return revisionDays === 0 ? [settle, forgetAnswers] : [settle, forgetAnswers, forgetSaves]
}

/** Old things may be an hour older. */
const hourMs = 3_600_000

/** In words of its own and no event of the log, where anything like a key is cut short. */
function announce(secret: string, origin?: string): void {
  const trial = origin === undefined ? '' : `\n  Try it:  curl -H "Authorization: Bearer ${secret}" ${origin}/v1/keys\n`
  console.log(`
  This is the admin key of the new database. It is shown this once:

    ${secret}
${trial}`)
}
