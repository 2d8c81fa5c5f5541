import { z } from 'zod'
import type { App } from '../../http/app.ts'
import { actorOf } from '../../http/auth.ts'
import { dropLock, getLock, takeLock } from '../../locks/locks.ts'
import { Lock, LockDeleteQuery, LockTake } from '../../locks/schema.ts'
import type { Store } from '../../storage/store.ts'
import { ArticleParams } from '../lists/schema.ts'
import { getWorkingCopy } from '../reading.ts'
import { expectWritable, getSettledCopy } from '../saving.ts'

const tags = ['articles']
const params = ArticleParams

export async function articleLockRoutes(app: App, { store }: { store: Store }): Promise<void> {
  app.get(
    '/articles/:article/lock',
    {
      schema: {
        operationId: 'getArticleLock',
        summary: 'See who works on an article',
        description: '404 when nobody does, or when the lock is over.',
        tags,
        params,
        response: { 200: Lock },
      },
      config: { allow: 'articles:write', problems: ['article_not_found', 'lock_not_found'] },
    },
    (request) =>
      store.read(async (db) => {
        const { article } = await getWorkingCopy(db, request.params.article, actorOf(request))
        return getLock(db, article.id)
      }),
  )

  app.put(
    '/articles/:article/lock',
    {
      schema: {
        operationId: 'lockArticle',
        summary: 'Lock an article, or renew the lock',
        description:
          'Until it is over, only this key can change the article or lead it to another state; others get 423. It makes no version, and needs no If-Match.',
        tags,
        params,
        body: LockTake,
        response: { 200: Lock },
      },
      config: { allow: 'articles:write', problems: ['article_not_found', 'article_locked'] },
    },
    (request) =>
      store.transact(async (db) => {
        const actor = actorOf(request)
        const { article } = await getSettledCopy(db, request.params.article, actor)
        // Who may not change it has nothing to keep others from.
        expectWritable(article, actor)
        return takeLock(db, article.id, request.body, actor)
      }),
  )

  app.delete(
    '/articles/:article/lock',
    {
      schema: {
        operationId: 'unlockArticle',
        summary: 'Let go of the lock of an article',
        description: '204 as well when there is none.',
        tags,
        params,
        querystring: LockDeleteQuery,
        response: { 204: z.undefined() },
      },
      config: { allow: 'articles:write', problems: ['article_not_found', 'article_locked'] },
    },
    async (request, reply) => {
      await store.transact(async (db) => {
        const actor = actorOf(request)
        const { article } = await getWorkingCopy(db, request.params.article, actor)
        await dropLock(db, article.id, request.query.takeOver, actor)
      })
      return reply.code(204).send()
    },
  )
}
