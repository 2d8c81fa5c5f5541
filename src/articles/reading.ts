import { type Actor, may, ownOnly } from '../access.ts'
import { raise } from '../errors.ts'
import type { Paged, Window } from '../storage/keyset.ts'
import type { Read } from '../storage/store.ts'
import { group, hasBegun, idsOf, type OfCopy, presentCards, viewOf } from './cards.ts'
import type { ArticleGetQuery, ArticleQuery } from './lists/schema.ts'
import { listCopies } from './lists/store.ts'
import { type ArticleFilter, type ListFilter, resolveFilter } from './names/store.ts'
import { pagesOf, sizesOf } from './parts/store.ts'
import { listRelated } from './related/store.ts'
import { type Article, type ArticleCard, cardFields } from './schema.ts'
import { aboutSearch, highlight } from './search/answering.ts'
import { faultsOfSearch, narrow, seekFor } from './search/asking.ts'
import type { SearchInfo } from './search/schema.ts'
import { rankCopies } from './search/store.ts'
import { keysOfList, sawArticles } from './sight.ts'
import { type ArticleRow, type CopyRow, findCopy, findPublicCopy, findShown, findWorkingNamed } from './store.ts'
import type { Form } from './vocabulary.ts'

/**
 * The working copy of an article by its id or slug, of those that the caller may edit.
 * @throws Problem article_not_found | page_not_found | key_required | forbidden
 */
export async function getWorkingArticle(
  db: Read,
  name: string,
  query: Pick<ArticleGetQuery, 'render' | 'page'>,
  actor: Actor | null,
): Promise<Article> {
  const row = await getWorkingCopy(db, name, actor)
  expectPage(row.copy.pageCount, query.page)
  return presentArticle(db, row, query.render, query.page)
}

/** @throws Problem page_not_found */
export function expectPage(pageCount: number, page: number | undefined): void {
  if (page === undefined || page <= pageCount) return
  raise('page_not_found', { detail: `The article has ${pageCount === 1 ? 'one page' : `${pageCount} pages`}.` })
}

/** One copy, whole, with these forms of its pages, or of one page alone. */
async function presentArticle(
  db: Read,
  row: CopyRow,
  chosen: readonly Form[],
  number: number | undefined,
): Promise<Article> {
  db.sight?.saw([`article:${row.copy.articleId}`])
  const [[card], pages] = await Promise.all([
    presentCards(db, [row], cardFields),
    pagesOf(db, viewOf(row), [row.copy.articleId], chosen, number),
  ])
  return {
    ...card,
    pages: group(pages)
      .of(row)
      .map(({ value }) => value),
  } as Article
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
): Promise<Paged<ArticleCard> & { search?: SearchInfo }> {
  const { fields, include, render, q, prefix, highlight: form, facets } = query
  const resolved = await filterOf(db, query, actor)
  const fit = include === undefined ? undefined : (rows: readonly CopyRow[]) => countFitting(db, rows, render)
  if (q !== undefined) {
    const sought = await seekFor(db, q, prefix ?? false, query.stage)
    resolved.sought = sought && (await narrow(db, sought, resolved))
  }
  const { sought } = resolved
  const isRanked = query.sort === 'relevance' || (query.sort === undefined && q !== undefined)
  const list = isRanked ? rankCopies : listCopies
  const [{ isCut = false, ...page }] = await Promise.all([
    list(db, resolved, window, fit),
    query.stage === 'live' && sawArticles(db, keysOfList(resolved)),
  ])
  const cards = await presentCards(db, page.items, fields ?? cardFields)
  if (include !== undefined) {
    const pages = group(await pagesOf(db, query.stage, idsOf(page.items), render))
    for (const [i, row] of page.items.entries()) {
      Object.assign(cards[i] ?? {}, { pages: pages.of(row).map(({ value }) => value) })
    }
  }
  if (q === undefined || sought === undefined) return { ...page, items: cards }
  if (sought !== null && form !== undefined && form !== 'false') {
    const marked = await highlight(db, page.items, sought, form)
    for (const [i, highlights] of marked.entries()) Object.assign(cards[i] ?? {}, { highlights })
  }
  const isEmpty = page.items.length === 0 && window.position === undefined
  const search = await aboutSearch(db, resolved, sought, { q, facets, isCut, isEmpty })
  return { ...page, items: cards, search }
}

/**
 * What a query asks for, with ids for names, but for its words.
 * @throws Problem key_required | forbidden, for `stage=working`; invalid_request, for filters of another stage
 */
export async function filterOf(db: Read, query: ArticleQuery, actor: Actor | null): Promise<ListFilter> {
  const { fields: _, include, render, q, prefix, highlight: form, facets, ...rest } = query
  const filter: ArticleFilter = rest
  const errors = faultsOfSearch(query)
  if (query.stage === 'working') {
    const reader = expectDraftReader(actor)
    if (ownOnly(reader)) filter.owner = reader.id
  } else {
    const wrong = (['state', 'changed'] as const).filter((name) => query[name] !== undefined)
    const message = 'is known of working copies only: add stage=working'
    errors.push(...wrong.map((parameter) => ({ parameter, code: 'wrong_stage', message })))
  }
  if (errors.length > 0) raise('invalid_request', { errors })
  return resolveFilter(db, filter)
}

/** Two mebibytes of pages: sent and forgotten within some tens of milliseconds, however many ask at once. */
const mostPageBytes = 2 * 1024 * 1024

/** How many of these articles an answer with their pages may hold: one at least. */
export async function countFitting(db: Read, rows: readonly OfCopy[], chosen: readonly Form[]): Promise<number> {
  const [first] = rows
  if (first === undefined) return 0
  const sizes = group(await sizesOf(db, viewOf(first), idsOf(rows), chosen))
  let sum = 0
  const fitting = rows.findIndex((row, i) => {
    sum += sizes.of(row)[0]?.bytes ?? 0
    return i > 0 && sum > mostPageBytes
  })
  return fitting < 0 ? rows.length : fitting
}

/**
 * Public articles near to a public one, the nearest first.
 * @throws Problem article_not_found | article_gone | article_withdrawn
 */
export async function getRelated(db: Read, name: string, limit: number, actor: Actor | null): Promise<ArticleCard[]> {
  const row = await getLiveCopy(db, name, actor)
  const [related] = await Promise.all([listRelated(db, row.copy, limit), sawArticles(db)])
  // With it, since what it has decides what is near.
  const [, ...cards] = await presentCards(db, [row, ...related], cardFields)
  return cards
}

/**
 * What the public reads under a name.
 * @throws Problem article_not_found | article_gone | article_withdrawn
 */
async function getLiveCopy(db: Read, name: string, actor: Actor | null): Promise<CopyRow> {
  return (await findPublicCopy(db, name)) ?? refusePublic(db, name, actor)
}

/**
 * Says why the public reads nothing under a name.
 * @throws Problem article_not_found | article_gone | article_withdrawn
 */
export async function refusePublic(db: Read, name: string, actor: Actor | null): Promise<never> {
  const shown = await findShown(db, name)
  if (shown !== undefined) return gone(db, shown)
  const hidden = may(actor, 'drafts:read') && (await findWorkingCopy(db, name, actor)) !== undefined
  return notFound(name, hidden ? ' that is public; its working copy is at ?stage=working' : '')
}

/** What readers have seen and see no more. Of a withdrawn article they are told why, and what stands in for it. */
async function gone(db: Read, { id, withdrawnAt, withdrawnReason: reason, replacementId }: ArticleRow): Promise<never> {
  if (withdrawnAt === null || hasBegun(db, await findCopy(db, id, 'next'))) {
    raise('article_gone', { detail: 'It was public, and is so no more.' })
  }
  const stand = replacementId === null ? undefined : await findPublicCopy(db, replacementId)
  const replacement = stand && { id: stand.copy.articleId, slug: stand.copy.slug, title: stand.copy.title }
  raise('article_withdrawn', {
    detail: 'It was public and has been withdrawn.',
    more: { reason, withdrawnAt, ...(replacement !== undefined && { replacement }) },
  })
}

/**
 * The copy that editors change: writers find their own alone.
 * @throws Problem article_not_found | key_required | forbidden
 */
export async function getWorkingCopy(db: Read, name: string, actor: Actor | null): Promise<CopyRow> {
  return (await findWorkingCopy(db, name, expectDraftReader(actor))) ?? notFound(name)
}

async function findWorkingCopy(db: Read, name: string, reader: Actor | null): Promise<CopyRow | undefined> {
  const row = await findWorkingNamed(db, name)
  const others = reader !== null && ownOnly(reader) && row?.article.createdBy !== reader.id
  return others ? undefined : row
}

/** @throws Problem key_required | forbidden */
export function expectDraftReader(actor: Actor | null): Actor {
  if (actor === null)
    return raise('key_required', { detail: 'stage=working needs the key of a writer, editor or admin.' })
  if (!may(actor, 'drafts:read')) raise('forbidden', { detail: 'stage=working needs a writer, editor or admin.' })
  return actor
}

function notFound(name: string, hint = ''): never {
  raise('article_not_found', { detail: `No article has the id or slug ${JSON.stringify(name)}${hint}.` })
}
