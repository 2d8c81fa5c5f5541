import { z } from 'zod'
import { Instant } from '../lib/schema.ts'
import { SourceRef } from '../sources/schema.ts'

/** The words of an article and the small things that it is made of, as answers carry them. */

/** `next` is scheduled to take the place of `live`. */
export const stages = ['working', 'live', 'next'] as const
export type Stage = (typeof stages)[number]
/** What is asked for: working copies, or what the public sees, which is each article’s live or next copy by the clock. */
export type View = 'working' | 'live'

export const sourceRoles = ['origin', 'based_on', 'cited', 'quoted', 'photo'] as const
export type SourceRole = (typeof sourceRoles)[number]
export const SourceRole = z.enum(sourceRoles).meta({
  description: '`origin`: the piece is theirs; `based_on`: rewritten from theirs; `cited`, `quoted`; `photo`.',
})

export const bylineRoles = ['author', 'editor', 'contributor', 'photographer', 'translator'] as const
export type BylineRole = (typeof bylineRoles)[number]

/** IPTC genre words (cv.iptc.org/newscodes/genre), in lower case with hyphens. */
export const genres = [
  'actuality',
  'advertiser-supplied',
  'advice',
  'almanac',
  'analysis',
  'archival-material',
  'background',
  'biography',
  'current',
  'curtain-raiser',
  'daybook',
  'exclusive',
  'fact-check',
  'feature',
  'fixture',
  'forecast',
  'from-the-scene',
  'history',
  'horoscope',
  'interview',
  'obituary',
  'opinion',
  'polls-and-surveys',
  'press-release',
  'profile',
  'program',
  'question-and-answer',
  'quote',
  'raw-sound',
  'response-to-a-question',
  'results-listings-and-statistics',
  'retrospective',
  'review',
  'satire',
  'side-bar-and-supporting-information',
  'special-report',
  'summary',
  'synopsis',
  'transcript-and-verbatim',
  'update',
  'voicer',
  'wrap',
] as const
export const Genre = z.enum(genres).meta({ description: 'IPTC genre' })
export type Genre = (typeof genres)[number]

const accesses = ['free', 'metered', 'subscriber'] as const
export type Access = (typeof accesses)[number]
export const Access = z.enum(accesses).meta({ description: 'For the frontend: who may read it whole.' })

export const text = z.string().nullable()

export const Dateline = z
  .object({ outlet: text, place: text, text: z.string() })
  .meta({ id: 'Dateline', examples: [{ outlet: 'Liputan6.com', place: 'Moskow', text: 'Liputan6.com, Moskow' }] })
export type Dateline = z.infer<typeof Dateline>

export const Image = z
  .object({
    url: z.string(),
    alt: text,
    caption: text,
    credit: text,
    width: z.int().nullable(),
    height: z.int().nullable(),
  })
  .meta({
    id: 'Image',
    examples: [
      {
        url: 'https://images.example.org/kremlin.jpg',
        alt: 'The Kremlin at dusk',
        caption: null,
        credit: 'Reuters',
        width: 1600,
        height: 900,
      },
    ],
  })
export type Image = z.infer<typeof Image>

export const Seo = z
  .object({ title: text, description: text, canonicalUrl: text })
  .meta({ id: 'Seo', examples: [{ title: null, description: 'What was said in Moscow', canonicalUrl: null }] })
export type Seo = z.infer<typeof Seo>

export const Correction = z
  .object({ text: z.string(), issuedAt: Instant })
  .meta({ id: 'Correction', examples: [{ text: 'The meeting was on Tuesday.', issuedAt: '2026-11-22T09:30:00.000Z' }] })
export type Correction = z.infer<typeof Correction>

export const Withdrawal = z
  .object({
    reason: z.string().meta({ description: 'For readers.' }),
    withdrawnAt: Instant,
    replacement: z.string().nullable().meta({ description: 'Id of the article that stands in for it.' }),
  })
  .meta({
    id: 'Withdrawal',
    examples: [
      { reason: 'The letter it rests on is a forgery.', withdrawnAt: '2026-11-22T12:00:00.000Z', replacement: null },
    ],
  })

export const Byline = z
  .object({ name: z.string(), role: z.enum(bylineRoles) })
  .meta({ id: 'Byline', examples: [{ name: 'Tanti Yulianingsih', role: 'author' }] })

export const SourceUse = z
  .object({
    source: SourceRef,
    role: SourceRole,
    url: z.string().nullable().meta({ description: 'The very piece that is used.' }),
    statedOn: z.string().nullable().meta({ format: 'date', description: 'The day on which the source said it.' }),
    mention: z.string().nullable().meta({ description: 'The words in the text that name it.' }),
  })
  .meta({ id: 'SourceUse', description: 'How an article rests on a source.' })

export const Page = z
  .object({
    number: z.int(),
    title: text,
    body: z.string().optional().meta({ description: 'Markdown, as written.' }),
    html: z.string().optional().meta({ description: 'Sanitised rendering of the body.' }),
    text: z.string().optional().meta({ description: 'The body without any markup.' }),
  })
  .meta({ id: 'Page', description: 'One page; `render` chooses which of body, html and text are there.' })

export const forms = ['body', 'html', 'text'] as const
export type Form = (typeof forms)[number]
