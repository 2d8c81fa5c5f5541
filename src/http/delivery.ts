import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Cache, Entry } from '../cache/cache.ts'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../storage/store.ts'
import { cacheControl, Seen, surrogateKeys } from './caching.ts'
import { etagOf, knows } from './conditional.ts'
import { encode } from './encoding.ts'
import { bytesOf, encodingIn, type Finished, longestName, tagIn } from './finished.ts'
import type { Front } from './front.ts'
import { canonicalUrl } from './url.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every stranger gets the same: it may be kept, here and elsewhere. */
    shared?: boolean
  }
  interface FastifyRequest {
    /** what the answer is made of, when every stranger gets the same */
    seen: Seen | undefined
    /** the moment of the cache before anything was read */
    since: number | undefined
    entry: Entry<Finished> | undefined
  }
}

export interface DeliveryOptions {
  store: Store
  clock: Clock
  /** undefined keeps nothing, and changes nothing of what is answered */
  cache: Cache<Finished> | undefined
  /** seconds for which browsers and proxies may keep what is shared */
  maxAge: number
  /** stands before the routes, if anything is kept */
  front: Front | undefined
}

/** What an answer costs beside its texts, as measured: its objects, and the rest of what its bytes lie in. */
const answerBytes = 2_500

/** What a route may say of its answer. */
const ownHeaders = ['link', 'last-modified', 'surrogate-key', 'cache-groups']

/**
 * The last steps of an answer: how long others may keep it, its ETag, 304 to whoever has it, its encoding. What strangers
 * get of a route that says `shared` is kept, and given again as long as nothing that it was made of has changed.
 */
export function useDelivery(app: FastifyInstance, { store, clock, cache, maxAge, front }: DeliveryOptions): void {
  app.decorateRequest('seen', undefined)
  app.decorateRequest('since', undefined)
  app.decorateRequest('entry', undefined)

  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.config.shared !== true || request.actor !== null) return
    request.seen = new Seen()
    if (cache === undefined || !(store.isCurrent() || (await store.catchUp()))) return
    request.since = cache.begin()
    request.entry = cache.find(canonicalUrl(request), clock.now())
    if (request.entry === undefined) return
    const { type, headers } = request.entry.value
    return reply.type(type).headers(headers).send(bytesOf(request.entry.value))
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const now = clock.now()
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    const isText = typeof payload === 'string' && reply.statusCode < 300
    let finished = request.entry?.value
    if (isText && isRead && finished === undefined) finished = finish(request, reply, payload, now)
    setCaching(request, reply, now)
    if (finished !== undefined) return deliver(request, reply, finished, isText ? payload : undefined)
    if (isText && !reply.hasHeader('etag')) reply.header('etag', `"${tagOf(reply, payload)}"`)
    return payload
  })

  function finish(request: FastifyRequest, reply: FastifyReply, payload: string, now: number): Finished {
    const { seen, since } = request
    if (reply.lastModified !== undefined) reply.header('last-modified', new Date(reply.lastModified).toUTCString())
    if (seen !== undefined) {
      const keys = surrogateKeys(seen.keys)
      reply.header('surrogate-key', keys.join(' '))
      // RFC 9875: a list of strings, of structured fields.
      reply.header('cache-groups', keys.map((key) => `"${key}"`).join(', '))
    }
    const headers = Object.fromEntries(ownHeaders.flatMap((name) => headerOf(reply, name)))
    const made: Finished = {
      route: request.routeOptions.url ?? '',
      etag: tagOf(reply, payload),
      type: String(reply.getHeader('content-type')),
      headers,
      length: Buffer.byteLength(payload),
      encoded: {},
      texts: {},
    }
    const isKept = cache !== undefined && seen !== undefined && since !== undefined && seen.keys.size > 0
    if (!isKept) return made
    const name = canonicalUrl(request)
    if (name.length <= longestName) {
      const { keys, until } = seen
      const texts = [name, ...Object.values(headers)].reduce((sum, text) => sum + text.length, 0)
      made.encoded.identity = Buffer.from(payload)
      const bytes = made.length + texts + answerBytes
      request.entry = cache.keep(name, { value: made, bytes, keys, until }, since, now)
    }
    return made
  }

  function setCaching(request: FastifyRequest, reply: FastifyReply, now: number): void {
    if (!reply.hasHeader('cache-control')) {
      const { seen, entry } = request
      const isOwn = request.headers.authorization !== undefined
      const isShared = seen !== undefined && reply.statusCode === 200
      const until = entry?.until ?? seen?.until ?? Number.POSITIVE_INFINITY
      reply.header('cache-control', isOwn ? 'private, no-store' : cacheControl(isShared ? maxAge : 0, now, until))
    }
    const vary = reply.getHeader('vary')
    reply.header('vary', ['Accept-Encoding', 'Authorization', ...(vary === undefined ? [] : [vary])].join(', '))
  }

  async function deliver(
    request: FastifyRequest,
    reply: FastifyReply,
    finished: Finished,
    text: string | undefined,
  ): Promise<Buffer | string | null> {
    const { encoded, etag } = finished
    const encoding = encodingIn(finished, request.headers['accept-encoding'])
    if (request.entry !== undefined) front?.learn(request, reply, request.entry)
    reply.header('etag', tagIn(encoding, etag))
    if (knows(request.headers['if-none-match'], etag)) {
      reply.code(304).removeHeader('content-type')
      // With '' Fastify would say that it is 0 bytes long, which what they have is not (RFC 9110 §8.6); of HEAD it needs a text.
      return request.method === 'HEAD' ? '' : null
    }
    // A string goes out in one piece with the headers.
    if (encoding === 'identity') return text ?? bytesOf(finished)
    reply.header('content-encoding', encoding)
    const body =
      encoded[encoding] ?? (await encode(text === undefined ? bytesOf(finished) : Buffer.from(text), encoding))
    if (encoded[encoding] === undefined && request.entry !== undefined) cache?.grow(request.entry, body.length)
    encoded[encoding] = body
    return body
  }
}

function headerOf(reply: FastifyReply, name: string): [string, string][] {
  const value = reply.getHeader(name)
  return value === undefined ? [] : [[name, String(value)]]
}

function tagOf(reply: FastifyReply, payload: string | Buffer): string {
  return etagOf(payload, reply.version, reply.publicView)
}
