import type { FastifyReply, FastifyRequest } from 'fastify'
import { raise } from '../errors.ts'
import { decodeCursor, encodeCursor, type Position } from '../lib/cursor.ts'
import { defaultLimit, type ListQuery } from '../lib/schema.ts'
import type { Paged, Window } from '../storage/keyset.ts'
import { asJson } from './conditional.ts'
import { canonicalPath, canonicalUrl } from './url.ts'

/** Parameters that show the same list in another way: a cursor stays good when they change. */
const presentation = ['limit', 'cursor', 'count', 'fields', 'include', 'render', 'highlight', 'facets']

/**
 * Answers one page of a list, with what else there is to say of it, with the cursors and the `Link` (RFC 8288) of those beside it.
 * @throws Problem invalid_cursor, for one that was made for another list or not by us
 */
export async function answerList<Item, More extends object = object>(
  request: FastifyRequest,
  reply: FastifyReply,
  secret: Buffer,
  list: (window: Window) => Promise<Paged<Item> & More>,
) {
  const { items, page, more } = await readPage(request, reply, secret, list)
  return { data: items, page, ...more }
}

/** The same of things that are JSON already. */
export async function answerJsonList<List>(
  request: FastifyRequest,
  reply: FastifyReply,
  secret: Buffer,
  list: (window: Window) => Promise<Paged<string>>,
): Promise<List> {
  const { items, page } = await readPage(request, reply, secret, list)
  return asJson(reply, `{"data":[${items.join()}],"page":${JSON.stringify(page)}}`)
}

async function readPage<Item, More extends object>(
  request: FastifyRequest,
  reply: FastifyReply,
  secret: Buffer,
  list: (window: Window) => Promise<Paged<Item> & More>,
) {
  const query = request.query as Partial<ListQuery> & Record<string, unknown>
  const name = listName(request, query)
  const position = query.cursor === undefined ? undefined : decodeCursor(query.cursor, name, secret)
  if (query.cursor !== undefined && position === undefined) {
    raise('invalid_cursor', {
      detail: 'Send page.next or page.prev of an answer to the same query, or start again without a cursor.',
      errors: [{ parameter: 'cursor', code: 'invalid_cursor', message: 'does not belong to this query' }],
    })
  }
  const { limit = defaultLimit } = query
  const { items, next: after, prev: before, total, ...more } = await list({ limit, position, count: query.count })
  const cursorOf = (at: Position | null): string | null => (at === null ? null : encodeCursor(at, name, secret))
  const next = cursorOf(after)
  const prev = cursorOf(before)
  reply.header('link', linkOf(request, { next, prev }))
  return { items, page: { limit, next, prev, ...(total !== undefined && { total }) }, more }
}

/** What a cursor is bound to: the path, and every parameter that decides which things are in the list and in what order. */
function listName(request: FastifyRequest, query: Record<string, unknown>): string {
  const deciding = Object.entries(query)
    .filter(([name, value]) => value !== undefined && !presentation.includes(name))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([canonicalPath(request), deciding])
}

function linkOf(request: FastifyRequest, cursors: { next: string | null; prev: string | null }): string {
  const first = canonicalUrl(request, { cursor: null })
  // In base64url nothing has to be escaped.
  const to = (cursor: string): string => `${first}${first.includes('?') ? '&' : '?'}cursor=${cursor}`
  const links = [`<${first}>; rel="first"`]
  if (cursors.prev !== null) links.push(`<${to(cursors.prev)}>; rel="prev"`)
  if (cursors.next !== null) links.push(`<${to(cursors.next)}>; rel="next"`)
  return links.join(', ')
}
