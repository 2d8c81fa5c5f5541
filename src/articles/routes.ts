import type { FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import { patching, replacing } from '../editing.ts'
import { raise } from '../errors.ts'
import type { App } from '../http/app.ts'
import { actorOf, freshness } from '../http/auth.ts'
import { acceptCopy } from '../http/body.ts'
import { answerJson } from '../http/conditional.ts'
import { prepared, transactOnce } from '../http/idempotency.ts'
import { leaveFormerName } from '../http/redirect.ts'
import { canonicalUrl } from '../http/url.ts'
import type { Fault } from '../lib/faults.ts'
import type { Renderer } from '../markdown/renderer.ts'
import { getKnownSources } from '../sources/sources.ts'
import type { Store, Write } from '../storage/store.ts'
import { createArticle, reviseArticle } from './articles.ts'
import { NoteQuery } from './life/schema.ts'
import { ArticleGetQuery, ArticleParams, Copy, CopyQuery } from './lists/schema.ts'
import { renderPages } from './pages.ts'
import { draftFromCopy, placedInQuery } from './paste.ts'
import { getWorkingArticle } from './reading.ts'
import {
  Article,
  ArticleCreate,
  type ArticleInput,
  ArticlePatch,
  ArticleReplace,
  ArticleSaved,
  articleReadOnly,
} from './schema.ts'
import { getPublicArticle, type PublicArticle } from './stored/answers.ts'

export interface ArticleOptions {
  store: Store
  renderer: Renderer
  /** of an article that names none */
  lang: string
  /** ms within which saves of one key become one revision */
  revisionWindowMs: number
}

const tags = ['articles']
const params = ArticleParams

export async function articleRoutes(
  app: App,
  { store, renderer, lang, revisionWindowMs }: ArticleOptions,
): Promise<void> {
  acceptCopy(app)
  const foldWithin = revisionWindowMs

  app.post(
    '/articles',
    {
      schema: {
        operationId: 'createArticle',
        summary: 'Create a draft',
        description:
          'From JSON; or from a story as it was pasted (`text/plain`), which is parsed into title, deck, dateline, pages, language, known sources and bylines, at most 256 KiB of it. `parse` then says what each rule did. Nothing is public before it is published.',
        tags,
        querystring: CopyQuery,
        body: { content: { 'application/json': { schema: ArticleCreate }, 'text/plain': { schema: Copy } } },
        response: { 201: ArticleSaved },
      },
      config: {
        allow: 'articles:write',
        once: true,
        problems: ['slug_taken', 'external_id_taken', 'rule_broken', 'title_missing', 'text_too_complex', 'too_busy'],
      },
    },
    async (request, reply) => {
      const drafted = await prepared(renderedDraft(request.body as ArticleInput | string | undefined, request.query))
      const pasted = typeof request.body === 'string'
      const create = async (db: Write) => {
        const { body, renderings, ...parse } = drafted()
        return { ...(await createArticle(db, { body, renderings, lang }, actorOf(request))), ...parse }
      }
      return transactOnce(request, reply, store, create, {
        status: 201,
        headers: ({ id }) => ({ location: `/v1/articles/${id}?stage=working` }),
      }).catch((error) => Promise.reject(pasted ? placedInQuery(error) : error))
    },
  )

  app.get(
    '/articles/:article',
    {
      schema: {
        operationId: 'getArticle',
        summary: 'Read an article',
        description: 'A former slug redirects to the present one. What was public once and is no more answers 410.',
        tags,
        params,
        querystring: ArticleGetQuery,
        response: { 200: Article },
      },
      config: {
        allow: 'anyone',
        shared: true,
        problems: [
          'moved',
          'article_not_found',
          'article_gone',
          'article_withdrawn',
          'page_not_found',
          'key_required',
          'forbidden',
        ],
      },
    },
    async (request, reply) => {
      const { query, actor, params } = request
      const find = query.stage === 'live' ? getPublicArticle : getWorkingArticle
      const article = await store.read<Article | PublicArticle>(
        (db) => find(db, params.article, query, actor),
        freshness(request),
      )
      if (query.page !== undefined) linkPages(request, reply, query.page, article.pageCount)
      if (!('json' in article)) return article
      leaveFormerName(request, params.article, [article.id, article.slug])
      reply.publicView = true
      return answerJson<Article>(reply, article.json, article)
    },
  )

  app.put(
    '/articles/:article',
    {
      schema: {
        operationId: 'replaceArticle',
        summary: 'Replace the working copy',
        description: 'The public sees nothing of it before it is published.',
        tags,
        params,
        querystring: NoteQuery,
        body: ArticleReplace,
        response: { 200: ArticleSaved },
      },
      config: { allow: 'articles:write', edit: true, problems: writeProblems },
    },
    async (request) => {
      const renderings = await renderPages(renderer, request.body.pages)
      const revision = replacing(request.body, ['slug', 'lang', 'publishedAt'])
      return store.transact((db) =>
        reviseArticle(db, request.params.article, request.edit, {
          revision,
          renderings,
          lang,
          foldWithin,
          ...request.query,
        }),
      )
    },
  )

  app.patch(
    '/articles/:article',
    {
      schema: {
        operationId: 'updateArticle',
        summary: 'Change the working copy',
        description: 'The public sees nothing of it before it is published.',
        tags,
        params,
        querystring: NoteQuery,
        body: ArticlePatch,
        response: { 200: ArticleSaved },
      },
      config: { allow: 'articles:write', edit: true, problems: writeProblems },
    },
    async (request) => {
      const pages = request.body.pages as ArticleInput['pages'] | null | undefined
      const renderings = await renderPages(renderer, pages)
      const revision = patching(ArticleReplace, request.body, articleReadOnly)
      return store.transact((db) =>
        reviseArticle(db, request.params.article, request.edit, {
          revision,
          renderings,
          lang,
          foldWithin,
          ...request.query,
        }),
      )
    },
  )

  async function renderedDraft(given: ArticleInput | string | undefined, query: z.output<typeof CopyQuery>) {
    const draft = await draftOf(given, query)
    return { ...draft, renderings: await renderPages(renderer, draft.body.pages) }
  }

  async function draftOf(body: ArticleInput | string | undefined, query: z.output<typeof CopyQuery>) {
    if (typeof body === 'string') {
      const [sources, today] = await store.read(async (db) => [await getKnownSources(db), db.now.slice(0, 10)] as const)
      return draftFromCopy(body, query, sources, today)
    }
    const errors: Fault[] = Object.keys(query).map((parameter) => ({
      parameter,
      code: 'unknown',
      message: 'goes with pasted copy (text/plain); in JSON the body says it',
    }))
    // A request without a type has a body that no schema was held against: none.
    if (body === undefined) errors.push({ pointer: '', code: 'wrong_type', message: 'must be an object' })
    if (errors.length > 0 || body === undefined) raise('invalid_request', { errors })
    return { body }
  }
}

const writeProblems = [
  'article_not_found',
  'article_locked',
  'wrong_state',
  'slug_taken',
  'external_id_taken',
  'rule_broken',
  'text_too_complex',
  'too_busy',
] as const

/** The pages beside one page (RFC 8288). */
function linkPages(request: FastifyRequest, reply: FastifyReply, page: number, pageCount: number): void {
  const to = (number: number): string => `<${canonicalUrl(request, { page: String(number) })}>`
  const links = [`${to(1)}; rel="first"`, `${to(pageCount)}; rel="last"`]
  if (page > 1) links.push(`${to(page - 1)}; rel="prev"`)
  if (page < pageCount) links.push(`${to(page + 1)}; rel="next"`)
  reply.header('link', links.join(', '))
}
