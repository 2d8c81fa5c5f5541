import { z } from 'zod'

/** What a search answers beside its articles. */

export const facetNames = ['section', 'tag', 'source', 'lang', 'year'] as const
export type FacetName = (typeof facetNames)[number]

const html = z.string().meta({ description: 'HTML: what was found stands in `<mark>`, all else is escaped.' })

const Marked = z
  .object({
    text: z.string(),
    marks: z
      .array(z.array(z.int()).length(2))
      .meta({ description: 'Where each begins, and where it has ended, in UTF-16 code units of `text`.' }),
  })
  .meta({ id: 'Marked', examples: [{ text: 'Gempa di Lombok', marks: [[0, 5]] }] })

export const Highlights = z
  .object({
    title: z.union([html, Marked]),
    deck: z.union([html, Marked]).nullable(),
    body: z
      .array(z.union([z.object({ page: z.int(), html }), Marked.extend({ page: z.int() })]))
      .meta({ description: 'The passages of the pages that tell most of what was asked, at most three.' }),
  })
  .meta({
    id: 'Highlights',
    description: 'What was found, marked: as HTML with `highlight=true`, with offsets with `highlight=offsets`.',
    examples: [
      {
        title: '<mark>Gempa</mark> di Lombok',
        deck: null,
        body: [{ page: 1, html: 'Sebuah <mark>gempa</mark> mengguncang Lombok pada Senin pagi.' }],
      },
    ],
  })
export type Highlights = z.infer<typeof Highlights>

const FacetValue = z.object({
  value: z.string().meta({
    description: 'A slug or a language, as the parameter of that name takes it; of `year` four digits, as UTC counts.',
  }),
  name: z.string(),
  count: z.int(),
})

const facet = z.array(FacetValue).optional()

export const SearchInfo = z
  .object({
    complete: z.boolean().meta({
      description:
        'Whether all that was found is ranked, and counted in facets: of more than 1,000 the newest 1,000 are, and up to 1,000 that have every word in their titles. Another `sort` walks through all.',
    }),
    didYouMean: z.string().nullable().meta({
      description:
        'When nothing was found: a query that finds something, with words that are written nearly so, or without one of its words.',
    }),
    facets: z.object({ section: facet, tag: facet, source: facet, lang: facet, year: facet }).optional().meta({
      description:
        'Of what is ranked: the most frequent ten of each, with `facets`. A section counts for itself, without those below it.',
    }),
  })
  .meta({
    id: 'SearchInfo',
    description: 'What there is to say of a search.',
    examples: [
      {
        complete: true,
        didYouMean: null,
        facets: {
          section: [{ value: 'asia', name: 'Asia', count: 12 }],
          year: [{ value: '2026', name: '2026', count: 9 }],
        },
      },
    ],
  })
export type SearchInfo = z.infer<typeof SearchInfo>
