import { listIds } from '../../addresses/addresses.ts'
import { raise } from '../../errors.ts'
import { findLabelled } from '../../labels/labels.ts'
import { instant } from '../../lib/clock.ts'
import type { Fault } from '../../lib/faults.ts'
import { idWord, searchVersion } from '../../search/analysis.ts'
import type { Expression } from '../../search/expression.ts'
import { type Atom, type Clause, countTerms, mostTerms, parseQuery, phraseOf } from '../../search/query.ts'
import { type Labelled, labelOf, type Sought, seek } from '../../search/sought.ts'
import { wordsOf } from '../../search/words.ts'
import type { Read } from '../../storage/store.ts'
import type { ArticleQuery } from '../lists/schema.ts'
import type { ListFilter } from '../names/store.ts'
import type { View } from '../vocabulary.ts'
import { findState } from './state/store.ts'

/** What makes sense beside a query alone. */
const needsQuery = ['prefix', 'highlight', 'facets'] as const

/** What is wrong with the parts of a search. */
export function faultsOfSearch(query: Pick<ArticleQuery, 'q' | 'sort' | (typeof needsQuery)[number]>): Fault[] {
  if (query.q !== undefined) return query.q.trim() === '' ? [] : faultsOfClauses(parseQuery(query.q))
  const alone: string[] = needsQuery.filter((name) => query[name] !== undefined)
  if (query.sort === 'relevance') alone.push('sort')
  return alone.map((parameter) => ({
    parameter,
    code: 'needs_q',
    message: 'is of use beside q alone: add q, or leave it out',
  }))
}

function faultsOfClauses(clauses: readonly Clause[]): Fault[] {
  const terms = countTerms(clauses)
  if (terms > mostTerms) {
    return [{ parameter: 'q', code: 'too_many_words', message: `may have ${mostTerms} words, and has ${terms}` }]
  }
  if (clauses.length > 0 && clauses.every(({ not }) => not)) {
    return [{ parameter: 'q', code: 'only_excludes', message: 'says only what is not wanted: add a word that is' }]
  }
  return []
}

/**
 * @param version of what is indexed
 * @throws Problem search_rebuilding, unless all is indexed in the words of this program
 */
export function expectIndexed(version: number): void {
  if (version === searchVersion) return
  raise('search_rebuilding', {
    detail: 'What is found is being indexed anew. Lists without q are answered.',
    // An index of a hundred thousand articles takes some minutes.
    headers: { 'retry-after': '30' },
  })
}

/** Six times as long as others may keep an answer that does not end. */
const longestKeptMs = 60_000

/** What an index that was damaged has answered is kept no longer, once it was made anew. */
export function endsSoon(db: Read): void {
  db.sight?.ends(instant(Date.parse(db.now) + longestKeptMs))
}

/**
 * What a query looks for, with the tags and sources that are called so; null when there is no word in it.
 * @throws Problem search_rebuilding
 */
export async function seekFor(db: Read, q: string, prefix: boolean, view: View): Promise<Sought | null> {
  expectIndexed((await findState(db)).version)
  endsSoon(db)
  const clauses = parseQuery(q, prefix)
  const atoms = clauses.flatMap(({ any }) => any)
  const named = await findLabelled(
    db,
    atoms.map((atom) => ({ text: labelOf(atom), prefix: atom.prefix })),
    view,
  )
  const labelled = (atom: Atom): Labelled => named[atoms.indexOf(atom)] ?? { tags: [], sources: [] }
  return seek(clauses, labelled, phraseOf(q, prefix)) ?? null
}

/** Ids by which a search is narrowed: more would take longer to read than they save. */
const mostIds = 50

/**
 * What a query looks for among what has these sections, tags, sources, languages, genres and bylines, so that a common word
 * is not passed through for a few of its matches. The filter itself still decides: the index may name what was merged away
 * since.
 */
export async function narrow(db: Read, sought: Sought, filter: ListFilter): Promise<Sought> {
  const among = await findIdsOf(db, filter)
  return { ...sought, match: within(sought.match, among), inTitle: within(sought.inTitle, among) }
}

/** What an expression finds of what has all of these. */
export function within(expression: Expression, among: readonly Expression[]): Expression {
  return among.length === 0 ? expression : { all: [expression, ...among] }
}

/** What the index knows of a filter: for each part of it the ids, and the byline, of which a text must have one. */
export async function findIdsOf(db: Read, filter: ListFilter): Promise<Expression[]> {
  const { sections, tags, allTags = [], sources, lang, genre, byline } = filter
  const groups: ['section' | 'tag' | 'source', readonly string[] | undefined][] = [
    ['section', sections],
    ['tag', tags],
    ['source', sources],
    ...allTags.map((tag): ['tag', string[]] => ['tag', [tag]]),
  ]
  const among: Expression[] = []
  const add = (words: readonly string[]): void => {
    if (words.length > 0 && words.length <= mostIds) among.push({ any: words.map((word) => ({ word })) })
  }
  for (const [kind, targets = []] of groups) {
    const ids = targets.length === 0 || targets.length > mostIds ? [] : await listIds(db, kind, targets)
    add(ids.map((id) => idWord(kind, id)))
  }
  add(lang?.map((tag) => idWord('lang', tag)) ?? [])
  add(genre?.map((word) => idWord('genre', word)) ?? [])
  const name = wordsOf(byline ?? '').map(({ form }) => form)
  if (name.length > 0) among.push({ phrase: name, place: 'byline' })
  return among
}
