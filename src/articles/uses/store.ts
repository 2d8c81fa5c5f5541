import { and, eq, type SQL, sql } from '../../storage/drizzle.ts'
import type { Read, Write } from '../../storage/store.ts'
import { isForThePublic } from '../table.ts'
import type { Stage } from '../vocabulary.ts'

/** Counts a copy that is made for the public with each tag and source that it has. */
export async function addUses(db: Write, ids: readonly string[]): Promise<void> {
  const { uses } = db.tables
  const add = db.preparedWrite('uses.add', (q) =>
    q
      .insert(uses)
      .values({ id: sql.placeholder('id'), copies: 1 })
      .onConflictDoUpdate({ target: uses.id, set: { copies: sql`${uses.copies} + 1` } }),
  )
  await Promise.all([...new Set(ids)].map((id) => add({ id })))
}

/** Counts a copy that is made for the public no more; before it goes, and its tags and sources with it. */
export async function dropUses(db: Write, articleId: string, stage: Exclude<Stage, 'working'>): Promise<void> {
  const { uses, articleTags, articleSources } = db.tables
  // SQLite looks into inputs to plan, and so compiles it anew at each run, unless they are hidden from it.
  const input = (name: string): SQL => sql`(select ${sql.placeholder(name)})`
  const of = (table: typeof articleTags | typeof articleSources): SQL | undefined =>
    and(eq(table.articleId, input('articleId')), eq(table.stage, input('stage')))
  const drop = db.preparedWrite('uses.drop', (q) =>
    q
      .update(uses)
      .set({ copies: sql`${uses.copies} - 1` })
      .where(
        sql`${uses.id} in (select ${articleTags.tagId} from ${articleTags} where ${of(articleTags)}
        union select ${articleSources.sourceId} from ${articleSources} where ${of(articleSources)})`,
      ),
  )
  await drop({ articleId, stage })
}

/**
 * How many public articles use each of these tags or sources now: the copies that are counted, less those whose time has
 * not come or is over, which are few and have an index. An article has one copy at most that the public sees.
 */
export async function countPublicUsers(
  db: Read,
  used: 'tag' | 'source',
  ids: readonly string[],
): Promise<{ id: string; n: number }[]> {
  const { articleCopies: copies, articleTags, articleSources, uses } = db.tables
  const now = sql.placeholder('now')
  const table = used === 'tag' ? articleTags : articleSources
  const column = used === 'tag' ? articleTags.tagId : articleSources.sourceId
  const hidden = sql`(
    select distinct h.article_id, h.stage, ${column} as id from (
      select ${copies.articleId}, ${copies.stage} from ${copies} where ${copies.stage} = 'next' and ${copies.shownFrom} > ${now}
      union all
      select ${copies.articleId}, ${copies.stage} from ${copies}
      where ${isForThePublic(copies)} and ${copies.shownUntil} is not null and ${copies.shownUntil} <= ${now}
    ) h cross join ${table} where ${table.articleId} = h.article_id and ${table.stage} = h.stage)`
  return db.prepared(`articles.countOf:${used}`, (q) =>
    q
      .select({ id: uses.id, n: sql<number>`${uses.copies} - coalesce(unseen.n, 0)`.mapWith(Number) })
      .from(uses)
      .leftJoin(sql`(select id, count(*) as n from ${hidden} hidden group by id) unseen`, sql`unseen.id = ${uses.id}`)
      .where(db.dialect.isOneOf(uses.id, sql.placeholder('ids'))),
  )({ ids: JSON.stringify(ids), now: db.now })
}
