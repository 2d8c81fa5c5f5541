import type { FastifyRequest } from 'fastify'
import { raise } from '../errors.ts'

/**
 * Leads on from a former name, unless the thing was asked for by one of its own. Its last name is the one to use; the query
 * stays as it was.
 * @throws Problem moved, with `location`
 */
export function leaveFormerName(request: FastifyRequest, asked: string, names: readonly string[]): void {
  if (names.includes(asked)) return
  const [path = '', query = ''] = request.url.split(/(?=\?)/)
  const location = `${path.slice(0, path.lastIndexOf('/'))}/${encodeURIComponent(names.at(-1) ?? '')}${query}`
  raise('moved', { more: { location }, headers: { location } })
}
