import t from 'tap'
import { isNull } from '../../src/storage/drizzle.ts'
import { deleteRows, insertRow, updateRows } from '../../src/storage/rows.ts'
import type { Read, Write } from '../../src/storage/store.ts'
import { testStore } from '../support/stores.ts'

type Copy = Read['tables']['articleCopies']['$inferSelect']

const copy: Copy = {
  ...{
    articleId: 'a',
    stage: 'working',
    version: 1,
    slug: 'a',
    lang: 'en',
    title: `O'Neil "?" $1 日本`,
    access: 'free',
  },
  ...{ externalId: null, kicker: null, deck: null, dateline: null, sectionId: null, image: null, genre: null },
  ...{
    urgency: null,
    breaking: true,
    breakingUntil: null,
    seo: { title: 'a "b"', description: null, canonicalUrl: null },
    corrections: [],
  },
  ...{ wordCount: 1, readingMinutes: 1, pageCount: 1, publishedAt: null, embargoUntil: null, expiresAt: null },
  ...{ updatedAt: '2026-01-01T00:00:00.000Z', shownFrom: null, shownUntil: null, listedAt: '9999', card: null },
}

async function insertCopy(db: Write, one: Copy): Promise<void> {
  const { articles, articleCopies } = db.tables
  await insertRow(db, articles, { id: one.articleId, state: 'draft', createdAt: one.updatedAt, createdBy: 'key' })
  await insertRow(db, articleCopies, one)
}

const list = (db: Read) => db.select().from(db.tables.articleCopies).orderBy(db.tables.articleCopies.articleId)

t.test('a row is read as it was written: JSON, booleans, quotes, and null where nothing was said', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => insertCopy(db, copy))
  t.strictSame(await store.read(list), [copy])
  const [article] = await store.read((db) => db.select().from(db.tables.articles))
  t.match(article, { id: 'a', state: 'draft', firstPublishedAt: null, replacementId: null })
})

t.test('a JSON column without a value holds no value, and not the text null', async (t) => {
  const { store, statements } = await testStore(t)
  await store.transact((db) => insertCopy(db, copy))
  t.equal(statements.filter((sql) => sql.includes("'null'")).length, 0)
  await store.transact(async (db) => {
    const { articleCopies: copies } = db.tables
    t.equal((await db.select().from(copies).where(isNull(copies.image))).length, 1)
    await updateRows(db, copies, { articleId: 'a' }, { seo: null })
    t.equal((await db.select().from(copies).where(isNull(copies.seo))).length, 1)
  })
})

t.test('what is changed or deleted is what is so and nothing else', async (t) => {
  const { store } = await testStore(t)
  const other: Copy = { ...copy, articleId: 'b', slug: 'b' }
  await store.transact(async (db) => {
    await insertCopy(db, copy)
    await insertCopy(db, other)
    const { articleCopies } = db.tables
    await updateRows(db, articleCopies, { articleId: 'b', stage: 'live' }, { title: 'none' })
    await updateRows(db, articleCopies, { articleId: 'b', stage: 'working' }, { title: 'new', version: 2 })
  })
  t.strictSame(await store.read(list), [copy, { ...other, title: 'new', version: 2 }])
  await store.transact((db) => deleteRows(db, db.tables.articleCopies, { articleId: 'a', stage: 'working' }))
  t.same(
    (await store.read(list)).map(({ articleId }) => articleId),
    ['b'],
  )
})

t.test('a row whose key is taken is refused, or passed over where that is said', async (t) => {
  const { store } = await testStore(t)
  const address = { kind: 'tag', address: 'rail', targetId: 'first', publicFrom: null } as const
  await store.transact((db) => insertRow(db, db.tables.addresses, address))
  const again = { ...address, targetId: 'second' }
  await t.rejects(store.transact((db) => insertRow(db, db.tables.addresses, again)))
  await store.transact((db) => insertRow(db, db.tables.addresses, again, 'taken'))
  t.same(await store.read((db) => db.select().from(db.tables.addresses)), [address])
})
