import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyCorsOptions } from '@fastify/cors'
import { type FastifyHttpOptions, type FastifyInstance, LogController, type RawServerDefault } from 'fastify'
import type { Config } from '../config.ts'
import type { ProblemCode } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { securityHeaders } from './headers.ts'
import { isWatched } from './lines.ts'
import { arrivingOn } from './outcomes.ts'
import { routerOptions } from './paths.ts'
import { bodyOf, problemType, statusOf } from './problems.ts'

// An import would have Node read every name of the module, and with some of them all of fetch: a sixteenth of a start.
const { STATUS_CODES } = process.getBuiltinModule('node:http')

/** Printable, short enough for a log line, with nothing that could forge one. */
const requestId = /^[\w.:-]{1,128}$/

/** How the server meets slow, broken and hostile connections. */
export function serverOptions(config: Config) {
  return {
    bodyLimit: config.bodyLimitBytes,
    routerOptions,
    // A request has ten seconds to arrive, its headers five; looked at every second, a slow sender is gone within fifteen.
    requestTimeout: 10_000,
    // A request without Host is refused by useHeaders, as a problem; Node would close without a word.
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000, requireHostHeader: false },
    // Longer than the 60 s after which common proxies let go, so that it is not we who close under their request.
    keepAliveTimeout: 65_000,
    // Now and then a connection comes anew, so that a balancer can spread the load: at full speed every second or two. Fewer
    // would be felt, and a client that sends on regardless is answered 503 by Node.
    maxRequestsPerSocket: 100_000,
    // What still arrives on an open connection while we stop is served, and the connection then closed.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    trustProxy: config.trustProxy.length === 0 ? false : [...config.trustProxy],
    // One line a request, when it is over: see tellOutcomes.
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: idOf,
    clientErrorHandler,
  } as const satisfies FastifyHttpOptions<RawServerDefault>
}

/** Not those of another process, nor of another start of this one. */
let processId: string | undefined
let made = 0

/** The id that the client gave the request, or a new one. */
export function idOf({ headers }: { headers: Record<string, unknown> }): string {
  const given = headers['x-request-id']
  if (typeof given === 'string' && requestId.test(given)) return given
  // The end of a UUIDv7 is chance.
  processId ??= newId().slice(-12)
  made += 1
  return `${processId}-${made.toString(36)}`
}

/** What closes the connections on which nothing is under way; those too on which nothing ever came, which Node counts as busy. */
export function idleCloser(server: Server): () => void {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return () => {
    server.closeIdleConnections()
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  }
}

export function corsOptions(config: Config): FastifyCorsOptions {
  return {
    origin: config.corsOrigins === '*' ? '*' : [...config.corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'X-Request-Id'],
    exposedHeaders: ['ETag', 'Link', 'Location', 'Retry-After', 'X-Request-Id', 'Idempotency-Replayed', 'Allow'],
    // An hour: browsers keep a preflight no longer than two.
    maxAge: 3_600,
    // Each path answers OPTIONS itself, with its Allow (closePaths); elsewhere there is nothing to ask for.
    preflight: false,
    preflightContinue: true,
    strictPreflight: false,
  }
}

/** What cannot be parsed as HTTP gets its problem as well, on the bare socket. */
function clientErrorHandler(this: FastifyInstance, error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && isWatched(socket)) return
  const { code, detail } = clientErrors[error.code ?? ''] ?? notHttp
  const status = statusOf(code)
  const request = arrivingOn(socket)
  const id = request?.id ?? newId()
  if (request === undefined) {
    this.log.info({ reqId: id, reason: error.code, res: { statusCode: status } }, 'a connection was refused')
  } else {
    request.refused = status
  }
  const body = JSON.stringify(bodyOf(code, { detail }, '', id))
  const headers = {
    'content-type': problemType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    ...securityHeaders,
    'x-request-id': id,
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${lines.join('')}\r\n${body}`)
  // Not end(): whoever sends slowly may never close their half.
  socket.destroySoon()
}

const notHttp = { code: 'invalid_request', detail: 'The request is not well-formed HTTP.' } as const

const clientErrors: Record<string, { code: ProblemCode; detail: string }> = {
  HPE_HEADER_OVERFLOW: { code: 'headers_too_large', detail: 'Send fewer or shorter headers.' },
  ERR_HTTP_REQUEST_TIMEOUT: { code: 'request_timeout', detail: 'Send the whole request at once.' },
}
