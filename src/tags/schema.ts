import { z } from 'zod'
import { Id, Instant, ListQuery, line, listOf, Name, patchOf, reference, Slug, Url } from '../lib/schema.ts'

const at = '2026-11-22T09:30:00.000Z'

const tagKinds = ['topic', 'person', 'organisation', 'place', 'event', 'work'] as const
export const TagKind = z.enum(tagKinds)
export type TagKind = (typeof tagKinds)[number]

/** A tag as articles embed it. */
export const TagRef = z.object({ id: Id, slug: z.string(), name: z.string(), kind: TagKind }).meta({
  id: 'TagRef',
  description: 'A tag, as articles embed it.',
  examples: [{ id: '019bd2a4-0000-7000-8000-000000000011', slug: 'russia', name: 'Russia', kind: 'place' }],
})

export const Tag = z
  .object({
    id: Id,
    slug: z.string(),
    name: z.string(),
    kind: TagKind,
    description: z.string().nullable(),
    synonyms: z.array(z.string()),
    sameAs: z.array(z.string()).meta({ description: 'URLs of the same thing elsewhere, such as Wikidata.' }),
    articleCount: z.int().meta({ description: 'How many public articles carry it now.' }),
    version: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({
    id: 'Tag',
    description: 'What articles are about.',
    examples: [
      {
        id: '019bd2a4-0000-7000-8000-000000000011',
        slug: 'russia',
        name: 'Russia',
        kind: 'place',
        description: null,
        synonyms: ['Rusia'],
        sameAs: ['https://www.wikidata.org/wiki/Q159'],
        articleCount: 12,
        version: 1,
        createdAt: at,
        updatedAt: at,
      },
    ],
  })
export type Tag = z.infer<typeof Tag>

export const TagCreate = z
  .strictObject({
    slug: Slug.optional().meta({ description: 'Derived from the name when absent.' }),
    name: line(120),
    kind: TagKind.default('topic'),
    description: z.string().trim().max(1_000).nullable().default(null),
    synonyms: z.array(line(120)).max(50).default([]),
    sameAs: z.array(Url).max(20).default([]),
  })
  .meta({
    id: 'TagCreate',
    examples: [{ name: 'Russia', kind: 'place', synonyms: ['Rusia'], sameAs: ['https://www.wikidata.org/wiki/Q159'] }],
  })
export type TagInput = z.output<typeof TagCreate>

const readOnly = {
  id: Id.optional(),
  version: z.int().optional(),
  createdAt: Instant.optional(),
  updatedAt: Instant.optional(),
}
export const tagReadOnly = Object.keys(readOnly)

export const TagReplace = TagCreate.extend({
  ...readOnly,
  articleCount: z.int().optional().meta({ description: 'Accepted and not looked at: it changes by itself.' }),
}).meta({
  id: 'TagReplace',
  description: 'What was read, with changes; read-only members must say what is so.',
  examples: [{ name: 'Russian Federation', slug: 'russia', kind: 'place' }],
})
export const TagPatch = patchOf(TagReplace).meta({
  id: 'TagPatch',
  description: 'JSON merge patch (RFC 7396).',
  examples: [{ description: 'The country' }],
})

export const TagMerge = z
  .strictObject({ into: reference(TagRef).meta({ description: 'Id or slug of the tag that stays.' }) })
  .meta({ id: 'TagMerge', examples: [{ into: 'russia' }] })

export const TagList = listOf('TagList', Tag)

export const TagQuery = ListQuery.extend({
  kind: z.array(TagKind).min(1).max(tagKinds.length).optional().meta({ description: 'Any of these kinds.' }),
  ids: z.array(Name).min(1).max(100).optional().meta({ description: 'These alone, by id or slug.' }),
  sort: z
    .enum(['name', '-name', 'updatedAt', '-updatedAt'])
    .default('name')
    .meta({ description: 'Names are ordered by code point; `-` reverses the order.' }),
})
export type TagQuery = z.output<typeof TagQuery>

export const TagDeleteQuery = z
  .strictObject({
    moveTo: Name.optional().meta({ description: 'Id or slug of the tag that its articles get instead.' }),
    detach: z.boolean().default(false).meta({ description: 'Take it off its articles.' }),
  })
  .refine((query) => !query.detach || query.moveTo === undefined, {
    message: 'must not go with moveTo: its articles get another or none',
    path: ['detach'],
  })
