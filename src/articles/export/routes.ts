import { raise } from '../../errors.ts'
import type { App } from '../../http/app.ts'
import { freshness } from '../../http/auth.ts'
import { linesOf, sendLines } from '../../http/lines.ts'
import type { Store } from '../../storage/store.ts'
import { Article } from '../schema.ts'
import { exportArticles } from './exporting.ts'
import { ExportQuery } from './schema.ts'

/** What a reader who has stalled holds is some megabytes, most of it on the way to the socket. */
const mostAtOnce = 10

export async function exportRoutes(app: App, { store }: { store: Store }): Promise<void> {
  let underWay = 0
  app.get(
    '/articles/export',
    {
      schema: {
        operationId: 'exportArticles',
        summary: 'Export articles, one to a line',
        description:
          'NDJSON: each line is one article, whole, in the order of ids, which is that of their making; the filters are those of the list. Strangers get what is public; with `stage=working` editors get all working copies, and writers their own.\n\nEach article is consistent as of the moment at which its line was written. What is published meanwhile may be there or not, and what is taken back meanwhile too.\n\nA slow reader is waited for; one who takes nothing for a minute or two is cut off. An export that ends properly (with the last chunk of `Transfer-Encoding: chunked`, which every client looks for) is whole: when something fails in the middle, the connection is broken off.',
        tags: ['articles'],
        querystring: ExportQuery,
        response: { 200: linesOf(Article) },
      },
      config: { allow: 'anyone', problems: ['key_required', 'forbidden', 'too_many_exports'] },
    },
    async (request, reply) => {
      const { query, actor } = request
      if (underWay >= mostAtOnce) {
        raise('too_many_exports', {
          detail: `${mostAtOnce} exports are under way. Try again in a while.`,
          headers: { 'retry-after': '30' },
        })
      }
      underWay += 1
      reply.raw.once('close', () => {
        underWay -= 1
      })
      const articles = await exportArticles(store, { query, actor, freshness: freshness(request) })
      if (actor === null) reply.header('cache-control', 'no-store')
      return sendLines(reply, articles)
    },
  )
}
