import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { raise } from '../errors.ts'
import { canonicalJson } from '../lib/json.ts'
import { type Asked, type FirstAnswer, findAnswer, keepAnswer } from '../storage/answers.ts'
import type { Store, Write } from '../storage/store.ts'
import { actorOf, secretOf } from './auth.ts'
import { etagOf, versionOf } from './conditional.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The Idempotency-Key; undefined where there is none, or the route takes none. */
    idempotencyKey: string | undefined
  }
  interface FastifyInstance {
    /** What is being done once at this moment, by holder and key. */
    underWay: Set<string>
  }
  interface FastifyContextConfig {
    /** The route takes an Idempotency-Key, and so does its work in transactOnce. */
    once?: boolean
  }
}

/** How an answer is sent that is not just 200. */
interface Said<T> {
  status?: number
  headers?(result: T): Record<string, string>
}

/** As Fastify says it of what it serialises itself. */
const json = 'application/json; charset=utf-8'

/** Reads the key before the body is looked at. */
export function useIdempotency(app: FastifyInstance): void {
  app.decorate('underWay', new Set<string>())
  app.decorateRequest('idempotencyKey', undefined)
  app.addHook('preValidation', (request, _reply, done) => {
    const given = request.headers['idempotency-key']
    if (given !== undefined && request.routeOptions.config.once === true) request.idempotencyKey = keyIn(String(given))
    done()
  })
}

/**
 * A use case in one transaction, as the answer of its route. With an Idempotency-Key it happens once: the answer is kept
 * in the same transaction, and whoever sends the same request again gets that one, to the byte. What is refused had no
 * effect and is not kept. run may run again, as in Store.transact.
 * @throws Problem idempotency_in_flight | idempotency_key_reused
 */
export async function transactOnce<T extends Record<string, unknown> | undefined>(
  request: FastifyRequest,
  reply: FastifyReply,
  store: Store,
  run: (db: Write) => Promise<T>,
  { status = 200, headers = () => ({}) }: Said<T> = {},
): Promise<T> {
  const asked = askedBy(request)
  if (asked === undefined) {
    const result = await store.transact(run)
    reply.code(status).headers(headers(result))
    return result
  }
  const { answer, replayed } = await alone(request.server.underWay, asked, () =>
    store.transact(async (db) => {
      const first = await findAnswer(db, asked)
      if (first !== undefined) return { answer: first, replayed: true }
      const result = await run(db)
      const answer: FirstAnswer = { status, headers: headers(result), body: '' }
      if (result !== undefined) {
        answer.body = String(reply.serializeInput(result, String(status)))
        answer.headers.etag = `"${etagOf(answer.body, versionOf(result), reply.publicView)}"`
      }
      await keepAnswer(db, asked, answer)
      return { answer, replayed: false }
    }),
  )
  if (replayed) reply.header('idempotency-replayed', 'true')
  // What is sent is what was kept, and not made anew from it.
  reply.code(answer.status).headers(answer.headers)
  if (answer.body !== '') reply.type(json).serializer(() => answer.body)
  const sent = answer.body === '' ? undefined : JSON.parse(answer.body)
  return sent
}

/**
 * What is made before a transaction, to be had inside it: what it failed with is thrown there, where a first answer comes
 * before it.
 */
export async function prepared<T>(work: Promise<T>): Promise<() => T> {
  const [result] = await Promise.allSettled([work])
  return () => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  }
}

/** Does one part of a request, by its place in it. */
export type DoPart<T> = (
  index: number,
  run: (db: Write) => Promise<T>,
  /** what to answer for a part that was refused; it throws on what may be tried again */
  refusal: (error: unknown) => T,
) => Promise<T>

/**
 * A request whose parts have a transaction each. With an Idempotency-Key each part happens once: its result, which JSON
 * can hold, is kept, of what was done in its own transaction, so that whoever sends the request again, were it after a
 * crash in the middle, gets the results of what was done and of what was refused, and the rest is done. run of a part may
 * run again, as in Store.transact.
 * @throws Problem idempotency_in_flight | idempotency_key_reused
 */
export async function transactParts<T, R>(
  request: FastifyRequest,
  reply: FastifyReply,
  store: Store,
  work: (part: DoPart<T>) => Promise<R>,
): Promise<R> {
  const asked = askedBy(request)
  if (asked === undefined) return work((_, run, refusal) => store.transact(run).catch(refusal))
  let isNews = false
  const part: DoPart<T> = async (index, run, refusal) => {
    // No client can send a key with a space in it.
    const askedPart = { ...asked, key: `${asked.key} ${index}` }
    let replayed = false
    try {
      return await store.transact(async (db) => {
        const first = await findAnswer(db, askedPart)
        replayed = first !== undefined
        if (first !== undefined) {
          const kept: T = JSON.parse(first.body)
          return kept
        }
        const result = await run(db)
        await keepPart(db, askedPart, result)
        return result
      })
    } catch (error) {
      const result = refusal(error)
      // What came after it may have made it possible, which is not what was asked for.
      await store.transact((db) => keepPart(db, askedPart, result))
      return result
    } finally {
      isNews ||= !replayed
    }
  }
  const result = await alone(request.server.underWay, asked, async () => {
    // First, so that another request with this key is refused as a whole.
    await store.transact(async (db) => {
      if ((await findAnswer(db, asked)) === undefined)
        await keepAnswer(db, asked, { status: 200, headers: {}, body: '' })
    })
    return work(part)
  })
  if (!isNews) reply.header('idempotency-replayed', 'true')
  return result
}

/** What shall be done once; undefined when the request has no Idempotency-Key. */
function askedBy(request: FastifyRequest): Asked | undefined {
  const { config, url } = request.routeOptions
  if (config.once !== true) throw new Error(`${request.method} ${url} does not say that it is done once.`)
  const key = request.idempotencyKey
  if (key === undefined) return undefined
  return { actor: actorOf(request).id, secret: secretOf(request), key, request: fingerprint(request) }
}

/** Within this process nobody waits for the first; between processes the turn to write makes the second wait. */
async function alone<T>(underWay: Set<string>, { actor, key }: Asked, work: () => Promise<T>): Promise<T> {
  const name = `${actor} ${key}`
  if (underWay.has(name)) {
    raise('idempotency_in_flight', {
      detail: 'The first request with this key is still being worked on. Send it again after a second.',
      headers: { 'retry-after': '1' },
    })
  }
  underWay.add(name)
  try {
    return await work()
  } finally {
    underWay.delete(name)
  }
}

/** What is asked for: not how its JSON is laid out, and not which version was seen, which a replay does not look at. */
function fingerprint({ method, url, body }: FastifyRequest): string {
  return createHash('sha256')
    .update(`${method} ${url}\n${canonicalJson(body ?? null)}`)
    .digest('hex')
}

/**
 * The draft of the IETF wants a string of structured fields (RFC 9651 §3.3.3), in quotes; most clients send it bare.
 * @throws Problem invalid_request
 */
function keyIn(given: string): string {
  const [, quoted] = /^"((?:[^"\\]|\\["\\])*)"$/.exec(given) ?? []
  const key = given.startsWith('"') ? quoted?.replace(/\\(.)/g, '$1') : given
  // 255 is as much as the common services take; a UUID has 36.
  if (key !== undefined && /^[!-~]{1,255}$/.test(key)) return key
  return raise('invalid_request', {
    errors: [
      {
        header: 'Idempotency-Key',
        code: 'wrong_format',
        message: 'must be 1 to 255 visible ASCII characters, bare or in double quotes, such as a UUID',
      },
    ],
  })
}

function keepPart(db: Write, asked: Asked, result: unknown): Promise<void> {
  return keepAnswer(db, asked, { status: 200, headers: {}, body: JSON.stringify(result) })
}
