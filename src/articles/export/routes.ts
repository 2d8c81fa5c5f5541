import type { Config } from '../../config.ts'
import { raise } from '../../errors.ts'
import type { App } from '../../http/app.ts'
import { freshness } from '../../http/auth.ts'
import { linesOf, sendText, whenLeft } from '../../http/lines.ts'
import { Places } from '../../storage/places.ts'
import type { Store } from '../../storage/store.ts'
import { isHeavy } from '../lists/heavy.ts'
import { Article } from '../schema.ts'
import { exportArticles } from './exporting.ts'
import { ExportQuery } from './schema.ts'
import { spoolFolder } from './spool.ts'

/** What each holds for a reader who has stalled is some hundred kilobytes of memory, a socket and a file. */
const mostAtOnce = 20

/**
 * The p99 of others falls by it, on two cores with 200 articles a second from 15-25 ms to 7-17 ms, and an export of 100,000
 * articles takes 12 s in place of 6.5 to 8.5.
 */
const restMs = 1

/** Each reads on a connection of its own; more at once would end no sooner, and leave too few to other readers. */
const mostReading = 2

/** Half of what common proxies and clients wait for the first byte. */
const patienceMs = 30_000

interface Options {
  store: Store
  database: Config['database']
}

export async function exportRoutes(app: App, { store, database }: Options): Promise<void> {
  const folder = spoolFolder(database)
  // Whoever is let in may wait: there are no more than that.
  const places = new Places({ places: mostReading, mostWaiting: mostAtOnce, patienceMs })
  let underWay = 0
  const refuse = (detail: string): never =>
    raise('too_many_exports', { detail: `${detail} Try again in a while.`, headers: { 'retry-after': '30' } })
  app.get(
    '/articles/export',
    {
      schema: {
        operationId: 'exportArticles',
        summary: 'Export articles, one to a line',
        description:
          'NDJSON: each line is one article, whole, in the order of ids, which is that of their making; the filters are those of the list. Strangers get what is public; with `stage=working` editors get all working copies, and writers their own.\n\nAll of it is as it was at one moment, that at which the export began, however long it takes to be read: of what is written meanwhile it has nothing.\n\nA slow reader is waited for; one who takes nothing for a minute or two is cut off. An export that ends properly (with the last chunk of `Transfer-Encoding: chunked`, which every client looks for) is whole: when something fails in the middle, the connection is broken off.',
        tags: ['articles'],
        querystring: ExportQuery,
        response: { 200: linesOf(Article) },
      },
      config: {
        allow: 'anyone',
        problems: ['key_required', 'forbidden', 'too_many_exports', 'too_busy', 'query_too_slow'],
      },
    },
    async (request, reply) => {
      const { query, actor } = request
      if (underWay >= mostAtOnce) refuse(`${mostAtOnce} exports are under way.`)
      underWay += 1
      const left = new AbortController()
      whenLeft(reply, () => {
        underWay -= 1
        left.abort()
      })
      const leave = await places.take(left.signal).catch(() => refuse('Large exports are being read.'))
      try {
        // In the order of ids it may pass over many articles for each that a filter lets through.
        const beside = isHeavy({ ...query, sort: 'id' }, actor)
        const options = { ...freshness(request), beside, lasting: true }
        const { text, read } = await exportArticles(store, { query, actor, options, restMs }, folder)
        void read.then(leave)
        if (actor === null) reply.header('cache-control', 'no-store')
        return sendText(reply, text)
      } catch (error) {
        leave()
        throw error
      }
    },
  )
}
