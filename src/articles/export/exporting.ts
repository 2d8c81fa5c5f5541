import type { Actor } from '../../access.ts'
import type { Position } from '../../lib/cursor.ts'
import type { ReadOptions, Store } from '../../storage/store.ts'
import { getArticles } from '../reading.ts'
import { Article } from '../schema.ts'
import type { ExportQuery } from './schema.ts'

/** Of stories some hundred kilobytes, in a few milliseconds; getArticles cuts a page of large ones by their bytes. */
const pageSize = 20

interface Asked {
  query: ExportQuery
  actor: Actor | null
  freshness?: ReadOptions
}

/**
 * All articles that a query finds, whole, in the order of their ids, which is that of their making. Each page is a read
 * of its own and none stays open while whoever takes the articles is slow, so that it holds up nobody and nothing: an
 * article is as it was when its page was read, and what appears meanwhile may be among them or not.
 * @throws Problem key_required | forbidden, for `stage=working`; invalid_request, for filters of another stage
 */
export async function exportArticles(store: Store, asked: Asked): Promise<AsyncGenerator<Article>> {
  return walk(store, asked, await readPage(store, asked, undefined))
}

/** How many articles a query finds at this moment. */
export async function countArticles(store: Store, asked: Asked): Promise<number> {
  const { total = 0 } = await store.read((db) =>
    getArticles(db, { ...listOf(asked.query), fields: ['id'] }, { limit: 1, count: 'exact' }, asked.actor),
  )
  return total
}

interface Page {
  articles: Article[]
  next: Position | null
}

async function* walk(store: Store, asked: Asked, first: Page): AsyncGenerator<Article> {
  for (let page = first; ; ) {
    yield* page.articles
    if (page.next === null) return
    page = await readPage(store, asked, page.next)
  }
}

async function readPage(store: Store, asked: Asked, position: Position | undefined): Promise<Page> {
  const query = { ...listOf(asked.query), include: ['pages' as const] }
  const { items, next } = await store.read(
    (db) => getArticles(db, query, { limit: pageSize, position }, asked.actor),
    asked.freshness,
  )
  // What the contract does not name is nobody's to read.
  return { articles: items.map((item) => Article.parse(item)), next }
}

function listOf(query: ExportQuery) {
  return { ...query, sort: 'id' as const, limit: pageSize }
}
