import cluster from 'node:cluster'
import closeWithGrace from 'close-with-grace'
import { StartError } from '../../errors.ts'
import type { Family } from '../../lib/figures.ts'
import { createLog } from '../../log.ts'
import type { Settings } from '../context.ts'
import { longestStopMs } from './ending.ts'
import type { ToPrimary, ToWorker } from './messages.ts'
import { type Serving, startServing } from './serving.ts'

/** Twice what the other process gives the workers to answer. */
const gatheringMs = 2_000

/** It ends by itself a moment before it would be killed. */
const marginMs = 500

/** The process that looks after it decides. A terminal sends its signals to all of them, and to end is to end once. */
const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** One of several that serve behind one port. */
export async function serveAsWorker(settings: Settings): Promise<void> {
  const log = createLog(settings.config.log)
  process.on('SIGHUP', () => {})
  const answers = new Map<number, (all: Family[][]) => void>()
  let asks = 0
  const gather = (): Promise<Family[][]> => {
    asks += 1
    const ask = asks
    return new Promise((resolve, reject) => {
      const late = (): void => {
        answers.delete(ask)
        reject(new Error('The figures of the other processes did not come.'))
      }
      const timer = setTimeout(late, gatheringMs)
      answers.set(ask, (all) => {
        clearTimeout(timer)
        answers.delete(ask)
        resolve(all)
      })
      void tell({ asks: 'figures', ask })
    })
  }

  let serving: Serving
  try {
    serving = await startServing(settings, {
      log,
      listening: (address) => `Worker listening at ${address}`,
      // Once, not once each.
      warns: cluster.worker?.id === 1,
      made: (key) => void tell({ says: 'made', key }),
      gather,
    })
  } catch (error) {
    const explained = error instanceof StartError
    if (explained) await tell({ says: 'refused', reason: error.message })
    // Without it nothing holds this process any longer.
    cluster.worker?.disconnect()
    if (!explained) throw error
    process.exitCode = 1
    return
  }

  const grace = closeWithGrace({ delay: longestStopMs - marginMs, logger: log, skip: [...signals] }, async () => {
    await tell({ says: 'figures', figures: await serving.stop() })
  })
  let leaving = false
  const leave = (): void => {
    if (leaving) return
    leaving = true
    void grace.close()
  }
  process.on('SIGTERM', leave)
  process.on('SIGINT', leave)
  // Node tells the other process of each connection that it takes and of each server that it closes; when that one is gone,
  // this comes before 'disconnect', and is no fault to end at once for, with requests under way.
  cluster.worker?.on('error', leave)
  cluster.worker?.on('disconnect', () => {
    // Node would end the process here and now: https://github.com/nodejs/node/blob/v24.x/lib/internal/cluster/child.js
    if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true
    leave()
  })
  process.on('message', async (message: ToWorker) => {
    if ('asks' in message) await tell({ says: 'figures', round: message.round, figures: await serving.figures() })
    else if (message.says === 'figures') answers.get(message.ask)?.(message.all)
    else {
      log.info('this worker does what comes round by itself')
      serving.startJobs()
    }
  })
  await tell({ says: 'listening', origin: serving.origin })
}

/** Resolves when it is on its way; if the other process is gone, so is whoever wanted to know. */
function tell(message: ToPrimary): Promise<void> {
  return new Promise((resolve) => {
    if (process.connected) process.send?.(message, undefined, undefined, () => resolve())
    else resolve()
  })
}
