import { z } from 'zod'
import type { App } from '../../http/app.ts'
import { actorOf } from '../../http/auth.ts'
import type { Store } from '../../storage/store.ts'
import { ArticleParams } from '../lists/schema.ts'
import { ArticleSlugs, SlugParams } from './schema.ts'
import { getSlugs, releaseSlug } from './slugs.ts'

const tags = ['articles']

export async function articleSlugRoutes(app: App, { store }: { store: Store }): Promise<void> {
  app.get(
    '/articles/:article/slugs',
    {
      schema: {
        operationId: 'listArticleSlugs',
        summary: 'List the slugs that lead to an article',
        description: 'Those that it has, and those that it had when readers could see it: they stay its own.',
        tags,
        params: ArticleParams,
        response: { 200: ArticleSlugs },
      },
      config: { allow: 'drafts:read', problems: ['article_not_found'] },
    },
    async (request) => ({
      data: await store.read((db) => getSlugs(db, request.params.article, actorOf(request))),
    }),
  )

  app.delete(
    '/articles/:article/slugs/:slug',
    {
      schema: {
        operationId: 'releaseArticleSlug',
        summary: 'Let go of a former slug',
        description: 'It leads nowhere from now on, and another article may have it.',
        tags,
        params: SlugParams,
        response: { 204: z.undefined() },
      },
      config: {
        allow: 'articles:publish',
        edit: true,
        problems: ['article_not_found', 'slug_not_found', 'article_locked', 'slug_in_use'],
      },
    },
    async (request, reply) => {
      const { article, slug } = request.params
      await store.transact((db) => releaseSlug(db, article, slug, request.edit))
      return reply.code(204).send()
    },
  )
}
