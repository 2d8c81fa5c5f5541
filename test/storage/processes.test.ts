import t from 'tap'
import { holdTurn, listSeqs, listSlugs, startChild, testStore, writeTag } from '../support/stores.ts'

/** Transactions of several processes on one database run as if one after the other. */

const well = { code: 0, errors: '' }

t.test('of two processes that each look before they write, one always sees what the other did', async (t) => {
  const { store, database } = await testStore(t)
  const rounds = 200
  const children = [
    startChild(t, ['doctors', database, 'Ana', 'Budi', String(rounds)]),
    startChild(t, ['doctors', database, 'Budi', 'Ana', String(rounds)]),
  ]
  for (const child of children) t.same(await child.ended, well)
  const rows = await store.read((db) => db.select().from(db.tables.secrets).orderBy(db.tables.secrets.name))
  t.equal(rows.length, 2 * rounds)
  const left = new Map<string, string[]>()
  for (const { name, value } of rows) {
    const [round = '', who = ''] = name.split(': ')
    left.set(round, [...(left.get(round) ?? []), ...(value === 'off' ? [who] : [])])
  }
  const wrong = [...left].filter(([, gone]) => gone.length !== 1)
  t.same(wrong, [], 'one of them, and never both, has gone in each round')
  const first = new Set([...left.values()].flat())
  t.equal(first.size, 2, 'each of them came first in some rounds')
})

t.test('what four processes read, add one to and write back loses none of it', async (t) => {
  const { store, database } = await testStore(t)
  await store.transact((db) => db.insert(db.tables.secrets).values({ name: 'tally', value: '0' }))
  const children = Array.from({ length: 4 }, () => startChild(t, ['count', database, 'tally', '50']))
  for (const child of children) t.same(await child.ended, well)
  t.same(await store.read((db) => db.select().from(db.tables.secrets)), [{ name: 'tally', value: '200' }])
})

t.test(
  'a process that is killed in the middle of its transaction leaves nothing, and lets the others on',
  async (t) => {
    const { store, database } = await testStore(t, { busyTimeoutMs: 30_000 })
    await store.transact((db) => writeTag(db, 'before'))
    for (let round = 0; round < 5; round += 1) {
      const child = startChild(t, ['hold', database, 'half', '60000'])
      await child.said(2)
      t.equal(child.lines[1], 'holding')
      const began = performance.now()
      const writing = store.transact((db) => writeTag(db, `round-${round}`))
      child.process.kill('SIGKILL')
      await child.ended
      await writing
      // A turn in which nothing is done is taken away after ten seconds.
      t.ok(performance.now() - began < 6_000, 'nobody waits until it is missed')
    }
    t.same(await store.read(listSlugs), ['before', ...[0, 1, 2, 3, 4].map((round) => `round-${round}`)])
    t.same(await store.read(listSeqs), [1, 2, 3, 4, 5, 6], 'its number was given to the next')
  },
)

t.test('a process that is killed while it waits for its turn leaves nothing, and lets the others on', async (t) => {
  const { store, database } = await testStore(t)
  const child = startChild(t, ['write', database, 'child', '1000000', '1'])
  await child.said(5)
  const turn = await holdTurn(store)
  const before = await store.read(listSlugs)
  child.process.kill('SIGKILL')
  await child.ended
  await turn.end()
  await store.transact((db) => writeTag(db, 'zz-after'))
  t.same(await store.read(listSlugs), [...before, 'zz-after'])
  const seqs = await store.read(listSeqs)
  t.same(
    seqs,
    seqs.map((_, i) => i + 1),
    'its number was given to the next',
  )
})
