import { and, desc, eq, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import type { Read } from '../../storage/store.ts'
import { type CopyRow, copyColumns, isPublic } from '../store.ts'
import { viewOf } from '../table.ts'

/** What of one tag, source or section is looked at for its neighbours: the newest, so that the cost has an end. */
const candidatesOfEach = 200

/**
 * Public articles near to one: those with most of its tags first, then most of its sources, then its section, then the
 * newest. It starts from what shares something, not from all articles.
 */
export function listRelated(db: Read, { articleId, stage }: CopyRow['copy'], limit: number): Promise<CopyRow[]> {
  const { articleCopies: copies, articles, sections, articleTags, articleSources, sources } = db.tables
  return db.prepared('articles.related', (q) => {
    const it = sql`mine.article_id = ${sql.placeholder('id')} and mine.stage = ${sql.placeholder('stage')}`
    const each = sql.raw(String(candidatesOfEach))
    // Before the candidates are cut: what is hidden must not take the place of what is not.
    const now = sql.placeholder('now')
    const shown = sql`c.shown_from <= ${now} and (c.shown_until is null or c.shown_until > ${now})`
    const isOfView = (table: string): SQL => sql`${viewOf({ stage: sql.raw(`${table}.stage`) })} = 'live'`
    const newest = (table: string): SQL =>
      sql`order by ${sql.raw(`${table}.listed_at`)} desc, ${sql.raw(`${table}.article_id`)} desc limit ${each}`
    const sharing = (table: SQLWrapper, column: SQL, weight: SQL, only: SQL): SQL => {
      const found = sql`select n.article_id, n.stage from ${table} n cross join ${copies} c
        where c.article_id = n.article_id and c.stage = n.stage and n.${column} = mine.${column}
        and ${isOfView('n')} and ${shown} ${newest('n')}`
      const key = { table: copies, key: ['article_id', 'stage'] }
      return sql`select distinct mine.${column}, found.article_id, found.stage, ${weight} as weight
        ${db.dialect.withFound(sql`${table} mine`, key, found)} and ${it} ${only}`
    }
    const beside = sql`
      select c.article_id, c.stage from ${copies} c where ${isOfView('c')} and ${shown}
      and c.section_id = (select mine.section_id from ${copies} mine where ${it}) ${newest('c')}`
    const open = sql`and mine.source_id in (select s.id from ${sources} s where s.visibility = 'public')`
    // An article has at most 50 sources: all of them and the section weigh less than one tag.
    const near = sql`(
      select candidate.article_id, candidate.stage, sum(candidate.weight) as weight from (
        ${sharing(articleTags, sql`tag_id`, sql`128`, sql``)}
        union all
        ${sharing(articleSources, sql`source_id`, sql`2`, open)}
        union all
        select null, article_id, stage, 1 from (${beside}) neighbours
      ) candidate where candidate.article_id <> ${sql.placeholder('id')} group by candidate.article_id, candidate.stage) near`
    return (
      q
        .select(copyColumns(db))
        .from(near)
        // SQLite keeps the order of a cross join: from the candidates to their copies, not through all copies there are.
        .crossJoin(copies)
        .innerJoin(articles, eq(articles.id, copies.articleId))
        .leftJoin(sections, eq(sections.id, copies.sectionId))
        .where(and(sql`near.article_id = ${copies.articleId} and near.stage = ${copies.stage}`, isPublic(db.tables)))
        .orderBy(sql`near.weight desc`, desc(copies.publishedAt), desc(copies.articleId))
        .limit(sql.placeholder('limit'))
    )
  })({ id: articleId, stage, limit, now: db.now })
}
