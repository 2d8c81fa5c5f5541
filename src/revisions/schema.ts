import { z } from 'zod'
import type { Article } from '../articles/schema.ts'

/** What a revision is of: a save, or one of the moments that stand in the history for good. */
export const revisionKinds = ['created', 'saved', 'restored', 'published', 'corrected'] as const
export type RevisionKind = (typeof revisionKinds)[number]

/** What editors decide of an article, as they saw it: relations with their names of that day. */
export type Snapshot = Pick<z.infer<typeof Article>, 'title'>

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

export const RevisionDiff = z
  .object({
    fields: z
      .array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }))
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
