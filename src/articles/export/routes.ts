import type { Config } from '../../config.ts'
import { raise } from '../../errors.ts'
import type { App } from '../../http/app.ts'
import { freshness } from '../../http/auth.ts'
import { linesOf, senderLeft, sendText, whenLeft } from '../../http/lines.ts'
import { Places } from '../../storage/places.ts'
import type { Store } from '../../storage/store.ts'
import { isHeavy } from '../lists/heavy.ts'
import { Article } from '../schema.ts'
import { exportArticles } from './exporting.ts'
import { ExportQuery } from './schema.ts'
import { spoolFolder } from './spool.ts'

/** What each holds for a reader who has stalled is some hundred kilobytes of memory, a socket and a file. */
const mostAtOnce = 20

/** The shortest there is, for whoever else asks this process: between two pages of what is read in it, and not beside. */
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
      const leave = await places.take(left.signal).catch(() => {
        if (left.signal.aborted) throw senderLeft()
        return refuse('Large exports are being read.')
      })
      try {
        // It reads all there is, for which SQLite would have everybody wait for the disk. Of what another server reads only
        // that which may pass over many articles for each that a filter lets through has to be kept in bounds.
        const isOurs = database.engine === 'sqlite'
        const options = {
          ...freshness(request),
          beside: isOurs || isHeavy({ ...query, sort: 'id' }, actor),
          lasting: true,
        }
        const asked = { query, actor, options, ...(!isOurs && { restMs }) }
        const { text, read } = await exportArticles(store, asked, folder)
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
