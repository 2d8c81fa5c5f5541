import { and, eq, gte, lt, ne, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import type { Read } from '../../storage/store.ts'
import type { ListFilter } from '../names/store.ts'
import { isOfEntry } from '../search/entries/store.ts'
import { isPublic, publicCopies } from '../store.ts'
import { isWorking } from '../table.ts'

/** One condition: what it adds to the name of the prepared query, its SQL, and the values of its placeholders. */
export interface Condition {
  name: string
  sql: () => SQL | undefined
  inputs: Record<string, unknown>
}

/**
 * What a copy must be to be on a list, as it is asked of one copy after the other: its own columns are compared where no
 * index is looked for, and what belongs to it is looked up by its key.
 * @param served the filter whose index the list is walked by
 */
export function conditionsOf(db: Read, filter: ListFilter, served: keyof ListFilter | undefined): Condition[] {
  const { articleCopies: copies, articles, articleTags, articleSources, articleBylines, sources } = db.tables
  const { searchEntries: entries } = db.tables
  const { stage } = filter
  const { isOneOf, byRow } = db.dialect
  const bound = (name: keyof ListFilter | 'now'): SQLWrapper => sql.placeholder(name)

  const conditions: Condition[] = [
    {
      name: `stage=${stage}`,
      sql: () => (stage === 'live' ? isPublic(db.tables) : and(isWorking(copies))),
      inputs: { now: db.now },
    },
  ]
  /** A condition that a given filter makes; its placeholder has the filter's name. */
  const add = (name: keyof ListFilter, condition: () => SQL | undefined, shape = ''): void => {
    const value = filter[name]
    if (value === undefined || name === served) return
    const inputs = { [name]: Array.isArray(value) ? JSON.stringify([...new Set(value)]) : value }
    conditions.push({ name: `${name}${shape}`, sql: condition, inputs })
  }
  const anyOf = (name: keyof ListFilter, column: SQLWrapper): void =>
    add(name, () => isOneOf(byRow(column), bound(name)))
  const flag = (name: 'breaking' | 'changed', condition: () => SQL): void =>
    add(name, () => (filter[name] ? condition() : sql`not ${condition()}`), `=${filter[name]}`)

  /** Something that belongs to the copy: a row of one of its relations. */
  const has = (
    table: typeof articleTags | typeof articleSources | typeof articleBylines,
    ...which: (SQL | undefined)[]
  ) =>
    sql`exists (select 1 from ${table} where ${and(eq(table.articleId, copies.articleId), eq(table.stage, copies.stage), ...which)})`
  const tagged = (name: keyof ListFilter): SQL => has(articleTags, isOneOf(byRow(articleTags.tagId), bound(name)))
  const taggedAll = (): SQL => sql`(select count(*) from ${articleTags}
    where ${eq(articleTags.articleId, copies.articleId)} and ${eq(articleTags.stage, copies.stage)}
    and ${isOneOf(byRow(articleTags.tagId), bound('allTags'))}) = ${db.dialect.listLength(bound('allTags'))}`
  const sourced = (): SQL =>
    has(
      articleSources,
      filter.sources && isOneOf(byRow(articleSources.sourceId), bound('sources')),
      filter.sourceRole && isOneOf(articleSources.role, bound('sourceRole')),
      // The names of confidential sources lead readers to nothing; but any source may have a role.
      stage === 'live' && filter.sources === undefined
        ? sql`${articleSources.sourceId} in (select ${sources.id} from ${sources} where ${sources.visibility} = 'public')`
        : undefined,
    )
  const isBreaking = (): SQL => {
    if (stage === 'working') return sql`${copies.breaking}`
    return sql`(${copies.breaking} and (${copies.breakingUntil} is null or ${copies.breakingUntil} > ${bound('now')}))`
  }

  if (stage === 'working') {
    const { state, ahead } = standingOf(db)
    if (filter.state === undefined) {
      conditions.push({ name: 'untrashed', sql: () => ne(articles.state, 'trashed'), inputs: {} })
    }
    add('state', () => isOneOf(state, bound('state')))
    add('owner', () => eq(articles.createdBy, bound('owner')))
    flag('changed', () => ahead)
  }
  const { sought } = filter
  if (sought && served !== 'sought') {
    const { search } = db.dialect
    conditions.push({
      name: 'sought',
      sql: () => sql`exists (select 1 from ${entries} cross join ${search.from}
        where ${isOfEntry(db, stage)} and ${search.id} = ${entries.id} and ${search.matches(sql.placeholder('sought'))})`,
      inputs: { sought: search.textOf(sought.match) },
    })
  }
  anyOf('sections', copies.sectionId)
  add('tags', () => tagged('tags'))
  add('allTags', taggedAll)
  add('noTags', () => sql`not ${tagged('noTags')}`)
  add('sources', sourced, `/${filter.sourceRole !== undefined}`)
  // With a source, its condition asks for the role as well: both of the same use.
  if (filter.sources === undefined) add('sourceRole', sourced)
  else add('sourceRole', () => undefined)
  add('byline', () => has(articleBylines, eq(byRow(articleBylines.folded), bound('byline'))))
  anyOf('lang', copies.lang)
  anyOf('genre', copies.genre)
  flag('breaking', isBreaking)
  // These two have indexes that the walk is to take.
  add('articles', () => isOneOf(copies.articleId, bound('articles')))
  add('externalId', () => eq(copies.externalId, bound('externalId')))
  add('publishedAfter', () => gte(copies.publishedAt, bound('publishedAfter')))
  add('publishedBefore', () => lt(copies.publishedAt, bound('publishedBefore')))
  add('updatedAfter', () => gte(byRow(copies.updatedAt), bound('updatedAfter')))
  return conditions
}

/** What `standing` says of one article: the state that it is in, and whether its working copy is ahead of what was released. */
function standingOf(db: Read) {
  const { articleCopies: copies, articles } = db.tables
  const { live, next } = publicCopies(db)
  const now = sql.placeholder('now')
  const released = sql`case
    when ${next.shownFrom} <= ${now} then case when ${next.shownUntil} <= ${now} then null else ${next.version} end
    when ${live.shownUntil} <= ${now} then ${next.version}
    else coalesce(${next.version}, ${live.version}) end`
  const state = sql`case
    when ${next.shownFrom} <= ${now} then case when ${next.shownUntil} <= ${now} then 'draft' else 'published' end
    when ${live.shownUntil} <= ${now} then case when ${next.shownFrom} is null then 'draft' else 'scheduled' end
    else ${articles.state} end`
  return { state, ahead: sql`coalesce(${released} <> ${copies.version}, false)` }
}
