import fc from 'fast-check'
import { instant } from '../../../src/lib/clock.ts'
import { timeOf } from '../../../src/lib/ids.ts'
import { stem } from '../../../src/search/stems.ts'
import { wordsOf } from '../../../src/search/words.ts'
import type { TestApp } from '../../support/app.ts'
import { makeDraft, makeSection, makeSource, makeTag } from '../../support/factories.ts'
import { act, minute, patch } from '../acts.ts'
import { filler } from './find.ts'

/** A small newsroom whose stories have few words, and search as one would do it by reading all of them. */

const stopWords = ['the', 'dan', 'yang'] as const
const vocabulary = [
  ...['pertemuan', 'bertemu', 'temu', 'gempa', 'gempa-gempa', 'kereta', 'rusia', 'Rusia'],
  ...['election', 'elections', 'Élection', 'run', 'running', 'ferry', 'Ferries', 'elect'],
  ...['COVID-19', 'COVID19', 'C++', '19', '20/9/2023', 'U.S.', '東京', 'rail'],
  ...stopWords,
]

const tags = {
  rail: { name: 'Rail', synonyms: ['Kereta Api'] },
  strike: { name: 'Strike', synonyms: ['General elections', 'COVID-19'] },
  russia: { name: 'Russia', synonyms: ['Rusia'] },
  china: { name: 'China', synonyms: [] },
}
const sources = {
  antara: { name: 'Antara', aliases: ['Ferry News'] },
  cna: { name: 'CNA', aliases: [] },
  reuters: { name: 'Reuters', aliases: ['Gempa Bumi'] },
  informant: { name: 'Informant', aliases: ['Running C++'], visibility: 'editors' },
}

const text = (most: number, least = 0) =>
  fc.array(fc.constantFrom(...vocabulary), { minLength: least, maxLength: most }).map((words) => words.join(' '))
const maybe = (most: number) => fc.oneof(fc.constant(null), text(most, 1))
const story = fc.record({
  title: text(4, 1),
  kicker: maybe(2),
  deck: maybe(4),
  lang: fc.constantFrom('id', 'en', 'en-GB', 'fr'),
  pages: fc.array(
    fc.record({
      title: maybe(2),
      body: fc.tuple(fc.constantFrom('', '', filler), text(8, 1)).map(([before, words]) => `${before}${words}`),
    }),
    { minLength: 1, maxLength: 3 },
  ),
  bylines: fc.subarray([{ name: 'Joko Gempa' }, { name: 'Émile Zola' }, { name: 'Sari Ferry' }]),
  tags: fc.subarray(Object.keys(tags), { maxLength: 2 }),
  sources: fc.subarray(Object.keys(sources), { maxLength: 2 }).map((slugs) => slugs.map((source) => ({ source }))),
  section: fc.constantFrom('global', 'asia', 'east-asia', 'sport'),
  genre: fc.constantFrom('analysis', 'opinion', null),
  publishedAt: fc.constantFrom(null, null, '2026-11-20T00:00:00Z', '2016-11-21T00:00:00Z', '1961-01-01T12:00:00Z'),
})
const fates = ['draft', 'trashed', 'unpublished', 'changed', 'scheduled', 'replacing', 'begun', 'expired'] as const
const fate = fc.constantFrom(...fates, ...Array.from({ length: 8 }, () => 'public' as const))

// biome-ignore lint/suspicious/noExplicitAny: articles as they are answered
type Shown = any

export interface Corpus {
  live: Shown[]
  working: Shown[]
}

/** The same stories for every run; the clock has done to them what it will. */
export async function makeStories(app: TestApp, size: number): Promise<Corpus> {
  await makeSection(app, { name: 'Global' })
  await makeSection(app, { name: 'Asia', parent: 'global' })
  await makeSection(app, { name: 'East Asia', parent: 'asia' })
  await makeSection(app, { name: 'Sport' })
  for (const tag of Object.values(tags)) await makeTag(app, tag)
  for (const source of Object.values(sources)) await makeSource(app, source)
  const ids: string[] = []
  for (const [i, [body, planned, other]] of fc
    .sample(fc.tuple(story, fate, story), { seed: 3, numRuns: size })
    .entries()) {
    app.clock.advance(2_000)
    const expiresAt = planned === 'expired' ? instant(app.clock.now() + minute) : null
    let now = await makeDraft(
      app,
      { ...body, slug: `s${i}`, expiresAt, externalId: `cms:${i}` },
      i % 4 === 0 ? 'writer' : 'editor',
    )
    ids.push(now.id)
    const does = async (...args: [action: 'delete' | 'publish' | 'unpublish', body?: object]) => {
      const [action, more] = args
      const answer = await act(app, now, action, 'editor', more)
      if (answer.status !== 200) throw new Error(answer.text)
      now = answer.body
    }
    if (planned === 'draft') continue
    if (planned === 'trashed') await does('delete')
    else await does('publish', planned === 'scheduled' ? { at: '2027-01-01T00:00:00Z' } : undefined)
    if (planned === 'unpublished') await does('unpublish')
    if (!['changed', 'replacing', 'begun'].includes(planned)) continue
    const { sources: _same, ...rest } = other
    const edited = await patch(app, now, { ...rest, publishedAt: now.publishedAt })
    if (edited.status !== 200) throw new Error(edited.text)
    now = edited.body
    if (planned === 'replacing') await does('publish', { at: '2027-01-01T00:00:00Z' })
    if (planned === 'begun') await does('publish', { at: instant(app.clock.now() + minute) })
  }
  app.clock.advance(2 * minute)
  const corpus: Corpus = { live: [], working: [] }
  for (const id of ids) {
    const live = await app.call('GET', `/v1/articles/${id}?render=text`)
    if (live.status === 200) corpus.live.push(live.body)
    corpus.working.push((await app.call('GET', `/v1/articles/${id}?render=text&stage=working`, { as: 'editor' })).body)
  }
  return corpus
}

const places = ['title', 'deck', 'body', 'byline'] as const
type Place = (typeof places)[number]

export interface Atom {
  words: string[]
  how: 'as a word' | 'as a phrase' | 'joined'
  field: Place | 'tag' | 'source' | undefined
}

export interface Clause {
  any: Atom[]
  not: boolean
}

export interface Asked {
  clauses: Clause[]
  prefix: boolean
}

const words = fc.constantFrom(
  ...vocabulary.filter((word) => /^[a-z+É]+$/i.test(word)),
  ...['temu', 'gemp', 'bumi', 'zola', 'sari', 'china', 'api', 'news', 'informant', 'nothing', 'fer', 'reut'],
)
const places_ = fc.constantFrom<Atom['field']>(undefined, undefined, undefined, undefined, ...places, 'tag', 'source')
const atom: fc.Arbitrary<Atom> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ words: words.map((one) => [one]), how: fc.constant('as a word' as const), field: places_ }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      words: fc.oneof(
        fc.array(words, { minLength: 1, maxLength: 3 }),
        fc.constantFrom<string[]>(['kereta', 'api'], ['joko', 'gempa'], ['ferry', 'news']),
      ),
      how: fc.constant('as a phrase' as const),
      field: places_,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      words: fc.constantFrom<string[]>(
        ['COVID', '19'],
        ['gempa', 'gempa'],
        ['kereta', 'api'],
        ['elections', 'elections'],
        ['20', '9', '2023'],
      ),
      how: fc.constant('joined' as const),
      field: places_,
    }),
  },
)
const clause: fc.Arbitrary<Clause> = fc.oneof(
  { weight: 5, arbitrary: fc.array(atom, { minLength: 1, maxLength: 3 }).map((any) => ({ any, not: false })) },
  { weight: 1, arbitrary: atom.map((one) => ({ any: [one], not: true })) },
)
export const anyAsked: fc.Arbitrary<Asked> = fc.record({
  clauses: fc.array(clause, { minLength: 1, maxLength: 3 }),
  prefix: fc.constantFrom(false, false, true),
})

/** As a reader types it. */
export function typed({ clauses }: Asked): string {
  const of = ({ words, how, field }: Atom): string => {
    const text = how === 'as a phrase' ? `"${words.join(' ')}"` : words.join('-')
    return field === undefined ? text : `${field}:${text}`
  }
  return clauses.map(({ any, not }) => `${not ? '-' : ''}${any.map(of).join(' OR ')}`).join(' ')
}

const formsOf = (text: string): string[] => wordsOf(text).map(({ form }) => form)

/** The texts of an article by where they stand. */
function textsOf(article: Shown): Record<Place, string[]> {
  return {
    title: [article.title],
    deck: [article.kicker, article.deck].filter((one) => one !== null),
    body: article.pages.flatMap((page: Shown) => [page.title, page.text]).filter((one: string | null) => one !== null),
    byline: article.bylines.map(({ name }: Shown) => name),
  }
}

const languageOf = (article: Shown): 'id' | 'en' | undefined =>
  article.lang === 'id' ? 'id' : article.lang.startsWith('en') ? 'en' : undefined

/** Whether forms stand side by side in a text; the last of them as a beginning, when it is still being typed. */
function has(text: string, forms: readonly string[], prefix: boolean): boolean {
  const all = formsOf(text)
  const isThere = (form: string | undefined, i: number): boolean =>
    form === forms[i] || (prefix && i === forms.length - 1 && form?.startsWith(forms[i] ?? '') === true)
  return all.some((_, at) => forms.every((_, i) => isThere(all[at + i], i)))
}

/**
 * Whether a word of a text is another form of one that is asked: by the language of the text; and, whatever that is, a word
 * that is the stem of what is asked.
 */
function hasForm(article: Shown, place: Place, text: string, form: string): boolean {
  const language = languageOf(article)
  const isInflected = language !== undefined && place !== 'byline'
  return formsOf(text).some((word) => {
    const root = isInflected ? stem(word, language) : word
    const roots = [stem(form, 'id'), stem(form, 'en')]
    return roots.includes(word) || (isInflected && root === stem(form, language))
  })
}

function namesOf(article: Shown, kind: 'tag' | 'source'): string[] {
  const names = { tag: () => article.tags, source: () => article.sources.map(({ source }: Shown) => source) }[kind]()
  return names.flatMap(({ slug }: Shown) => {
    const one: { name: string; synonyms?: string[]; aliases?: string[] } =
      kind === 'tag' ? tags[slug as keyof typeof tags] : sources[slug as keyof typeof sources]
    return [one.name, ...(one.synonyms ?? []), ...(one.aliases ?? [])]
  })
}

function isFoundBy(article: Shown, { words, how, field }: Atom, prefix: boolean): boolean {
  const forms = words.flatMap(formsOf)
  const begins = prefix && how !== 'as a phrase' && (forms.at(-1)?.length ?? 0) > 1
  const isSame = how !== 'as a phrase' && forms.every((form) => form === forms[0])
  const [first = ''] = forms
  const texts = textsOf(article)
  const inTexts = places.some(
    (place) =>
      (field === undefined || field === place) &&
      texts[place].some(
        (text) =>
          has(text, forms, begins) ||
          (how !== 'as a phrase' && has(text, [forms.join('')], begins)) ||
          (how !== 'as a phrase' && forms.length === 1 && has(text, first.split(/(?<=\p{L})(?=\d+$)/u), begins)) ||
          (!begins && isSame && (has(text, [first], false) || hasForm(article, place, text, first))),
      ),
  )
  const byName = (['tag', 'source'] as const).some(
    (kind) =>
      (field === undefined || field === kind) && namesOf(article, kind).some((name) => has(name, forms, begins)),
  )
  return inTexts || byName
}

const isStop = ({ any }: Clause, { prefix, clauses }: Asked): boolean =>
  any.every((atom) => {
    const isTyped = prefix && atom === clauses.at(-1)?.any.at(-1)
    return (
      atom.how === 'as a word' && atom.field === undefined && !isTyped && stopWords.some((one) => one === atom.words[0])
    )
  })

/** What of these articles a query finds; undefined when it says only what is not wanted. */
export function findByHand(articles: readonly Shown[], asked: Asked): Shown[] | undefined {
  const { clauses, prefix } = asked
  if (clauses.every(({ not }) => not)) return undefined
  const telling = clauses.filter((one) => one.not || !isStop(one, asked))
  const looked = telling.some(({ not }) => !not) ? telling : clauses
  const last = clauses.at(-1)?.any.at(-1)
  return articles.filter((article) =>
    looked.every(({ any, not }) => any.some((one) => isFoundBy(article, one, prefix && one === last)) !== not),
  )
}

/** What a word is worth in an article, as the README tells it. */
function worthOf(article: Shown, word: string): number {
  const [form = ''] = formsOf(word)
  const { title, deck, body } = textsOf(article)
  // COVID19 is COVID-19.
  const spelled = [[form], form.split(/(?<=\p{L})(?=\d+$)/u)]
  const exact = (texts: string[]): boolean => texts.some((text) => spelled.some((forms) => has(text, forms, false)))
  const other = (place: Place, texts: string[]): boolean => texts.some((text) => hasForm(article, place, text, form))
  // Between two pages nothing stands side by side, and a gap is among the first forty.
  const all = body.flatMap((text, i) => [...(i > 0 ? [''] : []), ...formsOf(text)])
  const lead = all.slice(0, 40)
  const often = [...new Set(all)].filter(
    (one) => one !== '' && !lead.includes(one) && all.filter((same) => same === one).length >= 3,
  )
  const main = [...lead, ...often].filter((one) => one !== '')
  if (exact(title)) return 100
  if (other('title', title)) return 80
  if (exact(deck)) return 50
  if (other('deck', deck)) return 40
  const begins = (forms: string[]): boolean => lead.some((_, at) => forms.every((one, i) => lead[at + i] === one))
  if (often.includes(form) || spelled.some(begins)) return 30
  if (exact(body)) return 22
  if (main.some((one) => hasForm(article, 'body', one, form))) return 18
  return other('body', body) ? 14 : 8
}

/** The rank of an article for some words, and what decides between equals. */
export function rankByHand(articles: readonly Shown[], asked: readonly string[]): string[] {
  const whole = (one: number, other: number): number => Math.trunc(one / other)
  const scored = articles.map((article) => {
    const words = asked.length
    const worth = whole(
      asked.reduce((sum, word) => sum + worthOf(article, word), 0),
      words,
    )
    const inOrder = words > 1 && has(article.title, asked.flatMap(formsOf), false) ? 30 : 0
    const titled = asked.filter((word) => worthOf(article, word) >= 80).length
    const coverage = whole(20 * titled, Math.max(formsOf(article.title).length, words))
    // What was never published is of the moment that its id tells, which is the machine's.
    const at = article.publishedAt === null ? timeOf(article.id) : Date.parse(article.publishedAt)
    const second = Math.floor(at / 1_000)
    const recency = whole(second, 31_556_952)
    const id = second * 2 ** 15 + (Number.parseInt(article.id.slice(-4), 16) % 2 ** 15)
    return { slug: article.slug as string, score: worth + inOrder + coverage + recency, id }
  })
  return scored.sort((a, b) => b.score - a.score || b.id - a.id).map(({ slug }) => slug)
}

/** Words of which none is in the name of a tag or a source, for ranks. */
export const rankedWords = [
  'pertemuan',
  'bertemu',
  'temu',
  'gempa',
  'election',
  'run',
  'running',
  'elect',
  'covid19',
] as const
