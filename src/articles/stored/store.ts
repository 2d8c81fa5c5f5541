import { and, asc, eq, isNull, lte, sql } from '../../storage/drizzle.ts'
import type { Read, Write } from '../../storage/store.ts'
import { type Copy, isPublic } from '../store.ts'
import { isForThePublic } from '../table.ts'
import type { Stage } from '../vocabulary.ts'
import type { CardArticle, Used } from './card.ts'

/** A copy that the public reads, by its card. */
export interface StoredRow {
  copy: Pick<Copy, 'articleId' | 'stage' | 'publishedAt' | 'updatedAt' | 'title' | 'shownUntil'> & {
    card: string | null
  }
  /** of what sections, tags and sources are called, when it was read: see names.ts */
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

/** What a card shows of an article itself. */
export async function findCardArticle(db: Read, id: string): Promise<CardArticle | undefined> {
  const { articles } = db.tables
  const { createdAt, firstPublishedAt } = articles
  const [row] = await db.prepared('articles.ofCard', (q) =>
    q
      .select({ createdAt, firstPublishedAt })
      .from(articles)
      .where(eq(articles.id, sql.placeholder('id'))),
  )({ id })
  return row
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

export async function setCard(db: Write, articleId: string, stage: Stage, card: string): Promise<void> {
  const { articleCopies: copies } = db.tables
  await db
    .update(copies)
    .set({ card })
    .where(and(eq(copies.articleId, articleId), eq(copies.stage, stage)))
}

/** What readers see of these sections, tags or sources; nothing of confidential sources. */
export function findNames(
  db: Read,
  asked: readonly (readonly [Used, readonly string[]])[],
): Promise<(readonly [Used, readonly string[], { id: string }[]])[]> {
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
        const isShown = and(isOneOf(id, given), eq(visibility, 'public'))
        return q.select({ id, slug, name, kind }).from(sources).where(isShown)
      }),
  }
  // Asked at once: a server answers them in one round trip.
  return Promise.all(
    asked.map(async ([used, ids]) => [used, ids, await finders[used]()({ ids: JSON.stringify(ids) })] as const),
  )
}
