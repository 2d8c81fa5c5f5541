import { z } from 'zod'
import {
  defaultLimit,
  Id,
  Instant,
  Lang,
  ListQuery,
  line,
  listOf,
  Name,
  patchOf,
  reference,
  Slug,
} from '../lib/schema.ts'

const at = '2026-11-22T09:30:00.000Z'

/** A section as other things embed it. */
export const SectionRef = z.object({ id: Id, slug: z.string(), name: z.string(), path: z.string() }).meta({
  id: 'SectionRef',
  description: 'A section, as articles and other sections embed it.',
  examples: [{ id: '019bd2a4-0000-7000-8000-000000000002', slug: 'asia', name: 'Asia', path: 'global/asia' }],
})

export const Section = z
  .object({
    id: Id,
    slug: z.string(),
    name: z.string(),
    description: z.string().nullable(),
    lang: z.string().nullable(),
    parent: SectionRef.nullable(),
    path: z.string().meta({ description: 'The slugs from the root down, joined by slashes.' }),
    position: z.int().meta({ description: 'Order among the sections of one parent, then by name.' }),
    version: z.int(),
    createdAt: Instant,
    updatedAt: Instant,
  })
  .meta({
    id: 'Section',
    description: 'A part of the paper. Sections form a tree at most 8 deep.',
    examples: [
      {
        id: '019bd2a4-0000-7000-8000-000000000002',
        slug: 'asia',
        name: 'Asia',
        description: 'News from Asia',
        lang: 'en',
        parent: { id: '019bd2a4-0000-7000-8000-000000000001', slug: 'global', name: 'Global', path: 'global' },
        path: 'global/asia',
        position: 1,
        version: 1,
        createdAt: at,
        updatedAt: at,
      },
    ],
  })
export type Section = z.infer<typeof Section>

export const SectionCreate = z
  .strictObject({
    slug: Slug.optional().meta({ description: 'Derived from the name when absent.' }),
    name: line(120),
    description: z.string().trim().max(1_000).nullable().default(null),
    lang: Lang.nullable().default(null),
    parent: reference(SectionRef).nullable().default(null).meta({ description: 'Id or slug of the section above.' }),
    position: z.int().min(0).max(1_000_000).default(0),
  })
  .meta({
    id: 'SectionCreate',
    examples: [{ name: 'Asia', parent: 'global', description: 'News from Asia', lang: 'en', position: 1 }],
  })
export type SectionInput = z.output<typeof SectionCreate>

const readOnly = {
  id: Id.optional(),
  path: z.string().optional(),
  version: z.int().optional(),
  createdAt: Instant.optional(),
  updatedAt: Instant.optional(),
}
export const sectionReadOnly = Object.keys(readOnly)

export const SectionReplace = SectionCreate.extend(readOnly).meta({
  id: 'SectionReplace',
  description: 'What was read, with changes; read-only members must say what is so.',
  examples: [{ name: 'Asia and the Pacific', slug: 'asia', parent: 'global', position: 1 }],
})
export const SectionPatch = patchOf(SectionReplace).meta({
  id: 'SectionPatch',
  description: 'JSON merge patch (RFC 7396).',
  examples: [{ parent: null, position: 3 }],
})

export type SectionBranch = Omit<Section, 'parent'> & { children: SectionBranch[] }

export const SectionBranch: z.ZodType<SectionBranch> = Section.omit({ parent: true })
  .extend({
    get children() {
      return z.array(SectionBranch)
    },
  })
  .meta({ id: 'SectionBranch', description: 'A section with those below it.' })

export const SectionList = listOf('SectionList', Section)
export const SectionTree = z
  .object({ data: z.array(SectionBranch) })
  .meta({ id: 'SectionTree', description: 'The whole tree, in the order of position and name.' })

export const SectionQuery = ListQuery.extend({
  parent: Name.optional().meta({ description: 'Only the sections right below this one: id or slug.' }),
  limit: ListQuery.shape.limit.unwrap().optional().meta({ description: 'How many to a page.', default: defaultLimit }),
  tree: z.boolean().default(false).meta({ description: 'The nested tree of all sections, in one answer.' }),
}).refine((query) => !query.tree || (query.parent ?? query.cursor ?? query.count ?? query.limit) === undefined, {
  message: 'must stand alone: the tree is whole',
  path: ['tree'],
})
export type SectionQuery = z.output<typeof SectionQuery>

export const SectionDeleteQuery = z.strictObject({
  moveTo: Name.optional().meta({
    description: 'Id or slug of the section that its articles and sub-sections move to.',
  }),
})
