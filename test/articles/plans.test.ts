import t from 'tap'
import { ArticleQuery } from '../../src/articles/lists/schema.ts'
import { idWord } from '../../src/search/analysis.ts'
import { type TestApp, testApp, type Who } from '../support/app.ts'
import { engine } from '../support/engines.ts'
import { makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { byWord, type Plan, planner } from '../support/plans.ts'
import { minute } from './acts.ts'

type Sort = keyof typeof orders
/** The index of each order, for what the public sees and for working copies. */
const orders = {
  publishedAt: { live: 'public_copies_by_publication', working: 'working_copies_by_publication' },
  updatedAt: { live: 'public_copies_by_update', working: 'working_copies_by_update' },
  title: { live: 'public_copies_by_title', working: 'working_copies_by_title' },
} as const

/**
 * How a list is found.
 * `walk`: by date, its own index has what is on it and little else, in the order of the list: bounded, however many
 * articles there are. In another order it is as `order`.
 * `merge`: as `walk`, once for each value; the few that were found are then sorted. In another order it is as `order`.
 * `order`: the index of the order is walked, and each copy on the way is asked. Bounded only where most fit.
 * `named`: at most a hundred articles are looked up, and sorted.
 * `search`: what has the words is found through the index of words, in any order, and sorted: no more than is gathered. Of
 * `usual` there is more, so that in any order but that of its rank it is met on the way, as what is asked beside it says.
 */
type Case = [query: string, found: 'walk' | 'merge' | 'order' | 'named' | 'search', index?: string]

/** What every parameter makes of a list. A new one has to say so here. */
const parameters: Record<keyof typeof ArticleQuery.shape, Case[]> = {
  limit: [['limit=1', 'order']],
  // Of every list the pages after and before are looked at.
  cursor: [['', 'order']],
  count: [['count=exact', 'order']],
  fields: [['fields=title', 'order']],
  include: [['include=pages', 'order']],
  render: [['include=pages&render=text', 'order']],
  sort: [],
  stage: [['stage=working', 'order']],
  state: [['stage=working&state=draft,published', 'order']],
  changed: [
    ['stage=working&changed=true', 'order'],
    ['stage=working&changed=false', 'order'],
  ],
  section: [
    ['section=sport', 'walk', 'article_copies_of_section'],
    ['section=world', 'merge', 'article_copies_of_section'],
    ['section=world,sport', 'merge', 'article_copies_of_section'],
    ['section=sport&stage=working', 'walk', 'article_copies_of_section'],
    ['section=world&stage=working', 'merge', 'article_copies_of_section'],
  ],
  subsections: [['section=world&subsections=false', 'walk', 'article_copies_of_section']],
  tag: [
    ['tag=rail', 'walk', 'article_tags_of_tag'],
    ['tag=rail,strike', 'merge', 'article_tags_of_tag'],
    ['tag=rail&stage=working', 'walk', 'article_tags_of_tag'],
    ['tag=rail,strike&stage=working&state=draft,published', 'merge', 'article_tags_of_tag'],
    ['tag=rail&section=world&lang=en&breaking=true', 'walk', 'article_tags_of_tag'],
  ],
  tagAll: [['tagAll=rail,strike', 'walk', 'article_tags_of_tag']],
  tagNone: [
    ['tagNone=other', 'order'],
    ['tag=rail&tagNone=other', 'walk', 'article_tags_of_tag'],
  ],
  source: [
    ['source=antara', 'walk', 'article_sources_of_source'],
    ['source=antara,cna', 'merge', 'article_sources_of_source'],
  ],
  sourceRole: [
    ['sourceRole=origin', 'order'],
    ['sourceRole=origin&source=antara', 'walk', 'article_sources_of_source'],
    ['sourceRole=origin,cited&source=antara,cna', 'merge', 'article_sources_of_source'],
  ],
  byline: [['byline=joko', 'walk', 'article_bylines_of_name']],
  lang: [
    ['lang=en', 'walk', 'article_copies_of_lang'],
    ['lang=en,id', 'merge', 'article_copies_of_lang'],
  ],
  genre: [
    ['genre=analysis', 'walk', 'article_copies_of_genre'],
    ['genre=analysis,opinion', 'merge', 'article_copies_of_genre'],
  ],
  breaking: [
    ['breaking=true', 'walk', 'breaking_copies'],
    ['breaking=false', 'order'],
  ],
  ids: [['ids=story-1,story-3,story-5', 'named', 'key of article_copies']],
  externalId: [
    ['externalId=cms:1', 'named', 'article_copies_external_id'],
    ['externalId=cms:1&stage=working', 'named', 'article_copies_external_id'],
  ],
  publishedAfter: [['publishedAfter=2001-01-01T00:00:00Z', 'order']],
  publishedBefore: [['publishedBefore=2100-01-01T00:00:00Z&publishedAfter=2001-01-01T00:00:00Z', 'order']],
  updatedAfter: [['updatedAfter=2001-01-01T00:00:00Z', 'order']],
  q: [
    ['q=rail', 'search'],
    ['q=rails+running', 'search'],
    ['q=%22the+usual+rail%22+OR+title:story+-tag:other+source:antara', 'search'],
    ['q=rail&stage=working', 'search'],
    ['q=rail&stage=working&state=draft,published&changed=true', 'search'],
    ['q=rail&count=exact', 'search'],
    ['q=rail&section=world&tag=strike&tagNone=other&source=antara&byline=joko&lang=en', 'search'],
    ['q=rail&ids=story-1,story-3', 'named', 'key of article_copies'],
    ['q=rail&externalId=cms:1', 'named', 'article_copies_external_id'],
    ['q=usual', 'order'],
    ['q=usual&stage=working', 'order'],
    ['q=usual&tag=strike', 'walk', 'article_tags_of_tag'],
    ['q=usual&tag=strike&section=sport&lang=en&count=exact', 'walk', 'article_tags_of_tag'],
    // Nothing has it, so that others are tried.
    ['q=raill', 'search'],
    ['q=raill+usualy&stage=working', 'search'],
  ],
  prefix: [
    ['q=rai&prefix=true', 'search'],
    ['q=usu&prefix=true', 'order'],
  ],
  highlight: [
    ['q=rail&highlight=true', 'search'],
    ['q=rail&highlight=offsets&stage=working', 'search'],
  ],
  facets: [
    ['q=rail&facets=section,tag,source,lang,year', 'search'],
    ['q=rail&facets=section,tag,source,lang,year&stage=working', 'search'],
    ['q=usual&facets=source,tag', 'order'],
  ],
}

async function makeStories(app: TestApp): Promise<void> {
  const world = await makeSection(app, { name: 'World' })
  await makeSection(app, { name: 'Asia', parent: world.id })
  await makeSection(app, { name: 'Sport' })
  for (const name of ['Rail', 'Strike', 'Other']) await makeTag(app, { name })
  for (const name of ['Antara', 'CNA']) await makeSource(app, { name })
  for (let i = 0; i < 6; i += 1) {
    app.clock.advance(minute)
    const published = await makePublished(app, {
      ...{
        slug: `story-${i}`,
        title: `Story ${i} of the usual rail`,
        externalId: `cms:${i}`,
        section: i % 2 ? 'world' : 'sport',
      },
      ...{ tags: ['rail', 'strike'], bylines: [{ name: 'Joko' }], lang: 'en', genre: 'analysis', breaking: i < 3 },
      sources: [{ source: 'antara', role: 'origin' }, { source: 'cna' }],
    })
    if (i > 3)
      await app.call('PATCH', `/v1/articles/${published.id}`, { as: 'editor', version: 2, body: { title: 'x' } })
  }
}

/** One more than are gathered and sorted for a page. */
const tooMany = 5_001

/** Texts that have a word, a section, a tag and a language and belong to nothing, so that the word is met everywhere. */
async function makeUsual(app: TestApp): Promise<void> {
  const idOf = async (kind: 'section' | 'tag', slug: string) =>
    idWord(kind, (await app.call('GET', `/v1/${kind}s/${slug}`)).body.id)
  const ids = [await idOf('section', 'sport'), await idOf('tag', 'strike'), idWord('lang', 'en')]
  const none = { forms: [], stems: [] }
  await app.store.transact(async (db) => {
    const { articleSearch } = db.tables
    const rows = Array.from({ length: tooMany }, (_, i) => {
      const words = { title: none, deck: none, body: { forms: ['usual'], stems: [] }, byline: none }
      // As if they were of 1970.
      return db.dialect.search.rowOf(i + 1, {
        ...words,
        ids,
      }) as typeof articleSearch.$inferInsert
    })
    while (rows.length > 0) await db.insert(articleSearch).values(rows.splice(0, 500))
  })
}

/** What a request asked of the database. */
interface Asked {
  url: string
  statements: string[]
  page: { next: string | null; prev: string | null }
}

async function ask(app: TestApp, url: string, as: Who = 'editor'): Promise<Asked> {
  app.statements.length = 0
  const { status, body } = await app.call('GET', url, { as })
  if (status !== 200) throw new Error(`${url}: ${JSON.stringify(body)}`)
  return { url, statements: [...app.statements], page: body.page ?? { next: null, prev: null } }
}

/** A list from its first page to the next and back again. */
async function walk(app: TestApp, url: string): Promise<Asked[]> {
  const first = await ask(app, url)
  if (first.page.next === null) return [first]
  const second = await ask(app, `${url}&cursor=${first.page.next}`)
  return [first, second, await ask(app, `${url}&cursor=${second.page.prev}`)]
}

/** What of a plan grows with the archive. */
function grown(plans: readonly Plan[]): string[] {
  const scans = plans.flatMap(({ scans, text }) =>
    scans.filter((table) => isLarge(table)).map((table) => `${table}: ${text}`),
  )
  const sorts = plans.filter(({ sorts }) => sorts.includes('many')).map(({ text }) => `sorts: ${text}`)
  return [...scans, ...sorts]
}

const isLarge = (table: string): boolean =>
  /^(articles|article_\w+|addresses|revisions|changes|answers|live|next|search_entries|search_words|labels)$/.test(
    table,
  )

/** What a query is planned for, if it is one: a word that few texts have, or the one that most have. */
const wordOf = (query: string): string | undefined =>
  query.includes('q=') ? (query.includes('q=usu') ? 'usual' : 'rail') : undefined

t.test('every parameter of a list, in every order and on every page, is found by an index', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeStories(app)
  await makeUsual(app)
  t.strictSame(Object.keys(parameters).sort(), Object.keys(ArticleQuery.shape).sort(), 'every parameter is here')
  const walks: { found: Case[1]; first: string; asked: Asked; word: string | undefined }[] = []
  for (const [query, found, index] of Object.values(parameters).flat()) {
    const sorts = (Object.keys(orders) as Sort[]).flatMap((by) => [
      { by, sort: `-${by}` },
      { by, sort: by },
    ])
    const word = wordOf(query)
    if (word !== undefined) sorts.push({ by: 'publishedAt', sort: 'relevance' })
    for (const { by, sort } of sorts) {
      const url = `/v1/articles?sort=${sort}&${query}${query.includes('limit') ? '' : '&limit=1'}`
      const view = query.includes('stage=working') ? 'working' : 'live'
      const isSought = found === 'search' || sort === 'relevance'
      const way = isSought ? 'search' : by === 'publishedAt' || found === 'named' ? found : 'order'
      const first = way === 'order' || index === undefined ? orders[by][view] : index
      for (const asked of await walk(app, url))
        walks.push({ found: way, first: isSought ? byWord : first, asked, word })
    }
  }
  const plan = await planner(t, app)
  for (const { found, first, asked, word } of walks) {
    const { url, statements } = asked
    const [page, ...others] = statements.filter((sql) => /"word_count"|"card"/.test(sql))
    if (page === undefined || others.length > 0) throw new Error(`${url} has ${others.length} pages more than one`)
    // Words are looked for in what is asked beside the page as well: how many there are, and of which kinds.
    const gathers = (sql: string) => (sql === page ? found === 'search' : sql.includes('tsquery'))
    const planned = (sql: string) => plan(sql, word === undefined ? undefined : { word, gathers: gathers(sql) })
    // Of what nearly all texts have PostgreSQL finds the newest in a way that depends on how many there are: see bench/search.ts.
    const isOpen = (sql: string) => engine === 'postgres' && word === 'usual' && gathers(sql)
    if (!isOpen(page)) {
      const { indexes, sorts, text } = await planned(page)
      const few = found === 'merge' || found === 'named' || found === 'search'
      t.ok(few ? indexes.includes(first) : indexes[0] === first, `${url}: ${first} in ${text}`)
      t.notOk(few ? sorts.includes('many') : sorts.length > 0, `${url}: ${text}`)
    }
    const closed = statements.filter((sql) => !isOpen(sql))
    t.strictSame(grown(await Promise.all(closed.map(planned))), [], url)
  }
})

t.test('whatever else is read is found by an index, and no list is sorted out of all there is', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeStories(app)
  const urls: Record<string, string> = {
    '/v1/articles/story-1': 'key of addresses',
    '/v1/articles/story-1?stage=working': 'key of article_copies',
    '/v1/articles/story-1/related': 'article_tags_of_tag',
    '/v1/articles?count=exact&limit=1': 'public_copies_by_publication',
    '/v1/articles?tag=rail,strike&count=exact&limit=1': 'article_tags_of_tag',
    '/v1/articles?section=world&count=exact&limit=1': 'article_copies_of_section',
    '/v1/sources/antara/articles': 'article_sources_of_source',
    '/v1/suggest?q=ra': 'key of labels',
    '/v1/suggest?q=ra&stage=working&limit=2': 'key of article_copies',
    '/v1/tags?limit=1': 'tags_by_name',
    '/v1/tags?ids=rail&limit=1': 'key of uses',
    '/v1/sources?limit=1': 'sources_by_name',
    '/v1/sections?limit=1': 'key of sections',
    '/v1/schedule': 'next_copies_by_start',
    '/v1/schedule?section=world&event=publish,expire': 'public_copies_by_end',
    '/v1/articles/story-1/changes?limit=1': 'changes_by_thing',
    '/v1/articles/story-1/revisions?limit=1': 'key of revisions',
    '/v1/articles/export': 'key of article_copies',
  }
  const asked = []
  for (const [url, index] of Object.entries(urls)) {
    for (const one of await walk(app, url)) asked.push({ ...one, index })
  }
  const plan = await planner(t, app)
  for (const { url, index, statements } of asked) {
    const plans = await Promise.all(statements.map((sql) => plan(sql)))
    const met = plans.flatMap(({ indexes }) => indexes)
    t.ok(met.includes(index), `${url}: ${index} in ${met}`)
    t.strictSame(grown(plans), [], url)
  }
})
