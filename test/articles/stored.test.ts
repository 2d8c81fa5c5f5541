import t from 'tap'
import { areCardsMissing, writeCards } from '../../src/articles/articles.ts'
import { instant } from '../../src/lib/clock.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { minute } from './acts.ts'

/** What strangers get of the newsroom, as text. */
async function readAll(app: TestApp, slugs: readonly string[]): Promise<string[]> {
  const urls = ['/v1/articles', '/v1/articles?tag=rail', ...slugs.map((slug) => `/v1/articles/${slug}`)]
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
