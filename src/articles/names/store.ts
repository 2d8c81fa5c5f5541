import type { Sought } from '../../search/sought.ts'
import { and, eq, lte, type SQL, sql } from '../../storage/drizzle.ts'
import type { Read } from '../../storage/store.ts'
import type { ArticleQuery } from '../lists/schema.ts'
import { fold } from '../parts/store.ts'
import type { View } from '../vocabulary.ts'

/** What is asked of a list, by the names that the question has. */
export type ArticleFilter = Omit<
  ArticleQuery,
  'limit' | 'cursor' | 'count' | 'fields' | 'include' | 'render' | 'q' | 'prefix' | 'highlight' | 'facets'
> & {
  /** only articles that this key created */
  owner?: string | undefined
}

/** The ids behind the names of a filter: what decides which articles are on the list. An empty list lets nothing through. */
export interface Named {
  /** with those below them, if these were asked for */
  sections?: readonly string[]
  /** any of these */
  tags?: readonly string[]
  /** each of these; none, where one of the names leads to nothing */
  allTags?: readonly string[]
  /** none of these: it may be empty */
  noTags?: readonly string[]
  sources?: readonly string[]
  articles?: readonly string[]
  /** what a query looks for; null, when that is nothing */
  sought?: Sought | null
  /** … when it matches more than would be gathered and sorted */
  isCommon?: boolean
}

export type ListFilter = Omit<
  ArticleFilter,
  'section' | 'subsections' | 'tag' | 'tagAll' | 'tagNone' | 'source' | 'ids'
> &
  Named

/** The filter with ids for names, in one statement, if it has any names. To the public, only names that it may know lead to something. */
export async function resolveFilter(db: Read, filter: ArticleFilter): Promise<ListFilter> {
  const { section, subsections, tag, tagAll, tagNone, source, ids, byline, ...rest } = filter
  const tags = [...(tag ?? []), ...(tagAll ?? []), ...(tagNone ?? [])]
  const found = await findNamed(db, filter.stage, {
    section: section === undefined || !subsections ? undefined : section,
    onlySection: section === undefined || subsections ? undefined : section,
    tag: tags.length === 0 ? undefined : tags,
    source,
    article: ids,
  })
  const idsOf = (kinds: readonly Kind[], names: readonly string[]): string[] => [
    ...new Set(found.filter((one) => kinds.includes(one.kind) && names.includes(one.name)).map(({ id }) => id)),
  ]
  const known = new Set(found.filter(({ kind }) => kind === 'tag').map(({ name }) => name))
  return {
    ...rest,
    ...(section !== undefined && { sections: idsOf(['section', 'onlySection'], section) }),
    ...(tag !== undefined && { tags: idsOf(['tag'], tag) }),
    ...(tagAll !== undefined && { allTags: tagAll.every((name) => known.has(name)) ? idsOf(['tag'], tagAll) : [] }),
    ...(tagNone !== undefined && { noTags: idsOf(['tag'], tagNone) }),
    ...(source !== undefined && { sources: idsOf(['source'], source) }),
    ...(ids !== undefined && { articles: idsOf(['article'], ids) }),
    ...(byline !== undefined && { byline: fold(byline) }),
  }
}

/** Whether a name that leads to nothing keeps everything off the list. */
export function letsNothingThrough({ sections, tags, allTags, sources, articles, sought }: Named): boolean {
  return sought === null || [sections, tags, allTags, sources, articles].some((ids) => ids?.length === 0)
}

const kinds = ['section', 'onlySection', 'tag', 'source', 'article'] as const
type Kind = (typeof kinds)[number]

interface Found {
  kind: Kind
  name: string
  id: string
}

/** What names lead to; a section's name also to all that is below it, unless it is to be that section only. */
export async function findNamed(
  db: Read,
  view: View,
  names: { [K in Kind]?: readonly string[] | undefined },
): Promise<Found[]> {
  const { addresses, sections, sources } = db.tables
  const given = kinds.filter((kind) => names[kind] !== undefined)
  if (given.length === 0) return []
  const leads = (to: string, kind: Kind): SQL | undefined =>
    and(
      eq(addresses.kind, sql.raw(`'${to}'`)),
      db.dialect.isOneOf(addresses.address, sql.placeholder(kind)),
      view === 'live' ? lte(addresses.publicFrom, sql.placeholder('now')) : undefined,
    )
  const targets = (kind: Kind, to: string, more = sql``): SQL =>
    sql`select '${sql.raw(kind)}' as kind, ${addresses.address} as name, ${addresses.targetId} as id from ${addresses} ${more} where ${leads(to, kind)}`
  const open = sql`join ${sources} on ${sources.id} = ${addresses.targetId} and ${sources.visibility} = 'public'`
  const of: Record<Kind, () => SQL> = {
    // '0' is the character after '/', so this range is exactly the paths below one.
    section: () => sql`${targets('section', 'section')}
      union all select 'section', ${addresses.address}, below.id from ${addresses}
      join ${sections} top on top.id = ${addresses.targetId}
      join ${sections} below on below.path >= top.path || '/' and below.path < top.path || '0'
      where ${leads('section', 'section')}`,
    onlySection: () => targets('onlySection', 'section'),
    tag: () => targets('tag', 'tag'),
    source: () => targets('source', 'source', view === 'live' ? open : undefined),
    article: () => targets('article', 'article'),
  }
  const { kind, name, id } = { kind: sql<Kind>`kind`, name: sql<string>`name`, id: sql<string>`id` }
  return db.prepared(`articles.named:${view},${given}`, (q) =>
    q.select({ kind, name, id }).from(
      sql`(${sql.join(
        given.map((one) => of[one]()),
        sql` union all `,
      )}) named`,
    ),
  )({ ...Object.fromEntries(given.map((one) => [one, JSON.stringify(names[one])])), now: db.now })
}
