import type { FastifyInstance } from 'fastify'

/** For whoever comes to the door: where everything is. */
export async function rootRoutes(app: FastifyInstance): Promise<void> {
  const links = '</openapi.json>; rel="service-desc", </docs>; rel="service-doc", </livez>; rel="status"'
  const index = JSON.stringify({
    name: 'Warta',
    articles: '/v1/articles',
    sections: '/v1/sections',
    tags: '/v1/tags',
    sources: '/v1/sources',
    docs: '/docs',
    openapi: '/openapi.json',
  })
  for (const path of ['/', '/v1']) {
    app.get(path, { config: { allow: 'anyone' }, schema: { hide: true } }, async (_request, reply) =>
      // RFC 8631
      reply.type('application/json; charset=utf-8').header('link', links).send(index),
    )
  }
}
