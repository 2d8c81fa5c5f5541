import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { act, minute, patch, slugsOf } from './acts.ts'

/** Six stories, each published a minute after the one before it. */
async function makeSix(app: TestApp) {
  const ids: Record<string, string> = {}
  for (const [name, parent] of [['Global'], ['Asia', 'global'], ['Sport']]) await makeSection(app, { name, parent })
  for (const name of ['Rail', 'Strike', 'Russia']) await makeTag(app, { name })
  for (const name of ['CNA', 'Antara']) await makeSource(app, { name })
  await makeSource(app, { name: 'Informant', visibility: 'editors' })
  const cited = (source: string, role = 'cited') => ({ source, role })
  const stories: Record<string, object> = {
    a: { section: 'global', tags: ['rail', 'strike'], sources: [cited('cna')], bylines: [{ name: 'Émile Zola' }] },
    b: { section: 'asia', tags: ['rail'], sources: [cited('antara', 'origin')], genre: 'analysis', lang: 'id' },
    c: { section: 'sport', tags: ['strike', 'russia'], sources: [cited('cna', 'photo')], genre: 'opinion' },
    d: { section: 'asia', sources: [cited('informant')], externalId: 'cms:4', lang: 'en-GB' },
    e: { section: 'sport', tags: ['russia'], breaking: true, bylines: [{ name: 'ZOLA' }], externalId: 'cms:5' },
    f: { section: 'global', sources: [cited('cna', 'origin'), cited('antara')] },
  }
  for (const [slug, body] of Object.entries(stories)) {
    ids[slug] = (await makePublished(app, { slug, title: `Title ${slug}`, ...body })).id
    app.clock.advance(minute)
  }
  return ids
}

t.test('each filter lists what it says', async (t) => {
  const app = await testApp(t)
  const ids = await makeSix(app)
  await makeDraft(app, { slug: 'hidden', section: 'asia', tags: ['rail', 'strike'], sources: [{ source: 'cna' }] })
  const expected: Record<string, string> = {
    '': 'fedcba',
    'section=global': 'fdba',
    'section=global&subsections=true': 'fdba',
    'section=global&subsections=false': 'fa',
    'section=asia': 'db',
    'section=global/asia': 'db',
    'section=global%2Fasia,sport': 'edcb',
    'section=nowhere': '',
    'tag=rail': 'ba',
    'tag=rail,russia': 'ecba',
    'tag=rail,nothing': 'ba',
    'tagAll=rail,strike': 'a',
    'tagAll=strike': 'ca',
    'tagAll=rail,nothing': '',
    'tagNone=rail': 'fedc',
    'tagNone=rail,russia': 'fd',
    'tagNone=nothing': 'fedcba',
    'tag=russia&tagNone=strike': 'e',
    'source=cna': 'fca',
    'source=cna,antara': 'fcba',
    'source=informant': '',
    'sourceRole=origin': 'fb',
    'sourceRole=cited': 'fa',
    'source=cna&sourceRole=origin,photo': 'fc',
    'source=antara&sourceRole=cited': 'f',
    'byline=%C3%A9mile%20zola': 'a',
    'byline=E%CC%81MILE%20ZOLA': 'a',
    'byline=zola': 'e',
    'byline=Zol': '',
    'lang=id': 'b',
    'lang=en-gb,ID': 'db',
    'genre=analysis,opinion': 'cb',
    'breaking=true': 'e',
    'breaking=false': 'fdcba',
    'ids=f,a,hidden': 'fa',
    [`ids=${ids.c},b,${ids.b}`]: 'cb',
    'externalId=cms:4': 'd',
    'externalId=cms:4,cms:5': '',
    'publishedAfter=2026-11-22T09:03:00Z': 'fed',
    'publishedAfter=2026-11-22T16:03:00.001%2B07:00': 'fe',
    'publishedBefore=2026-11-22T09:03:00Z': 'cba',
    'publishedAfter=2026-11-22T09:01:00Z&publishedBefore=2026-11-22T09:03:00Z': 'cb',
    'updatedAfter=2026-11-22T09:05:00Z': 'f',
    'section=global&tag=rail&source=antara&lang=id&genre=analysis&sourceRole=origin': 'b',
  }
  for (const [query, slugs] of Object.entries(expected)) {
    t.equal((await slugsOf(app, query)).join(''), slugs, query)
    const { body } = await app.call('GET', `/v1/articles?${query}&count=exact&limit=1`)
    t.equal(body.page.total, slugs.length, `${query}: total`)
  }
})

t.test('a section whose name only begins like another’s is not below it', async (t) => {
  const app = await testApp(t)
  const slugs = ['sport', 'sport-tennis', 'sport2', 'sporta', 'spor']
  for (const slug of slugs) await makeSection(app, { name: slug, slug })
  await makeSection(app, { name: 'Chess', parent: 'sport' })
  for (const slug of [...slugs, 'chess']) await makePublished(app, { slug, section: slug })
  t.strictSame((await slugsOf(app, 'section=sport')).sort(), ['chess', 'sport'])
  t.strictSame(await slugsOf(app, 'section=chess'), ['chess'])
})

t.test('names of tags, sources and sections may be ids too', async (t) => {
  const app = await testApp(t)
  await makeSix(app)
  const idOf = async (url: string) => (await app.call('GET', url)).body.id
  t.strictSame(await slugsOf(app, `tag=${await idOf('/v1/tags/rail')}`), ['b', 'a'])
  t.strictSame(await slugsOf(app, `tagAll=rail,${await idOf('/v1/tags/rail')},strike`), ['a'])
  t.strictSame(await slugsOf(app, `source=${await idOf('/v1/sources/antara')}`), ['f', 'b'])
  t.strictSame(await slugsOf(app, `section=${await idOf('/v1/sections/asia')}`), ['d', 'b'])
  const { body } = await app.call('GET', '/v1/sources/cna/articles?sort=publishedAt&count=exact')
  t.strictSame(
    body.data.map(({ slug }: { slug: string }) => slug),
    ['a', 'c', 'f'],
  )
  t.equal(body.page.total, 3)
  t.equal((await app.call('GET', '/v1/sources/informant/articles')).status, 404)
  const informed = await app.call('GET', '/v1/sources/informant/articles?stage=working', { as: 'editor' })
  t.equal(informed.body.data[0].slug, 'd')
  t.equal((await app.call('GET', '/v1/sources/cna/articles?source=cna')).status, 400)
})

t.test('each order sorts, and ties are broken the same way each time', async (t) => {
  const app = await testApp(t)
  await makeSix(app)
  const renamed = (await app.call('GET', '/v1/articles/b?stage=working', { as: 'editor' })).body
  const { body: ahead } = await patch(app, renamed, { title: 'A first' })
  await act(app, ahead, 'publish')
  const expected: Record<string, string> = {
    ...{ '-publishedAt': 'fedcba', publishedAt: 'abcdef', '-updatedAt': 'bfedca', updatedAt: 'acdefb' },
    ...{ title: 'bacdef', '-title': 'fedcab' },
  }
  for (const [sort, slugs] of Object.entries(expected)) {
    t.equal((await slugsOf(app, `sort=${sort}`)).join(''), slugs, sort)
  }
  for (const slug of ['x', 'y', 'z']) await makePublished(app, { slug, title: 'Same' })
  for (const by of ['publishedAt', 'updatedAt', 'title']) {
    const up = await slugsOf(app, `sort=${by}`)
    t.strictSame(await slugsOf(app, `sort=-${by}`), up.toReversed(), by)
  }
})

t.test('what was never published stands before everything that has a date', async (t) => {
  const app = await testApp(t)
  await makePublished(app, { slug: 'published' })
  app.clock.advance(minute)
  await makeDraft(app, { slug: 'draft' })
  await makeDraft(app, { slug: 'dated', publishedAt: '2030-01-01T00:00:00Z' })
  t.strictSame(await slugsOf(app, 'stage=working', 'editor'), ['draft', 'dated', 'published'])
  t.strictSame(await slugsOf(app, 'stage=working&sort=publishedAt', 'editor'), ['published', 'dated', 'draft'])
  t.strictSame(await slugsOf(app, 'stage=working&publishedAfter=2026-11-23T00:00:00Z', 'editor'), ['dated'])
})

t.test('a card has everything but the pages; fields chooses, include adds', async (t) => {
  const app = await testApp(t)
  await makePublished(app, { slug: 'one', bylines: [{ name: 'Joko' }] })
  const { body: whole } = await app.call('GET', '/v1/articles/one')
  const { pages, ...card } = whole
  const first = async (query: string) => (await app.call('GET', `/v1/articles?${query}`)).body.data[0]
  t.strictSame(await first(''), card)
  t.strictSame(await first('include=pages'), whole)
  t.strictSame(await first('fields=title,section'), { id: card.id, title: card.title, section: card.section })
  t.strictSame(await first('fields=id'), { id: card.id })
  t.strictSame(await first('fields=bylines&include=pages'), { id: card.id, bylines: card.bylines, pages })
  for (const field of Object.keys(card)) {
    t.strictSame(await first(`fields=${field}`), { id: card.id, [field]: card[field] }, field)
  }
})

t.test('state and changed are filters of working copies', async (t) => {
  const app = await testApp(t)
  const published = await makePublished(app, { slug: 'ahead' })
  await patch(app, published, { deck: 'New' })
  await makePublished(app, { slug: 'level' })
  await makeDraft(app, { slug: 'draft' })
  const listed = async (query: string) => (await slugsOf(app, `stage=working&${query}`, 'editor')).sort()
  t.strictSame(await listed('state=published'), ['ahead', 'level'])
  t.strictSame(await listed('state=draft,published'), ['ahead', 'draft', 'level'])
  t.strictSame(await listed('changed=true'), ['ahead'])
  t.strictSame(await listed('changed=false'), ['draft', 'level'])
  t.strictSame(await listed('changed=false&state=published'), ['level'])
  for (const query of ['state=draft', 'changed=true', 'changed=false&state=trashed', 'stage=live&state=published']) {
    for (const as of ['stranger', 'editor'] as const) {
      const { status, body } = await app.call('GET', `/v1/articles?${query}`, { as })
      t.equal(status, 400, query)
      t.ok(body.errors.every(({ code }: { code: string }) => code === 'wrong_stage'))
    }
  }
})

t.test('a limit is kept, has bounds, and is never capped', async (t) => {
  const app = await testApp(t)
  await makeSix(app)
  t.equal((await slugsOf(app, 'limit=2')).length, 2)
  t.equal((await app.call('GET', '/v1/articles')).body.page.limit, 20)
  t.equal((await app.call('GET', '/v1/articles?limit=100')).body.page.limit, 100)
  for (const limit of ['0', '101', '1000', '-1', '1.5', 'ten', '', '1e1', '0x10', '%2010', '10&limit=11']) {
    const { status, body } = await app.call('GET', `/v1/articles?limit=${limit}`)
    t.equal(status, 400, limit)
    t.match(body.errors, [{ parameter: 'limit' }])
  }
})

t.test('what is no parameter, no value of one, or given twice, is 400 and never ignored', async (t) => {
  const app = await testApp(t)
  const wrong = [
    ...['q=', 'highlight=true', 'sort=relevance', 'sort=', 'sort=-title,title', 'sort=createdAt', 'Tag=rail'],
    // What is searched has a parameter for it since, which may not be given twice, nor what goes with it without it.
    ...['q=rail&q=strike', 'Q=rail', 'search=rail', 'q=-rail', 'q=-rail%20-tag:strike', `q=${'rail%20'.repeat(33)}`],
    ...['prefix=true', 'facets=tag', 'highlight=offsets', 'highlight=false', 'prefix=false', 'sort=-relevance'],
    ...['q=rail&prefix=1', 'q=rail&highlight=html', 'q=rail&facets=tags', 'q=rail&facets=', 'q=rail&sort=-relevance'],
    ...['q=rail&facets=tag,genre', 'q=rail&fields=highlights', `q=${'x'.repeat(257)}`],
    ...['page=2', 'offset=5', 'createdBy=x', 'filter[state]=draft', 'tag[]=rail', 'where=1', 'tags=rail', 'stage=all'],
    ...['tag=', 'tag=rail,', 'tag=rail&tag=strike', 'subsections=1', 'subsections=', 'breaking=yes', 'lang=not_a_tag'],
    ...['genre=gossip', 'sourceRole=friend', 'publishedAfter=yesterday', 'publishedBefore=2026-11-22', 'count=yes'],
    ...['updatedAfter=2026-02-30T00:00:00Z', 'fields=body', 'fields=createdBy', 'fields=', 'include=revisions'],
    ...['render=pdf', 'byline=', 'ids=', 'externalId=', 'cursor=', 'state=purged', '__proto__=x', 'constructor=x'],
  ]
  for (const query of wrong) {
    for (const url of [`/v1/articles?${query}`, `/v1/articles?stage=live&${query}`]) {
      const { status, body } = await app.call('GET', url, { as: 'editor' })
      t.equal(status, 400, url)
      t.equal(body.code, 'invalid_request', url)
      t.ok(body.errors.length > 0)
    }
  }
  const all = await app.call('GET', '/v1/articles?q=&limit=0&sort=random&tag=')
  t.strictSame(all.body.errors.map(({ parameter }: { parameter: string }) => parameter).sort(), [
    ...['limit', 'q', 'sort', 'tag'],
  ])
})

t.test('where a name of a filter leads to nothing, nothing is counted, and nothing is guessed', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Rail' })
  await makePublished(app, { title: 'Rail strike', tags: ['rail'] })
  const facets = { section: [], tag: [], year: [] }
  for (const filter of ['tagAll=rail,nothing', 'tag=nothing', 'section=nothing', 'source=nothing', 'ids=nothing']) {
    for (const q of ['rail', 'rial', 'stroke', 'rail nothing']) {
      const { body } = await app.call('GET', `/v1/articles?q=${q}&${filter}&facets=section,tag,year&count=exact`)
      t.same([body.data, body.page.total], [[], 0], filter)
      t.strictSame(body.search, { complete: true, didYouMean: null, facets }, `${q} with ${filter}`)
    }
  }
  const all = await app.call('GET', '/v1/articles?q=rial&tagAll=rail&facets=tag')
  t.equal(all.body.search.didYouMean, 'rail', 'and else it is')
})
