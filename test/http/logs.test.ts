import t, { type Test } from 'tap'
import { createLog } from '../../src/log.ts'
import { testApp } from '../support/app.ts'
import { admitted, makeWorld, operations, urlOf } from '../support/operations.ts'
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
  }
  forget()
  await app.call('GET', '/v1/keys', { as: 'admin' })
  t.match(lines()[0]?.key, /^[0-9a-f-]{36}$/, 'the key is named by its id')
  forget()
  await exchange(port, 'garbage\r\n\r\n')
  t.equal(lines().length, 1, 'what is no HTTP too')
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
