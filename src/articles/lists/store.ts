import type { AddressKind } from '../../addresses/addresses.ts'
import { and, count, desc, eq, gte, lt, lte, ne, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import { keyset, type Paged, pageOf, type Window } from '../../storage/keyset.ts'
import type { Read } from '../../storage/store.ts'
import { fold } from '../parts/store.ts'
import { type CopyRow, copyColumns, isPublic } from '../store.ts'
import type { ArticleQuery } from './schema.ts'

export type ArticleFilter = Omit<ArticleQuery, 'limit' | 'cursor' | 'count' | 'fields' | 'include' | 'render'> & {
  /** only articles that this key created */
  owner?: string | undefined
}

/** One condition: what it adds to the name of the prepared query, its SQL, and the value of its placeholder. */
interface Condition {
  name: string
  sql: () => SQL | undefined
  value?: unknown
}

/** A date for what was never published, so that it stands before everything that has one. */
const unpublished = '9999'

/**
 * A page of copies in one statement, whatever the filters; their shapes decide the SQL, their values are bound.
 * With `count` one statement more.
 */
export async function listCopies(db: Read, filter: ArticleFilter, window: Window): Promise<Paged<CopyRow>> {
  const { articleCopies: copies, articles, sections } = db.tables
  const by = filter.sort.replace('-', '') as keyof typeof sorts
  const sorts = {
    publishedAt: {
      sql: sql`coalesce(${copies.publishedAt}, ${sql.raw(`'${unpublished}'`)})`,
      of: (row: CopyRow) => row.copy.publishedAt ?? unpublished,
    },
    updatedAt: { sql: copies.updatedAt, of: (row: CopyRow) => row.copy.updatedAt },
    title: { sql: copies.title, of: (row: CopyRow) => row.copy.title },
  }
  const page = keyset(sorts[by].sql, copies.articleId, filter.sort.startsWith('-'), window)
  const conditions = conditionsOf(db, filter)
  const where = (): SQL | undefined => and(...conditions.map((condition) => condition.sql()))
  const inputs: Record<string, unknown> = { ...page.inputs, now: db.now }
  for (const { name, value } of conditions) inputs[name.replace(/\W.*/, '')] = value
  const shape = conditions.map(({ name }) => name).join(',')
  const rows = await db.prepared(`articles.list:${shape};${by};${page.shape}`, (q) =>
    q
      .select(copyColumns(db))
      .from(copies)
      .innerJoin(articles, eq(articles.id, copies.articleId))
      .leftJoin(sections, eq(sections.id, copies.sectionId))
      .where(and(where(), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit),
  )(inputs)
  const found = pageOf(rows, window, (row) => ({ value: sorts[by].of(row), id: row.copy.articleId }))
  if (window.count === undefined) return found
  const [total] = await db.prepared(`articles.count:${shape}`, (q) =>
    q.select({ n: count() }).from(copies).innerJoin(articles, eq(articles.id, copies.articleId)).where(where()),
  )(inputs)
  return { ...found, total: total?.n ?? 0 }
}

/**
 * Public articles near to one: those with most of its tags first, then most of its sources, then its section, then the
 * newest.
 */
export function listRelated(db: Read, id: string, limit: number): Promise<CopyRow[]> {
  const { articleCopies: copies, articles, sections, articleTags, articleSources, sources } = db.tables
  return db.prepared('articles.related', (q) => {
    const it = sql.placeholder('id')
    const shared = (table: SQLWrapper, column: string, only: SQL) => sql<number>`(
      select count(distinct o.${sql.raw(column)}) from ${table} o join ${table} mine on mine.${sql.raw(column)} = o.${sql.raw(column)}
      where mine.article_id = ${it} and mine.stage = 'live' and o.stage = 'live' and o.article_id = ${copies.articleId} ${only})`
    const open = sql`and o.source_id in (select id from ${sources} where visibility = 'public')`
    const tagged = shared(articleTags, 'tag_id', sql``)
    const sourced = shared(articleSources, 'source_id', open)
    const sameSection = sql<number>`coalesce(${copies.sectionId} = (select c.section_id from ${copies} c where c.article_id = ${it} and c.stage = 'live'), false)`
    // An article has at most 50 sources: all of them and the section weigh less than one tag.
    const nearness = sql`${tagged} * 128 + ${sourced} * 2 + (case when ${sameSection} then 1 else 0 end)`
    return q
      .select(copyColumns(db))
      .from(copies)
      .innerJoin(articles, eq(articles.id, copies.articleId))
      .leftJoin(sections, eq(sections.id, copies.sectionId))
      .where(and(isPublic(db.tables), ne(copies.articleId, it), sql`${nearness} > 0`))
      .orderBy(desc(nearness), desc(copies.publishedAt), desc(copies.articleId))
      .limit(sql.placeholder('limit'))
  })({ id, limit, now: db.now })
}

function conditionsOf(db: Read, filter: ArticleFilter): Condition[] {
  const {
    articleCopies: copies,
    articles,
    sections,
    articleTags,
    articleSources,
    articleBylines,
    sources,
    addresses,
  } = db.tables
  const { stage } = filter
  const { dialect } = db
  const bound = (name: string): SQLWrapper => sql.placeholder(name)
  const list = (values: readonly unknown[]): string => JSON.stringify([...new Set(values)])

  /** The ids behind a list of names; to the public, only names that it may know. */
  const named = (kind: AddressKind, name: string): SQL => {
    const of = db
      .select({ id: addresses.targetId })
      .from(addresses)
      .where(
        and(
          eq(addresses.kind, kind),
          dialect.isOneOf(addresses.address, bound(name)),
          stage === 'live' ? lte(addresses.publicFrom, bound('now')) : undefined,
        ),
      )
    return sql`${of}`
  }
  const tagged = (name: string): SQL => {
    const of = db
      .select({ id: articleTags.articleId })
      .from(articleTags)
      .where(and(eq(articleTags.stage, stage), sql`${articleTags.tagId} in ${named('tag', name)}`))
    return sql`${of}`
  }
  const taggedAll = (name: string): SQL => {
    const of = db
      .select({ id: articleTags.articleId })
      .from(articleTags)
      .innerJoin(addresses, and(eq(addresses.kind, 'tag'), eq(addresses.targetId, articleTags.tagId)))
      .where(and(eq(articleTags.stage, stage), dialect.isOneOf(addresses.address, bound(name))))
      .groupBy(articleTags.articleId)
      .having(sql`count(distinct ${addresses.address}) = ${dialect.listLength(bound(name))}`)
    return sql`${of}`
  }
  const inSection = (name: string): SQL => {
    if (!filter.subsections) return sql`${copies.sectionId} in ${named('section', name)}`
    // '0' is the character after '/', so this range is exactly the paths below one.
    return sql`${copies.sectionId} in (
      select below.id from ${sections} below join ${sections} top
      on below.id = top.id or (below.path >= top.path || '/' and below.path < top.path || '0')
      where top.id in ${named('section', name)})`
  }
  const sourced = (): SQL => {
    const of = db
      .select({ id: articleSources.articleId })
      .from(articleSources)
      .innerJoin(sources, eq(sources.id, articleSources.sourceId))
      .where(
        and(
          eq(articleSources.stage, stage),
          stage === 'live' ? eq(sources.visibility, 'public') : undefined,
          filter.source && sql`${articleSources.sourceId} in ${named('source', 'source')}`,
          filter.sourceRole && dialect.isOneOf(articleSources.role, bound('sourceRole')),
        ),
      )
    return sql`${copies.articleId} in ${of}`
  }
  const isBreaking = (): SQL => {
    if (stage === 'working') return eq(copies.breaking, true)
    return sql`(${eq(copies.breaking, true)} and (${copies.breakingUntil} is null or ${copies.breakingUntil} > ${bound('now')}))`
  }
  const ahead = (): SQL =>
    sql`exists (select 1 from ${copies} l where l.article_id = ${copies.articleId} and l.stage = 'live' and l.version <> ${copies.version})`
  const withByline = (): SQL => {
    const of = db
      .select({ id: articleBylines.articleId })
      .from(articleBylines)
      .where(and(eq(articleBylines.stage, stage), eq(articleBylines.folded, bound('byline'))))
    return sql`${copies.articleId} in ${of}`
  }

  const conditions: Condition[] = [
    { name: `stage=${stage}`, sql: () => (stage === 'live' ? isPublic(db.tables) : eq(copies.stage, stage)) },
  ]
  const add = (given: unknown, name: string, condition: () => SQL | undefined, value?: unknown): void => {
    if (given !== undefined) conditions.push({ name, sql: condition, value })
  }
  const anyOf = (name: keyof ArticleFilter, column: SQLWrapper): void => {
    const values = filter[name]
    if (Array.isArray(values)) add(values, name, () => dialect.isOneOf(column, bound(name)), list(values))
  }
  const inverse = (wanted: boolean, condition: SQL): SQL => (wanted ? condition : sql`not ${condition}`)

  if (stage === 'working') {
    if (filter.state === undefined) add(true, 'untrashed', () => ne(articles.state, 'trashed'))
    anyOf('state', articles.state)
    add(filter.owner, 'owner', () => eq(articles.createdBy, bound('owner')), filter.owner)
    add(filter.changed, `changed=${filter.changed}`, () => inverse(filter.changed === true, ahead()))
  }
  if (filter.section !== undefined) {
    add(true, `section/${filter.subsections}`, () => inSection('section'), list(filter.section))
  }
  if (filter.tag !== undefined) {
    add(true, 'tag', () => sql`${copies.articleId} in ${tagged('tag')}`, list(filter.tag))
  }
  if (filter.tagAll !== undefined) {
    add(true, 'tagAll', () => sql`${copies.articleId} in ${taggedAll('tagAll')}`, list(filter.tagAll))
  }
  if (filter.tagNone !== undefined) {
    add(true, 'tagNone', () => sql`${copies.articleId} not in ${tagged('tagNone')}`, list(filter.tagNone))
  }
  if (filter.source !== undefined) {
    add(true, `source/${filter.sourceRole !== undefined}`, sourced, list(filter.source))
  }
  if (filter.sourceRole !== undefined) {
    add(true, 'sourceRole', filter.source === undefined ? sourced : () => undefined, list(filter.sourceRole))
  }
  if (filter.byline !== undefined) add(true, 'byline', withByline, fold(filter.byline))
  anyOf('lang', copies.lang)
  anyOf('genre', copies.genre)
  add(filter.breaking, `breaking=${filter.breaking}`, () => inverse(filter.breaking === true, isBreaking()))
  if (filter.ids !== undefined) {
    add(true, 'ids', () => sql`${copies.articleId} in ${named('article', 'ids')}`, list(filter.ids))
  }
  anyOf('externalId', copies.externalId)
  add(
    filter.publishedAfter,
    'publishedAfter',
    () => gte(copies.publishedAt, bound('publishedAfter')),
    filter.publishedAfter,
  )
  add(
    filter.publishedBefore,
    'publishedBefore',
    () => lt(copies.publishedAt, bound('publishedBefore')),
    filter.publishedBefore,
  )
  add(filter.updatedAfter, 'updatedAfter', () => gte(copies.updatedAt, bound('updatedAfter')), filter.updatedAfter)
  return conditions
}
