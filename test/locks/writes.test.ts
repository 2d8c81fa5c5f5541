import t from 'tap'
import { act, patch, put, readWorking } from '../articles/acts.ts'
import { type Answer, type TestApp, testApp, type Who } from '../support/app.ts'
import { makeDraft, makePublished, makeSection } from '../support/factories.ts'
import { dump } from '../support/operations.ts'

interface Seen {
  id: string
  version: number
}

/** Every kind of write, each with an article in a state that it may begin from. */
const writes: Record<
  string,
  { make: (app: TestApp) => Promise<Seen>; write: (app: TestApp, seen: Seen, as: Who) => Promise<Answer> }
> = {
  PUT: { make: makeDraft, write: (app, seen, as) => put(app, seen, { title: 'Replaced' }, as) },
  PATCH: { make: makePublished, write: (app, seen, as) => patch(app, seen, { title: 'Changed' }, as) },
  DELETE: { make: makeDraft, write: (app, seen, as) => act(app, seen, 'delete', as) },
  publish: {
    make: async (app) => makeDraft(app, { section: (await makeSection(app)).id }),
    write: (app, seen, as) => act(app, seen, 'publish', as),
  },
  unpublish: { make: makePublished, write: (app, seen, as) => act(app, seen, 'unpublish', as) },
  restore: {
    make: async (app) => (await act(app, await makeDraft(app), 'delete')).body,
    write: (app, seen, as) => act(app, seen, 'restore', as),
  },
}

const lock = (app: TestApp, { id }: Seen, as: Who, body?: unknown) =>
  app.call('PUT', `/v1/articles/${id}/lock`, { as, body })

for (const [name, { make, write }] of Object.entries(writes)) {
  t.test(`${name} of what another key has locked is 423 and changes nothing; its holder may`, async (t) => {
    const app = await testApp(t)
    const seen = await make(app)
    const { body: held } = await lock(app, seen, 'admin')
    const before = await dump(app.store)
    for (const version of [seen.version, seen.version + 7]) {
      const { status, body } = await write(app, { ...seen, version }, 'editor')
      const { holder, until } = held
      t.match({ status, ...body }, { status: 423, code: 'article_locked', holder, until })
      t.match(body.detail, `PUT /v1/articles/${seen.id}/lock with { "takeOver": true }`)
    }
    t.equal(await dump(app.store), before)
    t.equal((await write(app, { ...seen, version: seen.version + 7 }, 'admin')).status, 412, 'If-Match holds as ever')
    const { status, body } = await write(app, seen, 'admin')
    t.match({ status, version: body.version }, { status: 200, version: seen.version + 1 })
  })
}

t.test('who takes a lock over may write, and who held it may not any more', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  await lock(app, draft, 'admin')
  await lock(app, draft, 'editor', { takeOver: true })
  t.equal((await patch(app, draft, { title: 'From memory' }, 'admin')).status, 423)
  t.equal((await patch(app, draft, { title: 'Taken over' }, 'editor')).status, 200)
  t.match((await readWorking(app, draft)).body, { title: 'Taken over', version: 2 })
})

t.test('a lock that is over, or was let go, is in nobody’s way', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  await lock(app, draft, 'admin', { seconds: 10 })
  app.clock.advance(9_999)
  t.equal((await patch(app, draft, { title: 'Early' })).status, 423)
  app.clock.advance(1)
  const { status, body } = await patch(app, draft, { title: 'In time' })
  t.equal(status, 200)
  await lock(app, draft, 'admin')
  await app.call('DELETE', `/v1/articles/${draft.id}/lock`, { as: 'admin' })
  t.equal((await patch(app, body, { title: 'Again' })).status, 200)
})

t.test('an editor’s lock holds the writer off their own draft; what a writer may not see stays 404', async (t) => {
  const app = await testApp(t)
  const [own, theirs] = [await makeDraft(app, {}, 'writer'), await makeDraft(app)]
  for (const article of [own, theirs]) await lock(app, article, 'editor')
  t.match(await patch(app, own, { title: 'Mine' }, 'writer'), { status: 423, body: { holder: { name: 'the editor' } } })
  t.equal((await patch(app, theirs, { title: 'Mine' }, 'writer')).status, 404)
  const missing = await app.call('PATCH', `/v1/articles/${own.id}`, { as: 'writer', body: {} })
  t.equal(missing.status, 428, 'a request without If-Match is refused before anything is looked up')
})

t.test('a lock is of one article: others are written to, and read, as ever', async (t) => {
  const app = await testApp(t)
  const [locked, free] = [await makeDraft(app), await makeDraft(app)]
  await lock(app, locked, 'admin')
  t.equal((await patch(app, free, { title: 'Changed' })).status, 200)
  t.equal((await readWorking(app, locked)).status, 200)
})

t.test('a lock goes with its article', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  await lock(app, draft, 'admin')
  const left = await app.store.transact(async (db) => {
    await db.delete(db.tables.articles)
    return db.select().from(db.tables.locks)
  })
  t.strictSame(left, [])
})
