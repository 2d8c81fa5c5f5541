import { z } from 'zod'
import { InstantInput, Lang, ListQuery, Name } from '../../lib/schema.ts'
import { longestQuery, mostTerms } from '../../search/query.ts'
import { exampleCard } from '../examples.ts'
import { ArticleCard, cardFields } from '../schema.ts'
import { facetNames } from '../search/schema.ts'
import { forms, Genre, genres, SourceRole, sourceRoles } from '../vocabulary.ts'
import { states } from '../workflow.ts'

/** What can be asked of articles. */

export const Copy = z.string().meta({
  id: 'Copy',
  description: 'A story as it was pasted.',
  examples: ['Title of the story\n\nJAKARTA, KOMPAS.com - Text …'],
})

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

const articleSorts = ['-publishedAt', 'publishedAt', '-updatedAt', 'updatedAt', 'title', '-title', 'relevance'] as const

export const ArticleQuery = ListQuery.extend({
  stage: StageQuery,
  state: z
    .array(z.enum(states))
    .min(1)
    .max(states.length)
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
    .max(sourceRoles.length)
    .optional()
    .meta({ description: 'Resting in any of these ways on `source`, or on any source.' }),
  byline: Name.optional().meta({ description: 'With this name among its bylines, whatever the case.' }),
  lang: z.array(Lang).min(1).max(20).optional().meta({ description: 'In any of these languages.' }),
  genre: z.array(Genre).min(1).max(genres.length).optional().meta({ description: 'Of any of these genres.' }),
  breaking: z
    .boolean()
    .optional()
    .meta({ description: 'Whether it is breaking news now; of working copies, whether it was marked so.' }),
  ids: z.array(Name).min(1).max(100).optional().meta({ description: 'These alone, by id or slug.' }),
  externalId: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .meta({ description: 'With this very id of another system: one, since such ids may have commas in them.' }),
  publishedAfter: InstantInput.optional().meta({ description: 'Published at this instant or later.' }),
  publishedBefore: InstantInput.optional().meta({ description: 'Published before this instant.' }),
  updatedAfter: InstantInput.optional().meta({ description: 'Changed at this instant or later.' }),
  q: z
    .string()
    .min(1)
    .max(longestQuery)
    .optional()
    .meta({
      description: `What a reader types: words, all of which an article must have in its title, kicker, deck, pages or bylines, or as the name of a tag or a source; in any case, with or without accents, and in Indonesian and English in any of their forms. "A phrase" stands as it is; -word must not be there; this OR that; title:word, and likewise deck:, body:, byline:, tag: and source:. Anything else is text; at most ${mostTerms} words.`,
      examples: ['gempa lombok', '"rail strike" -metro', 'title:pemilu OR title:pilkada'],
    }),
  prefix: z
    .boolean()
    .optional()
    .meta({ description: 'With `q`: its last word is still being typed, and stands for all that begin so.' }),
  highlight: z.enum(['true', 'false', 'offsets']).optional().meta({
    description:
      'With `q`: adds `highlights` to each article, in which what was found is marked: `true` as HTML with `<mark>`, all else escaped; `offsets` as text with the places of the marks.',
  }),
  facets: z
    .array(z.enum(facetNames))
    .min(1)
    .max(facetNames.length)
    .optional()
    .meta({ description: 'With `q`: counts in `search.facets` how many of what was found have which of these.' }),
  sort: z
    .enum(articleSorts)
    .optional()
    .meta({ description: 'Unless it is given, `-publishedAt`, and with `q` `relevance`: the best first.' }),
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
    .optional()
    .meta({ description: '`pages` adds them; the list then ends early, with `next`, before it passes 2 MiB of them.' }),
  render: Render,
})
/** The order of ids is for exports alone: it says nothing to readers. */
export type ArticleQuery = Omit<z.output<typeof ArticleQuery>, 'sort'> & {
  sort?: z.output<typeof ArticleQuery>['sort'] | 'id'
}

export const CopyQuery = z.strictObject({
  section: Name.optional().meta({ description: 'Pasted copy only: id or slug.' }),
  tags: z.array(Name).min(1).max(50).optional().meta({ description: 'Pasted copy only: ids or slugs.' }),
  lang: Lang.optional().meta({ description: 'Pasted copy only: its language, which is else found in the text.' }),
})

export const RelatedQuery = z.strictObject({
  limit: z.int().min(1).max(20).default(5).meta({ description: 'How many articles at most.' }),
})
export const RelatedArticles = z
  .object({ data: z.array(ArticleCard) })
  .meta({ id: 'RelatedArticles', description: 'The nearest first.', examples: [{ data: [exampleCard] }] })

/** The articles of one source: the path names it. */
export const SourceArticlesQuery = ArticleQuery.omit({ source: true })
