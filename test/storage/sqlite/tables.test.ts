import { getTableConfig } from 'drizzle-orm/sqlite-core'
import t from 'tap'
import { sqliteColumns } from '../../../src/storage/sqlite/columns.ts'
import { createTables } from '../../../src/storage/tables.ts'
import { indexOfWords, shapeOf, sqliteCatalog, sqliteVirtual } from '../../support/catalogs.ts'
import { openBeside, testStore } from '../../support/stores.ts'

const declared = Object.values(createTables(sqliteColumns)).map((table) => getTableConfig(table))

t.test('the migrated database is what the tables declare, in both directions', async (t) => {
  const { database } = await testStore(t)
  const db = openBeside(t, database, { readonly: true })
  const { migrations, ...tables } = sqliteCatalog(db).tables
  t.ok(migrations)
  const ordinary = declared.filter(({ name }) => name !== indexOfWords)
  t.same(Object.keys(tables).sort(), ordinary.map(({ name }) => name).sort())
  for (const table of ordinary) t.same(tables[table.name], shapeOf(table), table.name)
  const extras = db.prepare("SELECT name FROM sqlite_schema WHERE type NOT IN ('table', 'index')").all()
  t.same(extras, [], 'no view or trigger that no table declares')
})

t.test('the index of words is kept by FTS5, with the columns that are declared', async (t) => {
  const { database } = await testStore(t)
  const db = openBeside(t, database, { readonly: true })
  const { tables, shadows } = sqliteVirtual(db)
  const columns = ['title', 'deck', 'body', 'byline', 'ids']
  const using = `fts5 ( ${columns.join(', ')}, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '+#~'" )`
  t.same(tables, { [indexOfWords]: { using, columns } }, 'and no other table is virtual')
  const [index] = declared.filter(({ name }) => name === indexOfWords)
  t.same(
    index?.columns.map(({ name }) => name),
    ['rowid', ...columns],
  )
  // Of a text without content nothing is kept but its words and their number.
  t.same(
    shadows,
    ['config', 'data', 'docsize', 'idx'].map((part) => `${indexOfWords}_${part}`),
  )
})

t.test('every table is strict, so that a column holds what its type says', async (t) => {
  const { database } = await testStore(t)
  const db = openBeside(t, database, { readonly: true })
  const loose = db
    .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
    .all()
  t.same(loose, [])
})
