import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection } from '../support/factories.ts'
import { act, minute, patch, put } from './acts.ts'

t.test('a slug is derived from the title: folded, joined by hyphens, cut at a word', async (t) => {
  const app = await testApp(t)
  const slugOf = async (title: string) => (await makeDraft(app, { title })).slug
  t.equal(await slugOf('Jum’at: Ærø Straße — “Ça va?”'), 'jumat-aero-strasse-ca-va')
  t.equal(await slugOf('100% naik'), '100-naik')
  const long = await slugOf(`${'word '.repeat(40)}`)
  t.ok(long.length <= 100 && long.endsWith('-word'), long)
  t.match(await slugOf('莫斯科'), /^article-[0-9a-f]{8}$/, 'a script that does not fold says at least what it is')
  t.equal(await slugOf('x'.repeat(300)), 'x'.repeat(100))
})

t.test('a derived slug that is taken gets -2, -3 …; one that was asked for is refused', async (t) => {
  const app = await testApp(t)
  for (const expected of ['rain', 'rain-2', 'rain-3']) t.equal((await makeDraft(app, { title: 'Rain' })).slug, expected)
  await makeDraft(app, { slug: 'rain-5' })
  for (const expected of ['rain-4', 'rain-6']) t.equal((await makeDraft(app, { title: 'Rain' })).slug, expected)
  const asked = await app.call('POST', '/v1/articles', { as: 'editor', body: { title: 'Other', slug: 'rain-2' } })
  t.equal(asked.status, 409)
  t.match(asked.body, { code: 'slug_taken', errors: [{ pointer: '/slug', code: 'slug_taken' }] })
})

t.test('of 100 who ask for one slug at once one gets it', async (t) => {
  const app = await testApp(t)
  const body = { title: 'Rain', slug: 'rain' }
  const all = await Promise.all(
    Array.from({ length: 100 }, () => app.call('POST', '/v1/articles', { as: 'editor', body })),
  )
  t.equal(all.filter(({ status }) => status === 201).length, 1)
  t.equal(all.filter(({ status, body }) => status === 409 && body.code === 'slug_taken').length, 99)
  const list = await app.call('GET', '/v1/articles?stage=working&count=exact', { as: 'editor' })
  t.equal(list.body.page.total, 1)
})

t.test('of 100 drafts of one title at once each gets a slug of its own', async (t) => {
  const app = await testApp(t)
  const body = { title: 'Rain' }
  const all = await Promise.all(
    Array.from({ length: 100 }, () => app.call('POST', '/v1/articles', { as: 'editor', body })),
  )
  t.ok(all.every(({ status }) => status === 201))
  const expected = Array.from({ length: 100 }, (_, i) => (i === 0 ? 'rain' : `rain-${i + 1}`))
  t.strictSame(new Set(all.map(({ body }) => body.slug)), new Set(expected))
})

t.test('the old slug of a public article redirects with the query, and stays its own for good', async (t) => {
  const app = await testApp(t)
  const published = await makePublished(app, { slug: 'old' })
  const renamed = await patch(app, published, { slug: 'new' })
  t.equal((await app.call('GET', '/v1/articles/old')).status, 200, 'what readers know holds until it is published')
  t.equal((await app.call('GET', '/v1/articles/new')).status, 404, 'and the new one is not known yet')
  await act(app, renamed.body, 'publish')

  const moved = await app.call('GET', '/v1/articles/old?render=body,html&page=1')
  t.equal(moved.status, 301)
  t.equal(moved.headers.location, '/v1/articles/new?render=body,html&page=1')
  t.match(moved.body, { code: 'moved', instance: '/v1/articles/old', location: moved.headers.location })
  t.equal((await app.call('GET', `/v1/articles/${published.id}`)).status, 200)
  t.equal((await app.call('GET', '/v1/articles/old/related')).status, 200)
  t.same((await app.call('GET', '/v1/articles?ids=old')).body.data[0]?.slug, 'new')

  const body = { title: 'Another', slug: 'old' }
  t.equal((await app.call('POST', '/v1/articles', { as: 'editor', body })).status, 409)
  t.equal((await makeDraft(app, { title: 'Old' })).slug, 'old-2')
})

t.test('after two changes each old slug leads straight to the last, and the article may take one back', async (t) => {
  const app = await testApp(t)
  let { body } = { body: await makePublished(app, { slug: 'one' }) }
  for (const slug of ['two', 'three']) {
    ;({ body } = await patch(app, body, { slug }))
    ;({ body } = await act(app, body, 'publish'))
  }
  for (const old of ['one', 'two']) {
    t.equal((await app.call('GET', `/v1/articles/${old}`)).headers.location, '/v1/articles/three')
  }
  ;({ body } = await patch(app, body, { slug: 'one' }))
  await act(app, body, 'publish')
  t.equal((await app.call('GET', '/v1/articles/one')).status, 200)
  t.equal((await app.call('GET', '/v1/articles/three')).headers.location, '/v1/articles/one')
})

t.test('editors find a working copy by every slug it has or had in public', async (t) => {
  const app = await testApp(t)
  const published = await makePublished(app, { slug: 'old' })
  await patch(app, published, { slug: 'new' })
  for (const name of ['old', 'new', published.id]) {
    const { status, body } = await app.call('GET', `/v1/articles/${name}?stage=working`, { as: 'editor' })
    t.equal(status, 200)
    t.equal(body.slug, 'new')
  }
})

t.test('the slug that a draft gave up before anybody saw it is free again', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { slug: 'first' })
  const { body } = await patch(app, draft, { slug: 'second' })
  t.equal((await makeDraft(app, { slug: 'first' })).slug, 'first')
  await patch(app, body, { slug: 'third' })
  t.equal((await makeDraft(app, { slug: 'second' })).slug, 'second')
  const published = await makePublished(app, { slug: 'shown' })
  const { body: ahead } = await patch(app, published, { slug: 'never-shown' })
  await patch(app, ahead, { slug: 'shown' })
  t.equal((await makeDraft(app, { slug: 'never-shown' })).slug, 'never-shown')
})

t.test('a slug under which an article was never shown leads nowhere', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const embargoUntil = '2026-11-22T10:00:00.000Z'
  const draft = await makeDraft(app, { section: section.id, slug: 'secret-merger', embargoUntil })
  const { body: held } = await act(app, draft, 'publish')
  const { body: renamed } = await patch(app, held, { slug: 'merger' })
  await act(app, renamed, 'publish')
  app.clock.advance(61 * minute)
  t.equal((await app.call('GET', '/v1/articles/merger')).status, 200)
  t.equal((await app.call('GET', '/v1/articles/secret-merger')).status, 404)
})

t.test('a replacement without a slug keeps it; null in a patch derives one from the title', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { slug: 'mine', title: 'Rain' })
  const kept = await put(app, draft, { title: 'Snow' })
  t.equal(kept.body.slug, 'mine')
  const derived = await patch(app, kept.body, { slug: null })
  t.equal(derived.body.slug, 'snow')
  const same = await patch(app, derived.body, { slug: null })
  t.match(same.body, { slug: 'snow', version: derived.body.version })
})
