import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { newSecret } from '../../src/keys/secret.ts'
import { refuses, serve, until } from '../support/cli.ts'
import { newDatabase } from '../support/engines.ts'
import { send } from '../support/wire.ts'

const key = newSecret()
const env = { WARTA_ADMIN_KEY: key }
/** After ten seconds the service ends by itself with another code; this process may hear of its end somewhat later. */
const longestMs = 12_000

/** A request whose body comes in two pieces, so that a signal can come between them. */
function beginPost(port: number, body: string) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number | undefined; text: string }>()
  const headers = {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  }
  const outgoing = request(
    { host: '127.0.0.1', port, method: 'POST', path: '/v1/tags', headers, agent: false },
    (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode, text }))
    },
  )
  outgoing.on('error', reject)
  outgoing.write(body.slice(0, 5))
  return { finish: () => outgoing.end(body.slice(5)), answer: promise }
}

/** What has come before on other connections was let in before this one, and is read by the time that this is answered. */
async function letIn(port: number): Promise<void> {
  for (let i = 0; i < 2; i += 1) await send(port, 'GET', '/livez')
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  t.test(`${signal} ends the service after what is under way, and nothing idle holds it up`, async (t) => {
    const service = await serve(t, await newDatabase(t), { env })
    const agent = new Agent({ keepAlive: true })
    t.teardown(() => agent.destroy())
    await new Promise((resolve) => {
      const idle = request({ host: '127.0.0.1', port: service.port, path: '/livez', agent }, (response) =>
        response.resume().on('end', resolve),
      )
      idle.end()
    })
    const silent = connect(service.port, '127.0.0.1')
    silent.on('error', () => {})
    const post = beginPost(service.port, '{"name":"in flight"}')
    await letIn(service.port)
    const began = performance.now()
    service.process.kill(signal)
    // Nothing new is let in.
    await until(() => refuses(service.port))
    post.finish()
    const { status, text } = await post.answer
    t.equal(status, 201)
    t.equal(JSON.parse(text).name, 'in flight')
    const { code, signal: killed } = await service.ended
    t.same([code, killed], [0, null])
    // What is not closed as idle is cut off after eight seconds.
    t.ok(performance.now() - began < 7_500, 'soon after the last answer')
  })
}

t.test('what arrives on an open connection while it stops is served, and /readyz says 503', async (t) => {
  const service = await serve(t, await newDatabase(t), { env })
  const post = beginPost(service.port, '{"name":"holds it open"}')
  const socket = connect(service.port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8').on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => {})
  // Half of a request, so that the connection is not idle when the signal comes.
  socket.write('GET /readyz HTTP/1.1\r\nHost: localhost\r\n')
  await letIn(service.port)
  service.process.kill('SIGTERM')
  await until(() => refuses(service.port))
  socket.write('\r\n')
  await until(() => text.includes('requestId'))
  t.match(text, /^HTTP\/1.1 503 .*retry-after: 1\r\n.*"code":"shutting_down"/is)
  t.match(text, /content-type: application\/problem\+json/i)
  t.match(text, /^connection: close\r$/im)
  post.finish()
  t.equal((await post.answer).status, 201)
  t.equal((await service.ended).code, 0)
})

t.test(
  'a sender and a reader who have stalled hold it up for less than ten seconds',
  { timeout: 60_000 },
  async (t) => {
    const service = await serve(t, await newDatabase(t), { env })
    beginPost(service.port, '{"name":"never finished"}').answer.catch(() => {})
    const reader = connect(service.port, '127.0.0.1')
    reader.on('error', () => {})
    // Asks for far more than any buffer on the way holds, and reads none of it.
    reader.pause()
    reader.write('GET /docs/swagger-ui-bundle.js HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(20))
    await sleep(300)
    const began = performance.now()
    service.process.kill('SIGTERM')
    const { code } = await service.ended
    t.equal(code, 0)
    t.ok(performance.now() - began < longestMs, `${performance.now() - began} ms`)
  },
)

t.test('after kill -9 a second start serves all that was acknowledged', async (t) => {
  const database = await newDatabase(t)
  const first = await serve(t, database, { env })
  const acknowledged: string[] = []
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const write = async (writer: number): Promise<void> => {
    for (let i = 0; ; i += 1) {
      const name = `tag ${writer} ${i}`
      const answer = await send(first.port, 'POST', '/v1/tags', headers, [JSON.stringify({ name })]).catch(
        () => undefined,
      )
      if (answer?.status !== 201) return
      acknowledged.push(answer.body.slug)
    }
  }
  const writers = [write(0), write(1), write(2)]
  // As many as a busy machine needs some seconds for; they go on meanwhile.
  await until(() => acknowledged.length > 20)
  first.process.kill('SIGKILL')
  await Promise.race([Promise.all(writers), sleep(1_000)])
  t.equal((await first.ended).signal, 'SIGKILL')
  t.ok(acknowledged.length > 20, `${acknowledged.length} were acknowledged`)
  const second = await serve(t, database, { env })
  const missing: string[] = []
  for (const slug of acknowledged) {
    if ((await send(second.port, 'GET', `/v1/tags/${slug}`)).status !== 200) missing.push(slug)
  }
  t.strictSame(missing, [])
  const one = await send(second.port, 'POST', '/v1/tags', headers, ['{"name":"after"}'])
  t.equal(one.status, 201, 'and writes')
})
