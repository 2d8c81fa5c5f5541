import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import type { Write } from '../../src/storage/store.ts'
import {
  gate,
  holdTurn,
  listSeqs,
  listSlugs,
  loopLag,
  refusal,
  startChild,
  testStore,
  writeTag,
} from '../support/stores.ts'

/** Writes a tag, and notes when it did and when that was committed. */
async function noted(db: Write, i: number, events: string[]): Promise<number> {
  db.afterCommit(() => events.push(`hook ${i}`))
  await writeTag(db, `tag-${i}`)
  events.push(`body ${i}`)
  return i
}

t.test('transactions that wait together share a commit, in the order in which they came', async (t) => {
  const { store } = await testStore(t)
  const all = Array.from({ length: 20 }, (_, i) => i)
  const events: string[] = []
  const answers = await Promise.all(all.map((i) => store.transact((db) => noted(db, i, events))))
  t.same(answers, all)
  t.same(events, [...all.map((i) => `body ${i}`), ...all.map((i) => `hook ${i}`)])
  t.equal((await store.read(listSlugs)).length, 20)
})

t.test('each of a group sees what those before it wrote, and none of it is answered before the commit', async (t) => {
  const { store, database } = await testStore(t)
  const { store: other } = await testStore(t, { database })
  const events: string[] = []
  const seen: Promise<string[]>[] = []
  const write = async (name: string) => {
    await store.transact(async (db) => {
      t.equal((await listSlugs(db)).length, events.length)
      t.same(await other.read(listSlugs), [], 'nobody else sees any of it yet')
      await writeTag(db, name)
      db.afterCommit(() => {
        events.push(`hook of ${name}`)
        seen.push(other.read(listSlugs))
      })
      db.afterCommit(() => events.push(`second hook of ${name}`))
      events.push(`body of ${name}`)
    })
    events.push(`answer to ${name}`)
  }
  const names = ['a', 'b', 'c']
  await Promise.all(names.map(write))
  t.same(
    events.slice(0, 3),
    names.map((name) => `body of ${name}`),
  )
  t.same(
    events.filter((event) => event.includes('hook')),
    names.flatMap((name) => [`hook of ${name}`, `second hook of ${name}`]),
  )
  for (const name of names) t.ok(events.indexOf(`hook of ${name}`) < events.indexOf(`answer to ${name}`))
  for (const slugs of await Promise.all(seen)) t.same(slugs, names, 'at the first hook all of them are there')
})

t.test('one of a group that throws is undone alone, and its neighbours stay', async (t) => {
  const { store } = await testStore(t)
  const events: string[] = []
  const write = (name: string) =>
    store.transact(async (db) => {
      db.afterCommit(() => events.push(`hook of ${name}`))
      await writeTag(db, name)
      events.push(`body of ${name}`)
      if (name === 'b') throw new Error('b is undone')
      if (name === 'd') await writeTag(db, 'a')
    })
  const answers = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => refusal(write(name))))
  const kept = /It was not refused/
  t.match(answers, [kept, /b is undone/, kept, /unique constraint/i, kept])
  t.same(events, [
    ...['a', 'b', 'c', 'd', 'e'].map((name) => `body of ${name}`),
    ...['a', 'c', 'e'].map((name) => `hook of ${name}`),
  ])
  t.same(await store.read(listSlugs), ['a', 'c', 'e'])
  t.same(await store.read(listSeqs), [1, 2, 3])
})

t.test('what one of a group awaits does not let another one into its transaction', async (t) => {
  const { store } = await testStore(t)
  const events: string[] = []
  await Promise.all([
    store.transact(async (db) => {
      events.push('first begins')
      await writeTag(db, 'first')
      await sleep(20)
      t.same(await listSlugs(db), ['first'])
      events.push('first ends')
    }),
    store.transact(async (db) => {
      events.push('second begins')
      await writeTag(db, 'second')
    }),
  ])
  t.same(events, ['first begins', 'first ends', 'second begins'])
})

t.test('more writers than a group holds are all served, in their order', async (t) => {
  const { store } = await testStore(t)
  const all = Array.from({ length: 300 }, (_, i) => i)
  const events: string[] = []
  await Promise.all(all.map((i) => store.transact((db) => noted(db, i, events))))
  const of = (what: string) => events.filter((event) => event.startsWith(what))
  t.same(
    of('body'),
    all.map((i) => `body ${i}`),
  )
  t.same(
    of('hook'),
    all.map((i) => `hook ${i}`),
  )
  const commits = events.filter((event, i) => event.startsWith('body') && events[i + 1]?.startsWith('hook')).length
  t.ok(commits > 1 && commits <= 10, `${commits} commits`)
})

t.test('writing without a pause leaves the event loop free', async (t) => {
  const { store } = await testStore(t)
  let written = 0
  const writing = async () => {
    const end = performance.now() + 1_500
    const client = async () => {
      while (performance.now() < end) await store.transact((db) => writeTag(db, `tag-${written++}`))
    }
    await Promise.all([client(), client(), client()])
  }
  // A commit waits for the disk, which others may keep busy for that long; a loop that is not left free is so each time.
  let lag = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < 4 && lag >= 800; tries += 1) lag = Math.min(lag, await loopLag(writing))
  t.ok(written > 20, `${written} were written`)
  t.ok(lag < 800, `the loop came round after ${Math.round(lag)} ms at the latest`)
})

t.test('a write waits for another process without holding the event loop, and then goes through', async (t) => {
  const { store, database } = await testStore(t)
  const { store: other } = await testStore(t, { database })
  const turn = await holdTurn(other)
  let done = false
  const lag = await loopLag(async () => {
    const writing = store
      .transact((db) => writeTag(db, 'rail'))
      .then(() => {
        done = true
      })
    await sleep(2_000)
    t.equal(done, false)
    t.same(await store.read(listSlugs), [], 'reads go on meanwhile')
    await turn.end()
    await writing
  })
  t.equal(done, true)
  // Half of what it would stand for if it waited itself.
  t.ok(lag < 1_000, `the loop came round after ${Math.round(lag)} ms at the latest`)
  t.same(await store.read(listSlugs), ['rail'])
})

t.test('a write that waits longer than busyTimeoutMs is refused, and may be sent again', async (t) => {
  const patienceMs = 2_000
  const { store, database } = await testStore(t, { busyTimeoutMs: patienceMs })
  const { store: other } = await testStore(t, { database })
  const turn = await holdTurn(other)
  let ran = 0
  const refused = { name: 'Problem', code: 'database_unavailable', details: { headers: { 'retry-after': '2' } } }
  const write = (slug: string) =>
    store.transact((db) => {
      ran += 1
      db.afterCommit(() => t.fail('a hook of what was refused ran'))
      return writeTag(db, slug)
    })
  const lag = await loopLag(async () => {
    const started = performance.now()
    const early = t.rejects(write('early'), refused).then(() => performance.now() - started)
    await sleep(150)
    const late = t.rejects(write('late'), refused).then(() => performance.now() - started)
    const [first, second] = await Promise.all([early, late])
    // As long again is for a machine that is busy with others.
    t.ok(first >= patienceMs && first < 2 * patienceMs, `the first waited its whole time, ${Math.round(first)} ms`)
    t.ok(
      second >= patienceMs + 140 && second < 2 * patienceMs + 150,
      `the second as long, from when it came, ${Math.round(second)} ms`,
    )
    t.ok(first < second, 'who came first is refused first')
  })
  t.ok(lag < patienceMs / 2, `the loop came round after ${Math.round(lag)} ms at the latest`)
  t.equal(ran, 0, 'no callback began')
  await turn.end()
  await store.transact((db) => writeTag(db, 'after'))
  t.same(await store.read(listSlugs), ['after'])
})

t.test('with a busyTimeoutMs of 0 a write is tried once', async (t) => {
  const { store, database } = await testStore(t, { busyTimeoutMs: 0 })
  const { store: other } = await testStore(t, { database })
  const turn = await holdTurn(other)
  const write = () => store.transact((db) => writeTag(db, 'rail'))
  await t.rejects(write(), { code: 'database_unavailable' })
  await turn.end()
  await write()
  t.same(await store.read(listSlugs), ['rail'])
})

t.test('two stores on one database see each other’s commits and nothing before them', async (t) => {
  const { store: one, database } = await testStore(t)
  const { store: two } = await testStore(t, { database })
  const wrote = gate()
  const looked = gate()
  const writing = one.transact(async (db) => {
    await writeTag(db, 'rail')
    wrote.open()
    await looked.opened
  })
  await wrote.opened
  t.same(await two.read(listSlugs), [])
  const waiting = two.transact(async (db) => {
    t.same(await listSlugs(db), ['rail'], 'whoever writes next sees what was written before')
    await writeTag(db, 'road')
  })
  looked.open()
  await Promise.all([writing, waiting])
  t.same(await one.read(listSlugs), ['rail', 'road'])
})

t.test('two processes write at once without one error reaching a client', { timeout: 240_000 }, async (t) => {
  const { store, database } = await testStore(t, { busyTimeoutMs: 20_000 })
  const children = ['a', 'b'].map((name) => startChild(t, ['write', database, name, '1500', '8']))
  let own = 0
  let over = false
  const here = (async () => {
    while (!over) await store.transact((db) => writeTag(db, `here-${own++}`))
  })()
  for (const child of children) {
    t.same(await child.ended, { code: 0, errors: '' })
    t.same(
      child.lines.filter((line) => line.startsWith('refused')),
      [],
    )
    t.equal(child.lines.filter((line) => line.startsWith('acked')).length, 1500)
  }
  over = true
  await here
  t.equal((await store.read(listSlugs)).length, 3000 + own)
  t.ok(own > 0, 'this process had its turns too')
})

t.test('a process that always has something to write gives others their turn', { timeout: 240_000 }, async (t) => {
  const { store, database } = await testStore(t)
  let over = false
  const busy = Array.from({ length: 8 }, async (_, client) => {
    for (let i = 0; !over; i += 1) await store.transact((db) => writeTag(db, `busy-${client}-${i}`))
  })
  const child = startChild(t, ['write', database, 'guest', '10', '1'])
  t.same(await child.ended, { code: 0, errors: '' })
  over = true
  await Promise.all(busy)
  t.equal(child.lines.filter((line) => line.startsWith('acked')).length, 10)
})

t.test('who reads does not wait until all who write together have written', async (t) => {
  const { store } = await testStore(t)
  // A connection is there by then.
  await store.read(listSlugs)
  let written = 0
  const busy = (db: Write, i: number) => {
    // As long as a save of many statements takes, without a turn of the event loop.
    const ends = performance.now() + 3
    while (performance.now() < ends);
    return writeTag(db, `tag-${i}`)
  }
  const writing = Array.from({ length: 30 }, (_, i) => store.transact((db) => busy(db, i)).then(() => (written += 1)))
  await new Promise((resolve) => setImmediate(resolve))
  await new Promise((resolve) => setImmediate(resolve))
  t.same(await store.read(listSlugs), [], 'what is not committed is not there')
  t.equal(written, 0, 'and was not waited for')
  await Promise.all(writing)
  t.equal((await store.read(listSlugs)).length, 30)
})
