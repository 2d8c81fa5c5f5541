import { equalJson } from '../../lib/json.ts'
import { and, asc, eq, lt, type SQL, type SQLiteTable, type SQLWrapper, sql } from '../../storage/drizzle.ts'
import { deleteRows, insertRow, type Row } from '../../storage/rows.ts'
import type { Read, Write } from '../../storage/store.ts'
import { isForThePublic, isWorking, listedAt } from '../table.ts'
import { addUses } from '../uses/store.ts'
import type { Form, Stage, View } from '../vocabulary.ts'

type Tables = Read['tables']
export type PageRow = Omit<Tables['articlePages']['$inferSelect'], 'articleId' | 'stage'>

/** The rows that belong to working copies, or to those that are made for the public: of them an article can have two. */
function ofView(view: View, table: { stage: SQLWrapper }): SQL {
  return view === 'working' ? isWorking(table) : isForThePublic(table)
}

/** Of these articles. One, which is asked for most, is looked for as itself: as a list it takes half as long again. */
function ofArticles(db: Read, column: SQLWrapper, ids: readonly string[]) {
  const given = sql.placeholder('ids')
  return ids.length === 1
    ? { shape: 'one', are: () => sql`${column} = ${given}`, inputs: { ids: ids[0] } }
    : { shape: 'any', are: () => db.dialect.isOneOf(column, given), inputs: { ids: JSON.stringify(ids) } }
}

/** The tags of these copies, in their order: one statement for any number of articles. */
export function tagsOf(db: Read, view: View, ids: readonly string[]) {
  const { articleTags, tags } = db.tables
  const { shape, are, inputs } = ofArticles(db, articleTags.articleId, ids)
  return db.prepared(`articles.tags:${view},${shape}`, (q) =>
    q
      .select({
        articleId: articleTags.articleId,
        stage: articleTags.stage,
        value: { id: tags.id, slug: tags.slug, name: tags.name, kind: tags.kind },
      })
      .from(articleTags)
      .innerJoin(tags, eq(tags.id, articleTags.tagId))
      .where(and(are(), ofView(view, articleTags)))
      .orderBy(asc(articleTags.articleId), asc(articleTags.stage), asc(articleTags.position)),
  )(inputs)
}

/** The sources of these copies, in their order; a live copy never names a confidential one. */
export function sourcesOf(db: Read, view: View, ids: readonly string[]) {
  const { articleSources, sources } = db.tables
  const { shape, are, inputs } = ofArticles(db, articleSources.articleId, ids)
  return db.prepared(`articles.sources:${view},${shape}`, (q) =>
    q
      .select({
        articleId: articleSources.articleId,
        stage: articleSources.stage,
        source: { id: sources.id, slug: sources.slug, name: sources.name, kind: sources.kind },
        visibility: sources.visibility,
        use: {
          role: articleSources.role,
          url: articleSources.url,
          statedOn: articleSources.statedOn,
          mention: articleSources.mention,
        },
      })
      .from(articleSources)
      .innerJoin(sources, eq(sources.id, articleSources.sourceId))
      .where(and(are(), ofView(view, articleSources), view === 'live' ? eq(sources.visibility, 'public') : undefined))
      .orderBy(asc(articleSources.articleId), asc(articleSources.stage), asc(articleSources.position)),
  )(inputs)
}

export function bylinesOf(db: Read, view: View, ids: readonly string[]) {
  const { articleBylines: bylines } = db.tables
  const { shape, are, inputs } = ofArticles(db, bylines.articleId, ids)
  return db.prepared(`articles.bylines:${view},${shape}`, (q) =>
    q
      .select({ articleId: bylines.articleId, stage: bylines.stage, value: { name: bylines.name, role: bylines.role } })
      .from(bylines)
      .where(and(are(), ofView(view, bylines)))
      .orderBy(asc(bylines.articleId), asc(bylines.stage), asc(bylines.position)),
  )(inputs)
}

/** The pages of these copies in the forms that are asked for, one alone when `number` is given. */
export function pagesOf(db: Read, view: View, ids: readonly string[], forms: readonly Form[], number?: number) {
  const { articlePages: pages } = db.tables
  const chosen = {
    ...(forms.includes('body') && { body: pages.body }),
    ...(forms.includes('html') && { html: pages.html }),
    ...(forms.includes('text') && { text: pages.text }),
  }
  const { shape, are, inputs } = ofArticles(db, pages.articleId, ids)
  const whole = `${view},${Object.keys(chosen).join('+')},${number === undefined ? 'all' : 'one'}`
  return db.prepared(`articles.pages:${whole},${shape}`, (q) =>
    q
      .select({
        articleId: pages.articleId,
        stage: pages.stage,
        value: { number: pages.number, title: pages.title, ...chosen },
      })
      .from(pages)
      .where(
        and(are(), ofView(view, pages), number === undefined ? undefined : eq(pages.number, sql.placeholder('number'))),
      )
      .orderBy(asc(pages.articleId), asc(pages.stage), asc(pages.number)),
  )({ ...inputs, number })
}

/**
 * The texts of these copies as far as somebody looks into them: so many characters of each page, of those that begin within
 * so many, which have four bytes at most.
 */
export function beginningsOf(db: Read, view: View, ids: string, characters: number) {
  const { articlePages: pages } = db.tables
  const { articleId, stage, number, text } = pages
  const before = sql<number>`coalesce(sum(octet_length(${text})) over (partition by ${articleId}, ${stage} order by ${number}
    rows between unbounded preceding and 1 preceding), 0)`
  return db.prepared(`articles.beginnings:${view}`, (q) => {
    const beginning = sql<string>`substr(${text}, 1, ${sql.placeholder('characters')})`.as('beginning')
    const all = q
      .select({ articleId, stage, number, beginning, before: before.as('before') })
      .from(pages)
      .where(and(db.dialect.isOneOf(articleId, sql.placeholder('ids')), ofView(view, pages)))
      .as('pages')
    return q
      .select({ articleId: all.articleId, stage: all.stage, text: all.beginning })
      .from(all)
      .where(lt(all.before, sql.placeholder('bytes')))
      .orderBy(asc(all.articleId), asc(all.stage), asc(all.number))
  })({ ids, characters, bytes: 4 * characters })
}

/** How many bytes the pages of each of these copies have in the forms that are asked for; without reading them. */
export function sizesOf(db: Read, view: View, ids: readonly string[], forms: readonly Form[]) {
  const { articlePages: pages } = db.tables
  const sizes = forms.map((form) => sql`octet_length(${pages[form]})`)
  const { shape, are, inputs } = ofArticles(db, pages.articleId, ids)
  return db.prepared(`articles.sizes:${view},${forms.join('+')},${shape}`, (q) =>
    q
      .select({
        articleId: pages.articleId,
        stage: pages.stage,
        bytes: sql<number>`sum(${sql.join(sizes, sql` + `)})`.mapWith(Number),
      })
      .from(pages)
      .where(and(are(), ofView(view, pages)))
      .groupBy(pages.articleId, pages.stage),
  )(inputs)
}

/** The pages of one copy, whole, as they are stored. */
export async function findPages(db: Read, id: string, stage: Stage): Promise<PageRow[]> {
  const { articlePages: pages } = db.tables
  const { number, title, body, html, text, words } = pages
  return db.prepared('articles.findPages', (q) =>
    q.select({ number, title, body, html, text, words }).from(pages).where(isOfCopy(pages)).orderBy(asc(number)),
  )({ id, stage })
}

/** Whether a row belongs to one copy. */
function isOfCopy(table: { articleId: SQLWrapper; stage: SQLWrapper }): SQL {
  return sql`${table.articleId} = ${sql.placeholder('id')} and ${table.stage} = ${sql.placeholder('stage')}`
}

/** What the copies of an article show of other things: `section:ID`, `tag:ID`, `source:ID`. */
export async function findUses(db: Read, id: string): Promise<string[]> {
  const { articleCopies: copies, articleTags, articleSources } = db.tables
  const rows = await db.prepared('articles.uses', (q) => {
    const named = [
      [copies, copies.sectionId, 'section:'],
      [articleTags, articleTags.tagId, 'tag:'],
      [articleSources, articleSources.sourceId, 'source:'],
    ] as const
    const all = named.map(
      ([table, used, name]) =>
        sql`select ${sql.raw(`'${name}'`)} || ${used} as name from ${table} where ${table.articleId} = ${sql.placeholder('id')} and ${used} is not null`,
    )
    return q.select({ name: sql<string>`name` }).from(sql`(${sql.join(all, sql` union `)}) as used`)
  })({ id })
  // In the same order on both engines.
  return rows.map(({ name }) => name).sort()
}

/** What belongs to a copy beside its columns. */
export interface Parts {
  pages: readonly PageRow[]
  tagIds: readonly string[]
  sources: readonly Omit<Tables['articleSources']['$inferSelect'], 'articleId' | 'stage' | 'position' | 'listedAt'>[]
  bylines: readonly { name: string; role: Tables['articleBylines']['$inferSelect']['role'] }[]
}

/** All that belongs to one copy, to be written under another stage. */
export async function findParts(db: Read, id: string, stage: Stage): Promise<Parts> {
  const { articleTags, articleSources, articleBylines } = db.tables
  const { sourceId, role, url, statedOn, mention } = articleSources
  const [pages, tags, sources, bylines] = await Promise.all([
    findPages(db, id, stage),
    db.prepared('articles.tagsOfCopy', (q) =>
      q
        .select({ id: articleTags.tagId })
        .from(articleTags)
        .where(isOfCopy(articleTags))
        .orderBy(asc(articleTags.position)),
    )({ id, stage }),
    db.prepared('articles.sourcesOfCopy', (q) =>
      q
        .select({ sourceId, role, url, statedOn, mention })
        .from(articleSources)
        .where(isOfCopy(articleSources))
        .orderBy(asc(articleSources.position)),
    )({ id, stage }),
    db.prepared('articles.bylinesOfCopy', (q) =>
      q
        .select({ name: articleBylines.name, role: articleBylines.role })
        .from(articleBylines)
        .where(isOfCopy(articleBylines))
        .orderBy(asc(articleBylines.position)),
    )({ id, stage }),
  ])
  return { pages, tagIds: tags.map((tag) => tag.id), sources, bylines }
}

/** Parts and the copy that has them: whose they are, and by what date they are listed. */
interface Owned {
  copy: { articleId: string; stage: Stage; publishedAt: string | null }
  parts: Parts
}

/** Writes what belongs to a copy that is there and has nothing yet. */
export async function insertParts(db: Write, owned: Owned): Promise<void> {
  const { tagIds, sources } = owned.parts
  await Promise.all([
    writeParts(db, undefined, owned),
    owned.copy.stage !== 'working' && addUses(db, [...tagIds, ...sources.map(({ sourceId }) => sourceId)]),
  ])
}

/** Writes what belongs to a copy: of one that had something before, the pages that differ, and what else differs as a whole. */
export async function writeParts(db: Write, before: Owned | undefined, after: Owned): Promise<void> {
  const { articleTags, articleSources, articleBylines } = db.tables
  const { articleId, stage } = after.copy
  const old = before && rowsOf(before)
  const now = rowsOf(after)
  await Promise.all([
    writePages(db, old?.pages, now.pages),
    replaceRows(db, articleTags, { articleId, stage }, old?.tags, now.tags),
    replaceRows(db, articleSources, { articleId, stage }, old?.sources, now.sources),
    replaceRows(db, articleBylines, { articleId, stage }, old?.bylines, now.bylines),
  ])
}

function rowsOf({ copy, parts }: Owned) {
  const { articleId, stage, publishedAt } = copy
  const whose = { articleId, stage }
  const dated = { ...whose, listedAt: listedAt(publishedAt) }
  return {
    pages: parts.pages.map((page) => ({ ...page, ...whose })),
    tags: parts.tagIds.map((tagId, position) => ({ tagId, position, ...dated })),
    sources: parts.sources.map((use, position) => ({ ...use, position, ...dated })),
    bylines: parts.bylines.map((byline, position) => ({ ...byline, folded: fold(byline.name), position, ...dated })),
  }
}

type StoredPage = Row<Tables['articlePages']>

/** Pages are numbered without gaps, and may be long: each that differs is written, and no other. */
async function writePages(db: Write, old: readonly StoredPage[] = [], pages: readonly StoredPage[]): Promise<void> {
  const { articlePages } = db.tables
  const gone = old.filter((page, i) => !equalJson(page, pages[i]))
  const made = pages.filter((page, i) => !equalJson(page, old[i]))
  await Promise.all([
    ...gone.map(({ articleId, stage, number }) => deleteRows(db, articlePages, { articleId, stage, number })),
    ...made.map((page) => insertRow(db, articlePages, page)),
  ])
}

/**
 * All of a copy, if they differ: where something was detached or merged, their positions have gaps. They are sent in this
 * order, since no two rows of a copy may be of one tag.
 */
async function replaceRows<Table extends SQLiteTable>(
  db: Write,
  table: Table,
  whose: Partial<Table['$inferSelect']>,
  old: readonly Row<Table>[] = [],
  rows: readonly Row<Table>[],
): Promise<void> {
  if (equalJson(old, rows)) return
  await Promise.all([old.length > 0 && deleteRows(db, table, whose), ...rows.map((row) => insertRow(db, table, row))])
}

/** How names are compared: composed and in lower case. */
export function fold(name: string): string {
  return name.normalize('NFC').toLowerCase()
}
