import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Listener, LoggedChange, Store } from '../../src/storage/store.ts'
import { median } from '../support/nodes.ts'
import { gate, refusal, startChild, testStore, writeTag } from '../support/stores.ts'

interface Heard {
  changes: LoggedChange[]
  ids(): string[]
  stop(): void
  /** Waits until so many were heard. */
  until(count: number): Promise<void>
}

/** Far longer than the time after which everyone looks by itself. */
const patienceMs = 10_000
/** Somewhat longer than that: who has heard nothing by then hears nothing. */
const oneLookMs = 1_300

async function follow(t: Test, store: Store): Promise<Heard> {
  const changes: LoggedChange[] = []
  const stop = await store.follow((news) => changes.push(...listed(t, news)))
  const until = async (count: number) => {
    const end = performance.now() + patienceMs
    while (changes.length < count && performance.now() < end) await sleep(2)
    t.ok(changes.length >= count, `${changes.length} of ${count} were heard`)
  }
  return { changes, ids: () => changes.map(({ id }) => id), stop, until }
}

/** No server is replaced here, so that nothing is ever in doubt. */
function listed(t: Test, news: Parameters<Listener>[0]): readonly LoggedChange[] {
  if (news !== 'unknown') return news
  t.fail('a follower was told that what it knows is in doubt')
  return []
}

function collectWarnings(t: Test): string[] {
  const warnings: string[] = []
  const listen = (warning: Error) => warnings.push(warning.message)
  process.on('warning', listen)
  t.teardown(() => process.off('warning', listen))
  return warnings
}

t.test('a follower hears each change from now on, once, in order, and nothing of a rollback', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'before'))
  const heard = await follow(t, store)
  await store.transact(async (db) => {
    await writeTag(db, 'rail')
    await writeTag(db, 'road')
  })
  await refusal(
    store.transact(async (db) => {
      await writeTag(db, 'undone')
      throw new Error('undone')
    }),
  )
  await Promise.all(['river', 'lake'].map((slug) => store.transact((db) => writeTag(db, slug))))
  await heard.until(4)
  await sleep(oneLookMs)
  t.same(heard.ids(), ['rail', 'road', 'river', 'lake'])
  const rows = await store.read((db) => db.select().from(db.tables.changes).orderBy(db.tables.changes.seq))
  t.same(heard.changes, rows.slice(1), 'a change is told as it stands in the log')
})

t.test('a follower hears soon of what this process commits, and no later than the rows can be read', async (t) => {
  const { store } = await testStore(t)
  let told = gate()
  const stop = await store.follow(() => told.open())
  const waits: number[] = []
  // Who begins when the last look has just been waits for the whole time to the next: a fifth of a second, or a second.
  for (let i = 0; i < 9; i += 1) {
    told = gate()
    const began = performance.now()
    await store.transact((db) => writeTag(db, `rail-${i}`))
    await told.opened
    waits.push(performance.now() - began)
  }
  // Some commits may be slow, where others use the disk.
  t.ok(median(waits) < 150, `it does not wait for the next look: ${waits.map(Math.round)} ms`)
  stop()
})

t.test('a follower hears what another process commits, once and in order', async (t) => {
  const { store, database } = await testStore(t)
  const heard = await follow(t, store)
  const child = startChild(t, ['write', database, 'there', '60', '1'])
  await child.said(20)
  await store.transact((db) => writeTag(db, 'here'))
  t.same(await child.ended, { code: 0, errors: '' })
  await heard.until(61)
  t.same(
    heard.ids().filter((id) => id !== 'here'),
    Array.from({ length: 60 }, (_, i) => `there-${i}`),
  )
  t.equal(heard.ids().filter((id) => id === 'here').length, 1)
})

t.test('followers that begin at different times each hear what comes after them', async (t) => {
  const { store } = await testStore(t)
  const first = await follow(t, store)
  await store.transact((db) => writeTag(db, 'a'))
  const second = await follow(t, store)
  await store.transact((db) => writeTag(db, 'b'))
  first.stop()
  await store.transact((db) => writeTag(db, 'c'))
  await second.until(2)
  await sleep(oneLookMs)
  t.same(second.ids(), ['b', 'c'])
  t.same(first.ids().slice(0, 2), ['a', 'b'].slice(0, first.ids().length), 'and nothing after they stopped')
  second.stop()
  await store.transact((db) => writeTag(db, 'd'))
  const third = await follow(t, store)
  await store.transact((db) => writeTag(db, 'e'))
  await third.until(1)
  t.same(third.ids(), ['e'], 'what came while nobody listened is told to nobody')
  t.same(second.ids(), ['b', 'c'])
})

t.test('a listener that throws is said aloud, hears the next change, and keeps no other from hearing', async (t) => {
  const { store } = await testStore(t)
  const warnings = collectWarnings(t)
  const stop = await store.follow((changes) => {
    throw new Error(
      `deaf to ${listed(t, changes)
        .map(({ id }) => id)
        .join()}`,
    )
  })
  const heard = await follow(t, store)
  await store.transact((db) => writeTag(db, 'rail'))
  await heard.until(1)
  await store.transact((db) => writeTag(db, 'road'))
  await heard.until(2)
  stop()
  t.same(heard.ids(), ['rail', 'road'])
  t.same(warnings, ['deaf to rail', 'deaf to road'])
})

t.test('a listener may stop itself while it is told', async (t) => {
  const { store } = await testStore(t)
  const ids: string[] = []
  const stop = await store.follow((changes) => {
    ids.push(...listed(t, changes).map(({ id }) => id))
    stop()
  })
  const heard = await follow(t, store)
  for (const [i, slug] of ['a', 'b', 'c'].entries()) {
    await store.transact((db) => writeTag(db, slug))
    await heard.until(i + 1)
  }
  t.same(ids, ['a'])
  t.same(heard.ids(), ['a', 'b', 'c'])
})

t.test('more changes than are read at once are all told', async (t) => {
  const { store } = await testStore(t)
  const heard = await follow(t, store)
  await store.transact(async (db) => {
    for (let i = 0; i < 1_234; i += 1) {
      await db.record({ kind: 'tag.updated', id: `t${i}`, version: 1, actor: 'tests', fields: [], tags: [] })
    }
  })
  await heard.until(1_234)
  t.same(
    heard.changes.map(({ seq }) => seq),
    Array.from({ length: 1_234 }, (_, i) => i + 1),
  )
})

t.test('with many writers in three processes every follower hears 1 to N, in the order of the commits', async (t) => {
  const { store, database } = await testStore(t)
  const { store: other } = await testStore(t, { database })
  const followers = [await follow(t, store), await follow(t, store), await follow(t, other)]
  const each = 400
  const children = ['a', 'b', 'c'].map((name) => startChild(t, ['write', database, name, String(each), '8']))
  for (const child of children) t.same(await child.ended, { code: 0, errors: '' })
  const total = 3 * each
  for (const heard of followers) await heard.until(total)
  await sleep(oneLookMs)
  const expected = Array.from({ length: total }, (_, i) => i + 1)
  for (const heard of followers) {
    t.same(
      heard.changes.map(({ seq }) => seq),
      expected,
    )
  }
  for (const child of children) {
    const acked = child.lines.filter((line) => line.startsWith('acked ')).map((line) => line.slice('acked '.length))
    t.equal(acked.length, each)
    const [heard] = followers
    const told = heard?.ids().filter((id) => id.startsWith(`${acked[0]?.[0]}-`))
    t.same(told, acked, 'what was acknowledged first has the lower number')
  }
})
