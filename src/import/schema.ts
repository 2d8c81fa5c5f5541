import { z } from 'zod'
import { ArticleReplace } from '../articles/schema.ts'
import { FaultSchema, ProblemCodeSchema } from '../http/problems.ts'
import { Id, Name, Url } from '../lib/schema.ts'

/** What an import takes and answers, one line at a time. */

export const ImportQuery = z.strictObject({
  publish: z.boolean().default(false).meta({
    description:
      'Publish what was imported: but not what is withdrawn, scheduled, in review or in the trash, nor a line whose `state` says that it was not public; what was unpublished or is left unfinished only with `overwrite`.',
  }),
  createMissing: z
    .boolean()
    .default(false)
    .meta({ description: 'Make sections, tags and sources that there are not.' }),
  overwrite: z
    .boolean()
    .default(false)
    .meta({ description: 'Change also what another key has changed since it was imported.' }),
  dryRun: z.boolean().default(false).meta({ description: 'Check everything, keep nothing.' }),
  section: Name.optional().meta({ description: 'Section of records that name none: id, slug or name.' }),
  source: Name.optional().meta({
    description: 'Source that the `url` of records belongs to; without it the host of the URL.',
  }),
})
export type ImportQuery = z.output<typeof ImportQuery>

export const ImportRecord = ArticleReplace.extend({
  text: z.string().optional().meta({ description: 'The body of an article with one page; in the place of `pages`.' }),
  date: z.string().optional().meta({ description: 'A day or an instant; in the place of `publishedAt`.' }),
  url: Url.optional().meta({ description: 'Where the piece stands; the `externalId` when there is no other.' }),
}).meta({
  id: 'ImportRecord',
  description:
    'One article: what creates one, or a line of an export, whose read-only members are left out. Sections, tags and sources by id, slug or name.',
  examples: [
    {
      externalId: 'wire-1',
      title: 'Ferries sail again across the strait',
      date: '2026-11-22',
      section: 'World',
      tags: ['Ferries'],
      text: 'The first ferry left the harbour at dawn on Monday.',
    },
  ],
})

const ImportResult = z
  .object({
    line: z.int().meta({ description: 'Counted from 1 in what was sent.' }),
    status: z.enum(['created', 'updated', 'unchanged', 'kept', 'failed']).meta({
      description: '`kept`: another key has changed it since, and it was left so. `failed`: nothing of it was kept.',
    }),
    id: Id.optional(),
    slug: z.string().optional(),
    published: z.boolean().meta({ description: 'Whether this import published it.' }),
    code: ProblemCodeSchema.optional().meta({ description: 'Of what failed.' }),
    reason: z.string().optional().meta({ description: 'Why it failed or was kept, in a sentence.' }),
    errors: z.array(FaultSchema).optional().meta({ description: 'Every fault of the line at once.' }),
  })
  .meta({
    id: 'ImportResult',
    description: 'What became of one line.',
    examples: [
      {
        line: 1,
        status: 'created',
        id: '019bd2a4-0000-7000-8000-0000000000a1',
        slug: 'putin-receives-wang-yi-in-moscow',
        published: true,
      },
    ],
  })
export type ImportResult = z.infer<typeof ImportResult>

const counts = { created: 0, updated: 0, unchanged: 0, kept: 0, failed: 0, published: 0 }
const ImportDone = z
  .object({
    done: z.literal(true),
    created: z.int(),
    updated: z.int(),
    unchanged: z.int(),
    kept: z.int(),
    failed: z.int(),
    published: z.int(),
  })
  .meta({
    id: 'ImportDone',
    description: 'The last line; without it the import was cut short.',
    examples: [{ done: true, ...counts, created: 1, published: 1 }],
  })
export type ImportDone = z.infer<typeof ImportDone>

export const ImportLine = z.union([ImportResult, ImportDone])
