import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { may } from '../../access.ts'
import type { App } from '../../http/app.ts'
import { freshness } from '../../http/auth.ts'
import { answerJsonList, answerList } from '../../http/paging.ts'
import { expectSource } from '../../sources/sources.ts'
import type { Read, Store } from '../../storage/store.ts'
import { getArticles, getRelated } from '../reading.ts'
import { ArticleList } from '../schema.ts'
import { getPublicCards, isStored } from '../stored/answers.ts'
import { isHeavy } from './heavy.ts'
import { ArticleParams, ArticleQuery, RelatedArticles, RelatedQuery, SourceArticlesQuery } from './schema.ts'

const tags = ['articles']

/** The usual order goes without saying, so that a list has one address, and a cursor is good for it however it is asked for. */
async function tidySort(request: FastifyRequest): Promise<void> {
  const query = request.query as Record<string, unknown>
  if (query.sort === (query.q === undefined ? '-publishedAt' : 'relevance')) delete query.sort
}

export async function articleListRoutes(app: App, { store, secret }: { store: Store; secret: Buffer }): Promise<void> {
  /** @param find the whole query, of names that are looked up first */
  function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    query: ArticleQuery,
    find: (db: Read) => Promise<ArticleQuery> = async () => query,
  ): Promise<ArticleList> {
    const { actor } = request
    const how = { ...freshness(request), beside: isHeavy(query, actor) }
    return isStored(query)
      ? answerJsonList(request, reply, secret, (window) =>
          store.read(async (db) => getPublicCards(db, await find(db), window), how),
        )
      : answerList(request, reply, secret, (window) =>
          store.read(async (db) => getArticles(db, await find(db), window, actor), how),
        )
  }

  app.get(
    '/articles',
    {
      schema: {
        operationId: 'listArticles',
        summary: 'List articles',
        description: 'Cards without pages. Filters add up; the values of one filter are alternatives.',
        tags,
        querystring: ArticleQuery,
        response: { 200: ArticleList },
      },
      preValidation: tidySort,
      config: {
        allow: 'anyone',
        shared: true,
        problems: ['invalid_cursor', 'key_required', 'forbidden', 'too_busy', 'query_too_slow', 'search_rebuilding'],
      },
    },
    (request, reply) => answer(request, reply, request.query),
  )

  app.get(
    '/articles/:article/related',
    {
      schema: {
        operationId: 'listRelatedArticles',
        summary: 'List articles near to one',
        description: 'Public ones, by the tags, sources and section that they share.',
        tags,
        params: ArticleParams,
        querystring: RelatedQuery,
        response: { 200: RelatedArticles },
      },
      config: { allow: 'anyone', shared: true, problems: ['article_not_found', 'article_gone', 'article_withdrawn'] },
    },
    async (request) => ({
      data: await store.read(
        (db) => getRelated(db, request.params.article, request.query.limit, request.actor),
        freshness(request),
      ),
    }),
  )

  app.get(
    '/sources/:source/articles',
    {
      schema: {
        operationId: 'listArticlesOfSource',
        summary: 'List the articles that rest on a source',
        description: 'What has to be looked at when the source corrects or withdraws a story.',
        tags: ['sources'],
        params: z.strictObject({ source: z.string().min(1).max(200).meta({ description: 'Id or slug.' }) }),
        querystring: SourceArticlesQuery,
        response: { 200: ArticleList },
      },
      preValidation: tidySort,
      config: {
        allow: 'anyone',
        shared: true,
        problems: [
          'invalid_cursor',
          'source_not_found',
          'key_required',
          'forbidden',
          'too_busy',
          'query_too_slow',
          'search_rebuilding',
        ],
      },
    },
    (request, reply) => {
      const { query, params, actor } = request
      return answer(request, reply, { ...query, source: [params.source] }, async (db) => {
        const confidential = may(actor, 'drafts:read') && query.stage === 'working'
        return { ...query, source: [await expectSource(db, params.source, confidential)] }
      })
    },
  )
}
