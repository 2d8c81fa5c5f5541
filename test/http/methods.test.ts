import { METHODS } from 'node:http'
import t from 'tap'
import { testApp } from '../support/app.ts'
import { completeUrlOf, dump, makeWorld, operations } from '../support/operations.ts'
import { listen, send, sendChecked } from '../support/wire.ts'

const pages = ['/openapi.json', '/openapi.yaml', '/docs', '/docs/swagger-ui.css']

/** Every path with the methods that it has. */
function paths(world: Record<string, string>): Map<string, Set<string>> {
  const found = new Map(pages.map((path) => [path, new Set(['GET', 'HEAD'])]))
  for (const operation of operations) {
    const url = completeUrlOf(operation, world)
    const methods = found.get(url) ?? new Set()
    for (const method of operation.method === 'GET' ? ['GET', 'HEAD'] : [operation.method]) methods.add(method)
    found.set(url, methods)
  }
  return found
}

t.test('every other method is answered 405 with Allow, and OPTIONS 204 with the same', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  const port = await listen(app)
  const before = await dump(app.store)
  for (const [url, known] of paths(world)) {
    const allow = [...known, 'OPTIONS'].sort().join(', ')
    const faults: string[] = []
    for (const method of METHODS.filter((method) => !known.has(method) && !['CONNECT', 'OPTIONS'].includes(method))) {
      const body = ['POST', 'PUT', 'PATCH'].includes(method) ? ['{broken'] : []
      const { status, headers, body: problem, ...answer } = await sendChecked(port, method, url, {}, body)
      const isRight =
        status === 405 && headers.allow === allow && (method === 'HEAD' || problem.code === 'method_not_allowed')
      if (!isRight || answer.faults.length > 0) faults.push(`${method}: ${status} ${headers.allow} ${answer.text}`)
    }
    t.strictSame(faults, [], url)
    const options = await send(port, 'OPTIONS', url)
    t.same([options.status, options.headers.allow, options.text], [204, allow, ''], `OPTIONS ${url}`)
  }
  t.equal(await dump(app.store), before, 'nothing was written')
})

t.test('however an address is spelled, what is there is known whatever the method', async (t) => {
  const port = await listen(await testApp(t))
  const spellings = [
    ...['/v1/tags/rail', '/v1/tags/rail?limit=1', '/v1/%74ags/rail', '/v1/tags/a%2Fb', '/v1/tags/', '/v1/tags/rail#%'],
    'http://localhost/v1/tags/rail',
  ]
  for (const url of spellings) {
    const { status, headers } = await send(port, 'PROPFIND', url)
    t.same([status, headers.allow], [405, 'DELETE, GET, HEAD, OPTIONS, PATCH, PUT'], url)
  }
  for (const url of [
    '/v1/tags/rail/',
    '/v1//tags',
    '/V1/tags',
    '/v1/tags/rail/x',
    'http://localhost/none',
    '/none#%',
  ]) {
    for (const method of ['GET', 'POST', 'PROPFIND']) {
      const { status, headers, text } = await send(port, method, url)
      t.same([status, headers.allow, JSON.parse(text).code], [404, undefined, 'route_not_found'], `${method} ${url}`)
    }
  }
  t.equal((await send(port, 'OPTIONS', '*')).status, 404)
  // What an article of that name would take is not for this path, whoever asks.
  for (const url of ['/v1/articles/export', '/v1/articles/%65xport']) {
    const { status, headers } = await send(port, 'DELETE', url, { authorization: 'Bearer none' })
    t.same([status, headers.allow], [405, 'GET, HEAD, OPTIONS'], url)
  }
})

t.test('no header or parameter makes one method into another', async (t) => {
  const app = await testApp(t)
  const { tag } = await makeWorld(app)
  const url = `/v1/tags/${tag}`
  for (const name of ['x-http-method-override', 'x-http-method', 'x-method-override', '_method']) {
    const headers = { [name]: 'DELETE', 'if-match': '*' }
    t.equal((await app.call('GET', url, { as: 'admin', headers })).body.id, tag, name)
    t.equal((await app.call('POST', url, { as: 'admin', headers })).status, 405)
    t.equal((await app.call('GET', `${url}?_method=DELETE`, { as: 'admin', headers })).status, 400)
  }
  t.equal((await app.call('GET', url)).status, 200, 'it is still there')
})

t.test('HEAD answers the status and the headers of GET, and no body', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  const port = await listen(app)
  const reads = operations.filter(({ method }) => method === 'GET')
  const open = reads.filter(({ roles }) => roles.length === 0)
  const urlsOf = (some: typeof reads) => some.map((operation) => completeUrlOf(operation, world))
  const admin = { authorization: `Bearer ${app.keys.admin}` }
  const { headers } = await send(port, 'GET', `/v1/tags/${world.tag}`)
  const cases: [number, string, Record<string, string>][] = [
    ...[...urlsOf(reads), ...pages].map((url): [number, string, Record<string, string>] => [200, url, admin]),
    ...urlsOf(open).map((url): [number, string, Record<string, string>] => [200, url, {}]),
    [304, `/v1/tags/${world.tag}`, { 'if-none-match': headers.etag ?? '' }],
    [304, '/docs', { 'if-none-match': (await send(port, 'GET', '/docs')).headers.etag ?? '' }],
    [400, '/v1/tags?surprise=1', {}],
    [400, '/v1/tags/%ff', {}],
    [401, '/v1/keys', {}],
    [404, '/v1/tags/none', {}],
    [404, '/none', {}],
    [406, '/v1/tags', { accept: 'text/html' }],
  ]
  for (const [status, url, headers] of cases) {
    const [get, head] = [await send(port, 'GET', url, headers), await sendChecked(port, 'HEAD', url, headers)]
    t.same([get.status, head.status, head.text], [status, status, ''], `${status} ${url}`)
    const { 'x-request-id': _, date: __, ...rest } = get.headers
    // Its figures have more digits by now.
    if (url === '/metrics') delete rest['content-length']
    // The requestId in a problem is of one length always.
    t.match(head.headers, rest)
    t.strictSame(head.faults, [])
  }
})

t.test('from any origin a page may read, and sees the headers that it needs', async (t) => {
  const app = await testApp(t)
  const { tag } = await makeWorld(app)
  const headers = { origin: 'https://reader.example' }
  for (const url of [
    '/v1/tags',
    `/v1/tags/${tag}`,
    '/v1/tags?surprise=1',
    '/v1/tags/%00',
    '/v1/none',
    '/v1/keys',
    `/v1/tags?x=${'a'.repeat(9_000)}`,
  ]) {
    const answer = await app.call('GET', url, { headers })
    t.equal(answer.headers['access-control-allow-origin'], '*', url.slice(0, 40))
    t.equal(answer.headers['access-control-allow-credentials'], undefined)
    const exposed = answer.headers['access-control-expose-headers']?.split(', ')
    for (const name of ['ETag', 'Link', 'Location', 'Retry-After', 'X-Request-Id', 'Idempotency-Replayed', 'Allow'])
      t.ok(exposed?.includes(name), name)
  }
})

t.test('a preflight says what may be sent, before any key', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  for (const operation of operations) {
    const headers = {
      origin: 'https://newsroom.example',
      'access-control-request-method': operation.method,
      'access-control-request-headers': 'authorization,content-type,idempotency-key,if-match',
    }
    const answer = await app.call('OPTIONS', completeUrlOf(operation, world), { headers })
    t.equal(answer.status, 204, operation.id)
    t.equal(answer.headers['access-control-allow-origin'], '*')
    t.ok(answer.headers['access-control-allow-methods']?.split(', ').includes(operation.method))
    const allowed = answer.headers['access-control-allow-headers']?.toLowerCase().split(', ')
    for (const name of ['authorization', 'content-type', 'idempotency-key', 'if-match', 'if-none-match'])
      t.ok(allowed?.includes(name), name)
    t.equal(answer.headers['access-control-max-age'], '3600')
  }
  const nowhere = await app.call('OPTIONS', '/v1/none', { headers: { origin: 'https://newsroom.example' } })
  t.same([nowhere.status, nowhere.body.code], [404, 'route_not_found'], 'there are no options where there is nothing')
})

t.test('from a list of origins each is let in by its whole name', async (t) => {
  const app = await testApp(t, { WARTA_CORS_ORIGINS: 'https://news.example, http://localhost:8080' })
  for (const origin of ['https://news.example', 'http://localhost:8080']) {
    const { headers } = await app.call('GET', '/v1/tags', { headers: { origin } })
    t.equal(headers['access-control-allow-origin'], origin)
    t.match(headers.vary, /\bAuthorization\b.*\bOrigin\b/)
  }
  const tricks = [
    'null',
    'https://news.example.evil.example',
    'https://evilnews.example',
    'https://sub.news.example',
    'http://news.example',
    'https://news.example:8443',
    'https://news.example/',
    'HTTPS://NEWS.EXAMPLE',
    'https://news.examplе',
    '*',
    '',
  ]
  for (const origin of tricks) {
    const headers = { origin: encodeURI(origin), 'access-control-request-method': 'DELETE' }
    for (const method of ['GET', 'OPTIONS']) {
      const answer = await app.call(method, '/v1/tags', { headers })
      t.equal(answer.headers['access-control-allow-origin'], undefined, `${method} from ${origin}`)
      t.match(answer.headers.vary, /\bOrigin\b/, 'a cache keeps the answers apart')
    }
  }
})
