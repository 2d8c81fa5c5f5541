import type { IncomingMessage, ServerResponse } from 'node:http'
import proxyAddress from '@fastify/proxy-addr'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Cache, Entry } from '../cache/cache.ts'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../storage/store.ts'
import { cacheControl } from './caching.ts'
import { knows } from './conditional.ts'
import type { Encoding } from './encoding.ts'
import { encodingIn, type Finished, longestName, tagIn } from './finished.ts'
import { accepts } from './headers.ts'
import { idOf } from './server.ts'

export interface FrontOptions {
  cache: Cache<Finished>
  store: Store
  clock: Clock
  maxAge: number
  /** whether the answer depends on the origin of the page that asks */
  perOrigin: boolean
  trustProxy: readonly string[]
}

/** Of one answer: whoever spells it in more ways than people do has it made of the routes. */
const mostSpellings = 16
/** Twice what a socket takes at once; of more the system's copying is what costs. */
const longestText = 131_072

/** Different for each request, or in each encoding. */
const notItsOwn = ['x-request-id', 'cache-control', 'etag', 'content-type', 'content-encoding', 'content-length']

/**
 * Stands before Fastify: what is kept and current goes out as it is, to whoever asks for it by an address under which the
 * routes have given it before, with nothing about the request that they would look at. Everything else goes on to them.
 */
export class Front {
  private readonly options: FrontOptions
  private readonly app: FastifyInstance
  private current: boolean | undefined
  private readonly addressOf: (request: IncomingMessage) => string | undefined

  constructor(app: FastifyInstance, options: FrontOptions) {
    this.app = app
    this.options = options
    const trusted = options.trustProxy.length > 0 ? proxyAddress.compile([...options.trustProxy]) : undefined
    this.addressOf = (request) =>
      trusted === undefined ? request.socket.remoteAddress : proxyAddress(request, trusted)
    const [routes] = app.server.listeners('request') as [(request: IncomingMessage, response: ServerResponse) => void]
    app.server.removeAllListeners('request')
    app.server.on('request', (request, response) => {
      if (!this.answer(request, response)) routes(request, response)
    })
  }

  /** What the routes have answered to this request, they answer to each that is spelled like it. */
  learn({ raw, headers }: FastifyRequest, reply: FastifyReply, entry: Entry<Finished>): void {
    const { url = '' } = raw
    if (this.options.perOrigin && headers.origin !== undefined) return
    if (url.length > longestName || entry.names.length >= mostSpellings) return
    if (entry.value.front === undefined) {
      const all = Object.entries(reply.getHeaders()).filter(([name]) => !notItsOwn.includes(name))
      entry.value.front = all.flatMap(([name, value]) => [name, String(value)])
      this.options.cache.grow(entry, entry.value.front.join('').length)
    }
    this.options.cache.alsoCall(entry, url)
  }

  private answer(request: IncomingMessage, response: ServerResponse): boolean {
    const { cache, clock, maxAge } = this.options
    const { method, url = '' } = request
    if (method !== 'GET' || !cache.has(url) || !this.isPlain(request) || !this.isCurrent()) return false
    const began = performance.now()
    const now = clock.now()
    const entry = cache.peek(url, now)
    if (entry?.value.front === undefined) return false
    const { headers } = request
    const { etag, encoded, front, type } = entry.value
    const encoding = encodingIn(entry.value, headers['accept-encoding'])
    const body = encoded[encoding]
    if (body === undefined) return false
    cache.countHit()
    const id = idOf(request)
    const isKnown = knows(headers['if-none-match'], etag)
    const caching = cacheControl(maxAge, now, entry.until)
    const head = [...front, 'x-request-id', id, 'cache-control', caching, 'etag', tagIn(encoding, etag)]
    if (isKnown) {
      response.writeHead(304, head).end()
    } else {
      head.push('content-type', type, 'content-length', String(body.length))
      if (encoding !== 'identity') head.push('content-encoding', encoding)
      response.writeHead(200, head)
      if (body.length > longestText) response.end(body)
      else response.end(this.textOf(entry, encoding, body), 'latin1')
    }
    const ms = performance.now() - began
    this.app.metrics.observe(entry.value.route, method, response.statusCode, ms)
    this.app.logRequest({ id, method, url, status: response.statusCode, from: this.addressOf(request), ms })
    return true
  }

  private textOf(entry: Entry<Finished>, encoding: Encoding, body: Buffer): string {
    const { texts } = entry.value
    const known = texts[encoding]
    if (known !== undefined) return known
    const text = body.toString('latin1')
    texts[encoding] = text
    this.options.cache.grow(entry, text.length)
    return text
  }

  /** Asked once for all requests that one look at the sockets has brought, since none of them was sent after it. */
  private isCurrent(): boolean {
    if (this.current === undefined) {
      this.current = this.options.store.isCurrent()
      setImmediate(() => {
        this.current = undefined
      })
    }
    return this.current
  }

  /** Nothing about it that could make the answer another, or none. */
  private isPlain({ headers, socket }: IncomingMessage): boolean {
    return (
      headers.authorization === undefined &&
      headers.host !== undefined &&
      headers['content-length'] === undefined &&
      headers['transfer-encoding'] === undefined &&
      (headers.origin === undefined || !this.options.perOrigin) &&
      (headers.accept === undefined || headers.accept === '*/*' || accepts(headers.accept, 'application/json')) &&
      !this.app.stopping &&
      !socket.destroyed
    )
  }
}
