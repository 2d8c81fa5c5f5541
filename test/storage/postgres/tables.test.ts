import { join } from 'node:path'
import { getTableConfig, type PgTable } from 'drizzle-orm/pg-core'
import t from 'tap'
import { postgresColumns } from '../../../src/storage/postgres/columns.ts'
import { createTables } from '../../../src/storage/tables.ts'
import {
  indexOfWords,
  postgresCatalog,
  type Shape,
  shapeOf,
  sqliteCatalog,
  sqliteVirtual,
} from '../../support/catalogs.ts'
import { startPostgres } from '../../support/postgres.ts'
import { openBeside, testStore, writeTag } from '../../support/stores.ts'

const server = await startPostgres()
t.teardown(() => server.dispose())
let databases = 0

/** A database that Warta has migrated. */
async function migrated(): Promise<string> {
  const name = `tables_${databases++}`
  const { store } = await testStore(t, { database: await server.createDatabase(name) })
  await store.close()
  return name
}

/** The one index that is declared nowhere, since SQLite has none of its kind. */
const byWord: Record<string, Shape['indexes']> = {
  [indexOfWords]: { article_search_by_word: { unique: false, on: ['words'] } },
}

t.test('the migrated database is what the tables declare, in both directions', async (t) => {
  const name = await migrated()
  const { migrations, ...tables } = (await postgresCatalog(server, name)).tables
  t.ok(migrations)
  const declared = Object.values(createTables(postgresColumns)).map((table) =>
    getTableConfig(table as unknown as PgTable),
  )
  t.same(Object.keys(tables).sort(), declared.map((table) => table.name).sort())
  for (const table of declared) {
    const shape = shapeOf(table)
    t.same(tables[table.name], { ...shape, indexes: { ...shape.indexes, ...byWord[table.name] } }, table.name)
  }
  const extras = await server.query(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind NOT IN ('r', 'i')
      UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
      UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
      UNION ALL SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')`,
    name,
  )
  t.same(extras, [], 'no view, sequence, function, trigger or schema that no table declares')
})

t.test('text is compared by its bytes, whatever the collation of the database', async (t) => {
  const name = 'collated'
  // By the rules of American English "a" stands before "B".
  await server.query(
    `CREATE DATABASE ${name} LOCALE_PROVIDER icu ICU_LOCALE 'en-US' LOCALE 'C' ENCODING 'UTF8' TEMPLATE template0`,
  )
  t.same(await server.query("SELECT 'a' < 'B' AS so", name), [{ so: true }])
  const { store } = await testStore(t, { database: server.url(name) })
  const others = await server.query(
    `SELECT attrelid::regclass::text AS table, attname AS column FROM pg_attribute
      JOIN pg_class ON pg_class.oid = attrelid AND relnamespace = 'public'::regnamespace
      WHERE attcollation <> 0 AND attcollation <> (SELECT oid FROM pg_collation WHERE collname = 'C')`,
    name,
  )
  t.same(others, [], 'every column of text, in tables and in indexes')
  const indexes = await server.query(
    `SELECT indexrelid::regclass::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indrelid, unnest(indcollation) used
      WHERE relnamespace = 'public'::regnamespace AND used NOT IN (0, (SELECT oid FROM pg_collation WHERE collname = 'C'))`,
    name,
  )
  t.same(indexes, [], 'every key of an index')

  const words = ['a', 'B', 'Z', 'b', 'é', 'e', 'z', 'ß', '日', '👩']
  for (const word of words) await store.transact((db) => writeTag(db, word))
  const found = await store.read((db) =>
    db.select({ name: db.tables.tags.name }).from(db.tables.tags).orderBy(db.tables.tags.name),
  )
  t.same(
    found.map((row) => row.name),
    [...words].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
  )
})

t.test('the two engines agree in tables, columns, keys, checks, indexes and what a deletion takes along', async (t) => {
  const postgres = await postgresCatalog(server, await migrated())
  const file = join(t.testdir(), 'warta.db')
  await (await testStore(t, { database: file })).store.close()
  const sqlite = sqliteCatalog(openBeside(t, file, { readonly: true }))
  const types: Record<string, string[]> = { TEXT: ['TEXT'], INTEGER: ['BIGINT', 'BOOLEAN'] }
  const names = Object.keys(postgres.tables).filter((name) => name !== indexOfWords)
  t.same(Object.keys(sqlite.tables).sort(), names.sort())
  for (const [name, table] of Object.entries(sqlite.tables)) {
    const other = postgres.tables[name]
    t.same(Object.keys(table.columns), Object.keys(other?.columns ?? {}), `${name}: columns in their order`)
    for (const [column, { type, notNull }] of Object.entries(table.columns)) {
      const found = other?.columns[column]
      t.equal(found?.notNull, notNull, `${name}.${column}: NOT NULL`)
      t.ok(types[type]?.includes(found?.type ?? ''), `${name}.${column}: ${type} and ${found?.type}`)
    }
    const { columns: _, ...rest } = table
    t.match(other, rest, `${name}: keys and indexes`)
    t.same(Object.keys(other?.indexes ?? {}).sort(), Object.keys(table.indexes).sort(), name)
  }
  t.same({ ...sqlite.foreignKeys, [indexOfWords]: [] }, postgres.foreignKeys)
  t.ok(Object.values(sqlite.foreignKeys).flat().length > 5)
  // SQLite has no type for what is true or false, and is told so.
  const flags = Object.entries(postgres.tables).flatMap(([name, { columns }]) =>
    Object.keys(columns)
      .filter((column) => columns[column]?.type === 'BOOLEAN')
      .map((column) => [name, `${column} IN (0, 1)`]),
  )
  for (const [name, checks] of Object.entries(sqlite.checks)) {
    const own = flags.filter(([table]) => table === name).map(([, check]) => check)
    t.same(checks, [...(postgres.checks[name] ?? []), ...own].sort(), `${name}: checks`)
  }
  t.same(flags, [
    ['article_copies', 'breaking IN (0, 1)'],
    ['search_entries', 'working IN (0, 1)'],
    ['search_entries', 'live IN (0, 1)'],
    ['search_entries', 'next IN (0, 1)'],
  ])
  t.ok(Object.values(postgres.checks).flat().length > 3)
  t.same(Object.keys(sqlite.expressions).sort(), Object.keys(postgres.expressions).sort())
  t.ok(Object.keys(sqlite.expressions).length > 0)
  for (const [index, sql] of Object.entries(sqlite.expressions)) {
    const expression = postgres.expressions[index] ?? 'none'
    t.ok(sql.includes(expression), `${index}: ${expression} is in ${sql}`)
  }
})

t.test('each engine keeps the index of words in a table of its own kind, which says what it has', async (t) => {
  const name = await migrated()
  const postgres = await postgresCatalog(server, name)
  const file = join(t.testdir(), 'warta.db')
  await (await testStore(t, { database: file })).store.close()
  const sqlite = sqliteVirtual(openBeside(t, file, { readonly: true }))
  t.same(Object.keys(sqlite.tables), [indexOfWords], 'there is no other such table')
  const places = ['title', 'deck', 'body', 'byline', 'ids']
  t.same(sqlite.tables[indexOfWords]?.columns, places, 'FTS5 has a column for each place; its key is the hidden rowid')
  const { columns, primaryKey } = postgres.tables[indexOfWords] ?? {}
  t.same(columns, {
    id: { type: 'BIGINT', notNull: true },
    // The places are weights in it.
    words: { type: 'TSVECTOR', notNull: true },
  })
  t.same(primaryKey, ['id'])
  t.same(postgres.checks[indexOfWords], [])
  const [index] = await server.query("SELECT indexdef FROM pg_indexes WHERE indexname = 'article_search_by_word'", name)
  t.match(index, { indexdef: /USING gin \(words\)$/ })
})
