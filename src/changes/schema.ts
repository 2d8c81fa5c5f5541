import { z } from 'zod'
import { isId } from '../lib/ids.ts'
import { Id, Instant, InstantInput, ListQuery, listOf } from '../lib/schema.ts'

export const entities = ['article', 'section', 'tag', 'source', 'key'] as const
const Entity = z.enum(entities)

/** All that is ever written down, so that a filter with a slip of the pen is refused and not answered with nothing. */
export const changeKinds = [
  'article.created',
  'article.updated',
  'article.submitted',
  'article.returned',
  'article.scheduled',
  'article.unscheduled',
  'article.published',
  'article.corrected',
  'article.expired',
  'article.unpublished',
  'article.withdrawn',
  'article.trashed',
  'article.restored',
  'article.purged',
  'article.slug_released',
  'section.created',
  'section.updated',
  'section.deleted',
  'tag.created',
  'tag.updated',
  'tag.merged',
  'tag.deleted',
  'source.created',
  'source.updated',
  'source.deleted',
  'key.created',
  'key.rotated',
  'key.revoked',
] as const

export const Change = z
  .object({
    seq: z.int().meta({ description: 'Counts all changes up, without a gap, in the order in which they were kept.' }),
    at: Instant,
    kind: z.string().meta({ description: 'The entity and what was done to it. Later versions may add kinds.' }),
    entity: z.string(),
    id: Id.meta({ description: 'Of the thing that was changed; it may be gone since.' }),
    actor: z.object({ id: z.string(), name: z.string() }).meta({
      description:
        'The key that did it, with its name; `operator` is the command line at the machine, `clock` the time that was over.',
    }),
    from: z.int().nullable().meta({ description: 'The version before; null when there was none.' }),
    to: z.int().meta({ description: 'The version that this change made.' }),
    fields: z.array(z.string()).meta({ description: 'The fields that differ from the version before.' }),
    note: z.string().nullable().meta({ description: 'What whoever did it had to say.' }),
  })
  .meta({
    id: 'Change',
    description: 'Who did what to which thing, and when; nothing of what the thing says.',
    examples: [
      {
        seq: 1204,
        at: '2026-11-22T09:30:00.000Z',
        kind: 'article.published',
        entity: 'article',
        id: '019bd2a4-0000-7000-8000-000000000001',
        actor: { id: '019bd2a4-0000-7000-8000-000000000031', name: 'night desk' },
        from: 3,
        to: 4,
        fields: ['state', 'publishedAt'],
        note: null,
      },
    ],
  })
export type Change = z.infer<typeof Change>

export const ChangeList = listOf('ChangeList', Change)

export const ArticleChangeParams = z.strictObject({
  article: z.string().min(1).max(200).meta({ description: 'Id or slug.' }),
})

export const ArticleChangeQuery = ListQuery.extend({
  sort: z.enum(['-seq', 'seq']).default('-seq').meta({ description: '`-seq` the newest first, `seq` the oldest.' }),
})
export type ArticleChangeQuery = z.output<typeof ArticleChangeQuery>

export const ChangeQuery = ArticleChangeQuery.extend({
  entity: z.array(Entity).min(1).max(entities.length).optional().meta({ description: 'Of any of these.' }),
  kind: z
    .array(z.enum(changeKinds))
    .min(1)
    .max(changeKinds.length)
    .optional()
    .meta({ description: 'Any of these kinds.' }),
  actor: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'Done by this one: the id of a key, or `operator`.' }),
  id: z
    .string()
    .refine(isId, { message: 'must be an id as answers carry it, and no slug: a deleted thing has none' })
    .optional()
    .meta({ format: 'uuid', description: 'Of the thing with this id.' }),
  after: InstantInput.optional().meta({ description: 'Done at this instant or later.' }),
  before: InstantInput.optional().meta({ description: 'Done before this instant.' }),
})
export type ChangeQuery = z.output<typeof ChangeQuery>
