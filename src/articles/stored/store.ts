import { and, asc, eq, isNull, sql } from '../../storage/drizzle.ts'
import { updateRows } from '../../storage/rows.ts'
import type { Read, Write } from '../../storage/store.ts'
import type { Used } from '../../uses/uses.ts'
import { type Copy, copyOnly, isPublicUnderName } from '../store.ts'
import { isForThePublic } from '../table.ts'
import type { Stage } from '../vocabulary.ts'
import type { CardArticle } from './card.ts'

/** A copy that the public reads, by its card. */
export interface StoredRow {
  copy: Pick<Copy, 'articleId' | 'stage' | 'publishedAt' | 'updatedAt' | 'title' | 'shownUntil'> & {
    card: string | null
  }
  /** the number of what sections, tags and sources were called when it was read: see names.ts */
  names: number
}

export function storedColumns(db: Read) {
  const { articleCopies: copies, counters } = db.tables
  const { articleId, stage, publishedAt, updatedAt, title, shownUntil, card } = copies
  const names = sql<number>`(select ${counters.value} from ${counters} where ${counters.name} = 'names')`
  return {
    copy: { articleId, stage, publishedAt, updatedAt, title, shownUntil, card },
    names: names.mapWith(Number).as('names'),
  }
}

/** What is asked for by its name, with what the answer says beside its card and its pages. */
export interface StoredArticle extends StoredRow {
  more: Pick<Copy, 'slug' | 'version' | 'pageCount'>
}

/** The copy that the public reads under this id or slug, present or former. */
export async function findStored(db: Read, name: string): Promise<StoredArticle | undefined> {
  const { articleCopies: copies, addresses } = db.tables
  const { slug, version, pageCount } = copies
  const [row] = await db.prepared('articles.findStored', (q) =>
    q
      .select({ ...storedColumns(db), more: { slug, version, pageCount } })
      .from(addresses)
      .innerJoin(copies, eq(copies.articleId, addresses.targetId))
      .where(isPublicUnderName(db.tables)),
  )({ name, now: db.now })
  return row
}

/** Copies for the public of these articles, with what a card shows of the articles themselves. */
export async function findCardRows(db: Read, ids: readonly string[]): Promise<{ copy: Copy; article: CardArticle }[]> {
  const { articleCopies: copies, articles } = db.tables
  const { createdAt, firstPublishedAt } = articles
  return db.prepared('articles.cardRows', (q) =>
    q
      .select({ copy: copyOnly(copies), article: { createdAt, firstPublishedAt } })
      .from(copies)
      .innerJoin(articles, eq(articles.id, copies.articleId))
      .where(and(db.dialect.isOneOf(copies.articleId, sql.placeholder('ids')), isForThePublic(copies))),
  )({ ids: JSON.stringify(ids) })
}

/** The ids of their tags, in their order. */
export async function findTagIds(db: Read, ids: readonly string[]) {
  const { articleTags } = db.tables
  const { articleId, stage, position, tagId } = articleTags
  return db.prepared('articles.tagIds', (q) =>
    q
      .select({ articleId, stage, tagId })
      .from(articleTags)
      .where(and(db.dialect.isOneOf(articleId, sql.placeholder('ids')), isForThePublic(articleTags)))
      .orderBy(asc(articleId), asc(stage), asc(position)),
  )({ ids: JSON.stringify(ids) })
}

/** How they rest on sources, in their order; also on confidential ones, whose names nobody but editors may be told. */
export async function findSourceUses(db: Read, ids: readonly string[]) {
  const { articleSources } = db.tables
  const { articleId, stage, position, sourceId, role, url, statedOn, mention } = articleSources
  return db.prepared('articles.sourceUses', (q) =>
    q
      .select({ articleId, stage, use: { sourceId, role, url, statedOn, mention } })
      .from(articleSources)
      .where(and(db.dialect.isOneOf(articleId, sql.placeholder('ids')), isForThePublic(articleSources)))
      .orderBy(asc(articleId), asc(stage), asc(position)),
  )({ ids: JSON.stringify(ids) })
}

/** Copies for the public that have no card. */
export async function listWithoutCard(db: Read, limit: number): Promise<{ articleId: string; stage: Stage }[]> {
  const { articleCopies: copies } = db.tables
  const { articleId, stage } = copies
  return db.prepared('articles.withoutCard', (q) =>
    q
      .select({ articleId, stage })
      .from(copies)
      .where(and(isForThePublic(copies), isNull(copies.card)))
      .orderBy(asc(articleId), asc(stage))
      .limit(sql.placeholder('limit')),
  )({ limit })
}

export async function setCard(
  db: Write,
  { articleId, stage }: Pick<Copy, 'articleId' | 'stage'>,
  card: string,
): Promise<void> {
  await updateRows(db, db.tables.articleCopies, { articleId, stage }, { card })
}

/** What these sections, tags or sources are called in answers, and whether readers may be told. */
export async function findNames(
  db: Read,
  used: Used,
  ids: readonly string[],
): Promise<{ id: string; isShown: boolean }[]> {
  const { sections, tags, sources } = db.tables
  const { isOneOf } = db.dialect
  const given = sql.placeholder('ids')
  const finders = {
    section: () =>
      db.prepared('articles.sectionNames', (q) => {
        const { id, slug, name, path } = sections
        return q.select({ id, slug, name, path }).from(sections).where(isOneOf(id, given))
      }),
    tag: () =>
      db.prepared('articles.tagNames', (q) => {
        const { id, slug, name, kind } = tags
        return q.select({ id, slug, name, kind }).from(tags).where(isOneOf(id, given))
      }),
    source: () =>
      db.prepared('articles.sourceNames', (q) => {
        const { id, slug, name, kind, visibility } = sources
        return q.select({ id, slug, name, kind, visibility }).from(sources).where(isOneOf(id, given))
      }),
  }
  const rows: { id: string; visibility?: string }[] = await finders[used]()({ ids: JSON.stringify(ids) })
  return rows.map(({ visibility = 'public', ...name }) => ({ ...name, isShown: visibility === 'public' }))
}
