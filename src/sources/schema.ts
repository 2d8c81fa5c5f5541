import { z } from 'zod'
import { Id, Instant, Lang, ListQuery, line, listOf, Name, patchOf, Slug, Url } from '../lib/schema.ts'

const at = '2026-11-22T09:30:00.000Z'

const sourceKinds = ['agency', 'outlet', 'official', 'person', 'document', 'social', 'own'] as const
export const SourceKind = z.enum(sourceKinds)
export type SourceKind = (typeof sourceKinds)[number]

export const SourceVisibility = z.enum(['public', 'editors']).meta({
  description: '`editors` is a confidential source: no public answer names, counts or filters by it.',
})
export type SourceVisibility = 'public' | 'editors'

/** A source as articles embed it. */
export const SourceRef = z
  .object({
    id: Id,
    slug: z.string(),
    name: z.string(),
    kind: SourceKind,
    visibility: z.literal('editors').optional().meta({ description: 'To editors: that it is confidential.' }),
  })
  .meta({
    id: 'SourceRef',
    description: 'A source, as articles embed it.',
    examples: [{ id: '019bd2a4-0000-7000-8000-000000000021', slug: 'cna', name: 'Channel NewsAsia', kind: 'outlet' }],
  })

export const Source = z
  .object({
    id: Id,
    slug: z.string(),
    name: z.string(),
    aliases: z.array(z.string()).meta({ description: 'Other names that copy uses for it.' }),
    kind: SourceKind,
    homepage: z.string().nullable(),
    country: z.string().nullable().meta({ description: 'ISO 3166-1 alpha-2' }),
    lang: z.string().nullable(),
    usageTerms: z.string().nullable(),
    licenceUrl: z.string().nullable(),
    creditLine: z.string().nullable(),
    visibility: SourceVisibility,
    articleCount: z.int().meta({ description: 'How many public articles rest on it now.' }),
    version: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({
    id: 'Source',
    description: 'On whose reporting articles rest.',
    examples: [
      {
        id: '019bd2a4-0000-7000-8000-000000000021',
        slug: 'cna',
        name: 'Channel NewsAsia',
        aliases: ['CNA'],
        kind: 'outlet',
        homepage: 'https://www.channelnewsasia.com/',
        country: 'SG',
        lang: 'en',
        usageTerms: null,
        licenceUrl: null,
        creditLine: 'CNA',
        visibility: 'public',
        articleCount: 3,
        version: 1,
        createdAt: at,
        updatedAt: at,
      },
    ],
  })
export type Source = z.infer<typeof Source>

export const SourceCreate = z
  .strictObject({
    slug: Slug.optional().meta({ description: 'Derived from the name when absent.' }),
    name: line(120),
    aliases: z.array(line(120)).max(50).default([]),
    kind: SourceKind.default('outlet'),
    homepage: Url.nullable().default(null),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, { message: 'must be two capital letters (ISO 3166-1), such as ID' })
      .nullable()
      .default(null),
    lang: Lang.nullable().default(null),
    usageTerms: z.string().trim().max(2_000).nullable().default(null),
    licenceUrl: Url.nullable().default(null),
    creditLine: line(200).nullable().default(null),
    visibility: SourceVisibility.default('public'),
  })
  .meta({
    id: 'SourceCreate',
    examples: [{ name: 'Channel NewsAsia', slug: 'cna', aliases: ['CNA'], kind: 'outlet', country: 'SG' }],
  })
export type SourceInput = z.output<typeof SourceCreate>

const readOnly = {
  id: Id.optional(),
  version: z.int().optional(),
  createdAt: Instant.optional(),
  updatedAt: Instant.optional(),
}
export const sourceReadOnly = Object.keys(readOnly)

export const SourceReplace = SourceCreate.extend({
  ...readOnly,
  articleCount: z.int().optional().meta({ description: 'Accepted and not looked at: it changes by itself.' }),
}).meta({
  id: 'SourceReplace',
  description: 'What was read, with changes; read-only members must say what is so.',
  examples: [{ name: 'Channel NewsAsia', slug: 'cna', aliases: ['CNA', 'Channel News Asia'], kind: 'outlet' }],
})
export const SourcePatch = patchOf(SourceReplace).meta({
  id: 'SourcePatch',
  description: 'JSON merge patch (RFC 7396).',
  examples: [{ aliases: ['CNA', 'Channel News Asia'] }],
})

export const SourceList = listOf('SourceList', Source)

export const SourceQuery = ListQuery.extend({
  kind: z.array(SourceKind).min(1).max(sourceKinds.length).optional().meta({ description: 'Any of these kinds.' }),
  ids: z.array(Name).min(1).max(100).optional().meta({ description: 'These alone, by id or slug.' }),
  sort: z
    .enum(['name', '-name', 'updatedAt', '-updatedAt'])
    .default('name')
    .meta({ description: 'Names are ordered by code point; `-` reverses the order.' }),
})
export type SourceQuery = z.output<typeof SourceQuery>

export const SourceDeleteQuery = z
  .strictObject({
    moveTo: Name.optional().meta({ description: 'Id or slug of the source that its articles get instead.' }),
    detach: z.boolean().default(false).meta({ description: 'Take it off its articles.' }),
  })
  .refine((query) => !query.detach || query.moveTo === undefined, {
    message: 'must not go with moveTo: its articles get another or none',
    path: ['detach'],
  })
