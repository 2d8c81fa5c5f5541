import { getTableConfig } from 'drizzle-orm/sqlite-core'
import t from 'tap'
import { sqliteColumns } from '../../../src/storage/sqlite/columns.ts'
import { createTables } from '../../../src/storage/tables.ts'
import { shapeOf, sqliteCatalog } from '../../support/catalogs.ts'
import { openBeside, testStore } from '../../support/stores.ts'

t.test('the migrated database is what the tables declare, in both directions', async (t) => {
  const { database } = await testStore(t)
  const db = openBeside(t, database, { readonly: true })
  const { migrations, ...tables } = sqliteCatalog(db).tables
  t.ok(migrations)
  const declared = Object.values(createTables(sqliteColumns)).map((table) => getTableConfig(table))
  t.same(Object.keys(tables).sort(), declared.map(({ name }) => name).sort())
  for (const table of declared) t.same(tables[table.name], shapeOf(table), table.name)
  const extras = db.prepare("SELECT name FROM sqlite_schema WHERE type NOT IN ('table', 'index')").all()
  t.same(extras, [], 'no view or trigger that no table declares')
})

t.test('every table is strict, so that a column holds what its type says', async (t) => {
  const { database } = await testStore(t)
  const db = openBeside(t, database, { readonly: true })
  const loose = db
    .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
    .all()
  t.same(loose, [])
})
