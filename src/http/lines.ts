import type { Socket } from 'node:net'
import { PassThrough, Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Problem, raise } from '../errors.ts'
import { expectUtf8 } from './body.ts'

/** Bodies of any length, in and out: one JSON value a line (NDJSON), held for a moment each. */

export const ndjson = 'application/x-ndjson'

/** What a route takes or answers line by line; the schema is of one line. */
export function linesOf<Schema>(schema: Schema) {
  return { content: { [ndjson]: { schema } } }
}

export function isLines(schema: unknown): boolean {
  return (schema as { content?: Record<string, unknown> } | undefined)?.content?.[ndjson] !== undefined
}

/** As much as is ready for a reader at a time. */
const readyBytes = 65_536

/** Longer than a connection needs to come back by itself, shorter than what a proxy in front would wait. */
const longestStallMs = 60_000

/**
 * Answers one line after another, each made when the reader has room for it. A reader who takes nothing for a minute or two
 * is cut off. What fails before the first line is a problem; after it the connection is destroyed, so that an answer which
 * ends properly is whole.
 */
export function sendLines(reply: FastifyReply, lines: AsyncIterable<unknown>, stallMs?: number): FastifyReply {
  return sendText(reply, Readable.from(textOf(lines), { objectMode: false, highWaterMark: readyBytes }), stallMs)
}

/** The same of lines that are text already. */
export function sendText(reply: FastifyReply, text: Readable, stallMs = longestStallMs): FastifyReply {
  reply.type(ndjson)
  if (reply.request.method === 'HEAD') {
    // Of what nobody wants to see nothing more is made.
    text.destroy()
    return reply.header('transfer-encoding', 'chunked').send(Readable.from([]))
  }
  cutOffStalled(reply, stallMs)
  return reply.send(text)
}

/** Does something as soon as nobody waits for the answer any more: they have had it, or have left, perhaps before this. */
export function whenLeft({ raw }: FastifyReply, act: () => void): void {
  if (raw.destroyed) act()
  else raw.once('close', act)
}

/** Why nothing more becomes of a request; nobody reads it but who asked for more of the log. */
export function senderLeft(): Problem {
  return new Problem('invalid_request', { detail: 'The sender has left.' })
}

/** Looks now and then whether something was taken of what is ready; a slow reader may be as slow as they like. */
function cutOffStalled(reply: FastifyReply, stallMs: number): void {
  const { raw } = reply
  let taken = -1
  const timer = setInterval(() => {
    const { bytesWritten = 0 } = raw.socket ?? {}
    if (raw.writableLength > 0 && bytesWritten === taken) raw.destroy()
    taken = bytesWritten
  }, stallMs)
  timer.unref()
  whenLeft(reply, () => clearInterval(timer))
}

async function* textOf(lines: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const line of lines) yield `${JSON.stringify(line)}\n`
}

/** Bodies of lines and no others, for the routes of one plugin. */
export function acceptLines(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(ndjson, async (request: FastifyRequest, body: Readable) => {
    expectUtf8(request.headers['content-type'])
    return body
  })
  app.addContentTypeParser('*', async () => refuseType())
}

function refuseType(): never {
  raise('unsupported_media_type', { detail: `Send ${ndjson}.` })
}

export interface Arrival {
  chunks: AsyncIterable<Buffer>
  /** aborted when the service stops: `chunks` then throws */
  stopped: AbortSignal
}

/** Ten seconds is what other requests have in all; a kilobyte a second is less than any line that carries archives. */
const window = { seconds: 10, leastBytes: 10_240 }

const watched = new WeakSet<Socket>()

/** Whether somebody else than Node looks after how long the request takes to arrive. */
export function isWatched(socket: Socket): boolean {
  return watched.has(socket)
}

/**
 * The body as it arrives, however long that takes: in the place of the time limit on the whole request stands one on
 * each ten seconds in which there is nothing to do but wait for the sender.
 * @throws Problem unsupported_media_type, without a body; from `chunks` request_timeout
 */
export function receiveLines(request: FastifyRequest, reply: FastifyReply): Arrival {
  const body = request.body
  if (!(body instanceof Readable)) return refuseType()
  const { socket } = request.raw
  const stop = new AbortController()
  const chunks = new PassThrough()
  let brought = 0
  let waited = 0
  const timer = setInterval(() => {
    if (request.server.stopping) {
      stop.abort()
      chunks.destroy(new Error('The service stops.'))
      return
    }
    // What lies there waits for us, and not we for it.
    const isWaiting = chunks.readableLength + chunks.writableLength === 0
    waited = isWaiting ? waited + 1 : 0
    if (!isWaiting) brought = 0
    if (waited < window.seconds) return
    if (brought < window.leastBytes) {
      const detail = `Send at least ${window.leastBytes} bytes in ${window.seconds} seconds.`
      chunks.destroy(new Problem('request_timeout', { detail }))
    }
    waited = 0
    brought = 0
  }, 1_000)
  watched.add(socket)
  // What has been read in part is not kept alive: the rest of it would be taken for the next request.
  reply.header('connection', 'close')
  whenLeft(reply, () => {
    clearInterval(timer)
    watched.delete(socket)
    chunks.destroy(senderLeft())
  })
  body.on('data', (chunk: Buffer) => {
    brought += chunk.length
  })
  body.once('end', () => clearInterval(timer))
  body.once('error', (error) => chunks.destroy(error))
  body.once('close', () => {
    if (!body.readableEnded) chunks.destroy(senderLeft())
  })
  body.pipe(chunks)
  return { chunks, stopped: stop.signal }
}
