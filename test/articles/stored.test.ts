import { createHash } from 'node:crypto'
import t from 'tap'
import { areCardsMissing, writeCards } from '../../src/articles/articles.ts'
import { ArticleQuery } from '../../src/articles/lists/schema.ts'
import { cardFields } from '../../src/articles/schema.ts'
import { getPublicCards } from '../../src/articles/stored/answers.ts'
import { writeCard } from '../../src/articles/stored/card.ts'
import { instant } from '../../src/lib/clock.ts'
import type { Read } from '../../src/storage/store.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { act, minute, patch, readWorking } from './acts.ts'

/** What strangers get of the newsroom, as text. */
async function readAll(app: TestApp, slugs: readonly string[]): Promise<string[]> {
  const lists = ['/v1/articles', '/v1/articles?tag=rail', '/v1/articles?include=pages', '/v1/articles/export']
  const urls = [...lists, ...slugs.map((slug) => `/v1/articles/${slug}`)]
  const answers = []
  for (const url of urls) answers.push(await app.call('GET', url))
  return answers.map(({ status, headers, text }) => [status, headers.etag, headers['surrogate-key'], text].join('\n'))
}

async function newsroom(app: TestApp): Promise<string[]> {
  await makeSection(app)
  await makeTag(app, { name: 'Rail' })
  await makeSource(app, { name: 'Antara' })
  await makeSource(app, { name: 'A Minister', visibility: 'editors' })
  const slugs = []
  for (const title of ['One', 'Two "quoted" 日本 \u{1f600}', 'Three']) {
    const { slug } = await makePublished(app, {
      ...{ title, section: 'world', tags: ['rail'], breaking: true, bylines: [{ name: 'Joko' }] },
      sources: [{ source: 'a-minister' }, { source: 'antara', role: 'quoted', mention: 'said\tso' }],
      dateline: { text: 'Jakarta' },
      image: { url: 'https://images.example.org/a.jpg', alt: 'Ä' },
    })
    slugs.push(slug)
  }
  return slugs
}

t.test('an article whose card is still to be written reads the same, before and after it is', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  const slugs = await newsroom(app)
  const before = await readAll(app, slugs)
  t.notOk(await app.store.read(areCardsMissing), 'all were written when they were published')
  await app.store.transact((db) => db.update(db.tables.articleCopies).set({ card: null }))
  t.ok(await app.store.read(areCardsMissing))
  t.same(await readAll(app, slugs), before)
  t.notOk(await app.store.transact(writeCards), 'there are no more of them')
  t.notOk(await app.store.read(areCardsMissing))
  t.same(await readAll(app, slugs), before)
})

t.test('an article that the clock will replace has two cards, and both can be written anew', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  const [slug = ''] = await newsroom(app)
  const { body: article } = await readWorking(app, { id: slug })
  const { body: changed } = await patch(app, article, { title: 'Next', tags: [] })
  const at = new Date(app.clock.now() + minute).toISOString()
  t.equal((await act(app, changed, 'publish', 'editor', { at })).status, 200)
  const forget = () => app.store.transact((db) => db.update(db.tables.articleCopies).set({ card: null }))
  const now = await readAll(app, [slug])
  await forget()
  t.same(await readAll(app, [slug]), now)
  await app.store.transact(writeCards)
  t.same(await readAll(app, [slug]), now)
  app.clock.advance(minute)
  const then = await readAll(app, [slug])
  t.match(then.at(-1), '"title":"Next"')
  await forget()
  t.same(await readAll(app, [slug]), then)
})

t.test(
  'cards that are missing take one statement for the copies and one for each relation, however many',
  async (t) => {
    const app = await testApp(t, { WARTA_CACHE: '0' })
    await newsroom(app)
    for (let i = 0; i < 60; i += 1) await makePublished(app, { section: 'world', title: `Story ${i}`, tags: ['rail'] })
    const statements = async (limit: number) => {
      app.statements.length = 0
      await app.call('GET', `/v1/articles?limit=${limit}`)
      return app.statements.length
    }
    await statements(100)
    const stored = await statements(100)
    await app.store.transact((db) => db.update(db.tables.articleCopies).set({ card: null }))
    t.equal(await statements(100), stored + 4)
    t.equal(await statements(1), stored + 4)
    t.ok(await app.store.transact(writeCards), 'some at a time are written, and there are more')
    t.ok(await app.store.read(areCardsMissing))
    t.notOk(await app.store.transact(writeCards))
    t.notOk(await app.store.read(areCardsMissing))
    t.equal(await statements(100), stored)
  },
)

t.test('who reads an older moment takes nothing from who reads a newer one', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await newsroom(app)
  const list = (db: Read) => getPublicCards(db, ArticleQuery.parse({}), { limit: 20, position: undefined })
  const titles = ({ items }: { items: string[] }) => items.map((json) => JSON.parse(json).title)
  await app.store.read(async (older) => {
    const before = titles(await list(older))
    for (const name of ['New', 'Newer']) await makeTag(app, { name })
    await makePublished(app, { section: 'world', title: 'Four', tags: ['new', 'newer', 'rail'] })
    const [now, then] = await Promise.all([app.store.read(list), list(older)])
    t.same(titles(then), before)
    t.same(titles(now), ['Four', ...before])
  })
  const { body } = await app.call('GET', '/v1/articles')
  t.same(
    body.data[0].tags.map(({ slug }: { slug: string }) => slug),
    ['new', 'newer', 'rail'],
  )
})

t.test('what is stored and what is made of the rows have the same headers', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await newsroom(app)
  const withPages = 'include=pages&render=text,body'
  for (const [path, query] of [
    ['/v1/articles', ''],
    ['/v1/articles', withPages],
    ['/v1/sources/antara/articles', ''],
    ['/v1/sources/antara/articles', withPages],
  ] as const) {
    const stored = await app.call('GET', `${path}?${query}`)
    const made = await app.call('GET', `${path}?${query}&fields=${cardFields}`)
    t.equal(stored.text, made.text)
    t.equal(stored.body.data[0].pages?.length, query === '' ? undefined : 1)
    t.equal(stored.body.data.length, 3)
    for (const name of ['content-type', 'etag', 'cache-control', 'surrogate-key', 'cache-groups', 'vary'])
      t.equal(stored.headers[name], made.headers[name], name)
  }
})

t.test('whoever changes what stands on a card has all cards written anew', async (t) => {
  const id = '019bd2a4-0000-7000-8000-000000000001'
  const at = '2026-01-02T03:04:05.006Z'
  const byline = { name: 'Joko', role: 'author' } as const
  const use = { sourceId: id, role: 'cited', url: null, statedOn: null, mention: 'said' } as const
  const card = writeCard(
    {
      ...{ articleId: id, stage: 'live', version: 2, slug: 'one', externalId: null, lang: 'en', title: 'One' },
      ...{ kicker: null, deck: 'Two', dateline: { outlet: null, place: null, text: 'Jakarta' }, sectionId: id },
      image: { url: 'https://images.example.org/a.jpg', alt: null, caption: null, credit: null, width: 1, height: 1 },
      ...{ genre: 'analysis', urgency: 1, breaking: true, breakingUntil: at, access: 'free' },
      seo: { title: 'A', description: null, canonicalUrl: null },
      corrections: [{ text: 'Three', issuedAt: at }],
      ...{ wordCount: 1, readingMinutes: 1, pageCount: 1, publishedAt: at, embargoUntil: null, expiresAt: null },
      ...{ updatedAt: at, shownFrom: at, shownUntil: null },
    },
    { createdAt: at, firstPublishedAt: at },
    { tagIds: [id, id], sources: [use], bylines: [byline] },
  )
  t.equal(
    createHash('sha256').update(card).digest('hex'),
    '5ea35162ace05aec511cf1e681f08d26a39639666bbeb772fbdab715f79d9515',
    'if it is meant to be another, add a migration that sets article_copies.card to null, on both engines',
  )
})

t.test('no confidential source stands in what strangers get, nor its id; made public, it does', async (t) => {
  const app = await testApp(t)
  const slugs = await newsroom(app)
  const { body: source } = await app.call('GET', '/v1/sources/a-minister', { as: 'editor' })
  const before = (await readAll(app, slugs)).join('\n')
  t.notMatch(before, source.id)
  t.notMatch(before, 'Minister')
  const open = { as: 'editor', version: '*', body: { visibility: 'public' } } as const
  t.equal((await app.call('PATCH', '/v1/sources/a-minister', open)).status, 200)
  for (const answer of await readAll(app, slugs)) t.match(answer, source.id)
  const close = { ...open, body: { visibility: 'editors' } }
  t.equal((await app.call('PATCH', '/v1/sources/a-minister', close)).status, 200)
  t.equal((await readAll(app, slugs)).join('\n'), before, 'made confidential again, it is nowhere')
})

t.test('breaking news is so until its end, and its answer is kept no longer', async (t) => {
  const app = await testApp(t)
  await makeSection(app)
  const ends = instant(app.clock.now() + minute)
  const { slug } = await makePublished(app, { section: 'world', breaking: true, breakingUntil: ends })
  const read = async () => (await app.call('GET', `/v1/articles/${slug}`)).body
  t.match(await read(), { breaking: true, breakingUntil: ends })
  app.clock.advance(minute - 1)
  t.match(await read(), { breaking: true })
  app.clock.advance(1)
  t.match(await read(), { breaking: false, breakingUntil: ends })
})

t.test('what a section, tag or source is called shows at once on every article, and writes to none', async (t) => {
  const app = await testApp(t)
  const slugs = await newsroom(app)
  const cards = () =>
    app.store.read(async (db) => {
      const rows = await db.select({ card: db.tables.articleCopies.card }).from(db.tables.articleCopies)
      return rows.map(({ card }) => card).sort()
    })
  const written = await cards()
  for (const [path, name] of [
    ['sections/world', 'Globe'],
    ['tags/rail', 'Trains'],
    ['sources/antara', 'Agency'],
  ] as const) {
    const others = (await readAll(app, slugs)).map((text) => text.includes(`"name":"${name}"`))
    t.notOk(others.includes(true))
    const { status } = await app.call('PATCH', `/v1/${path}`, { as: 'editor', version: '*', body: { name } })
    t.equal(status, 200)
    for (const text of await readAll(app, slugs)) t.match(text, `"name":"${name}"`)
  }
  t.same(await cards(), written)
})
