import { randomInt } from 'node:crypto'
import { createBreath } from '../lib/breath.ts'
import { and, countDistinct, eq, type SQL, sql } from '../storage/drizzle.ts'
import type { Read, Write } from '../storage/store.ts'

/** What an article uses: a section, a tag or a source. */
export type Used = 'section' | 'tag' | 'source'

/** As far as randomInt() goes: nobody draws the same twice. */
const mostDrawn = 2 ** 48 - 1

/** How many articles use it in any copy. */
export async function countUsers(db: Read, used: Used, id: string): Promise<number> {
  const { table, column, article } = relation(db, used)
  const [row] = await db
    .select({ n: countDistinct(article) })
    .from(table)
    .where(eq(column, id))
  return row?.n ?? 0
}

/** Articles to a statement: some milliseconds of work, after which others have their turn. */
const atOnce = 200

/** The copies of every article that use the one use the other instead, once. */
export async function moveUsers(db: Write, used: Used, from: string, to: string): Promise<void> {
  const { articleCopies, articleTags, articleSources } = db.tables
  for await (const ids of walkUsers(db, used, from)) {
    const isOfThese = ofArticles(db, used, from, ids)
    if (used === 'section') await db.update(articleCopies).set({ sectionId: to, card: null }).where(isOfThese)
    else if (used === 'source') await db.update(articleSources).set({ sourceId: to }).where(isOfThese)
    else {
      const already = sql`exists (select 1 from ${articleTags} other where other.article_id = ${articleTags.articleId}
        and other.stage = ${articleTags.stage} and other.tag_id = ${to})`
      await db.delete(articleTags).where(and(isOfThese, already))
      await db.update(articleTags).set({ tagId: to }).where(isOfThese)
    }
    if (used !== 'section') await emptyCards(db, ids)
  }
  if (used === 'section') return
  await recount(db, used, to)
  await forget(db, from)
}

export async function detachUsers(db: Write, used: 'tag' | 'source', id: string): Promise<void> {
  const { articleTags, articleSources } = db.tables
  for await (const ids of walkUsers(db, used, id)) {
    await db.delete(used === 'tag' ? articleTags : articleSources).where(ofArticles(db, used, id, ids))
    await emptyCards(db, ids)
  }
  await forget(db, id)
}

/** What cards show of these articles is another now: they are written anew afterwards. */
async function emptyCards(db: Write, ids: readonly string[]): Promise<void> {
  const { articleCopies: copies } = db.tables
  await db
    .update(copies)
    .set({ card: null })
    .where(and(db.dialect.isOneOf(copies.articleId, sql`${JSON.stringify(ids)}`), sql`${copies.card} is not null`))
}

/**
 * Whoever has kept what sections, tags and sources are called, or whether readers may be told, has to look again. The
 * number is drawn, since a server that takes over may count again what was lost.
 */
export async function renamed(db: Write): Promise<void> {
  const { counters } = db.tables
  const value = randomInt(mostDrawn)
  await db
    .insert(counters)
    .values({ name: 'names', value })
    .onConflictDoUpdate({ target: counters.name, set: { value } })
}

/** The articles that use it, some at a time, until there are none: whoever takes them sees to it that they use it no more. */
async function* walkUsers(db: Read, used: Used, id: string): AsyncGenerator<string[]> {
  const { table, column, article } = relation(db, used)
  const breathe = createBreath()
  for (;;) {
    const rows = await db.selectDistinct({ id: article }).from(table).where(eq(column, id)).limit(atOnce)
    if (rows.length === 0) return
    yield rows.map((row) => row.id)
    await breathe()
  }
}

/** What of these articles uses it: found by the articles, of which there are fewer. */
function ofArticles(db: Read, used: Used, id: string, ids: readonly string[]): SQL | undefined {
  const { column, article } = relation(db, used)
  return and(db.dialect.isOneOf(article, sql`${JSON.stringify(ids)}`), eq(db.dialect.byRow(column), id))
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
