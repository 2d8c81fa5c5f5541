import type { sqliteColumns } from './sqlite/columns.ts'

/** The words in which tables are declared. SQLite's types stand for both engines; the tests hold the other to them. */
export type Columns = typeof sqliteColumns
