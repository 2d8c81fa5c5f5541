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
