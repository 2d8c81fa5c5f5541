import type { Columns } from '../storage/columns.ts'

/** How many copies that are made for the public use a tag or a source, whether or not they are seen at this moment. */
export const usesTable = (c: Columns) =>
  c.table('uses', { id: c.text('id').primaryKey(), copies: c.integer('copies').notNull() })
