import { createBreath } from '../../lib/breath.ts'
import { createHighlighter, type Marked, mostCharacters, toHtml } from '../../search/highlight.ts'
import type { Sought } from '../../search/sought.ts'
import type { Read } from '../../storage/store.ts'
import { type ListFilter, letsNothingThrough } from '../names/store.ts'
import { beginningsOf } from '../parts/store.ts'
import type { CopyRow } from '../store.ts'
import { countFacets } from './facets/store.ts'
import { guess } from './guessing.ts'
import { isMoreThanRanked } from './matches/store.ts'
import type { FacetName, Highlights, SearchInfo } from './schema.ts'

export interface Searched {
  q: string
  facets: readonly FacetName[] | undefined
  /** whether more were found than are ranked */
  isCut: boolean
  /** whether nothing at all was found, on whichever page */
  isEmpty: boolean
}

/** What there is to say of a search beside its articles. */
export async function aboutSearch(
  db: Read,
  filter: ListFilter,
  asked: Sought | null,
  { q, facets, isCut, isEmpty }: Searched,
): Promise<SearchInfo> {
  // Where a name of the filter leads to nothing, there is nothing to be counted or guessed.
  const sought = letsNothingThrough(filter) ? null : asked
  // Of tags and sources every search knows the names.
  if (facets?.includes('section')) db.sight?.saw(['sections'])
  const rows = facets === undefined || sought === null ? [] : await countFacets(db, filter, sought, facets)
  const valuesOf = (facet: FacetName) =>
    rows.filter((row) => row.facet === facet).map(({ value, name, n }) => ({ value, name, count: n }))
  return {
    complete: !(isCut || (facets !== undefined && sought !== null && (await isMoreThanRanked(db, filter, sought)))),
    didYouMean: isEmpty && sought !== null ? await guess(db, q, filter) : null,
    ...(facets !== undefined && { facets: Object.fromEntries(facets.map((facet) => [facet, valuesOf(facet)])) }),
  }
}

/** What was found in each of these copies, marked. */
export async function highlight(
  db: Read,
  rows: readonly CopyRow[],
  { clauses }: Sought,
  form: 'true' | 'offsets',
): Promise<Highlights[]> {
  const [first] = rows
  if (first === undefined) return []
  const view = first.copy.stage === 'working' ? 'working' : 'live'
  const ids = JSON.stringify(rows.map(({ copy }) => copy.articleId))
  const pages = await beginningsOf(db, view, ids, mostCharacters)
  const bodies = Map.groupBy(pages, ({ articleId, stage }) => `${articleId} ${stage}`)
  const mark = createHighlighter(clauses)
  const show = form === 'true' ? toHtml : withOffsets
  const breathe = createBreath()
  const marked: Highlights[] = []
  for (const { copy } of rows) {
    const { lang, title, deck, articleId, stage } = copy
    const texts = bodies.get(`${articleId} ${stage}`) ?? []
    const found = mark({ lang, title, deck, bodies: texts.map(({ text }) => text) })
    marked.push({
      title: show(found.title),
      deck: found.deck === null ? null : show(found.deck),
      body: found.body.map(({ page, ...passage }) => {
        const shown = show(passage)
        return typeof shown === 'string' ? { page, html: shown } : { page, ...shown }
      }),
    })
    await breathe()
  }
  return marked
}

function withOffsets({ text, marks }: Marked) {
  return { text, marks: marks.map(([start, end]) => [start, end]) }
}
