import type { Expression } from '../../search/expression.ts'
import type { Sought, SoughtPart } from '../../search/sought.ts'
import { and, eq, or, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import { cutPage, type Paged, pageOf, type Window } from '../../storage/keyset.ts'
import type { Read } from '../../storage/store.ts'
import { conditionsOf } from '../filters/store.ts'
import { countCopies } from '../lists/store.ts'
import { type ListFilter, letsNothingThrough } from '../names/store.ts'
import { type CopyRow, copyColumns, publicCopies } from '../store.ts'
import { idsOfSecond, isOfEntry } from './entries/store.ts'

/**
 * So many of the newest matches are ranked, and as many of those that have all that is asked in their titles. A word that
 * more have says little, and a reader looks at no more; ranking a hundred thousand would take a second.
 */
export const mostRanked = 1_000

/** What a match is worth by where it stands; the README and the document tell these numbers. */
const points = {
  title: [100, 80],
  deck: [50, 40],
  main: [30, 18],
  body: [22, 14],
  others: 8,
} as const
/** … when the words stand in the title as they were asked, … */
const phrasePoints = 30
/** … and for the part of the title that they are. */
const coveragePoints = 20
/** A quarter of a year is worth a point: of two stories that say the same the newer is first, and ten years are worth a deck. */
const secondsOfPoint = 7_889_400

export interface Ranked extends Paged<CopyRow> {
  /** whether more were found than are ranked */
  isCut: boolean
}

/** A page of the copies that a query finds, the best first; each of its conditions and its visibility is asked before anything is cut. */
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
  const candidates = candidatesOf(db, filter, sought)
  const asked = new Inputs(db, candidates.inputs)
  const score = scoreOf(db, sought, asked)
  const place =
    position &&
    sql`(score, id) ${sql.raw(backwards ? '>' : '<')} (${asked.number(position.value)}, ${asked.number(position.id)})`
  const by = sql.raw(backwards ? 'asc' : 'desc')
  const ranked = sql`(
    with ${candidates.tables}
    select id, score, (select count(*) from anywhere) as found from (
      select ${entries.id} as id, ${score} as score
      from (select id from anywhere union select id from titled) candidates cross join ${entries} where ${entries.id} = candidates.id
    ) scored where ${place ?? sql`true`} order by score ${by}, id ${by} limit ${asked.add(limit + 1)}) ranked`
  const working = filter.stage === 'working'
  const parts = sought.parts.map(({ exact, stems, inBody }) =>
    [exact.length, stems.length, inBody !== undefined].join('+'),
  )
  const ways = [position?.side, sought.phrase !== undefined]
  const shape = [candidates.shape, ...parts, ...ways].join()
  const rows = await db.prepared(
    `search.rank:${shape}`,
    (q) => {
      const { score, found } = {
        score: sql<number>`ranked.score`.mapWith(Number),
        found: sql<number>`ranked.found`.mapWith(Number),
      }
      const at = { id: sql<number>`ranked.id`.mapWith(Number), score, found }
      const select = q.select({ ...copyColumns(db), ...(working && made.columns), at }).from(ranked)
      const from = select
        .crossJoin(entries)
        .crossJoin(copies)
        .innerJoin(articles, eq(articles.id, copies.articleId))
        .leftJoin(sections, eq(sections.id, copies.sectionId))
      const joined = working ? from.leftJoin(made.live, made.ofLive).leftJoin(made.next, made.ofNext) : from
      return joined
        .where(and(sql`${entries.id} = ranked.id`, isOfEntry(db, filter.stage), candidates.visible))
        .orderBy(sql`ranked.score ${by}`, sql`ranked.id ${by}`)
    },
    'anew',
  )(asked.values)
  const isCut = (rows[0]?.at.found ?? 0) >= mostRanked
  const atOf = ({ at }: (typeof rows)[number]) => ({ value: String(at.score), id: String(at.id) })
  const whole = pageOf(rows, window, atOf)
  const walked = backwards ? whole.items.toReversed() : whole.items
  const found = cutPage(whole, window, await fit(walked), atOf)
  return { ...found, isCut, ...(window.count && { total: await countCopies(db, filter) }) }
}

/** Where the copies are that match an expression and are on a list, and what of them is so: `select … from … where …`. */
export function matching(db: Read, filter: ListFilter, expression: Expression) {
  const { articleCopies: copies, articles, searchEntries: entries } = db.tables
  const { search } = db.dialect
  const { live, next, ofLive, ofNext } = publicCopies(db)
  const conditions = conditionsOf(db, filter, 'sought')
  const standing =
    filter.stage === 'live'
      ? sql``
      : sql`join ${articles} on ${articles.id} = ${copies.articleId}
        left join ${copies} ${live} on ${ofLive} left join ${copies} ${next} on ${ofNext}`
  const text = 'matched'
  const where = (of: SQLWrapper): SQL | undefined =>
    and(
      search.matches(of),
      sql`${entries.id} = ${search.id}`,
      isOfEntry(db, filter.stage),
      ...conditions.map((condition) => condition.sql()),
    )
  return {
    from: sql`${search.from} cross join ${entries} cross join ${copies} ${standing}`,
    /** of another expression, or of the one that was given, whose text is among the inputs */
    where: (of: SQLWrapper = sql.placeholder(text)) => where(of),
    visible: conditions[0]?.sql(),
    inputs: Object.assign(
      { [text]: search.textOf(expression) },
      ...conditions.map((condition) => condition.inputs),
    ) as Record<string, unknown>,
    shape: conditions.map((condition) => condition.name).join(),
  }
}

/** The newest that match at all, and the newest that have it all in their titles: `anywhere` and `titled`, each with ids. */
export function candidatesOf(db: Read, filter: ListFilter, sought: Sought) {
  const { search } = db.dialect
  const { from, where, ...rest } = matching(db, filter, sought.match)
  const newest = (of?: SQLWrapper): SQL => sql`select ${search.id} as id from ${from} where ${where(of)}
    order by ${search.id} desc limit ${sql.raw(String(mostRanked))}`
  const inputs = { ...rest.inputs, titled: search.textOf(sought.inTitle) }
  const tables = sql`anywhere as materialized (${newest()}), titled as materialized (${newest(sql.placeholder('titled'))})`
  return { ...rest, inputs, tables }
}

/** What a match is worth: the mean of what is asked, and what its title and its date add. */
function scoreOf(db: Read, { parts, phrase, match }: Sought, asked: Inputs): SQL {
  const { searchEntries: entries } = db.tables
  const { position } = db.dialect.search
  const worth = parts.map((part) => worthOf(db, part, match, asked))
  const words = sql.raw(String(parts.length))
  const inOrder =
    phrase === undefined
      ? sql``
      : sql`+ case when ${position(entries.title, asked.add(phrase))} > 0 then ${sql.raw(String(phrasePoints))} else 0 end`
  const coverage = sql`${sql.raw(String(coveragePoints))} * ${words} / (${entries.titleWords} + ${words})`
  return sql`(${sql.join(worth, sql` + `)}) / ${words} ${inOrder} + ${coverage}
    + ${entries.id} / ${sql.raw(String(idsOfSecond))} / ${sql.raw(String(secondsOfPoint))}`
}

function worthOf(db: Read, { exact, stems, inBody }: SoughtPart, match: Expression, asked: Inputs): SQL {
  const { searchEntries: entries } = db.tables
  const { search } = db.dialect
  const inputs = { exact: exact.map((text) => asked.add(text)), stems: stems.map((text) => asked.add(text)) }
  const has = (list: SQLWrapper, texts: readonly SQLWrapper[]): SQL | undefined =>
    or(...texts.map((text) => sql`${search.position(list, text)} > 0`))
  const cases: SQL[] = []
  const add = (condition: SQL | undefined, worth: number): void => {
    if (condition !== undefined) cases.push(sql`when ${condition} then ${sql.raw(String(worth))}`)
  }
  for (const place of ['title', 'deck'] as const) {
    add(has(entries[place], inputs.exact), points[place][0])
    add(has(entries[place], inputs.stems), points[place][1])
  }
  add(has(entries.main, inputs.exact), points.main[0])
  if (inBody !== undefined && stems.length > 0) {
    // Of those alone that are found: a common word is passed over in leaps.
    const text = asked.text({ all: [inBody, match] })
    add(
      sql`${entries.id} in (select ${search.id} from ${search.from} where ${search.matches(text)}
        and ${search.id} >= (select min(id) from (select id from anywhere union all select id from titled) least))`,
      points.body[0],
    )
  }
  add(has(entries.main, inputs.stems), points.main[1])
  // In the body in another form, unless it is a name of somebody who wrote it.
  add(has(entries.others, inputs.exact), points.others)
  const rest = inBody === undefined ? points.others : stems.length > 0 ? points.body[1] : points.body[0]
  return sql`case ${sql.join(cases, sql` `)} else ${sql.raw(String(rest))} end`
}

/** The inputs of a statement whose parts are made one after the other. */
class Inputs {
  readonly values: Record<string, unknown>
  private readonly db: Read
  private count = 0

  constructor(db: Read, others: Record<string, unknown>) {
    this.db = db
    this.values = { ...others }
  }

  add(value: unknown): SQL {
    const name = `sought${this.count++}`
    this.values[name] = value
    return sql`${sql.placeholder(name)}`
  }

  /** Of a cursor, which carries text. */
  number(value: string): SQL {
    return sql`cast(${this.add(value)} as bigint)`
  }

  text(expression: Expression): SQL {
    return this.add(this.db.dialect.search.textOf(expression))
  }
}
