import type { Columns } from '../storage/columns.ts'

export const sectionsTable = (c: Columns) =>
  c.table(
    'sections',
    {
      id: c.text('id').primaryKey(),
      slug: c.text('slug').notNull().unique(),
      name: c.text('name').notNull(),
      description: c.text('description'),
      lang: c.text('lang'),
      parentId: c.text('parent_id'),
      /** the slugs from the root down, joined by slashes */
      path: c.text('path').notNull().unique(),
      position: c.integer('position').notNull(),
      version: c.integer('version').notNull(),
      createdAt: c.instant('created_at').notNull(),
      updatedAt: c.instant('updated_at').notNull(),
    },
    (t) => [c.index('sections_of_parent').on(t.parentId, t.position, t.name)],
  )
