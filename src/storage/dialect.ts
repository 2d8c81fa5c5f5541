import { and, type SQL, type SQLWrapper, sql } from './drizzle.ts'
import { postgresSearch } from './postgres/search.ts'
import type { SearchDialect } from './search.ts'
import { sqliteSearch } from './sqlite/search.ts'

/** The fragments of SQL that differ between engines, by name. Lists travel as one JSON text, so that a statement has one shape for any length. */
export interface Dialect {
  /** column is one of the strings of a JSON list */
  isOneOf(column: SQLWrapper, list: SQLWrapper): SQL<boolean>
  /** `select` of the strings of a JSON list */
  valuesOf(list: SQLWrapper): SQL
  /** how many strings a JSON list has */
  listLength(list: SQLWrapper): SQL<number>
  /** The first rows of several walks that are merged into one, in any order: a table, and what joins it to that of the walks. */
  merge(list: SQLWrapper, walks: Walks): { from: SQL; on: SQL }
  /**
   * `from … where …`: each row of a table with the few rows `found` of another, whose keys a limited query finds for it.
   */
  withFound(outer: SQL, inner: Pick<Walks, 'table' | 'key'>, find: SQL): SQL
  /** A column as it is compared row by row: no index is looked for, which would have to be sorted. */
  byRow(column: SQLWrapper): SQL
  search: SearchDialect
}

/** Walks through one table in one order: one for each string of a JSON list. */
export interface Walks {
  table: SQLWrapper
  /** the columns of its key, and those of the order, as the database calls them */
  key: readonly string[]
  order: readonly [value: string, id: string]
  down: boolean
  /** how many of them all; a row that is on several walks is one */
  limit: SQLWrapper
  /** the columns of the order, as the walks come upon them */
  value: SQLWrapper
  id: SQLWrapper
  /** where each of them begins, and where each ends */
  start: SQL | undefined
  end: SQL | undefined
  /** `select … from … where …` of the walk for one string, within bounds */
  find(columns: SQL, of: SQL, within: SQL | undefined): SQL
}

const one = sql.raw('one.value')
const columnsOf = (table: string, columns: readonly string[]): SQL =>
  sql.raw(columns.map((column) => `${table}.${column}`).join(', '))

export const sqliteDialect: Dialect = {
  isOneOf: (column, list) => sql`${column} in (select value from json_each(${list}))`,
  valuesOf: (list) => sql`select value from json_each(${list}) where true`,
  listLength: (list) => sql<number>`json_array_length(${list})`.mapWith(Number),
  // A recursion takes what it has found in the order that it is told, and stops when enough is taken: it looks once into
  // each walk, and then for the next of the one that was first: of the same value first, since SQLite finds no place for two
  // columns of another row in an index.
  merge: (list, { table, order, down, limit, value, id, start, end, find }) => {
    const rowid = sql`${table}.rowid`
    const columns = columnsOf('found', [...order, 'rowid'])
    const [direction, sign] = down ? [sql`desc`, sql`<`] : [sql`asc`, sql`>`]
    const first = (of: SQL, within: SQL | undefined): SQL =>
      sql`(${find(rowid, of, within)} order by ${value} ${direction}, ${id} ${direction} limit 1)`
    const same = first(sql`merged.walk`, sql`${value} = merged.value and ${id} ${sign} merged.id`)
    const next = first(sql`merged.walk`, and(sql`${value} ${sign} merged.value`, end))
    const from = sql`(
      with recursive merged (walk, value, id, found) as (
        select one.value, ${columns} from json_each(${list}) one cross join ${table} found
        where found.rowid = ${first(one, start)}
        union all
        select merged.walk, ${columns} from merged cross join ${table} found
        where found.rowid = coalesce(${same}, ${next})
        order by 2 ${direction}, 3 ${direction})
      select distinct found from merged limit ${limit}) first`
    return { from, on: sql`${rowid} = first.found` }
  },
  // It has no LATERAL, but a list of keys may depend on another row.
  withFound: (outer, { table, key }, find) =>
    sql`from ${outer} cross join ${table} found where (${columnsOf('found', key)}) in (${find})`,
  byRow: (column) => sql`+${column}`,
  search: sqliteSearch,
}

export const postgresDialect: Dialect = {
  isOneOf: (column, list) => sql`${column} in (select json_array_elements_text(cast(${list} as json)))`,
  valuesOf: (list) => sql`select json_array_elements_text(cast(${list} as json))`,
  listLength: (list) => sql<number>`json_array_length(cast(${list} as json))`.mapWith(Number),
  merge: (list, { table, key, order, down, limit, value, id, start, find }) => {
    const names = [...new Set([...key, ...order])]
    const own = (name: string): SQL => sql`${table}.${sql.identifier(name)}`
    const columns = sql.join(names.map(own), sql`, `)
    const direction = down ? sql`desc` : sql`asc`
    const by = (first: SQLWrapper, second: SQLWrapper): SQL =>
      sql`order by ${first} ${direction}, ${second} ${direction} limit ${limit}`
    const [byValue, byId] = order.map((name) => columnsOf('merged', [name])) as [SQL, SQL]
    const from = sql`(
      select ${columnsOf('merged', key)} from (
        select distinct ${columnsOf('found', names)} from json_array_elements_text(cast(${list} as json)) one (value)
        cross join lateral (${find(columns, one, start)} ${by(value, id)}) found) merged
      ${by(byValue, byId)}) first`
    return { from, on: and(...key.map((name) => sql`${own(name)} = ${columnsOf('first', [name])}`)) as SQL }
  },
  withFound: (outer, _, find) => sql`from ${outer} cross join lateral (${find}) found where true`,
  byRow: (column) => sql`(${column} || '')`,
  search: postgresSearch,
}
