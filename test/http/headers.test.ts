import t, { type Test } from 'tap'
import { type Answer, testApp } from '../support/app.ts'
import { admitted, completeUrlOf, makeWorld, operations } from '../support/operations.ts'
import { exchange, listen, send } from '../support/wire.ts'

const secure = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

function expectSecure(t: Test, headers: Record<string, unknown>, name: string): void {
  t.match(headers, secure, name)
  t.match(headers['x-request-id'], /^[\w.:-]{1,128}$/)
  t.equal(headers.server, undefined, 'no program is named')
  t.equal(headers['x-powered-by'], undefined)
}

t.test('every answer of every status forbids to guess its type, run it or frame it', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  const port = await listen(app)
  for (const operation of operations) {
    const url = completeUrlOf(operation, world)
    expectSecure(t, (await app.call(operation.method, url)).headers, `${operation.id} by a stranger`)
    expectSecure(t, (await app.call(operation.method, `${url}?surprise=1`, admitted(operation))).headers, operation.id)
  }
  const known = { 'if-none-match': '*' }
  for (const [method, path, headers] of [
    ['GET', '/v1/tags', known],
    ['GET', '/none', {}],
    ['GET', '/v1/tags/%ff', {}],
    ['GET', '/v1/tags/%zz', {}],
    ['GET', '/v1/tags/%00', {}],
    ['GET', `/v1/tags/${'a'.repeat(10_000)}`, {}],
    ['GET', `/v1/tags?x=${'a'.repeat(9_000)}`, {}],
    ['GET', '/v1/tags', { accept: 'text/html' }],
    ['GET', '/v1/tags', { expect: 'the-unexpected' }],
    ['TRACE', '/v1/tags', {}],
    ['PROPFIND', '/v1/tags', {}],
    ['OPTIONS', '/v1/tags', {}],
    ['POST', '/v1/tags', { 'content-encoding': 'gzip' }],
  ] as const) {
    const answer = await send(port, method, path, headers)
    expectSecure(t, answer.headers, `${answer.status} ${method} ${path.slice(0, 40)}`)
  }
})

t.test('what is no HTTP is answered with a whole problem, and the connection closed', async (t) => {
  const app = await testApp(t)
  const port = await listen(app)
  const host = 'Host: localhost\r\n'
  const rows: Record<string, [string, number, string]> = {
    garbage: ['garbage\r\n\r\n', 400, 'invalid_request'],
    'TLS on the plain port': ['\x16\x03\x01\x02\x00\x01\x00', 400, 'invalid_request'],
    'an unknown method': [`FOO /livez HTTP/1.1\r\n${host}\r\n`, 400, 'invalid_request'],
    'bare line feeds': ['GET /livez HTTP/1.1\nHost: localhost\n\n', 400, 'invalid_request'],
    'a space before the colon': [`GET /livez HTTP/1.1\r\n${host}X : y\r\n\r\n`, 400, 'invalid_request'],
    'a folded header': [`GET /livez HTTP/1.1\r\n${host}X: a\r\n b\r\n\r\n`, 400, 'invalid_request'],
    'a NUL in a header': [`GET /livez HTTP/1.1\r\n${host}X: a\0b\r\n\r\n`, 400, 'invalid_request'],
    'a length and chunks': [
      `POST /v1/tags HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'invalid_request',
    ],
    'two lengths': [
      `POST /v1/tags HTTP/1.1\r\n${host}Content-Length: 3\r\nContent-Length: 4\r\n\r\n{}`,
      400,
      'invalid_request',
    ],
    'a negative length': [`POST /v1/tags HTTP/1.1\r\n${host}Content-Length: -1\r\n\r\n`, 400, 'invalid_request'],
    'headers without end': [`GET /livez HTTP/1.1\r\n${host}X: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers_too_large'],
    'an address without end': [`GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`, 431, 'headers_too_large'],
  }
  for (const [name, [bytes, status, code]] of Object.entries(rows)) {
    const { head, headers, body } = parse(await exchange(port, bytes))
    t.match(head, new RegExp(`^HTTP/1.1 ${status} \\w`), name)
    t.match(headers, {
      ...secure,
      'content-type': 'application/problem+json',
      connection: 'close',
      'cache-control': 'no-store',
    })
    t.match(body, { status, code, type: `/problems/${code}`, requestId: headers['x-request-id'] ?? 'none' })
  }
  const noHost = parse(await exchange(port, 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n'))
  t.match(noHost.body, { status: 400, errors: [{ header: 'Host' }] }, 'HTTP/1.1 without Host')
  t.match(await exchange(port, 'GET /livez HTTP/1.0\r\n\r\n'), /^HTTP\/1.1 200/, 'HTTP/1.0 has none')
  t.equal((await app.call('GET', '/livez')).status, 200)
})

t.test('a well-formed X-Request-Id is taken over, another is replaced', async (t) => {
  const app = await testApp(t)
  for (const good of ['a', 'req-1', '0198c2a4-7d1e-7c3b-9f00-5a6b7c8d9e0f', 'a.b:c_d', 'x'.repeat(128)]) {
    const { headers, body } = await app.call('GET', '/none', { headers: { 'x-request-id': good } })
    t.same([headers['x-request-id'], body.requestId], [good, good])
  }
  const made = new Set<string>()
  for (const bad of ['', ' ', 'a b', 'x'.repeat(129), '<script>', 'é', 'a"b', 'a,b', '{"level":60}']) {
    const { headers, body } = await app.call('GET', '/none', { headers: { 'x-request-id': bad } })
    t.match(headers['x-request-id'], /^[0-9a-f]{12}-[0-9a-z]+$/, JSON.stringify(bad))
    t.equal(body.requestId, headers['x-request-id'])
    made.add(body.requestId)
  }
  t.equal(made.size, 9, 'each request has its own')
})

t.test('what is public may be kept and asked for again; what a key opens is kept by nobody', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  for (const operation of operations.filter(({ method }) => method === 'GET')) {
    const url = completeUrlOf(operation, world)
    const vary = (answer: Answer) => answer.headers.vary?.split(', ')
    const own = await app.call('GET', url, { as: 'admin' })
    t.equal(own.headers['cache-control'], 'private, no-store', operation.id)
    t.ok(vary(own)?.includes('Authorization'))
    if (operation.roles.length > 0) continue
    const shared = await app.call('GET', url)
    t.match(shared.headers['cache-control'], operation.streams ? 'no-store' : /^public, max-age=\d+/)
    t.ok(vary(shared)?.includes('Authorization'))
  }
  for (const url of ['/none', '/v1/tags/none', '/v1/keys', '/v1/tags?surprise=1']) {
    t.equal(
      (await app.call('GET', url)).headers['cache-control'],
      'no-store',
      `the problem at ${url} is kept by nobody`,
    )
  }
})

t.test('Accept is weighed: what takes JSON gets it, what does not is told so', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  const html = { accept: 'text/html' }
  for (const operation of operations) {
    const { status, body } = await app.call(
      operation.method,
      completeUrlOf(operation, world),
      admitted(operation, { headers: html }),
    )
    t.same([status, body.code], [406, 'not_acceptable'], operation.id)
  }
  const taken = [
    '*/*',
    'application/*',
    'application/json',
    'text/html, */*;q=0.1',
    'application/problem+json',
    '',
    'APPLICATION/JSON; q=0.5',
  ]
  for (const accept of taken) t.equal((await app.call('GET', '/v1/tags', { headers: { accept } })).status, 200, accept)
  const refused = [
    'text/html',
    'application/xml',
    '*/*;q=0',
    'application/json;q=0, application/problem+json;q=0',
    'nonsense',
    ',',
  ]
  for (const accept of refused)
    t.equal((await app.call('GET', '/v1/tags', { headers: { accept } })).status, 406, accept)
  t.equal((await app.call('GET', '/docs', { headers: html })).status, 200)
})

function parse(text: string) {
  const [top = '', body = ''] = text.split('\r\n\r\n')
  const [head = '', ...lines] = top.split('\r\n')
  const headers = Object.fromEntries(lines.map((line) => line.split(': '))) as Record<string, string>
  return { head, headers, body: JSON.parse(body === '' ? '{}' : body) }
}
