import { z } from 'zod'
import { raise } from '../errors.ts'
import type { Store } from '../storage/store.ts'
import type { App } from './app.ts'

const Health = z.object({ status: z.literal('ok') }).meta({ id: 'Health', examples: [{ status: 'ok' }] })

/** For load balancers and supervisors: no key, no details. */
export async function healthRoutes(app: App, { store }: { store: Store }): Promise<void> {
  const tags = ['operations']

  app.get(
    '/livez',
    {
      schema: {
        operationId: 'getLiveness',
        summary: 'Whether the process answers',
        description: 'Touches no database.',
        tags,
        response: { 200: Health },
      },
      config: { allow: 'anyone' },
    },
    async () => ({ status: 'ok' as const }),
  )

  app.get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        summary: 'Whether it can serve reads and writes',
        description: 'Tries whether the database takes writes; with SQLite also whether the disk has room.',
        tags,
        response: { 200: Health },
      },
      config: { allow: 'anyone', problems: ['shutting_down'] },
    },
    async () => {
      if (app.stopping) raise('shutting_down', { headers: { 'retry-after': '1' } })
      if (!(await store.writable())) raise('database_unavailable', { headers: { 'retry-after': '2' } })
      return { status: 'ok' as const }
    },
  )
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Set when a signal to stop has come: what is under way is finished, nothing new should be sent here. */
    stopping: boolean
  }
}
