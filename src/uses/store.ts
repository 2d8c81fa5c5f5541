import { and, countDistinct, eq, sql } from '../storage/drizzle.ts'
import type { Read, Write } from '../storage/store.ts'

/** What an article uses: a section, a tag or a source. */
export type Used = 'section' | 'tag' | 'source'

/** How many articles use it in any copy. */
export async function countUsers(db: Read, used: Used, id: string): Promise<number> {
  const { table, column, article } = relation(db, used)
  const [row] = await db
    .select({ n: countDistinct(article) })
    .from(table)
    .where(eq(column, id))
  return row?.n ?? 0
}

/** The copies of every article that use the one use the other instead, once. */
export async function moveUsers(db: Write, used: Used, from: string, to: string): Promise<void> {
  const { articleCopies, articleTags, articleSources } = db.tables
  if (used === 'section') {
    await db.update(articleCopies).set({ sectionId: to }).where(eq(articleCopies.sectionId, from))
    return
  }
  if (used === 'source') {
    await db.update(articleSources).set({ sourceId: to }).where(eq(articleSources.sourceId, from))
  } else {
    const already = db
      .select({ articleId: articleTags.articleId, stage: articleTags.stage })
      .from(articleTags)
      .where(eq(articleTags.tagId, to))
    const copy = sql`(${articleTags.articleId}, ${articleTags.stage})`
    await db.delete(articleTags).where(and(eq(articleTags.tagId, from), sql`${copy} in ${already}`))
    await db.update(articleTags).set({ tagId: to }).where(eq(articleTags.tagId, from))
  }
  await recount(db, used, to)
  await forget(db, from)
}

export async function detachUsers(db: Write, used: 'tag' | 'source', id: string): Promise<void> {
  const { articleTags, articleSources } = db.tables
  if (used === 'tag') await db.delete(articleTags).where(eq(articleTags.tagId, id))
  else await db.delete(articleSources).where(eq(articleSources.sourceId, id))
  await forget(db, id)
}

/** Counts the copies for the public anew: what two had, each of them counts once. */
async function recount(db: Write, used: 'tag' | 'source', id: string): Promise<void> {
  const { uses } = db.tables
  const { table, column } = relation(db, used)
  const copies = sql`(select count(*) from (
    select distinct ${table.articleId}, ${table.stage} from ${table} where ${column} = ${id} and ${table.stage} <> 'working') counted)`
  await db.insert(uses).values({ id, copies }).onConflictDoUpdate({ target: uses.id, set: { copies } })
}

async function forget(db: Write, id: string): Promise<void> {
  const { uses } = db.tables
  await db.delete(uses).where(eq(uses.id, id))
}

function relation(db: Read, used: Used) {
  const { articleCopies, articleTags, articleSources } = db.tables
  if (used === 'section') {
    return { table: articleCopies, column: articleCopies.sectionId, article: articleCopies.articleId }
  }
  if (used === 'tag') return { table: articleTags, column: articleTags.tagId, article: articleTags.articleId }
  return { table: articleSources, column: articleSources.sourceId, article: articleSources.articleId }
}
