import fc from 'fast-check'
import t from 'tap'
import type { Position } from '../../src/lib/cursor.ts'
import { keyset, pageOf, type Window } from '../../src/storage/keyset.ts'
import type { Read, Store } from '../../src/storage/store.ts'
import '../support/chance.ts'
import { testStore } from '../support/stores.ts'

/** One page of the secrets, a table of a name and a value, by value and name. */
function list(db: Read, descending: boolean, window: Window) {
  const { secrets } = db.tables
  const page = keyset(secrets.value, secrets.name, descending, window)
  return db
    .prepared(`tests.page:${page.shape}`, (q) =>
      q
        .select()
        .from(secrets)
        .where(page.where)
        .orderBy(...page.orderBy)
        .limit(page.limit),
    )(page.inputs)
    .then((rows) => pageOf(rows, window, ({ value, name }) => ({ value, id: name })))
}

async function fill(store: Store, rows: readonly { name: string; value: string }[]): Promise<void> {
  await store.transact(async (db) => {
    await db.delete(db.tables.secrets)
    if (rows.length > 0) await db.insert(db.tables.secrets).values([...rows])
  })
}

/** All names from one end to the other, page by page; `way` is where the next page is. */
async function walk(store: Store, descending: boolean, limit: number, way: 'next' | 'prev', from?: Position) {
  const names: string[] = []
  let position = from
  for (let pages = 0; pages < 200; pages += 1) {
    const window: Window = position === undefined ? { limit } : { limit, position }
    const page = await store.read((db) => list(db, descending, window))
    const found = page.items.map(({ name }) => name)
    if (way === 'next') names.push(...found)
    else names.unshift(...found)
    const onward = page[way]
    if (onward === null) return names
    position = onward
  }
  throw new Error('the walk does not end')
}

t.test('walking forward meets every row once, in order, and walking back meets them again', async (t) => {
  const { store } = await testStore(t)
  const rows = fc.uniqueArray(
    fc.record({ name: fc.string({ minLength: 1, maxLength: 4 }), value: fc.constantFrom('', 'a', 'b', 'é', 'z') }),
    { selector: ({ name }) => name, maxLength: 25 },
  )
  await fc.assert(
    fc.asyncProperty(rows, fc.boolean(), fc.integer({ min: 1, max: 7 }), async (rows, descending, limit) => {
      await fill(store, rows)
      // Every engine compares text by its bytes.
      const bytes = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b))
      const expected = [...rows]
        .sort((a, b) => bytes(a.value, b.value) || bytes(a.name, b.name))
        .map(({ name }) => name)
      if (descending) expected.reverse()
      const forward = await walk(store, descending, limit, 'next')
      if (JSON.stringify(forward) !== JSON.stringify(expected)) return false
      const last = rows.find(({ name }) => name === expected.at(-1))
      if (last === undefined) return true
      const end = { value: last.value, id: last.name, side: 'before' } as const
      const back = await walk(store, descending, limit, 'prev', end)
      return JSON.stringify(back) === JSON.stringify(expected.slice(0, -1))
    }),
    { numRuns: 60 },
  )
  t.pass('60 lists were walked both ways')
})

t.test('what is inserted and deleted while somebody walks neither repeats nor skips a row that stays', async (t) => {
  const { store } = await testStore(t)
  const names = Array.from({ length: 20 }, (_, i) => `m${String(i).padStart(2, '0')}`)
  await fill(
    store,
    names.map((name) => ({ name, value: 'same' })),
  )
  const seen: string[] = []
  let position: Position | null = null
  for (let page = 0; ; page += 1) {
    const window: Window = position === null ? { limit: 3 } : { limit: 3, position }
    const found = await store.read((db) => list(db, false, window))
    seen.push(...found.items.map(({ name }) => name))
    position = found.next
    if (position === null) break
    // One before the place where the walker stands, and one at the very end of the list.
    await store.transact((db) =>
      db.insert(db.tables.secrets).values([
        { name: `a${page}`, value: 'same' },
        { name: `z${page}`, value: 'other' },
      ]),
    )
  }
  t.same(
    seen.filter((name) => name.startsWith('m')),
    names,
  )
  t.equal(new Set(seen).size, seen.length)
})

t.test('a page says whether there is one before and one after it', async (t) => {
  const { store } = await testStore(t)
  await fill(
    store,
    ['a', 'b', 'c'].map((name) => ({ name, value: name })),
  )
  const page = (window: Window) => store.read((db) => list(db, false, window))
  t.match(await page({ limit: 3 }), { prev: null, next: null, items: { length: 3 } })
  const first = await page({ limit: 2 })
  t.match(first, { prev: null, next: { value: 'b', id: 'b', side: 'after' } })
  const second = await page({ limit: 2, position: { value: 'b', id: 'b', side: 'after' } })
  t.match(second, { prev: { value: 'c', id: 'c', side: 'before' }, next: null })
  t.match(await page({ limit: 2, position: { value: 'c', id: 'c', side: 'before' } }), {
    items: [{ name: 'a' }, { name: 'b' }],
    prev: null,
    next: { value: 'b', id: 'b', side: 'after' },
  })
  t.match(await page({ limit: 2, position: { value: 'z', id: 'z', side: 'after' } }), {
    items: [],
    next: null,
    prev: null,
  })
})
