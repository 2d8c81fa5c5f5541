import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { newSecret } from '../../src/keys/secret.ts'
import { patch } from './../articles/acts.ts'
import { type CallOptions, type TestApp, testApp, type Who } from '../support/app.ts'
import { bodyOf } from '../support/bodies.ts'
import { serve, until } from '../support/cli.ts'
import { newDatabase } from '../support/engines.ts'
import { makeDraft, makePublished, makeSection, makeTag } from '../support/factories.ts'
import { dump } from '../support/operations.ts'
import { listen } from '../support/wire.ts'

const path = '/v1/articles/import'
const ndjson = 'application/x-ndjson'

/** Sends these records, a text as it is, and answers the lines that come back. */
function send(app: TestApp, records: readonly (object | string)[], query = '', options: CallOptions = {}) {
  const data = records.map((one) => (typeof one === 'string' ? one : JSON.stringify(one))).join('\n')
  return app.call('POST', `${path}${query}`, { as: 'editor', raw: { type: ndjson, data }, ...options })
}

/** A request whose body comes when the test says so. */
function begin(port: number, key: string, query = '') {
  const { promise, resolve } = Promise.withResolvers<'whole' | 'cut off'>()
  const headers = { authorization: `Bearer ${key}`, 'content-type': ndjson }
  let [status, text] = [0, '']
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: path + query, headers, agent: false })
  outgoing.on('response', (response) => {
    status = response.statusCode ?? 0
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk
    })
    response.on('end', () => resolve('whole'))
    response.on('error', () => resolve('cut off'))
  })
  outgoing.on('error', () => resolve('cut off'))
  return { outgoing, ended: promise, answer: () => ({ status, text }) }
}

t.test('only editors and admins may, and what is no NDJSON is refused before anything is written', async (t) => {
  const app = await testApp(t)
  const before = await dump(app.store)
  for (const [as, status] of [
    ['stranger', 401],
    ['reader', 403],
    ['writer', 403],
  ] as [Who, number][])
    t.equal((await send(app, [{ title: 'x' }], '', { as })).status, status, as)
  const types = ['application/json', 'text/plain', `${ndjson}; charset=utf-16`, `${ndjson}; charset=latin1`]
  for (const type of types)
    t.match(await send(app, [], '', { raw: { type, data: '{"title":"x"}' } }), {
      status: 415,
      body: { code: 'unsupported_media_type' },
    })
  t.match(await app.call('POST', path, { as: 'editor' }), { status: 415 })
  t.match(await send(app, [{ title: 'x' }], '', { headers: { 'content-encoding': 'gzip' } }), { status: 415 })
  t.match(await send(app, [{ title: 'x' }], '?publish=yes'), { status: 400 })
  t.match(await send(app, [{ title: 'x' }], '', { headers: { 'idempotency-key': 'a' } }), {
    status: 400,
    body: { errors: [{ header: 'Idempotency-Key' }] },
  })
  t.equal(await dump(app.store), before, 'nothing was written')
  for (const method of ['GET', 'PUT', 'DELETE']) {
    const { status, headers } = await app.call(method, path, { as: 'admin' })
    t.same([status, headers.allow], [405, 'OPTIONS, POST'])
  }
})

t.test('each line is answered in its order: what is broken fails by itself, and all others are imported', async (t) => {
  const app = await testApp(t)
  await makeSection(app)
  const tag = await makeTag(app)
  const lines = [
    { externalId: 'a', title: 'One', section: 'World', text: 'x', tags: ['rail'] },
    '{"title": "broken"',
    '',
    { title: '', urgency: 12, colour: 'red' },
    { title: 'Unknown tag', tags: ['nowhere'] },
    '[]',
    `{"title":"${'x'.repeat(8 * 1024 * 1024)}"}`,
    { externalId: 'a', title: 'Twice' },
    { title: 'Both', text: 'x', pages: [] },
    { externalId: 'b', title: 'Two', text: 'y', section: 'world', tags: [{ name: 'Rail' }] },
    { title: 'Not ready' },
  ]
  const { status, headers, body } = await send(app, lines, '?publish=true')
  t.equal(status, 200)
  t.match(headers['content-type'], ndjson)
  t.same(
    body.slice(0, -1).map((one: { line: number; status: string; code?: string }) => [one.line, one.status, one.code]),
    [
      [1, 'created', undefined],
      [2, 'failed', 'invalid_json'],
      [4, 'failed', 'invalid_request'],
      [5, 'failed', 'rule_broken'],
      [6, 'failed', 'invalid_request'],
      [7, 'failed', 'invalid_request'],
      [8, 'failed', 'invalid_request'],
      [9, 'failed', 'invalid_request'],
      [10, 'created', undefined],
      [11, 'failed', 'not_ready'],
    ],
  )
  t.same(
    body[2].errors.map(({ pointer }: { pointer: string }) => pointer),
    ['/title', '/urgency', '/colour'],
  )
  t.match(body[5].reason, /8 MiB/)
  t.same(body.at(-1), { done: true, created: 2, updated: 0, unchanged: 0, kept: 0, failed: 8, published: 2 })
  const { body: list } = await app.call('GET', '/v1/articles?sort=title')
  t.match(list.data, [
    { id: body[0].id, slug: 'one', tags: [{ id: tag.id }] },
    { title: 'Two', tags: [{ id: tag.id }] },
  ])
  const { body: changes } = await app.call('GET', `/v1/articles/${body[0].id}/changes`, { as: 'editor' })
  t.match(changes.data[0], { actor: { name: 'the editor' } }, 'history says whose key it was')
})

t.test('sent again nothing is done twice; what another key has changed is kept unless overwritten', async (t) => {
  const app = await testApp(t)
  const records = ['a', 'b'].map((externalId) => ({
    externalId,
    title: `Title ${externalId}`,
    section: 'new',
    text: 'x',
  }))
  const query = '?publish=true&createMissing=true'
  const dry = await send(app, records, `${query}&dryRun=true`)
  t.match(dry.body, [{ status: 'created' }, { status: 'created' }, { done: true, created: 2 }])
  t.equal(dry.body[0].id, undefined, 'what is undone has no id')
  t.same((await app.call('GET', '/v1/sections')).body.data, [])
  const first = await send(app, records, query)
  t.match(first.body.at(-1), { created: 2, published: 2 })
  t.match((await send(app, records, query)).body.at(-1), { unchanged: 2, published: 0 })
  const { body: own } = await app.call('GET', '/v1/articles/title-a?stage=working', { as: 'editor' })
  await app.call('PATCH', `/v1/articles/${own.id}`, { as: 'admin', version: own.version, body: { deck: 'By hand.' } })
  const changed = records.map((record) => ({ ...record, title: `${record.title} again` }))
  const kept = await send(app, changed, query)
  t.match(kept.body, [
    { status: 'kept', id: own.id, reason: /another key/i },
    { status: 'updated', published: true },
  ])
  t.match((await send(app, changed, `${query}&overwrite=true`)).body.at(-1), { updated: 1, unchanged: 1, published: 1 })
})

t.test('an empty body is done at once, and a locked article is left to who holds it', async (t) => {
  const app = await testApp(t)
  t.match((await send(app, [''])).body, [{ done: true, created: 0, failed: 0 }])
  const draft = await makeDraft(app, { externalId: 'l' })
  await app.call('PUT', `/v1/articles/${draft.id}/lock`, { as: 'admin' })
  t.match((await send(app, [{ externalId: 'l', title: 'New' }])).body[0], { status: 'failed', code: 'article_locked' })
})

t.test('what was exported can be brought in: the same articles, sections, tags and sources', async (t) => {
  const from = await testApp(t)
  const above = await makeSection(from, { name: 'World' })
  const section = await makeSection(from, { name: 'Asia', slug: 'as', parent: above.id })
  const tag = await makeTag(from, { name: 'Élections', kind: 'event' })
  for (const title of ['One', 'Two'])
    await makePublished(from, {
      title,
      section: section.id,
      tags: [tag.id],
      bylines: [{ name: 'Ana Širć' }],
      pages: [{ title: 'a', body: '*x*' }, { body: 'y' }],
    })
  await patch(from, await makePublished(from, { title: 'Three', section: above.id }), { title: 'Not public' })
  const out = await from.call('GET', '/v1/articles/export')
  const raw = { type: ndjson, data: out.text }
  const query = `${path}?publish=true&createMissing=true`
  await t.test('into an empty newsroom', async (t) => {
    const to = await testApp(t)
    t.match((await to.call('POST', query, { as: 'editor', raw })).body.at(-1), { created: 3, published: 3, failed: 0 })
    t.same(essence((await to.call('GET', '/v1/articles/export')).body), essence(out.body))
    t.match((await to.call('POST', query, { as: 'editor', raw })).body.at(-1), { unchanged: 3, published: 0 })
  })
})

t.test('what editors took back, scheduled or have not finished is not published by sending it again', async (t) => {
  const app = await testApp(t)
  await makeSection(app)
  const as = 'editor'
  const line = (externalId: string, deck: string) => ({
    externalId,
    title: externalId,
    section: 'world',
    text: 'x',
    deck,
  })
  const names = ['withdrawn', 'unpublished', 'scheduled', 'replaced', 'unfinished', 'plain']
  const query = '?publish=true'
  await send(
    app,
    names.filter((name) => name !== 'scheduled').map((name) => line(name, 'First.')),
    query,
  )
  await send(app, [line('scheduled', 'First.')])
  const step = async (name: string, action: string, body?: object) => {
    const method = action === '' ? 'PATCH' : 'POST'
    const answer = await app.call(method, `/v1/articles/${name}${action}`, { as, version: '*', body })
    t.equal(answer.status, 200, answer.text)
  }
  await step('withdrawn', '/withdraw', { reason: 'A forgery.' })
  await step('unpublished', '/unpublish')
  const at = '2026-12-24T09:00:00Z'
  await step('scheduled', '/publish', { at })
  await step('replaced', '', { kicker: 'Next' })
  await step('replaced', '/publish', { at })
  await step('unfinished', '', { kicker: 'Half a' })
  const seen = async () => {
    const { body } = await app.call('GET', '/v1/articles?sort=title&fields=title,deck,kicker')
    return body.data.map(({ title, deck, kicker }: Record<string, string>) => [title, deck, kicker])
  }
  const before = await seen()
  t.same(before, [
    ['plain', 'First.', null],
    ['replaced', 'First.', null],
    ['unfinished', 'First.', null],
  ])
  for (const deck of ['First.', 'Second.']) {
    const { body } = await send(
      app,
      names.map((name) => line(name, deck)),
      query,
    )
    const published = names.filter((_, i) => body[i].published)
    t.same(published, deck === 'First.' ? [] : ['plain'], deck)
  }
  t.same(await seen(), [['plain', 'Second.', null], ...before.slice(1)])
  await send(
    app,
    names.map((name) => line(name, 'Third.')),
    `${query}&overwrite=true`,
  )
  t.same(await seen(), [
    ['plain', 'Third.', null],
    ['replaced', 'First.', null],
    ['unfinished', 'Third.', 'Half a'],
    ['unpublished', 'Third.', null],
  ])
})

t.test('a line of an export that has no external id is known by its own id where it came from', async (t) => {
  const app = await testApp(t)
  const { id } = await makePublished(app, { title: 'Own' })
  const { body } = await app.call('GET', '/v1/articles/export')
  t.match((await send(app, body)).body[0], { status: 'unchanged', id })
  const { body: answer } = await send(app, [{ ...body[0], deck: 'New.' }])
  t.match(answer[0], { status: 'updated', id })
  const { body: own } = await app.call('GET', `/v1/articles/${id}?stage=working`, { as: 'editor' })
  t.match(own, { deck: 'New.', externalId: null, slug: 'own' })
})

t.test('working copies stay what they were in another newsroom, and confidential sources confidential', async (t) => {
  const from = await testApp(t)
  const secret = await from.call('POST', '/v1/sources', {
    as: 'editor',
    body: { name: 'zqcanary', visibility: 'editors' },
  })
  await makePublished(from, { title: 'Live', sources: [{ source: secret.body.id }] })
  const ahead = await makePublished(from, { title: 'Ahead', section: 'world' })
  await patch(from, ahead, { title: 'Half a title' })
  await makeDraft(from, { title: 'Draft', section: 'world' })
  const out = await from.call('GET', '/v1/articles/export?stage=working', { as: 'editor' })
  const to = await testApp(t)
  const raw = { type: ndjson, data: out.text }
  const { body } = await to.call('POST', `${path}?publish=true&createMissing=true`, { as: 'editor', raw })
  t.match(body.at(-1), { created: 3, published: 1, failed: 0 })
  const shown = await to.call('GET', '/v1/articles/export')
  t.match(shown.body, [{ title: 'Live', sources: [] }])
  t.equal(shown.body.length, 1)
  t.notMatch((await to.call('GET', '/v1/sources')).text, 'zqcanary')
  t.match((await to.call('GET', '/v1/sources', { as: 'editor' })).body.data, [{ visibility: 'editors' }])
})

t.test('imports at the same time make a section, a tag and a source once', async (t) => {
  const app = await testApp(t)
  const records = (n: number) => [
    {
      externalId: `e${n}`,
      title: `T${n}`,
      section: 'New Section',
      tags: ['Two Words'],
      sources: [{ source: 'A Source' }],
    },
  ]
  const all = await Promise.all([1, 2, 3].map((n) => send(app, records(n), '?createMissing=true')))
  for (const { body } of all) t.match(body.at(-1), { created: 1, failed: 0 })
  for (const [kind, name] of [
    ['sections', 'New Section'],
    ['tags', 'Two Words'],
    ['sources', 'A Source'],
  ]) {
    const { body } = await app.call('GET', `/v1/${kind}`)
    t.same(
      body.data.map((one: { name: string }) => one.name),
      [name],
    )
  }
})

/** What is the same in two newsrooms: all but ids, versions and the instants of saving. */
function essence(articles: Record<string, unknown>[]) {
  const own = new Set(['id', 'externalId', 'version', 'createdAt', 'updatedAt', 'firstPublishedAt'])
  return JSON.parse(JSON.stringify(articles, (name, value) => (own.has(name) ? undefined : value)))
}

t.test('it answers while it works, and a sender who leaves leaves what was answered', async (t) => {
  const app = await testApp(t)
  const port = await listen(app)
  const { outgoing, answer, ended } = begin(port, app.keys.editor)
  for (let i = 0; i < 40; i += 1) outgoing.write(`{"externalId":"e${i}","title":"T${i}"}\n`)
  outgoing.write('{"externalId":"half","ti')
  await until(() => answer().text.includes('"line":32'))
  t.notMatch(answer().text, 'done')
  outgoing.destroy()
  t.equal(await ended, 'cut off')
  await sleep(100)
  const { body } = await app.call('GET', '/v1/articles?stage=working&count=exact', { as: 'editor' })
  t.equal(body.page.total, 32, 'nothing of what had not come in whole')
})

t.test(
  'a long upload outlives the time limit of other requests, a sender who stops does not',
  { timeout: 120_000 },
  async (t) => {
    const app = await testApp(t)
    const port = await listen(app)
    const slow = begin(port, app.keys.editor)
    const silent = begin(port, app.keys.editor)
    silent.outgoing.write('{"title":"x"')
    const began = performance.now()
    let silentFor = 0
    const silence = silent.ended.then(() => {
      silentFor = performance.now() - began
    })
    // Three kilobytes a second, for longer than the ten seconds after which Node gives up on a request, and its next look.
    for (let i = 0; i < 13; i += 1) {
      slow.outgoing.write(`${JSON.stringify({ externalId: `s${i}`, title: 'T', text: 'x'.repeat(3_000) })}\n`)
      await sleep(1_000)
    }
    slow.outgoing.end()
    t.equal(await slow.ended, 'whole')
    t.match(bodyOf(ndjson, slow.answer().text).at(-1), { done: true, created: 13 })
    await silence
    t.match(silent.answer(), { status: 408, text: /request_timeout/ })
    t.ok(silentFor < 15_000, `${silentFor} ms`)
  },
)

t.test('a service that stops ends after what is at hand, without the last line', { timeout: 120_000 }, async (t) => {
  const key = newSecret()
  const service = await serve(t, await newDatabase(t), { env: { WARTA_ADMIN_KEY: key } })
  const sending = begin(service.port, key)
  let sent = 0
  const timer = setInterval(() => {
    for (let i = 0; i < 20 && sending.outgoing.writable; i += 1) {
      sent += 1
      sending.outgoing.write(`{"externalId":"e${sent}","title":"T"}\n`)
    }
  }, 20)
  await until(() => sending.answer().text.includes('"line":64'))
  const began = performance.now()
  service.process.kill('SIGTERM')
  t.equal((await service.ended).code, 0)
  clearInterval(timer)
  t.ok(performance.now() - began < 10_000)
  await sending.ended
  t.notMatch(sending.answer().text, 'done')
  t.notMatch(sending.answer().text, 'failed')
})
