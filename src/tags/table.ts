import type { Columns } from '../storage/columns.ts'
import type { TagKind } from './schema.ts'

export const tagsTable = (c: Columns) =>
  c.table(
    'tags',
    {
      id: c.text('id').primaryKey(),
      slug: c.text('slug').notNull().unique(),
      name: c.text('name').notNull(),
      kind: c.text('kind').$type<TagKind>().notNull(),
      description: c.text('description'),
      synonyms: c.json<string[]>('synonyms').notNull(),
      sameAs: c.json<string[]>('same_as').notNull(),
      version: c.integer('version').notNull(),
      createdAt: c.instant('created_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
    },
    (t) => [c.index('tags_by_name').on(t.name, t.id)],
  )
