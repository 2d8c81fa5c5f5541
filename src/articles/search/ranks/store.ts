import type { Expression } from '../../../search/expression.ts'
import type { Sought, SoughtPart } from '../../../search/sought.ts'
import { or, type SQL, type SQLWrapper, sql } from '../../../storage/drizzle.ts'
import type { Read } from '../../../storage/store.ts'
import { idsOfSecond } from '../entries/store.ts'

/** What a word is worth by the best place where it stands: as it was typed, and in another form. */
export const points = {
  title: [100, 80],
  deck: [50, 40],
  main: [30, 18],
  body: [22, 14],
  rest: 8,
} as const
/** … more, when the title has the words in the order in which they were asked, … */
export const phrasePoints = 30
/** … and for the part of the title that they are. */
export const coveragePoints = 20
/** A year is worth a point: of two stories that say the same the newer is first, and only decades outweigh a place that tells. */
const secondsOfPoint = 31_556_952

/** What the candidates are worth: the mean of what is asked, and what title and date add. The same whole number everywhere. */
export function scoreOf(db: Read, { parts, phrase, match }: Sought, asked: Inputs): SQL {
  const { searchEntries: entries } = db.tables
  const { position } = db.dialect.search
  const number = (value: number): SQL => sql.raw(String(value))
  const worth = parts.map((part) => worthOf(db, part, match, asked))
  const titled = parts.map(({ exact, stems }) => {
    const inTitle = has(db, entries.title, [...exact.title, ...stems.title], asked)
    return inTitle === undefined ? sql`0` : sql`case when ${inTitle} then 1 else 0 end`
  })
  // A title may have no word at all, and a word of it may answer two that are asked.
  const words = sql`case when ${entries.titleWords} > ${number(parts.length)} then ${entries.titleWords} else ${number(parts.length)} end`
  const inOrder =
    phrase === undefined
      ? sql`0`
      : sql`case when ${position(entries.title, asked.add(phrase))} > 0 then ${number(phrasePoints)} else 0 end`
  return sql`(${sql.join(worth, sql` + `)}) / ${number(parts.length)} + ${inOrder}
    + ${number(coveragePoints)} * (${sql.join(titled, sql` + `)}) / (${words})
    + ${entries.id} / ${number(idsOfSecond)} / ${number(secondsOfPoint)}`
}

/** What shapes the SQL of a score. */
export function shapeOfScore({ parts, phrase }: Sought): string {
  const shapes = parts.map(({ exact, stems, inBody, inBodyOtherwise }) =>
    [
      ...[exact.title, exact.deck, exact.body, stems.title, stems.deck, stems.body].map(({ length }) => length),
      ...[inBody, inBodyOtherwise].map((one) => (one === undefined ? 0 : 1)),
    ].join('+'),
  )
  return [...shapes, phrase !== undefined].join()
}

function worthOf(db: Read, part: SoughtPart, match: Expression, asked: Inputs): SQL {
  const { searchEntries: entries } = db.tables
  const { exact, stems, inBody, inBodyOtherwise } = part
  const cases: SQL[] = []
  const add = (condition: SQL | undefined, worth: number): void => {
    if (condition !== undefined) cases.push(sql`when ${condition} then ${sql.raw(String(worth))}`)
  }
  for (const place of ['title', 'deck'] as const) {
    add(has(db, entries[place], exact[place], asked), points[place][0])
    add(has(db, entries[place], stems[place], asked), points[place][1])
  }
  add(has(db, entries.main, exact.body, asked), points.main[0])
  add(inBody && isFoundBy(db, { all: [inBody, match] }, asked), points.body[0])
  add(has(db, entries.main, stems.body, asked), points.main[1])
  add(inBodyOtherwise && isFoundBy(db, { all: [inBodyOtherwise, match] }, asked), points.body[1])
  // By a byline, or by what a tag or a source is called.
  const rest = sql.raw(String(points.rest))
  return cases.length === 0 ? rest : sql`case ${sql.join(cases, sql` `)} else ${rest} end`
}

function has(db: Read, list: SQLWrapper, parts: readonly string[], asked: Inputs): SQL | undefined {
  return or(...parts.map((part) => sql`${db.dialect.search.position(list, asked.add(part))} > 0`))
}

/** Of those alone that are found: a common word is passed over in leaps. What is in a title needs no look at the body. */
function isFoundBy(db: Read, expression: Expression, asked: Inputs): SQL {
  const { search } = db.dialect
  return sql`${db.tables.searchEntries.id} in (select ${search.id} from ${search.from}
    where ${search.matches(asked.text(expression))} and ${search.id} >= (select min(id) from anywhere))`
}

/** The inputs of a statement whose parts are made one after the other. */
export class Inputs {
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
