import type { FastifyInstance, RouteOptions } from 'fastify'
import { z } from 'zod'
import type { ProblemCode } from '../errors.ts'
import { raise } from '../errors.ts'
import { accepts } from './headers.ts'
import { isLines } from './lines.ts'
import { problemResponses, problemType } from './problems.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What it answers besides what follows from its nature. */
    problems?: readonly ProblemCode[]
  }
}

/**
 * What every route must declare, and what follows from it. A route without an audience or without a schema of its answer
 * keeps the service from starting: one would be open to all, the other would answer whatever its handler returns.
 */
export function keepContract(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    const { config, schema, url } = route
    if (config?.allow === undefined) throw new Error(`${String(route.method)} ${url} does not say who may call it.`)
    if (config.aside === true) return
    if (schema?.hide === true) return
    const answers = Object.keys(schema?.response ?? {})
    if (schema === undefined || !answers.some((status) => status.startsWith('2'))) {
      throw new Error(`${String(route.method)} ${url} does not say what it answers.`)
    }
    // No parameters are not any parameters: unknown ones are refused.
    schema.querystring ??= z.strictObject({})
    schema.response = { ...(schema.response as object), ...problemResponses(codesOf(route)) }
  })
  app.addHook('onRequest', (request, _reply, done) => {
    const { schema, config } = request.routeOptions
    if (config.allow === undefined || schema?.hide === true) return done()
    const { accept } = request.headers
    const type = typeOf((schema?.response as Record<string, unknown> | undefined)?.['200'])
    if (accepts(accept, type) || accepts(accept, problemType)) return done()
    raise('not_acceptable', { detail: `The answer is ${type}.` })
  })
}

/** The media type that an answer says it has, or that of most. */
function typeOf(answer: unknown): string {
  const { content = {} } = (answer ?? {}) as { content?: Record<string, unknown> }
  return Object.keys(content)[0] ?? 'application/json'
}

/** Every problem that a route can answer: what follows from its nature, and what it declares. */
export function codesOf({ config, schema, method }: RouteOptions): ProblemCode[] {
  const codes: ProblemCode[] = ['invalid_request', 'invalid_text', 'invalid_key']
  if (config?.allow !== 'anyone') codes.push('key_required', 'forbidden')
  codes.push('not_acceptable', 'uri_too_long', 'internal_error', 'database_unavailable')
  if (isLines(schema?.body)) codes.push('unsupported_media_type')
  else if (schema?.body !== undefined) codes.push('invalid_json', 'body_too_large', 'unsupported_media_type')
  else codes.push('unexpected_body')
  // DELETE and POST look at the type even of a body that is not there.
  if (schema?.body === undefined && !['GET', 'HEAD'].includes(String(method))) codes.push('unsupported_media_type')
  if (config?.once === true) codes.push('idempotency_in_flight', 'idempotency_key_reused')
  if (config?.edit === true) codes.push('version_required', 'version_stale')
  return [...codes, ...(config?.problems ?? [])]
}
