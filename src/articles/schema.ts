import { z } from 'zod'
import { Day, Id, Instant, InstantInput, Lang, line, listOf, patchOf, reference, Slug, Url } from '../lib/schema.ts'
import { SectionRef } from '../sections/schema.ts'
import { SourceRef } from '../sources/schema.ts'
import { TagRef } from '../tags/schema.ts'
import { exampleCard, exampleInput, examplePage } from './examples.ts'
import { Highlights, SearchInfo } from './search/schema.ts'
import {
  Access,
  Byline,
  bylineRoles,
  Correction,
  Dateline,
  Genre,
  Image,
  Page,
  Seo,
  SourceRole,
  SourceUse,
  text,
  Withdrawal,
} from './vocabulary.ts'
import { states } from './workflow.ts'

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
  breaking: z
    .boolean()
    .meta({ description: 'Whether it is breaking news: to readers at this moment, in a working copy as it was set.' }),
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
  scheduledAt: Instant.nullable().meta({ description: 'To editors: when its next version will be published.' }),
  withdrawal: Withdrawal.nullable().meta({
    description: 'To editors: why it was withdrawn, until it is published again.',
  }),
  updatedAt: Instant.meta({ description: 'When this copy changed last.' }),
  createdAt: Instant,
  embargoUntil: Instant.nullable().meta({ description: 'The public sees it no sooner.' }),
  expiresAt: Instant.nullable().meta({ description: 'The public sees it no longer.' }),
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
  .extend({ highlights: Highlights.optional().meta({ description: 'With `q` and `highlight` alone.' }) })
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
  warnings: z.array(Warning).optional().meta({
    description: 'What the writer should know: what the sanitiser took out, what was left out, what is scheduled.',
  }),
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
    },
  ],
})
export type ArticleSaved = z.infer<typeof ArticleSaved>

export const ArticleList = listOf('ArticleList', ArticleCard)
  .extend({ search: SearchInfo.optional().meta({ description: 'Only there when `q` is given.' }) })
  .meta({ id: 'ArticleList' })
export type ArticleList = z.infer<typeof ArticleList>

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
  scheduledAt: Instant.nullable().optional(),
  withdrawal: Withdrawal.nullable().optional(),
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

/** What editors decide beside the pages. */
export const decided = Object.keys(writable).filter((name) => name !== 'pages') as Exclude<
  keyof typeof writable,
  'pages'
>[]
const { html: _html, ...writtenPage } = examplePage
export const exampleSnapshot = {
  ...Object.fromEntries(decided.map((field) => [field, exampleCard[field]])),
  corrections: exampleCard.corrections,
  pages: [writtenPage],
}

export const Snapshot = Article.pick(
  Object.fromEntries(decided.map((field) => [field, true])) as Record<(typeof decided)[number], true>,
)
  .extend({
    corrections: z.array(Correction),
    pages: z.array(Page.pick({ number: true, title: true }).extend({ body: z.string() })),
  })
  .meta({
    id: 'Snapshot',
    description:
      'What editors decide of an article, as they saw it, with its corrections: relations with their names of that day.',
    examples: [exampleSnapshot],
  })
export type Snapshot = z.infer<typeof Snapshot>
