import type { FastifyInstance, FastifyRequest, HTTPMethods } from 'fastify'
import createRouter from 'find-my-way'
import { Problem } from '../errors.ts'
import { pathOf, sendError } from './problems.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** Every path with its methods. */
    paths: Map<string, Set<string>>
  }
  interface FastifyContextConfig {
    /** Only says what else there is at its path. */
    aside?: boolean
    /** the methods of its path, when its own is none of them */
    others?: ReadonlySet<string>
  }
}

/** As long as all headers may be: what a part of a path may hold is said, and refused by name, by each route. */
export const routerOptions = { maxParamLength: 16_384, ignoreTrailingSlash: false }

/** What no route takes: elsewhere there is nothing, and on a path that is there 405 says what it takes (RFC 9110 §15.5.6). */
export function usePaths(app: FastifyInstance): void {
  const paths = new Map<string, Set<string>>()
  app.decorate('paths', paths)
  app.addHook('onRoute', ({ config, method, url }) => {
    if (config?.aside === true) return
    for (const one of [method].flat()) paths.set(url, (paths.get(url) ?? new Set()).add(one))
  })

  let places: Places | undefined
  app.addHook('onReady', async () => {
    places = placesOf(paths)
  })
  const refuse = (request: FastifyRequest): Problem => {
    // To OPTIONS every path answers itself. `OPTIONS *` is about none, and to find-my-way about /.
    const place = request.method === 'OPTIONS' ? null : places?.find('GET', request.url)
    if (place) return methodNotAllowed(place.store)
    return new Problem('route_not_found', { detail: `There is nothing at ${pathOf(request)}.` })
  }
  // Before anybody looks who asks, and before the body, which nobody will read, is.
  app.addHook('onRequest', (request, _reply, done) => {
    const { others } = request.routeOptions.config
    if (others !== undefined) throw methodNotAllowed(others)
    if (request.is404) throw refuse(request)
    done()
  })
  app.setNotFoundHandler((request, reply) => sendError(refuse(request), request, reply))
}

/**
 * After all routes: on each path OPTIONS tells what is there, and no route with a parameter takes what another path does
 * not: DELETE /v1/articles/export is not of an article that is called so.
 */
export function closePaths(app: FastifyInstance): void {
  const aside = { allow: 'anyone', aside: true } as const
  const schema = { hide: true } as const
  const patterns = [...app.paths].flatMap(([path, methods]) =>
    path.includes(':') ? [{ path, methods, pattern: patternOf(path) }] : [],
  )
  for (const [url, known] of app.paths) {
    app.route({
      url,
      method: 'OPTIONS',
      schema,
      config: { ...aside, cors: { preflight: true } },
      handler: async (_request, reply) => reply.code(204).header('allow', allowOf(known)).send(),
    })
    const taking = patterns.filter(({ path, pattern }) => path !== url && pattern.test(url))
    const taken = new Set(taking.flatMap(({ methods }) => [...methods].filter((method) => !known.has(method))))
    if (taken.size === 0) continue
    const method = [...taken] as HTTPMethods[]
    app.route({ url, method, schema, config: { ...aside, others: known }, handler: async () => undefined })
  }
}

type Places = ReturnType<typeof placesOf>

/** Which path an address belongs to, whatever its method: one tree, where Fastify would need one for each of 35 methods. */
function placesOf(paths: ReadonlyMap<string, Set<string>>) {
  const places = createRouter(routerOptions)
  for (const [url, known] of paths) places.on('GET', url, () => undefined, known)
  return places
}

/** Where a route at this path would be found, were there no other. A parameter may be empty. */
function patternOf(path: string): RegExp {
  if (!/^[\w/:.-]*$/.test(path)) throw new Error(`${path} may have more in it than words and whole parameters.`)
  return new RegExp(`^${path.replaceAll('.', '\\.').replace(/:\w+/g, '[^/]*')}$`)
}

function methodNotAllowed(known: ReadonlySet<string>): Problem {
  const allow = allowOf(known)
  return new Problem('method_not_allowed', { detail: `Allowed here: ${allow}.`, headers: { allow } })
}

function allowOf(known: ReadonlySet<string>): string {
  return [...known, 'OPTIONS'].sort().join(', ')
}
