import { z } from 'zod'
import type { App } from '../../http/app.ts'
import { actorOf } from '../../http/auth.ts'
import { transactOnce } from '../../http/idempotency.ts'
import type { Renderer } from '../../markdown/renderer.ts'
import type { Store } from '../../storage/store.ts'
import {
  correctArticle,
  publishArticle,
  purgeArticle,
  renderPages,
  restoreArticle,
  returnArticle,
  submitArticle,
  trashArticle,
  unpublishArticle,
  unscheduleArticle,
  withdrawArticle,
} from '../articles.ts'
import { ArticleParams } from '../lists/schema.ts'
import { getWorkingArticle } from '../reading.ts'
import { ArticleSaved } from '../schema.ts'
import {
  CorrectRequest,
  PublishRequest,
  ReturnRequest,
  SubmitRequest,
  ValidateRequest,
  Validation,
  WithdrawRequest,
} from './schema.ts'
import { validateArticle } from './validating.ts'

const tags = ['articles']
const params = ArticleParams
const common = ['article_not_found', 'article_locked', 'wrong_state'] as const
const notReady = ['not_ready', 'expiry_before_publication', 'external_id_taken'] as const

/** From one state of an article to the next. */
export async function articleLifeRoutes(
  app: App,
  { store, renderer }: { store: Store; renderer: Renderer },
): Promise<void> {
  const describe = (action: string, summary: string, description: string) => ({
    operationId: `${action}Article`,
    summary,
    description,
    tags,
    params,
    response: { 200: ArticleSaved },
  })

  app.post(
    '/articles/:article/submit',
    {
      schema: {
        ...describe('submit', 'Hand a draft to the editors', 'Writers do not change it until it is returned.'),
        body: SubmitRequest,
      },
      config: { allow: 'articles:write', edit: true, once: true, problems: common },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) =>
        submitArticle(db, request.params.article, request.edit, request.body),
      ),
  )

  app.post(
    '/articles/:article/return',
    {
      schema: {
        ...describe('return', 'Return a draft to its writer', 'With a note that says why.'),
        body: ReturnRequest,
      },
      config: { allow: 'articles:publish', edit: true, once: true, problems: common },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) =>
        returnArticle(db, request.params.article, request.edit, request.body),
      ),
  )

  app.post(
    '/articles/:article/publish',
    {
      schema: {
        ...describe(
          'publish',
          'Publish the working copy, now or at an instant',
          'It takes the place of the live copy, and of what was scheduled. With `at`, or under an embargo, it is `scheduled` as it is now: the public goes on seeing what it saw until then, and later changes of the working copy wait for the next publication. Needs a title, a section and at least one page with text.',
        ),
        body: PublishRequest,
      },
      config: {
        allow: 'articles:publish',
        edit: true,
        once: true,
        problems: [...common, ...notReady, 'schedule_in_past', 'wrong_time'],
      },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) =>
        publishArticle(db, request.params.article, request.edit, request.body),
      ),
  )

  app.post(
    '/articles/:article/unschedule',
    {
      schema: describe(
        'unschedule',
        'Take back what is scheduled',
        'The article is a draft again; one that is public stays so, as it is.',
      ),
      config: { allow: 'articles:publish', edit: true, once: true, problems: [...common, 'nothing_scheduled'] },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) => unscheduleArticle(db, request.params.article, request.edit)),
  )

  app.post(
    '/articles/:article/correct',
    {
      schema: {
        ...describe(
          'correct',
          'Publish a correction',
          'Publishes the working copy, with a public note on what was wrong in `corrections`. Refused while a new version is scheduled, which would undo it.',
        ),
        body: CorrectRequest,
      },
      config: {
        allow: 'articles:publish',
        edit: true,
        once: true,
        problems: [...common, ...notReady, 'replacement_scheduled', 'correction_without_text'],
      },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) =>
        correctArticle(db, request.params.article, request.edit, request.body),
      ),
  )

  app.post(
    '/articles/:article/unpublish',
    {
      schema: describe(
        'unpublish',
        'Take the live copy away',
        'To the public it is gone (410), and so is what was scheduled; the working copy stays, as a draft.',
      ),
      config: { allow: 'articles:publish', edit: true, once: true, problems: common },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) => unpublishArticle(db, request.params.article, request.edit)),
  )

  app.post(
    '/articles/:article/withdraw',
    {
      schema: {
        ...describe(
          'withdraw',
          'Withdraw an article',
          'Whoever asks for it gets 410 with the reason, the time and the article that stands in for it, if there is one. What nobody has seen yet stays unknown.',
        ),
        body: WithdrawRequest,
      },
      config: { allow: 'articles:publish', edit: true, once: true, problems: [...common, 'rule_broken'] },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) =>
        withdrawArticle(db, request.params.article, request.edit, request.body),
      ),
  )

  app.post(
    '/articles/:article/restore',
    {
      schema: describe('restore', 'Take an article out of the trash', 'It is a draft again.'),
      config: { allow: 'articles:write', edit: true, once: true, problems: common },
    },
    (request, reply) =>
      transactOnce(request, reply, store, (db) => restoreArticle(db, request.params.article, request.edit)),
  )

  app.post(
    '/articles/:article/purge',
    {
      schema: {
        ...describe(
          'purge',
          'Delete an article for good',
          'Out of the trash, with its revisions; its names are free again. Nothing brings it back.',
        ),
        response: { 204: z.undefined() },
      },
      config: { allow: 'articles:purge', edit: true, once: true, problems: common },
    },
    (request, reply) =>
      transactOnce(
        request,
        reply,
        store,
        async (db) => {
          await purgeArticle(db, request.params.article, request.edit)
          return undefined
        },
        { status: 204 },
      ),
  )

  app.delete(
    '/articles/:article',
    {
      schema: describe(
        'delete',
        'Put an article into the trash',
        'What is published or scheduled has to be unpublished or unscheduled first. `restore` takes it out again.',
      ),
      config: { allow: 'articles:write', edit: true, problems: common },
    },
    ({ params, edit }) => store.transact((db) => trashArticle(db, params.article, edit)),
  )

  app.post(
    '/articles/:article/validate',
    {
      schema: {
        ...describe(
          'validate',
          'See what keeps an article from being published',
          'Every fault with its place, and what a careful editor would look at; changes nothing.',
        ),
        body: ValidateRequest,
        response: { 200: Validation },
      },
      config: { allow: 'drafts:read', problems: ['article_not_found', 'text_too_complex', 'too_busy'] },
    },
    async (request) => {
      const actor = actorOf(request)
      const { article } = request.params
      const { pages } = await store.read((db) => getWorkingArticle(db, article, { render: ['body'] }, actor))
      const rendered = await renderPages(renderer, pages)
      return store.read((db) => validateArticle(db, article, request.body, rendered, actor))
    },
  )
}
