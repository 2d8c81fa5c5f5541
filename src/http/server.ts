import type { Socket } from 'node:net'
import type { FastifyCorsOptions } from '@fastify/cors'
import type { FastifyHttpOptions, FastifyInstance, RawServerDefault } from 'fastify'
import type { Config } from '../config.ts'
import type { ProblemCode } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { bodyOf, problemType, statusOf } from './problems.ts'

/** Printable, short enough for a log line, with nothing that could forge one. */
const requestId = /^[\w.:-]{1,128}$/

/** How the server meets slow, broken and hostile connections. */
export function serverOptions(config: Config) {
  return {
    bodyLimit: config.bodyLimitBytes,
    // A section's path of eight slugs, with its slashes percent-encoded, is the longest part of a path.
    routerOptions: { maxParamLength: 1_000, ignoreTrailingSlash: false },
    // A request has ten seconds to arrive, its headers five; looked at every second, a slow sender is gone within fifteen.
    requestTimeout: 10_000,
    http: { headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    // Longer than the 60 s after which common proxies let go, so that it is not we who close under their request.
    keepAliveTimeout: 65_000,
    // Now and then a connection comes anew, so that a balancer can spread the load.
    maxRequestsPerSocket: 1_000,
    return503OnClosing: true,
    forceCloseConnections: 'idle',
    trustProxy: config.trustProxy.length === 0 ? false : [...config.trustProxy],
    // One line a request, when it is over: see logRequests.
    disableRequestLogging: true,
    requestIdHeader: false,
    genReqId: (request: { headers: Record<string, unknown> }) => {
      const given = request.headers['x-request-id']
      return typeof given === 'string' && requestId.test(given) ? given : newId()
    },
    clientErrorHandler,
  } as const satisfies FastifyHttpOptions<RawServerDefault>
}

/** One line a request: who asked for what, and how it ended. */
export function logRequests(app: FastifyInstance): void {
  app.addHook('onResponse', async (request, reply) => {
    const ms = Math.round(reply.elapsedTime * 10) / 10
    request.log.info({ req: request.raw, res: reply, key: request.actor?.id, ms }, 'request')
  })
}

export function corsOptions(config: Config): FastifyCorsOptions {
  return {
    origin: config.corsOrigins === '*' ? '*' : [...config.corsOrigins],
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: ['Authorization', 'Content-Type', 'If-Match', 'If-None-Match', 'X-Request-Id'],
    exposedHeaders: ['ETag', 'Link', 'Location', 'Retry-After', 'X-Request-Id', 'Allow'],
    // An hour: browsers keep a preflight no longer than two.
    maxAge: 3_600,
    // Each path answers OPTIONS itself, with its Allow.
    preflightContinue: true,
    strictPreflight: false,
  }
}

/** What cannot be parsed as HTTP gets its problem as well, on the bare socket. */
function clientErrorHandler(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const code: ProblemCode = clientErrors[error.code ?? ''] ?? 'invalid_request'
  const body = JSON.stringify(bodyOf(code, { detail: 'The request is not well-formed HTTP.' }, '', newId()))
  const head = [
    `HTTP/1.1 ${statusOf(code)} Error`,
    `Content-Type: ${problemType}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'X-Content-Type-Options: nosniff',
    'Connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}

const clientErrors: Record<string, ProblemCode> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}
