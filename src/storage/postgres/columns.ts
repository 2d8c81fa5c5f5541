import type { Columns } from '../columns.ts'
import { bigint, boolean, customType, index, pgTable, primaryKey, text, uniqueIndex } from './drizzle.ts'

/** As text and not as jsonb, which loses the order of keys; what was written comes back to the byte. */
const jsonText = customType<{ data: unknown; driverData: string }>({
  dataType: () => 'text',
  toDriver: (value) => JSON.stringify(value),
  fromDriver: (stored) => JSON.parse(stored),
})

const tsvector = customType<{ data: string; driverData: string }>({ dataType: () => 'tsvector' })

/** The same words for PostgreSQL. The cast is the one place where its types are said to be SQLite's. */
export const postgresColumns = {
  table: pgTable,
  text,
  // 64 bits, as SQLite's integers have.
  integer: (name: string) => bigint(name, { mode: 'number' }),
  boolean: (name: string) => boolean(name),
  json: (name: string) => jsonText(name),
  instant: (name: string) => text(name),
  index,
  uniqueIndex,
  primaryKey,
  search: (name: string) =>
    pgTable(name, { id: bigint('id', { mode: 'number' }).primaryKey(), words: tsvector('words').notNull() }),
} satisfies Record<keyof Columns, unknown> as unknown as Columns
