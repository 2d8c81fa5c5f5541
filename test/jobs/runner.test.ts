import { mock } from 'node:test'
import t from 'tap'
import { type Job, startJobs } from '../../src/jobs/runner.ts'

/** By a clock of the test's own: it stands until it is moved. */

t.beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'] }))
t.afterEach(() => mock.timers.reset())

/** Gives way so often that whatever need not wait for the clock has been done. */
async function rest(): Promise<void> {
  for (let i = 0; i < 20; i += 1) await Promise.resolve()
}

/** So that what comes round within it does so in its time. */
async function pass(milliseconds: number, step = 10): Promise<void> {
  await rest()
  for (let ms = 0; ms < milliseconds; ms += step) {
    mock.timers.tick(step)
    await rest()
  }
}

/** A job that does its pieces of work one after the other, then the last one for ever; and when it was run. */
function job(name: string, ...pieces: (() => boolean | Promise<boolean>)[]): Job & { runs: number[] } {
  const runs: number[] = []
  return {
    name,
    everyMs: 1_000,
    runs,
    run: async () => {
      runs.push(Date.now())
      return (pieces[runs.length - 1] ?? pieces.at(-1) ?? idle)()
    },
  }
}

const idle = () => false
const more = () => true
const fail = () => {
  throw new Error('The database is away.')
}

function listen() {
  const said: object[] = []
  return { said, log: { warn: (details: object, message: string) => said.push({ ...details, message }) } }
}

t.test('a job comes round as often as it says, and soon again while there is more to do', async (t) => {
  const settle = job('settle', more, more, more, idle)
  const { said, log } = listen()
  const runner = startJobs([settle], log)
  await pass(3_000)
  t.same(settle.runs, [0, 10, 20, 30, 1_030, 2_030])
  await runner.stop()
  t.same(said, [], 'and nothing is said of it')
})

t.test('a job that fails is tried again after ever longer waits, a minute at most, and hinders no other', async (t) => {
  const failing = job('failing', fail)
  const well = job('well', idle)
  const { said, log } = listen()
  const runner = startJobs([failing, well], log)
  await pass(190_000, 500)
  t.same(
    failing.runs.map((at) => at / 1_000),
    [0, 2, 6, 14, 30, 62, 122, 182],
  )
  t.equal(well.runs.length, 191)
  t.equal(said.length, failing.runs.length)
  for (const one of said) {
    t.match(one, { err: { message: 'The database is away.' }, job: 'failing', message: /tried again/ })
  }
  await runner.stop()
})

t.test('what has worked again waits no longer than it should, and is in no hurry for having failed', async (t) => {
  const shaky = job('shaky', fail, fail, idle, fail, idle)
  const runner = startJobs([shaky], listen().log)
  await pass(11_000)
  t.same(shaky.runs, [0, 2_000, 6_000, 7_000, 9_000, 10_000, 11_000])
  await runner.stop()
})

t.test('a job that is to come round seldom is not hurried by a failure', async (t) => {
  const hourly = { ...job('forget', fail), everyMs: 3_600_000 }
  const runner = startJobs([hourly], listen().log)
  await pass(3_600_000, 60_000)
  t.same(hourly.runs, [0, 3_600_000])
  await runner.stop()
})

t.test('stopping ends every wait at once, and nothing comes round any more', async (t) => {
  const jobs = [job('one', idle), job('two', fail), job('three', more)]
  const runner = startJobs(jobs, listen().log)
  await rest()
  // The clock does not move meanwhile.
  await runner.stop()
  const runs = jobs.map((one) => one.runs.length)
  await pass(10_000)
  t.same(
    jobs.map((one) => one.runs.length),
    runs,
  )
  await runner.stop()
})

t.test('stopping waits for what is under way, be it that it fails, and begins nothing after it', async (t) => {
  for (const end of [() => true, () => false, fail]) {
    const { promise, resolve } = Promise.withResolvers<void>()
    const long = job('long', () => promise.then(end))
    const { log } = listen()
    const runner = startJobs([long], log)
    await rest()
    let stopped = false
    const stopping = runner.stop().then(() => {
      stopped = true
    })
    await pass(5_000)
    t.equal(stopped, false, 'it is not over yet')
    resolve()
    await stopping
    await pass(5_000)
    t.equal(long.runs.length, 1)
  }
})

t.test('without jobs there is nothing to wait for', async (t) => {
  const { said, log } = listen()
  await startJobs([], log).stop()
  t.same(said, [])
})
