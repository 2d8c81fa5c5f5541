import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { instant } from '../../src/lib/clock.ts'
import type { TestApp } from '../support/app.ts'
import { makeDraft, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { act, minute, patch, readWorking } from './acts.ts'

/** A small newsroom with a bit of everything, and lists as one would make them by hand from what it holds. */

const sections = ['global', 'asia', 'east-asia', 'sport'] as const
const tags = ['rail', 'strike', 'russia', 'china'] as const
const sources = ['antara', 'cna', 'reuters', 'informant'] as const
const roles = ['origin', 'cited', 'photo'] as const
const people = ['Joko Susilo', 'Sari Utami', 'Émile Zola', 'ÅSA Berg'] as const
const langs = ['id', 'en', 'en-GB'] as const
const genres = ['analysis', 'opinion', 'current'] as const

// biome-ignore lint/suspicious/noExplicitAny: articles as they are answered
type Shown = any

export interface Corpus {
  live: Shown[]
  working: Shown[]
}

const story = fc.record({
  title: fc.constantFrom('Rail', 'rail', 'Übung', 'Zebra', 'Zug 2', 'Ærø', '日本', 'Same', 'Same'),
  section: fc.constantFrom(...sections),
  tags: fc.subarray([...tags]),
  sources: fc.array(fc.record({ source: fc.constantFrom(...sources), role: fc.constantFrom(...roles) }), {
    maxLength: 3,
  }),
  bylines: fc.subarray(people.map((name) => ({ name }))),
  lang: fc.constantFrom(...langs),
  genre: fc.constantFrom(...genres, null),
  breaking: fc.boolean(),
  breakingUntil: fc.constantFrom(null, '2026-11-22T09:10:00.000Z', '2030-01-01T00:00:00.000Z'),
  publishedAt: fc.constantFrom(
    null,
    '2026-11-20T00:00:00.000Z',
    '2026-11-21T00:00:00.000Z',
    '2001-01-01T00:00:00.000Z',
  ),
})
const fates = ['draft', 'trashed', 'unpublished', 'changed', 'scheduled', 'replacing', 'begun', 'expired'] as const
const life = fc.constantFrom(...fates, ...Array.from({ length: 8 }, () => 'public' as const))

/** What the clock has done to some, or will do. */
const byClock: readonly string[] = ['scheduled', 'replacing', 'begun', 'expired']

/** The same for every run: what fails today fails tomorrow. Without a clock, what it would do to some has been done at once. */
export async function makeCorpus(
  app: TestApp,
  size: number,
  clock: 'by the clock' | 'at once' = 'at once',
): Promise<Corpus> {
  await makeSection(app, { name: 'Global' })
  await makeSection(app, { name: 'Asia', parent: 'global' })
  await makeSection(app, { name: 'East Asia', parent: 'asia' })
  await makeSection(app, { name: 'Sport' })
  for (const name of tags) await makeTag(app, { name })
  for (const name of sources) await makeSource(app, { name, visibility: name === 'informant' ? 'editors' : 'public' })
  const corpus: Corpus = { live: [], working: [] }
  const made: Shown[] = []
  const plans = fc.sample(fc.tuple(story, life), { seed: 1, numRuns: size })
  for (const [i, [body, planned]] of plans.entries()) {
    const fate = clock === 'at once' && byClock.includes(planned) ? 'public' : planned
    if (i % 3 === 0) app.clock.advance(minute)
    let { body: now } = {
      body: await makeDraft(app, { ...body, externalId: `cms:${i}` }, i % 4 === 0 ? 'writer' : 'editor'),
    }
    const does = async (action: Parameters<typeof act>[2]) => {
      ;({ body: now } = await act(app, now, action))
    }
    if (fate === 'trashed') await does('delete')
    else if (fate === 'scheduled') {
      ;({ body: now } = await act(app, now, 'publish', 'editor', { at: '2027-01-01T00:00:00Z' }))
    } else if (fate !== 'draft') {
      const over = { expiresAt: instant(app.clock.now() + minute) }
      if (fate === 'expired') ({ body: now } = await patch(app, now, over))
      await does('publish')
    }
    if (fate === 'unpublished') await does('unpublish')
    if (fate === 'changed')
      ({ body: now } = await patch(app, now, { title: 'Ahead', tags: ['china'], section: 'sport' }))
    const publishAt = async (at: string) => {
      ;({ body: now } = await act(app, now, 'publish', 'editor', { at }))
    }
    if (fate === 'replacing') {
      ;({ body: now } = await patch(app, now, {
        title: 'Later',
        tags: ['rail', 'russia'],
        section: 'asia',
        lang: 'id',
      }))
      await publishAt('2027-01-01T00:00:00Z')
    }
    // It has begun by the time that anybody reads, and nobody has written that down.
    if (fate === 'begun') {
      const date = { publishedAt: '2026-11-21T00:00:00.000Z' }
      ;({ body: now } = await patch(app, now, { ...date, title: 'Begun', tags: ['strike'], section: 'east-asia' }))
      await publishAt(instant(app.clock.now() + minute))
    }
    made.push(now)
  }
  if (clock === 'by the clock') app.clock.advance(2 * minute)
  // Read when all is made: what is breaking depends on the moment.
  for (const it of made) {
    corpus.working.push((await readWorking(app, it)).body)
    const { status, body } = await app.call('GET', `/v1/articles/${it.id}`)
    if (status === 200) corpus.live.push(body)
  }
  return corpus
}

/** A text as somebody reads it who does not look at case and accents. */
const plain = (text: string): string =>
  text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replaceAll('æ', 'ae').replaceAll('ø', 'o')
const says = (text: string, words: string): boolean => ` ${plain(text)} `.includes(` ${words} `)
const titled = (it: Shown, words: string): boolean => says(it.title, words)
const signed = (it: Shown, words: string): boolean => it.bylines.some(({ name }: Shown) => says(name, words))
const tagged = (it: Shown, words: string): boolean => it.tags.some(({ name }: Shown) => says(name, words))
const rests = (it: Shown, words: string): boolean => it.sources.some(({ source }: Shown) => says(source.name, words))
const has = (it: Shown, words: string): boolean => [titled, signed, tagged, rests].some((where) => where(it, words))

/** What somebody searches, and what they mean by it. All say in their text that the trains run again, and no word has other forms. */
const searches: Record<string, (it: Shown) => boolean> = {
  rail: (it) => has(it, 'rail'),
  RAÍL: (it) => has(it, 'rail'),
  'rail strike': (it) => has(it, 'rail') && has(it, 'strike'),
  'rail -strike': (it) => has(it, 'rail') && !has(it, 'strike'),
  'zebra OR russia OR nothing': (it) => has(it, 'zebra') || has(it, 'russia'),
  'title:rail': (it) => titled(it, 'rail'),
  'tag:rail -title:rail': (it) => tagged(it, 'rail') && !titled(it, 'rail'),
  'tag:rail OR source:cna': (it) => tagged(it, 'rail') || rests(it, 'cna'),
  'source:antara': (it) => rests(it, 'antara'),
  'source:informant': (it) => rests(it, 'informant'),
  informant: (it) => has(it, 'informant'),
  '-informant again': (it) => !has(it, 'informant'),
  'byline:emile': (it) => signed(it, 'emile'),
  '"joko susilo"': (it) => signed(it, 'joko susilo'),
  '"susilo joko"': () => false,
  'åsa ubung': (it) => has(it, 'asa') && has(it, 'ubung'),
  ærø: (it) => titled(it, 'aero'),
  'zug-2': (it) => titled(it, 'zug 2'),
  日本: (it) => titled(it, '日本'),
  'ahead OR later OR begun': (it) => ['ahead', 'later', 'begun'].some((word) => titled(it, word)),
  'again the trains': () => true,
  'body:trains -same': (it) => !has(it, 'same'),
  'deck:trains': () => false,
  nothing: () => false,
  '!?': () => false,
}

/** A list's query: many values of one name are parted by commas. */
export type Query = Partial<Record<keyof typeof filters | 'sort', string[]>>

const some = <T extends string>(values: readonly T[]) => fc.subarray([...values], { minLength: 1, maxLength: 3 })
const instants = fc.constantFrom('2026-11-21T00:00:00.000Z', '2026-11-22T09:05:00.000Z', '2002-01-01T00:00:00.000Z')
export const sorts = ['-publishedAt', 'publishedAt', '-updatedAt', 'updatedAt', 'title', '-title'] as const

const one = <T extends string>(values: readonly T[]) => fc.constantFrom(...values).map((value) => [value])
const filters = {
  section: some([...sections, 'global/asia', 'nowhere']),
  subsections: one(['true', 'false']),
  tag: some([...tags, 'nothing']),
  tagAll: some(tags),
  tagNone: some([...tags, 'nothing']),
  source: some([...sources, 'nobody']),
  sourceRole: some(roles),
  byline: one(['joko susilo', 'ÉMILE ZOLA', 'åsa berg', 'nobody']),
  lang: some(langs),
  genre: some(genres),
  breaking: one(['true', 'false']),
  externalId: one(['cms:1', 'cms:5', 'cms:9', 'cms:x']),
  publishedAfter: instants.map((instant) => [instant]),
  publishedBefore: instants.map((instant) => [instant]),
  updatedAfter: instants.map((instant) => [instant]),
  q: one(Object.keys(searches)),
}

/** Any few filters at once, with what exists and what does not. What is searched is put in an order that one can see. */
export const anyQuery: fc.Arbitrary<Query> = fc
  .tuple(
    fc.record({ ...filters, sort: one(sorts) }),
    fc.subarray([...(Object.keys(filters) as (keyof typeof filters)[]), 'sort' as const], { maxLength: 4 }),
  )
  .map(([all, names]) => Object.fromEntries(names.map((name) => [name, all[name]])))
  .map((query) => (query.q === undefined ? query : { sort: ['-publishedAt'], ...query }))

const facets = ['section', 'tag', 'source', 'lang', 'year'] as const

/** Any search, with all that can be asked about one: mostly in the order of its rank. Words are added to those that are in the corpus. */
export const anySearch = (words: readonly string[]): fc.Arbitrary<string> =>
  fc
    .record({
      query: anyQuery,
      q: fc.constantFrom(...Object.keys(searches), ...words, ...words),
      sort: fc.constantFrom(undefined, undefined, undefined, 'relevance', ...sorts),
      prefix: fc.constantFrom(undefined, 'true', 'false'),
      highlight: fc.constantFrom(undefined, 'true', 'offsets', 'false'),
      facets: fc.option(
        fc.subarray([...facets], { minLength: 1 }).map((names) => names.join()),
        { nil: undefined },
      ),
      count: fc.constantFrom(undefined, undefined, 'exact'),
      limit: fc.constantFrom(undefined, '1', '3', '100'),
    })
    .map(({ query, ...more }) => {
      const { sort: _, ...filters } = query
      const given = Object.entries({ ...filters, ...more }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, String(value)] as [string, string]],
      )
      return String(new URLSearchParams(given))
    })

/** The list by hand: what of these articles a query lets through, in its order. */
export function listByHand(articles: readonly Shown[], query: Query): string[] {
  const [sort = '-publishedAt'] = query.sort ?? []
  const by = sort.replace('-', '')
  const key = (it: Shown): Buffer => Buffer.from(`${it[by] ?? '9999'}`)
  const order = (a: Shown, b: Shown): number => Buffer.compare(key(a), key(b)) || (a.id < b.id ? -1 : 1)
  const found = articles.filter((it) =>
    Object.entries(query).every(([name, values]) => passes(it, name, values ?? [], query)),
  )
  found.sort(order)
  if (sort.startsWith('-')) found.reverse()
  return found.map(({ id }) => id)
}

function passes(it: Shown, name: string, values: string[], query: Query): boolean {
  const [value = ''] = values
  const has = (list: Shown[], of: (one: Shown) => string): boolean => list.some((one) => values.includes(of(one)))
  const tagSlugs: string[] = it.tags.map(({ slug }: Shown) => slug)
  switch (name) {
    case 'section': {
      const own = [it.section?.slug, it.section?.path]
      const above = query.subsections?.[0] === 'false' ? [] : (it.section?.path.split('/') ?? [])
      const paths = above.map((_: string, i: number) => above.slice(0, i + 1).join('/'))
      return [...own, ...above, ...paths].some((one) => values.includes(one))
    }
    case 'tag':
      return tagSlugs.some((slug) => values.includes(slug))
    case 'tagAll':
      return values.every((slug) => tagSlugs.includes(slug))
    case 'tagNone':
      return !tagSlugs.some((slug) => values.includes(slug))
    case 'source': {
      const used = it.sources.filter(({ source }: Shown) => values.includes(source.slug))
      const wanted = query.sourceRole
      return used.some(({ role }: Shown) => wanted === undefined || wanted.includes(role))
    }
    case 'sourceRole':
      return has(it.sources, ({ role }) => role)
    case 'byline':
      return it.bylines.some((one: Shown) => one.name.toLowerCase() === value.toLowerCase())
    case 'breaking':
      return String(it.breaking) === value
    case 'q':
      return searches[value]?.(it) ?? false
    case 'publishedAfter':
      return it.publishedAt !== null && it.publishedAt >= value
    case 'publishedBefore':
      return it.publishedAt !== null && it.publishedAt < value
    case 'updatedAfter':
      return it.updatedAt >= value
    case 'lang':
    case 'genre':
    case 'externalId':
      return values.includes(it[name])
    default:
      return true
  }
}
