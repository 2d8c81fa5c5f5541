import type { Position } from '../lib/cursor.ts'
import { and, type Placeholder, type SQL, type SQLWrapper, sql } from './drizzle.ts'

/** Which page of a list is asked for. */
export interface Window {
  limit: number
  position?: Position | undefined
  count?: 'exact' | undefined
}

export interface Paged<Item> {
  items: Item[]
  next: Position | null
  prev: Position | null
  total?: number
}

export interface Keyset {
  /** part of the name of a prepared query: what of the window shapes the SQL */
  shape: string
  where: SQL | undefined
  /** the part of `where` at which the walk ends */
  end: SQL | undefined
  /** whether it goes from the greatest to the least */
  down: boolean
  orderBy: SQL[]
  limit: Placeholder
  /** the inputs of the placeholders in `where` and `limit` */
  inputs: Record<string, unknown>
}

/** The sort values between which a walk can stay, both included: every row of its list has one of them. */
export interface Range {
  from?: string | undefined
  until?: string | undefined
}

/**
 * Walks a list by its sort value and id, never by offset: what is inserted or published meanwhile neither repeats nor
 * skips a row that was there throughout. One row more than the page tells whether there is another page.
 */
export function keyset(
  value: SQLWrapper,
  id: SQLWrapper,
  descending: boolean,
  window: Window,
  range: Range = {},
): Keyset {
  const { position, limit } = window
  const backwards = position?.side === 'before'
  const down = descending !== backwards
  const least = range.from === undefined ? undefined : sql`${value} >= ${sql.placeholder('atLeast')}`
  const most = range.until === undefined ? undefined : sql`${value} <= ${sql.placeholder('atMost')}`
  const shapes = [descending ? 'desc' : 'asc', position?.side ?? 'first', least && 'least', most && 'most']
  // A walk has one bound on either side: of two SQLite takes one, and it may be the one that is far from the place.
  const [start, end] = down ? [most, least] : [least, most]
  const place = sql`(${sql.placeholder('atValue')}, ${sql.placeholder('atId')})`
  return {
    shape: shapes.join('/'),
    where: and(position === undefined ? start : sql`(${value}, ${id}) ${sql.raw(down ? '<' : '>')} ${place}`, end),
    ...{ end, down },
    orderBy: down ? [sql`${value} desc`, sql`${id} desc`] : [sql`${value} asc`, sql`${id} asc`],
    limit: sql.placeholder('limit'),
    inputs: {
      ...{ limit: limit + 1, atValue: position?.value ?? '', atId: position?.id ?? '' },
      ...{ atLeast: range.from, atMost: range.until },
    },
  }
}

/** What of a page comes first on the walk, when not all of it fits an answer; the rest is on the page after. */
export function cutPage<Row>(
  page: Paged<Row>,
  window: Window,
  count: number,
  at: (row: Row) => { value: string; id: string },
): Paged<Row> {
  if (count >= page.items.length) return page
  if (window.position?.side === 'before') {
    const items = page.items.slice(-count)
    const [first] = items
    return { ...page, items, prev: first === undefined ? null : { ...at(first), side: 'before' } }
  }
  const items = page.items.slice(0, count)
  const last = items.at(-1)
  return { ...page, items, next: last === undefined ? null : { ...at(last), side: 'after' } }
}

/** The rows of a keyset query as a page in the list's own order, with the positions around it. */
export function pageOf<Row>(
  rows: readonly Row[],
  window: Window,
  at: (row: Row) => { value: string; id: string },
): Omit<Paged<Row>, 'total'> {
  const { limit, position } = window
  const backwards = position?.side === 'before'
  const items = rows.slice(0, limit)
  if (backwards) items.reverse()
  const more = rows.length > limit
  const first = items[0]
  const last = items.at(-1)
  const before = backwards ? more : position !== undefined
  const after = backwards ? true : more
  return {
    items,
    prev: before && first !== undefined ? { ...at(first), side: 'before' } : null,
    next: after && last !== undefined ? { ...at(last), side: 'after' } : null,
  }
}
