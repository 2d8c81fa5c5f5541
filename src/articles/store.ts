import type { Instant } from '../lib/clock.ts'
import { equalJson } from '../lib/json.ts'
import {
  alias,
  and,
  eq,
  getTableColumns,
  gt,
  isNull,
  lte,
  or,
  type SQL,
  type SQLWrapper,
  sql,
} from '../storage/drizzle.ts'
import { deleteRows, insertRow, updateRows } from '../storage/rows.ts'
import type { Read, Write } from '../storage/store.ts'
import { findParts, insertParts, type Parts, writeParts } from './parts/store.ts'
import { forgetWordsOf, type IndexedColumn, indexCopy, indexedColumns, unindexCopy } from './search/indexing.ts'
import { isForThePublic, isWorking, listedAt } from './table.ts'
import { dropUses } from './uses/store.ts'
import { type Stage, stages } from './vocabulary.ts'

type Tables = Read['tables']
/** Its place in lists by date follows from its date, and its card from all that it is. */
export type Copy = Omit<Tables['articleCopies']['$inferSelect'], 'listedAt' | 'card'>
export type ArticleRow = Tables['articles']['$inferSelect']

export const notWithdrawn = { withdrawnAt: null, withdrawnReason: null, replacementId: null }

/** One copy with what belongs to its article and its section; of a working copy, with those made for the public too. */
export interface CopyRow {
  copy: Copy
  article: ArticleRow
  section: { id: string; slug: string; name: string; path: string } | null
  live?: { version: number; shownUntil: Instant | null } | null
  next?: { version: number; slug: string; shownFrom: Instant | null; shownUntil: Instant | null } | null
}

/** Time is decided when it is read: what a reader may see at this moment, whether or not any job has run. */
export function isPublic({ articleCopies: copies }: Tables): SQL | undefined {
  const now = sql.placeholder('now')
  return and(
    isForThePublic(copies),
    lte(copies.shownFrom, now),
    or(isNull(copies.shownUntil), gt(copies.shownUntil, now)),
  )
}

/** What a reader may see at this moment under a name that they may know. */
export function isPublicUnderName(tables: Tables): SQL | undefined {
  const { addresses } = tables
  return and(
    eq(addresses.kind, 'article'),
    eq(addresses.address, sql.placeholder('name')),
    lte(addresses.publicFrom, sql.placeholder('now')),
    isPublic(tables),
  )
}

/** The columns that every read of copies shares. */
export function copyColumns(db: Read) {
  const { articleCopies: copies, articles, sections } = db.tables
  const { id, slug, name, path } = sections
  return { copy: copyOnly(copies), article: articles, section: { id, slug, name, path } }
}

/** A copy as it is, without what follows from that. */
export function copyOnly(copies: Tables['articleCopies']) {
  const { listedAt: _, card: __, ...columns } = getTableColumns(copies)
  return columns
}

/** The copies that an article has for the public, beside its working copy. */
export function publicCopies(db: Read) {
  const live = alias(db.tables.articleCopies, 'live')
  const next = alias(db.tables.articleCopies, 'next')
  const of = (copies: { articleId: SQLWrapper; stage: SQLWrapper }, stage: string): SQL =>
    sql`${copies.articleId} = ${db.tables.articleCopies.articleId} and ${copies.stage} = ${sql.raw(`'${stage}'`)}`
  return {
    live,
    next,
    ofLive: of(live, 'live'),
    ofNext: of(next, 'next'),
    columns: {
      live: { version: live.version, shownUntil: live.shownUntil },
      next: { version: next.version, slug: next.slug, shownFrom: next.shownFrom, shownUntil: next.shownUntil },
    },
  }
}

export function findWorkingRow(db: Read, id: string): Promise<CopyRow | undefined> {
  return findWorking(db, 'id', sql.placeholder('asked'), id)
}

/** The working copy under this id or slug, present or former. */
export function findWorkingNamed(db: Read, name: string): Promise<CopyRow | undefined> {
  const { kind, address, targetId } = db.tables.addresses
  const named = sql`(select ${targetId} from ${db.tables.addresses} where ${kind} = 'article' and ${address} = ${sql.placeholder('asked')})`
  return findWorking(db, 'name', named, name)
}

async function findWorking(db: Read, by: string, which: SQLWrapper, asked: string): Promise<CopyRow | undefined> {
  const { articleCopies: copies, articles, sections } = db.tables
  const made = publicCopies(db)
  const [row] = await db.prepared(`articles.findWorking:${by}`, (q) =>
    q
      .select({ ...copyColumns(db), ...made.columns })
      .from(copies)
      .innerJoin(articles, eq(articles.id, copies.articleId))
      .leftJoin(sections, eq(sections.id, copies.sectionId))
      .leftJoin(made.live, made.ofLive)
      .leftJoin(made.next, made.ofNext)
      .where(and(eq(copies.articleId, which), isWorking(copies))),
  )({ asked })
  return row
}

/** The slugs that the copies of an article have. */
export async function findSlugs(db: Read, id: string): Promise<string[]> {
  const { articleCopies: copies } = db.tables
  const rows = await db.select({ slug: copies.slug }).from(copies).where(eq(copies.articleId, id))
  return rows.map(({ slug }) => slug)
}

/** One copy as it is stored. */
export async function findCopy(db: Read, id: string, stage: Stage): Promise<Copy | undefined> {
  const { articleCopies: copies } = db.tables
  const [row] = await db.prepared('articles.findCopy', (q) =>
    q
      .select(copyOnly(copies))
      .from(copies)
      .where(and(eq(copies.articleId, sql.placeholder('id')), eq(copies.stage, sql.placeholder('stage')))),
  )({ id, stage })
  return row
}

/** The copy that the public reads under this id or slug, present or former. */
export async function findPublicCopy(db: Read, name: string): Promise<CopyRow | undefined> {
  const { articleCopies: copies, articles, sections, addresses } = db.tables
  const [row] = await db.prepared('articles.findPublic', (q) =>
    q
      .select(copyColumns(db))
      .from(addresses)
      .innerJoin(copies, eq(copies.articleId, addresses.targetId))
      .innerJoin(articles, eq(articles.id, copies.articleId))
      .leftJoin(sections, eq(sections.id, copies.sectionId))
      .where(isPublicUnderName(db.tables)),
  )({ name, now: db.now })
  return row
}

/** The article of which readers have seen something under this id or slug, whatever became of it. */
export async function findShown(db: Read, name: string): Promise<ArticleRow | undefined> {
  const { articles, addresses } = db.tables
  const now = sql.placeholder('now')
  const [row] = await db.prepared('articles.findShown', (q) =>
    q
      .select({ article: articles })
      .from(addresses)
      .innerJoin(articles, eq(articles.id, addresses.targetId))
      .where(
        and(
          eq(addresses.kind, 'article'),
          eq(addresses.address, sql.placeholder('name')),
          lte(addresses.publicFrom, now),
          lte(articles.firstPublishedAt, now),
        ),
      ),
  )({ name, now: db.now })
  return row?.article
}

/** The articles that have this external id in their working copy, or in one that is made for the public. */
export async function findByExternalId(db: Read, externalId: string, stage: 'working' | 'live'): Promise<string[]> {
  const { articleCopies: copies } = db.tables
  // Each stage by name, for the index.
  const stages = stage === 'working' ? sql`('working')` : sql`('live', 'next')`
  const rows = await db.prepared(`articles.findByExternalId:${stage}`, (q) =>
    q
      .select({ id: copies.articleId })
      .from(copies)
      .where(and(sql`${copies.stage} in ${stages}`, eq(copies.externalId, sql.placeholder('externalId')))),
  )({ externalId })
  return rows.map(({ id }) => id)
}

export async function insertArticle(db: Write, article: ArticleRow, { copy, parts }: Stored): Promise<void> {
  // Sent in this order, and a server is not waited for between them.
  await Promise.all([
    insertRow(db, db.tables.articles, article),
    insertRow(db, db.tables.articleCopies, { ...copy, listedAt: listedAt(copy.publishedAt) }),
    insertParts(db, { copy, parts }),
    indexCopy(db, copy, parts),
  ])
}

/** A copy with what belongs to it. */
export interface Stored {
  copy: Copy
  parts: Parts
}

/** What an index has, beside the date: SQLite writes its entry anew when a column of it is set, be it to what it was. */
const byIndex = new Set<keyof Copy>([
  ...(['externalId', 'updatedAt', 'title', 'sectionId', 'lang', 'genre'] as const),
  ...(['breaking', 'breakingUntil', 'shownFrom', 'shownUntil'] as const),
])

/**
 * Makes the working copy another version of itself: what belongs to it is written where it differs, and so are the columns
 * that an index has. All others always are, since a row is written whole; so the statement has few shapes.
 */
export async function reviseCopy(db: Write, before: Stored, after: Stored): Promise<void> {
  const { articleId, stage, publishedAt, ...columns } = after.copy
  const hasChanged = (name: keyof Copy) => !equalJson(before.copy[name], after.copy[name])
  const names = Object.keys(columns) as (keyof typeof columns)[]
  const written = names.filter((name) => !byIndex.has(name) || hasChanged(name))
  const values = Object.fromEntries(written.map((name) => [name, columns[name]]))
  const listed = hasChanged('publishedAt') && { publishedAt, listedAt: listedAt(publishedAt) }
  const isFoundAsBefore = !indexedColumns.some(hasChanged) && equalJson(before.parts, after.parts)
  await Promise.all([
    updateRows(db, db.tables.articleCopies, { articleId, stage }, { ...values, ...listed }),
    writeParts(db, before, after),
    isFoundAsBefore || indexCopy(db, after.copy, after.parts),
  ])
}

/**
 * Puts a copy for the public in the place of the one of its stage, if there is one, with all that belongs to it and its
 * card.
 */
export async function replaceCopy(db: Write, { copy, parts }: Stored, card: string): Promise<void> {
  await deleteRowsOfCopy(db, copy.articleId, copy.stage)
  await insertCopy(db, { copy, parts }, card)
}

/** Adds a copy for the public, where there is none of its stage. */
export async function insertCopy(db: Write, { copy, parts }: Stored, card: string): Promise<void> {
  await Promise.all([
    insertRow(db, db.tables.articleCopies, { ...copy, listedAt: listedAt(copy.publishedAt), card }),
    insertParts(db, { copy, parts }),
    indexCopy(db, copy, parts),
  ])
}

/** Takes away what is made for the public. */
export async function deletePublicCopies(db: Write, id: string): Promise<void> {
  await deleteCopy(db, id, 'live')
  await deleteCopy(db, id, 'next')
}

export async function deleteCopy(db: Write, id: string, stage: Stage): Promise<void> {
  await deleteRowsOfCopy(db, id, stage)
  await unindexCopy(db, id, stage)
}

async function deleteRowsOfCopy(db: Write, id: string, stage: Stage): Promise<void> {
  if (stage !== 'working') await dropUses(db, id, stage)
  await deleteRows(db, db.tables.articleCopies, { articleId: id, stage })
}

/** Changes columns of a copy by which it is neither found nor listed by date. */
export async function updateCopy(
  db: Write,
  { articleId, stage, ...values }: Pick<Copy, 'articleId' | 'stage'> & Partial<Omit<Copy, IndexedColumn>>,
): Promise<void> {
  await updateRows(db, db.tables.articleCopies, { articleId, stage }, values)
}

/** Makes a copy found by what it says, as it is stored. */
export async function reindexCopy(db: Write, id: string, stage: Stage): Promise<void> {
  const [copy, parts] = await Promise.all([findCopy(db, id, stage), findParts(db, id, stage)])
  if (copy !== undefined) await indexCopy(db, copy, parts)
}

export async function updateArticle(db: Write, id: string, values: Partial<ArticleRow>): Promise<void> {
  await updateRows(db, db.tables.articles, { id }, values)
}

/** Copies, revisions and locks go along. */
export async function deleteArticle(db: Write, id: string): Promise<void> {
  const { articles } = db.tables
  const copies = []
  for (const stage of stages) {
    const copy = await findCopy(db, id, stage)
    if (copy !== undefined) copies.push({ copy, parts: await findParts(db, id, stage) })
    await deleteCopy(db, id, stage)
  }
  await forgetWordsOf(db, copies)
  await db.delete(articles).where(eq(articles.id, id))
}
