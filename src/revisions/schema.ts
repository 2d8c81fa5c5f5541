import { z } from 'zod'
import { exampleCard, examplePage } from '../articles/examples.ts'
import { Article } from '../articles/schema.ts'
import { Page } from '../articles/vocabulary.ts'
import { Instant, ListQuery, listOf } from '../lib/schema.ts'

/** What a revision is of: a save, or one of the moments that stand in the history for good. */
export const revisionKinds = ['created', 'saved', 'restored', 'scheduled', 'published', 'corrected'] as const
export type RevisionKind = (typeof revisionKinds)[number]

const content = {
  slug: true,
  externalId: true,
  lang: true,
  title: true,
  kicker: true,
  deck: true,
  dateline: true,
  section: true,
  tags: true,
  sources: true,
  bylines: true,
  image: true,
  genre: true,
  urgency: true,
  breaking: true,
  breakingUntil: true,
  seo: true,
  access: true,
  publishedAt: true,
  embargoUntil: true,
  expiresAt: true,
} as const
export const snapshotFields = Object.keys(content) as (keyof typeof content)[]

const { html: _html, ...page } = examplePage
const snapshot = {
  ...Object.fromEntries(snapshotFields.map((field) => [field, exampleCard[field]])),
  pages: [page],
}

/** What editors decide of an article, as they saw it: relations with their names of that day. */
export const Snapshot = Article.pick(content)
  .extend({ pages: z.array(Page.pick({ number: true, title: true }).extend({ body: z.string() })) })
  .meta({
    id: 'Snapshot',
    description: 'What editors decide of an article, as it was: relations with their names of that day.',
    examples: [snapshot],
  })
export type Snapshot = z.infer<typeof Snapshot>

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
  examples: [{ ...example, content: snapshot }],
})
export type Revision = z.infer<typeof Revision>
