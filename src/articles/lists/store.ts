import type { AddressKind } from '../../addresses/addresses.ts'
import { and, count, eq, gte, lt, lte, ne, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import { cutPage, keyset, type Paged, pageOf, type Window } from '../../storage/keyset.ts'
import type { Read } from '../../storage/store.ts'
import { fold } from '../parts/store.ts'
import { type CopyRow, copyColumns, isPublic, publicCopies } from '../store.ts'
import { isNotWorking, isWorking } from '../table.ts'
import type { View } from '../vocabulary.ts'
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

function conditionsOf(db: Read, filter: ArticleFilter): Condition[] {
  const { articleCopies: copies, articles, articleTags, articleSources, articleBylines, sources, addresses } = db.tables
  const { stage } = filter
  const { dialect } = db
  const bound = (name: string): SQLWrapper => sql.placeholder(name)
  const list = (values: readonly unknown[]): string => JSON.stringify([...new Set(values)])

  const named = (kind: AddressKind, name: string): SQL => idsOf(db, kind, name, stage)
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
  const released = sql`case
    when ${next.version} is null then case when ${live.shownUntil} <= ${bound('now')} then null else ${live.version} end
    when ${next.shownUntil} <= ${bound('now')} then null else ${next.version} end`
  const ahead = (): SQL => sql`coalesce(${released} <> ${copies.version}, false)`
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
  add('section', () => inSections(db, copies.sectionId, 'section', filter), `/${filter.subsections}`)
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

/** The ids behind a list of names, by the placeholder that has it; to the public, only of names that it may know. */
function idsOf(db: Read, kind: AddressKind, name: string, view: View): SQL {
  const { addresses } = db.tables
  const of = db
    .select({ id: addresses.targetId })
    .from(addresses)
    .where(
      and(
        eq(addresses.kind, kind),
        db.dialect.isOneOf(addresses.address, sql.placeholder(name)),
        view === 'live' ? lte(addresses.publicFrom, sql.placeholder('now')) : undefined,
      ),
    )
  return sql`${of}`
}

/** That a section is one of those that a placeholder names, or below one of them. */
export function inSections(
  db: Read,
  section: SQLWrapper,
  name: string,
  { stage, subsections }: { stage: View; subsections: boolean },
): SQL {
  const { sections } = db.tables
  const named = idsOf(db, 'section', name, stage)
  if (!subsections) return sql`${section} in ${named}`
  // '0' is the character after '/', so this range is exactly the paths below one.
  return sql`${section} in (
    select below.id from ${sections} below join ${sections} top
    on below.id = top.id or (below.path >= top.path || '/' and below.path < top.path || '0')
    where top.id in ${named})`
}
