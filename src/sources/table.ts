import type { Columns } from '../storage/columns.ts'
import type { SourceKind, SourceVisibility } from './schema.ts'

export const sourcesTable = (c: Columns) =>
  c.table(
    'sources',
    {
      id: c.text('id').primaryKey(),
      slug: c.text('slug').notNull().unique(),
      name: c.text('name').notNull(),
      aliases: c.json<string[]>('aliases').notNull(),
      kind: c.text('kind').$type<SourceKind>().notNull(),
      homepage: c.text('homepage'),
      country: c.text('country'),
      lang: c.text('lang'),
      usageTerms: c.text('usage_terms'),
      licenceUrl: c.text('licence_url'),
      creditLine: c.text('credit_line'),
      visibility: c.text('visibility').$type<SourceVisibility>().notNull(),
      version: c.integer('version').notNull(),
      createdAt: c.instant('created_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
    },
    (t) => [c.index('sources_by_name').on(t.name, t.id)],
  )
