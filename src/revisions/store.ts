import type { Instant } from '../lib/clock.ts'
import { and, desc, eq, gt, isNull, lt, sql } from '../storage/drizzle.ts'
import { type Paged, pageOf, type Window } from '../storage/keyset.ts'
import { deleteRows, insertRow, updateRows } from '../storage/rows.ts'
import type { Queries, Read, Write } from '../storage/store.ts'

export type RevisionRow = Read['tables']['revisions']['$inferSelect']
export type SummaryRow = Omit<RevisionRow, 'snapshot' | 'articleId'> & { actorName: string | null }

export async function insertRevision(db: Write, row: RevisionRow): Promise<void> {
  await insertRow(db, db.tables.revisions, row)
}

/** Puts a revision in the place of one with another number. */
export async function replaceRevision(db: Write, number: number, { articleId, ...row }: RevisionRow): Promise<void> {
  await updateRows(db, db.tables.revisions, { articleId, number }, row)
}

/** The newest revision of an article, without what it holds. */
export async function findNewest(db: Read, articleId: string): Promise<SummaryRow | undefined> {
  const { revisions } = db.tables
  const [row] = await db.prepared('revisions.newest', (q) =>
    summaries(db, q)
      .where(eq(revisions.articleId, sql.placeholder('articleId')))
      .orderBy(desc(revisions.number))
      .limit(1),
  )({ articleId })
  return row
}

export async function findRevision(
  db: Read,
  articleId: string,
  number: number,
): Promise<(SummaryRow & Pick<RevisionRow, 'snapshot'>) | undefined> {
  const { revisions, keys } = db.tables
  const [row] = await db
    .select({ ...summaryColumns(db), snapshot: revisions.snapshot })
    .from(revisions)
    .leftJoin(keys, eq(keys.id, revisions.actor))
    .where(and(eq(revisions.articleId, articleId), eq(revisions.number, number)))
  return row
}

export async function listRevisions(db: Read, articleId: string, window: Window): Promise<Paged<SummaryRow>> {
  const { revisions } = db.tables
  const { position, limit } = window
  const backwards = position?.side === 'before'
  const at = Number(position?.value)
  const beyond = position && (backwards ? gt(revisions.number, at) : lt(revisions.number, at))
  const rows = await summaries(db)
    .where(and(eq(revisions.articleId, articleId), beyond))
    .orderBy(backwards ? revisions.number : desc(revisions.number))
    .limit(limit + 1)
  const page = pageOf(rows, window, ({ number }) => ({ value: String(number), id: articleId }))
  if (window.count === undefined) return page
  const [total] = await db
    .select({ n: sql<number>`count(*)`.mapWith(Number) })
    .from(revisions)
    .where(eq(revisions.articleId, articleId))
  return { ...page, total: total?.n ?? 0 }
}

/** Deletes saves without a note that are older than an instant, but never the newest revision of an article. */
export async function deleteSavesBefore(db: Write, before: Instant, limit: number): Promise<number> {
  const { revisions } = db.tables
  const newer = sql`exists (select 1 from revisions n where n.article_id = ${revisions.articleId} and n.number > ${revisions.number})`
  const old = await db
    .select({ articleId: revisions.articleId, number: revisions.number })
    .from(revisions)
    .where(and(lt(revisions.at, before), eq(revisions.kind, 'saved'), isNull(revisions.note), newer))
    .orderBy(revisions.at)
    .limit(limit)
  for (const one of old) await deleteRows(db, revisions, one)
  return old.length
}

function summaries(db: Read, queries: Queries = db) {
  const { revisions, keys } = db.tables
  return queries.select(summaryColumns(db)).from(revisions).leftJoin(keys, eq(keys.id, revisions.actor))
}

function summaryColumns(db: Read) {
  const { number, kind, at, since, actor, fields, note } = db.tables.revisions
  return { number, kind, at, since, actor, fields, note, actorName: db.tables.keys.name }
}
