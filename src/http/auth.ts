import type { FastifyInstance, FastifyRequest } from 'fastify'
import { type Actor, type Allow, expectMay } from '../access.ts'
import { raise } from '../errors.ts'
import type { ReadOptions } from '../storage/store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The holder of the key, null for a stranger. */
    actor: Actor | null
  }
  interface FastifyContextConfig {
    /** Who may call the route. A route that does not say keeps the service from starting. */
    allow?: Allow
  }
}

/** Finds out who asks, and refuses who may not, before anything of the request is read or looked up. */
export function authenticate(app: FastifyInstance, find: (secret: string) => Promise<Actor | undefined>): void {
  app.decorateRequest('actor', null)
  app.addHook('onRequest', async (request) => {
    const { authorization } = request.headers
    if (authorization !== undefined) request.actor = await holderOf(authorization, find)
    const allow = request.routeOptions.config.allow ?? 'anyone'
    if (allow === 'anyone') return
    if (request.actor === null) raise('key_required', { detail: 'Send Authorization: Bearer KEY.' })
    expectMay(request.actor, allow)
  })
}

/**
 * How fresh an answer must be. Strangers may get it from a replica that has all that this process knows of; whoever holds
 * a key may have written a moment ago through another process, and reads what everybody wrote.
 */
export function freshness({ actor, seen }: FastifyRequest): ReadOptions {
  return { replica: actor === null, sight: seen }
}

/** The holder of the key, on routes that only holders can call. */
export function actorOf(request: FastifyRequest): Actor {
  return request.actor ?? raise('key_required')
}

/** The secret that the holder sent, on routes that only holders can call. */
export function secretOf({ headers }: FastifyRequest): string {
  return bearerOf(headers.authorization ?? '') ?? raise('key_required')
}

function bearerOf(authorization: string): string | undefined {
  return /^bearer +(\S+)$/i.exec(authorization)?.[1]
}

async function holderOf(authorization: string, find: (secret: string) => Promise<Actor | undefined>): Promise<Actor> {
  const secret = bearerOf(authorization)
  const actor = secret === undefined ? undefined : await find(secret)
  // One answer for what is malformed, unknown, revoked or expired: nothing to learn from it.
  return (
    actor ??
    raise('invalid_key', {
      detail: 'Send Authorization: Bearer KEY with a key that is neither revoked nor expired, or no such header.',
      headers: { 'www-authenticate': 'Bearer realm="warta", error="invalid_token"' },
    })
  )
}
