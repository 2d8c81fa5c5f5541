import type { FastifyRequest } from 'fastify'
import { z } from 'zod'

export const Moved = z
  .object({ location: z.string() })
  .meta({ id: 'Moved', description: 'It has another name now.', examples: [{ location: '/v1/tags/russia' }] })

/**
 * Where to go on from a former name: undefined when the thing was asked for by one of its own. Its last name is the one
 * to use; the query stays as it was.
 */
export function movedTo(request: FastifyRequest, asked: string, names: readonly string[]): string | undefined {
  if (names.includes(asked)) return undefined
  const [path = '', query = ''] = request.url.split(/(?=\?)/)
  return `${path.slice(0, path.lastIndexOf('/'))}/${encodeURIComponent(names.at(-1) ?? '')}${query}`
}
