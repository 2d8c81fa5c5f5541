/** Work that comes round by itself. */
export interface Job {
  name: string
  /** how long to wait when there is nothing to do */
  everyMs: number
  /** One piece of it, short; answers whether there may be more. May be run by several processes at once. */
  run(): Promise<boolean>
}

export interface Jobs {
  /** how often each has failed */
  failures: ReadonlyMap<string, number>
  stop(): Promise<void>
}

interface Log {
  warn(details: object, message: string): void
}

/** After a failure the next try waits twice as long, up to this: a database that comes back is used within a minute. */
const longestWaitMs = 60_000

/** Between two pieces of work, so that whoever waits to write gets a turn. */
const breathMs = 10

/**
 * Runs jobs until it is stopped. Each process may have a runner: no job rests on being the only one, since what it does is
 * in one transaction with the mark that it is done.
 */
export function startJobs(jobs: readonly Job[], log: Log): Jobs {
  const stopping = new AbortController()
  const failures = new Map(jobs.map(({ name }) => [name, 0]))
  const loops = jobs.map((job) =>
    loop(job, log, stopping.signal, () => failures.set(job.name, (failures.get(job.name) ?? 0) + 1)),
  )
  return {
    failures,
    async stop() {
      stopping.abort()
      await Promise.all(loops)
    },
  }
}

async function loop(job: Job, log: Log, stopping: AbortSignal, failed: () => void): Promise<void> {
  let failures = 0
  while (!stopping.aborted) {
    let more = false
    try {
      more = await job.run()
      failures = 0
    } catch (error) {
      failures += 1
      failed()
      log.warn({ err: error, job: job.name }, 'a job failed and will be tried again')
    }
    const wait = failures === 0 ? job.everyMs : Math.max(job.everyMs, Math.min(longestWaitMs, 1_000 * 2 ** failures))
    await pause(more ? breathMs : wait, stopping)
  }
}

/** Ends at once when the runner stops; keeps no process alive. */
function pause(ms: number, stopping: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stopping.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, ms)
    timer.unref()
    stopping.addEventListener('abort', done)
    if (stopping.aborted) done()
  })
}
