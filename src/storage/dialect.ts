import { alias, type SQL, type SQLWrapper, sql } from './drizzle.ts'

/** The fragments of SQL that differ between engines, by name. Lists travel as one JSON text, so that a statement has one shape for any length. */
export interface Dialect {
  /** column is one of the strings of a JSON list */
  isOneOf(column: SQLWrapper, list: SQLWrapper): SQL<boolean>
  /** a table under another name, to join it with itself */
  alias: typeof alias
  /** how many strings a JSON list has */
  listLength(list: SQLWrapper): SQL<number>
}

export const sqliteDialect: Dialect = {
  alias,
  isOneOf: (column, list) => sql`${column} in (select value from json_each(${list}))`,
  listLength: (list) => sql`json_array_length(${list})`,
}
