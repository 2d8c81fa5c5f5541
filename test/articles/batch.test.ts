import t from 'tap'
import { type Answer, type CallOptions, everyone, type TestApp, testApp, type Who } from '../support/app.ts'
import { until } from '../support/cli.ts'
import { engine } from '../support/engines.ts'
import { makeDraft, makePublished, makeSection, makeTag } from '../support/factories.ts'
import { dump } from '../support/operations.ts'

const url = '/v1/articles/batch'

interface Operation {
  op: string
  article?: string
  version?: number | string
  [member: string]: unknown
}

function send(app: TestApp, operations: readonly Operation[], options: CallOptions & { atomic?: boolean } = {}) {
  const { atomic, ...rest } = options
  const body = { ...(atomic !== undefined && { atomic }), operations }
  return app.call('POST', url, { as: 'editor', body, ...rest })
}

/** What the request that does the same answers: its status, and its problem without what is of that request alone. */
async function ask(app: TestApp, operation: Operation, as: Who = 'editor') {
  const { op, article, version = '*', ...rest } = operation
  const { note, body, ...members } = rest
  const query = note === undefined ? '' : `?note=${note}`
  const to = `/v1/articles/${article}`
  const requests: Record<string, [string, string, unknown?]> = {
    create: ['POST', '/v1/articles', body],
    patch: ['PATCH', to + query, body],
    tag: ['PATCH', to, { tags: [] }],
    move: ['PATCH', to, members],
    delete: ['DELETE', to],
  }
  const empty = Object.keys(rest).length === 0
  const [method, path, sent] = requests[op] ?? ['POST', `${to}/${op}`, empty ? undefined : rest]
  const answer = await app.call(method, path, {
    as,
    ...(op !== 'create' && { version }),
    ...(sent !== undefined && { body: sent }),
  })
  if (answer.status < 300) return { status: answer.status, article: answer.body }
  const { instance: _instance, requestId: _id, ...problem } = answer.body
  return { status: answer.status, problem }
}

const create = (title: string, more: object = {}): Operation => ({
  op: 'create',
  body: { title, pages: [{ body: `On ${title}.` }], ...more },
})

t.test('it is for writers and above, and writers do no more in it than alone', async (t) => {
  const app = await testApp(t)
  const before = await dump(app.store)
  const refused = { stranger: 'key_required', reader: 'forbidden' } as const
  for (const as of ['stranger', 'reader'] as const)
    for (const atomic of [true, false])
      t.match((await send(app, [create('Secret')], { as, atomic })).body, { code: refused[as] })
  t.equal(await dump(app.store), before)

  const others = await makeDraft(app, { title: 'Of an editor' })
  const own = await makeDraft(app, { title: 'Of a writer' }, 'writer')
  const operations = [
    { op: 'patch', article: others.id, version: '*', body: { title: 'Taken over' } },
    { op: 'publish', article: own.id, version: 1 },
    { op: 'patch', article: own.id, version: 1, body: { title: 'Mine' } },
    create('Another'),
    { op: 'submit', article: own.id, version: 2 },
    { op: 'delete', article: own.id, version: 3 },
  ]
  const { status, body } = await send(app, operations, { as: 'writer' })
  t.same([status, body.done, body.failed], [200, 3, 3])
  t.match(body.results, [
    { index: 0, op: 'patch', status: 404, problem: { code: 'article_not_found' } },
    { status: 403, problem: { code: 'forbidden', detail: 'The key is of a writer; this needs editor or admin.' } },
    { status: 200, article: { id: own.id, state: 'draft', version: 2, changed: false } },
    { status: 201, article: { slug: 'another', state: 'draft', version: 1 } },
    { status: 200, article: { state: 'in_review' } },
    { index: 5, status: 403, problem: { code: 'forbidden', detail: /Writers change their own drafts/ } },
  ])
  t.notMatch(JSON.stringify(body.results[0]), /Of an editor/, 'nothing of what they may not see')
  const kept = await app.call('GET', `/v1/articles/${others.id}?stage=working`, { as: 'editor' })
  t.equal(kept.body.title, 'Of an editor')
})

/** Each operation, from a state in which it can be done. */
const doable: Record<string, { before?: [string, object?][]; with?: object }> = {
  patch: { with: { body: { title: 'Patched' }, note: 'why' } },
  move: { with: { section: 'world' } },
  submit: { with: { note: 'checked' } },
  return: { before: [['submit']], with: { note: 'Who says so?' } },
  publish: { with: { note: 'go' } },
  unschedule: { before: [['publish', { at: '2999-01-01T00:00', zone: 'Asia/Jakarta' }]] },
  correct: { before: [['publish']], with: { text: 'On Tuesday.' } },
  unpublish: { before: [['publish']] },
  withdraw: { before: [['publish']], with: { reason: 'A forgery.' } },
  delete: {},
  restore: { before: [['delete']] },
}

async function bring(app: TestApp, title: string, before: [string, object?][] = []) {
  const { id } = await makeDraft(app, { title, section: 'world' })
  for (const [op, members] of before) {
    const { status } = await ask(app, { op, article: id, ...members })
    if (status !== 200) throw new Error(`${op}: ${status}`)
  }
  return id
}

t.test('each operation does what its own request does', async (t) => {
  const app = await testApp(t)
  await makeSection(app)
  for (const [op, { before, with: members }] of Object.entries(doable)) {
    const alone = await bring(app, `${op} alone`, before)
    const inBatch = await bring(app, `${op} in a batch`, before)
    const expected = await ask(app, { op, article: alone, ...members })
    const { body } = await send(app, [{ op, article: inBatch, version: '*', ...members }])
    const { state, version, changed } = expected.article
    t.match(body, { results: [{ index: 0, op, status: 200, article: { id: inBatch, state, version, changed } }] }, op)
    const [one, other] = await Promise.all(
      [alone, inBatch].map(async (id) => (await app.call('GET', `/v1/articles/${id}/changes`, { as: 'editor' })).body),
    )
    const told = ({ kind, fields, version, note }: Record<string, unknown>) => ({ kind, fields, version, note })
    t.same(other.data.map(told), one.data.map(told), `${op} is told in the same words`)
  }
  const made = await send(app, [create('Made', { pages: [{ body: 'a <script>x</script>' }] })])
  t.match(made.body, { done: 1, results: [{ status: 201, warnings: [{ pointer: '/pages/0/body' }] }] })
})

t.test('each operation is refused with the problem of its own request', async (t) => {
  const app = await testApp(t)
  await makeSection(app)
  await makeTag(app)
  const draft = await makeDraft(app, { title: 'A draft' })
  const ready = await makeDraft(app, { title: 'Ready', section: 'world', externalId: 'E' })
  const live = await makePublished(app, { title: 'Live', section: 'world' })
  const trashed = await bring(app, 'Trashed', [['delete']])
  const locked = await bring(app, 'Locked')
  await app.call('PUT', `/v1/articles/${locked}/lock`, { as: 'admin' })
  const members: Record<string, object> = {
    ...Object.fromEntries(Object.entries(doable).map(([op, { with: m }]) => [op, m ?? {}])),
    tag: { add: ['rail'] },
  }
  const operations: Operation[] = Object.entries(members).flatMap(([op, more]) => [
    { op, article: 'nowhere', version: '*', ...more },
    { op, article: draft.id, version: 99, ...more },
    { op, article: locked, version: '*', ...more },
    ...(op === 'restore' ? [draft.id] : [trashed]).map((article) => ({ op, article, version: '*', ...more })),
  ])
  const on = (op: string, article: string, more: object = {}) => ({ op, article, version: '*', ...more })
  operations.push(
    create('Second', { slug: 'ready' }),
    create('Second', { externalId: 'E' }),
    create('Second', { section: 'none', tags: ['rail', 'none', 'rail'], sources: [{ source: 'none' }] }),
    on('patch', draft.id, { body: { slug: 'ready', title: 'x' } }),
    on('patch', draft.id, { body: { title: null, pages: null } }),
    on('patch', draft.id, { body: { id: null, version: 7 } }),
    on('patch', draft.id, { body: { tags: ['none'], section: 'none' } }),
    on('move', draft.id, { section: 'none' }),
    on('submit', live.id),
    on('publish', draft.id),
    on('publish', ready.id, { at: '2001-01-01T00:00:00Z' }),
    on('publish', ready.id, { zone: 'Asia/Jakarta' }),
    on('publish', ready.id, { at: 'tomorrow', zone: 'Mars/Base' }),
    on('correct', live.id),
    on('withdraw', live.id, { reason: 'x', replacement: 'none' }),
    on('withdraw', live.id, { reason: 'x', replacement: live.id }),
    on('delete', live.id),
  )
  const before = await dump(app.store)
  const { body } = await send(app, operations)
  t.same([body.done, body.failed, body.results.length], [0, operations.length, operations.length])
  const whole = await send(app, operations, { atomic: true })
  t.match([whole.status, whole.body.code, whole.body.failed], [409, 'batch_failed', operations.length])
  t.same(whole.body.results, body.results, 'and as well when all shall be done or nothing')
  for (const [index, operation] of operations.entries()) {
    const { op } = operation
    t.same(body.results[index], { index, op, ...(await ask(app, operation)) }, JSON.stringify(operation))
  }
  t.equal(await dump(app.store), before, 'nothing was changed')
  for (const as of everyone.slice(2)) {
    const all = await send(app, operations, { as })
    const alone = []
    for (const operation of operations) alone.push((await ask(app, operation, as)).status)
    t.same(
      all.body.results.map((result: { status: number }) => result.status),
      alone,
      `to a ${as}`,
    )
  }
})

t.test('tags are added at the end and taken away', async (t) => {
  const app = await testApp(t)
  for (const name of ['A', 'B', 'C', 'D']) await makeTag(app, { name })
  const { id } = await makeDraft(app, { tags: ['a', 'b'] })
  const c = (await app.call('GET', '/v1/tags/c')).body
  const tag = async (members: object, version: number | string = '*') => {
    const { body } = await send(app, [{ op: 'tag', article: id, version, ...members }])
    const { tags } = (await app.call('GET', `/v1/articles/${id}?stage=working`, { as: 'editor' })).body
    return [
      body.results[0].article?.version ?? body.results[0].problem,
      tags.map(({ slug }: { slug: string }) => slug).join(''),
    ]
  }
  t.same(await tag({ add: ['d', c.id, 'a', 'd'] }, 1), [2, 'abdc'])
  t.same(await tag({ add: ['b'] }, 2), [2, 'abdc'], 'what is so already makes no version')
  t.same(await tag({ remove: ['d', 'a'] }, 2), [3, 'bc'])
  const { id: cid, slug, name, kind } = c
  t.same(await tag({ remove: [{ id: cid, slug, name, kind }], add: ['d', 'b', 'a'] }, 3), [4, 'bda'])
  t.same(await tag({ remove: ['c'] }, 4), [4, 'bda'])
  const faults = [
    { pointer: '/add/1', code: 'unknown_tag' },
    { pointer: '/remove/0', code: 'unknown_tag' },
  ]
  t.match(await tag({ add: ['c', 'none'], remove: ['nil'] }, 4), [{ code: 'rule_broken', errors: faults }, 'bda'])
  t.match(await tag({ add: ['none'] }, 3), [{ code: 'version_stale', currentVersion: 4 }, 'bda'])
})

t.test('operations are done in their order, and each sees what those before it did', async (t) => {
  const app = await testApp(t)
  await makeSection(app)
  const operations = [
    create('Step by step', { slug: 'steps' }),
    { op: 'publish', article: 'steps', version: 1 },
    { op: 'move', article: 'steps', version: 1, section: 'world' },
    { op: 'publish', article: 'steps', version: 2 },
    { op: 'patch', article: 'steps', version: 3, body: { slug: 'paces' } },
    create('Takes the name', { slug: 'paces' }),
    { op: 'unpublish', article: 'paces', version: '*' },
  ]
  const { body } = await send(app, operations)
  t.same(
    body.results.map(({ status }: { status: number }) => status),
    [201, 422, 200, 200, 200, 409, 200],
  )
  const mended = operations.filter((_, i) => i !== 1 && i !== 5)
  await ask(app, { op: 'delete', article: 'steps' })
  t.match(
    (
      await send(
        app,
        mended.map((one) => JSON.parse(JSON.stringify(one).replaceAll('steps', 'walk').replaceAll('paces', 'walks'))),
        { atomic: true },
      )
    ).body,
    {
      done: 5,
      failed: 0,
      results: [{ article: { slug: 'walk', version: 1 } }, {}, {}, {}, { article: { slug: 'walks', state: 'draft' } }],
    },
  )
})

t.test('all or nothing: one failure leaves not a byte changed, and every fault is told', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const { id } = await makeDraft(app, { section: section.id })
  const before = await dump(app.store)
  const operations = [
    create('New', { slug: 'new' }),
    { op: 'publish', article: id, version: 1 },
    { op: 'patch', article: 'new', version: 7, body: {} },
    { op: 'tag', article: 'new', version: 1, add: ['none'] },
    { op: 'submit', article: 'new', version: 1 },
  ]
  const headers = { 'idempotency-key': 'one' }
  const { status, body } = await send(app, operations, { atomic: true, headers })
  t.same([status, body.code, body.failed], [409, 'batch_failed', 2])
  t.match(body.results, [
    { index: 0, op: 'create', status: 424 },
    { index: 1, op: 'publish', status: 424 },
    { index: 2, status: 412, problem: { code: 'version_stale', currentVersion: 1 } },
    { index: 3, status: 422, problem: { code: 'rule_broken', errors: [{ pointer: '/add/0' }] } },
    { index: 4, op: 'submit', status: 424 },
  ])
  t.same(Object.keys(body.results[0]), ['index', 'op', 'status'], 'of what was undone nothing is told')
  t.equal(await dump(app.store), before)
  t.equal((await app.call('GET', `/v1/articles/${id}`)).status, 404)

  const mended = operations.filter((_, i) => i !== 2 && i !== 3)
  const done = await send(app, mended, { atomic: true, headers })
  t.same([done.status, done.body.done, done.body.failed], [200, 3, 0], 'what was refused has not used up its key')
  const after = await dump(app.store)
  const again = await send(app, mended, { atomic: true, headers })
  t.same([again.text, again.headers['idempotency-replayed']], [done.text, 'true'])
  t.equal(await dump(app.store), after)
})

t.test('one transaction ends before others lose patience with it', async (t) => {
  const app = await testApp(t, { WARTA_BUSY_TIMEOUT_MS: '0' })
  const before = await dump(app.store)
  const operations = Array.from({ length: 500 }, (_, i) => create(`Story ${i}`))
  const { status, headers, body } = await send(app, operations, { atomic: true })
  t.match({ status, headers, body }, { status: 503, headers: { 'retry-after': '2' }, body: { code: 'batch_too_slow' } })
  t.equal(await dump(app.store), before)
  // Where others do not wait at all it has a tenth of a second, for which a busy machine may stand still, but not each
  // time.
  let fewer: Answer | undefined
  await until(async () => {
    fewer = await send(app, operations.slice(0, 1), { atomic: true })
    return fewer.status !== 503
  })
  t.match(fewer, { status: 200 }, 'fewer are done')
})

t.test('a text that cannot be rendered fails by itself', async (t) => {
  // A hundred times what the others take, so that a busy machine may stand still meanwhile, and a fifth of what this
  // one takes: each end tag looks through all the open ones.
  const app = await testApp(t, { WARTA_RENDER_TIMEOUT_MS: '1000' })
  const hostile = create('Hostile', { pages: [{ body: `${'<x>'.repeat(70_000)}${'</y>'.repeat(70_000)}` }] })
  const { body } = await send(app, [create('One'), hostile, create('Two')])
  const { status, problem } = await ask(app, hostile)
  t.match(body, { done: 2, results: [{ status: 201 }, { status, problem }, { status: 201 }] })
  t.equal(problem.code, 'text_too_complex')
})

t.test(
  '500 operations are done while readers are answered; 501 and none are refused, each fault at its place',
  async (t) => {
    const app = await testApp(t)
    const { id } = await makePublished(app)
    const many = (n: number) => Array.from({ length: n }, (_, i) => create(`Story ${i}`))
    // Each is some thirty round trips to a server, and the contract is the same.
    const most = engine === 'sqlite' ? 500 : 100
    for (const atomic of [false, true]) {
      const { status, body, answered } = await meanwhile(app, send(app, many(most), { atomic }), `/v1/articles/${id}`)
      t.ok(answered >= most / 5, `${answered} readers were answered meanwhile`)
      t.same([status, body.done, body.results.length], [200, most, most])
      t.ok(
        body.results.every(
          (result: { index: number; status: number }, i: number) => result.index === i && result.status === 201,
        ),
      )
    }
    const before = await dump(app.store)
    const refused: [unknown, object[]][] = [
      [many(501), [{ pointer: '/operations', code: 'too_large' }]],
      [[], [{ pointer: '/operations', code: 'too_small' }]],
      [
        [create('Fine'), { op: 'purge', article: 'x', version: 1 }],
        [{ pointer: '/operations/1/op', code: 'wrong_value', message: /^must be create, patch, .* or restore$/ }],
      ],
      [[{ article: 'x' }], [{ pointer: '/operations/0/op' }]],
      [[7], [{ pointer: '/operations/0', code: 'wrong_type' }]],
      [
        [{ op: 'delete', article: 'x' }],
        [{ pointer: '/operations/0/version', message: 'must be the version that was read, or "*" for any' }],
      ],
      [
        [{ op: 'tag', article: 'x', version: 1 }],
        [{ pointer: '/operations/0', message: 'must have "add", "remove" or both' }],
      ],
      [
        [{ op: 'publish', article: '', version: 0, text: 'x' }, create('', { surprise: 1 })],
        ['/0/article', '/0/version', '/0/text', '/1/body/title', '/1/body/surprise'].map((place) => ({
          pointer: `/operations${place}`,
        })),
      ],
    ]
    for (const [operations, errors] of refused) {
      const { status, body } = await app.call('POST', url, { as: 'editor', body: { operations } })
      t.same([status, body.code], [400, 'invalid_request'])
      t.equal(body.errors.length, errors.length, JSON.stringify(body.errors))
      t.match(sorted(body.errors), sorted(errors))
    }
    t.equal(await dump(app.store), before)
  },
)

/** The answer to a batch, and how many reads were answered before it. */
async function meanwhile(app: TestApp, batch: Promise<Answer>, read: string): Promise<Answer & { answered: number }> {
  let over = false
  const done = batch.finally(() => {
    over = true
  })
  let answered = 0
  while (!over) {
    if ((await app.call('GET', read)).status === 200) answered += 1
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { ...(await done), answered }
}

function sorted(errors: readonly object[]) {
  return errors.toSorted((a, b) => String(Object(a).pointer).localeCompare(String(Object(b).pointer)))
}
