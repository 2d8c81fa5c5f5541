import type { App } from '../http/app.ts'
import { actorOf } from '../http/auth.ts'
import { answerList } from '../http/paging.ts'
import type { Store } from '../storage/store.ts'
import { getArticleChanges, getChanges } from './changes.ts'
import { ArticleChangeParams, ArticleChangeQuery, ChangeList, ChangeQuery } from './schema.ts'

const tags = ['changes']

export async function changeRoutes(app: App, { store, secret }: { store: Store; secret: Buffer }): Promise<void> {
  app.get(
    '/changes',
    {
      schema: {
        operationId: 'listChanges',
        summary: 'List changes',
        description: 'Who did what to which thing, and when: the newest first, nothing is ever left out.',
        tags,
        querystring: ChangeQuery,
        response: { 200: ChangeList },
      },
      config: { allow: 'changes:read', problems: ['invalid_cursor', 'too_busy', 'query_too_slow'] },
    },
    (request, reply) =>
      answerList(request, reply, secret, (window) =>
        store.read((db) => getChanges(db, request.query, window), { beside: isHeavy(request.query) }),
      ),
  )

  app.get(
    '/articles/:article/changes',
    {
      schema: {
        operationId: 'listArticleChanges',
        summary: 'List the changes of an article',
        description: 'The newest first. Writers see those of their own articles.',
        tags,
        params: ArticleChangeParams,
        querystring: ArticleChangeQuery,
        response: { 200: ChangeList },
      },
      config: { allow: 'drafts:read', problems: ['article_not_found', 'invalid_cursor'] },
    },
    (request, reply) => {
      const { params, query } = request
      return answerList(request, reply, secret, (window) =>
        store.read((db) => getArticleChanges(db, params.article, query, window, actorOf(request))),
      )
    },
  )
}

/** Without an id all changes are walked, in their order: with a filter many may be passed over, and a count passes all. */
function isHeavy({ count, id, entity, kind, actor, after, before }: ChangeQuery): boolean {
  return count !== undefined || (id === undefined && (entity ?? kind ?? actor ?? after ?? before) !== undefined)
}
