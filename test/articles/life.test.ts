import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection } from '../support/factories.ts'
import { act, minute, patch, put, readWorking, slugsOf } from './acts.ts'

t.test('what is unpublished is gone for the public by id, slug and old slug, and is a draft again', async (t) => {
  const app = await testApp(t)
  const first = await makePublished(app, { slug: 'old' })
  const { body: renamed } = await patch(app, first, { slug: 'new' })
  const { body: published } = await act(app, renamed, 'publish')
  const { body: draft } = await act(app, published, 'unpublish')
  t.match(draft, { state: 'draft', changed: false, version: 5, publishedAt: first.publishedAt })
  for (const name of ['new', 'old', first.id]) {
    for (const url of [`/v1/articles/${name}`, `/v1/articles/${name}/related`, `/v1/articles/${name}?page=1`]) {
      const { status, body, text } = await app.call('GET', url)
      t.equal(status, 410)
      t.equal(body.code, 'article_gone')
      t.notMatch(text, first.title)
    }
  }
  t.strictSame(await slugsOf(app, ''), [])
  t.strictSame(await slugsOf(app, `ids=${first.id}`), [])
  t.match((await app.call('GET', '/v1/articles/new?stage=working', { as: 'editor' })).body, { state: 'draft' })
})

t.test('what was unpublished can be edited and published again, under the date that it has', async (t) => {
  const app = await testApp(t)
  const first = await makePublished(app, { slug: 'first' })
  app.clock.advance(minute)
  const { body: draft } = await act(app, first, 'unpublish')
  const { body: edited } = await patch(app, draft, { slug: 'second' })
  t.equal((await app.call('GET', '/v1/articles/second')).status, 404, 'readers never knew that name')
  const { body: again } = await act(app, edited, 'publish')
  t.match(again, { state: 'published', publishedAt: first.publishedAt, firstPublishedAt: first.firstPublishedAt })
  t.equal((await app.call('GET', '/v1/articles/second')).status, 200)
  t.equal((await app.call('GET', '/v1/articles/first')).headers.location, '/v1/articles/second')
})

t.test('each action is refused in the states that do not allow it, with those that would', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const draft = await makeDraft(app, { section: section.id })
  const refused = async (seen: typeof draft, action: Parameters<typeof act>[2], state: string, from: string[]) => {
    const { status, body } = await act(app, seen, action)
    t.equal(status, 409, `${action} of what is ${state}`)
    t.match(body, { code: 'wrong_state', state })
    t.strictSame(body.allowedFrom, from)
    t.match((await readWorking(app, seen)).body, { state, version: seen.version })
  }
  await refused(draft, 'unpublish', 'draft', ['published'])
  await refused(draft, 'restore', 'draft', ['trashed'])
  const { body: trashed } = await act(app, draft, 'delete')
  const untrashed = ['draft', 'in_review', 'scheduled', 'published', 'withdrawn']
  await refused(trashed, 'publish', 'trashed', untrashed)
  await refused(trashed, 'unpublish', 'trashed', ['published'])
  await refused(trashed, 'delete', 'trashed', ['draft', 'in_review', 'withdrawn'])
  const { body: restored } = await act(app, trashed, 'restore')
  const { body: published } = await act(app, restored, 'publish')
  await refused(published, 'delete', 'published', ['draft', 'in_review', 'withdrawn'])
  await refused(published, 'restore', 'published', ['trashed'])
  t.equal((await app.call('GET', `/v1/articles/${draft.id}`)).status, 200)
})

t.test(
  'what is in the trash is in no list unless it is asked for, cannot be edited, and can be restored',
  async (t) => {
    const app = await testApp(t)
    await makeDraft(app, { slug: 'kept' })
    const draft = await makeDraft(app, { slug: 'thrown', deck: 'Deck' })
    const { status, body: trashed } = await act(app, draft, 'delete')
    t.equal(status, 200)
    t.match(trashed, { state: 'trashed', version: 2, deck: 'Deck' })
    t.strictSame(await slugsOf(app, 'stage=working', 'editor'), ['kept'])
    t.strictSame(await slugsOf(app, 'stage=working&ids=thrown,kept', 'editor'), ['kept'])
    t.strictSame(await slugsOf(app, 'stage=working&state=trashed', 'editor'), ['thrown'])
    t.strictSame((await slugsOf(app, 'stage=working&state=trashed,draft', 'editor')).sort(), ['kept', 'thrown'])
    const list = await app.call('GET', '/v1/articles?stage=working&count=exact', { as: 'editor' })
    t.equal(list.body.page.total, 1)
    t.match((await readWorking(app, draft)).body, { state: 'trashed' })

    for (const write of [patch, put]) {
      const edit = await write(app, trashed, { title: 'Edited' })
      t.equal(edit.status, 409)
      t.match(edit.body, { code: 'wrong_state', state: 'trashed' })
      t.strictSame(edit.body.allowedFrom, ['draft', 'in_review', 'scheduled', 'published', 'withdrawn'])
    }
    const taken = await app.call('POST', '/v1/articles', { as: 'editor', body: { title: 'x', slug: 'thrown' } })
    t.equal(taken.status, 409, 'the slug stays its own while it can come back')

    const { body: restored } = await act(app, trashed, 'restore')
    t.match(restored, { state: 'draft', version: 3, deck: 'Deck', slug: 'thrown' })
    t.strictSame((await slugsOf(app, 'stage=working', 'editor')).sort(), ['kept', 'thrown'])
  },
)

t.test('what was never public stays unknown when it is trashed; what was stays gone', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  await act(app, draft, 'delete')
  t.equal((await app.call('GET', `/v1/articles/${draft.id}`)).status, 404)
  t.equal((await app.call('GET', `/v1/articles/${draft.slug}`)).status, 404)
  const published = await makePublished(app, { title: 'Shown' })
  const { body: unpublished } = await act(app, published, 'unpublish')
  const { body: trashed } = await act(app, unpublished, 'delete')
  t.equal((await app.call('GET', '/v1/articles/shown')).status, 410)
  await act(app, trashed, 'restore')
  t.equal((await app.call('GET', `/v1/articles/${published.id}`)).status, 410)
})

t.test('actions that need nothing said take no body; the others take what they know, and nothing else', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  for (const action of ['unschedule', 'unpublish', 'restore', 'purge'] as const) {
    const { status, body } = await act(app, draft, action, 'admin', { note: 'Why not' })
    t.equal(status, 400, action)
    t.equal(body.code, 'unexpected_body', action)
  }
  for (const action of ['submit', 'return', 'publish', 'correct', 'withdraw'] as const) {
    const { status, body } = await act(app, draft, action, 'editor', { when: 'noon' })
    t.equal(status, 400, action)
    t.equal(body.code, 'invalid_request', action)
    t.ok(
      body.errors.some(({ pointer }: { pointer: string }) => pointer === '/when'),
      action,
    )
  }
  t.match((await readWorking(app, draft)).body, { state: 'draft', version: 1 })
})
