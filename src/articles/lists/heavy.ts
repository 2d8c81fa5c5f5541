import { type Actor, ownOnly } from '../../access.ts'
import type { ArticleQuery } from './schema.ts'

/** Each of these alone has an index by date, with nothing in it but what is on the list. */
const indexed = new Set(['section', 'tag', 'source', 'byline', 'lang', 'genre', 'breaking'])

/** What decides neither which articles are on a list nor how many of them are looked at. */
const harmless = new Set(['stage', 'sort', 'subsections', 'limit', 'cursor', 'fields', 'include', 'render'])

/**
 * Whether a list may take the longer the more articles there are: it counts them, or no index has what it asks for in
 * the order that it asks for, so that many may be passed over. Such a list is made beside, where nothing waits for it.
 */
export function isHeavy(query: Partial<ArticleQuery>, actor: Actor | null): boolean {
  const { sort = '-publishedAt', stage, ids, externalId, count, q } = query
  // Its words may be in every article.
  if (q !== undefined) return true
  // A hundred at most.
  if (ids !== undefined || externalId !== undefined) return false
  if (count !== undefined) return true
  // No index knows whose they are.
  if (stage === 'working' && actor !== null && ownOnly(actor)) return true
  const byDate = sort.endsWith('publishedAt')
  const range = byDate ? ['publishedAfter', 'publishedBefore'] : sort.endsWith('updatedAt') ? ['updatedAfter'] : []
  const filters = Object.entries(query)
    .filter(([name, value]) => value !== undefined && !harmless.has(name) && !range.includes(name))
    .map(([name]) => name)
  const [filter = '', ...others] = filters
  if (filters.length === 0) return false
  return others.length > 0 || !byDate || !indexed.has(filter) || query.breaking === false
}
