import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { gate, holdTurn, listSlugs, testStore, writeTag } from '../support/stores.ts'

t.test('close waits for the writes and reads that are under way or waiting', async (t) => {
  const { store, database } = await testStore(t)
  const began = gate()
  const held = gate()
  const events: string[] = []
  const reading = () =>
    store.read(async (db) => {
      await listSlugs(db)
      await held.opened
      events.push(`read ${(await listSlugs(db)).length}`)
    })
  const writing = store.transact(async (db) => {
    began.open()
    await held.opened
    await writeTag(db, 'rail')
  })
  const reads = [reading(), reading()]
  await began.opened
  const waiting = store.transact((db) => writeTag(db, 'road'))
  const closing = store.close().then(() => events.push('closed'))
  await sleep(20)
  t.same(events, [])
  held.open()
  await Promise.all([writing, waiting, ...reads, closing])
  t.equal(events.at(-1), 'closed')
  t.equal(events.length, 3)
  await t.rejects(store.read(listSlugs))
  await t.rejects(store.transact((db) => writeTag(db, 'late')))
  await store.close()
  const { store: again } = await testStore(t, { database })
  t.same(await again.read(listSlugs), ['rail', 'road'])
})

t.test('close serves the reads that wait for others to end', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  const held = gate()
  const reads = Array.from({ length: 40 }, () =>
    store.read(async (db) => {
      await held.opened
      return listSlugs(db)
    }),
  )
  const closing = store.close()
  await sleep(20)
  held.open()
  for (const slugs of await Promise.all(reads)) t.same(slugs, ['rail'])
  await closing
})

t.test('close serves the writes that wait for another process', async (t) => {
  const { store, database } = await testStore(t)
  const { store: other } = await testStore(t, { database })
  const turn = await holdTurn(other)
  const writing = store.transact((db) => writeTag(db, 'rail'))
  const closing = store.close()
  await sleep(50)
  await turn.end()
  await Promise.all([writing, closing])
  t.same(await other.read(listSlugs), ['rail'])
})

t.test('writable says whether the next write can succeed', async (t) => {
  const { store, database } = await testStore(t)
  t.equal(await store.writable(), true)
  const { store: other } = await testStore(t, { database })
  const turn = await holdTurn(other)
  const asked = store.writable()
  await sleep(50)
  await turn.end()
  t.equal(await asked, true, 'another that writes shows that it can be done')
  await store.close()
  t.equal(await store.writable(), false)
})
