import { and, getTableColumns, getTableName, type SQL, type SQLiteTable, sql } from './drizzle.ts'
import type { Write } from './store.ts'

/**
 * Rows of one table, by statements that are built once for each shape: to build one takes longer than to run it. What is
 * left out of a new row is null.
 */

export type Row<Table extends SQLiteTable> = Table['$inferInsert']
type Part<Table extends SQLiteTable> = Partial<Table['$inferSelect']>

/** @param unless the row is passed over when its key is taken */
export async function insertRow<Table extends SQLiteTable>(
  db: Write,
  table: Table,
  row: Row<Table>,
  unless: 'taken' | undefined = undefined,
): Promise<void> {
  const columns = Object.keys(getTableColumns(table))
  const insert = db.preparedWrite(`insert:${getTableName(table)},${unless}`, (q) => {
    const values = Object.fromEntries(columns.map((name) => [name, placeholder(name)])) as Row<Table>
    const all = q.insert(table).values(values as never)
    return unless === 'taken' ? all.onConflictDoNothing() : all
  })
  await insert(inputsOf(table, columns, row))
}

/** Of all rows that are so. */
export async function updateRows<Table extends SQLiteTable>(
  db: Write,
  table: Table,
  so: Part<Table>,
  values: Part<Table>,
): Promise<void> {
  const keys = Object.keys(so)
  const names = Object.keys(values)
  const update = db.preparedWrite(`update:${getTableName(table)},${keys},${names}`, (q) =>
    q
      .update(table)
      .set(Object.fromEntries(names.map((name) => [name, placeholder(`set ${name}`)])) as never)
      .where(areSo(table, keys)),
  )
  await update({ ...inputsOf(table, keys, so), ...inputsOf(table, names, values, 'set ') })
}

/** All rows that are so. */
export async function deleteRows<Table extends SQLiteTable>(db: Write, table: Table, so: Part<Table>): Promise<void> {
  const keys = Object.keys(so)
  const remove = db.preparedWrite(`delete:${getTableName(table)},${keys}`, (q) =>
    q.delete(table).where(areSo(table, keys)),
  )
  await remove(inputsOf(table, keys, so))
}

function areSo(table: SQLiteTable, keys: readonly string[]): SQL | undefined {
  const columns = getTableColumns(table)
  return and(...keys.map((name) => sql`${columns[name]} = ${sql.placeholder(name)}`))
}

/** As text of its own drizzle leaves an input as it is; else it would write the null of a column of JSON as `null`. */
function placeholder(name: string): SQL {
  return sql`${sql.placeholder(name)}`
}

/** Values as the driver wants them. */
function inputsOf(
  table: SQLiteTable,
  names: readonly string[],
  row: Record<string, unknown>,
  prefix = '',
): Record<string, unknown> {
  const columns = getTableColumns(table)
  const inputs: Record<string, unknown> = {}
  for (const name of names) {
    const value = row[name] ?? null
    inputs[prefix + name] = value === null ? null : columns[name]?.mapToDriverValue(value)
  }
  return inputs
}
