import { z } from 'zod'
import { ArticleQuery } from '../lists/schema.ts'
import { forms } from '../vocabulary.ts'

/** What can be asked of an export: what a list can, but for what makes pages and cards of it. */
export const ExportQuery = ArticleQuery.omit({
  sort: true,
  limit: true,
  cursor: true,
  count: true,
  fields: true,
  include: true,
  q: true,
  prefix: true,
  highlight: true,
  facets: true,
}).extend({
  render: z
    .array(z.enum(forms))
    .min(1)
    .max(forms.length)
    .default(['body'])
    .meta({ description: 'Which forms of a page to answer; an import needs `body`.' }),
})
export type ExportQuery = z.output<typeof ExportQuery>
