import t from 'tap'
import { eq, sql } from '../../../src/storage/drizzle.ts'
import type { Read } from '../../../src/storage/store.ts'
import { listSlugs, openBeside, testStore, writeTag } from '../../support/stores.ts'

/** One of the settings of the connection behind a handle. */
async function setting(db: Read, name: string): Promise<unknown> {
  const [row] = await db.select({ value: sql`*` }).from(sql.raw(`pragma_${name}`))
  return row?.value
}

t.test('every connection keeps what it acknowledged, also after the file is opened again', async (t) => {
  const first = await testStore(t)
  const check = async ({ store }: typeof first, when: string) => {
    for (const [who, ask] of Object.entries({
      reader: (name: string) => store.read((db) => setting(db, name)),
      writer: (name: string) => store.transact((db) => setting(db, name)),
    })) {
      t.equal(await ask('synchronous'), 2, `${who}, ${when}: synchronous is FULL`)
      t.equal(await ask('journal_mode'), 'wal', `${who}, ${when}`)
      t.equal(await ask('foreign_keys'), 1, `${who}, ${when}`)
      t.equal(await ask('trusted_schema'), 0, `${who}, ${when}`)
    }
  }
  await check(first, 'on a new file')
  await first.store.close()
  for (const time of ['second', 'third']) {
    const again = await testStore(t, { database: first.database })
    await check(again, `opened a ${time} time`)
    await again.store.close()
  }
})

t.test('SQLite itself refuses what a reader would write', async (t) => {
  const { store } = await testStore(t)
  t.equal(await store.read((db) => setting(db, 'query_only')), 1)
})

t.test('queries of one text that want rows of different shapes do not disturb each other', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  await store.read(async (db) => {
    const { tags } = db.tables
    const asked = db.select({ slug: tags.slug }).from(tags).prepare()
    t.same(asked.all(), [{ slug: 'rail' }])
    t.same(asked.values(), [['rail']])
    t.same(asked.all(), [{ slug: 'rail' }])
    t.same(asked.get(), { slug: 'rail' })
    t.same(await listSlugs(db), ['rail'])
  })
})

t.test('a statement made while the handle lived does not run after it', async (t) => {
  const { store } = await testStore(t)
  const kept = await store.transact(async (db) => {
    await writeTag(db, 'rail')
    return db.delete(db.tables.tags).where(eq(db.tables.tags.slug, 'rail')).prepare()
  })
  await store.transact(async () => {
    t.throws(() => kept.run(), /callback has ended/)
  })
  t.same(await store.read(listSlugs), ['rail'])
})

t.test('a program that writes beside the service shows that it can be done', async (t) => {
  const { store, database } = await testStore(t)
  const other = openBeside(t, database)
  other.exec('BEGIN IMMEDIATE')
  t.equal(await store.writable(), true)
  other.exec('ROLLBACK')
})
