import { z } from 'zod'
import { Problem } from '../errors.ts'
import { addUp, type Family, figuresType, pageOf } from '../lib/figures.ts'
import { lastSeq } from '../storage/changes.ts'
import type { Store } from '../storage/store.ts'
import type { App } from './app.ts'

/** The figures of all processes behind the same port. */
export type Gather = () => Promise<Family[][]>

const Figures = z.string().meta({
  id: 'Figures',
  description: "Prometheus' text format.",
  examples: [
    '# HELP warta_last_change Number of the last change.\n# TYPE warta_last_change gauge\nwarta_last_change 1204\n',
  ],
})

export interface MetricsOptions {
  store: Store
  gather: Gather | undefined
}

/** For Prometheus, and whatever reads its format. */
export async function metricsRoutes(app: App, { store, gather }: MetricsOptions): Promise<void> {
  const { metrics } = app
  // Whatever has figures of its own is included here.
  metrics.include(() => changeFamilies(store))

  app.get(
    '/metrics',
    {
      schema: {
        operationId: 'getMetrics',
        summary: 'Read what is done and how long it takes',
        description:
          'Prometheus’ text format 0.0.4: requests by route, how long they took, how late the event loop runs, memory, CPU, the number of the last change, failures of jobs. With several worker processes it is the sum of all, whichever answers; one that does not answer within a second is counted as it was last seen, and `warta_processes` says how many did.',
        tags: ['operations'],
        response: { 200: { content: { 'text/plain': { schema: Figures } } } },
      },
      config: { allow: 'metrics:read' },
    },
    async (_request, reply) => {
      const all = gather === undefined ? [await metrics.collect()] : await gather()
      // As bytes: text would get an ETag, and no two of these are the same.
      return reply.type(figuresType).send(Buffer.from(pageOf(addUp(all))) as never)
    },
  )
}

/** Without it, where the database does not answer: what else there is to see is then needed most. */
async function changeFamilies(store: Store): Promise<Family[]> {
  try {
    const value = await store.read(lastSeq)
    return [
      {
        name: 'warta_last_change',
        help: 'Number of the last change: they are counted without a gap.',
        type: 'gauge',
        over: 'max',
        samples: [{ labels: {}, value }],
      },
    ]
  } catch (error) {
    if (error instanceof Problem) return []
    throw error
  }
}
