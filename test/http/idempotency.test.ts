import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { forgetOldAnswers } from '../../src/storage/answers.ts'
import { type Answer, type CallOptions, type TestApp, testApp } from '../support/app.ts'
import { document } from '../support/contract.ts'
import { engine } from '../support/engines.ts'
import { makeDraft, makeKey, makeSection, makeTag } from '../support/factories.ts'
import { dump, makeWorld, type Operation, operations, urlOf, whoMay } from '../support/operations.ts'
import { holdTurn } from '../support/stores.ts'

const tags = '/v1/tags'
const rail = { name: 'Rail' }
const story = 'Ferries sail again\n\nThe first ferry left the harbour at dawn on Monday.\n'

/** An editor's POST, with an Idempotency-Key. */
function post(app: TestApp, url: string, key: string, options: CallOptions = {}): Promise<Answer> {
  return app.call('POST', url, { as: 'editor', ...options, headers: { 'idempotency-key': key } })
}

async function count(app: TestApp, url: string): Promise<number> {
  return (await app.call('GET', `${url}?count=exact`, { as: 'admin' })).body.page.total
}

function answersIn({ store }: TestApp) {
  return store.read((db) => db.select().from(db.tables.answers))
}

/** What of an answer must be the same when it is given again. */
function essence({ status, headers, text }: Answer) {
  const { location, etag, vary, 'content-type': type, 'cache-control': caching } = headers
  return { status, location, etag, vary, type, caching, text }
}

function isReplay({ headers }: Answer): boolean {
  return headers['idempotency-replayed'] === 'true'
}

const reused = { status: 422, body: { code: 'idempotency_key_reused', errors: [{ header: 'Idempotency-Key' }] } }

t.test('a first answer is for the holder of the key that got it, while that works', async (t) => {
  const app = await testApp(t)
  const desk = await makeKey(app)
  const first = await post(app, tags, 'one', { key: desk.secret, body: rail })
  t.equal(first.status, 201)
  t.ok(isReplay(await post(app, tags, 'one', { key: desk.secret, body: rail })))

  const stranger = await post(app, tags, 'one', { as: 'stranger', body: rail })
  t.match(stranger, { status: 401, body: { code: 'key_required' } })
  const reader = await post(app, tags, 'one', { as: 'reader', body: rail })
  t.match(reader, { status: 403, body: { code: 'forbidden' } })
  const other = await post(app, tags, 'one', { body: { name: 'Road' } })
  t.match(other, { status: 201, body: { name: 'Road' } }, 'another holder has an effect and an answer of their own')
  t.notOk(isReplay(other))

  await app.call('DELETE', `/v1/keys/${desk.id}`, { as: 'admin' })
  const revoked = await post(app, tags, 'one', { key: desk.secret, body: rail })
  t.match(revoked, { status: 401, body: { code: 'invalid_key' } })
  for (const { text } of [stranger, reader, other, revoked]) t.notOk(text.includes(first.body.id))
})

/** An article in the state that these calls bring a draft to. */
async function bring(app: TestApp, world: Record<string, string>, ...calls: [string, object?][]) {
  let { id, version } = await makeDraft(app, { section: world.section })
  for (const [action, body] of calls) {
    const [method, path] = action === 'DELETE' ? ['DELETE', ''] : ['POST', `/${action}`]
    const answer = await app.call(method, `/v1/articles/${id}${path}`, { as: 'editor', version, body })
    if (answer.status !== 200) throw new Error(`${action}: ${answer.text}`)
    version = answer.body.version
  }
  world.article = id
  return { version }
}

/** For each operation that is done once: a request that has an effect. */
const requests: Record<string, (app: TestApp, world: Record<string, string>) => Promise<CallOptions>> = {
  createArticle: async () => ({ body: { title: 'Once', pages: [{ body: 'Only once.' }] } }),
  batchArticles: async () => ({ body: { operations: [{ op: 'create', body: { title: 'Once' } }] } }),
  submitArticle: (app, world) => bring(app, world),
  returnArticle: async (app, world) => ({ ...(await bring(app, world, ['submit'])), body: { note: 'Who says so?' } }),
  publishArticle: (app, world) => bring(app, world),
  unscheduleArticle: (app, world) => bring(app, world, ['publish', { at: '2999-01-01T00:00:00Z' }]),
  correctArticle: async (app, world) => ({ ...(await bring(app, world, ['publish'])), body: { text: 'On Tuesday.' } }),
  unpublishArticle: (app, world) => bring(app, world, ['publish']),
  withdrawArticle: async (app, world) => ({
    ...(await bring(app, world, ['publish'])),
    body: { reason: 'A forgery.' },
  }),
  restoreArticle: (app, world) => bring(app, world, ['DELETE']),
  restoreRevision: async (app, world) => {
    const { version } = await bring(app, world)
    world.number = '1'
    const body = { title: 'Another title' }
    const saved = await app.call('PATCH', `/v1/articles/${world.article}?note=kept`, { as: 'editor', version, body })
    return { version: saved.body.version }
  },
  purgeArticle: (app, world) => bring(app, world, ['DELETE']),
  createSection: async () => ({ body: { name: 'Once' } }),
  createTag: async () => ({ body: { name: 'Once' } }),
  mergeTag: async (app) => ({ version: 1, body: { into: (await makeTag(app, { name: 'Stays' })).slug } }),
  createSource: async () => ({ body: { name: 'Once' } }),
  createKey: async () => ({ body: { name: 'once', role: 'reader' } }),
  rotateKey: async () => ({ body: {} }),
}

/** These change nothing, or know by other means what is there already, however often they are sent. */
const harmless = new Set(['validateArticle', 'importArticles'])

t.test('every POST that needs a key says that it is done once, and is', async (t) => {
  const app = await testApp(t)
  const posts = operations.filter(({ id, method, roles }) => method === 'POST' && roles.length > 0 && !harmless.has(id))
  t.same(posts.map(({ id }) => id).sort(), Object.keys(requests).sort(), 'there is a request for each')
  const things = await makeWorld(app)
  for (const operation of posts) {
    checkDescription(t, operation)
    const world = { ...things }
    const options = { as: whoMay(operation), ...(await requests[operation.id]?.(app, world)) }
    const url = urlOf(operation, world)
    const first = await post(app, url, operation.id, options)
    t.match(String(first.status), /^20[014]$/, operation.id)
    t.notOk(isReplay(first))
    const before = await dump(app.store)
    const again = await post(app, url, operation.id, options)
    t.ok(isReplay(again), operation.id)
    t.same(essence(again), essence(first), `${operation.id} answers as the first time`)
    t.equal(await dump(app.store), before, 'and does nothing')
  }
})

function checkDescription(t: Test, { id, method, path, parameters }: Operation): void {
  t.match(
    parameters.find(({ name }) => name === 'Idempotency-Key'),
    { in: 'header', required: false },
  )
  const { responses } = document.paths[path]?.[method.toLowerCase()] ?? { responses: {} }
  const good = Object.entries(responses).find(([status]) => status.startsWith('2'))
  t.ok(good?.[1].headers?.['Idempotency-Replayed'], id)
  t.match(JSON.stringify(responses['409']), /idempotency_in_flight/, id)
  t.match(JSON.stringify(responses['422']), /idempotency_key_reused/, id)
}

t.test('without the header each request has its effect, and no answer is kept', async (t) => {
  const app = await testApp(t)
  const body = { title: 'Twice', pages: [{ body: 'Two drafts.' }] }
  const [one, two] = [await makeDraft(app, body), await makeDraft(app, body)]
  t.not(one.id, two.id)
  t.same(await answersIn(app), [])
})

t.test(
  'of fifty sent at once one has an effect; the others get its answer, or hear that it is under way',
  async (t) => {
    const app = await testApp(t)
    const sent = await Promise.all(Array.from({ length: 50 }, () => post(app, tags, 'all', { body: rail })))
    const made = sent.filter((answer) => answer.status === 201)
    const [first] = made
    t.equal(made.filter((answer) => !isReplay(answer)).length, 1)
    for (const { text } of made) t.equal(text, first?.text)
    for (const refused of sent.filter(({ status }) => status !== 201))
      t.match(refused, { status: 409, headers: { 'retry-after': '1' }, body: { code: 'idempotency_in_flight' } })
    t.equal(await count(app, tags), 1)
    const changes = await app.store.read((db) => db.select().from(db.tables.changes))
    t.equal(changes.filter(({ kind }) => kind === 'tag.created').length, 1)
  },
)

t.test('while the first is under way its key waits, and no other', async (t) => {
  const app = await testApp(t)
  const turn = await holdTurn(app.store)
  const first = post(app, tags, 'slow', { body: rail })
  // Held by the turn, it cannot be over; but it may not yet have come so far.
  while (app.app.underWay.size === 0) await new Promise((resolve) => setImmediate(resolve))
  const second = await post(app, tags, 'slow', { body: rail })
  t.match(second, { status: 409, headers: { 'retry-after': '1' }, body: { code: 'idempotency_in_flight' } })
  const others = [
    post(app, tags, 'another', { body: { name: 'Road' } }),
    post(app, tags, 'slow', { as: 'admin', body: { name: 'Sea' } }),
  ]
  await turn.end()
  t.equal((await first).status, 201)
  for (const other of others) t.equal((await other).status, 201)
  const third = await post(app, tags, 'slow', { body: rail })
  t.same([third.text, isReplay(third)], [(await first).text, true])
  t.equal(app.app.underWay.size, 0)
})

t.test('a request is the same however its JSON is laid out, its key quoted and its version seen', async (t) => {
  const app = await testApp(t)
  const raw = (data: string, type = 'application/json') => ({ raw: { type, data } })
  const first = await post(app, tags, 'k"1\\', raw('{"name":"Rail","sameAs":[],"kind":"place"}'))
  t.equal(first.status, 201)
  const laidOut = raw(' {\n "kind" : "place", "sameAs":[ ],\t"name":"R\\u0061il" } ', 'application/json; charset=utf-8')
  for (const key of ['k"1\\', '"k\\"1\\\\"']) {
    const again = await post(app, tags, key, laidOut)
    t.same([isReplay(again), again.text], [true, first.text], key)
  }
  const draft = await makeDraft(app, { section: (await makeSection(app)).id })
  const url = `/v1/articles/${draft.id}/publish`
  const published = await post(app, url, 'go', { version: draft.version })
  t.equal(published.status, 200)
  const replayed = await post(app, url, 'go', { version: 77 })
  t.same(essence(replayed), essence(published), 'If-Match is not compared again')
  t.ok(isReplay(replayed))
  t.match(await post(app, url, 'go'), { status: 428 }, 'but it is still to be sent')
})

t.test('pasted text is done once too, and counts to the letter', async (t) => {
  const app = await testApp(t)
  const raw = { type: 'text/plain', data: story }
  const first = await post(app, '/v1/articles?lang=en', 'paste', { raw })
  t.match(first, { status: 201, body: { title: 'Ferries sail again', parse: Object } })
  const again = await post(app, '/v1/articles?lang=en', 'paste', { raw })
  t.same(essence(again), essence(first))
  t.ok(isReplay(again))
  const before = await dump(app.store)
  t.match(await post(app, '/v1/articles?lang=en', 'paste', { raw: { ...raw, data: `${story} ` } }), reused)
  t.match(await post(app, '/v1/articles?lang=fr', 'paste', { raw }), reused)
  t.match(await post(app, '/v1/articles', 'paste', { raw }), reused)
  t.equal(await dump(app.store), before)
})

t.test('another request with the same key is refused and does nothing', async (t) => {
  const app = await testApp(t)
  const kept = await makeTag(app, { name: 'Kept' })
  const first = await post(app, tags, 'one', { body: { ...rail, synonyms: ['a', 'b'] } })
  t.equal(first.status, 201)
  const before = await dump(app.store)
  const others: [string, CallOptions][] = [
    [tags, { body: { name: 'rail', synonyms: ['a', 'b'] } }],
    [tags, { body: { ...rail, synonyms: ['b', 'a'] } }],
    [tags, { body: rail }],
    [tags, { body: { ...rail, synonyms: ['a', 'b'], description: 'x' } }],
    ['/v1/sections', { body: { name: 'Rail' } }],
    [`${tags}/${kept.id}/merge`, { version: 1, body: { into: first.body.id } }],
  ]
  for (const [url, options] of others) {
    const answer = await post(app, url, 'one', options)
    t.match(answer, reused, `${url} ${JSON.stringify(options.body)}`)
    t.notOk(answer.text.includes(first.body.id), 'nor tells it of the first')
  }
  t.equal(await dump(app.store), before)
  t.ok(isReplay(await post(app, tags, 'one', { body: { ...rail, synonyms: ['a', 'b'] } })))
})

t.test('what was refused is not kept: the same request may succeed later', async (t) => {
  const app = await testApp(t)
  const taken = await makeTag(app, { name: 'Rail' })
  const body = { ...rail, slug: taken.slug }
  for (let i = 0; i < 2; i += 1)
    t.match(await post(app, tags, 'one', { body }), { status: 409, body: { code: 'slug_taken' } })
  t.match(await post(app, tags, 'one', { body: { name: 7 } }), { status: 400 })
  const draft = await makeDraft(app)
  const url = `/v1/articles/${draft.id}/publish`
  t.match(await post(app, url, 'two', { version: 9 }), { status: 412 })
  t.match(await post(app, url, 'two', { version: 1 }), { status: 422, body: { code: 'not_ready' } })
  t.same(await answersIn(app), [])
  t.equal(app.app.underWay.size, 0)
  await app.call('DELETE', `${tags}/${taken.id}`, { as: 'editor', version: '*' })
  const done = await post(app, tags, 'one', { body })
  t.same([done.status, isReplay(done)], [201, false])
})

const dayMs = 86_400_000

t.test('an answer is kept for a day and not longer', async (t) => {
  const app = await testApp(t)
  const body = { name: 'once', role: 'reader' }
  const send = () => post(app, '/v1/keys', 'daily', { as: 'admin', body })
  const first = await send()
  app.clock.advance(dayMs)
  t.equal((await send()).text, first.text)
  app.clock.advance(1)
  const second = await send()
  t.same([second.status, isReplay(second)], [201, false])
  t.not(second.body.id, first.body.id)
  t.equal((await send()).text, second.text, 'the new one has taken its place')
  t.equal((await answersIn(app)).length, 1)

  await post(app, tags, 'later', { body: rail })
  app.clock.advance(dayMs - 1)
  await app.store.transact(forgetOldAnswers)
  t.equal((await answersIn(app)).length, 2, 'what may be asked for again stays')
  app.clock.advance(2)
  t.equal(await app.store.transact(forgetOldAnswers), false, 'there is no more to forget')
  t.equal((await answersIn(app)).length, 0)
})

t.test('the secret in a first answer is nowhere in the database, and opens to its holder alone', async (t) => {
  const app = await testApp(t)
  const key = 'b1946ac9-2492-4d23-8f0c-idempotency'
  const made = await post(app, '/v1/keys', key, { as: 'admin', body: { name: 'desk', role: 'admin' } })
  const rotated = await post(app, `/v1/keys/${made.body.id}/rotate`, `${key}-2`, { as: 'admin', body: {} })
  t.equal((await answersIn(app)).length, 2)
  const files = engine === 'sqlite' ? globSync('*', { cwd: app.folder }).map((name) => join(app.folder, name)) : []
  const kept = [await dump(app.store), ...files.map((file) => readFileSync(file, 'latin1'))]
  t.equal(
    kept.filter((text) => text.includes(made.body.id)).length,
    engine === 'sqlite' ? 2 : 1,
    'it is looked for where it could be',
  )
  for (const secret of [made.body.secret, rotated.body.secret, app.keys.admin, key]) {
    const encoded = Buffer.from(secret).toString('base64').slice(0, -4)
    for (const text of kept) t.notOk(text.includes(secret) || text.includes(encoded))
  }
  const again = await post(app, `/v1/keys/${made.body.id}/rotate`, `${key}-2`, { as: 'admin', body: {} })
  t.equal(again.body.secret, rotated.body.secret)
})

t.test(
  'whoever has a new secret is told that the first answer cannot be opened, and nothing is done again',
  async (t) => {
    const app = await testApp(t)
    const desk = await makeKey(app)
    const first = await post(app, tags, 'one', { key: desk.secret, body: rail })
    t.equal(first.status, 201)
    const rotate = { as: 'admin', body: { overlapSeconds: 60 } } as const
    const { secret } = (await app.call('POST', `/v1/keys/${desk.id}/rotate`, rotate)).body
    const before = await dump(app.store)
    const refused = await post(app, tags, 'one', { key: secret, body: rail })
    t.match(refused, { ...reused, body: { ...reused.body, detail: /rotated/ } })
    t.equal(await dump(app.store), before)
    t.equal(
      (await post(app, tags, 'one', { key: desk.secret, body: rail })).text,
      first.text,
      'the old one still opens it',
    )
  },
)

t.test('a key of another form is refused before anything is read', async (t) => {
  const app = await testApp(t)
  const before = await dump(app.store)
  const long = 'x'.repeat(256)
  for (const key of [
    '',
    long,
    `"${long}"`,
    'a b',
    ' ',
    'a, b',
    'é',
    'a\tb',
    '"',
    '""',
    '"a',
    '"a"b"',
    '"a\\b"',
    '"a b"',
    '"a";q=1',
  ]) {
    const answer = await post(app, tags, key, { body: { name: 7 } })
    const errors = [{ header: 'Idempotency-Key', code: 'wrong_format' }]
    t.match(answer, { status: 400, body: { code: 'invalid_request', errors } }, JSON.stringify(key))
    t.equal(answer.body.errors.length, 1)
  }
  t.equal(await dump(app.store), before)
  for (const key of ['x', '~', '!', 'a"b', 'x'.repeat(255), `"${'y'.repeat(255)}"`, "'a'", 'a,b'])
    t.equal((await post(app, '/v1/articles', key, { raw: { type: 'text/plain', data: story } })).status, 201, key)
  t.equal((await answersIn(app)).length, 8)
})

t.test('where nothing is done once the header means nothing', async (t) => {
  const app = await testApp(t)
  const tag = await makeTag(app)
  const headers = { 'idempotency-key': 'not a key' }
  t.equal((await app.call('GET', tags, { headers })).status, 200)
  const patch = { as: 'editor', version: 1, body: { name: 'Railways' }, headers } as const
  t.equal((await app.call('PATCH', `${tags}/${tag.id}`, patch)).status, 200)
  t.same(await answersIn(app), [])
})
