import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from './drizzle.ts'

/**
 * The vocabulary of columns. Tables are declared once, as factories over it; PostgreSQL brings a kit with the same words.
 * Instants are RFC 3339 text of fixed width, so that they compare alike on every engine.
 */
export const sqliteColumns = {
  table: sqliteTable,
  text,
  integer: (name: string) => integer(name),
  boolean: (name: string) => integer(name, { mode: 'boolean' }),
  json: <T>(name: string) => text(name, { mode: 'json' }).$type<T>(),
  instant: (name: string) => text(name),
  index,
  uniqueIndex,
  primaryKey,
  /** The index of words: see storage/search.ts. */
  search: (name: string) =>
    sqliteTable(name, {
      id: integer('rowid').primaryKey(),
      title: text('title').notNull(),
      deck: text('deck').notNull(),
      body: text('body').notNull(),
      byline: text('byline').notNull(),
      ids: text('ids').notNull(),
    }),
}
