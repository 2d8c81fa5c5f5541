import { createBreath } from '../../../lib/breath.ts'
import type { Analysis } from '../../../search/analysis.ts'
import type { Expression } from '../../../search/expression.ts'
import { and, asc, count, desc, eq, gt, gte, lt, or, type SQL, sql } from '../../../storage/drizzle.ts'
import { deleteRows, insertRow, updateRows } from '../../../storage/rows.ts'
import type { Read, Write } from '../../../storage/store.ts'
import type { Stage, View } from '../../vocabulary.ts'

export type Entry = Pick<Read['tables']['searchEntries']['$inferSelect'], 'id' | 'digest' | Stage>

/** What of an article is indexed: its copies say one thing, or two, or three. */
export async function findEntries(db: Read, articleId: string): Promise<Entry[]> {
  const { searchEntries: entries } = db.tables
  const { id, digest, working, live, next } = entries
  return db.prepared('search.entriesOf', (q) =>
    q
      .select({ id, digest, working, live, next })
      .from(entries)
      .where(eq(entries.articleId, sql.placeholder('articleId')))
      .orderBy(asc(id)),
  )({ articleId })
}

/** The copies that an entry of the index stands for. */
export function isOfEntry(db: Read, view: View): SQL {
  const { articleCopies: copies, searchEntries: entries } = db.tables
  const is = (stage: 'working' | 'live' | 'next'): SQL =>
    sql`(${copies.stage} = ${sql.raw(`'${stage}'`)} and ${entries[stage]})`
  const stages = view === 'working' ? is('working') : (or(is('live'), is('next')) as SQL)
  return sql`${copies.articleId} = ${entries.articleId} and ${stages}`
}

/** Whether more texts than so many match, whoever may see them: of no more than these it costs a millisecond. */
export async function matchesMore(db: Read, expression: Expression, count: number): Promise<boolean> {
  const { search } = db.dialect
  const rows = await db.prepared(
    'search.matchesMore',
    (q) =>
      q
        .select({ id: sql<number>`${search.id}` })
        .from(search.from)
        .where(search.matches(sql.placeholder('text')))
        .limit(1)
        .offset(sql.placeholder('count')),
    'anew',
  )({ text: search.textOf(expression), count })
  return rows.length > 0
}

/** Ids of the index go by date: so many there are for each second. See entryId. */
export const idsOfSecond = 2 ** 15

/** Ids that are looked at together for one that is free; seldom is more than the first taken. */
const idsAtOnce = 64

/** The first id that is free, from this one on. */
export async function findFreeId(db: Read, from: number): Promise<number> {
  const { searchEntries: entries } = db.tables
  for (let start = from; ; start += idsAtOnce) {
    const taken = await db.prepared('search.idsFrom', (q) =>
      q
        .select({ id: entries.id })
        .from(entries)
        .where(and(gte(entries.id, sql.placeholder('start')), lt(entries.id, sql.placeholder('end'))))
        .orderBy(asc(entries.id)),
    )({ start, end: start + idsAtOnce })
    const free = taken.findIndex(({ id }, i) => id !== start + i)
    if (taken.length < idsAtOnce) return free < 0 ? start + taken.length : start + free
  }
}

/** Adds a text to the index, and the copy that says it. */
export async function insertEntry(
  db: Write,
  entry: { id: number; articleId: string; digest: string; stage: Stage },
  { words, ...lists }: Analysis,
): Promise<void> {
  const { searchEntries, articleSearch } = db.tables
  const { stage, ...row } = entry
  const stages = { working: false, live: false, next: false, [stage]: true }
  await Promise.all([
    insertRow(db, searchEntries, { ...row, ...stages, ...lists }),
    insertRow(db, articleSearch, db.dialect.search.rowOf(entry.id, words) as typeof articleSearch.$inferInsert),
    rememberWords(db, words),
  ])
}

async function rememberWords(db: Write, words: Analysis['words']): Promise<void> {
  const forms = new Set([words.title, words.deck, words.body, words.byline].flatMap(({ forms }) => forms))
  forms.delete('')
  // In one order, so that two nodes do not wait for each other.
  await db.preparedWrite('search.remember', (q) =>
    q
      .insert(db.tables.searchWords)
      .select(db.dialect.valuesOf(sql.placeholder('words')))
      .onConflictDoNothing(),
  )({ words: JSON.stringify([...forms].sort()) })
}

/** Says which of the copies say what is indexed here. */
export async function updateEntry(db: Write, id: number, stages: Partial<Pick<Entry, Stage>>): Promise<void> {
  await updateRows(db, db.tables.searchEntries, { id }, stages)
}

/** Takes a text out of the index: nothing of it is found from here on. */
export async function deleteEntry(db: Write, id: number): Promise<void> {
  await Promise.all([deleteRows(db, db.tables.searchEntries, { id }), deleteRows(db, db.tables.articleSearch, { id })])
}

/** Forgets those of these words that no text has any more. */
export async function forgetWords(db: Write, forms: Iterable<string>): Promise<void> {
  const breathe = createBreath()
  for (const term of forms) {
    if (!(await isInText(db, term))) await deleteRows(db, db.tables.searchWords, { term })
    await breathe()
  }
}

/**
 * Of so many words from one on, in the order of code points, those that no text has any more, and the last that was looked
 * at; without it when there are no more. Whoever changes a text takes its words along, and leaves the ones before.
 */
export async function findUnusedWords(
  db: Read,
  after: string,
  limit: number,
): Promise<{ unused: string[]; last?: string | undefined }> {
  const { searchWords } = db.tables
  const rows = await db.prepared('search.wordsAfter', (q) =>
    q
      .select({ term: searchWords.term })
      .from(searchWords)
      .where(gt(searchWords.term, sql.placeholder('after')))
      .orderBy(asc(searchWords.term))
      .limit(sql.placeholder('limit')),
  )({ after, limit })
  const unused: string[] = []
  for (const { term } of rows) if (!(await isInText(db, term))) unused.push(term)
  return { unused, ...(rows.length === limit && { last: rows.at(-1)?.term }) }
}

function isInText(db: Read, word: string): Promise<boolean> {
  return matchesMore(db, { word }, 0)
}

/** Some milliseconds of work, between which others write. */
const clearedAtOnce = 2_000

/** Takes everything out, some at a time. Answers whether there is more. */
export async function clearSome(db: Write): Promise<boolean> {
  const { searchEntries: entries, articleSearch } = db.tables
  await db
    .delete(entries)
    .where(sql`${entries.id} in (select few.id from ${entries} few limit ${sql.raw(String(clearedAtOnce))})`)
  await db.dialect.search.clear(db, articleSearch)
  const left = await Promise.all([
    db.select({ id: entries.id }).from(entries).limit(1),
    db.select({ id: articleSearch.id }).from(articleSearch).limit(1),
  ])
  return left.some((rows) => rows.length > 0)
}

/** The copies after one, in the order of their keys. */
export async function findCopiesAfter(
  db: Read,
  after: { articleId: string; stage: string },
  limit: number,
): Promise<{ articleId: string; stage: Stage }[]> {
  const { articleCopies: copies } = db.tables
  return db.prepared('search.copiesAfter', (q) =>
    q
      .select({ articleId: copies.articleId, stage: copies.stage })
      .from(copies)
      .where(
        sql`(${copies.articleId}, ${copies.stage}) > (${sql.placeholder('articleId')}, ${sql.placeholder('stage')})`,
      )
      .orderBy(asc(copies.articleId), asc(copies.stage))
      .limit(sql.placeholder('limit')),
  )({ ...after, limit })
}

/**
 * How many copies there are, and how many the index stands for; and how many texts it has, told by either of its halves. A
 * statement for each, since on PostgreSQL each has a time.
 */
export async function countIndexed(db: Read) {
  const { articleCopies: copies, searchEntries: entries, searchState } = db.tables
  const { search } = db.dialect
  const numberOf = async (of: SQL): Promise<number> => {
    const [row] = await db
      .select({ n: sql<number>`(${of})`.mapWith(Number) })
      .from(searchState)
      .limit(1)
    return row?.n ?? 0
  }
  const flags = sql`sum(case when ${entries.working} then 1 else 0 end + case when ${entries.live} then 1 else 0 end + case when ${entries.next} then 1 else 0 end)`
  return {
    copies: await countAllCopies(db),
    covered: await numberOf(sql`select coalesce(${flags}, 0) from ${entries}`),
    missing: await numberOf(sql`select count(*) from ${copies} where not exists (
      select 1 from ${entries} where ${or(isOfEntry(db, 'working'), isOfEntry(db, 'live'))})`),
    entries: await numberOf(sql`select count(*) from ${entries}`),
    texts: await numberOf(sql`select count(*) from ${search.from}`),
  }
}

/** How many copies of articles there are to be indexed. */
export async function countAllCopies(db: Read): Promise<number> {
  const [row] = await db.select({ n: count() }).from(db.tables.articleCopies)
  return row?.n ?? 0
}

/** Texts that are tried: a damaged index finds nothing, or nothing that is new. */
const mostProbed = 3

/** Whether the newest texts are found by a word of their titles. */
export async function areNewestFound(db: Read): Promise<boolean> {
  const { searchEntries: entries } = db.tables
  const { search } = db.dialect
  const newest = await db
    .select({ id: entries.id, title: entries.title })
    .from(entries)
    .orderBy(desc(entries.id))
    .limit(mostProbed)
  for (const { id, title } of newest) {
    const [word] = title.split(' ').filter((one) => one !== '' && one !== '~')
    if (word === undefined) continue
    const rows = await db
      .select({ id: sql<number>`${search.id}` })
      .from(search.from)
      .where(and(search.matches(sql`${search.textOf({ word, place: 'title' })}`), sql`${search.id} = ${id}`))
    if (rows.length === 0) return false
  }
  return true
}

/** What the engine finds wrong with the index. */
export async function findIndexFaults(db: Read): Promise<string[]> {
  const { faults } = db.dialect.search
  if (faults === undefined) return []
  const rows = await db.select({ fault: sql<string>`fault` }).from(sql`(${faults}) faults`)
  return rows.map(({ fault }) => fault)
}
