import { createServer } from 'node:net'
import t from 'tap'
import { keyIn, run, serve, until } from '../support/cli.ts'
import { newDatabase } from '../support/engines.ts'
import { figureOf } from '../support/figures.ts'
import { send } from '../support/wire.ts'
import { figures, headersOf, type Line, logOf, posted, runnersOf, wholeFigures, workersOf } from '../support/workers.ts'

/** Several processes behind one port, as operators run them. */

/** Several times what all the starts here take on a machine that is busy with others. */
const longestMs = 240_000

t.test('workers behind one port', { timeout: longestMs }, async (t) => {
  const database = await newDatabase(t)
  const service = await serve(t, database, { env: { WARTA_WORKERS: '2' } })
  // Each process writes its own lines, in no order between them.
  await until(() => service.out().includes('Try it:') && workersOf(service).length >= 2)
  const { port } = service
  const secret = keyIn(service.out()) ?? ''
  const headers = headersOf(secret)

  await t.test('show the admin key once, and never disagree', async (t) => {
    t.match(service.out(), `curl -H "Authorization: Bearer ${secret}" ${service.origin}/v1/keys`)
    t.equal(service.out().split(secret).length - 1, 2, 'once to keep and once to try')
    const workers = workersOf(service)
    t.equal(new Set([...workers, service.process.pid]).size, 3)
    // Each request on a connection of its own: they are dealt out in turn, so that each worker gets some of everything.
    const stale: string[] = []
    for (let i = 0; i < 10; i += 1) {
      const { body } = await send(port, 'POST', '/v1/tags', headers, [JSON.stringify({ name: `tag ${i}` })])
      for (const id of [`a-${i}`, `b-${i}`, `c-${i}`]) {
        const { status } = await send(port, 'GET', `/v1/tags/${body.slug}`, { ...headers, 'x-request-id': id })
        if (status !== 200) stale.push(`${status} ${id}`)
      }
      await until(async () => (await send(port, 'GET', `/v1/tags/${body.slug}`)).status === 200)
    }
    t.strictSame(stale, [], 'what one has acknowledged each shows at once')
    const answered = (): Line[] => logOf(service).filter(({ reqId }) => /^[abc]-\d$/.test(reqId ?? ''))
    await until(() => answered().length === 30)
    t.same(new Set(answered().map(({ pid }) => pid)), new Set(workers), 'both have answered')
    t.equal(runnersOf(service).length, 1, 'one does the jobs')
  })

  await t.test('make one page of their figures, whichever answers', async (t) => {
    for (let i = 0; i < 4; i += 1) {
      const page = await wholeFigures(service, secret)
      t.equal(figureOf(page, posted), 10)
      t.equal(figureOf(page, 'warta_http_request_duration_seconds_count{method="POST",route="/v1/tags"}'), 10)
      t.same([figureOf(page, 'warta_processes'), figureOf(page, 'warta_worker_deaths_total')], [2, 0])
      t.equal(figureOf(page, 'warta_last_change'), 11, 'of the whole, and no sum')
    }
  })

  await t.test('that die are replaced at once, and what they counted is not forgotten', async (t) => {
    const [runner = 0] = runnersOf(service)
    process.kill(runner, 'SIGKILL')
    await until(() => workersOf(service).length === 3 && runnersOf(service).length === 2)
    t.not(runnersOf(service)[1], runner, 'another does the jobs')
    const page = await wholeFigures(service, secret)
    t.equal(figureOf(page, posted), 10)
    t.same([figureOf(page, 'warta_processes'), figureOf(page, 'warta_worker_deaths_total')], [2, 1])
  })

  await t.test('that hang hold up no figures', async (t) => {
    const [, hanging = 0] = runnersOf(service)
    process.kill(hanging, 'SIGSTOP')
    // Of two connections one is dealt to it, and waits.
    const pages = [0, 1].map(() => figures(service, secret))
    const page = await Promise.race(pages)
    t.same([figureOf(page, posted), figureOf(page, 'warta_processes')], [10, 1])
    process.kill(hanging, 'SIGCONT')
    await Promise.all(pages)
  })
})

t.test('what keeps workers from starting is said once, and the key is not lost', async (t) => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  t.teardown(() => other.close())
  const address = other.address()
  const port = String(typeof address === 'object' ? address?.port : 0)
  const args = ['serve', '--port', port, '--database', await newDatabase(t)]
  const options = { env: { WARTA_WORKERS: '3', WARTA_LOG_LEVEL: 'error' } }
  const first = await run(t, args, options)
  t.equal(first.code, 1)
  t.match(first.err, /^Cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*\.\n$/)
  t.ok(keyIn(first.out))
  const again = await run(t, args, options)
  t.same([again.code, again.out, again.err], [1, '', first.err])
})
