import type { Expression } from '../../../search/expression.ts'
import type { Sought } from '../../../search/sought.ts'
import { and, eq, gte, lt, type SQL, type SQLWrapper, sql } from '../../../storage/drizzle.ts'
import type { Read } from '../../../storage/store.ts'
import { conditionsOf } from '../../filters/store.ts'
import type { ListFilter } from '../../names/store.ts'
import { publicCopies } from '../../store.ts'
import { idsOfSecond, isOfEntry } from '../entries/store.ts'

/**
 * So many of the newest matches are ranked, and as many of those that have all that is asked in their titles. A word that
 * more have says little, and a reader looks at no more; ranking a hundred thousand would take a second.
 */
export const mostRanked = 1_000

/** What is published while somebody walks through the pages of what is ranked: the candidates of the first page stay. */
const mostNew = 1_000

/** Where the copies are that match an expression and are on a list, and what of them is so: `select … from … where …`. */
export function matching(db: Read, filter: ListFilter, expression: Expression) {
  const { articleCopies: copies, articles, searchEntries: entries } = db.tables
  const { search } = db.dialect
  const { live, next, ofLive, ofNext } = publicCopies(db)
  // The first of them is whether the copy is to be seen.
  const [visible, ...others] = conditionsOf(db, filter, 'sought')
  const ranges = rangesOf(db, filter)
  const standing =
    filter.stage === 'live'
      ? sql``
      : sql`join ${articles} on ${articles.id} = ${copies.articleId}
        left join ${copies} ${live} on ${ofLive} left join ${copies} ${next} on ${ofNext}`
  const conditions = [visible, ...others, ...ranges].filter((one) => one !== undefined)
  const matched = 'matched'
  return {
    from: sql`${search.from} cross join ${entries} cross join ${copies} ${standing}`,
    /** of another expression, or of the one that was given, whose text is among the inputs */
    where: (of: SQLWrapper = sql.placeholder(matched)): SQL | undefined =>
      and(
        search.matches(of),
        sql`${entries.id} = ${search.id}`,
        isOfEntry(db, filter.stage),
        ...conditions.map((one) => one.sql()),
      ),
    visible: visible?.sql(),
    inputs: Object.assign(
      { [matched]: search.textOf(expression) },
      ...conditions.map(({ inputs }) => inputs),
    ) as Record<string, unknown>,
    shape: conditions.map(({ name }) => name).join(),
  }
}

/** What of a filter the ids of the index tell, so that nothing else is passed through. */
function rangesOf(db: Read, { stage, publishedAfter, publishedBefore, articles, externalId }: ListFilter) {
  const { articleCopies: copies, searchEntries: entries } = db.tables
  const { search, isOneOf } = { ...db.dialect, search: db.dialect.search }
  const idAt = (at: string, seconds: number): number => (Math.floor(Date.parse(at) / 1_000) + seconds) * idsOfSecond
  const among = (ids: SQL): SQL =>
    sql`${search.id} in (select few.id from ${entries} few where few.article_id in (${ids}))`
  const ranges: { name: string; sql: () => SQL; inputs: Record<string, unknown> }[] = []
  // What was never published is there by the date on which it was made.
  if (stage === 'live' && publishedAfter !== undefined) {
    const inputs = { idAfter: idAt(publishedAfter, 0) }
    ranges.push({ name: 'after', sql: () => gte(search.id, sql.placeholder('idAfter')), inputs })
  }
  if (stage === 'live' && publishedBefore !== undefined) {
    // Where all ids of its second are taken, an article has one of the next.
    const inputs = { idBefore: idAt(publishedBefore, 2) }
    ranges.push({ name: 'before', sql: () => lt(search.id, sql.placeholder('idBefore')), inputs })
  }
  if (articles !== undefined) {
    const named = sql`select named.article_id from ${entries} named where ${isOneOf(sql`named.article_id`, sql.placeholder('named'))}`
    ranges.push({ name: 'named', sql: () => among(named), inputs: { named: JSON.stringify(articles) } })
  }
  if (externalId !== undefined) {
    const called = sql`select ${copies.articleId} from ${copies} where ${eq(copies.externalId, sql.placeholder('externalId'))}`
    ranges.push({ name: 'called', sql: () => among(called), inputs: { externalId } })
  }
  return ranges
}

/**
 * The newest that match at all, and the newest that have it all in their titles: `anywhere` and `titled`, each with ids.
 * @param floor the least id that was ranked, on the pages after the first
 */
export function candidatesOf(db: Read, filter: ListFilter, sought: Sought, floor?: string) {
  const { search } = db.dialect
  const { from, where, ...rest } = matching(db, filter, sought.match)
  const newest = (count: number, of?: SQLWrapper, least?: SQL): SQL => sql`select ${search.id} as id from ${from}
    where ${and(where(of), least)} order by ${search.id} desc limit ${sql.raw(String(count))}`
  const least = floor === undefined ? undefined : sql`${search.id} >= cast(${sql.placeholder('floor')} as bigint)`
  // One more than are ranked tells that there are more.
  const count = floor === undefined ? mostRanked + 1 : mostRanked + mostNew
  const tables = sql`matched as materialized (${newest(count, undefined, least)}),
    anywhere as (select id from matched order by id desc limit ${sql.raw(String(count - (floor === undefined ? 1 : 0)))}),
    titled as materialized (${newest(mostRanked, sql.placeholder('titled'))})`
  return { ...rest, inputs: { ...rest.inputs, titled: search.textOf(sought.inTitle), floor }, tables }
}

/** Whether more match, of those that are to be seen, than are ranked. */
export async function isMoreThanRanked(db: Read, filter: ListFilter, sought: Sought): Promise<boolean> {
  const { from, where, inputs, shape } = matching(db, filter, sought.match)
  const rows = await db.prepared(
    `search.isMore:${shape}`,
    (q) =>
      q
        .select({ one: sql<number>`1` })
        .from(from)
        .where(where())
        .limit(1)
        .offset(sql.raw(String(mostRanked)) as never),
    'anew',
  )(inputs)
  return rows.length > 0
}
