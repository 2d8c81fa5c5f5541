import t from 'tap'
import type { Actor } from '../../src/access.ts'
import { isHeavy } from '../../src/articles/lists/heavy.ts'
import { ArticleQuery } from '../../src/articles/lists/schema.ts'
import { testApp } from '../support/app.ts'
import { makeDraft, makeSection } from '../support/factories.ts'

const query = (asked: Record<string, unknown>) => ArticleQuery.parse(asked)
const holder = (role: Actor['role']): Actor => ({ id: role, role }) as Actor

t.test('a list is made at once when an index has just what it asks for, in its order', async (t) => {
  for (const asked of [
    {},
    { sort: 'title' },
    { sort: '-updatedAt' },
    { limit: 100, include: ['pages'], fields: ['id'], render: ['text'] },
    { section: ['world'], subsections: false },
    { tag: ['rail', 'strike'], publishedAfter: '2026-01-01T00:00:00Z', publishedBefore: '2026-02-01T00:00:00Z' },
    { source: ['cna'], sort: 'publishedAt' },
    { byline: 'Joko Susilo' },
    { lang: ['id'] },
    { genre: ['opinion'] },
    { breaking: true },
    { updatedAfter: '2026-01-01T00:00:00Z', sort: 'updatedAt' },
    { ids: ['a', 'b'], count: 'exact', tag: ['rail'], sort: 'title' },
    { externalId: 'cms:1', lang: ['id'], count: 'exact' },
    { stage: 'working', tag: ['rail'] },
  ]) {
    t.notOk(isHeavy(query(asked), null), JSON.stringify(asked))
    t.notOk(isHeavy(query(asked), holder('editor')))
  }
})

t.test('a list may take long when it counts, or when articles have to be passed over to find it', async (t) => {
  for (const asked of [
    { count: 'exact' },
    { count: 'exact', tag: ['rail'] },
    { tag: ['rail'], lang: ['id'] },
    { tag: ['rail'], sort: 'title' },
    { tagAll: ['rail', 'strike'] },
    { tagNone: ['rail'] },
    { source: ['cna'], sourceRole: ['photo'] },
    { sourceRole: ['photo'] },
    { breaking: false },
    { lang: ['id'], sort: '-updatedAt' },
    { publishedAfter: '2026-01-01T00:00:00Z', sort: 'title' },
    { publishedAfter: '2026-01-01T00:00:00Z', sort: 'updatedAt' },
    { updatedAfter: '2026-01-01T00:00:00Z' },
    { stage: 'working', state: ['in_review'] },
    { stage: 'working', changed: true },
  ]) {
    t.ok(isHeavy(query(asked), null), JSON.stringify(asked))
  }
  const own = query({ stage: 'working' })
  t.ok(isHeavy(own, holder('writer')), 'a writer looks for the own among those of others')
  t.notOk(isHeavy(own, holder('editor')))
  t.notOk(isHeavy(query({}), holder('writer')))
})

t.test('lists that may take long are read beside, and those that do not are not', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'World' })
  await makeDraft(app, { section: 'world', title: 'Rail' })
  const asked: (boolean | undefined)[] = []
  const read = app.store.read.bind(app.store)
  app.store.read = (fn, options) => {
    asked.push(options?.beside)
    return read(fn, options)
  }
  const isBeside = async (url: string) => {
    asked.length = 0
    const { status } = await app.call('GET', url, { as: 'admin' })
    t.equal(status, 200, url)
    return asked.includes(true)
  }
  for (const url of [
    '/v1/articles?count=exact',
    '/v1/articles?tagNone=rail&lang=en',
    '/v1/articles?stage=working&state=draft',
    '/v1/articles/export?lang=id',
    '/v1/tags?count=exact',
    '/v1/tags?kind=place',
    '/v1/sources?count=exact',
    '/v1/sources?kind=agency',
    '/v1/changes?count=exact',
    '/v1/changes?kind=article.created',
    '/v1/changes?after=2026-01-01T00:00:00Z',
  ]) {
    t.ok(await isBeside(url), url)
  }
  for (const url of [
    '/v1/articles',
    '/v1/articles?section=world',
    '/v1/tags',
    '/v1/sources',
    '/v1/sections?count=exact',
    '/v1/changes',
    '/v1/changes?id=00000000-0000-7000-8000-000000000000&kind=article.created',
    '/v1/keys?count=exact',
  ]) {
    t.notOk(await isBeside(url), url)
  }
})
