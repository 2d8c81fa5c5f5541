import { once } from 'node:events'
import { existsSync, readdirSync, readlinkSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import Fastify from 'fastify'
import t, { type Test } from 'tap'
import { sendLines } from '../../src/http/lines.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { until } from '../support/cli.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { breakReads, gate } from '../support/stores.ts'
import { listen } from '../support/wire.ts'
import { act, patch } from './acts.ts'

const path = '/v1/articles/export'
const canary = 'zqcanary'
const ndjson = 'application/x-ndjson'

const idsOf = (body: { id: string }[] = []) => body.map(({ id }) => id)

t.test('a stranger gets what is public and nothing else, each article whole, in the order of ids', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const hidden = await makeSource(app, { name: canary, visibility: 'editors' })
  const first = await makePublished(app, { section, title: 'First', sources: [{ source: hidden.id }] })
  await makeDraft(app, { title: `${canary} draft` })
  const second = await makePublished(app, { section, title: 'Second', pages: [{ body: '*a*' }, { body: 'b' }] })
  await patch(app, first, { deck: canary })
  await makePublished(app, { section, title: canary, embargoUntil: '2999-01-01T00:00:00Z' })
  const gone = await makePublished(app, { section, title: `${canary} gone` })
  await act(app, gone, 'unpublish')
  for (const as of ['stranger', 'reader', 'writer', 'editor', 'admin'] as const) {
    const { status, headers, body, text } = await app.call('GET', path, { as })
    t.equal(status, 200)
    t.match(headers['content-type'], ndjson)
    t.match(headers['cache-control'], 'no-store')
    t.equal(headers.etag, undefined)
    t.same(idsOf(body), [first.id, second.id], as)
    t.notMatch(text, canary, as)
    t.same(body[1].pages, [
      { number: 1, title: null, body: '*a*' },
      { number: 2, title: null, body: 'b' },
    ])
    const one = await app.call('GET', `/v1/articles/${second.id}?render=body`, { as })
    t.same(body[1], one.body, 'as it is read alone')
  }
})

t.test('working copies are for those who may see them: writers get their own', async (t) => {
  const app = await testApp(t)
  const own = await makeDraft(app, { title: 'Own' }, 'writer')
  const other = await makeDraft(app, { title: 'Other' })
  const live = await makePublished(app, { title: 'Live' })
  const url = `${path}?stage=working`
  const stranger = await app.call('GET', url)
  t.match(stranger, { status: 401, body: { code: 'key_required' } })
  t.match(await app.call('GET', url, { as: 'reader' }), { status: 403, body: { code: 'forbidden' } })
  t.same(idsOf((await app.call('GET', url, { as: 'writer' })).body), [own.id])
  t.same(idsOf((await app.call('GET', url, { as: 'editor' })).body), [own.id, other.id, live.id])
  t.same(idsOf((await app.call('GET', `${url}&state=draft`, { as: 'admin' })).body), [own.id, other.id])
  t.equal((await app.call('GET', `${url}&changed=true`, { as: 'editor' })).text, '')
  const wrong = await app.call('GET', `${path}?changed=true`, { as: 'editor' })
  t.match(wrong, { status: 400, body: { errors: [{ parameter: 'changed', code: 'wrong_stage' }] } })
})

t.test('the filters are those of the list, and what only pages a list is refused', async (t) => {
  const app = await testApp(t)
  const asia = (await makeSection(app, { name: 'Asia' })).id
  await makeTag(app, { name: 'Rail' })
  await makeSource(app, { name: 'Antara' })
  const rail = await makePublished(app, { section: asia, tags: ['rail'], lang: 'id', bylines: [{ name: 'Ana' }] })
  const source = await makePublished(app, { sources: [{ source: 'antara', role: 'quoted' }], externalId: 'x' })
  const filters = ['', 'section=asia', 'tag=rail', 'tagNone=rail', 'source=antara', 'sourceRole=quoted', 'lang=id']
  const more = ['byline=ana', 'externalId=x', `ids=${source.id}`, 'updatedAfter=2999-01-01T00:00:00Z', 'tag=none']
  for (const filter of [...filters, ...more]) {
    const list = await app.call('GET', `/v1/articles?${filter}`)
    t.same(idsOf((await app.call('GET', `${path}?${filter}`)).body), idsOf(list.body.data).sort(), filter)
  }
  const { body } = await app.call('GET', `${path}?tag=rail&render=html,text`)
  t.match(body, [{ id: rail.id, pages: [{ html: /<p>/, text: /train/ }] }])
  t.equal(body[0].pages[0].body, undefined)
  for (const name of ['sort', 'limit', 'cursor', 'count', 'fields', 'include']) {
    const refused = await app.call('GET', `${path}?${name}=1`)
    t.match(refused, { status: 400, body: { errors: [{ parameter: name, code: 'unknown' }] } })
  }
})

t.test('HEAD answers without reading on, and other methods are refused', async (t) => {
  const app = await testApp(t)
  await makePublished(app)
  const head = await app.call('HEAD', path)
  t.match(head, { status: 200, text: '', headers: { 'content-type': ndjson } })
  t.match(await app.call('HEAD', `${path}?stage=working`), { status: 401 })
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    const { status, headers } = await app.call(method, path, { as: 'admin' })
    t.same([status, headers.allow], [405, 'GET, HEAD, OPTIONS'], method)
  }
  const accept = { accept: 'application/json' }
  t.match(await app.call('GET', path, { headers: accept }), { status: 406, body: { detail: new RegExp(ndjson) } })
  t.equal((await app.call('GET', path, { headers: { accept: ndjson } })).status, 200)
})

t.test('no article takes the name of an operation, and one whose title would gets the next', async (t) => {
  const app = await testApp(t)
  for (const slug of ['export', 'import', 'batch']) {
    const asked = await app.call('POST', '/v1/articles', { as: 'editor', body: { title: 'x', slug } })
    t.match(asked, { status: 409, body: { code: 'slug_taken', detail: /reserved/, errors: [{ pointer: '/slug' }] } })
    const derived = await makeDraft(app, { title: slug.toUpperCase() })
    t.equal(derived.slug, `${slug}-2`)
    t.match(await patch(app, derived, { slug }), { status: 409, body: { code: 'slug_taken' } })
    t.equal((await makeTag(app, { name: slug })).slug, slug, 'a tag may')
  }
})

/** Published articles of some bytes, made by an import: thousands in a moment. */
async function fill(app: TestApp, count: number, bytes: number): Promise<void> {
  await makeSection(app)
  const text = 'x'.repeat(bytes)
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({ externalId: `e${i}`, title: `T${i}`, section: 'world', text }),
  )
  const raw = { type: ndjson, data: lines.join('\n') }
  const { body } = await app.call('POST', '/v1/articles/import?publish=true', { as: 'editor', raw })
  if (body.at(-1).created !== count) throw new Error(JSON.stringify(body.at(-1)))
}

/** Waits until so many pages, and then nothing more, are read: a slow disk can look like the end for a moment. */
async function quiet(app: TestApp, pages: number): Promise<void> {
  await until(() => pagesRead(app) >= pages)
  for (let seen = -1; seen !== app.statements.length; await sleep(200)) seen = app.statements.length
}

function pagesRead({ statements }: TestApp): number {
  return statements.filter((sql) => sql.includes('"article_pages"')).length
}

/** Begins an export and reads nothing of it until it is told to. */
function stalled(port: number) {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  socket.pause()
  socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  return socket
}

t.test('a reader who does not read', async (t) => {
  // What looks for changes now and then would never be quiet.
  const app = await testApp(t, { WARTA_CACHE: '0' })
  const [count, bytes] = [600, 20_000]
  await fill(app, count, bytes)
  const port = await listen(app)

  await t.test('holds nobody up, has all read for him at once, and gets all that was there', async (t) => {
    app.statements.length = 0
    await app.call('GET', path)
    const ofAll = pagesRead(app)
    const alone = await timeOf(app, t)
    app.statements.length = 0
    const readers = Array.from({ length: 20 }, () => stalled(port))
    await quiet(app, readers.length * ofAll)
    t.match(await app.call('GET', path), { status: 503, body: { code: 'too_many_exports' } }, 'no more than so many')
    t.equal(pagesRead(app), readers.length * ofAll, 'nothing is left to be read later')
    let beside = await timeOf(app, t)
    // Other processes on the machine hold one up too, now and then; these readers would do so each time.
    for (let tries = 1; tries < 5 && beside >= 3 * alone + 50; tries += 1) beside = await timeOf(app, t)
    t.ok(beside < 3 * alone + 50, `writes took ${beside} ms beside them, ${alone} ms alone`)
    const [last, ...others] = readers
    for (const reader of others) reader.destroy()
    let text = ''
    last?.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
    })
    last?.resume()
    await new Promise((resolve) => last?.once('close', resolve))
    t.ok(text.endsWith('\r\n0\r\n\r\n'), 'it ends properly')
    const ids = [...text.matchAll(/"externalId":"(e\d+)"/g)].map(([, id]) => id)
    t.equal(new Set(ids).size, count)
    t.equal(ids.length, count, 'each once')
    t.notMatch(text, 'Meanwhile', 'and nothing that was written since')
  })

  await t.test('and goes away ends the work at once, and leaves no file', async (t) => {
    const before = app.statements.length
    const reader = stalled(port)
    await until(() => app.statements.length > before)
    reader.destroy()
    const open = () => new Promise<number>((resolve) => app.app.server.getConnections((_, n) => resolve(n)))
    await until(async () => (await open()) === 0)
    await sleep(50)
    const statements = app.statements.length
    await sleep(100)
    t.equal(app.statements.length, statements)
    // The file is closed by another thread, after what it writes: on a slow disk that takes its time.
    await until(() => spoolsOf(process.pid) === 0)
    const folders = [app.folder, tmpdir()].flatMap((folder) => readdirSync(folder))
    t.same(
      folders.filter((name) => name.startsWith('warta-export')),
      [],
    )
  })

  await t.test('sees that an export which failed in the middle does not end properly', async (t) => {
    const mend = breakReads(app.store, 'articles.pages', 20)
    const reader = stalled(port)
    let text = ''
    reader.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
    })
    reader.resume()
    await new Promise((resolve) => reader.once('close', resolve))
    t.match(text, /^HTTP\/1.1 200 /)
    t.notMatch(text, /\r\n0\r\n\r\n$/)
    t.ok((await app.call('GET', path)).status >= 500, 'one that fails before is a problem')
    mend()
    t.equal((await app.call('GET', `${path}?externalId=e1`)).body.length, 1, 'and all is well again')
  })
})

t.test(
  'whoever leaves before it is their turn makes room for those who stay, and nothing is read for them',
  async (t) => {
    const app = await testApp(t, { WARTA_CACHE: '0' })
    const { id } = await makePublished(app)
    const port = await listen(app)
    const { server } = app.app
    const open = () => new Promise<number>((resolve) => server.getConnections((_, count) => resolve(count)))
    const held = gate()
    const read = app.store.read.bind(app.store)
    let begun = 0
    app.store.read = async (fn, options) => {
      begun += 1
      await held.opened
      return read(fn, options)
    }
    const inside = [stalled(port), stalled(port)]
    await until(() => begun === 2)
    // More than may be under way, or wait, at once.
    for (let i = 0; i < 25; i += 1) {
      const arrived = once(server, 'request')
      const leaving = stalled(port)
      await arrived
      await sleep(5)
      leaving.destroy()
      await until(async () => (await open()) === inside.length)
    }
    const staying = app.call('GET', path)
    await sleep(50)
    t.equal(begun, 2, 'one waits')
    held.open()
    t.same(idsOf((await staying).body), [id])
    t.equal(begun, 3)
    for (const reader of inside) reader.destroy()
  },
)

/** Files without a name that a process has open, where the system tells. */
function spoolsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`
  if (!existsSync(folder)) return 0
  const links = readdirSync(folder).map((fd) => {
    try {
      return readlinkSync(`${folder}/${fd}`)
    } catch {
      return ''
    }
  })
  return links.filter((link) => link.includes('warta-export')).length
}

async function timeOf(app: TestApp, t: Test): Promise<number> {
  const began = performance.now()
  for (let i = 0; i < 20; i += 1) {
    const { body } = await app.call('POST', '/v1/articles', { as: 'editor', body: { title: 'Meanwhile' } })
    t.equal((await app.call('GET', `/v1/articles/${body.id}?stage=working`, { as: 'editor' })).status, 200)
  }
  return performance.now() - began
}

t.test('a reader who takes nothing for long is cut off, one who is slow is not', async (t) => {
  const app = Fastify()
  t.teardown(() => app.close())
  let ended = 0
  let stallMs = 300
  app.get('/', (_request, reply) => {
    async function* lines() {
      try {
        for (let i = 0; i < 2_000; i += 1) yield { i, x: 'x'.repeat(10_000) }
      } finally {
        ended += 1
      }
    }
    return sendLines(reply, lines(), stallMs)
  })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const port = Number(new URL(app.listeningOrigin).port)
  const began = performance.now()
  const reader = connect(port, '127.0.0.1')
  reader.on('error', () => {})
  reader.pause()
  reader.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  await until(() => ended === 1)
  // What is looked for each 300 ms is seen after 600, and a minute or two is what others have.
  t.ok(performance.now() - began < 20_000, 'its work is over')
  reader.destroy()
  // He takes something each 10 ms, and so long over all of it that he is looked at several times; from one look to the
  // next no busy machine keeps him from it.
  stallMs = 600
  let taken = 0
  const slow = connect(port, '127.0.0.1')
  slow.on('error', () => {})
  slow.write('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
  slow.on('data', (chunk) => {
    taken += chunk.length
    slow.pause()
    setTimeout(() => slow.resume(), 10)
  })
  await new Promise((resolve) => slow.once('close', resolve))
  t.ok(taken > 2_000 * 10_000, 'all of it')
})
