import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'
import { raise } from '../../src/errors.ts'
import { type Answer, type TestApp, testApp } from '../support/app.ts'
import { until } from '../support/cli.ts'
import { makeDraft, makeSection } from '../support/factories.ts'
import { dump } from '../support/operations.ts'
import { holdTurn } from '../support/stores.ts'

/** Batches that are sent again, and others who work meanwhile. */

const url = '/v1/articles/batch'

function send(app: TestApp, operations: readonly object[], key: string, atomic = false): Promise<Answer> {
  return app.call('POST', url, { as: 'editor', body: { atomic, operations }, headers: { 'idempotency-key': key } })
}

const create = (title: string, more: object = {}) => ({ op: 'create', body: { title, ...more } })
const creates = (n: number) => Array.from({ length: n }, (_, i) => create(`Story ${i}`))
const statuses = ({ body }: Answer) => body.results.map(({ status }: { status: number }) => status)

function isReplay({ headers }: Answer): boolean {
  return headers['idempotency-replayed'] === 'true'
}

t.test('sent again with its Idempotency-Key, what was done is told again and not done again', async (t) => {
  const app = await testApp(t)
  const { id } = await makeDraft(app)
  const operations = [...creates(20), { op: 'submit', article: id, version: 1 }]
  const first = await send(app, operations, 'one')
  t.same([first.status, first.body.done, isReplay(first)], [200, 21, false])
  const before = await dump(app.store)
  const again = await send(app, operations, 'one')
  t.same([again.text, again.headers.etag, isReplay(again)], [first.text, first.headers.etag, true])
  t.equal(await dump(app.store), before)

  for (const other of [creates(20), operations.toReversed()])
    t.match(await send(app, other, 'one'), { status: 422, body: { code: 'idempotency_key_reused' } })
  t.match(await send(app, operations, 'one', true), { status: 422, body: { code: 'idempotency_key_reused' } })
  const headers = { 'idempotency-key': 'one' }
  const tag = await app.call('POST', '/v1/tags', { as: 'editor', body: { name: 'Rail' }, headers })
  t.match(tag, { status: 422, body: { code: 'idempotency_key_reused' } }, 'its key is used for every other request')
  t.equal(await dump(app.store), before)

  const key = { as: 'admin', body: { operations }, headers } as const
  t.equal(
    (await app.call('POST', url, key)).headers['idempotency-replayed'],
    undefined,
    'others have keys of their own',
  )
})

t.test('what was refused stays refused, whatever has become possible since', async (t) => {
  const app = await testApp(t)
  const { id } = await makeDraft(app, { slug: 'taken' })
  const operations = [create('One'), create('Two', { slug: 'taken' }), create('Three')]
  const first = await send(app, operations, 'one')
  t.same(statuses(first), [201, 409, 201])
  const before = await dump(app.store)
  const again = await send(app, operations, 'one')
  t.same([again.text, isReplay(again)], [first.text, true])
  t.equal(await dump(app.store), before)
  await app.call('DELETE', `/v1/articles/${id}`, { as: 'editor', version: '*' })
  await app.call('POST', `/v1/articles/${id}/purge`, { as: 'admin', version: '*' })
  t.equal((await send(app, operations, 'one')).text, first.text)
  t.same(statuses(await send(app, operations, 'another')), [201, 201, 201], 'another key is another request')
})

t.test('what a later operation has made possible is not done by sending it all again', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const { id } = await makeDraft(app, { section: section.id })
  const operations = ['unpublish', 'publish'].map((op) => ({ op, article: id, version: '*' }))
  const first = await send(app, operations, 'swap')
  t.same(statuses(first), [409, 200])
  t.equal((await send(app, operations, 'swap')).text, first.text)
  t.equal((await app.call('GET', `/v1/articles/${id}`)).status, 200, 'it is still public')
})

t.test('killed in the middle, the retry tells what was done and does the rest', async (t) => {
  const app = await testApp(t)
  const { id } = await makeDraft(app, { title: 'Counted' })
  // Each would be refused if it were done twice, or before the one before it.
  const operations = Array.from({ length: 40 }, (_, i) => ({
    op: 'patch',
    article: id,
    version: i + 1,
    body: { title: `Title ${i + 1}` },
  }))
  const script = new URL('../support/cut-off-process.ts', import.meta.url).pathname
  // One that keeps the key, and some of those that are sent at once: the batch gets no further.
  const child = spawn(process.execPath, [script, app.database, '4'], { stdio: ['ignore', 'pipe', 'inherit'] })
  t.teardown(() => child.kill('SIGKILL'))
  const said: string[] = []
  createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
  await until(() => said.length === 1)
  const cutOff = fetch(`${said[0]}${url}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${app.keys.editor}`,
      'idempotency-key': 'one',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ atomic: false, operations }),
  }).then(
    ({ status }) => `answered ${status}`,
    () => 'cut off',
  )
  await until(() => said.length > 5)
  child.kill('SIGKILL')
  await once(child, 'exit')
  t.equal(await cutOff, 'cut off')
  const read = () => app.call('GET', `/v1/articles/${id}?stage=working`, { as: 'editor' })
  const reached = (await read()).body.version
  t.ok(reached > 4 && reached < 41, `it came as far as version ${reached}`)

  const retry = await send(app, operations, 'one')
  t.same([retry.status, retry.body.done, retry.body.failed], [200, 40, 0])
  t.same(
    retry.body.results.map(({ article }: { article: { version: number } }) => article.version),
    operations.map(({ version }) => version + 1),
  )
  t.match((await read()).body, { version: 41, title: 'Title 40' })
  const before = await dump(app.store)
  t.equal((await send(app, operations, 'one')).text, retry.text)
  t.equal(await dump(app.store), before)
})

t.test('while a batch is under way its key waits', async (t) => {
  const app = await testApp(t)
  const turn = await holdTurn(app.store)
  const first = send(app, creates(3), 'one')
  while (app.app.underWay.size === 0) await new Promise((resolve) => setImmediate(resolve))
  t.match(await send(app, creates(3), 'one'), { status: 409, body: { code: 'idempotency_in_flight' } })
  await turn.end()
  t.same(statuses(await first), [201, 201, 201])
  t.equal(app.app.underWay.size, 0)
})

t.test('other editors save between the operations of a batch', async (t) => {
  const app = await testApp(t)
  const { id } = await makeDraft(app)
  // Counts are made in a process of their own, whose start could take as long as the batch.
  await count(app)
  const batch = send(app, creates(200), 'one')
  while ((await count(app)) < 20) await new Promise((resolve) => setImmediate(resolve))
  const saved = await app.call('PATCH', `/v1/articles/${id}`, { as: 'admin', version: 1, body: { deck: 'Meanwhile.' } })
  t.equal(saved.status, 200)
  const made = await count(app)
  t.equal((await batch).body.done, 200)
  t.ok(made < 201, `it was saved after ${made - 1} of 200`)
  t.equal(await count(app), 201)
})

async function count(app: TestApp): Promise<number> {
  return (await app.call('GET', '/v1/articles?stage=working&count=exact&limit=1', { as: 'admin' })).body.page.total
}

t.test('once the database is away, the operations that are left are told so and not tried', async (t) => {
  const app = await testApp(t)
  const transact = app.store.transact.bind(app.store)
  let asked = 0
  app.store.transact = async (fn) => {
    asked += 1
    return asked > 3 ? raise('database_unavailable') : transact(fn)
  }
  const broken = await send(app, creates(100), 'one')
  t.equal(broken.status, 200)
  t.same(statuses(broken), [201, 201, ...Array(98).fill(503)])
  t.equal(broken.body.results[99].problem.code, 'database_unavailable')
  t.ok(asked < 50, `${asked} were tried`)
  app.store.transact = transact
  const retry = await send(app, creates(100), 'one')
  t.same([retry.body.done, await count(app)], [100, 100])
  t.same(retry.body.results.slice(0, 2), broken.body.results.slice(0, 2))
})
