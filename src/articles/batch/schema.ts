import { z } from 'zod'
import { InnerProblem } from '../../http/problems.ts'
import { reference } from '../../lib/schema.ts'
import { SectionRef } from '../../sections/schema.ts'
import { TagRef } from '../../tags/schema.ts'
import { exampleInput } from '../examples.ts'
import {
  CorrectRequest,
  NoteQuery,
  PublishRequest,
  ReturnRequest,
  SubmitRequest,
  WithdrawRequest,
} from '../life/schema.ts'
import { ArticleParams } from '../lists/schema.ts'
import { Article, ArticleCreate, ArticlePatch, Warning } from '../schema.ts'

/** What an editor selects in a long list; more goes through import. One transaction of so many lasts some seconds at most. */
const mostOperations = 500

/** Which article, in which version. */
const on = {
  ...ArticleParams.shape,
  version: z
    .union([z.int().min(1), z.literal('*')], { error: 'must be the version that was read, or "*" for any' })
    .meta({ description: 'What `If-Match` says elsewhere: the version that was read, or `*` for any.' }),
}
const { note } = NoteQuery.shape
const tags = (description: string) => z.array(reference(TagRef)).min(1).max(50).optional().meta({ description })

const requests = [
  z.strictObject({ op: z.literal('create'), body: ArticleCreate, note }),
  z.strictObject({ op: z.literal('patch'), ...on, body: ArticlePatch, note }),
  z
    .strictObject({
      op: z.literal('tag'),
      ...on,
      add: tags('Ids or slugs; what the article does not have yet comes after its last one.'),
      remove: tags('Ids or slugs; taken away before `add` is added.'),
    })
    .refine(({ add, remove }) => add !== undefined || remove !== undefined, {
      message: 'must have "add", "remove" or both',
    }),
  z.strictObject({
    op: z.literal('move'),
    ...on,
    section: reference(SectionRef).meta({ description: 'Id or slug of the section to move it to.' }),
  }),
  z.strictObject({ op: z.literal('submit'), ...on, ...SubmitRequest.unwrap().shape }),
  z.strictObject({ op: z.literal('return'), ...on, ...ReturnRequest.shape }),
  z.strictObject({ op: z.literal('publish'), ...on, ...PublishRequest.unwrap().shape }),
  z.strictObject({ op: z.literal('unschedule'), ...on }),
  z.strictObject({ op: z.literal('correct'), ...on, ...CorrectRequest.unwrap().shape }),
  z.strictObject({ op: z.literal('unpublish'), ...on }),
  z.strictObject({ op: z.literal('withdraw'), ...on, ...WithdrawRequest.shape }),
  z.strictObject({ op: z.literal('delete'), ...on }),
  z.strictObject({ op: z.literal('restore'), ...on }),
] as const

export const ops = requests.map(({ shape }) => shape.op.value)

export const Operation = z
  .discriminatedUnion('op', requests, {
    error: (issue) =>
      issue.code === 'invalid_union' ? `must be ${ops.slice(0, -1).join(', ')} or ${ops.at(-1)}` : undefined,
  })
  .meta({
    id: 'BatchOperation',
    description: 'What one request would do, by the same rules.',
    examples: [{ op: 'publish', article: 'rail-strike', version: 7 }],
  })
export type Operation = z.output<typeof Operation>

export const BatchRequest = z
  .strictObject({
    atomic: z
      .boolean()
      .default(false)
      .meta({ description: 'All or nothing. Else each is done by itself, whatever becomes of the others.' }),
    operations: z
      .array(Operation)
      .min(1)
      .max(mostOperations)
      .meta({ description: 'Done in their order: each sees what those before it did.' }),
  })
  .meta({
    id: 'BatchRequest',
    examples: [
      {
        atomic: true,
        operations: [
          { op: 'create', body: { ...exampleInput, slug: 'talks-in-moscow' } },
          { op: 'tag', article: 'talks-in-moscow', version: 1, add: ['russia'] },
          { op: 'publish', article: 'talks-in-moscow', version: '*' },
        ],
      },
    ],
  })

export const OperationResult = z
  .object({
    index: z.int().meta({ description: 'Its place among the operations, from 0.' }),
    op: z.enum(ops),
    status: z.int().meta({
      description:
        'What a request of its own would have been answered; 424 (RFC 4918) when only others kept it from being done.',
    }),
    article: Article.pick({ id: true, slug: true, state: true, version: true, changed: true })
      .optional()
      .meta({ description: 'As the operation left it.' }),
    warnings: z.array(Warning).optional(),
    problem: InnerProblem.optional().meta({
      description:
        'Why it was not done. Pointers are those of its own request: into `body` of `create` and `patch`, else into the operation.',
    }),
  })
  .meta({
    id: 'OperationResult',
    examples: [
      {
        index: 0,
        op: 'publish',
        status: 200,
        article: {
          id: '019bd2a4-0000-7000-8000-000000000001',
          slug: 'rail-strike',
          state: 'published',
          version: 8,
          changed: false,
        },
      },
    ],
  })
export type OperationResult = z.infer<typeof OperationResult>

export const BatchResult = z
  .object({
    results: z.array(OperationResult).meta({ description: 'One for each operation, in their order.' }),
    done: z.int().meta({ description: 'How many were done.' }),
    failed: z.int().meta({ description: 'How many were not.' }),
  })
  .meta({
    id: 'BatchResult',
    examples: [
      {
        results: [
          {
            index: 0,
            op: 'submit',
            status: 404,
            problem: {
              type: '/problems/article_not_found',
              title: 'Article not found',
              status: 404,
              code: 'article_not_found',
              detail: 'No article has the id or slug "rail".',
            },
          },
        ],
        done: 0,
        failed: 1,
      },
    ],
  })
export type BatchResult = z.infer<typeof BatchResult>
