import { z } from 'zod'
import { Id } from '../lib/schema.ts'

/** What is suggested, in the order in which it stands when nobody asks for another. */
export const suggestedKinds = ['tag', 'source', 'section', 'article'] as const
export type SuggestedKind = (typeof suggestedKinds)[number]

export const Suggestion = z
  .object({
    kind: z.enum(suggestedKinds),
    id: Id,
    slug: z.string(),
    name: z.string().meta({ description: 'Of an article its title.' }),
    path: z.string().optional().meta({ description: 'Of a section: the slugs from the root down.' }),
    matched: z.string().optional().meta({
      description: 'The synonym or alias that says what was typed, where the name does not.',
    }),
    visibility: z.literal('editors').optional().meta({ description: 'That a source is confidential.' }),
  })
  .meta({
    id: 'Suggestion',
    description: 'What somebody may mean who is still typing.',
    examples: [
      {
        kind: 'tag',
        id: '019bd2a4-0000-7000-8000-000000000012',
        slug: 'bank-indonesia',
        name: 'Bank Indonesia',
      },
    ],
  })
export type Suggestion = z.infer<typeof Suggestion>

export const Suggestions = z
  .object({ data: z.array(Suggestion) })
  .meta({ id: 'Suggestions', description: 'Kind by kind, in the order in which they were asked for.' })

export const SuggestQuery = z.strictObject({
  q: z.string().min(1).max(100).meta({
    description:
      'What was typed so far. Its last word may be the beginning of one, unless a space or another sign stands behind it. Case, accents and punctuation make no difference.',
  }),
  kinds: z
    .array(z.enum(suggestedKinds))
    .min(1)
    .max(suggestedKinds.length)
    .default([...suggestedKinds])
    .meta({ description: 'These alone, in this order.' }),
  limit: z
    .int()
    .min(1)
    .max(20)
    .default(10)
    .meta({ description: 'How many of each kind at most, so that none crowds out another.' }),
  stage: z.enum(['live', 'working']).default('live').meta({
    description:
      '`live` is what the public may know of; `working` adds confidential sources and has the titles of working copies, and needs a key that may read drafts.',
  }),
})
export type SuggestQuery = z.output<typeof SuggestQuery>
