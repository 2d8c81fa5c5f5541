import t from 'tap'
import { gate, listSlugs, loopLag, openBeside, startChild, testStore, writeTag } from '../support/stores.ts'

const commits = (statements: readonly string[]) => statements.filter((sql) => sql === 'COMMIT').length
const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

t.test('transactions that wait together share a commit, in the order in which they came', async (t) => {
  const { store, statements } = await testStore(t)
  statements.length = 0
  const order: number[] = []
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      store.transact(async (db) => {
        await writeTag(db, `tag-${i}`)
        order.push(i)
        return i
      }),
    ),
  )
  const all = Array.from({ length: 20 }, (_, i) => i)
  t.same(answers, all)
  t.same(order, all)
  t.equal(commits(statements), 1)
  t.equal((await store.read(listSlugs)).length, 20)
})

t.test('each of a group sees what those before it wrote, and none of it is answered before the commit', async (t) => {
  const { store, statements } = await testStore(t)
  statements.length = 0
  const events: string[] = []
  const write = (name: string) =>
    store
      .transact(async (db) => {
        t.equal((await listSlugs(db)).length, events.length)
        await writeTag(db, name)
        db.afterCommit(() => events.push(`hook of ${name}, commits: ${commits(statements)}`))
        db.afterCommit(() => events.push(`second hook of ${name}`))
        events.push(`body of ${name}`)
      })
      .then(() => events.push(`answer to ${name}, commits: ${commits(statements)}`))
  await Promise.all([write('a'), write('b'), write('c')])
  t.same(events.slice(0, 3), ['body of a', 'body of b', 'body of c'])
  t.same(
    events.filter((event) => event.includes('hook')),
    [
      'hook of a, commits: 1',
      'second hook of a',
      'hook of b, commits: 1',
      'second hook of b',
      'hook of c, commits: 1',
      'second hook of c',
    ],
  )
  t.same(
    events.filter((event) => event.startsWith('answer')),
    ['answer to a, commits: 1', 'answer to b, commits: 1', 'answer to c, commits: 1'],
  )
  for (const name of ['a', 'b', 'c']) {
    t.ok(events.indexOf(`hook of ${name}, commits: 1`) < events.indexOf(`answer to ${name}, commits: 1`))
  }
})

t.test('one of a group that throws is undone alone, and its neighbours stay', async (t) => {
  const { store, statements } = await testStore(t)
  statements.length = 0
  const hooks: string[] = []
  const settled = await Promise.allSettled(
    ['a', 'b', 'c', 'd', 'e'].map((name) =>
      store.transact(async (db) => {
        db.afterCommit(() => hooks.push(name))
        await writeTag(db, name)
        if (name === 'b') throw new Error('b is undone')
        if (name === 'd') await writeTag(db, 'a')
        return name
      }),
    ),
  )
  t.same(
    settled.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled'],
  )
  t.match(settled[1], { reason: /b is undone/ })
  t.match(settled[3], { reason: /UNIQUE/ })
  t.same(hooks, ['a', 'c', 'e'])
  t.same(await store.read(listSlugs), ['a', 'c', 'e'])
  t.equal(commits(statements), 1)
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
  const { store, statements } = await testStore(t)
  statements.length = 0
  const order: number[] = []
  await Promise.all(
    Array.from({ length: 300 }, (_, i) =>
      store.transact(async (db) => {
        await writeTag(db, `tag-${i}`)
        order.push(i)
      }),
    ),
  )
  t.same(
    order,
    Array.from({ length: 300 }, (_, i) => i),
  )
  t.ok(commits(statements) > 1 && commits(statements) <= 10, `${commits(statements)} commits`)
})

t.test('writing without a pause leaves the event loop free', async (t) => {
  const { store } = await testStore(t)
  let written = 0
  const lag = await loopLag(async () => {
    const end = performance.now() + 1_500
    const client = async () => {
      while (performance.now() < end) await store.transact((db) => writeTag(db, `tag-${written++}`))
    }
    await Promise.all([client(), client(), client()])
  })
  t.ok(written > 20, `${written} were written`)
  t.ok(lag < 800, `the loop came round after ${Math.round(lag)} ms at the latest`)
})

t.test(
  'while another process writes, a write waits without holding the event loop, and then goes through',
  async (t) => {
    const { store, file } = await testStore(t)
    const other = openBeside(t, file)
    other.exec('BEGIN IMMEDIATE')
    let done = false
    const lag = await loopLag(async () => {
      const writing = store
        .transact((db) => writeTag(db, 'rail'))
        .then(() => {
          done = true
        })
      await sleep(1_000)
      t.equal(done, false)
      t.same(await store.read(listSlugs), [], 'reads go on meanwhile')
      other.exec('COMMIT')
      await writing
    })
    t.equal(done, true)
    t.ok(lag < 500, `the loop came round after ${Math.round(lag)} ms at the latest`)
    t.same(await store.read(listSlugs), ['rail'])
  },
)

t.test(
  'a write that waits longer than busyTimeoutMs is refused with database_unavailable and retry-after',
  async (t) => {
    const { store, file } = await testStore(t, { busyTimeoutMs: 800 })
    const other = openBeside(t, file)
    other.exec('BEGIN IMMEDIATE')
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
      t.ok(first >= 800, 'the first waited its whole time')
      t.ok(second >= 940, 'the second waited as long, from when it came')
      t.ok(first < second, 'who came first is refused first')
    })
    t.ok(lag < 500, `the loop came round after ${Math.round(lag)} ms at the latest`)
    t.equal(ran, 0, 'no callback began')
    other.exec('ROLLBACK')
    await store.transact((db) => writeTag(db, 'after'))
    t.same(await store.read(listSlugs), ['after'])
  },
)

t.test('with a busyTimeoutMs of 0 a write is tried once', async (t) => {
  const { store, file } = await testStore(t, { busyTimeoutMs: 0 })
  const other = openBeside(t, file)
  other.exec('BEGIN IMMEDIATE')
  await t.rejects(
    store.transact((db) => writeTag(db, 'rail')),
    { code: 'database_unavailable' },
  )
  other.exec('ROLLBACK')
  await store.transact((db) => writeTag(db, 'rail'))
  t.same(await store.read(listSlugs), ['rail'])
})

t.test('close serves the writes that wait for another process', async (t) => {
  const { store, file } = await testStore(t)
  const other = openBeside(t, file)
  other.exec('BEGIN IMMEDIATE')
  const writing = store.transact((db) => writeTag(db, 'rail'))
  const closing = store.close()
  await sleep(50)
  other.exec('COMMIT')
  await Promise.all([writing, closing])
  t.equal(other.prepare('SELECT count(*) FROM tags').pluck().get(), 1)
})

t.test('two stores on one file see each other’s commits and nothing before them', async (t) => {
  const { store: one, file } = await testStore(t)
  const { store: two } = await testStore(t, { path: file })
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

t.test('two processes write at once without one error reaching a client', { timeout: 60_000 }, async (t) => {
  const { store, file } = await testStore(t)
  const children = ['a', 'b'].map((name) => startChild(t, ['write', file, name, '1500', '8']))
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

t.test('a process that always has something to write gives others their turn', { timeout: 60_000 }, async (t) => {
  const { store, file } = await testStore(t)
  let over = false
  const busy = Array.from({ length: 8 }, async (_, client) => {
    for (let i = 0; !over; i += 1) await store.transact((db) => writeTag(db, `busy-${client}-${i}`))
  })
  const child = startChild(t, ['write', file, 'guest', '10', '1'])
  t.same(await child.ended, { code: 0, errors: '' })
  over = true
  await Promise.all(busy)
  t.equal(child.lines.filter((line) => line.startsWith('acked')).length, 10)
})
