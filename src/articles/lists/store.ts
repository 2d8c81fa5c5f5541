import { and, count, eq, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import { cutPage, type Keyset, keyset, type Paged, pageOf, type Range, type Window } from '../../storage/keyset.ts'
import type { Preparable, Read } from '../../storage/store.ts'
import { countByIndex } from '../counts/store.ts'
import { type Condition, conditionsOf } from '../filters/store.ts'
import { type ListFilter, letsNothingThrough } from '../names/store.ts'
import { matchesMore } from '../search/entries/store.ts'
import { type CopyRow, copyColumns, publicCopies } from '../store.ts'
import { type StoredRow, storedColumns } from '../stored/store.ts'
import { listedAt } from '../table.ts'
import { sortOf, type Walk, walkOf } from '../walks/store.ts'

/** A page of copies. `fit` says how many of them, in the order of the walk, an answer may hold. */
export function listCopies(
  db: Read,
  filter: ListFilter,
  window: Window,
  fit?: (rows: readonly CopyRow[]) => Promise<number>,
): Promise<Paged<CopyRow> & { isCut?: boolean }> {
  return list(db, filter, window, 'whole', fit)
}

/** The same of what the public sees, each by its card. */
export function listStored(
  db: Read,
  filter: ListFilter,
  window: Window,
  fit?: (rows: readonly StoredRow[]) => Promise<number>,
): Promise<Paged<StoredRow>> {
  return list(db, { ...filter, stage: 'live' }, window, 'stored', fit)
}

interface Rows {
  whole: CopyRow
  stored: StoredRow
}

/**
 * A page in one statement, whatever the filters; their shapes decide the SQL, their values are bound. With `count` one
 * statement more.
 */
async function list<Columns extends keyof Rows>(
  db: Read,
  filter: ListFilter,
  window: Window,
  columns: Columns,
  fit: (rows: readonly Rows[Columns][]) => Promise<number> = async (rows) => rows.length,
): Promise<Paged<Rows[Columns]>> {
  const { by } = sortOf(filter)
  const rows = letsNothingThrough(filter) ? [] : await findRows(db, await measured(db, filter), window, columns)
  const at = (row: CopyRow | StoredRow) => {
    const { publishedAt, updatedAt, title, articleId: id } = row.copy
    return { value: { publishedAt: listedAt(publishedAt), updatedAt, title, id }[by], id }
  }
  const whole = pageOf(rows, window, at)
  const walked = window.position?.side === 'before' ? whole.items.toReversed() : whole.items
  const found = cutPage(whole, window, await fit(walked), at)
  return window.count === undefined ? found : { ...found, total: await countCopies(db, filter) }
}

/** Matches that are gathered and sorted for a page: some tens of milliseconds. Of more, one in a few hundred fits at a million. */
const mostSorted = 5_000

/** What matches much is found on the way through the list, which meets enough of it soon; what matches little is gathered. */
async function measured(db: Read, filter: ListFilter): Promise<ListFilter> {
  return filter.sought && (await matchesMore(db, filter.sought.match, mostSorted))
    ? { ...filter, isCommon: true }
    : filter
}

async function findRows<Columns extends keyof Rows>(
  db: Read,
  filter: ListFilter,
  window: Window,
  columns: Columns,
): Promise<Rows[Columns][]> {
  const { articleCopies: copies, articles, sections } = db.tables
  const { by, descending } = sortOf(filter)
  const walk = walkOf(db, filter, by)
  const conditions = conditionsOf(db, filter, walk.serves)
  const page = keyset(walk.at, walk.id, descending, window, rangeOf(db, filter))
  const made = publicCopies(db)
  const working = filter.stage === 'working'
  const many = (walk.values?.length ?? 0) > 1
  const where = (value: SQLWrapper, within: SQL | undefined): SQL | undefined =>
    and(
      walk.column && sql`${walk.column} = ${value}`,
      walk.only,
      within,
      ...conditions.map((condition) => condition.sql()),
    )
  const shape = [columns, walk.name, many ? 'any' : 'one', by, page.shape, ...conditions.map(({ name }) => name)]
  return db.prepared<Rows[Columns]>(`articles.list:${shape}`, (q) => {
    const isStored = columns === 'stored'
    const select = q.select(isStored ? storedColumns(db) : { ...copyColumns(db), ...(working && made.columns) })
    const fromCopies = () => select.from(copies)
    // Of several values, each has a walk of its own.
    const merged = many ? mergeOf(db, filter, walk, page, where) : undefined
    const outer = merged?.from ?? walk.found ?? (walk.through && sql`${walk.through}`)
    // SQLite keeps the order of a cross join: from what is walked to its copies.
    const start =
      outer === undefined
        ? fromCopies()
        : (select.from(outer).crossJoin(copies) as unknown as ReturnType<typeof fromCopies>)
    const withArticle = () =>
      start.innerJoin(articles, eq(articles.id, copies.articleId)).leftJoin(sections, eq(sections.id, copies.sectionId))
    const from = isStored ? start : withArticle()
    const joined = working ? from.leftJoin(made.live, made.ofLive).leftJoin(made.next, made.ofNext) : from
    const { orderBy } = many ? keyset(copies.listedAt, copies.articleId, descending, window) : page
    return joined
      .where(merged?.on ?? where(sql.placeholder('walked'), page.where))
      .orderBy(...orderBy)
      .limit(page.limit) as unknown as Preparable<Rows[Columns]>
  })({ ...inputsOf(walk, conditions), ...page.inputs })
}

/** The walks for several values as one. */
function mergeOf(
  db: Read,
  filter: ListFilter,
  walk: Walk,
  page: Keyset,
  where: (value: SQLWrapper, within: SQL | undefined) => SQL | undefined,
) {
  const tables = tablesOf(db, filter, walk)
  return db.dialect.merge(sql.placeholder('walked'), {
    ...{ table: db.tables.articleCopies, key: ['article_id', 'stage'], order: ['listed_at', 'article_id'] },
    ...{ value: walk.at, id: walk.id, down: page.down, limit: page.limit, start: page.where, end: page.end },
    find: (columns, value, within) => sql`select ${columns} from ${tables} where ${where(value, within)}`,
  })
}

/** How many a list has, whatever its order: each article once. */
export async function countCopies(db: Read, filter: ListFilter): Promise<number> {
  if (letsNothingThrough(filter)) return 0
  const counted = await countByIndex(db, filter)
  if (counted !== undefined) return counted
  const walk = walkOf(db, filter, 'publishedAt')
  const conditions = conditionsOf(db, filter, walk.serves)
  const many = (walk.values?.length ?? 0) > 1
  const walked = sql.placeholder('walked')
  const shape = [walk.name, many ? 'any' : 'one', ...conditions.map(({ name }) => name)]
  const [total] = await db.prepared(`articles.count:${shape}`, (q) =>
    q
      .select({ n: many ? sql<number>`count(distinct article_copies.article_id)`.mapWith(Number) : count() })
      .from(tablesOf(db, filter, walk))
      .where(
        and(
          walk.column && (many ? db.dialect.isOneOf(walk.column, walked) : sql`${walk.column} = ${walked}`),
          walk.only,
          ...conditions.map((condition) => condition.sql()),
        ),
      ),
  )(inputsOf(walk, conditions))
  return total?.n ?? 0
}

/** The tables of a walk, and those that the conditions look at. */
function tablesOf(db: Read, { stage }: ListFilter, { through, found }: Walk): SQL {
  const { articleCopies: copies, articles } = db.tables
  const { live, next, ofLive, ofNext } = publicCopies(db)
  const outer = found ?? through
  const walked = outer === undefined ? sql`${copies}` : sql`${outer} cross join ${copies}`
  if (stage === 'live') return walked
  return sql`${walked} join ${articles} on ${articles.id} = ${copies.articleId}
    left join ${copies} ${live} on ${ofLive} left join ${copies} ${next} on ${ofNext}`
}

function inputsOf({ values, inputs }: Walk, conditions: readonly Condition[]): Record<string, unknown> {
  const walked = values !== undefined && values.length > 1 ? JSON.stringify(values) : values?.[0]
  return Object.assign({ walked }, inputs, ...conditions.map(({ inputs }) => inputs))
}

/** Between which sort values everything of a list is, so that a walk need not pass what is outside. */
function rangeOf(db: Read, filter: ListFilter): Range {
  const { by } = sortOf(filter)
  if (by === 'updatedAt') return { from: filter.updatedAfter }
  if (by !== 'publishedAt') return {}
  // What is scheduled stands before all that is public.
  const ends = [filter.publishedBefore, filter.stage === 'live' ? db.now : undefined].filter((end) => end !== undefined)
  return { from: filter.publishedAfter, until: ends.sort()[0] }
}
