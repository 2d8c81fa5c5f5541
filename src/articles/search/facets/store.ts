import type { Sought } from '../../../search/sought.ts'
import { type SQL, sql } from '../../../storage/drizzle.ts'
import type { Read } from '../../../storage/store.ts'
import type { ListFilter } from '../../names/store.ts'
import { isOfEntry } from '../entries/store.ts'
import { candidatesOf } from '../matches/store.ts'
import type { FacetName } from '../schema.ts'

export interface FacetRow {
  facet: FacetName
  value: string
  name: string
  n: number
}

/** What a screen shows of each. */
const mostValues = 10

/**
 * How many of what is ranked have which section, tag, source, language and year, the most frequent first: in one statement
 * for all that are asked. To the public no confidential source is counted.
 */
export async function countFacets(
  db: Read,
  filter: ListFilter,
  sought: Sought,
  facets: readonly FacetName[],
): Promise<FacetRow[]> {
  const {
    articleCopies: copies,
    articleTags,
    articleSources,
    searchEntries: entries,
    sections,
    tags,
    sources,
  } = db.tables
  const { tables, visible, inputs, shape } = candidatesOf(db, filter, sought)
  const of = (table: SQL): SQL => sql`${table}.article_id = hits.article_id and ${table}.stage = hits.stage`
  const named: Record<FacetName, SQL> = {
    section: sql`select ${sections.slug} as value, ${sections.name} as name from hits join ${sections} on ${sections.id} = hits.section_id`,
    tag: sql`select ${tags.slug} as value, ${tags.name} as name from hits join ${articleTags} on ${of(sql`${articleTags}`)}
      join ${tags} on ${tags.id} = ${articleTags.tagId}`,
    // A source may stand on an article in several roles.
    source: sql`select value, name from (
      select distinct hits.article_id, ${sources.slug} as value, ${sources.name} as name
      from hits join ${articleSources} on ${of(sql`${articleSources}`)} join ${sources} on ${sources.id} = ${articleSources.sourceId}
      ${filter.stage === 'live' ? sql`where ${sources.visibility} = 'public'` : sql``}) used`,
    lang: sql`select hits.lang as value, hits.lang as name from hits`,
    year: sql`select substr(hits.published_at, 1, 4) as value, substr(hits.published_at, 1, 4) as name from hits where hits.published_at is not null`,
  }
  const counts = facets.map(
    (facet) => sql`select * from (
      select '${sql.raw(facet)}' as facet, value, name, count(*) as n from (${named[facet]}) ${sql.raw(`of_${facet}`)}
      group by value, name order by n desc, value limit ${sql.raw(String(mostValues))}) ${sql.raw(`most_${facet}`)}`,
  )
  const column = <T>(name: string) => sql<T>`${sql.raw(name)}`
  return db.prepared(
    `search.facets:${[...facets]}:${shape}`,
    (q) =>
      q
        .select({
          facet: column<FacetName>('facet'),
          value: column<string>('value'),
          name: column<string>('name'),
          n: sql<number>`n`.mapWith(Number),
        })
        .from(sql`(
          with ${tables}, hits as (
            select ${copies.articleId} as article_id, ${copies.stage} as stage, ${copies.lang} as lang,
              ${copies.sectionId} as section_id, ${copies.publishedAt} as published_at
            from (select id from anywhere union select id from titled) found cross join ${entries} cross join ${copies}
            where ${entries.id} = found.id and ${isOfEntry(db, filter.stage)} and ${visible})
          ${sql.join(counts, sql` union all `)}) counted`)
        .orderBy(sql`facet, n desc, value`),
    'anew',
  )(inputs)
}
