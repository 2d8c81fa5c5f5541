import { Column, is, SQL } from 'drizzle-orm'
import { getTableConfig } from 'drizzle-orm/sqlite-core'
import t from 'tap'
import { ArticleQuery } from '../../src/articles/lists/schema.ts'
import { getPublicCards } from '../../src/articles/stored/answers.ts'
import { tables } from '../../src/storage/sqlite/connection.ts'
import { type CallOptions, type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'

async function makeMany(app: TestApp, count: number): Promise<void> {
  const section = await makeSection(app)
  for (let i = 0; i < 5; i += 1) {
    await makeTag(app, { name: `Tag ${i}` })
    await makeSource(app, { name: `Source ${i}` })
  }
  for (let i = 0; i < count; i += 1) {
    await makePublished(app, {
      ...{ section: section.id, title: `Story ${i}`, bylines: [{ name: 'Joko' }, { name: 'Sari' }] },
      tags: [`tag-${i % 5}`, `tag-${(i + 1) % 5}`],
      sources: [{ source: `source-${i % 5}` }, { source: `source-${(i + 2) % 5}` }],
      pages: [{ body: 'One.' }, { body: 'Two.' }],
    })
  }
}

/** The statements that one request runs. */
async function statementsOf(app: TestApp, url: string, options: CallOptions = {}): Promise<string[]> {
  app.statements.length = 0
  const { status, body } = await app.call('GET', url, options)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return [...app.statements]
}

t.test(
  'a list of cards takes one statement for the page, and one for each kind of names that is not known',
  async (t) => {
    const app = await testApp(t, { WARTA_CACHE: '0' })
    await makeMany(app, 50)
    /** the page, and when the clock will make it another */
    const page = 2
    /** sections, tags, sources */
    const kinds = 3
    t.equal((await statementsOf(app, '/v1/articles?limit=50')).length, page + kinds)
    for (const query of ['', 'sort=title', 'lang=en', 'byline=joko']) {
      t.equal((await statementsOf(app, `/v1/articles?limit=50&${query}`)).length, page, query)
    }
    // The pages, and how large they are, so that an answer has a ceiling.
    t.equal((await statementsOf(app, '/v1/articles?limit=50&include=pages')).length, page + 2)
    t.equal((await statementsOf(app, '/v1/articles?limit=50&section=world&tag=tag-1,tag-2')).length, 1 + page, 'names')
    t.equal((await statementsOf(app, '/v1/articles?limit=50&count=exact')).length, page + 2)
    await app.call('PATCH', '/v1/tags/tag-1', { as: 'editor', version: '*', body: { name: 'Another' } })
    t.equal((await statementsOf(app, '/v1/articles?limit=50')).length, page + kinds, 'after one is renamed')
  },
)

t.test(
  'whoever reads a moment before a renaming does not make the others look up names anew, nor they them',
  async (t) => {
    const app = await testApp(t, { WARTA_CACHE: '0' })
    await makeMany(app, 10)
    const query = ArticleQuery.parse({})
    await app.store.read(
      async (db) => {
        const list = async () => (await getPublicCards(db, query, { limit: 10 })).items.join()
        const before = await list()
        t.match(before, 'Tag 1')
        await app.call('PATCH', '/v1/tags/tag-1', { as: 'editor', version: '*', body: { name: 'Another' } })
        await statementsOf(app, '/v1/articles')
        app.statements.length = 0
        t.equal(await list(), before)
        t.equal(app.statements.length, 1)
      },
      { beside: true, lasting: true },
    )
    t.equal((await statementsOf(app, '/v1/articles')).length, 2)
  },
)

t.test('a list takes one statement for the page and one for each relation, however long it is', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 50)
  /** tags, sources, bylines */
  const relations = 3
  /** the page, and when the clock will make it another */
  const page = 2
  /** whatever names a query has are looked up at once */
  const names = 1
  const most: Record<string, number> = {
    'fields=title,tags,sources,bylines': page + relations,
    'sort=title&fields=tags,sources,bylines': page + relations,
    'fields=tags,sources,bylines&section=world&tag=tag-1,tag-2&tagNone=tag-4&source=source-1&byline=joko&lang=en':
      names + page + relations,
    // What an index has, less what of it is not on the list.
    'fields=title&count=exact': page + 2,
    // One more for how large they are, so that an answer has a ceiling.
    'fields=title,tags,sources,bylines&include=pages': page + 2 + relations,
    'fields=title': page,
    'fields=title,section': page,
    'fields=tags': page + 1,
  }
  for (const [query, allowed] of Object.entries(most)) {
    const one = await statementsOf(app, `/v1/articles?limit=1&${query}`)
    const fifty = await statementsOf(app, `/v1/articles?limit=50&${query}`)
    t.equal(fifty.length, one.length, `${query}: as many for 50 as for 1`)
    t.ok(one.length <= allowed, `${query}: ${one.length} statements, at most ${allowed}`)
  }
  const empty = await statementsOf(app, '/v1/articles?lang=ja')
  t.equal(empty.length, page, 'a page with nothing on it has no relations to look up')
})

t.test('a list of working copies takes no more, beside the one that finds the key', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 50)
  for (const as of ['writer', 'editor'] as const) {
    const one = await statementsOf(app, '/v1/articles?stage=working&limit=1', { as })
    const fifty = await statementsOf(app, '/v1/articles?stage=working&limit=50', { as })
    t.equal(fifty.length, one.length)
    t.ok(fifty.length <= 5)
  }
})

/** Which words are indexed, and which tags and sources are called so. */
const seeking = 2

t.test('a search takes two statements more than a list, and one for each thing that is asked about it', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 50)
  const relations = 3
  const page = 2
  const exact: Record<string, number> = {
    'q=story': seeking + page + relations,
    'q=%22one+two%22+OR+title:story+byline:joko+tag:1+-source:4': seeking + page + relations,
    'q=stor&prefix=true': seeking + page + relations,
    'q=story&fields=title': seeking + page,
    // Whether it is more than is gathered and sorted.
    'q=story&sort=title': seeking + page + 1 + relations,
    'q=story&sort=-publishedAt': seeking + page + 1 + relations,
    'q=story&count=exact': seeking + page + 1 + relations,
    // What stands on their pages, as much of it as is looked through.
    'q=story&highlight=true': seeking + page + 1 + relations,
    'q=story&highlight=offsets&fields=title': seeking + page + 1,
    'q=story&highlight=false': seeking + page + relations,
    // All kinds of them at once; and whether more was found than is counted.
    'q=story&facets=year': seeking + page + 2 + relations,
    'q=story&facets=section,tag,source,lang,year': seeking + page + 2 + relations,
    // The names; and of each kind by which ids it may stand in the index.
    'q=story&section=world': 1 + 1 + seeking + page + relations,
    'q=story&section=world&tag=tag-1,tag-2&source=source-1&byline=joko&lang=en': 1 + 3 + seeking + page + relations,
    'q=story&tagAll=tag-1,tag-2': 1 + 2 + seeking + page + relations,
    // Whether it says anything or nothing, nothing else is asked.
    'q=story&tagNone=tag-1': 1 + seeking + page + relations,
    'q=story&include=pages': seeking + page + 2 + relations,
    'q=story&highlight=true&facets=tag&count=exact&sort=title': seeking + page + 1 + 4 + relations,
  }
  for (const [query, expected] of Object.entries(exact)) {
    const one = await statementsOf(app, `/v1/articles?limit=1&${query}`)
    const fifty = await statementsOf(app, `/v1/articles?limit=50&${query}`)
    t.equal(one.length, expected, query)
    t.equal(fifty.length, one.length, `${query}: as many for 50 as for 1`)
    const { next } = (await app.call('GET', `/v1/articles?limit=1&${query}`)).body.page
    const second = await statementsOf(app, `/v1/articles?limit=1&${query}&cursor=${next}`)
    t.equal(second.length, expected, `${query}: as many on the second page`)
  }
  // Of working copies nothing is told that the clock makes another; but the key is looked for.
  const working = await statementsOf(app, '/v1/articles?q=story&stage=working&limit=50', { as: 'editor' })
  t.equal(working.length, 1 + seeking + 1 + relations)
  const asWriter = await statementsOf(app, '/v1/articles?q=story&stage=working', { as: 'writer' })
  t.ok(asWriter.length <= 1 + seeking + 1 + mostGuessing(1), 'who has written nothing finds nothing')
  t.equal((await statementsOf(app, '/v1/articles?q=%21%3F')).length, 1 + 1, 'what has no word in it is not looked for')
})

/** As many words are near to one that finds nothing here. */
const mostNear = 17
/** Each try is a search; and the words that are like one are asked for once. At last the whole is tried, or each word left out. */
const mostGuessing = (words: number, near = mostNear): number =>
  words * ((1 + near) * (seeking + 1) + 1) + 8 * (seeking + 1)

t.test('a search that finds nothing tries no more than so many others', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 5)
  const letters = Array.from('abcdefghijklmnop')
  for (const word of ['gempa', 'ferry', 'polisi', 'rupiah'])
    await makePublished(app, { section: 'world', lang: 'fr', title: letters.map((one) => `${word}${one}`).join(' ') })
  await makePublished(app, { section: 'world', lang: 'fr', title: 'gempas ferrys polisis rupiahs', deck: 'Alone' })
  const page = 2
  for (const [query, words] of [
    ['stroy', 1],
    ['gempaz', 1],
    ['nothing', 1],
    ['gempaz ferryz', 2],
    ['gempaz ferryz polisiz', 3],
    // More than are guessed at.
    ['gempaz ferryz polisiz rupiahz', 4],
    [`${'gempaa '.repeat(20)}rupiahz`, 21],
    [Array.from({ length: 30 }, (_, i) => `none${i}`).join(' '), 30],
  ] as const) {
    const url = `/v1/articles?q=${encodeURIComponent(query)}`
    const found = await statementsOf(app, url)
    t.strictSame((await app.call('GET', url)).body.data, [], query)
    // Of the others it is asked whether they find something.
    const most = seeking + page + mostGuessing(Math.min(words, 3)) + Math.max(0, words - 3) * (seeking + 1)
    t.ok(found.length <= most, `${query}: ${found.length} statements, at most ${most}`)
  }

  // Nobody but editors may be told of these, so that all are tried: as many as there may be.
  const alphabet = Array.from('abcdefghijklmnopqrstuvwxyz')
  const near = alphabet.flatMap((one) => alphabet.map((other) => `gempab${one}${other}i`))
  await makeDraft(app, { lang: 'fr', pages: [{ body: near.filter((word) => word !== 'gempabumi').join(' ') }] })
  const url = '/v1/articles?q=gempabumi&fields=slug'
  const found = await statementsOf(app, url)
  const most = seeking + page + mostGuessing(1, 500)
  t.ok(found.length <= most, `${found.length} statements, at most ${most}`)
  t.equal((await app.call('GET', url)).body.search.didYouMean, null)
  const told = await app.call('GET', `${url}&stage=working`, { as: 'editor' })
  t.match(told.body.search.didYouMean, /^gempab/, 'editors are told at once')
})

t.test('one article takes one statement for it and one for its pages', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 2)
  await app.call('GET', '/v1/articles')
  for (const query of ['', '?page=2', '?render=text']) {
    t.equal((await statementsOf(app, `/v1/articles/story-1${query}`)).length, 2, query)
  }
  const working = await statementsOf(app, '/v1/articles/story-1?stage=working', { as: 'editor' })
  t.equal(working.length, 1 + 5, 'of a working copy, beside the one that finds the key')
})

t.test('related articles take two statements more than the article, whatever their number', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 20)
  const one = await statementsOf(app, '/v1/articles/story-1/related?limit=1')
  const twenty = await statementsOf(app, '/v1/articles/story-1/related?limit=20')
  t.equal(twenty.length, one.length)
  t.ok(one.length <= 6)
})

t.test('no value of a request becomes SQL', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 1)
  const hostile = encodeURIComponent(`x' or '1'='1' -- ") or 1=1; drop table articles; {"$ne":1} %`)
  for (const name of ['section', 'tag', 'tagAll', 'source', 'byline', 'ids', 'externalId']) {
    const { status, body } = await app.call('GET', `/v1/articles?${name}=${hostile}&count=exact`)
    t.equal(status, 200, name)
    t.strictSame(body.data, [], name)
    t.equal(body.page.total, 0, name)
  }
  t.equal((await app.call('GET', `/v1/articles?tagNone=${hostile}&count=exact`)).body.page.total, 1)
  t.equal((await app.call('GET', `/v1/articles/${hostile}`)).status, 404)
})

t.test('a save writes what differs of an article, and answers what reading it answers', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 1)
  const save = async (body: object) => {
    app.statements.length = 0
    const saved = await app.call('PATCH', '/v1/articles/story-0', { as: 'editor', version: '*', body })
    t.equal(saved.status, 200)
    const written = app.statements.flatMap(
      (sql) => /^(?:insert into|update|delete from) "(article_\w+)"/.exec(sql)?.[1] ?? [],
    )
    const { body: read } = await app.call('GET', '/v1/articles/story-0?stage=working&render=body,html', {
      as: 'editor',
    })
    t.same(saved.body, read)
    return written.sort()
  }
  t.same(await save({ urgency: 3 }), ['article_copies'], 'what is not searched for')
  t.same(await save({ deck: 'A deck.' }), ['article_copies', 'article_search'])
  const pages = [{ body: 'One.' }, { body: 'Another.' }]
  const onePage = ['article_pages', 'article_pages']
  t.same(await save({ pages }), ['article_copies', ...onePage, 'article_search', 'article_search'], 'of two pages one')
  // Both go at once, and each comes by itself.
  const bothTags = Array.from({ length: 1 + 2 }, () => 'article_tags')
  const { body } = await app.call('GET', '/v1/articles/story-0?stage=working', { as: 'editor' })
  const tags = body.tags.map(({ id }: { id: string }) => id).reverse()
  t.same(await save({ tags }), ['article_copies', 'article_search', 'article_search', ...bothTags])
  t.same(await save({ tags }), [], 'what is so already is not written')
})

/** The columns that indexes of the copies need, also those that say what stands in them. */
function indexedColumns(): Set<string> {
  const columns = new Set<string>()
  const look = (part: unknown): void => {
    if (is(part, Column)) columns.add(part.name)
    else if (is(part, SQL)) part.queryChunks.forEach(look)
  }
  for (const { config } of getTableConfig(tables.articleCopies).indexes) [...config.columns, config.where].forEach(look)
  return columns
}

t.test('a save sets no column of an index that it does not change', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 1)
  const indexed = indexedColumns()
  t.ok(['title', 'section_id', 'breaking_until'].every((name) => indexed.has(name)))
  const setBy = async (body: object) => {
    app.statements.length = 0
    await app.call('PATCH', '/v1/articles/story-0', { as: 'editor', version: '*', body })
    const [, set = ''] =
      app.statements.map((sql) => /^update "article_copies" set (.+) where/.exec(sql)).find(Boolean) ?? []
    return [...set.matchAll(/"(\w+)" = /g)].map(([, name = '']) => name)
  }
  // The clock stands still.
  const plain = await setBy({ urgency: 3 })
  t.ok(plain.includes('urgency'))
  t.same(
    plain.filter((name) => indexed.has(name)),
    [],
  )
  t.same(
    (await setBy({ title: 'Another' })).filter((name) => indexed.has(name)),
    ['title'],
  )
})
