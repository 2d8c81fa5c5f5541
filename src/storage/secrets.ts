import type { Columns } from './columns.ts'

/** What all processes on one database must share, such as the key that signs cursors. */
export const secretsTable = (c: Columns) =>
  c.table('secrets', { name: c.text('name').primaryKey(), value: c.text('value').notNull() })
