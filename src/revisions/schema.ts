import { z } from 'zod'
import { exampleSnapshot, Snapshot } from '../articles/schema.ts'
import { Instant, ListQuery, listOf } from '../lib/schema.ts'

/** What a revision is of: a save, or one of the moments that stand in the history for good. */
export const revisionKinds = ['created', 'saved', 'restored', 'scheduled', 'published', 'corrected'] as const
export type RevisionKind = (typeof revisionKinds)[number]

const summary = {
  number: z.int().meta({ description: 'The version of the working copy that it is.' }),
  kind: z.enum(revisionKinds).meta({ description: 'A save, or what stands in the history for good.' }),
  at: Instant,
  since: Instant.meta({ description: 'When the first of the saves was made that were folded into this one.' }),
  actor: z.object({ id: z.string(), name: z.string() }).meta({ description: 'Whose key made it.' }),
  fields: z.array(z.string()).meta({ description: 'What differs from the revision before.' }),
  note: z.string().nullable(),
}

const example = {
  number: 7,
  kind: 'saved',
  at: '2026-11-22T09:30:00.000Z',
  since: '2026-11-22T09:29:12.000Z',
  actor: { id: '019bd2a4-0000-7000-8000-000000000031', name: 'Desk' },
  fields: ['deck'],
  note: 'The visit is in May.',
}

export const RevisionSummary = z.object(summary).meta({ id: 'RevisionSummary', examples: [example] })
export type RevisionSummary = z.infer<typeof RevisionSummary>

export const RevisionList = listOf('RevisionList', RevisionSummary)

export const RevisionQuery = ListQuery

export const Revision = z.object({ ...summary, content: Snapshot }).meta({
  id: 'Revision',
  description: 'The working copy as it was saved.',
  examples: [{ ...example, content: exampleSnapshot }],
})
export type Revision = z.infer<typeof Revision>

const LineChange = z.object({
  change: z.enum(['same', 'added', 'removed']),
  text: z.string().meta({
    description:
      'A line without the newline after it. Of pages too long or too different to compare line by line, the whole body.',
  }),
})
export type LineChange = z.infer<typeof LineChange>

const PageDiff = z.object({
  number: z.int(),
  change: z.enum(['added', 'removed', 'changed']),
  title: z
    .object({ before: z.string().nullable(), after: z.string().nullable() })
    .optional()
    .meta({ description: 'Only when it differs.' }),
  lines: z.array(LineChange).meta({
    description:
      'In their order: those that are `same` or `removed`, joined by newlines, are the body before; those that are `same` or `added` the body after.',
  }),
})
export type PageDiff = z.infer<typeof PageDiff>

const FieldValue = z
  .unknown()
  .meta({ description: 'Any JSON, as the revision has it.', examples: ['Russia', null, []] })

export const RevisionDiff = z
  .object({
    fields: z
      .array(z.object({ field: z.string(), before: FieldValue, after: FieldValue }))
      .meta({ description: 'Every member but `pages` that differs; one that is missing is null.' }),
    pages: z.array(PageDiff).meta({ description: 'Those that differ, by their number.' }),
  })
  .meta({
    id: 'RevisionDiff',
    description: 'What differs between two revisions of an article.',
    examples: [
      {
        fields: [{ field: 'title', before: 'Putin receives Wang', after: 'Putin receives Wang Yi in Moscow' }],
        pages: [
          {
            number: 1,
            change: 'changed',
            lines: [
              { change: 'removed', text: 'They met in Moscow.' },
              { change: 'added', text: 'They met in the *Kremlin*.' },
              { change: 'same', text: '' },
              { change: 'same', text: 'Neither side took questions.' },
            ],
          },
        ],
      },
    ],
  })
export type RevisionDiff = z.infer<typeof RevisionDiff>
