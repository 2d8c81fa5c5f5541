import { isPublic } from '../articles/articles.ts'
import type { TextRange } from '../labels/labels.ts'
import { and, eq, ne, type SQL, type SQLWrapper, sql } from '../storage/drizzle.ts'
import type { Read } from '../storage/store.ts'
import type { SuggestedKind } from './schema.ts'

/** What may be suggested: for a thing with several names that fit, once for each. */
export interface Candidate {
  kind: SuggestedKind
  id: string
  slug: string
  name: string
  path: string | null
  visibility: 'public' | 'editors' | null
  /** the other names, as a JSON list */
  others: string | null
  /** the folded words that it was found by; of an article null */
  text: string | null
  /** of an article: the greater, the newer */
  date: number | null
}

export interface Asked {
  kinds: readonly SuggestedKind[]
  view: 'live' | 'working'
  /** working copies of what this key created alone */
  owner: string | undefined
  /** of the texts of labels */
  range: TextRange
  /** what stands in titles, as the engine reads it */
  title: string
  /** how many articles */
  limit: number
}

/** Names of one kind that are looked at: five times as many as are answered, so that the shortest come first. */
const mostNames = 100

/**
 * What is called so, in one statement, each kind of it by a limited search in an index: of names those that come first in
 * the order of code points, of titles the newest. `version` is that of the words that are indexed, 0 when not all are.
 */
export async function findCandidates(db: Read, asked: Asked): Promise<{ version: number; candidates: Candidate[] }> {
  const { searchState } = db.tables
  const { range, title, owner, limit, view } = asked
  // In one order, so that there are few statements.
  const kinds = [...new Set(asked.kinds)].sort()
  const parts = kinds.map((kind) => (kind === 'article' ? articlesOf(db, asked) : namesOf(db, kind, view)))
  const columns = {
    version: searchState.version,
    kind: sql<SuggestedKind | null>`candidates.kind`,
    id: sql<string>`candidates.id`,
    slug: sql<string>`candidates.slug`,
    name: sql<string>`candidates.name`,
    path: sql<string | null>`candidates.path`,
    visibility: sql<Candidate['visibility']>`candidates.visibility`,
    others: sql<string | null>`candidates.others`,
    text: sql<string | null>`candidates.text`,
    date: sql<number | null>`candidates.date`.mapWith(Number),
  }
  const rows = await db.prepared(
    `suggest:${kinds},${view},${owner !== undefined}`,
    (q) =>
      q
        .select(columns)
        .from(searchState)
        .leftJoin(sql`(${sql.join(parts, sql` union all `)}) candidates`, sql`true`)
        .where(eq(searchState.name, sql.raw("'articles'"))),
    'anew',
  )({ ...range, title, owner, limit, now: db.now })
  const candidates = rows.flatMap(({ version: _, kind, ...row }) => (kind === null ? [] : [{ kind, ...row }]))
  return { version: rows[0]?.version ?? 0, candidates }
}

const columnNames = ['id', 'slug', 'name', 'path', 'visibility', 'others', 'text', 'date'] as const
type Columns = Record<(typeof columnNames)[number], SQLWrapper>
const none = sql`cast(null as text)`
/** What not every kind has. */
const nothing = { path: none, visibility: none, others: none, text: none, date: sql`cast(null as bigint)` }

/** Each part has the same columns, in the same order. */
function selectOf(kind: SuggestedKind, columns: Columns): SQL {
  const named = columnNames.map((name) => sql`${columns[name]} as ${sql.raw(name)}`)
  return sql`select '${sql.raw(kind)}' as kind, ${sql.join(named, sql`, `)}`
}

function namesOf(db: Read, kind: Exclude<SuggestedKind, 'article'>, view: Asked['view']): SQL {
  const { labels, sections, tags, sources } = db.tables
  const { text } = labels
  const things = {
    section: () => ({ table: sections, columns: { ...named(sections), path: sections.path } }),
    tag: () => ({ table: tags, columns: { ...named(tags), others: tags.synonyms } }),
    source: () => {
      const { aliases: others, visibility } = sources
      return { table: sources, columns: { ...named(sources), others, visibility } }
    },
  }
  const { table, columns } = things[kind]()
  const where = and(
    sql`${text} >= ${sql.placeholder('from')} and ${text} < ${sql.placeholder('until')}`,
    // Row by row: else SQLite does not see that the index has them in this order.
    sql`${db.dialect.byRow(labels.kind)} = ${sql.raw(`'${kind}'`)}`,
    eq(table.id, labels.targetId),
    // Before they are counted: what is hidden must not take the place of what is not.
    kind === 'source' && view === 'live' ? eq(sources.visibility, 'public') : undefined,
  )
  // SQLite keeps the order of a cross join: from the names to what has them.
  return sql`select * from (${selectOf(kind, { ...nothing, ...columns, text })} from ${labels} cross join ${table} where ${where}
    order by ${text}, ${labels.kind}, ${labels.targetId} limit ${sql.raw(String(mostNames))}) ${sql.raw(kind)}`
}

function named({ id, slug, name }: Pick<Columns, 'id' | 'slug' | 'name'>) {
  return { id, slug, name }
}

/** The index of words has a row for each text of an article, which says whose it is and which copies say it. */
function articlesOf(db: Read, { view, owner }: Asked): SQL {
  const { articleCopies: copies, articles, searchEntries: entries } = db.tables
  const { search } = db.dialect
  const { articleId: id, slug, title: name, stage } = copies
  const isReadable =
    view === 'live'
      ? // What the public sees at this moment, which the clock decides; and what says so there.
        and(isPublic(db.tables), sql`case ${stage} when 'live' then ${entries.live} else ${entries.next} end`)
      : and(
          eq(stage, sql.raw("'working'")),
          sql`${entries.working}`,
          ne(articles.state, sql.raw("'trashed'")),
          owner === undefined ? undefined : eq(articles.createdBy, sql.placeholder('owner')),
        )
  const where = and(
    search.matches(sql.placeholder('title')),
    eq(entries.id, search.id),
    eq(id, entries.articleId),
    view === 'live' ? undefined : eq(articles.id, id),
    isReadable,
  )
  const from = sql`${search.from} cross join ${entries} cross join ${copies}`
  const whole = view === 'live' ? from : sql`${from} cross join ${articles}`
  return sql`select * from (${selectOf('article', { ...nothing, id, slug, name, date: search.id })} from ${whole} where ${where}
    order by ${search.id} desc limit ${sql.placeholder('limit')}) article`
}
