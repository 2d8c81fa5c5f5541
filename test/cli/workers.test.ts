import { Agent, request } from 'node:http'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { newSecret } from '../../src/keys/secret.ts'
import { keyIn, refuses, run, type Service, serve, until } from '../support/cli.ts'
import { engine, newDatabase } from '../support/engines.ts'
import { figureOf } from '../support/figures.ts'
import { ask } from '../support/postgres.ts'
import { send } from '../support/wire.ts'

/** Several processes behind one port, as operators run them. */

const key = newSecret()
const env = { WARTA_ADMIN_KEY: key, WARTA_WORKERS: '2' }
const posted = 'warta_http_requests_total{method="POST",route="/v1/tags",status="2xx"}'

interface Line {
  pid: number
  msg: string
  reqId?: string
  req?: { method: string }
}

function logOf(service: Pick<Service, 'out'>): Line[] {
  const lines = service.out().split('\n')
  // The last one may still be on its way.
  return lines.slice(0, -1).flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : []))
}

/** Workers that have come to listen, in their order. */
function workersOf(service: Pick<Service, 'out'>): number[] {
  return logOf(service)
    .filter(({ msg }) => msg.startsWith('Worker listening'))
    .map(({ pid }) => pid)
}

/** Those that do what comes round by itself, in the order in which they were named. */
function runnersOf(service: Service): number[] {
  return logOf(service)
    .filter(({ msg }) => msg === 'this worker does what comes round by itself')
    .map(({ pid }) => pid)
}

/** What a client sends with each request. */
function headersOf(secret: string): Record<string, string> {
  return { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
}

async function figures({ port }: Service, secret: string): Promise<string> {
  return (await send(port, 'GET', '/metrics', headersOf(secret))).text
}

function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0)
  } catch {
    return true
  }
}

/** A request whose body comes in two pieces, so that a signal can come between them. */
function beginPost(port: number, secret: string, name: string) {
  const body = JSON.stringify({ name })
  const headers = { ...headersOf(secret), 'content-length': Buffer.byteLength(body) }
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: '/v1/tags', headers, agent: false })
  outgoing.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
  outgoing.on('error', reject)
  outgoing.write(body.slice(0, 5))
  return { finish: () => outgoing.end(body.slice(5)), status: promise }
}

/** Clients that go on without a pause until they are stopped, each on a connection that it keeps. */
function load(t: Test, port: number, secret: string) {
  const headers = headersOf(secret)
  const failures: string[] = []
  let [over, answered] = [false, 0]
  const client = async (name: string) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    t.teardown(() => agent.destroy())
    for (let i = 0; !over; i += 1) {
      const isWrite = i % 5 === 0
      const status = await new Promise<number | string | undefined>((resolve) => {
        const method = isWrite ? 'POST' : 'GET'
        const outgoing = request({ host: '127.0.0.1', port, path: '/v1/tags', method, agent, headers })
        outgoing.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode)))
        outgoing.on('error', (error) => resolve(error.message))
        outgoing.end(isWrite ? JSON.stringify({ name: `${name} ${i}` }) : undefined)
      })
      answered += 1
      if (status !== (isWrite ? 201 : 200)) failures.push(`${name} ${i}: ${status}`)
    }
  }
  const clients = ['Ana', 'Budi', 'Citra', 'Dewi'].map(client)
  return {
    stop: async () => {
      over = true
      await Promise.all(clients)
      return { failures, answered }
    },
  }
}

t.test('workers behind one port', { timeout: 60_000 }, async (t) => {
  const database = await newDatabase(t)
  const service = await serve(t, database, { env: { WARTA_WORKERS: '2' } })
  await until(() => service.out().includes('Try it:'))
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
      const page = await figures(service, secret)
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
    const page = await figures(service, secret)
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

  await t.test('are restarted one by one at SIGHUP, and no request fails', async (t) => {
    const before = workersOf(service)
    const clients = load(t, port, secret)
    await sleep(200)
    service.process.kill('SIGHUP')
    await until(() => workersOf(service).length > before.length)
    // Once more, while it is still at it.
    service.process.kill('SIGHUP')
    await until(() => workersOf(service).length === before.length + 4)
    await until(async () => before.concat(workersOf(service).slice(-4, -2)).every(isGone))
    const { failures, answered } = await clients.stop()
    t.strictSame(failures, [], `none of ${answered}`)
    t.ok(answered > 50)
    const posts = (): number =>
      logOf(service).filter(({ msg, req }) => msg === 'request' && req?.method === 'POST').length
    const page = await figures(service, secret)
    t.equal(figureOf(page, posted), posts(), 'nothing that they counted is forgotten')
    t.same([figureOf(page, 'warta_processes'), figureOf(page, 'warta_worker_deaths_total')], [2, 1])
  })

  await t.test('stay when the new one does not start', async (t) => {
    // As if another version had written to the database.
    const sql = "INSERT INTO migrations (name, checksum, applied_at) VALUES ('9999_later.sql', 'x', '2026-11-22')"
    if (engine === 'sqlite') new Database(database).exec(sql).close()
    else await ask(database, sql)
    service.process.kill('SIGHUP')
    await until(() => logOf(service).some(({ msg }) => msg === 'the new worker did not start: the old ones stay'))
    t.match(service.out(), '9999_later.sql')
    t.equal(figureOf(await figures(service, secret), 'warta_processes'), 2)
  })

  await t.test('finish what is under way when a terminal interrupts them all', async (t) => {
    const post = beginPost(port, secret, 'in flight')
    await sleep(200)
    for (const pid of [service.process.pid ?? 0, ...workersOf(service).slice(-2)]) process.kill(pid, 'SIGINT')
    await until(() => refuses(port))
    post.finish()
    t.equal(await post.status, 201)
    const { code, signal, err } = await service.ended
    t.same([code, signal, err], [0, null, ''])
  })
})

t.test('if the process that looks after them is killed, workers finish what is under way and end', async (t) => {
  const service = await serve(t, await newDatabase(t), { env })
  const post = beginPost(service.port, key, 'in flight')
  await sleep(200)
  service.process.kill('SIGKILL')
  await until(() => refuses(service.port))
  post.finish()
  t.equal(await post.status, 201)
  // Their output ends when the last that could write to it is gone.
  t.equal((await service.ended).signal, 'SIGKILL')
})

t.test('workers that die at once are not started without end, and a second signal ends all at once', async (t) => {
  const service = await serve(t, await newDatabase(t), { env })
  const killed = new Set<number>()
  const began = performance.now()
  while (performance.now() - began < 2_000) {
    for (const pid of workersOf(service).filter((pid) => !killed.has(pid))) {
      killed.add(pid)
      process.kill(pid, 'SIGKILL')
    }
    await sleep(10)
  }
  t.ok(killed.size >= 2 && killed.size <= 5, `${killed.size} were started`)
  await until(() => workersOf(service).some((pid) => !killed.has(pid)))
  const post = beginPost(service.port, key, 'never finished')
  post.status.catch(() => {})
  await sleep(200)
  const signalled = performance.now()
  service.process.kill('SIGTERM')
  await until(() => refuses(service.port))
  service.process.kill('SIGTERM')
  t.equal((await service.ended).code, 1)
  t.ok(performance.now() - signalled < 5_000, 'although something was under way')
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

t.test('SIGHUP ends no service that has no workers, and says what it is for', async (t) => {
  const service = await serve(t, await newDatabase(t), { env: { WARTA_ADMIN_KEY: key } })
  service.process.kill('SIGHUP')
  await until(() => logOf(service).some(({ msg }) => msg.includes('WARTA_WORKERS')))
  t.equal((await send(service.port, 'GET', '/livez')).status, 200)
  service.process.kill('SIGTERM')
  t.equal((await service.ended).code, 0)
})
