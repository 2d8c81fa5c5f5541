import { getTableConfig } from 'drizzle-orm/sqlite-core'
import t from 'tap'
import { sqliteColumns } from '../../../src/storage/sqlite/columns.ts'
import { createTables } from '../../../src/storage/tables.ts'
import { shapeOf, sqliteCatalog, sqliteVirtual, wordTables } from '../../support/catalogs.ts'
import { openBeside, testStore } from '../../support/stores.ts'

const declared = Object.values(createTables(sqliteColumns)).map((table) => getTableConfig(table))
const isOfWords = ({ name }: { name: string }) => wordTables.includes(name)

t.test('the migrated database is what the tables declare, in both directions', async (t) => {
  const { database } = await testStore(t)
  const db = openBeside(t, database, { readonly: true })
  const { migrations, ...tables } = sqliteCatalog(db).tables
  t.ok(migrations)
  const ordinary = declared.filter((table) => !isOfWords(table))
  t.same(Object.keys(tables).sort(), ordinary.map(({ name }) => name).sort())
  for (const table of ordinary) t.same(tables[table.name], shapeOf(table), table.name)
  const extras = db.prepare("SELECT name FROM sqlite_schema WHERE type NOT IN ('table', 'index')").all()
  t.same(extras, [], 'no view or trigger that no table declares')
})

t.test('the index of words and the list of them are kept by FTS5, with the columns that are declared', async (t) => {
  const { database } = await testStore(t)
  const db = openBeside(t, database, { readonly: true })
  const { tables, shadows } = sqliteVirtual(db)
  t.same(Object.keys(tables).sort(), [...wordTables].sort(), 'no other table is virtual')
  t.same(tables, {
    article_search: {
      using: `fts5 ( title, deck, body, byline, ids, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '+#~'" )`,
      columns: ['title', 'deck', 'body', 'byline', 'ids'],
    },
    search_words: { using: 'fts5vocab (article_search, row)', columns: ['term', 'doc', 'cnt'] },
  })
  const columnsOf = (name: string) => declared.find((table) => table.name === name)?.columns.map((one) => one.name)
  t.same(columnsOf('article_search'), ['rowid', ...(tables.article_search?.columns ?? [])])
  t.same(columnsOf('search_words'), ['term'], 'how often a word stands is asked by nobody')
  // Of a text without content nothing is kept but its words and their number.
  t.same(
    shadows,
    ['config', 'data', 'docsize', 'idx'].map((part) => `article_search_${part}`),
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
