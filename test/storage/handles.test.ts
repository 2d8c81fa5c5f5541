import { inspect } from 'node:util'
import t from 'tap'
import { eq, sql } from '../../src/storage/drizzle.ts'
import type { Read, Write } from '../../src/storage/store.ts'
import { isQuery } from '../support/queries.ts'
import { hasTag, listSlugs, refusal, testStore, writeTag } from '../support/stores.ts'

t.test('a handle is dead once its callback has settled', async (t) => {
  const dead = /callback has ended/
  const { store } = await testStore(t)
  const reads: Read[] = []
  const keep = async (db: Read) => {
    reads.push(db)
    await listSlugs(db)
  }
  await store.read(keep)
  await store.read(keep)
  await store.transact(keep)
  await store
    .transact(async (db) => {
      await keep(db)
      throw new Error('undone')
    })
    .catch(() => {})
  t.equal(reads.length, 4)
  for (const db of reads) {
    t.match(await refusal(listSlugs(db)), dead)
    t.match(await refusal(db.prepared('tests.slugs', (q) => q.select().from(db.tables.tags))()), dead)
  }
  const [db] = reads.slice(2) as Write[]
  if (db === undefined) return
  t.match(await refusal(writeTag(db, 'late')), dead)
  t.match(await refusal(async () => db.update(db.tables.tags).set({ name: 'late' })), dead)
  t.match(await refusal(async () => db.delete(db.tables.tags)), dead)
  t.match(await refusal(db.record({ kind: 'tag.late', id: 'x', version: 1, actor: 'x', fields: [], tags: [] })), dead)
  t.throws(() => db.afterCommit(() => t.fail('a late hook ran')), dead)
  await store.transact((other) => writeTag(other, 'next'))
  t.same(await store.read(listSlugs), ['next'])
})

t.test('a query made while the handle lived does not run after it, not even into the next transaction', async (t) => {
  const { store } = await testStore(t)
  const kept = await store.transact(async (db) => {
    await writeTag(db, 'rail')
    const { tags } = db.tables
    return {
      built: db.delete(tags).where(eq(tags.slug, 'rail')),
      rows: db.prepared('tests.rows', (q) => q.select({ id: tags.id }).from(tags)),
    }
  })
  await store.transact(async (db) => {
    await writeTag(db, 'road')
    t.match(await refusal(async () => kept.built), /callback has ended/)
    t.match(await refusal(kept.rows()), /callback has ended/)
  })
  t.same(await store.read(listSlugs), ['rail', 'road'])
})

/** Its type has no delete; whoever gets round that meets the engine. */
const deleteTags = (db: Read) =>
  db.prepared('tests.delete', (q) => (q as unknown as Write).delete(db.tables.tags).returning())()

t.test('a write through a reader is refused by the engine itself', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  t.match(await refusal(store.read(deleteTags)), /read-?only/)
  t.same(await store.read(listSlugs), ['rail'])
})

t.test('a read that catches the error of a statement can ask nothing more', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  const reading = store.read(async (db) => {
    t.match(await refusal(deleteTags(db)), /read-?only/)
    return listSlugs(db)
  })
  t.match(await refusal(reading), /A statement before this one failed/)
  t.same(await store.read(listSlugs), ['rail'], 'the next read knows nothing of it')
})

t.test('a prepared query is built once, and takes new inputs each time', async (t) => {
  const { store, statements } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  await store.transact((db) => writeTag(db, 'road'))
  let built = 0
  const find = (db: Read, slug: string) => {
    const { tags } = db.tables
    return db.prepared('tests.find', (q) => {
      built += 1
      return q
        .select({ slug: tags.slug })
        .from(tags)
        .where(eq(tags.slug, sql.placeholder('slug')))
    })({ slug })
  }
  statements.length = 0
  await store.read(async (db) => {
    for (const slug of ['rail', 'road', 'none']) t.same(await find(db, slug), slug === 'none' ? [] : [{ slug }])
  })
  t.equal(built, 1)
  t.equal(statements.filter(isQuery).length, 3, 'one statement for each question')
})

t.test('what a callback gets is never another one’s: many at once each see their own rows', async (t) => {
  const { store } = await testStore(t)
  const slugs = Array.from({ length: 200 }, (_, i) => `tag-${i}`)
  await Promise.all(
    slugs.map((slug, i) =>
      store
        .transact(async (db) => {
          await writeTag(db, slug)
          if (i % 3 === 0) throw new Error('undone')
          t.equal(await hasTag(db, slug), true)
        })
        .catch(() => {}),
    ),
  )
  const kept = slugs.filter((_, i) => i % 3 !== 0).sort()
  t.same(await store.read(listSlugs), kept)
  const changes = await store.read((db) => db.select({ id: db.tables.changes.id }).from(db.tables.changes))
  t.same(changes.map(({ id }) => id).sort(), kept, 'each tag has its change and no other has')
})

t.test('the error of a statement does not show what was to be written', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => db.insert(db.tables.secrets).values({ name: 'twice', value: 'first' }))
  const error: unknown = await store
    .transact((db) => db.insert(db.tables.secrets).values({ name: 'twice', value: 'confidential' }))
    .catch((error) => error)
  t.ok(error instanceof Error)
  t.match(String(error), /unique/i, 'it is the error that was meant')
  t.notMatch(inspect(error, { depth: null }), /confidential/)
})
