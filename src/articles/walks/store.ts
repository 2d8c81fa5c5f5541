import { and, eq, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import type { Read } from '../../storage/store.ts'
import type { ListFilter } from '../names/store.ts'
import { isOfEntry } from '../search/entries/store.ts'
import { viewOf } from '../table.ts'

type Relation = Read['tables']['articleTags' | 'articleSources' | 'articleBylines']

/** What a list is walked by: where it starts, and in which order it comes upon its copies. */
export interface Walk {
  /** part of the name of a prepared query */
  name: string
  /** the relation that it goes through to the copies */
  through?: Relation
  /** or the tables in which a search finds them */
  found?: SQL
  /** what it keeps to one of these values: the index begins with it */
  column?: SQLWrapper
  values?: readonly string[]
  /** what it keeps to besides, and what that is asked with */
  only?: SQL | undefined
  inputs?: Record<string, unknown>
  /** the filter of which nothing is left to ask */
  serves?: keyof ListFilter
  /** the sort value and the id, where the walk comes upon them */
  at: SQLWrapper
  id: SQLWrapper
}

const sorts = { publishedAt: 'listedAt', updatedAt: 'updatedAt', title: 'title', id: 'articleId' } as const
export type SortName = keyof typeof sorts

export function sortOf({ sort = '-publishedAt' }: Pick<ListFilter, 'sort'>): { by: SortName; descending: boolean } {
  return { by: sort.replace('-', '') as SortName, descending: sort.startsWith('-') }
}

/**
 * How a list is found. By date it is walked by the index of one of its filters, the one that is likely to let the least
 * through; in another order by the index of that order, and so is what has no such filter. What is searched is found by its
 * words, and sorted, unless that is much. Whatever else is asked is asked
 * of each copy on the way: that may be many, but nothing is gathered to be sorted, except for a few that are named.
 */
export function walkOf(db: Read, filter: ListFilter, by: SortName): Walk {
  const { articleCopies: copies } = db.tables
  const { byRow } = db.dialect
  const start = { at: copies[sorts[by]], id: copies.articleId }
  // At most one hundred articles by name, and at most three copies with one id of another system: sorted when found.
  const sorted = { ...start, at: byRow(copies[sorts[by]]), id: byRow(copies.articleId) }
  if (filter.articles !== undefined || filter.externalId !== undefined) return { ...sorted, name: 'named' }
  if (filter.sought && !filter.isCommon) {
    const { search } = db.dialect
    const { searchEntries: entries } = db.tables
    const only = sql`${search.matches(sql.placeholder('sought'))} and ${entries.id} = ${search.id} and ${isOfEntry(db, filter.stage)}`
    return {
      ...sorted,
      ...{ name: 'search', found: sql`${search.from} cross join ${entries}`, only, serves: 'sought' },
      inputs: { sought: search.textOf(filter.sought.match) },
    }
  }
  return (by === 'publishedAt' && walkByFilter(db, filter)) || { ...start, name: 'all' }
}

/** The walk by the index of a filter, in the order of dates. */
function walkByFilter(db: Read, filter: ListFilter): Walk | undefined {
  const { articleCopies: copies, articleTags, articleSources, articleBylines } = db.tables
  const isOfView = (table: { stage: SQLWrapper }): SQL => sql`${viewOf(table)} = ${sql.raw(`'${filter.stage}'`)}`
  const ofCopies = (column: SQLWrapper) => ({
    ...{ column, only: isOfView(copies) },
    ...{ at: copies.listedAt, id: copies.articleId },
  })
  const ofRelation = (through: Relation, column: SQLWrapper, only?: SQL) => ({
    ...{ through, column },
    only: and(isOfView(through), eq(copies.articleId, through.articleId), eq(copies.stage, through.stage), only),
    ...{ at: through.listedAt, id: through.articleId },
  })
  /** A copy may have a source in several roles, or a name in several bylines: it is met at the first of them. */
  const isFirst = (table: typeof articleSources | typeof articleBylines, same: SQL): SQL =>
    sql`not exists (select 1 from ${table} earlier where earlier.article_id = ${table.articleId}
      and earlier.stage = ${table.stage} and earlier.position < ${table.position} and ${same})`

  const { byline, sources, sourceRole, tags, allTags, sections, genre, lang, breaking } = filter
  const { isOneOf } = db.dialect
  if (byline !== undefined) {
    const only = isFirst(articleBylines, sql`earlier.folded = ${articleBylines.folded}`)
    const walk = ofRelation(articleBylines, articleBylines.folded, only)
    return { ...walk, name: 'byline', serves: 'byline', values: [byline] }
  }
  if (sources !== undefined) {
    const inRole = (role: SQLWrapper) => sourceRole && isOneOf(role, sql.placeholder('sourceRole'))
    const same = and(sql`earlier.source_id = ${articleSources.sourceId}`, inRole(sql`earlier.role`)) as SQL
    const only = and(inRole(articleSources.role), isFirst(articleSources, same))
    const walk = ofRelation(articleSources, articleSources.sourceId, only)
    return { ...walk, name: `sources/${sourceRole !== undefined}`, serves: 'sources', values: sources }
  }
  if (tags !== undefined) {
    return { ...ofRelation(articleTags, articleTags.tagId), name: 'tags', serves: 'tags', values: tags }
  }
  if (allTags !== undefined) {
    return { ...ofRelation(articleTags, articleTags.tagId), name: 'allTags', values: allTags.slice(0, 1) }
  }
  if (breaking === true) {
    const only = and(sql`${copies.breaking}`, isOfView(copies))
    return { name: 'breaking', only, at: copies.listedAt, id: copies.articleId }
  }
  if (sections !== undefined) {
    return { ...ofCopies(copies.sectionId), name: 'sections', serves: 'sections', values: sections }
  }
  if (genre !== undefined) return { ...ofCopies(copies.genre), name: 'genre', serves: 'genre', values: unique(genre) }
  if (lang !== undefined) return { ...ofCopies(copies.lang), name: 'lang', serves: 'lang', values: unique(lang) }
  return undefined
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)]
}
