import { type SQL, type SQLWrapper, sql } from './drizzle.ts'

/** The fragments of SQL that differ between engines, by name. Lists travel as one JSON text, so that a statement has one shape for any length. */
export interface Dialect {
  /** column is one of the strings of a JSON list */
  isOneOf(column: SQLWrapper, list: SQLWrapper): SQL<boolean>
  /** how many strings a JSON list has */
  listLength(list: SQLWrapper): SQL<number>
}

export const sqliteDialect: Dialect = {
  isOneOf: (column, list) => sql`${column} in (select value from json_each(${list}))`,
  listLength: (list) => sql<number>`json_array_length(${list})`.mapWith(Number),
}

export const postgresDialect: Dialect = {
  isOneOf: (column, list) => sql`${column} in (select json_array_elements_text(cast(${list} as json)))`,
  listLength: (list) => sql<number>`json_array_length(cast(${list} as json))`.mapWith(Number),
}
