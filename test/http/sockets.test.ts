import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { until } from '../support/cli.ts'
import { exchange, listen, send } from '../support/wire.ts'

/** Where the promise ends: slow senders are gone by then. */
const longestMs = 15_000

/** How many connections the server still has, once it has had time to notice those that were closed. */
async function connectionsOf({ app }: TestApp): Promise<number> {
  let open = 0
  await until(async () => {
    open = await new Promise<number>((resolve) => app.server.getConnections((_, count) => resolve(count)))
    return open === 0
  }).catch(() => {})
  return open
}

interface Dripper {
  closed: Promise<number>
  text(): string
}

/** Opens with these bytes, then sends one more each half second and never closes its own half. */
function drip(port: number, start: string, piece: string): Dripper {
  const began = performance.now()
  const { promise, resolve } = Promise.withResolvers<number>()
  const socket: Socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk) => {
    text += chunk
  })
  socket.on('error', () => {})
  socket.write(start)
  const timer = setInterval(() => socket.writable && socket.write(piece), 500)
  const end = () => {
    clearInterval(timer)
    socket.destroy()
    resolve(performance.now() - began)
  }
  socket.on('end', end)
  socket.on('close', end)
  return { closed: promise, text: () => text }
}

t.test('slow senders are closed within fifteen seconds, while others are served', { timeout: 120_000 }, async (t) => {
  const app = await testApp(t)
  const port = await listen(app)
  const host = 'Host: localhost\r\n'
  const key = `Authorization: Bearer ${app.keys.editor}\r\n`
  const body = `POST /v1/tags HTTP/1.1\r\n${host}${key}Content-Type: application/json\r\n`
  const slow = {
    'a request line': drip(port, 'G', 'E'),
    headers: drip(port, `GET /livez HTTP/1.1\r\n${host}`, 'X: y\r\n'),
    'one header': drip(port, `GET /livez HTTP/1.1\r\n${host}X: `, 'y'),
    'a body': drip(port, `${body}Content-Length: 10000\r\n\r\n{`, ' '),
    'a body in chunks': drip(port, `${body}Transfer-Encoding: chunked\r\n\r\n`, '1\r\n \r\n'),
    'a body after its refusal': drip(port, `POST /none HTTP/1.1\r\n${host}Content-Length: 10000\r\n\r\n`, ' '),
  }
  const all = Promise.all(Object.values(slow).map(({ closed }) => closed))
  let served = 0
  const healthy = (async () => {
    for (let done = false; !done; ) {
      t.equal((await send(port, 'GET', '/v1/tags')).status, 200)
      served += 1
      done = await Promise.race([all.then(() => true), sleep(500, false)])
    }
  })()
  const times = await all
  await healthy
  for (const [i, name] of Object.keys(slow).entries()) t.ok((times[i] ?? 0) < longestMs, `${name}: ${times[i]} ms`)
  t.ok(served > 5, `${served} others were served`)
  for (const name of ['headers', 'one header', 'a body', 'a body in chunks'] as const) {
    t.match(slow[name].text(), /^HTTP\/1.1 408 .*"code":"request_timeout"/s, name)
  }
  t.equal(await connectionsOf(app), 0, 'no connection is left')
  t.equal((await app.call('GET', '/v1/tags?count=exact')).body.page.total, 0, 'nothing was written')
})

t.test('many requests in one connection are answered in their order', async (t) => {
  const app = await testApp(t)
  const port = await listen(app)
  const count = 300
  const requests = Array.from({ length: count }, (_, i) => {
    const last = i === count - 1 ? 'Connection: close\r\n' : ''
    return `GET ${i % 3 === 0 ? '/none' : '/v1/tags'} HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: r${i}\r\n${last}\r\n`
  })
  const text = await exchange(port, requests.join(''))
  const ids = [...text.matchAll(/^x-request-id: (r\d+)/gm)].map(([, id]) => id)
  t.strictSame(
    ids,
    Array.from({ length: count }, (_, i) => `r${i}`),
  )
  t.equal(text.match(/HTTP\/1.1 404/g)?.length, 100)
  t.equal(text.match(/HTTP\/1.1 200/g)?.length, 200)
})

t.test('a request that is no request after a right one does not take the first answer away', async (t) => {
  const app = await testApp(t)
  const port = await listen(app)
  const right = 'GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n'
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk
    if (!text.includes('HTTP/1.1 400') && text.includes('"ok"')) socket.write('garbage\r\n\r\n')
  })
  socket.write(right)
  await new Promise((resolve) => socket.on('close', resolve))
  t.match(text, /^HTTP\/1.1 200 .*HTTP\/1.1 400 /s)
})

t.test('a sender who leaves in the middle leaves nothing behind', async (t) => {
  const app = await testApp(t)
  const port = await listen(app)
  const start = `POST /v1/tags HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${app.keys.editor}\r\n`
  for (let i = 0; i < 50; i += 1) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    await new Promise((resolve) => socket.on('connect', resolve))
    socket.write(`${start}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"name":`)
    await sleep(2)
    if (i % 2 === 0) socket.destroy()
    else socket.resetAndDestroy()
  }
  await sleep(100)
  t.equal((await send(port, 'GET', '/livez')).status, 200)
  t.equal((await app.call('GET', '/v1/tags?count=exact')).body.page.total, 0)
  t.equal(await connectionsOf(app), 0)
})
