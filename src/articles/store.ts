import { and, count, countDistinct, eq, gt, isNull, lte, or, type SQL, sql } from '../storage/drizzle.ts'
import type { Read, Write } from '../storage/store.ts'
import { insertParts, type Parts } from './parts/store.ts'
import type { Stage } from './vocabulary.ts'
import type { State } from './workflow.ts'

type Tables = Read['tables']
export type Copy = Tables['articleCopies']['$inferSelect']
export type ArticleRow = Tables['articles']['$inferSelect']

/** One copy with what belongs to its article and its section. */
export interface CopyRow {
  copy: Copy
  article: ArticleRow
  section: { id: string; slug: string; name: string; path: string } | null
  liveVersion: number | null
}

/** Time is decided when it is read: what a reader may see at this moment, whether or not any job has run. */
export function isPublic({ articleCopies: copies }: Tables): SQL | undefined {
  const now = sql.placeholder('now')
  return and(
    eq(copies.stage, 'live'),
    lte(copies.publishedAt, now),
    or(isNull(copies.embargoUntil), lte(copies.embargoUntil, now)),
    or(isNull(copies.expiresAt), gt(copies.expiresAt, now)),
  )
}

/** The columns and joins that every read of copies shares. */
export function copyColumns(db: Read) {
  const { articleCopies: copies, articles, sections } = db.tables
  return {
    copy: copies,
    article: articles,
    section: { id: sections.id, slug: sections.slug, name: sections.name, path: sections.path },
    liveVersion: sql<
      number | null
    >`(select l.version from article_copies l where l.article_id = ${copies.articleId} and l.stage = 'live')`.mapWith(
      copies.version,
    ),
  }
}

export async function findCopy(db: Read, id: string, stage: Stage): Promise<CopyRow | undefined> {
  const { articleCopies: copies, articles, sections } = db.tables
  const [row] = await db.prepared(`articles.find:${stage}`, (q) =>
    q
      .select(copyColumns(db))
      .from(copies)
      .innerJoin(articles, eq(articles.id, copies.articleId))
      .leftJoin(sections, eq(sections.id, copies.sectionId))
      .where(and(eq(copies.articleId, sql.placeholder('id')), eq(copies.stage, stage))),
  )({ id })
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
      .where(
        and(
          eq(addresses.kind, 'article'),
          eq(addresses.address, sql.placeholder('name')),
          lte(addresses.publicFrom, sql.placeholder('now')),
          isPublic(db.tables),
        ),
      ),
  )({ name, now: db.now })
  return row
}

/** Whether readers have seen something under this id or slug, whatever became of it. */
export async function wasPublic(db: Read, name: string): Promise<boolean> {
  const { articles, addresses } = db.tables
  const now = sql.placeholder('now')
  const rows = await db.prepared('articles.wasPublic', (q) =>
    q
      .select({ id: articles.id })
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
  return rows.length > 0
}

/** How many public articles use each of these tags or sources now. */
export async function countPublicUsers(
  db: Read,
  used: 'tag' | 'source',
  ids: readonly string[],
): Promise<{ id: string; n: number }[]> {
  const { articleCopies: copies, articleTags, articleSources } = db.tables
  const inputs = { ids: JSON.stringify(ids), now: db.now }
  const list = sql.placeholder('ids')
  if (used === 'tag') {
    return db.prepared('articles.countOfTags', (q) =>
      q
        .select({ id: articleTags.tagId, n: count() })
        .from(articleTags)
        .innerJoin(copies, and(eq(copies.articleId, articleTags.articleId), eq(copies.stage, articleTags.stage)))
        .where(and(db.dialect.isOneOf(articleTags.tagId, list), isPublic(db.tables)))
        .groupBy(articleTags.tagId),
    )(inputs)
  }
  return db.prepared('articles.countOfSources', (q) =>
    q
      .select({ id: articleSources.sourceId, n: countDistinct(articleSources.articleId) })
      .from(articleSources)
      .innerJoin(copies, and(eq(copies.articleId, articleSources.articleId), eq(copies.stage, articleSources.stage)))
      .where(and(db.dialect.isOneOf(articleSources.sourceId, list), isPublic(db.tables)))
      .groupBy(articleSources.sourceId),
  )(inputs)
}

/** The article that has this external id in its working copy. */
export async function findByExternalId(db: Read, externalId: string, stage: Stage): Promise<string | undefined> {
  const { articleCopies: copies } = db.tables
  const [row] = await db.prepared(`articles.findByExternalId:${stage}`, (q) =>
    q
      .select({ id: copies.articleId })
      .from(copies)
      .where(and(eq(copies.stage, stage), eq(copies.externalId, sql.placeholder('externalId')))),
  )({ externalId })
  return row?.id
}

export async function insertArticle(
  db: Write,
  article: Tables['articles']['$inferInsert'],
  copy: Copy,
  parts: Parts,
): Promise<void> {
  await db.insert(db.tables.articles).values(article)
  await db.insert(db.tables.articleCopies).values(copy)
  await insertParts(db, copy, parts)
}

/** Puts a copy in the place of the one of its stage, if there is one, with all that belongs to it. */
export async function replaceCopy(db: Write, copy: Copy, parts: Parts): Promise<void> {
  await deleteCopy(db, copy.articleId, copy.stage)
  await db.insert(db.tables.articleCopies).values(copy)
  await insertParts(db, copy, parts)
}

export async function deleteCopy(db: Write, id: string, stage: Stage): Promise<void> {
  const { articleCopies: copies } = db.tables
  await db.delete(copies).where(and(eq(copies.articleId, id), eq(copies.stage, stage)))
}

export async function updateCopy(db: Write, copy: Pick<Copy, 'articleId' | 'stage'> & Partial<Copy>): Promise<void> {
  const { articleCopies: copies } = db.tables
  await db
    .update(copies)
    .set(copy)
    .where(and(eq(copies.articleId, copy.articleId), eq(copies.stage, copy.stage)))
}

export async function updateArticle(
  db: Write,
  id: string,
  values: { state: State; firstPublishedAt?: string | null },
): Promise<void> {
  const { articles } = db.tables
  await db.update(articles).set(values).where(eq(articles.id, id))
}
