import { type Actor, may, ownOnly } from '../access.ts'
import { resolveName } from '../addresses/addresses.ts'
import { raise } from '../errors.ts'
import type { Fault } from '../lib/faults.ts'
import type { Paged, Window } from '../storage/keyset.ts'
import type { Read } from '../storage/store.ts'
import type { ArticleGetQuery, ArticleQuery } from './lists/schema.ts'
import { type ArticleFilter, listCopies, listRelated } from './lists/store.ts'
import { bylinesOf, pagesOf, sizesOf, sourcesOf, tagsOf } from './parts/store.ts'
import { type Article, type ArticleCard, cardFields } from './schema.ts'
import { type CopyRow, findCopy, findPublicCopy, wasPublic } from './store.ts'
import { type Form, forms, type Stage } from './vocabulary.ts'

/**
 * One copy of an article by its id or slug: of `live` what the public reads, of `working` what the caller may edit.
 * Under a former slug the public finds it too; `slug` of the answer then differs.
 * @throws Problem article_not_found | article_gone | page_not_found | key_required | forbidden
 */
export async function getArticle(
  db: Read,
  name: string,
  query: ArticleGetQuery,
  actor: Actor | null,
): Promise<Article> {
  const row = query.stage === 'working' ? await getWorkingCopy(db, name, actor) : await getLiveCopy(db, name, actor)
  if (query.page !== undefined && query.page > row.copy.pageCount) {
    const pages = row.copy.pageCount === 1 ? 'one page' : `${row.copy.pageCount} pages`
    raise('page_not_found', { detail: `The article has ${pages}.` })
  }
  return presentArticle(db, row, query.render, query.page)
}

/** One copy, whole, with these forms of its pages, or of one page alone. */
export async function presentArticle(
  db: Read,
  row: CopyRow,
  chosen: readonly Form[] = forms,
  number?: number,
): Promise<Article> {
  const [[card], pages] = await Promise.all([
    presentCards(db, [row], cardFields),
    pagesOf(db, row.copy.stage, JSON.stringify([row.copy.articleId]), chosen, number),
  ])
  return { ...card, pages: pages.map(({ value }) => value) } as Article
}

/**
 * A page of a list: one statement for it and one for each relation, however many articles there are.
 * @throws Problem key_required | forbidden, for `stage=working`; invalid_request, for filters of another stage
 */
export async function getArticles(
  db: Read,
  query: ArticleQuery,
  window: Window,
  actor: Actor | null,
): Promise<Paged<ArticleCard>> {
  const { fields, include, render, ...rest } = query
  const filter: ArticleFilter = rest
  if (query.stage === 'working') {
    const reader = expectDraftReader(actor)
    if (ownOnly(reader)) filter.owner = reader.id
  } else {
    const wrong = (['state', 'changed'] as const).filter((name) => query[name] !== undefined)
    const errors: Fault[] = wrong.map((parameter) => ({
      parameter,
      code: 'wrong_stage',
      message: 'is known of working copies only: add stage=working',
    }))
    if (errors.length > 0) raise('invalid_request', { errors })
  }
  const fit = include === undefined ? undefined : (rows: readonly CopyRow[]) => countFitting(db, rows, render)
  const page = await listCopies(db, filter, window, fit)
  const cards = await presentCards(db, page.items, fields ?? cardFields)
  if (include === undefined) return { ...page, items: cards }
  const ids = JSON.stringify(cards.map(({ id }) => id))
  const pages = group(await pagesOf(db, query.stage, ids, render))
  return {
    ...page,
    items: cards.map((card) => ({ ...card, pages: pages.get(card.id)?.map(({ value }) => value) ?? [] })),
  }
}

/** Two mebibytes of pages: sent and forgotten within some tens of milliseconds, however many ask at once. */
const mostPageBytes = 2 * 1024 * 1024

/** How many of these articles an answer with their pages may hold: one at least. */
async function countFitting(db: Read, rows: readonly CopyRow[], chosen: readonly Form[]): Promise<number> {
  const stage: Stage = rows[0]?.copy.stage ?? 'live'
  const sizes = await sizesOf(db, stage, JSON.stringify(rows.map(({ copy }) => copy.articleId)), chosen)
  const byArticle = new Map(sizes.map(({ articleId, bytes }) => [articleId, bytes]))
  let sum = 0
  const fitting = rows.findIndex(({ copy }, i) => {
    sum += byArticle.get(copy.articleId) ?? 0
    return i > 0 && sum > mostPageBytes
  })
  return fitting < 0 ? rows.length : fitting
}

/**
 * Public articles near to a public one, the nearest first.
 * @throws Problem article_not_found | article_gone
 */
export async function getRelated(db: Read, name: string, limit: number, actor: Actor | null): Promise<ArticleCard[]> {
  const row = await getLiveCopy(db, name, actor)
  return presentCards(db, await listRelated(db, row.copy.articleId, limit), cardFields)
}

/**
 * What the public reads under a name.
 * @throws Problem article_not_found | article_gone
 */
async function getLiveCopy(db: Read, name: string, actor: Actor | null): Promise<CopyRow> {
  const row = await findPublicCopy(db, name)
  if (row !== undefined) return row
  if (await wasPublic(db, name)) {
    raise('article_gone', { detail: 'It was public, and is so no more.' })
  }
  const hidden = may(actor, 'drafts:read') && (await findWorkingCopy(db, name, actor)) !== undefined
  return notFound(name, hidden ? ' that is public; its working copy is at ?stage=working' : '')
}

/**
 * The copy that editors change: writers find their own alone.
 * @throws Problem article_not_found | key_required | forbidden
 */
export async function getWorkingCopy(db: Read, name: string, actor: Actor | null): Promise<CopyRow> {
  return (await findWorkingCopy(db, name, expectDraftReader(actor))) ?? notFound(name)
}

async function findWorkingCopy(db: Read, name: string, reader: Actor | null): Promise<CopyRow | undefined> {
  const found = await resolveName(db, 'article', name)
  const row = found && (await findCopy(db, found.id, 'working'))
  const others = reader !== null && ownOnly(reader) && row?.article.createdBy !== reader.id
  return others ? undefined : row
}

function expectDraftReader(actor: Actor | null): Actor {
  if (actor === null)
    return raise('key_required', { detail: 'stage=working needs the key of a writer, editor or admin.' })
  if (!may(actor, 'drafts:read')) raise('forbidden', { detail: 'stage=working needs a writer, editor or admin.' })
  return actor
}

function notFound(name: string, hint = ''): never {
  raise('article_not_found', { detail: `No article has the id or slug ${JSON.stringify(name)}${hint}.` })
}

/** Rows of one stage as the contract shows them, with only the relations that `fields` asks for. */
async function presentCards(
  db: Read,
  rows: readonly CopyRow[],
  fields: readonly (keyof ArticleCard)[],
): Promise<ArticleCard[]> {
  const stage: Stage = rows[0]?.copy.stage ?? 'live'
  const ids = JSON.stringify(rows.map(({ copy }) => copy.articleId))
  const wants = (field: keyof ArticleCard): boolean => rows.length > 0 && fields.includes(field)
  // Asked at once: a server answers them in one round trip.
  const [allTags, allSources, allBylines] = await Promise.all([
    wants('tags') ? tagsOf(db, stage, ids) : [],
    wants('sources') ? sourcesOf(db, stage, ids) : [],
    wants('bylines') ? bylinesOf(db, stage, ids) : [],
  ])
  const tags = group(allTags)
  const sources = group(allSources)
  const bylines = group(allBylines)
  return rows.map((row) => {
    const { copy, article } = row
    const { articleId: id, stage: _stage, sectionId: _section, ...columns } = copy
    const card: ArticleCard = {
      id,
      ...columns,
      section: row.section,
      tags: tags.get(id)?.map(({ value }) => value) ?? [],
      sources: sources.get(id)?.map(({ source, use }) => ({ source, ...use })) ?? [],
      bylines: bylines.get(id)?.map(({ value }) => value) ?? [],
      // Editors see the flag as it was set; whether its time is over is for readers to know.
      breaking: copy.breaking && (stage === 'working' || copy.breakingUntil === null || copy.breakingUntil > db.now),
      state: stage === 'live' ? 'published' : article.state,
      changed: stage === 'working' && row.liveVersion !== null && row.liveVersion !== copy.version,
      firstPublishedAt: article.firstPublishedAt,
      createdAt: article.createdAt,
    }
    return fields === cardFields ? card : pick(card, fields)
  })
}

function pick(card: ArticleCard, fields: readonly (keyof ArticleCard)[]): ArticleCard {
  const chosen = [...new Set<keyof ArticleCard>(['id', ...fields])]
  return Object.fromEntries(chosen.map((field) => [field, card[field]])) as ArticleCard
}

function group<Row extends { articleId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  return Map.groupBy(rows, ({ articleId }) => articleId)
}
