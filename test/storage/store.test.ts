import t from 'tap'
import { Problem, raise } from '../../src/errors.ts'
import { count } from '../../src/storage/drizzle.ts'
import { gate, hasTag, listSeqs, listSlugs, refusal, testStore, writeTag } from '../support/stores.ts'

t.test('what a transaction wrote is read once its promise has resolved', async (t) => {
  const { store } = await testStore(t)
  const answer = await store.transact(async (db) => {
    await writeTag(db, 'rail')
    return 'written'
  })
  t.equal(answer, 'written')
  t.same(await store.read(listSlugs), ['rail'])
  t.equal(await store.read(async () => 7), 7)
})

t.test('uncommitted rows are seen by the transaction that wrote them and by nobody else', async (t) => {
  const { store } = await testStore(t)
  const wrote = gate()
  const looked = gate()
  const writing = store.transact(async (db) => {
    await writeTag(db, 'secret')
    t.same(await listSlugs(db), ['secret'])
    wrote.open()
    await looked.opened
  })
  await wrote.opened
  t.same(await store.read(listSlugs), [])
  t.same(
    await store.read((db) =>
      db.prepared('tests.changes', (q) => q.select({ id: db.tables.changes.id }).from(db.tables.changes))(),
    ),
    [],
  )
  looked.open()
  await writing
  t.same(await store.read(listSlugs), ['secret'])
})

t.test('a transaction whose callback throws leaves nothing, whether it throws at once or later', async (t) => {
  const { store } = await testStore(t)
  const bug = new Error('a bug')
  await t.rejects(
    store.transact(async (db) => {
      await writeTag(db, 'half')
      throw bug
    }),
    bug,
  )
  await t.rejects(
    store.transact(() => {
      throw bug
    }),
    bug,
  )
  await t.rejects(
    store.transact(async (db) => {
      await writeTag(db, 'half')
      raise('slug_taken')
    }),
    { name: 'Problem', code: 'slug_taken' },
  )
  t.same(await store.read(listSlugs), [])
  await store.transact((db) => writeTag(db, 'whole'))
  t.same(await store.read(listSlugs), ['whole'])
})

t.test('an error of a statement undoes the whole transaction, its change too', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  const writing = store.transact(async (db) => {
    await writeTag(db, 'road')
    await writeTag(db, 'rail')
  })
  t.match(await refusal(writing), /unique constraint/i)
  t.same(await store.read(listSlugs), ['rail'])
  t.same(await store.read(listSeqs), [1])
})

t.test('a transaction that catches the error of a statement fails with that error all the same', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  let after = ''
  const stubborn = store.transact(async (db) => {
    db.afterCommit(() => t.fail('the hook of a rollback ran'))
    await writeTag(db, 'road')
    t.match(await refusal(writeTag(db, 'rail')), /unique constraint/i)
    after = await refusal(writeTag(db, 'river'))
    return 'all is well'
  })
  const answers = [refusal(stubborn), store.transact((db) => writeTag(db, 'lake')).then(() => 'written')]
  t.match(await Promise.all(answers), [/unique constraint/i, 'written'])
  t.match(after, /A statement before this one failed/)
  t.same(await store.read(listSlugs), ['lake', 'rail'], 'its neighbour in the same commit stands')
  t.same(await store.read(listSeqs), [1, 2])
})

t.test('an error that nobody waits for fails the transaction too', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  const writing = store.transact(async (db) => {
    const [first, second] = await Promise.allSettled([writeTag(db, 'rail'), listSlugs(db)])
    return [first.status, second.status]
  })
  t.match(await refusal(writing), /unique constraint/i)
  t.same(await store.read(listSlugs), ['rail'])
})

t.test('foreign keys hold in every transaction', async (t) => {
  const { store } = await testStore(t)
  const orphan = store.transact(async (db) => {
    const { articleTags } = db.tables
    await db
      .insert(articleTags)
      .values({ articleId: 'none', stage: 'live', position: 0, tagId: 'none', listedAt: '9999' })
  })
  t.match(await refusal(orphan), /foreign key/i)
})

t.test('a read whose callback throws rejects with that very error, whether it throws at once or later', async (t) => {
  const { store } = await testStore(t)
  const problem = new Problem('tag_not_found')
  const late = await store.read(async () => Promise.reject(problem)).catch((error) => error)
  t.equal(late, problem)
  const early = await store
    .read(() => {
      throw problem
    })
    .catch((error) => error)
  t.equal(early, problem)
  t.same(await store.read(listSlugs), [])
})

t.test('a read sees one moment while others commit, and the next one sees what they wrote', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  await store.read(async (db) => {
    t.same(await listSlugs(db), ['rail'])
    await store.transact((other) => writeTag(other, 'road'))
    t.same(await listSlugs(db), ['rail'])
    t.equal(await hasTag(db, 'road'), false)
    const [changes] = await db.select({ n: count() }).from(db.tables.changes)
    t.same(changes, { n: 1 })
    t.same(await store.read(listSlugs), ['rail', 'road'], 'one that begins later sees the latest')
  })
  t.same(await store.read(listSlugs), ['rail', 'road'])
})

t.test('handles tell one time, the one at which their callback began', async (t) => {
  const { store, clock } = await testStore(t)
  await store.transact(async (db) => {
    const began = db.now
    clock.advance(60_000)
    await writeTag(db, 'rail')
    t.equal(db.now, began)
    t.equal(began, '2026-11-22T09:00:00.000Z')
    const [row] = await db.select({ at: db.tables.changes.at }).from(db.tables.changes)
    t.equal(row?.at, began)
  })
  t.equal(await store.read(async (db) => db.now), '2026-11-22T09:01:00.000Z')
})

t.test('record writes the change in the same transaction, and a rollback leaves no gap in the numbers', async (t) => {
  const { store } = await testStore(t)
  const change = { version: 3, actor: 'key-1', fields: ['title', 'slug'], tags: ['article:a1', 'section:s1'] }
  await store.transact((db) => db.record({ ...change, kind: 'article.published', id: 'a1' }))
  await t.rejects(
    store.transact(async (db) => {
      await db.record({ ...change, kind: 'article.updated', id: 'a1' })
      throw new Error('undone')
    }),
    /undone/,
  )
  await store.transact((db) => db.record({ ...change, kind: 'article.retracted', id: 'a1', version: 4 }))
  const rows = await store.read((db) => db.select().from(db.tables.changes).orderBy(db.tables.changes.seq))
  const expected = { ...change, at: '2026-11-22T09:00:00.000Z', entity: 'article', id: 'a1' }
  t.match(rows, [
    { ...expected, seq: 1, kind: 'article.published' },
    { ...expected, seq: 2, kind: 'article.retracted', version: 4 },
  ])
  t.equal(rows.length, 2)
})
