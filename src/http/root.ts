import { z } from 'zod'
import type { App } from './app.ts'

const index = {
  name: 'Warta',
  articles: '/v1/articles',
  sections: '/v1/sections',
  tags: '/v1/tags',
  sources: '/v1/sources',
  docs: '/docs',
  openapi: '/openapi.json',
}

const Index = z.record(z.string(), z.string()).meta({ id: 'Index', examples: [index] })

/** RFC 8631: where the service is described. */
const links = '</openapi.json>; rel="service-desc", </docs>; rel="service-doc", </livez>; rel="status"'

export async function rootRoutes(app: App): Promise<void> {
  app.get(
    '/',
    {
      schema: {
        operationId: 'getIndex',
        summary: 'Find your way',
        description: 'Where everything is, for whoever comes to the door.',
        tags: ['operations'],
        response: { 200: Index },
      },
      config: { allow: 'anyone' },
    },
    async (_request, reply) => reply.header('link', links).send(index),
  )
}
