import { z } from 'zod'
import type { Actor } from '../../access.ts'
import type { App } from '../../http/app.ts'
import { prepared, transactOnce } from '../../http/idempotency.ts'
import { answerList } from '../../http/paging.ts'
import type { Renderer } from '../../markdown/renderer.ts'
import { compareSnapshots, getRevision, getRevisions, newestRevision } from '../../revisions/revisions.ts'
import { Revision, RevisionDiff, RevisionList, RevisionQuery } from '../../revisions/schema.ts'
import type { Store } from '../../storage/store.ts'
import { getWorkingCopy, renderPages, restoreRevision } from '../articles.ts'
import { ArticleParams } from '../lists/schema.ts'
import { ArticleSaved } from '../schema.ts'

const tags = ['revisions']
/** SQLite and PostgreSQL count further; no article is saved so often. */
const number = z.int().min(1).max(999_999_999)
const params = ArticleParams.extend({
  number: z
    .string()
    .regex(/^[1-9]\d{0,8}$/, { message: 'must be the number of a revision' })
    .meta({ description: 'Number of the revision, as in the list of revisions.' }),
})
const DiffQuery = z.strictObject({
  to: number.optional().meta({ description: 'Number of the revision to compare with; the newest, when absent.' }),
})

export interface RevisionOptions {
  store: Store
  renderer: Renderer
  secret: Buffer
  /** of an article that names none */
  lang: string
}

/** The history of an article, for whoever may see its working copy. */
export async function revisionRoutes(app: App, { store, renderer, secret, lang }: RevisionOptions): Promise<void> {
  app.get(
    '/articles/:article/revisions',
    {
      schema: {
        operationId: 'listRevisions',
        summary: 'List the revisions of an article',
        description: 'The newest first. Every save that changed something, who made it and what it changed.',
        tags,
        params: ArticleParams,
        querystring: RevisionQuery,
        response: { 200: RevisionList },
      },
      config: { allow: 'drafts:read', problems: ['article_not_found', 'invalid_cursor'] },
    },
    (request, reply) =>
      answerList(request, reply, secret, (window) =>
        store.read(async (db) => {
          const { article } = await getWorkingCopy(db, request.params.article, request.actor)
          return getRevisions(db, article.id, window)
        }),
      ),
  )

  app.get(
    '/articles/:article/revisions/:number',
    {
      schema: {
        operationId: 'getRevision',
        summary: 'Read a revision',
        description: 'The working copy as it was saved.',
        tags,
        params,
        response: { 200: Revision },
      },
      config: { allow: 'drafts:read', problems: ['article_not_found', 'revision_not_found'] },
    },
    ({ params, actor }) =>
      store.read(async (db) => {
        const { article } = await getWorkingCopy(db, params.article, actor)
        return getRevision(db, article.id, Number(params.number))
      }),
  )

  app.get(
    '/articles/:article/revisions/:number/diff',
    {
      schema: {
        operationId: 'compareRevisions',
        summary: 'Compare two revisions',
        description: 'Field by field, and the bodies of the pages line by line.',
        tags,
        params,
        querystring: DiffQuery,
        response: { 200: RevisionDiff },
      },
      config: { allow: 'drafts:read', problems: ['article_not_found', 'revision_not_found'] },
    },
    async ({ params, query, actor }) => {
      const { from, to } = await store.read(async (db) => {
        const { article } = await getWorkingCopy(db, params.article, actor)
        const other = query.to ?? (await newestRevision(db, article.id))
        const from = await getRevision(db, article.id, Number(params.number))
        return { from, to: await getRevision(db, article.id, other) }
      })
      return compareSnapshots(from.content, to.content)
    },
  )

  app.post(
    '/articles/:article/revisions/:number/restore',
    {
      schema: {
        operationId: 'restoreRevision',
        summary: 'Restore a revision',
        description:
          'As a new revision of the working copy; nothing is published. What it refers to and is not there any more is left out, with a warning.',
        tags,
        params,
        response: { 200: ArticleSaved },
      },
      config: {
        allow: 'articles:write',
        edit: true,
        once: true,
        problems: [
          'article_not_found',
          'revision_not_found',
          'article_locked',
          'wrong_state',
          'rule_broken',
          'text_too_complex',
          'too_busy',
        ],
      },
    },
    async (request, reply) => {
      const { params, edit } = request
      const revision = Number(params.number)
      const rendered = await prepared(renderRevision(params.article, revision, edit.actor))
      return transactOnce(request, reply, store, (db) =>
        restoreRevision(db, params.article, revision, edit, { renderings: rendered(), lang }),
      )
    },
  )

  async function renderRevision(name: string, revision: number, actor: Actor) {
    const { content } = await store.read(async (db) => {
      const { article } = await getWorkingCopy(db, name, actor)
      return getRevision(db, article.id, revision)
    })
    return renderPages(renderer, content.pages)
  }
}
