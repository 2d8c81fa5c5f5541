import { type SQL, type SQLWrapper, sql } from './drizzle.ts'

/** The fragments of SQL that differ between engines, by name. Lists travel as one JSON text, so that a statement has one shape for any length. */
export interface Dialect {
  /** column is one of the strings of a JSON list */
  isOneOf(column: SQLWrapper, list: SQLWrapper): SQL<boolean>
  /** how many strings a JSON list has */
  listLength(list: SQLWrapper): SQL<number>
  /**
   * The keys of the rows of a table that a query finds for each string of a JSON list: `find` is a subquery of the same
   * key, with a limit of its own.
   */
  ofEach(list: SQLWrapper, key: Key, find: (value: SQL) => SQL): SQL
  /** A column as it is compared row by row: no index is looked for, which would have to be sorted. */
  byRow(column: SQLWrapper): SQL
}

interface Key {
  table: SQLWrapper
  /** as they are called in the database */
  columns: readonly string[]
}

const value = sql.raw('one.value')

export const sqliteDialect: Dialect = {
  isOneOf: (column, list) => sql`${column} in (select value from json_each(${list}))`,
  listLength: (list) => sql<number>`json_array_length(${list})`.mapWith(Number),
  // It has no LATERAL; but a list of keys may depend on the row before.
  ofEach: (list, { table, columns }, find) => {
    const found = sql.raw(columns.map((column) => `found.${column}`).join(', '))
    return sql`(select ${found} from json_each(${list}) one cross join ${table} found where (${found}) in ${find(value)})`
  },
  byRow: (column) => sql`+${column}`,
}

export const postgresDialect: Dialect = {
  isOneOf: (column, list) => sql`${column} in (select json_array_elements_text(cast(${list} as json)))`,
  listLength: (list) => sql<number>`json_array_length(cast(${list} as json))`.mapWith(Number),
  ofEach: (list, { columns }, find) => {
    const found = sql.raw(columns.map((column) => `found.${column}`).join(', '))
    return sql`(select ${found} from json_array_elements_text(cast(${list} as json)) one (value) cross join lateral ${find(value)} found)`
  },
  byRow: (column) => sql`(${column} || '')`,
}
