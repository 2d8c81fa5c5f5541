import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

const defaults = new WeakMap<z.ZodObject, Record<string, unknown>>()

/**
 * The one spelling of what was asked for: the path as the route writes it, and of the query, in the order of its schema,
 * what is not as it would be anyhow. Equal requests have one address, however they are spelled.
 * @param changes parameters that shall be otherwise; null leaves one out
 */
export function canonicalUrl(request: FastifyRequest, changes: Record<string, string | null> = {}): string {
  const { schema } = request.routeOptions
  const usual = defaultsOf(schema?.querystring)
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(request.query as Record<string, unknown>)) {
    const text = String(value)
    // Some are called `undefined`.
    const isUsual = name in usual && text === String(usual[name])
    if (value !== undefined && !isUsual) parameters.set(name, text)
  }
  for (const [name, value] of Object.entries(changes)) {
    parameters.delete(name)
    if (value !== null) parameters.append(name, value)
  }
  const query = parameters.toString()
  return query === '' ? canonicalPath(request) : `${canonicalPath(request)}?${query}`
}

export function canonicalPath({ routeOptions, params }: FastifyRequest): string {
  const { url = '' } = routeOptions
  return url.replace(/:(\w+)/g, (_, name) => encodeURIComponent((params as Record<string, string>)[name] ?? ''))
}

/** What the parameters are that nobody gives. */
function defaultsOf(schema: unknown): Record<string, unknown> {
  if (!(schema instanceof z.ZodObject)) return {}
  const known = defaults.get(schema)
  if (known !== undefined) return known
  const result = schema.safeParse({})
  const made = result.success ? (result.data as Record<string, unknown>) : {}
  defaults.set(schema, made)
  return made
}
