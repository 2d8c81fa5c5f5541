import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection } from '../support/factories.ts'
import { act, minute, patch, readWorking, slugsOf } from './acts.ts'
import { wholeArticle } from './whole.ts'

t.test('a draft is nothing to the public until it is published', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const draft = await makeDraft(app, { section: section.slug })
  for (const name of [draft.id, draft.slug]) {
    const { status, body } = await app.call('GET', `/v1/articles/${name}`)
    t.equal(status, 404)
    t.equal(body.code, 'article_not_found')
  }
  t.same((await app.call('GET', '/v1/articles?count=exact')).body.page.total, 0)

  const published = await app.call('POST', `/v1/articles/${draft.slug}/publish`, { as: 'editor', version: 1 })
  t.equal(published.status, 200)
  t.match(published.body, { state: 'published', version: 2, changed: false })
  const read = await app.call('GET', `/v1/articles/${draft.slug}`)
  t.match(read.body, { title: 'Rail strike ends', state: 'published', section: { slug: 'world' } })
})

t.test('the public reads the live copy byte for byte while the working copy is edited', async (t) => {
  const app = await testApp(t)
  const { slug, version } = await makePublished(app)
  const before = await app.call('GET', `/v1/articles/${slug}`)
  const edited = await app.call('PATCH', `/v1/articles/${slug}`, {
    as: 'editor',
    version,
    body: { title: 'SECRET', slug: 'secret' },
  })
  t.match(edited.body, { changed: true, title: 'SECRET' })
  const after = await app.call('GET', `/v1/articles/${slug}`)
  t.equal(after.text, before.text)
  t.equal(after.headers.etag, before.headers.etag)
  t.equal((await app.call('GET', '/v1/articles/secret')).status, 404)
})

t.test('the public reads every field as it was published', async (t) => {
  const app = await testApp(t)
  const { input, expected } = await wholeArticle(app)
  const draft = await makeDraft(app, { ...input, embargoUntil: null })
  app.clock.advance(minute)
  await act(app, draft, 'publish')
  const { body } = await app.call('GET', `/v1/articles/${draft.slug}`)
  t.strictSame(body, {
    ...expected,
    ...{ id: draft.id, embargoUntil: null, state: 'published', version: 2, updatedAt: '2026-11-22T09:01:00.000Z' },
    firstPublishedAt: expected.publishedAt,
  })
})

t.test('publishing needs a section and a page with text: all faults at once, and nothing is changed', async (t) => {
  const app = await testApp(t)
  for (const pages of [[], [{ body: '' }], [{ body: ' \n' }, { body: '![](https://x.example/y.jpg)' }]]) {
    const draft = await makeDraft(app, { pages, publishedAt: '2030-01-01T00:00:00Z' })
    const { status, body } = await act(app, draft, 'publish')
    t.equal(status, 422)
    t.equal(body.code, 'not_ready')
    t.strictSame(
      body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]),
      [
        ['/section', 'required'],
        ['/pages', 'required'],
        ['/publishedAt', 'in_future'],
      ],
    )
    t.match((await readWorking(app, draft)).body, { state: 'draft', version: 1, updatedAt: draft.updatedAt })
    t.equal((await app.call('GET', `/v1/articles/${draft.id}`)).status, 404)
  }
})

t.test(
  'what would have expired when it appears cannot be published: a problem of its own, when nothing else is wrong',
  async (t) => {
    const app = await testApp(t)
    const section = await makeSection(app)
    const draft = await makeDraft(app, { section: section.id, expiresAt: '2026-11-22T09:00:00Z' })
    const tooEarly = { pointer: '/expiresAt', code: 'too_early' }
    const refused = await act(app, draft, 'publish')
    t.match(refused, { status: 422, body: { code: 'expiry_before_publication' } })
    t.equal(refused.body.errors.length, 1)
    t.match(refused.body.errors, [tooEarly])
    const { body: bare } = await patch(app, draft, { section: null })
    const both = await act(app, bare, 'publish')
    t.match(both, { status: 422, body: { code: 'not_ready' } })
    t.match(both.body.errors, [{ pointer: '/section', code: 'required' }, tooEarly])
    t.match((await readWorking(app, draft)).body, { state: 'draft', version: bare.version })
    t.equal((await app.call('GET', `/v1/articles/${draft.id}`)).status, 404)
  },
)

t.test('the moment of publication is now, or the past one that was given; never the future', async (t) => {
  const app = await testApp(t)
  const fresh = await makePublished(app)
  t.match(fresh, { publishedAt: '2026-11-22T09:00:00.000Z', firstPublishedAt: '2026-11-22T09:00:00.000Z' })
  const backdated = await makePublished(app, { publishedAt: '2001-02-03T04:05:06Z', slug: 'archive' })
  t.match(backdated, { publishedAt: '2001-02-03T04:05:06.000Z', firstPublishedAt: '2001-02-03T04:05:06.000Z' })
  t.strictSame(await slugsOf(app, ''), [fresh.slug, 'archive'])
  const { body: future } = await patch(app, fresh, { publishedAt: '2026-11-22T09:00:01Z' })
  t.match((await act(app, future, 'publish')).body.errors, [{ pointer: '/publishedAt', code: 'in_future' }])
  app.clock.advance(1000)
  t.equal((await act(app, future, 'publish')).status, 200)
})

t.test('publishing again what has not changed changes nothing', async (t) => {
  const app = await testApp(t)
  const published = await makePublished(app)
  const before = await app.call('GET', `/v1/articles/${published.id}`)
  app.clock.advance(minute)
  const again = await act(app, published, 'publish')
  t.equal(again.status, 200)
  t.strictSame(again.body, published)
  t.equal((await app.call('GET', `/v1/articles/${published.id}`)).text, before.text)
})

t.test('publishing an edit replaces the live copy and keeps the date of the first publication', async (t) => {
  const app = await testApp(t)
  const published = await makePublished(app, { pages: [{ body: 'One.' }, { body: 'Two.' }] })
  app.clock.advance(minute)
  const { body: edited } = await patch(app, published, { title: 'New', pages: [{ body: 'Only.' }] })
  const { body: again } = await act(app, edited, 'publish')
  t.match(again, { state: 'published', changed: false, version: 4, publishedAt: published.publishedAt })
  const { body: live } = await app.call('GET', `/v1/articles/${published.id}`)
  t.match(live, {
    ...{ title: 'New', pageCount: 1, updatedAt: '2026-11-22T09:01:00.000Z', publishedAt: published.publishedAt },
    firstPublishedAt: published.firstPublishedAt,
  })
  t.equal(live.pages.length, 1)
})

t.test('an external id is one article’s among live copies too', async (t) => {
  const app = await testApp(t)
  const first = await makePublished(app, { externalId: 'cms:1' })
  await patch(app, first, { externalId: 'cms:9' })
  const section = await makeSection(app)
  const second = await makeDraft(app, { externalId: 'cms:1', section: section.id })
  const { status, body } = await act(app, second, 'publish')
  t.equal(status, 409)
  t.equal(body.code, 'external_id_taken')
})
