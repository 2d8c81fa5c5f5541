import { getTableConfig } from 'drizzle-orm/sqlite-core'
import t from 'tap'
import { sqliteColumns } from '../../src/storage/columns.ts'
import { eq, sql } from '../../src/storage/drizzle.ts'
import { createTables } from '../../src/storage/tables.ts'
import { openBeside, testStore, writeTag } from '../support/stores.ts'

const tables = createTables(sqliteColumns)

/** Tables that the storage keeps for itself. */
const internal = ['migrations', 'sqlite_sequence']

interface Shape {
  columns: Record<string, { type: string; notNull: boolean }>
  primaryKey: string[]
  uniques: string[]
  indexes: Record<string, { unique: boolean; on: string[] }>
}

/** As the program declares it; what is no column is an expression. */
function declared(table: (typeof tables)[keyof typeof tables]): Shape {
  const config = getTableConfig(table)
  const own = config.columns.filter((column) => column.primary).map(({ name }) => name)
  return {
    columns: Object.fromEntries(
      config.columns.map((column) => [
        column.name,
        { type: column.getSQLType().toUpperCase(), notNull: column.notNull || column.primary },
      ]),
    ),
    primaryKey: [...own, ...config.primaryKeys.flatMap(({ columns }) => columns.map(({ name }) => name))],
    uniques: config.columns
      .filter((column) => column.isUnique)
      .map(({ name }) => name)
      .sort(),
    indexes: Object.fromEntries(
      config.indexes.map(({ config: { name, unique, columns } }) => [
        name,
        { unique, on: columns.map((column) => ('name' in column ? String(column.name) : 'expression')) },
      ]),
    ),
  }
}

t.test('the migrated database is what the tables declare, in both directions', async (t) => {
  const { file } = await testStore(t)
  const db = openBeside(t, file, { readonly: true })
  const all = <Row>(query: string, ...inputs: unknown[]) => db.prepare(query).all(...inputs) as Row[]

  const migrated = (name: string): Shape => {
    const columns = all<{ name: string; type: string; notnull: number; pk: number }>(
      'SELECT * FROM pragma_table_info(?)',
      name,
    )
    const indexes = all<{ name: string; unique: number; origin: string }>('SELECT * FROM pragma_index_list(?)', name)
    const on = (index: string) =>
      all<{ name: string | null }>('SELECT name FROM pragma_index_info(?) ORDER BY seqno', index).map(
        (column) => column.name ?? 'expression',
      )
    return {
      columns: Object.fromEntries(
        columns.map(({ name: column, type, notnull, pk }) => [column, { type, notNull: notnull === 1 || pk > 0 }]),
      ),
      primaryKey: columns
        .filter(({ pk }) => pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map((column) => column.name),
      uniques: indexes
        .filter(({ origin }) => origin === 'u')
        .flatMap((index) => on(index.name))
        .sort(),
      indexes: Object.fromEntries(
        indexes
          .filter(({ origin }) => origin === 'c')
          .map((index) => [index.name, { unique: index.unique === 1, on: on(index.name) }]),
      ),
    }
  }

  const names = all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
  const declaredNames = Object.values(tables).map((table) => getTableConfig(table).name)
  t.same(
    names.map(({ name }) => name).filter((name) => !internal.includes(name)),
    declaredNames.sort(),
  )
  for (const table of Object.values(tables)) {
    const { name } = getTableConfig(table)
    t.same(migrated(name), declared(table), name)
  }
  const extras = all("SELECT name FROM sqlite_schema WHERE type NOT IN ('table', 'index')")
  t.same(extras, [], 'no view or trigger that no table declares')
})

t.test('every table is strict, so that a column holds what its type says', async (t) => {
  const { file } = await testStore(t)
  const db = openBeside(t, file, { readonly: true })
  const loose = db
    .prepare("SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND name NOT LIKE 'sqlite_%'")
    .all()
  t.same(loose, [])
})

t.test('JSON, instants and text come back as they were written', async (t) => {
  const { store } = await testStore(t)
  const lists = [[], ['a'], ['é', '日本語', '👩‍👩‍👧', '"quoted"', "it's", '\\', '\n', '\u2028'], ['', ' ']]
  for (const [i, synonyms] of lists.entries()) {
    const id = `tag-${i}`
    const at = '2026-11-22T09:00:00.123Z'
    const row = { id, slug: id, name: synonyms.join(' ') || 'x', kind: 'topic' as const, description: null }
    await store.transact((db) =>
      db
        .insert(db.tables.tags)
        .values({ ...row, synonyms, sameAs: [], version: 2 ** 40, createdAt: at, updatedAt: at }),
    )
    const [found] = await store.read((db) => db.select().from(db.tables.tags).where(eq(db.tables.tags.id, id)))
    t.same(found, { ...row, synonyms, sameAs: [], version: 2 ** 40, createdAt: at, updatedAt: at })
  }
  for (const publicFrom of ['2026-11-22T09:00:00.123Z', null]) {
    const address = { kind: 'tag' as const, address: String(publicFrom), targetId: 'x', publicFrom }
    await store.transact((db) => db.insert(db.tables.addresses).values(address))
    const [found] = await store.read((db) =>
      db
        .select()
        .from(db.tables.addresses)
        .where(eq(db.tables.addresses.address, String(publicFrom))),
    )
    t.strictSame(found, address)
  }
})

t.test('a boolean is a boolean, an object an object, and what is absent is null', async (t) => {
  const { store } = await testStore(t)
  const at = '2026-11-22T09:00:00.123Z'
  const copy = { articleId: 'a', version: 1, slug: 'a', lang: 'en', title: 'A', access: 'free', updatedAt: at } as const
  const counts = { wordCount: 0, readingMinutes: 0, pageCount: 0 }
  const dateline = { outlet: 'Antara', place: null, text: 'JAKARTA (Antara)' }
  await store.transact(async (db) => {
    await db.insert(db.tables.articles).values({ id: 'a', state: 'draft', createdAt: at, createdBy: 'tests' })
    const { articleCopies } = db.tables
    await db.insert(articleCopies).values({
      ...copy,
      ...counts,
      stage: 'working',
      breaking: true,
      corrections: [{ text: 'é', issuedAt: at }],
      dateline,
    })
    await db.insert(articleCopies).values({ ...copy, ...counts, stage: 'live', breaking: false, corrections: [] })
  })
  const rows = await store.read((db) =>
    db.select().from(db.tables.articleCopies).orderBy(db.tables.articleCopies.stage),
  )
  t.match(rows, [
    { stage: 'live', breaking: false, corrections: [], dateline: null, publishedAt: null, externalId: null },
    { stage: 'working', breaking: true, corrections: [{ text: 'é', issuedAt: at }], dateline },
  ])
  t.type(rows[0]?.breaking, 'boolean')
})

t.test('a sequence counts up and never gives a number twice, also after its rows are gone', async (t) => {
  const { store } = await testStore(t)
  const last = async () => {
    const rows = await store.read((db) => db.select({ seq: db.tables.changes.seq }).from(db.tables.changes))
    return Math.max(...rows.map(({ seq }) => seq))
  }
  await store.transact((db) => writeTag(db, 'a'))
  await store.transact((db) => writeTag(db, 'b'))
  const before = await last()
  await store.transact(async (db) => {
    await db.delete(db.tables.changes)
  })
  await store.transact((db) => writeTag(db, 'c'))
  t.ok((await last()) > before)
})

t.test('the dialect finds rows by a list of any length, and tells its length', async (t) => {
  const { store } = await testStore(t)
  for (const slug of ['a', 'b', 'c', "it's"]) await store.transact((db) => writeTag(db, slug))
  const find = (list: string[]) =>
    store.read((db) => {
      const { tags } = db.tables
      return db.prepared('tests.isOneOf', (q) =>
        q
          .select({ slug: tags.slug })
          .from(tags)
          .where(db.dialect.isOneOf(tags.slug, sql.placeholder('list')))
          .orderBy(tags.slug),
      )({ list: JSON.stringify(list) })
    })
  t.same(await find([]), [])
  t.same(await find(['a']), [{ slug: 'a' }])
  t.same(await find(["it's", 'b', 'b', 'none']), [{ slug: 'b' }, { slug: "it's" }])
  t.equal((await find(Array.from({ length: 50_000 }, (_, i) => `x${i}`).concat('c'))).length, 1)
  const [row] = await store.read((db) =>
    db
      .select({ n: db.dialect.listLength(sql`${JSON.stringify(['a', 'b', 'c'])}`) })
      .from(db.tables.tags)
      .limit(1),
  )
  t.equal(row?.n, 3)
})
