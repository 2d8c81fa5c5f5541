import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { listSlugs, openBeside, testStore, writeTag } from '../../support/stores.ts'

const commits = (statements: readonly string[]) => statements.filter((sql) => sql === 'COMMIT').length

t.test('transactions that wait together share one COMMIT, and so one fsync', async (t) => {
  const { store, statements } = await testStore(t)
  statements.length = 0
  const counted: number[] = []
  const write = (slug: string) =>
    store.transact(async (db) => {
      db.afterCommit(() => counted.push(commits(statements)))
      await writeTag(db, slug)
      if (slug === 'undone') throw new Error('undone')
    })
  await Promise.allSettled(['a', 'b', 'undone', 'c'].map(write))
  t.same(counted, [1, 1, 1])
  await Promise.all(Array.from({ length: 300 }, (_, i) => write(`tag-${i}`)))
  t.ok(commits(statements) > 2 && commits(statements) <= 11, `${commits(statements)} commits`)
})

t.test('a write waits for a program beside the service that writes', async (t) => {
  const { store, database } = await testStore(t)
  const other = openBeside(t, database)
  other.exec('BEGIN IMMEDIATE')
  const writing = store.transact((db) => writeTag(db, 'rail'))
  await sleep(50)
  t.same(await store.read(listSlugs), [])
  other.exec('COMMIT')
  await writing
  t.same(await store.read(listSlugs), ['rail'])
})

t.test('close serves the writes that wait for another process', async (t) => {
  const { store, database } = await testStore(t)
  const other = openBeside(t, database)
  other.exec('BEGIN IMMEDIATE')
  const writing = store.transact((db) => writeTag(db, 'rail'))
  const closing = store.close()
  await sleep(50)
  other.exec('COMMIT')
  await Promise.all([writing, closing])
  t.equal(other.prepare('SELECT count(*) FROM tags').pluck().get(), 1)
})
