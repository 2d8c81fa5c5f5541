import { once } from 'node:events'
import { connect } from 'node:net'
import { setImmediate as breathe } from 'node:timers/promises'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import t, { type Test } from 'tap'
import { createLog } from '../../src/log.ts'
import { testApp } from '../support/app.ts'
import { makePublished } from '../support/factories.ts'
import { exchange } from '../support/wire.ts'

/** Over real sockets: what is kept goes out before the routes see the request, and nobody can tell. */

interface Line {
  req: { method: string; path: string }
  res: { status: number }
  from?: string
  reqId: string
}

async function servers(t: Test, env: Record<string, string> = {}) {
  const written: string[] = []
  const log = createLog({ level: 'info', format: 'json' }, { write: (line) => void written.push(line) })
  const app = await testApp(t, env, log)
  await app.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.app.server.address() as { port: number }
  const lines = () => written.splice(0).map((line): Line => JSON.parse(line))
  const body = 'The trains run again. '.repeat(200)
  const article = await makePublished(app, { slug: 'story', pages: [{ body }] })
  lines()
  const reads = () => app.statements.splice(0).filter((sql) => !/from "changes"|data_version/.test(sql))
  return { app, port, lines, article, reads }
}

type Served = Awaited<ReturnType<typeof servers>>

/** The bytes of one answer, but for what is of the moment. */
async function raw({ port }: Served, path: string, headers: readonly string[] = [], start = 'GET'): Promise<string> {
  const version = headers.includes('HTTP/1.0') ? 'HTTP/1.0' : 'HTTP/1.1'
  const own = headers.filter((header) => header !== 'HTTP/1.0')
  const lines = [`${start} ${path} ${version}`, 'Connection: close', ...own, '', '']
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = connect(port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.on('data', (chunk) => chunks.push(chunk))
  socket.on('error', () => socket.destroy())
  socket.on('close', () => resolve(Buffer.concat(chunks).toString('latin1')))
  socket.write(lines.join('\r\n'))
  return promise
}

/** Status, headers in the order of their names, and body. */
function parsed(text: string) {
  const end = text.indexOf('\r\n\r\n')
  const [start = '', ...fields] = text.slice(0, end).split('\r\n')
  const headers = fields
    .filter((field) => !/^date:/i.test(field))
    .map((field) => field.replace(/^[^:]+/, (name) => name.toLowerCase()))
  return { start, headers: headers.sort(), body: text.slice(end + 4) }
}

const host = 'Host: example.org'
const id = 'X-Request-Id: same'

/** Asks until it is kept in the form that is asked for: the routes make it, make it again from what is kept, and teach. */
async function warm(served: Served, path: string, headers: readonly string[]) {
  const first = parsed(await raw(served, path, headers))
  await raw(served, path, headers)
  served.reads()
  served.lines()
  return first
}

const variants: Record<string, string[]> = {
  plain: [host, id],
  'with gzip': [host, id, 'Accept-Encoding: gzip'],
  'with brotli': [host, id, 'Accept-Encoding: gzip, br'],
  'of the year 1996': ['HTTP/1.0', host, id],
  'of a page of another origin': [host, id, 'Origin: https://elsewhere.example'],
  'of a browser': [host, id, 'Accept: text/html, application/json;q=0.9', 'Accept-Encoding: gzip, deflate, br, zstd'],
  'that knows another version': [host, id, 'If-None-Match: "1-other"'],
  'with what no route reads': [
    host,
    id,
    'Cookie: a=b',
    'Range: bytes=0-3',
    'If-Modified-Since: Sun, 22 Nov 2026 10:00:00 GMT',
  ],
}

for (const origins of ['*', 'https://news.example,https://other.example']) {
  t.test(`what is kept is answered as the routes answer it, to origins ${origins}`, async (t) => {
    const served = await servers(t, { WARTA_CORS_ORIGINS: origins })
    for (const path of ['/v1/articles/story', '/v1/articles', '/v1/tags']) {
      for (const [name, headers] of Object.entries(variants)) {
        const first = await warm(served, path, headers)
        const again = parsed(await raw(served, path, headers))
        t.same(again, first, `${path} ${name}`)
        t.same(served.reads(), [], 'without asking the database')
        t.match(served.lines(), [{ req: { method: 'GET', path }, res: { status: 200 }, reqId: 'same' }], 'one line')
        const etag = first.headers.find((field) => field.startsWith('etag: '))?.slice(6) ?? ''
        const known = [...headers.filter((field) => !field.startsWith('If-None')), `If-None-Match: ${etag}`]
        const [unchanged, unchangedByRoutes] = [
          parsed(await raw(served, path, known)),
          parsed(await raw(served, path, [...known, 'Content-Length: 0'])),
        ]
        t.match(unchanged.start, /304/)
        t.same(unchanged, unchangedByRoutes, 'nor can whoever has it already')
        const head = parsed(await raw(served, path, headers, 'HEAD'))
        t.same({ ...head, body: first.body }, first, 'HEAD is the same without a body')
      }
    }
    for (const origin of ['https://news.example', 'https://elsewhere.example']) {
      const { headers } = await warm(served, '/v1/articles', [host, id, `Origin: ${origin}`])
      const allowed = origins === '*' ? '*' : origins.includes(origin) ? origin : undefined
      const told = headers.find((field) => field.startsWith('access-control-allow-origin: '))
      t.equal(told?.slice(29), allowed)
    }
  })
}

t.test('the bytes of each encoding are those of the answer', async (t) => {
  const served = await servers(t)
  const { body } = await warm(served, '/v1/articles/story', variants.plain ?? [])
  for (const [encoding, decode] of [
    ['gzip', gunzipSync],
    ['br', brotliDecompressSync],
  ] as const) {
    const headers = [host, `Accept-Encoding: ${encoding}`]
    await warm(served, '/v1/articles/story', headers)
    const again = parsed(await raw(served, '/v1/articles/story', headers))
    t.equal(decode(Buffer.from(again.body, 'latin1')).toString('latin1'), body)
  }
})

t.test('whatever a request has that decides about its answer, the routes decide', async (t) => {
  const served = await servers(t)
  const path = '/v1/articles/story'
  const { body } = await warm(served, path, [host])
  const key = served.app.keys.editor
  const cases: [string[], RegExp][] = [
    [[], / 400 /],
    [[host, 'Authorization: Bearer nobody'], / 401 /],
    [[host, 'Authorization: x'], / 401 /],
    [[host, `Authorization: Bearer ${key}`], / 200 /],
    [[host, 'Accept: text/html'], / 406 /],
    [[host, 'Accept: application/json;q=0'], / 406 /],
    [[host, 'Content-Type: application/json', 'Content-Length: 0'], / 200 /],
  ]
  for (const [headers, status] of cases) {
    const { start, headers: told } = parsed(await raw(served, path, headers))
    t.match(start, status, headers.join(', '))
    t.equal(served.lines().length, 1)
    if (headers.some((one) => one.startsWith('Authorization: B')))
      t.ok(told.includes('cache-control: private, no-store') || / 401 /.test(start))
  }
  const withBody = await exchange(
    served.port,
    `GET ${path} HTTP/1.1\r\n${host}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}`,
  )
  t.match(withBody, /^HTTP\/1\.1 (400|200) /)
  t.equal(parsed(await raw(served, path, [host])).body, body, 'and who comes after gets what was kept')
  t.equal(parsed(await raw(served, path, [host, 'Accept-Encoding: identity;q=0, *;q=0'])).body, body)
})

t.test('no spelling gets what another address has', async (t) => {
  const served = await servers(t)
  const paths = [
    ...['/v1/articles', '/v1/articles?', '/v1/articles?limit=20', '/v1/articles?limit=020', '/v1/articles?stage=live'],
    ...['/v1/%61rticles', '/v1/articles?%6cimit=20', '/v1/articles?limit=20&', '/v1/articles?&limit=20'],
    ...['/v1/articles?sort=-publishedAt&limit=20', '/v1/articles?limit=20&sort=-publishedAt'],
    ...['/v1/articles?limit=20#x', '/v1/articles#x', '/v1/articles;limit=1', '//v1/articles', '/v1//articles'],
    ...['/v1/articles/', '/v1/articles?limit=20&limit=20', '/v1/articles?x=1', '/v1/articles?Limit=20', '/V1/articles'],
    ...['/v1/articles?limit=1%00', '/v1/articles?limit=%ff', '/v1/articles?__proto__=1', '/v1/articles?limit[]=1'],
    ...[
      'http://elsewhere.example/v1/articles',
      '/v1/articles/../tags',
      '/v1/articles/%2e%2e/tags',
      '/v1/articles/story%2Frelated',
    ],
    ...[
      '/v1/articles/story',
      '/v1/articles/%73tory',
      '/v1/articles/story?render=html,body',
      '/v1/articles/story?page=1',
    ],
    ...[
      '/v1/articles?byline=undefined',
      '/v1/articles?externalId=null',
      '/v1/articles?byline=a%2Cb',
      '/v1/articles?byline=a+b',
    ],
    ...['/v1/articles?byline=a%20b', '/v1/articles?byline=a%2Bb', `/v1/articles?byline=${'x'.repeat(3_000)}`],
  ]
  const headers = [host, id]
  // As who keeps nothing answers; then all of them in turn, thrice.
  const fresh = await servers(t, { WARTA_CACHE: '0' })
  const normal = ({ start, headers, body }: ReturnType<typeof parsed>, { article }: Served) => {
    const { id, section } = article
    const hide = (text: string) => text.replaceAll(id, 'ID').replaceAll(section.id, 'SECTION')
    return { start, headers: headers.filter((one) => !/^(etag|content-length)/.test(one)).map(hide), body: hide(body) }
  }
  const expected = new Map<string, ReturnType<typeof normal>>()
  for (const path of paths) expected.set(path, normal(parsed(await raw(fresh, path, headers)), fresh))
  for (let time = 0; time < 3; time += 1) {
    for (const path of time === 1 ? paths.toReversed() : paths) {
      const got = normal(parsed(await raw(served, path, headers)), served)
      t.same(got, expected.get(path), `${path.slice(0, 60)}, time ${time}`)
    }
  }
})

t.test('many spellings of one answer are not all learned', async (t) => {
  const served = await servers(t, { WARTA_CACHE: '1' })
  for (let i = 0; i < 60; i += 1) {
    const bits = i.toString(2).padStart(6, '0')
    const name = [...'story!'].map((letter, at) =>
      bits[at] === '1' ? `%${letter.charCodeAt(0).toString(16)}` : letter,
    )
    const { start } = parsed(await raw(served, `/v1/articles/${name.slice(0, 5).join('')}`, [host]))
    t.match(start, / 200 /)
  }
})

t.test('requests that come at once on one connection are answered in their order', async (t) => {
  const served = await servers(t)
  const paths = ['/v1/articles/story', '/v1/articles?limit=0', '/v1/tags', '/v1/articles/none', '/v1/articles/story']
  for (const path of paths) await warm(served, path, [host])
  const all = paths.map(
    (path, i) =>
      `GET ${path} HTTP/1.1\r\n${host}\r\nX-Request-Id: n${i}${i === 4 ? '\r\nConnection: close' : ''}\r\n\r\n`,
  )
  const text = await exchange(served.port, all.join(''))
  const ids = [...text.matchAll(/^x-request-id: (\S+)/gim)].map(([, name]) => name)
  t.same(ids, ['n0', 'n1', 'n2', 'n3', 'n4'])
  t.same(
    [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
    ['200', '400', '200', '404', '200'],
  )
  await breathe()
  t.same(
    served
      .lines()
      .map(({ reqId }) => reqId)
      .sort(),
    ['n0', 'n1', 'n2', 'n3', 'n4'],
    'one line each',
  )
})

t.test('an id that could forge a line of the log is not taken, and the proxy is believed alone', async (t) => {
  const served = await servers(t, { WARTA_TRUST_PROXY: '127.0.0.1' })
  await warm(served, '/v1/articles', [host])
  for (const given of ['"},{"level":60', 'x'.repeat(200), 'a b']) {
    const { headers } = parsed(await raw(served, '/v1/articles', [host, `X-Request-Id: ${given}`]))
    t.notOk(headers.includes(`x-request-id: ${given}`))
    t.equal(served.lines().length, 1)
  }
  for (const [forwarded, from] of [
    ['203.0.113.7', '203.0.113.7'],
    ['198.51.100.1, 203.0.113.7', '203.0.113.7'],
  ] as const) {
    const headers = [host, `X-Forwarded-For: ${forwarded}`]
    await raw(served, '/v1/articles', headers)
    const [front] = served.lines()
    await raw(served, '/v1/articles', [...headers, 'Content-Length: 0'])
    const [routes] = served.lines()
    t.match(JSON.stringify(front), from)
    t.same(Object.keys(front ?? {}), Object.keys(routes ?? {}), 'the line is like that of the routes')
  }
})

t.test('who reads slowly holds no more than one copy of an answer', async (t) => {
  const served = await servers(t)
  await warm(served, '/v1/articles/story', [host])
  const sockets = Array.from({ length: 50 }, () => connect(served.port, '127.0.0.1').pause())
  for (const socket of sockets) {
    socket.on('error', () => socket.destroy())
    for (let i = 0; i < 20; i += 1) socket.write(`GET /v1/articles/story HTTP/1.1\r\n${host}\r\n\r\n`)
  }
  const after = parsed(await raw(served, '/v1/articles/story', [host, id]))
  t.match(after.start, / 200 /, 'others are served meanwhile')
  for (const socket of sockets) socket.destroy()
})

t.test('while it stops, what is kept is answered still, and the connection then closed', async (t) => {
  const served = await servers(t)
  await warm(served, '/v1/articles/story', [host])
  const socket = connect(served.port, '127.0.0.1')
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
  })
  socket.write(`GET /v1/articles/story HTTP/1.1\r\n${host}\r\n\r\n`)
  await once(socket, 'data')
  served.app.app.stopping = true
  socket.write(`GET /v1/articles/story HTTP/1.1\r\n${host}\r\nConnection: close\r\n\r\n`)
  await once(socket, 'close')
  t.equal([...text.matchAll(/HTTP\/1\.1 200/g)].length, 2)
})

t.test('each request that looks for what is kept counts once, whoever answers it', async (t) => {
  const served = await servers(t)
  const counted = async () => {
    const { text } = await served.app.call('GET', '/metrics', { as: 'admin' })
    return [...text.matchAll(/^warta_cache_requests_total\{found="(\w+)"\} (\d+)$/gm)].map(
      ([, found, n]) => `${n} ${found}`,
    )
  }
  const get = (...headers: string[]) => raw(served, '/v1/articles/story', ['Host: news', ...headers])
  await get()
  t.same(await counted(), ['0 yes', '1 no'])
  await get()
  t.same(await counted(), ['1 yes', '1 no'])
  await get('Accept-Encoding: gzip')
  t.same(await counted(), ['2 yes', '1 no'], 'it is there, but not yet in this form')
  await get('Accept-Encoding: gzip')
  t.same(await counted(), ['3 yes', '1 no'])
})
