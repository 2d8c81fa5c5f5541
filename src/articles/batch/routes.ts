import type { App } from '../../http/app.ts'
import { actorOf } from '../../http/auth.ts'
import { type DoPart, transactOnce, transactParts } from '../../http/idempotency.ts'
import { innerProblem } from '../../http/problems.ts'
import type { ArticleOptions } from '../routes.ts'
import { doEach, doTogether, prepare } from './batch.ts'
import { BatchRequest, BatchResult, type OperationResult } from './schema.ts'

interface BatchRouteOptions extends ArticleOptions {
  /** ms that a write waits for another process */
  busyTimeoutMs: number
}

/** Many articles at once. */
export async function articleBatchRoutes(
  app: App,
  { store, renderer, lang, revisionWindowMs: foldWithin, busyTimeoutMs }: BatchRouteOptions,
): Promise<void> {
  app.post(
    '/articles/batch',
    {
      schema: {
        operationId: 'batchArticles',
        summary: 'Change many articles at once',
        description:
          'Up to 500 operations, each by the rules of the request that does the same, and with its permission and version. With `atomic` all or nothing: when any fails, 409 `batch_failed` has the member `results`, with every problem, and 424 for what only others kept from being done; 503 `batch_too_slow`, when it takes longer than others wait for their turn to write. Else 200, and each result says what became of its operation; with an `Idempotency-Key` each is answered as the first time, refused ones too, even if the first answer was cut off in the middle; what had not been reached then is done. The body has the usual limit (1 MiB, unless set): larger sets go through import.',
        tags: ['articles'],
        body: BatchRequest,
        response: { 200: BatchResult },
      },
      config: { allow: 'articles:write', once: true, problems: ['batch_failed', 'batch_too_slow'] },
    },
    async (request, reply) => {
      const { atomic, operations } = request.body
      const steps = await prepare(operations, actorOf(request), { renderer, lang, foldWithin })
      const tell = (error: unknown) => innerProblem(error, request)
      return atomic
        ? transactOnce(request, reply, store, (db) => doTogether(db, steps, busyTimeoutMs, tell))
        : transactParts(request, reply, store, (part: DoPart<OperationResult>) => doEach(steps, part, tell))
    },
  )
}
