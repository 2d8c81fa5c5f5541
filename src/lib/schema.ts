import { z } from 'zod'
import { canonicalLanguage } from './language.ts'
import { isSlug, slugLength, slugPattern } from './slug.ts'

/** The words that every contract uses. Lengths are generous for people and small for memory: a body holds many of each. */

/** An instant as answers carry it: RFC 3339 in UTC with milliseconds. */
export const Instant = z.string().meta({ format: 'date-time', examples: ['2026-11-22T09:30:00.000Z'] })

/** An instant as requests may give it: with any offset, kept in UTC. */
export const InstantInput = z
  .string()
  .max(40)
  .refine((text) => parseInstant(text) !== undefined, {
    message:
      'must be an instant with its offset, such as 2026-11-22T09:30:00Z or 2026-11-22T16:30:00+07:00, whose + is %2B in a URL',
  })
  .meta({
    format: 'date-time',
    description: 'RFC 3339 with `Z` or an offset; kept and answered in UTC.',
    examples: ['2026-11-22T16:30:00+07:00'],
  })
  .transform((text) => parseInstant(text) ?? text)

export const Day = z.iso.date({ error: 'must be a day, YYYY-MM-DD' }).meta({ examples: ['2023-09-20'], format: 'date' })

export const Id = z.string().meta({ format: 'uuid', description: 'UUIDv7, given by the server.' })

export const Slug = z
  .string()
  .max(slugLength)
  .refine(isSlug, { message: 'must be lower-case ASCII words joined by hyphens, such as rail-strike, and no UUID' })
  .meta({ pattern: slugPattern.source, examples: ['rail-strike'] })

export const Lang = z
  .string()
  .max(35)
  .refine((tag) => canonicalLanguage(tag) !== undefined, { message: 'must be a BCP 47 tag such as id or en-GB' })
  .meta({ description: 'BCP 47', examples: ['id', 'en-GB'] })
  .transform((tag) => canonicalLanguage(tag) ?? tag)

export const Url = z
  .string()
  .max(2_000)
  .refine((text) => canonicalUrl(text) !== undefined, { message: 'must be an absolute http or https URL' })
  .meta({ format: 'uri', examples: ['https://www.example.org/story'] })
  .transform((text) => canonicalUrl(text) ?? text)

/** Text of one line with something in it; surrounding white space is cut. */
export function line(most: number) {
  return z
    .string()
    .trim()
    .min(1, { message: 'must not be empty' })
    .max(most)
    .refine((text) => !/[\r\n\u2028\u2029]/.test(text), { message: 'must be one line' })
}

/** A thing named by its id or slug, or as answers embed it; of an embedded one id, else slug, decides. */
export function reference(embedded: z.ZodObject) {
  return z.union([z.string().min(1).max(900), embedded.partial().strict()], {
    error: 'must be an id, a slug, or the object that an answer embeds',
  })
}

/** A thing's name in a query: its id, a slug, or a section's path, which is at most eight slugs. */
export const Name = z.string().min(1, { message: 'must not be empty' }).max(900)

export const PageInfo = z
  .object({
    limit: z.int().meta({ examples: [20] }),
    next: z
      .string()
      .nullable()
      .meta({ description: 'Cursor of the page after this one.', examples: [null] }),
    prev: z
      .string()
      .nullable()
      .meta({ description: 'Cursor of the page before this one.', examples: [null] }),
    total: z.int().optional().meta({ description: 'How many there are in all; only with `count=exact`.' }),
  })
  .meta({ id: 'PageInfo', description: 'Where this page stands in the list.' })

/** A screen of cards. */
export const defaultLimit = 20

/** The parameters that every list takes. */
export const ListQuery = z.strictObject({
  limit: z.int().min(1).max(100).default(defaultLimit).meta({ description: 'How many to a page.' }),
  cursor: z
    .string()
    .min(1)
    // A title of 300 characters, each of them escaped, makes one of some 2,500.
    .max(4_000)
    .optional()
    .meta({ description: '`page.next` or `page.prev` of another page of the same list.' }),
  count: z.enum(['exact']).optional().meta({ description: '`exact` adds `page.total`.' }),
})

export type ListQuery = z.infer<typeof ListQuery>

/** The instant that an RFC 3339 text with `Z` or an offset means, in UTC with milliseconds; undefined for any other text. */
export function parseInstant(text: string): string | undefined {
  const parts =
    /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/i.exec(
      text,
    )
  const milliseconds = parts === null ? Number.NaN : Date.parse(text)
  if (Number.isNaN(milliseconds)) return undefined
  // Date.parse lets 30 February become 1 March.
  const [, year = '', month = '', day = ''] = parts ?? []
  const given = new Date(`${year}-${month}-${day}T00:00:00Z`)
  if (Number.isNaN(given.getTime()) || given.getUTCDate() !== Number(day)) return undefined
  const parsed = new Date(milliseconds).toISOString()
  // Years of other than four digits would not compare as text.
  return parsed.length === 24 && parsed >= '0001' ? parsed : undefined
}

/** RFC 3986, as far as addresses of the web go: the percent sign only before two hexadecimal digits. */
const part = "[\\w.~:!$&'()*+,;=-]|%[\\da-f]{2}"
const uri = new RegExp(
  `^https?://(?:(?:${part})*@)?(?:\\[[\\da-f:.]+\\]|[\\w.-]+)(?::\\d+)?(?:[/?](?:${part}|[/?@])*)?(?:#(?:${part}|[/?@])*)?$`,
  'i',
)
const notInUri = /%(?![\da-f]{2})|[^\w.~:/?@!$&'()*+,;=%-]/gi

/** A URL as given when it is a URI (RFC 3986); else as one: people paste what a browser shows, letters of any script in it. */
function canonicalUrl(text: string): string | undefined {
  if (!URL.canParse(text) || /\s/.test(text)) return undefined
  const url = new URL(text)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return undefined
  if (uri.test(text)) return text
  const after = [url.pathname, url.search, url.hash].map(
    (part) => part.slice(0, 1) + part.slice(1).replace(notInUri, encodeURIComponent),
  )
  url.pathname = url.search = url.hash = ''
  const whole = url.href.replace(/\/$/, '') + after.join('')
  return uri.test(whole) ? whole : undefined
}

/** The contract of RFC 7396 for an object: every member may be left out, and null asks for its default. */
export function patchOf<Shape extends z.core.$ZodLooseShape>(object: z.ZodObject<Shape>) {
  const members = Object.entries(object.shape).map(([name, member]) => {
    const bare = member instanceof z.ZodDefault || member instanceof z.ZodOptional ? member.unwrap() : member
    const nullable = bare instanceof z.ZodNullable ? bare : z.nullable(bare as z.ZodType)
    return [name, nullable.optional()]
  })
  return z.strictObject(Object.fromEntries(members) as { [Name in keyof Shape]: z.ZodOptional<z.ZodType> })
}

/** A page of a list, as answers carry it. */
export function listOf<Item extends z.ZodType>(id: string, item: Item, examples: unknown[] = []) {
  return z.object({ data: z.array(item), page: PageInfo }).meta({ id, ...(examples.length > 0 && { examples }) })
}
