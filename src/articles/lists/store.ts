import type { AddressKind } from '../../addresses/addresses.ts'
import { and, count, desc, eq, gte, lt, lte, ne, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import { cutPage, keyset, type Paged, pageOf, type Window } from '../../storage/keyset.ts'
import type { Read } from '../../storage/store.ts'
import { fold } from '../parts/store.ts'
import { type CopyRow, copyColumns, isPublic, publicCopies } from '../store.ts'
import { isNotWorking, isWorking } from '../table.ts'
import type { ArticleQuery } from './schema.ts'

export type ArticleFilter = Omit<ArticleQuery, 'limit' | 'cursor' | 'count' | 'fields' | 'include' | 'render'> & {
  /** only articles that this key created */
  owner?: string | undefined
}

/** One condition: what it adds to the name of the prepared query, its SQL, and the values of its placeholders. */
interface Condition {
  name: string
  sql: () => SQL | undefined
  inputs: Record<string, unknown>
}

/** A date for what was never published, so that it stands before everything that has one. */
const unpublished = '9999'

/**
 * A page of copies in one statement, whatever the filters; their shapes decide the SQL, their values are bound.
 * With `count` one statement more. `fit` says how many of the rows, in the order of the walk, an answer may hold.
 */
export async function listCopies(
  db: Read,
  filter: ArticleFilter,
  window: Window,
  fit: (rows: readonly CopyRow[]) => Promise<number> = async (rows) => rows.length,
): Promise<Paged<CopyRow>> {
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
  const conditions = conditionsOf(db, {
    ...filter,
    ...(filter.byline !== undefined && { byline: fold(filter.byline) }),
  })
  const where = (): SQL | undefined => and(...conditions.map((condition) => condition.sql()))
  const inputs: Record<string, unknown> = { ...page.inputs, now: db.now }
  for (const condition of conditions) Object.assign(inputs, condition.inputs)
  const shape = conditions.map(({ name }) => name).join(',')
  const made = publicCopies(db)
  const working = filter.stage === 'working'
  const rows: CopyRow[] = await db.prepared(`articles.list:${shape};${by};${page.shape}`, (q) => {
    const from = q
      .select({ ...copyColumns(db), ...(working && made.columns) })
      .from(copies)
      .innerJoin(articles, eq(articles.id, copies.articleId))
      .leftJoin(sections, eq(sections.id, copies.sectionId))
    const joined = working ? from.leftJoin(made.live, made.ofLive).leftJoin(made.next, made.ofNext) : from
    return joined
      .where(and(where(), page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit)
  })(inputs)
  const at = (row: CopyRow) => ({ value: sorts[by].of(row), id: row.copy.articleId })
  const whole = pageOf(rows, window, at)
  const walked = window.position?.side === 'before' ? whole.items.toReversed() : whole.items
  const found = cutPage(whole, window, await fit(walked), at)
  if (window.count === undefined) return found
  const [total] = await db.prepared(`articles.count:${shape}`, (q) => {
    const from = q.select({ n: count() }).from(copies).innerJoin(articles, eq(articles.id, copies.articleId))
    const joined = working ? from.leftJoin(made.live, made.ofLive).leftJoin(made.next, made.ofNext) : from
    return joined.where(where())
  })(inputs)
  return { ...found, total: total?.n ?? 0 }
}

/** What of one tag, source or section is looked at for its neighbours: the newest, so that the cost has an end. */
const candidatesOfEach = 200

/**
 * Public articles near to one: those with most of its tags first, then most of its sources, then its section, then the
 * newest. It starts from what shares something, not from all articles.
 */
export function listRelated(db: Read, { articleId, stage }: CopyRow['copy'], limit: number): Promise<CopyRow[]> {
  const { articleCopies: copies, articles, sections, articleTags, articleSources, sources } = db.tables
  return db.prepared('articles.related', (q) => {
    const it = sql`mine.article_id = ${sql.placeholder('id')} and mine.stage = ${sql.placeholder('stage')}`
    const each = sql.raw(String(candidatesOfEach))
    // Each stage by name, so that an index that begins with it gives the newest.
    const inEach = (part: (stage: SQL) => SQL): SQL => sql`${part(sql`'live'`)} union all ${part(sql`'next'`)}`
    // Ids are in the order of their making, so the last of them are the newest.
    const sharing = (table: SQLWrapper, column: SQL, weight: SQL, only: SQL) => (stage: SQL) =>
      sql`
      select distinct mine.${column}, other.article_id, other.stage, ${weight} as weight from ${table} mine
      join ${table} other on other.${column} = mine.${column} and other.stage = ${stage} and other.article_id in (
        select n.article_id from ${table} n where n.${column} = mine.${column} and n.stage = ${stage}
        order by n.article_id desc limit ${each})
      where ${it} ${only}`
    const beside = (stage: SQL) => sql`
      select article_id, stage, 1 as weight from (
        select c.article_id, c.stage from ${copies} c where c.stage = ${stage}
        and c.section_id = (select mine.section_id from ${copies} mine where ${it})
        order by coalesce(c.published_at, '9999') desc, c.article_id desc limit ${each}) beside`
    const open = sql`and mine.source_id in (select s.id from ${sources} s where s.visibility = 'public')`
    // An article has at most 50 sources: all of them and the section weigh less than one tag.
    const near = sql`(
      select candidate.article_id, candidate.stage, sum(candidate.weight) as weight from (
        select article_id, stage, weight from (${inEach(sharing(articleTags, sql`tag_id`, sql`128`, sql``))}) tagged
        union all
        select article_id, stage, weight from (${inEach(sharing(articleSources, sql`source_id`, sql`2`, open))}) sourced
        union all
        select article_id, stage, weight from (${inEach(beside)}) neighbours
      ) candidate where candidate.article_id <> ${sql.placeholder('id')} group by candidate.article_id, candidate.stage) near`
    return (
      q
        .select(copyColumns(db))
        .from(near)
        // SQLite keeps the order of a cross join: from the candidates to their copies, not through all copies there are.
        .crossJoin(copies)
        .innerJoin(articles, eq(articles.id, copies.articleId))
        .leftJoin(sections, eq(sections.id, copies.sectionId))
        .where(and(sql`near.article_id = ${copies.articleId} and near.stage = ${copies.stage}`, isPublic(db.tables)))
        .orderBy(sql`near.weight desc`, desc(copies.publishedAt), desc(copies.articleId))
        .limit(sql.placeholder('limit'))
    )
  })({ id: articleId, stage, limit, now: db.now })
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
  /** That a copy is one of those that a query of article and stage finds. */
  const isIn = (found: SQLWrapper): SQL => sql`(${copies.articleId}, ${copies.stage}) in ${found}`
  const ofView = stage === 'working' ? isWorking : isNotWorking
  const tagged = (name: string): SQL => {
    const of = db
      .select({ id: articleTags.articleId, stage: articleTags.stage })
      .from(articleTags)
      .where(and(ofView(articleTags), sql`${articleTags.tagId} in ${named('tag', name)}`))
    return isIn(of)
  }
  const taggedAll = (name: string): SQL => {
    const of = db
      .select({ id: articleTags.articleId, stage: articleTags.stage })
      .from(articleTags)
      .innerJoin(addresses, and(eq(addresses.kind, 'tag'), eq(addresses.targetId, articleTags.tagId)))
      .where(and(ofView(articleTags), dialect.isOneOf(addresses.address, bound(name))))
      .groupBy(articleTags.articleId, articleTags.stage)
      .having(sql`count(distinct ${addresses.address}) = ${dialect.listLength(bound(name))}`)
    return isIn(of)
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
      .select({ id: articleSources.articleId, stage: articleSources.stage })
      .from(articleSources)
      .innerJoin(sources, eq(sources.id, articleSources.sourceId))
      .where(
        and(
          ofView(articleSources),
          stage === 'live' ? eq(sources.visibility, 'public') : undefined,
          filter.source && sql`${articleSources.sourceId} in ${named('source', 'source')}`,
          filter.sourceRole && dialect.isOneOf(articleSources.role, bound('sourceRole')),
        ),
      )
    return isIn(of)
  }
  const isBreaking = (): SQL => {
    if (stage === 'working') return eq(copies.breaking, true)
    return sql`(${eq(copies.breaking, true)} and (${copies.breakingUntil} is null or ${copies.breakingUntil} > ${bound('now')}))`
  }
  const { live, next } = publicCopies(db)
  const ahead = (): SQL => sql`coalesce(coalesce(${next.version}, ${live.version}) <> ${copies.version}, false)`
  // What `standing` says of one article.
  const state = sql`case
    when ${next.shownFrom} <= ${bound('now')} then case when ${next.shownUntil} <= ${bound('now')} then 'draft' else 'published' end
    when ${live.shownUntil} <= ${bound('now')} then case when ${next.shownFrom} is null then 'draft' else 'scheduled' end
    else ${articles.state} end`
  const withByline = (): SQL => {
    const of = db
      .select({ id: articleBylines.articleId, stage: articleBylines.stage })
      .from(articleBylines)
      .where(and(ofView(articleBylines), eq(articleBylines.folded, bound('byline'))))
    return isIn(of)
  }

  const conditions: Condition[] = [
    {
      name: `stage=${stage}`,
      sql: () => (stage === 'live' ? isPublic(db.tables) : isWorking(copies)),
      inputs: {},
    },
  ]
  /** A condition that a given parameter makes; its placeholder has the parameter's name. */
  const add = (name: keyof ArticleFilter, condition: () => SQL | undefined, shape = ''): void => {
    const value = filter[name]
    if (value === undefined) return
    const inputs = { [name]: Array.isArray(value) ? list(value) : value }
    conditions.push({ name: `${name}${shape}`, sql: condition, inputs })
  }
  const anyOf = (name: keyof ArticleFilter, column: SQLWrapper): void =>
    add(name, () => dialect.isOneOf(column, bound(name)))
  const flag = (name: 'breaking' | 'changed', condition: () => SQL): void =>
    add(name, () => (filter[name] ? condition() : sql`not ${condition()}`), `=${filter[name]}`)

  if (stage === 'working') {
    if (filter.state === undefined) {
      conditions.push({ name: 'untrashed', sql: () => ne(articles.state, 'trashed'), inputs: {} })
    }
    anyOf('state', state)
    add('owner', () => eq(articles.createdBy, bound('owner')))
    flag('changed', ahead)
  }
  add('section', () => inSection('section'), `/${filter.subsections}`)
  add('tag', () => tagged('tag'))
  add('tagAll', () => taggedAll('tagAll'))
  add('tagNone', () => sql`not ${tagged('tagNone')}`)
  add('source', sourced, `/${filter.sourceRole !== undefined}`)
  // With a source, its condition asks for the role as well: both of the same use.
  add('sourceRole', filter.source === undefined ? sourced : () => undefined)
  add('byline', withByline)
  anyOf('lang', copies.lang)
  anyOf('genre', copies.genre)
  flag('breaking', isBreaking)
  add('ids', () => sql`${copies.articleId} in ${named('article', 'ids')}`)
  add('externalId', () => eq(copies.externalId, bound('externalId')))
  add('publishedAfter', () => gte(copies.publishedAt, bound('publishedAfter')))
  add('publishedBefore', () => lt(copies.publishedAt, bound('publishedBefore')))
  add('updatedAfter', () => gte(copies.updatedAt, bound('updatedAfter')))
  return conditions
}
