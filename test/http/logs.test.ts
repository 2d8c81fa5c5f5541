import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createLog } from '../../src/log.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { until } from '../support/cli.ts'
import { makePublished } from '../support/factories.ts'
import { admitted, makeWorld, operations, urlOf } from '../support/operations.ts'
import { breakReads, gate } from '../support/stores.ts'
import { exchange, listen, send } from '../support/wire.ts'

interface Line {
  level: number
  msg: string
  req?: { method: string; path: string }
  res?: { status: number }
  err?: { stack: string; message: string }
  reqId?: string
  key?: string
  ms?: number
  broken?: boolean
}

async function loggedApp(t: Test, level = 'info') {
  const written: string[] = []
  const log = createLog({ level, format: 'json' }, { write: (line) => void written.push(line) })
  const app = await testApp(t, {}, log)
  const lines = (): Line[] => written.map((line) => JSON.parse(line))
  return { app, written, lines, forget: () => written.splice(0) }
}

t.test('each request writes one line: who asked for what, and how it ended', async (t) => {
  const { app, lines, forget } = await loggedApp(t)
  const port = await listen(app)
  for (const [method, path, status] of [
    ['GET', '/v1/tags?limit=1', 200],
    ['GET', '/none', 404],
    ['GET', '/v1/tags/%ff', 400],
    ['POST', '/v1/tags', 401],
    ['PUT', '/v1/tags', 405],
    ['OPTIONS', '/v1/tags', 204],
    ['HEAD', '/livez', 200],
  ] as const) {
    forget()
    const { headers } = await send(port, method, path)
    const [line, ...more] = lines()
    t.same(more, [], `${method} ${path}`)
    t.match(line, {
      level: 30,
      req: { method, path: path.replace(/\?.*/, '') },
      res: { status },
      reqId: headers['x-request-id'],
    })
    t.type(line?.ms, 'number')
    t.notOk(line?.broken)
  }
  forget()
  await app.call('GET', '/v1/keys', { as: 'admin' })
  t.match(lines()[0]?.key, /^[0-9a-f-]{36}$/, 'the key is named by its id')
  forget()
  await exchange(port, 'garbage\r\n\r\n')
  t.equal(lines().length, 1, 'what is no HTTP too')
})

t.test('an answer that breaks off in the middle is in the log, with the reason if it is ours', async (t) => {
  const { app, lines, forget } = await loggedApp(t)
  for (let i = 0; i < 200; i += 1) await makePublished(app, { pages: [{ body: 'Text. '.repeat(5_000) }] })
  const port = await listen(app)
  const path = '/v1/articles/export'
  const begun = async () => {
    forget()
    const reader = connect(port, '127.0.0.1')
    reader.on('error', () => {})
    reader.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
    await once(reader, 'data')
    reader.pause()
    return reader
  }
  const one = { level: 30, req: { method: 'GET', path }, res: { status: 200 }, from: '127.0.0.1', broken: true }

  const leaving = await begun()
  leaving.destroy()
  await until(() => lines().length > 0)
  t.match(lines(), [one])
  t.equal(lines().length, 1, 'who leaves is no fault')

  const mend = breakReads(app.store, 'articles.pages', 8)
  const failing = await begun()
  failing.resume()
  await once(failing, 'close')
  await until(() => lines().length > 1)
  t.match(lines(), [{ level: 50, msg: 'an answer broke off', err: { message: 'The disk is broken.' } }, one])
  t.equal(lines().length, 2)
  mend()
  const { text } = await app.call('GET', '/metrics', { as: 'admin' })
  t.ok(text.includes(`warta_http_requests_total{method="GET",route="${path}",status="broken"} 2\n`))
})

/** Holds whoever asks the store for this until they are let go. */
function hold(app: TestApp, asked: 'read' | 'transact') {
  const { store } = app
  const [begun, left] = [gate(), gate()]
  const ask = store[asked] as (...given: unknown[]) => Promise<unknown>
  const held = async (...given: unknown[]) => {
    begun.open()
    await left.opened
    return ask.apply(store, given)
  }
  Object.assign(store, { [asked]: held })
  return { begun: begun.opened, letGo: left.open }
}

const json = 'application/json'
const ndjson = 'application/x-ndjson'

/** Sends so much of a request of an editor, on a connection of its own. */
function post(app: TestApp, port: number, path: string, type: string, text: string, length = text.length) {
  const sender = connect(port, '127.0.0.1')
  sender.on('error', () => {})
  const headers = ['Host: localhost', `Authorization: Bearer ${app.keys.editor}`, `Content-Type: ${type}`]
  sender.write([`POST ${path} HTTP/1.1`, ...headers, `Content-Length: ${length}`, '', text].join('\r\n'))
  return sender
}

/** Sends a request and leaves while the store is held; answers how to let it go on. */
async function leaveWhileHeld(asked: 'read' | 'transact', ...[app, ...request]: Parameters<typeof post>) {
  const held = hold(app, asked)
  const sender = post(app, ...request)
  await held.begun
  sender.destroy()
  await sleep(50)
  return held.letGo
}

t.test('what somebody asked for who has left before the answer is in the log, with what became of it', async (t) => {
  const { app, lines, forget } = await loggedApp(t)
  const port = await listen(app)
  forget()
  const letGo = await leaveWhileHeld('transact', app, port, '/v1/tags', json, '{"name":"Rail"}')
  t.same(lines(), [], 'nothing has become of it yet')
  letGo()
  await until(() => lines().length > 0)
  const one = { req: { method: 'POST', path: '/v1/tags' }, res: { status: 201 }, from: '127.0.0.1', broken: true }
  t.match(lines(), [one])
  t.equal((await app.call('GET', '/v1/tags/rail')).status, 200)
})

t.test('an upload that its sender breaks off is one line, and no fault of ours', async (t) => {
  const { app, lines, forget } = await loggedApp(t)
  const port = await listen(app)
  const uploads = [
    ['/v1/tags', json, '{"name"'],
    ['/v1/articles/import', ndjson, '{"title"'],
  ] as const
  for (const [path, type, text] of uploads) {
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      forget()
      const arrived = once(app.app.server, 'request')
      const sender = post(app, port, path, type, text, 20)
      await arrived
      // By now the rest of it is waited for.
      await sleep(50)
      sender[leave]()
      await until(() => lines().length > 0)
      await sleep(50)
      t.match(lines(), [{ level: 30, req: { method: 'POST', path }, from: '127.0.0.1' }])
      t.equal(lines().length, 1, `${path} ${leave}`)
      t.equal(lines()[0]?.broken, leave === 'end' ? undefined : true, 'who closes one half may still read')
    }
  }
})

t.test('an import whose sender leaves before the first line is done is one line, and no fault of ours', async (t) => {
  const { app, lines, forget } = await loggedApp(t)
  const port = await listen(app)
  forget()
  const letGo = await leaveWhileHeld('transact', app, port, '/v1/articles/import', ndjson, '{"title":"One"}')
  letGo()
  await until(() => lines().length > 0)
  await sleep(50)
  t.match(lines(), [{ level: 30, req: { method: 'POST', path: '/v1/articles/import' }, broken: true }])
  t.equal(lines().length, 1)
})

t.test('who leaves while their key is looked up is in the log, and nothing more becomes of it', async (t) => {
  const { app, lines, forget } = await loggedApp(t)
  const port = await listen(app)
  forget()
  const letGo = await leaveWhileHeld('read', app, port, '/v1/tags', json, '{"name":"Rail"}')
  letGo()
  await until(() => lines().length > 0)
  t.match(lines(), [
    { req: { method: 'POST', path: '/v1/tags' }, res: { status: 400 }, from: '127.0.0.1', broken: true },
  ])
  t.equal((await app.call('GET', '/v1/tags/rail')).status, 404)
})

t.test('a request cannot forge a line of the log', async (t) => {
  const { app, written, forget } = await loggedApp(t)
  const port = await listen(app)
  forget()
  await send(port, 'GET', '/none%0a%7b%22level%22:60%7d', { 'x-request-id': '"},{"level":60' })
  t.equal(written.length, 1)
  t.equal(written[0]?.trimEnd().split('\n').length, 1)
})

t.test('a fault of ours is logged once, with its stack and the request that met it', async (t) => {
  const { app, lines, forget } = await loggedApp(t)
  await app.store.close()
  forget()
  const { status, body } = await app.call('GET', '/v1/tags')
  t.equal(status, 500)
  const [failure, request, ...more] = lines()
  t.same(more, [])
  t.match(failure, { level: 50, reqId: body.requestId, err: { stack: /\n\s+at .*\.ts/ } })
  t.match(request, { level: 30, reqId: body.requestId, res: { status: 500 } })
})

t.test('no key and no body reaches the log, however a request fails and however much is logged', async (t) => {
  const { app, written } = await loggedApp(t, 'trace')
  const world = await makeWorld(app)
  const port = await listen(app)
  const key = app.keys.admin
  const canary = 'CANARY7f3a'
  const stray = { authorization: `Bearer ${canary}` }
  for (const operation of operations) {
    const url = urlOf(operation, world)
    const example = JSON.stringify(operation.body?.example ?? {})
    const bodies = [example.replace(/"[^"]*"}/, `"${key}"}`), `{"${key}": ${canary}`, `{"${canary}":"${key}"}`, example]
    for (const data of bodies) {
      const raw = { type: 'application/json', data }
      await app.call(operation.method, url, admitted(operation, { raw }))
      await app.call(operation.method, url, { headers: stray, raw })
    }
    await app.call(operation.method, `${url}?key=${key}&q=${canary}`, admitted(operation))
    await app.call(operation.method, `${urlOf(operation, {})}/${key}`, admitted(operation))
    await send(port, operation.method, `${url}?${canary}=%ff`, { authorization: `Bearer ${key}` })
  }
  await send(port, 'GET', `/v1/tags/${key}`)
  await send(port, 'GET', `/v1/tags/${key}%ff?q=${canary}`)
  await exchange(port, `GET /?q=${canary} HTTP/1.1\r\nAuthorization: Bearer ${key}\r\n${canary}\r\n\r\n`)
  const made = await app.call('POST', '/v1/keys', { as: 'admin', body: { name: 'another', role: 'reader' } })
  await app.store.close()
  for (const operation of operations) {
    const raw = operation.body && { raw: { type: 'application/json', data: JSON.stringify(operation.body.example) } }
    await app.call(operation.method, `${urlOf(operation, world)}`, admitted(operation, raw))
  }
  const all = written.join('')
  t.ok(written.length > 500, `${written.length} lines`)
  for (const [name, secret] of Object.entries({ ...app.keys, made: made.body.secret as string })) {
    t.notMatch(all, secret.slice(10), `the key of the ${name}`)
  }
  const leaks = written.filter((line) => line.includes(canary))
  t.strictSame(leaks.slice(0, 3), [], 'nothing of a body, a query or a header')
})

t.test('the log is JSON for programs and lines for people', async (t) => {
  const written: string[] = []
  const log = createLog({ level: 'warn', format: 'json' }, { write: (line) => void written.push(line) })
  log.info('too quiet')
  log.error({ secret: 'warta_a', authorization: 'Bearer x', nested: { secret: 's' } }, 'loud')
  t.equal(written.length, 1)
  const line = JSON.parse(written[0] ?? '')
  t.match(line, {
    level: 50,
    msg: 'loud',
    secret: '[Redacted]',
    authorization: '[Redacted]',
    nested: { secret: '[Redacted]' },
  })
  t.type(createLog({ level: 'silent', format: 'pretty' }).info, 'function')
})
