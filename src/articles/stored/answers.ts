import type { Actor } from '../../access.ts'
import type { Paged, Window } from '../../storage/keyset.ts'
import type { Read } from '../../storage/store.ts'
import { group, idsOf } from '../cards.ts'
import type { ArticleGetQuery, ArticleQuery } from '../lists/schema.ts'
import { listStored } from '../lists/store.ts'
import { pagesOf } from '../parts/store.ts'
import { countFitting, expectPage, filterOf, refusePublic } from '../reading.ts'
import { keysOfList, sawArticles } from '../sight.ts'
import { finishCards } from './cards.ts'
import { findStored, type StoredArticle, type StoredRow } from './store.ts'

/** What readers ask for most is stored as it is answered: it is given as JSON, and nothing else is made of it. */

export interface PublicArticle {
  id: string
  slug: string
  version: number
  pageCount: number
  updatedAt: string
  publishedAt: string | null
  json: string
}

/**
 * What the public reads of an article, by its id or slug. Under a former slug it is found too; `slug` then differs.
 * @throws Problem article_not_found | article_gone | article_withdrawn | page_not_found
 */
export async function getPublicArticle(
  db: Read,
  name: string,
  { render, page }: ArticleGetQuery,
  actor: Actor | null,
): Promise<PublicArticle> {
  const row: StoredArticle = (await findStored(db, name)) ?? (await refusePublic(db, name, actor))
  const { articleId: id, updatedAt, publishedAt } = row.copy
  expectPage(row.more.pageCount, page)
  db.sight?.saw([`article:${id}`])
  const [[card = ''], pages] = await Promise.all([finishCards(db, [row]), pagesOf(db, 'live', [id], render, page)])
  return { id, ...row.more, updatedAt, publishedAt, json: withPages(card, group(pages).of(row)) }
}

/** An article of its card; the contract has the pages last. */
function withPages(card: string, pages: readonly { value: unknown }[]): string {
  return `${card.slice(0, -1)},"pages":${JSON.stringify(pages.map(({ value }) => value))}}`
}

/** Whether a list is of cards as they are stored. */
export function isStored({ stage, fields, q }: Pick<ArticleQuery, 'stage' | 'fields' | 'q'>): boolean {
  return stage === 'live' && fields === undefined && q === undefined
}

/**
 * A page of a list of what the public reads, that `isStored`: one statement for it, one for each kind of names that is not
 * known yet, and with `include=pages` two for those.
 * @throws Problem invalid_request, for filters of another stage
 */
export async function getPublicCards(db: Read, query: ArticleQuery, window: Window): Promise<Paged<string>> {
  const { include, render } = query
  const filter = await filterOf(db, { ...query, stage: 'live' }, null)
  const fit = include && ((rows: readonly StoredRow[]) => countFitting(db, rows, render))
  const [page] = await Promise.all([listStored(db, filter, window, fit), sawArticles(db, keysOfList(filter))])
  const cards = await finishCards(db, page.items)
  if (include === undefined) return { ...page, items: cards }
  const pages = group(await pagesOf(db, 'live', idsOf(page.items), render))
  return { ...page, items: page.items.map((row, i) => withPages(cards[i] ?? '', pages.of(row))) }
}
