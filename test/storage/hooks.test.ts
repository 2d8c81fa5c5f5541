import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { listSlugs, testStore, writeTag } from '../support/stores.ts'

t.test('afterCommit hooks run once, in order, when the rows are there for everybody', async (t) => {
  const { store } = await testStore(t)
  const events: string[] = []
  let seen: Promise<string[]> | undefined
  await store.transact(async (db) => {
    db.afterCommit(() => {
      events.push('first')
      seen = store.read(listSlugs)
    })
    db.afterCommit(() => events.push('second'))
    await writeTag(db, 'rail')
    events.push('body')
  })
  t.same(events, ['body', 'first', 'second'])
  t.same(await seen, ['rail'])
})

t.test('an afterCommit hook never runs for a rollback', async (t) => {
  const { store } = await testStore(t)
  const events: string[] = []
  await t.rejects(
    store.transact(async (db) => {
      db.afterCommit(() => events.push('hook'))
      await writeTag(db, 'rail')
      throw new Error('undone')
    }),
    /undone/,
  )
  await store.transact((db) => writeTag(db, 'road'))
  t.same(events, [])
})

t.test('an afterCommit hook may write: that is a transaction of its own', async (t) => {
  const { store } = await testStore(t)
  let later: Promise<void> | undefined
  await store.transact(async (db) => {
    await writeTag(db, 'rail')
    db.afterCommit(() => {
      later = store.transact((other) => writeTag(other, 'road'))
    })
  })
  await later
  t.same(await store.read(listSlugs), ['rail', 'road'])
})

t.test('a hook that throws undoes nothing, is said aloud, and keeps nobody from running', async (t) => {
  const { store } = await testStore(t)
  const warnings: Error[] = []
  const listen = (warning: Error) => warnings.push(warning)
  process.on('warning', listen)
  t.teardown(() => process.off('warning', listen))
  const events: string[] = []
  const write = (slug: string) =>
    store.transact(async (db) => {
      await writeTag(db, slug)
      db.afterCommit(() => {
        throw new Error(`the hook of ${slug}`)
      })
      db.afterCommit(() => events.push(slug))
      return slug
    })
  t.same(await Promise.all([write('rail'), write('road')]), ['rail', 'road'])
  t.same(events, ['rail', 'road'])
  await store.transact((db) => writeTag(db, 'river'))
  t.same(await store.read(listSlugs), ['rail', 'river', 'road'])
  await sleep(1)
  t.same(
    warnings.map(({ message }) => message),
    ['the hook of rail', 'the hook of road'],
  )
})
