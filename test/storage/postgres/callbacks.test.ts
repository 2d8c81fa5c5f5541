import t from 'tap'
import { Problem } from '../../../src/errors.ts'
import { sql } from '../../../src/storage/drizzle.ts'
import type { Store, Write } from '../../../src/storage/store.ts'
import { startPostgres } from '../../support/postgres.ts'
import { listSeqs, listSlugs, testStore, writeTag } from '../../support/stores.ts'

/** What a callback does wrong is its own affair: no other's, and not the server's. */

const server = await startPostgres()
t.teardown(() => server.dispose())
let databases = 0

const newDatabase = () => server.createDatabase(`callbacks_${databases++}`)

const bugs: Record<string, () => Error> = {
  'an argument of the wrong type': () =>
    Object.assign(new TypeError('The "path" argument must be of type string.'), { code: 'ERR_INVALID_ARG_TYPE' }),
  'words about a connection': () => new Error('The tag has no connection to its section.'),
  'more words about a connection': () => new Error('connection terminated, timeout, ECONNRESET'),
  'a code of its own': () => Object.assign(new Error('No such word.'), { code: 'WRONG' }),
  'a cause of its own': () => new Error('It failed.', { cause: new RangeError('Connection of what?') }),
}

t.test('a bug in a callback is run once and told as it is', async (t) => {
  const { store } = await testStore(t, { database: await newDatabase(), busyTimeoutMs: 2_000 })
  for (const [what, bug] of Object.entries(bugs)) {
    const ways: Record<string, (fn: () => Promise<never>) => Promise<unknown>> = {
      'a read': (fn) => store.read(fn),
      'a read that a replica may answer': (fn) => store.read(fn, { replica: true }),
      'a read after its first statement': (fn) => store.read((db) => listSlugs(db).then(fn)),
      'a write': (fn) => store.transact(fn),
      'a write after its first statement': (fn) => store.transact((db) => writeTag(db, 'gone').then(fn)),
    }
    for (const [way, run] of Object.entries(ways)) {
      const error = bug()
      let runs = 0
      const ran = run(async () => {
        runs += 1
        throw error
      })
      t.equal(await ran.catch((reason: unknown) => reason), error, `${way} with ${what}`)
      t.equal(runs, 1, 'once')
    }
  }
  t.same(await store.read(listSlugs), [], 'nothing of it is kept')
  await store.transact((db) => writeTag(db, 'upon'))
  t.same(await store.read(listSeqs), [1])
})

/** Sends a statement and does not look whether it succeeds. */
function unawaited(query: { execute(): Promise<unknown> }): void {
  void query.execute().catch(() => {})
}

function tally(db: Write) {
  return db.insert(db.tables.counters).values({ name: 'tally', value: 0 })
}

type Bad = (db: Write) => Promise<unknown>

/** Each inserts one key twice and looks at nothing. */
const spoilers: Record<string, Bad> = {
  'and returns at once': async (db) => {
    unawaited(tally(db))
    unawaited(tally(db))
  },
  'after what it did look at': async (db) => {
    await writeTag(db, 'spoiler')
    unawaited(tally(db))
    unawaited(tally(db))
  },
  'and throws': async (db) => {
    unawaited(tally(db))
    unawaited(tally(db))
    throw new Error('It is over.')
  },
  'and asks for something else': async (db) => {
    unawaited(tally(db))
    unawaited(tally(db))
    return listSlugs(db)
  },
  'and a slow one fails long after it has returned': async (db) => {
    unawaited(db.select({ one: sql`pg_sleep(0.2)::text` }).from(db.tables.counters).limit(1) as never)
    unawaited(tally(db))
    unawaited(tally(db))
  },
}

t.test('what comes after a statement that fails unseen and throws at once does not cover it up', async (t) => {
  const { store } = await testStore(t, { database: await newDatabase(), busyTimeoutMs: 1_000 })
  await store.read(listSlugs)
  const thrown = async () => {
    throw new Error('It is over before it began.')
  }
  const bad = async (db: Write) => {
    await writeTag(db, 'spoiler')
    unawaited(tally(db))
    unawaited(tally(db))
  }
  const [own] = await settle([store.transact(bad), store.transact(thrown), store.transact(thrown)])
  t.match(own, { name: 'Problem', code: 'database_unavailable' })
  t.same(await store.read(listSlugs), [])
})

async function settle(work: readonly Promise<unknown>[]): Promise<unknown[]> {
  const results = await Promise.allSettled(work)
  return results.map((result) => (result.status === 'fulfilled' ? 'kept' : result.reason))
}

/** Writes of one group: those before and after the one that is at fault. */
function writeGroup(store: Store, before: readonly string[], bad: Bad, after: readonly string[], hooks: string[]) {
  const good = (slug: string) =>
    store.transact(async (db) => {
      db.afterCommit(() => hooks.push(slug))
      await writeTag(db, slug)
    })
  return settle([...before.map(good), store.transact(bad), ...after.map(good)])
}

for (const [how, bad] of Object.entries(spoilers)) {
  t.test(`a statement that fails unseen ${how} harms no neighbour`, async (t) => {
    const places: [string[], string[]][] = [
      [[], []],
      [['a', 'b'], []],
      [[], ['a']],
      [[], ['a', 'b', 'c']],
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ]
    await Promise.all(
      places.map(async ([before, after]) => {
        // Five at once: each has time for a new connection, where the machine is busy.
        const { store } = await testStore(t, { database: await newDatabase(), busyTimeoutMs: 3_000 })
        await store.read(listSlugs)
        const hooks: string[] = []
        const results = await writeGroup(store, before, bad, after, hooks)
        const [own] = results.splice(before.length, 1)
        const where = `${before.length} before it, ${after.length} after`
        t.not(own, 'kept', `${where}: what was undone is not said to be kept`)
        const kept = [...before, ...after].filter((_, i) => results[i] === 'kept')
        for (const result of results) t.ok(result === 'kept' || result instanceof Problem, `${where}: ${result}`)
        t.same(await store.read(listSlugs), kept, `${where}: what was said to be kept is there, and nothing else`)
        t.same(hooks, kept, 'and its hooks ran once')
        const counters = await store.read((db) => db.select().from(db.tables.counters))
        t.notOk(counters.some(({ name }) => name === 'tally'))
        for (const slug of ['x', 'y']) await store.transact((db) => writeTag(db, slug))
        t.same(await store.read(listSlugs), [...kept, 'x', 'y'], 'the store goes on')
        t.equal((await store.read(listSeqs)).length, kept.length + 2)
      }),
    )
  })
}
