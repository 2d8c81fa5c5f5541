import { eq, sql } from '../../storage/drizzle.ts'
import { cutPage, type Paged, pageOf, type Window } from '../../storage/keyset.ts'
import type { Read } from '../../storage/store.ts'
import { countCopies } from '../lists/store.ts'
import { type ListFilter, letsNothingThrough } from '../names/store.ts'
import { type CopyRow, copyColumns, publicCopies } from '../store.ts'
import { isOfEntry } from './entries/store.ts'
import { candidatesOf, mostRanked } from './matches/store.ts'
import { Inputs, scoreOf, shapeOfScore } from './ranks/store.ts'

export interface Ranked extends Paged<CopyRow> {
  /** whether more were found than are ranked */
  isCut: boolean
}

/**
 * A page of the copies that a query finds, the best first; each of its conditions and its visibility is asked before
 * anything is cut. A cursor carries the score and the id in the index, and the least id that was ranked: what is published
 * meanwhile takes nobody's place.
 */
export async function rankCopies(
  db: Read,
  filter: ListFilter,
  window: Window,
  fit: (rows: readonly CopyRow[]) => Promise<number> = async (rows) => rows.length,
): Promise<Ranked> {
  const { sought } = filter
  if (!sought || letsNothingThrough(filter)) {
    return { items: [], next: null, prev: null, isCut: false, ...(window.count && { total: 0 }) }
  }
  const { articleCopies: copies, articles, sections, searchEntries: entries } = db.tables
  const { limit, position } = window
  const backwards = position?.side === 'before'
  const made = publicCopies(db)
  const [score = '', floor] = position?.value.split('/') ?? []
  const candidates = candidatesOf(db, filter, sought, floor)
  const asked = new Inputs(db, candidates.inputs)
  const worth = scoreOf(db, sought, asked)
  const place = position
    ? sql`(score, id) ${sql.raw(backwards ? '>' : '<')} (${asked.number(score)}, ${asked.number(position.id)})`
    : sql`true`
  const by = sql.raw(backwards ? 'asc' : 'desc')
  const ranked = sql`(
    with ${candidates.tables}
    select id, score, (select count(*) from matched) as found, (select min(id) from anywhere) as least from (
      select ${entries.id} as id, ${worth} as score
      from (select id from anywhere union select id from titled) candidates cross join ${entries} where ${entries.id} = candidates.id
    ) scored where ${place} order by score ${by}, id ${by} limit ${asked.add(limit + 1)}) ranked`
  const working = filter.stage === 'working'
  const shape = [candidates.shape, shapeOfScore(sought), position?.side].join()
  const rows = await db.prepared(
    `search.rank:${shape}`,
    (q) => {
      const number = (name: string) => sql<number>`ranked.${sql.raw(name)}`.mapWith(Number)
      const at = { id: number('id'), score: number('score'), found: number('found'), least: number('least') }
      const select = q.select({ ...copyColumns(db), ...(working && made.columns), at }).from(ranked)
      const from = select
        .crossJoin(entries)
        .crossJoin(copies)
        .innerJoin(articles, eq(articles.id, copies.articleId))
        .leftJoin(sections, eq(sections.id, copies.sectionId))
      const joined = working ? from.leftJoin(made.live, made.ofLive).leftJoin(made.next, made.ofNext) : from
      return joined
        .where(sql`${entries.id} = ranked.id and ${isOfEntry(db, filter.stage)} and ${candidates.visible}`)
        .orderBy(sql`ranked.score ${by}`, sql`ranked.id ${by}`)
    },
    'anew',
  )(asked.values)
  const isCut = floor === undefined ? (rows[0]?.at.found ?? 0) > mostRanked : floor !== everything
  const least = floor ?? (isCut ? String(rows[0]?.at.least) : everything)
  const atOf = ({ at }: (typeof rows)[number]) => ({ value: `${at.score}/${least}`, id: String(at.id) })
  const whole = pageOf(rows, window, atOf)
  const walked = backwards ? whole.items.toReversed() : whole.items
  const found = cutPage(whole, window, await fit(walked), atOf)
  return { ...found, isCut, ...(window.count && { total: await countCopies(db, filter) }) }
}

/** Below every id, that of an article of the year 1 among them. */
const everything = String(Number.MIN_SAFE_INTEGER)
