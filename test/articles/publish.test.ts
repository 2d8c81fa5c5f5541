import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection } from '../support/factories.ts'

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
