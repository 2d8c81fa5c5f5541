import { and, desc, eq, type SQL, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import type { Read } from '../../storage/store.ts'
import { type CopyRow, copyColumns, isPublic } from '../store.ts'

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
    // Each stage by name, so that an index that begins with it gives the newest.
    const inEach = (part: (stage: SQL) => SQL): SQL => sql`${part(sql`'live'`)} union all ${part(sql`'next'`)}`
    // Before the candidates are cut: what is hidden must not take the place of what is not.
    const now = sql.placeholder('now')
    const shown = sql`c.shown_from <= ${now} and (c.shown_until is null or c.shown_until > ${now})`
    // Ids are in the order of their making, so the last of them are the newest.
    const sharing = (table: SQLWrapper, column: SQL, weight: SQL, only: SQL) => (stage: SQL) =>
      sql`
      select distinct mine.${column}, other.article_id, other.stage, ${weight} as weight from ${table} mine
      join ${table} other on other.${column} = mine.${column} and other.stage = ${stage} and other.article_id in (
        select n.article_id from ${table} n join ${copies} c on c.article_id = n.article_id and c.stage = n.stage
        where n.${column} = mine.${column} and n.stage = ${stage} and ${shown}
        order by n.article_id desc limit ${each})
      where ${it} ${only}`
    const beside = (stage: SQL) => sql`
      select article_id, stage, 1 as weight from (
        select c.article_id, c.stage from ${copies} c where c.stage = ${stage} and ${shown}
        and c.section_id = (select mine.section_id from ${copies} mine where ${it})
        order by coalesce(c.published_at, '9999') desc, c.article_id desc limit ${each}) beside`
    const open = sql`and mine.source_id in (select s.id from ${sources} s where s.visibility = 'public')`
    // An article has at most 50 sources: all of them and the section weigh less than one tag.
    const near = sql`(
      select candidate.article_id, candidate.stage, sum(candidate.weight) as weight from (
        select article_id, stage, weight from (${inEach(sharing(articleTags, sql`tag_id`, sql`128`, sql``))}) tagged
        union all
        select article_id, stage, weight from (${inEach(sharing(articleSources, sql`source_id`, sql`2`, open))}) sourced
        union all
        select article_id, stage, weight from (${inEach(beside)}) neighbours
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
