import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { RequestLine } from '../log.ts'
import { securityHeaders } from './headers.ts'
import { senderLeft, whenLeft } from './lines.ts'
import { routeOf } from './metrics.ts'
import { sendError } from './problems.ts'

declare module 'fastify' {
  interface FastifyInstance {
    logRequest(line: RequestLine): void
  }
  interface FastifyRequest {
    /** where it came from: a socket that is closed has forgotten it */
    from: string | undefined
    /** what its sender was told on the bare socket, before all of it had arrived */
    refused: number | undefined
    told: boolean
  }
}

/** The last request of each connection. */
const requests = new WeakMap<Socket, FastifyRequest>()

/** The one that is still arriving there. */
export function arrivingOn(socket: Socket): FastifyRequest | undefined {
  const request = requests.get(socket)
  return request?.raw.complete === false ? request : undefined
}

/** Tells the log and the figures of each request, once, when it is over: who asked for what, and how it ended. */
export function tellOutcomes(app: FastifyInstance, log: (line: RequestLine) => void): void {
  app.decorate('logRequest', log)
  app.decorateRequest('from', undefined)
  app.decorateRequest('refused', undefined)
  app.decorateRequest('told', false)
  app.addHook('onRequest', (request, _reply, done) => {
    request.from = request.ip
    requests.set(request.raw.socket, request)
    done()
  })
  // A body whose sender left while the key was looked up would be waited for without end.
  app.addHook('preParsing', (_request, { raw }, payload, done) => {
    done(raw.destroyed ? senderLeft() : null, payload)
  })
  app.addHook('onSend', (request, reply, payload, done) => {
    tellAtEnd(request, reply)
    if (payload instanceof Readable) logFailure(reply, payload)
    done(null, payload)
  })
  // Node answers an expectation that it does not know with a bare 417; RFC 9110 §10.1.1 lets a server pass it over.
  app.server.on('checkExpectation', (request, response) => app.routing(request, response))
}

/** Fastify's own hook is not called for an answer whose reader has left, before it was there or in the middle. */
function tellAtEnd(request: FastifyRequest, reply: FastifyReply): void {
  reply.raw.once('finish', () => tell(request, reply, false))
  // After the last piece too, by when it has been told.
  whenLeft(reply, () => tell(request, reply, request.refused === undefined))
}

function tell(request: FastifyRequest, reply: FastifyReply, broken: boolean): void {
  // What fails in being sent is sent again, as a problem.
  if (request.told) return
  request.told = true
  // An idle connection would keep all that it has brought.
  if (requests.get(request.raw.socket) === request) requests.delete(request.raw.socket)
  const { id, method, url, actor, server, from = request.ip } = request
  const { statusCode, elapsedTime: ms } = reply
  const status = request.refused ?? statusCode
  server.metrics.observe(routeOf(request), method, broken ? 'broken' : status, ms)
  server.logRequest({ id, method, url, status, from, key: actor?.id, ms, broken })
}

/** Why an answer that is sent piece by piece broke off. */
function logFailure({ raw, log }: FastifyReply, pieces: Readable): void {
  pieces.once('error', (err) => {
    // One that has not begun becomes a problem, and who has left misses nothing.
    if (raw.headersSent && !raw.destroyed) log.error({ err }, 'an answer broke off')
  })
}

/** A path that cannot be decoded is answered before there is a route, and so without any hook. */
export function answerBadUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  reply.headers({ ...securityHeaders, 'x-request-id': request.id, vary: 'Authorization' })
  tellAtEnd(request, reply)
  sendError(error, request, reply)
}
