import type { z } from 'zod'
import type { Article } from '../articles/schema.ts'

/** What a revision is of: a save, or one of the moments that stand in the history for good. */
export const revisionKinds = ['created', 'saved', 'restored', 'published', 'corrected'] as const
export type RevisionKind = (typeof revisionKinds)[number]

/** What editors decide of an article, as they saw it: relations with their names of that day. */
export type Snapshot = Pick<z.infer<typeof Article>, 'title'>
