import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { act, minute } from './acts.ts'

async function relatedTo(app: TestApp, name: string, query = ''): Promise<string[]> {
  const { status, body } = await app.call('GET', `/v1/articles/${name}/related${query}`)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.data.map(({ slug }: { slug: string }) => slug)
}

async function makeNames(app: TestApp) {
  const letters = ['a', 'b', 'c', 'd']
  for (const name of letters) {
    await makeTag(app, { name })
    await makeSource(app, { name })
  }
  const here = await makeSection(app, { name: 'Here' })
  const elsewhere = await makeSection(app, { name: 'Elsewhere' })
  return { here: here.id, elsewhere: elsewhere.id }
}

const uses = (...names: string[]) => names.map((source) => ({ source }))

t.test('most shared tags come first, then most shared sources, then the section, then the newest', async (t) => {
  const app = await testApp(t)
  const { here, elsewhere } = await makeNames(app)
  const all = { tags: ['a', 'b', 'c'], sources: uses('a', 'b', 'c', 'd') }
  await makePublished(app, { slug: 'it', section: here, ...all })
  const corpus: Record<string, object> = {
    nothing: { section: elsewhere, tags: ['d'] },
    'section-older': { section: here },
    'one-source': { section: elsewhere, sources: uses('a') },
    'four-sources-and-section': { section: here, sources: uses('a', 'b', 'c', 'd') },
    'one-tag': { section: elsewhere, tags: ['a', 'd'] },
    'one-tag-and-section': { section: here, tags: ['b'] },
    'one-tag-and-source': { section: elsewhere, tags: ['b'], sources: uses('d') },
    'three-tags': { section: elsewhere, tags: ['c', 'b', 'a'] },
    'section-newer': { section: here, tags: ['d'] },
  }
  for (const [slug, body] of Object.entries(corpus)) {
    app.clock.advance(minute)
    await makePublished(app, { slug, ...body })
  }
  const expected = [
    ...['three-tags', 'one-tag-and-source', 'one-tag-and-section', 'one-tag', 'four-sources-and-section', 'one-source'],
    ...['section-newer', 'section-older'],
  ]
  t.strictSame(await relatedTo(app, 'it', '?limit=20'), expected)
  t.strictSame(await relatedTo(app, 'it'), expected.slice(0, 5), 'five, unless more are asked for')
  t.strictSame(await relatedTo(app, 'it', '?limit=1'), ['three-tags'])
  for (const limit of ['0', '21', 'x', '']) {
    t.equal((await app.call('GET', `/v1/articles/it/related?limit=${limit}`)).status, 400)
  }
  t.equal((await app.call('GET', '/v1/articles/it/related?cursor=x')).status, 400)
})

t.test('a source that is used in two ways counts once', async (t) => {
  const app = await testApp(t)
  const { here, elsewhere } = await makeNames(app)
  const twice = [
    { source: 'a', role: 'origin' },
    { source: 'a', role: 'photo' },
  ]
  await makePublished(app, { slug: 'it', section: here, sources: [...twice, ...uses('b')] })
  await makePublished(app, { slug: 'two', section: elsewhere, sources: uses('a', 'b') })
  app.clock.advance(minute)
  await makePublished(app, { slug: 'one-twice', section: elsewhere, sources: twice })
  t.strictSame(await relatedTo(app, 'it'), ['two', 'one-twice'])
})

t.test('only what is public is related, by what is public of it', async (t) => {
  const app = await testApp(t)
  const { here, elsewhere } = await makeNames(app)
  await makeSource(app, { name: 'Informant', visibility: 'editors' })
  const it = { tags: ['a'], sources: uses('informant') }
  await makePublished(app, { slug: 'it', section: here, ...it })
  await makeDraft(app, { slug: 'draft', section: here, ...it })
  await makePublished(app, { slug: 'embargoed', section: here, ...it, embargoUntil: '2026-11-22T10:00:00Z' })
  await makePublished(app, { slug: 'expiring', section: here, ...it, expiresAt: '2026-11-22T09:30:00Z' })
  await act(app, await makePublished(app, { slug: 'unpublished', section: here, ...it }), 'unpublish')
  await makePublished(app, { slug: 'same-informant', section: elsewhere, sources: uses('informant') })
  const edited = await makePublished(app, { slug: 'edited', section: elsewhere, tags: ['b'] })
  const body = { tags: ['a'], section: here }
  await app.call('PATCH', `/v1/articles/${edited.id}`, { as: 'editor', version: edited.version, body })

  t.strictSame(await relatedTo(app, 'it'), ['expiring'])
  const { text } = await app.call('GET', '/v1/articles/it/related')
  t.notMatch(text, /informant/i)
  app.clock.set('2026-11-22T09:30:00.000Z')
  t.strictSame(await relatedTo(app, 'it'), [])
  app.clock.set('2026-11-22T10:00:00.000Z')
  t.strictSame(await relatedTo(app, 'it'), ['embargoed'])
  t.equal((await app.call('GET', '/v1/articles/draft/related', { as: 'editor' })).status, 404)
})
