import closeWithGrace from 'close-with-grace'
import { createLog } from '../../log.ts'
import type { Settings } from '../context.ts'
import { announce, isReload, longestStopMs } from './ending.ts'
import { type Serving, startServing } from './serving.ts'

/** The one process there is: it serves, does the jobs, and ends with a signal. */
export async function serveAlone(settings: Settings): Promise<void> {
  const { config } = settings
  const log = createLog(config.log)
  const reloads = isReload()
  if (reloads) {
    process.on('SIGHUP', () => log.warn('SIGHUP restarts workers one by one, and there are none: see WARTA_WORKERS'))
  }
  let made: string | undefined
  let serving: Serving
  try {
    const keep = (key: string): void => {
      made = key
    }
    serving = await startServing(settings, { log, made: keep })
  } catch (error) {
    if (made !== undefined) announce(made)
    throw error
  }
  if (config.jobs) serving.startJobs()
  closeWithGrace({ delay: longestStopMs, logger: log, skip: reloads ? ['SIGHUP'] : [] }, async () => {
    await serving.stop()
  })
  if (made !== undefined) announce(made, serving.origin)
}
