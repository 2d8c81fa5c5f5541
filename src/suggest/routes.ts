import type { App } from '../http/app.ts'
import { freshness } from '../http/auth.ts'
import type { Store } from '../storage/store.ts'
import { Suggestions, SuggestQuery } from './schema.ts'
import { suggest } from './suggest.ts'

export async function suggestRoutes(app: App, { store }: { store: Store }): Promise<void> {
  app.get(
    '/suggest',
    {
      schema: {
        operationId: 'suggest',
        summary: 'Suggest while somebody types',
        description:
          'Tags, sources and sections that have the words side by side in a name, a synonym or an alias, and articles that have them in their title; the last word may be the beginning of one. What is called just so comes first, then shorter names; articles come the newest first. Of very many names those are looked at that come first in the order of code points.',
        tags: ['articles'],
        querystring: SuggestQuery,
        response: { 200: Suggestions },
      },
      config: {
        allow: 'anyone',
        shared: true,
        problems: ['key_required', 'forbidden', 'too_busy', 'query_too_slow', 'search_rebuilding'],
      },
    },
    async (request) => ({
      data: await store.read((db) => suggest(db, request.query, request.actor), {
        ...freshness(request),
        // Two letters begin words of nearly every text.
        beside: request.query.kinds.includes('article'),
      }),
    }),
  )
}
