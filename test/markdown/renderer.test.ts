import { execFile } from 'node:child_process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { promisify } from 'node:util'
import t from 'tap'
import { renderMarkdown } from '../../src/markdown/render.ts'
import { createRenderer, RenderError } from '../../src/markdown/renderer.ts'

// Ten seconds of work: each end tag looks through all the open ones.
const SLOW = `${'<x>'.repeat(100_000)}${'</y>'.repeat(100_000)}`
// More tokens than the thread has memory for, in a second or two.
const GREEDY = `|a|\n|-|\n${'|a|\n'.repeat(262_000)}`
// A tenth of the slow one's work, and a hundred times a word's, for which a busy machine may stand still at times.
const briefMs = 1_000

t.test('gives the renderings of the bodies, in their order', async (t) => {
  const renderer = createRenderer({ timeoutMs: 5_000 })
  t.teardown(() => renderer.close())
  const bodies = ['# a', '', '<script>x</script>b']
  t.same(await renderer.render(bodies), bodies.map(renderMarkdown))
  t.same(await renderer.render([]), [])
})

t.test('calls at the same time each get their own answer', async (t) => {
  const renderer = createRenderer({ timeoutMs: 5_000 })
  t.teardown(() => renderer.close())
  const bodies = Array.from({ length: 200 }, (_, index) => `kata${index}`)
  const answers = await Promise.all(bodies.map((body) => renderer.render([body])))
  t.same(
    answers.map(([rendering]) => rendering?.text),
    bodies,
  )
})

t.test('a call over its time is killed and the next one works', async (t) => {
  const renderer = createRenderer({ timeoutMs: briefMs })
  t.teardown(() => renderer.close())
  await renderer.render(['warm'])
  const start = performance.now()
  await t.rejects(renderer.render([SLOW]), { name: 'RenderError', code: 'too_complex' })
  const took = performance.now() - start
  // A timer may be early by part of a millisecond; half of what the work takes is far more than a busy machine adds.
  t.ok(took >= briefMs - 1 && took < 5_000, `killed after ${took.toFixed()} ms`)
  t.equal((await renderer.render(['kata']))[0]?.text, 'kata')
})

t.test('a hostile call delays its neighbours but never fails them, and waiting costs them no time', async (t) => {
  const renderer = createRenderer({ timeoutMs: briefMs })
  t.teardown(() => renderer.close())
  const calls = ['a', SLOW, 'b', SLOW, 'c', SLOW, 'd'].map((body) => renderer.render([body]))
  const outcomes = await Promise.allSettled(calls)
  t.same(
    outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value[0]?.text : outcome.reason.code)),
    ['a', 'too_complex', 'b', 'too_complex', 'c', 'too_complex', 'd'],
  )
})

t.test('one body that is refused refuses its call, and the thread lives on', async (t) => {
  const renderer = createRenderer({ timeoutMs: 5_000 })
  t.teardown(() => renderer.close())
  await t.rejects(renderer.render(['a', '> '.repeat(200)]), { code: 'too_complex', message: /nested/ })
  t.equal((await renderer.render(['kata']))[0]?.text, 'kata')
})

t.test('a text that takes too much memory ends its thread, not the process', async (t) => {
  const renderer = createRenderer({ timeoutMs: 60_000 })
  t.teardown(() => renderer.close())
  const [greedy, next] = await Promise.allSettled([renderer.render([GREEDY]), renderer.render(['kata'])])
  t.ok(greedy.status === 'rejected' && greedy.reason instanceof RenderError)
  t.match(greedy, { reason: { code: 'too_complex', message: /memory/ } })
  t.match(next, { status: 'fulfilled', value: [{ text: 'kata' }] })
})

t.test('a fault of ours is told apart from a text that is too complex', async (t) => {
  const renderer = createRenderer({ timeoutMs: 5_000 })
  t.teardown(() => renderer.close())
  await t.rejects(renderer.render([1 as unknown as string]), { name: 'RenderError', code: 'renderer_failed' })
  t.equal((await renderer.render(['kata']))[0]?.text, 'kata')
})

t.test('an answer that was there in time counts, however late the event loop reads it', async (t) => {
  const timeoutMs = 500
  const renderer = createRenderer({ timeoutMs })
  t.teardown(() => renderer.close())
  await renderer.render(['warm'])
  for (let round = 0; round < 3; round++) {
    const call = renderer.render(['kata'])
    const next = renderer.render(['berikut'])
    // In this thread's own time, so that however busy the machine is the other has had its time too.
    const start = process.threadCpuUsage()
    while (spentMs(start) < 1.5 * timeoutMs);
    t.equal((await call)[0]?.text, 'kata')
    t.equal((await next)[0]?.text, 'berikut')
  }
})

/** The time that this thread has worked since. */
function spentMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.threadCpuUsage(since)
  return (user + system) / 1_000
}

t.test('the event loop goes on while the thread is busy', async (t) => {
  const renderer = createRenderer({ timeoutMs: 1_500 })
  t.teardown(() => renderer.close())
  const waits: number[] = []
  // Other processes on the machine keep a loop waiting too, now and then; the thread would do so each time.
  for (let tries = 0; tries < 5 && !waits.some((wait) => wait < 250); tries += 1) {
    await renderer.render(['warm'])
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    await t.rejects(renderer.render([SLOW]), { code: 'too_complex' })
    delay.disable()
    waits.push(delay.max / 1e6)
  }
  const least = Math.min(...waits)
  t.ok(least < 250, `the longest wait was ${least.toFixed()} ms`)
})

t.test('close ends the thread and refuses what was asked and is asked', async (t) => {
  const renderer = createRenderer({ timeoutMs: 60_000 })
  const calls = [SLOW, 'waiting'].map((body) => renderer.render([body]))
  const outcomes = Promise.allSettled(calls)
  const start = performance.now()
  await renderer.close()
  await renderer.close()
  t.ok(performance.now() - start < 5_000)
  for (const outcome of await outcomes) t.match(outcome, { status: 'rejected', reason: { code: 'renderer_closed' } })
  await t.rejects(renderer.render(['late']), { code: 'renderer_closed' })
  await createRenderer({ timeoutMs: 1 }).close()
})

t.test('the process', async (t) => {
  const url = new URL('../../src/markdown/renderer.ts', import.meta.url).href
  const prelude = `import { createRenderer } from ${JSON.stringify(url)}\n`
  const run = async (script: string) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module-typescript', '--eval', prelude + script],
      // The test runner's own hooks are not wanted in there.
      { env: {}, timeout: 60_000 },
    )
    return { stdout: stdout.trim(), ended: Date.now() }
  }

  t.test('ends by itself once no caller waits, without close', async (t) => {
    const { stdout } = await run(`
      const renderer = createRenderer({ timeoutMs: 5000 })
      console.log((await renderer.render(['kata']))[0].text)`)
    t.equal(stdout, 'kata')
  })

  t.test('does not end before an answer that it waits for', async (t) => {
    const { stdout } = await run(`
      const renderer = createRenderer({ timeoutMs: 5000 })
      for (const body of ['a', 'b', 'c']) console.log((await renderer.render([body]))[0].text)
      await renderer.render(['> '.repeat(200)]).catch((error) => console.log(error.code))
      console.log((await renderer.render(['d']))[0].text)`)
    t.equal(stdout, 'a\nb\nc\ntoo_complex\nd')
  })

  t.test('ends after close, whatever the thread was doing', async (t) => {
    const { stdout, ended } = await run(`
      const renderer = createRenderer({ timeoutMs: 60000 })
      await renderer.render(['warm'])
      console.log(Date.now())
      const call = renderer.render(['<x>'.repeat(100_000) + '</y>'.repeat(100_000)]).catch((error) => console.log(error.code))
      setTimeout(() => renderer.close(), 200)
      await call`)
    const [warm, said] = stdout.split('\n')
    t.equal(said, 'renderer_closed')
    // From when it was there: how long a process takes to start is the machine's affair.
    const took = ended - Number(warm)
    t.ok(took < 5_000, `${took} ms`)
  })
})
