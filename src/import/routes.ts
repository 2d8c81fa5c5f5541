import { raise } from '../errors.ts'
import type { App } from '../http/app.ts'
import { actorOf } from '../http/auth.ts'
import { acceptLines, linesOf, receiveLines, sendLines } from '../http/lines.ts'
import type { Renderer } from '../markdown/renderer.ts'
import type { Store } from '../storage/store.ts'
import { ImportLine, ImportQuery, ImportRecord } from './schema.ts'
import { importLines } from './streaming.ts'

interface Options {
  store: Store
  renderer: Renderer
  /** of an article that names none */
  lang: string
}

export async function importRoutes(app: App, { store, renderer, lang }: Options): Promise<void> {
  acceptLines(app)

  app.post(
    '/articles/import',
    {
      schema: {
        operationId: 'importArticles',
        summary: 'Import articles, one to a line',
        description:
          'NDJSON of any length: each line is one article (8 MiB at most), taken or refused by itself, and answered by a line in the same order, some 32 at a time, while the rest is still arriving: read the answer while you send. Empty lines are passed over.\n\nA record whose `externalId` is known changes that article, as far as it says something, or nothing; it is `kept` as it is when another key changed it last, unless `overwrite` says otherwise. A line of an export that has no `externalId` is known by its `id`.\n\nThe last line says `done`. Without it the import was cut short, by the connection or by a server that stops; what was answered until then is kept. Send it all again: of what has an `externalId` nothing is done twice, of what has none another article would be made. There is no `Idempotency-Key` here for that reason.\n\nA sender who brings less than 10 KiB in ten seconds, and a reader who takes nothing for a minute or two, are cut off.',
        tags: ['articles'],
        querystring: ImportQuery,
        body: linesOf(ImportRecord),
        response: { 200: linesOf(ImportLine) },
      },
      config: { allow: 'articles:import', problems: ['request_timeout'] },
    },
    async (request, reply) => {
      if (request.headers['idempotency-key'] !== undefined) {
        const message = 'is not taken here: give records an externalId, by which nothing is done twice'
        raise('invalid_request', { errors: [{ header: 'Idempotency-Key', code: 'unknown', message }] })
      }
      const { section, source, ...choices } = request.query
      const options = { store, renderer, lang, actor: actorOf(request), section, source, ...choices }
      const { chunks, stopped } = receiveLines(request, reply)
      return sendLines(reply, importLines(chunks, options, stopped))
    },
  )
}
