import type { Instant } from '../lib/clock.ts'
import type { Read } from '../storage/store.ts'
import { toEditors } from './embedded/store.ts'
import { bylinesOf, sourcesOf, tagsOf } from './parts/store.ts'
import { type Article, type ArticleCard, cardFields } from './schema.ts'
import { sawCard } from './sight.ts'
import type { CopyRow } from './store.ts'
import type { View } from './vocabulary.ts'
import { standing } from './workflow.ts'

/** Rows of one view as the contract shows them, with only the relations that `fields` asks for. */
export async function presentCards(
  db: Read,
  rows: readonly CopyRow[],
  fields: readonly (keyof ArticleCard)[],
): Promise<ArticleCard[]> {
  const [first] = rows
  if (first === undefined) return []
  const view = viewOf(first)
  const ids = idsOf(rows)
  const wants = (field: keyof ArticleCard): boolean => fields.includes(field)
  // Asked at once: a server answers them in one round trip.
  const [allTags, allSources, allBylines] = await Promise.all([
    wants('tags') ? tagsOf(db, view, ids) : [],
    wants('sources') ? sourcesOf(db, view, ids) : [],
    wants('bylines') ? bylinesOf(db, view, ids) : [],
  ])
  const tags = group(allTags)
  const sources = group(allSources)
  const bylines = group(allBylines)
  return rows.map((row) => {
    const [ownTags, ownSources] = [tags.of(row), sources.of(row)]
    if (db.sight !== undefined) {
      // Of this copy alone: what one that is still to come has is for nobody to know.
      const keys = [
        ...(row.section === null ? [] : [`section:${row.section.id}`]),
        ...ownTags.map(({ value }) => `tag:${value.id}`),
        ...ownSources.map(({ source }) => `source:${source.id}`),
      ]
      const { shownUntil, breaking, breakingUntil } = row.copy
      const newsEnd = breaking && breakingUntil !== null && breakingUntil > db.now ? breakingUntil : null
      sawCard(db.sight, keys, [shownUntil, newsEnd])
    }
    const card = cardOf(db, row, {
      tags: ownTags.map(({ value }) => value),
      sources: ownSources.map(({ source, visibility, use }) => ({ source: toEditors(source, visibility), ...use })),
      bylines: bylines.of(row).map(({ value }) => value),
    })
    return fields === cardFields ? card : pick(card, fields)
  })
}

/** What a card shows beside its row. */
export type Relations = Pick<Article, 'tags' | 'sources' | 'bylines'>

/** A row as the contract shows it. */
export function cardOf(db: Read, row: CopyRow, relations: Relations) {
  return {
    ...columnsOf(row.copy),
    section: row.section,
    ...relations,
    firstPublishedAt: row.article.firstPublishedAt,
    createdAt: row.article.createdAt,
    ...(viewOf(row) === 'live' ? asReadersSee(db, row) : asEditorsSee(db, row)),
  }
}

/** What a card has of a copy as it is stored. By name, since to take along whatever is left takes ten times as long. */
export function columnsOf(copy: CopyRow['copy']) {
  return {
    id: copy.articleId,
    version: copy.version,
    slug: copy.slug,
    externalId: copy.externalId,
    lang: copy.lang,
    title: copy.title,
    kicker: copy.kicker,
    deck: copy.deck,
    dateline: copy.dateline,
    image: copy.image,
    genre: copy.genre,
    urgency: copy.urgency,
    breaking: copy.breaking,
    breakingUntil: copy.breakingUntil,
    seo: copy.seo,
    access: copy.access,
    corrections: copy.corrections,
    wordCount: copy.wordCount,
    readingMinutes: copy.readingMinutes,
    pageCount: copy.pageCount,
    publishedAt: copy.publishedAt,
    embargoUntil: copy.embargoUntil,
    expiresAt: copy.expiresAt,
    updatedAt: copy.updatedAt,
  }
}

function asReadersSee(db: Read, { copy }: CopyRow) {
  const breaking = copy.breaking && (copy.breakingUntil === null || copy.breakingUntil > db.now)
  return { breaking, state: 'published', changed: false, scheduledAt: null, withdrawal: null } as const
}

/** Editors see the flag of breaking news as it was set; whether its time is over is for readers to know. */
function asEditorsSee(db: Read, { copy, article, live = null, next = null }: CopyRow) {
  const stands = standing({ state: article.state, live, next }, db.now)
  const released = stands.next ?? stands.live
  const { withdrawnAt, withdrawnReason, replacementId: replacement } = article
  const firstPublishedAt =
    article.firstPublishedAt !== null && article.firstPublishedAt <= db.now ? article.firstPublishedAt : null
  return {
    state: stands.state,
    scheduledAt: stands.next?.shownFrom ?? null,
    changed: released !== null && released.version !== copy.version,
    firstPublishedAt,
    // Published by the clock, it has the date that the clock gave it.
    publishedAt: copy.publishedAt ?? firstPublishedAt,
    // Published again by the clock, it is withdrawn no more, also when it has ended since.
    withdrawal:
      withdrawnAt === null || hasBegun(db, next) ? null : { reason: withdrawnReason ?? '', withdrawnAt, replacement },
  }
}

/** Which copy a row is of, whatever else is read of it. */
export interface OfCopy {
  copy: Pick<CopyRow['copy'], 'articleId' | 'stage'>
}

export function viewOf({ copy }: OfCopy): View {
  return copy.stage === 'working' ? 'working' : 'live'
}

export function idsOf(rows: readonly OfCopy[]): string[] {
  return rows.map(({ copy }) => copy.articleId)
}

function pick(card: ArticleCard, fields: readonly (keyof ArticleCard)[]): ArticleCard {
  const chosen = [...new Set<keyof ArticleCard>(['id', ...fields])]
  return Object.fromEntries(chosen.map((field) => [field, card[field]])) as ArticleCard
}

/** Rows by the copy that they belong to. */
export function group<Row extends { articleId: string; stage: string }>(rows: readonly Row[]) {
  const groups = Map.groupBy(rows, ({ articleId }) => articleId)
  return {
    of: ({ copy }: OfCopy): Row[] => groups.get(copy.articleId)?.filter(({ stage }) => stage === copy.stage) ?? [],
  }
}

/** Whether the next copy has appeared, and may have ended; that takes a withdrawal back, written down or not. */
export function hasBegun(db: Read, next: { shownFrom: Instant | null } | null | undefined): boolean {
  const from = next?.shownFrom ?? null
  return from !== null && from <= db.now
}
