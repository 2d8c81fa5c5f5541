import t from 'tap'
import { eq, sql } from '../../src/storage/drizzle.ts'
import { testStore, writeTag } from '../support/stores.ts'

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
  const counts = { wordCount: 0, readingMinutes: 0, pageCount: 0, listedAt: '9999' }
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
