import { z } from 'zod'
import {
  Day,
  Id,
  Instant,
  InstantInput,
  Lang,
  ListQuery,
  line,
  listOf,
  Name,
  patchOf,
  reference,
  Slug,
  Url,
} from '../lib/schema.ts'
import { SectionRef } from '../sections/schema.ts'
import { SourceRef } from '../sources/schema.ts'
import { TagRef } from '../tags/schema.ts'
import { states } from './workflow.ts'

export type Stage = 'working' | 'live'

export const sourceRoles = ['origin', 'based_on', 'cited', 'quoted', 'photo'] as const
export type SourceRole = (typeof sourceRoles)[number]
export const SourceRole = z.enum(sourceRoles).meta({
  description: '`origin`: the piece is theirs; `based_on`: rewritten from theirs; `cited`, `quoted`; `photo`.',
})

const bylineRoles = ['author', 'editor', 'contributor', 'photographer', 'translator'] as const
export type BylineRole = (typeof bylineRoles)[number]

/** IPTC genre words (cv.iptc.org/newscodes/genre), in lower case with hyphens. */
const genres = [
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
const Access = z.enum(accesses).meta({ description: 'For the frontend: who may read it whole.' })

const text = z.string().nullable()

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

const base = {
  id: Id,
  slug: z.string(),
  externalId: text.meta({ description: 'The id in the system that it came from.' }),
  lang: z.string(),
  title: z.string(),
  kicker: text.meta({ description: 'The short line above the title.' }),
  deck: text.meta({ description: 'The summary sentence below the title.' }),
  dateline: Dateline.nullable(),
  section: SectionRef.nullable(),
  tags: z.array(TagRef),
  sources: z.array(SourceUse),
  bylines: z.array(Byline),
  image: Image.nullable(),
  genre: Genre.nullable(),
  urgency: z.int().nullable().meta({ description: '1 (flash) to 9' }),
  breaking: z.boolean().meta({ description: 'Whether it is breaking news at this moment.' }),
  breakingUntil: Instant.nullable(),
  seo: Seo.nullable(),
  access: Access,
  corrections: z.array(Correction),
  wordCount: z.int(),
  readingMinutes: z.int(),
  pageCount: z.int(),
  state: z.enum(states),
  changed: z.boolean().meta({ description: 'Whether the working copy is ahead of the live one.' }),
  version: z.int().meta({ description: 'Counts the versions of the working copy; `If-Match` takes it.' }),
  publishedAt: Instant.nullable(),
  firstPublishedAt: Instant.nullable(),
  updatedAt: Instant.meta({ description: 'When this copy changed last.' }),
  createdAt: Instant,
  embargoUntil: Instant.nullable().meta({ description: 'The public sees it no sooner.' }),
  expiresAt: Instant.nullable().meta({ description: 'The public sees it no longer.' }),
}

const at = '2026-11-22T09:30:00.000Z'
const exampleCard: z.output<z.ZodObject<typeof base>> = {
  id: '019bd2a4-0000-7000-8000-0000000000a1',
  slug: 'putin-receives-wang-yi-in-moscow',
  externalId: null,
  lang: 'en',
  title: 'Putin receives Wang Yi in Moscow',
  kicker: null,
  deck: 'The talks come weeks before a visit to Beijing.',
  dateline: { outlet: 'Liputan6.com', place: 'Moscow', text: 'Liputan6.com, Moscow' },
  section: { id: '019bd2a4-0000-7000-8000-000000000002', slug: 'asia', name: 'Asia', path: 'global/asia' },
  tags: [{ id: '019bd2a4-0000-7000-8000-000000000011', slug: 'russia', name: 'Russia', kind: 'place' }],
  sources: [
    {
      source: { id: '019bd2a4-0000-7000-8000-000000000021', slug: 'cna', name: 'Channel NewsAsia', kind: 'outlet' },
      role: 'cited',
      url: null,
      statedOn: '2023-09-20',
      mention: 'CNA',
    },
  ],
  bylines: [{ name: 'Tanti Yulianingsih', role: 'author' }],
  image: null,
  genre: 'current',
  urgency: 4,
  breaking: false,
  breakingUntil: null,
  seo: null,
  access: 'free',
  corrections: [],
  wordCount: 5,
  readingMinutes: 1,
  pageCount: 1,
  state: 'published',
  changed: false,
  version: 2,
  publishedAt: at,
  firstPublishedAt: at,
  updatedAt: at,
  createdAt: at,
  embargoUntil: null,
  expiresAt: null,
}
const examplePage = {
  number: 1,
  title: null,
  body: 'They met in the *Kremlin*.',
  html: '<p>They met in the <em>Kremlin</em>.</p>',
}

export const Article = z.object({ ...base, pages: z.array(Page) }).meta({
  id: 'Article',
  description: 'One copy of an article, whole.',
  examples: [{ ...exampleCard, pages: [examplePage] }],
})
export type Article = z.infer<typeof Article>

/** What a list shows of an article: all but the pages, unless `include=pages` or `fields` say otherwise. */
export const ArticleCard = Article.partial()
  .required({ id: true })
  .meta({
    id: 'ArticleCard',
    description: 'An article in a list. Everything but `pages` is there, unless `fields` chooses or `include` adds.',
    examples: [exampleCard],
  })
export type ArticleCard = z.infer<typeof ArticleCard>
export const cardFields = Object.keys(base) as (keyof typeof base)[]

export const Warning = z.object({ pointer: z.string(), code: z.string(), message: z.string() }).meta({
  id: 'Warning',
  examples: [{ pointer: '/pages/0/body', code: 'html_removed', message: '<script> is not allowed' }],
})
export type Warning = z.infer<typeof Warning>

const CopyLine = z.object({ rule: z.string(), line: z.int(), text: z.string() })

export const Parse = z
  .object({
    rules: z
      .array(CopyLine.extend({ confidence: z.enum(['high', 'low']) }))
      .meta({ description: 'Each rule that fired.' }),
    dropped: z.array(CopyLine).meta({ description: 'Each line that was taken out of the copy.' }),
    unresolved: z
      .array(z.object({ line: z.int(), name: z.string(), statedOn: z.string().nullable() }))
      .meta({ description: 'Attributions to a name that is no known source.' }),
    warnings: z.array(z.object({ line: z.int(), code: z.string(), message: z.string() })),
  })
  .meta({
    id: 'Parse',
    description: 'What was done with pasted copy; lines are counted from 1 in the text as it was sent.',
    examples: [
      {
        rules: [{ rule: 'title', line: 1, text: 'Putin receives Wang Yi in Moscow', confidence: 'high' }],
        dropped: [],
        unresolved: [],
        warnings: [],
      },
    ],
  })

/** The answer to a write: the working copy, with what the writer should know. */
export const ArticleSaved = Article.extend({
  warnings: z.array(Warning).meta({ description: 'What the sanitiser took out of the Markdown.' }),
  parse: Parse.optional().meta({ description: 'Only for pasted copy.' }),
}).meta({
  id: 'ArticleSaved',
  description: 'The working copy after a write.',
  examples: [
    {
      ...exampleCard,
      state: 'draft',
      version: 1,
      publishedAt: null,
      firstPublishedAt: null,
      pages: [examplePage],
      warnings: [],
    },
  ],
})
export type ArticleSaved = z.infer<typeof ArticleSaved>

export const ArticleList = listOf('ArticleList', ArticleCard)

/** Half the largest body of a request: no page of a newspaper comes near it. */
const longestPage = 524_288

const bodyText = z.string().max(longestPage)
const optionalLine = (most: number) => line(most).nullable().default(null)
const optionalText = (most: number) => z.string().trim().min(1).max(most).nullable().default(null)

const PageInput = z.strictObject({
  title: optionalLine(300),
  body: bodyText.meta({ description: 'CommonMark with tables; kept as written.' }),
})
const DatelineInput = z.strictObject({ outlet: optionalLine(120), place: optionalLine(120), text: line(250) })
const pixels = z.int().min(1).max(100_000).nullable().default(null)
const ImageInput = z.strictObject({
  url: Url,
  alt: optionalText(500),
  caption: optionalText(1_000),
  credit: optionalText(300),
  width: pixels,
  height: pixels,
})
const SeoInput = z.strictObject({
  title: optionalLine(300),
  description: optionalText(1_000),
  canonicalUrl: Url.nullable().default(null),
})
const BylineInput = z.strictObject({ name: line(120), role: z.enum(bylineRoles).default('author') })
const SourceUseInput = z.strictObject({
  source: reference(SourceRef).meta({ description: 'Id or slug.' }),
  role: SourceRole.default('cited'),
  url: Url.nullable().default(null),
  statedOn: Day.nullable().default(null),
  mention: optionalText(300),
})

const writable = {
  slug: Slug.optional().meta({ description: 'Derived from the title when absent.' }),
  externalId: line(500).nullable().default(null),
  lang: Lang.optional().meta({ description: 'The newsroom’s own language when absent.' }),
  title: line(300),
  kicker: optionalLine(120),
  deck: optionalText(1_000),
  dateline: DatelineInput.nullable().default(null),
  pages: z.array(PageInput).max(50).default([]).meta({ description: 'In their order.' }),
  section: reference(SectionRef).nullable().default(null).meta({ description: 'Id or slug; required to publish.' }),
  tags: z.array(reference(TagRef)).max(50).default([]).meta({ description: 'Ids or slugs, in their order.' }),
  sources: z.array(SourceUseInput).max(50).default([]),
  bylines: z.array(BylineInput).max(50).default([]),
  image: ImageInput.nullable().default(null),
  genre: Genre.nullable().default(null),
  urgency: z.int().min(1).max(9).nullable().default(null),
  breaking: z.boolean().default(false),
  breakingUntil: InstantInput.nullable().default(null),
  seo: SeoInput.nullable().default(null),
  access: Access.default('free'),
  publishedAt: InstantInput.nullable()
    .optional()
    .meta({ description: 'Given at publication when absent; not in the future.' }),
  embargoUntil: InstantInput.nullable().default(null),
  expiresAt: InstantInput.nullable().default(null),
}

const exampleInput = {
  title: 'Putin receives Wang Yi in Moscow',
  deck: 'The talks come weeks before a visit to Beijing.',
  section: 'asia',
  tags: ['russia'],
  sources: [{ source: 'cna', role: 'cited', statedOn: '2023-09-20', mention: 'CNA' }],
  bylines: [{ name: 'Tanti Yulianingsih' }],
  pages: [{ body: 'They met in the *Kremlin*.' }],
}

export const ArticleCreate = z.strictObject(writable).meta({ id: 'ArticleCreate', examples: [exampleInput] })
export type ArticleInput = z.output<typeof ArticleCreate>

const readOnly = {
  id: Id.optional(),
  corrections: z.array(Correction).optional(),
  wordCount: z.int().optional(),
  readingMinutes: z.int().optional(),
  pageCount: z.int().optional(),
  state: z.enum(states).optional(),
  changed: z.boolean().optional(),
  version: z.int().optional(),
  firstPublishedAt: Instant.nullable().optional(),
  updatedAt: Instant.optional(),
  createdAt: Instant.optional(),
}
export const articleReadOnly = Object.keys(readOnly) as (keyof typeof readOnly)[]

/** What a page of an answer says beside what can be written; each must be so already. */
export const pageReadOnly = ['number', 'html', 'text'] as const

export const ArticleReplace = z
  .strictObject({
    ...writable,
    ...readOnly,
    pages: z
      .array(PageInput.extend({ number: z.int().optional(), html: z.string().optional(), text: z.string().optional() }))
      .max(50)
      .default([]),
  })
  .meta({
    id: 'ArticleReplace',
    description:
      'What was read, with changes; read-only members must say what is so. An absent slug, lang or publishedAt stays.',
    examples: [exampleInput],
  })
export type ArticleReplacement = z.output<typeof ArticleReplace>

const nested = <Shape extends z.core.$ZodLooseShape>(object: z.ZodObject<Shape>) =>
  patchOf(object).nullable().optional()

export const ArticlePatch = patchOf(ArticleReplace)
  .extend({ dateline: nested(DatelineInput), image: nested(ImageInput), seo: nested(SeoInput) })
  .meta({
    id: 'ArticlePatch',
    description: 'JSON merge patch (RFC 7396): null clears, objects merge, arrays are replaced.',
    examples: [{ deck: 'The talks come weeks before a visit to Beijing.', tags: ['russia', 'china'] }],
  })

export const Copy = z.string().meta({
  id: 'Copy',
  description: 'A story as it was pasted.',
  examples: ['Title of the story\n\nJAKARTA, KOMPAS.com - Text …'],
})

export const forms = ['body', 'html', 'text'] as const
export type Form = (typeof forms)[number]
const Render = z
  .array(z.enum(forms))
  .min(1)
  .max(3)
  .default(['body', 'html'])
  .meta({ description: 'Which forms of a page to answer.' })

const StageQuery = z
  .enum(['live', 'working'])
  .default('live')
  .meta({ description: '`live` is what the public reads; `working` needs a key that may read drafts.' })

export const ArticleParams = z.strictObject({
  article: z.string().min(1).max(200).meta({ description: 'Id or slug.' }),
})

export const ArticleGetQuery = z.strictObject({
  stage: StageQuery,
  page: z.int().min(1).max(50).optional().meta({ description: 'One page alone, with `Link` to its neighbours.' }),
  render: Render,
})
export type ArticleGetQuery = z.output<typeof ArticleGetQuery>

const names = (description: string) => z.array(Name).min(1).max(50).optional().meta({ description })

export const articleSorts = ['-publishedAt', 'publishedAt', '-updatedAt', 'updatedAt', 'title', '-title'] as const

export const ArticleQuery = ListQuery.extend({
  stage: StageQuery,
  state: z
    .array(z.enum(states))
    .min(1)
    .max(6)
    .optional()
    .meta({ description: 'Any of these; needs `stage=working`, where all but `trashed` is the default.' }),
  changed: z
    .boolean()
    .optional()
    .meta({ description: 'Whether the working copy is ahead of the live one; needs `stage=working`.' }),
  section: names('In any of these sections: ids or slugs.'),
  subsections: z.boolean().default(true).meta({ description: 'Whether `section` includes the sections below.' }),
  tag: names('With any of these tags: ids or slugs.'),
  tagAll: names('With all of these tags.'),
  tagNone: names('With none of these tags.'),
  source: names('Resting on any of these sources: ids or slugs.'),
  sourceRole: z
    .array(SourceRole)
    .min(1)
    .max(5)
    .optional()
    .meta({ description: 'Resting in any of these ways on `source`, or on any source.' }),
  byline: Name.optional().meta({ description: 'With this name among its bylines, whatever the case.' }),
  lang: z.array(Lang).min(1).max(20).optional(),
  genre: z.array(Genre).min(1).max(genres.length).optional(),
  breaking: z.boolean().optional(),
  ids: z.array(Name).min(1).max(100).optional().meta({ description: 'These alone, by id or slug.' }),
  externalId: z.array(z.string().min(1).max(500)).min(1).max(100).optional(),
  publishedAfter: InstantInput.optional().meta({ description: 'Published at this instant or later.' }),
  publishedBefore: InstantInput.optional().meta({ description: 'Published before this instant.' }),
  updatedAfter: InstantInput.optional().meta({ description: 'Changed at this instant or later.' }),
  sort: z.enum(articleSorts).default('-publishedAt'),
  fields: z
    .array(z.enum(cardFields))
    .min(1)
    .max(cardFields.length)
    .optional()
    .meta({ description: 'Only these fields, and `id`.' }),
  include: z
    .array(z.enum(['pages']))
    .min(1)
    .max(1)
    .optional(),
  render: Render,
})
export type ArticleQuery = z.output<typeof ArticleQuery>

/** What a source's own list of articles takes: it is the source that filters. */
export const CopyQuery = z.strictObject({
  section: Name.optional().meta({ description: 'Pasted copy only: id or slug.' }),
  tags: z.array(Name).min(1).max(50).optional().meta({ description: 'Pasted copy only: ids or slugs.' }),
  lang: Lang.optional().meta({ description: 'Pasted copy only.' }),
})

export const RelatedQuery = z.strictObject({
  limit: z.int().min(1).max(20).default(5),
})
export const RelatedArticles = z
  .object({ data: z.array(ArticleCard) })
  .meta({ id: 'RelatedArticles', description: 'The nearest first.', examples: [{ data: [exampleCard] }] })

/** The articles of one source: the path names it. */
export const SourceArticlesQuery = ArticleQuery.omit({ source: true })
