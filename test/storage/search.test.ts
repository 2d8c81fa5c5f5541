import Database from 'better-sqlite3'
import fc from 'fast-check'
import t from 'tap'
import {
  beginReindexing,
  findFaults,
  type IndexPosition,
  isIndexed,
  reindexSome,
} from '../../src/articles/search/reindexing.ts'
import { reindexCopy } from '../../src/articles/store.ts'
import { type Expression, type IndexedWords, type Place, places } from '../../src/search/expression.ts'
import { sql } from '../../src/storage/drizzle.ts'
import type { Read, Store } from '../../src/storage/store.ts'
import { find, publishAll } from '../articles/search/find.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { engine } from '../support/engines.ts'
import { makeDraft, makeTag } from '../support/factories.ts'
import { dump } from '../support/operations.ts'
import { ask } from '../support/postgres.ts'
import { type TestStore, testStore } from '../support/stores.ts'

/** The index of words: what it finds, that it is whole, and how it is found out that it is not. */

const noWords = { forms: [], stems: [] }
const nothing: IndexedWords = { title: noWords, deck: noWords, body: noWords, byline: noWords, ids: [] }

async function insertTexts({ store }: TestStore, texts: readonly IndexedWords[]): Promise<void> {
  await store.transact(async (db) => {
    const { articleSearch } = db.tables
    for (const [i, words] of texts.entries()) {
      await db.insert(articleSearch).values(db.dialect.search.rowOf(i + 1, words) as typeof articleSearch.$inferInsert)
    }
  })
}

/** The numbers of the texts that an expression finds, from 1 on. */
function findTexts({ store }: TestStore, expression: Expression): Promise<number[]> {
  return store.read(async (db) => {
    const { search } = db.dialect
    const rows = await db
      .select({ id: sql<number>`${search.id}`.mapWith(Number) })
      .from(search.from)
      .where(search.matches(sql`${search.textOf(expression)}`))
    return rows.map(({ id }) => id).sort((a, b) => a - b)
  })
}

/** Which texts an expression finds, as one would read it. */
function matches(words: IndexedWords, expression: Expression): boolean {
  if ('any' in expression) return expression.any.some((one) => matches(words, one))
  if ('all' in expression) {
    return (
      expression.all.every((one) => matches(words, one)) && !(expression.none ?? []).some((one) => matches(words, one))
    )
  }
  const { place, prefix } = expression
  const looked: readonly Place[] = place === undefined ? places : [place]
  const is = (form: string | undefined, asked: string, begins: boolean): boolean =>
    form === asked || (begins && form !== undefined && form !== '' && form.startsWith(asked))
  if ('word' in expression) {
    const { word } = expression
    const ids = place === undefined ? words.ids : []
    const all = [...looked.flatMap((one) => [...words[one].forms, ...words[one].stems]), ...ids]
    return all.some((form) => is(form, word, prefix === true))
  }
  const { phrase } = expression
  const ends = (i: number): boolean => prefix === true && i === phrase.length - 1
  return looked.some((one) => {
    const { forms } = words[one]
    return forms.some((_, at) => phrase.every((form, i) => is(forms[at + i], form, ends(i))))
  })
}

const form = fc.constantFrom(
  'gempa',
  'gemp',
  'rail',
  'c++',
  'c#',
  'é',
  '日',
  '19',
  'ж',
  "o'",
  'a\\',
  'x'.repeat(64),
  'temu',
)
const placed = fc.record({
  forms: fc.array(fc.oneof({ weight: 6, arbitrary: form }, { weight: 1, arbitrary: fc.constant('') }), {
    maxLength: 6,
  }),
  stems: fc.subarray(['~idtemu', '~enrail', '~idgem']),
})
const anyText: fc.Arbitrary<IndexedWords> = fc.record({
  ...{ title: placed, deck: placed, body: placed, byline: placed },
  ids: fc.subarray(['#t1', '#s1']),
})
const place = fc.option(fc.constantFrom(...places), { nil: undefined })
const word = fc.record({
  word: fc.oneof(form, fc.constantFrom('~idtemu', '~enrail', 'nothing')),
  place,
  prefix: fc.boolean(),
})
const id = fc.record({ word: fc.constantFrom('#t1', '#s1', '#') })
const phrase = fc.record({ phrase: fc.array(form, { minLength: 2, maxLength: 3 }), place, prefix: fc.boolean() })
const anyExpression = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    word,
    phrase,
    id,
    fc.record({ any: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }) }),
    fc.record({
      all: fc.array(tie('expression'), { minLength: 1, maxLength: 3 }),
      none: fc.array(tie('expression'), { maxLength: 2 }),
    }),
  ),
})).expression

/** Signs that no form has would be taken apart by one engine and not by the other. */
const isForm = (text: string): boolean => /^[\p{L}\p{N}\p{M}+#]+$/u.test(text)

t.test('property: an expression finds the texts that one would find by reading them', async (t) => {
  const store = await testStore(t)
  const texts = fc.sample(anyText, { seed: 1, numRuns: 60 }).map((text) => {
    const clean = ({ forms, stems }: IndexedWords[Place]) => ({
      forms: forms.filter((one) => one === '' || isForm(one)),
      stems,
    })
    return { ...text, ...Object.fromEntries(places.map((one) => [one, clean(text[one])])) }
  })
  await insertTexts(store, texts)
  let met = 0
  await fc.assert(
    fc.asyncProperty(anyExpression, async (expression) => {
      const expected = texts.flatMap((text, i) => (matches(text, expression) ? [i + 1] : []))
      met += expected.length > 0 && expected.length < texts.length ? 1 : 0
      const found = await findTexts(store, expression)
      if (found.join() !== expected.join()) throw new Error(`${found} and not ${expected}`)
    }),
    { seed: 2, numRuns: 1_500 },
  )
  t.ok(met > 500, `${met} expressions found some of the texts`)
})

t.test('what means something to an engine is a word among others', async (t) => {
  const store = await testStore(t)
  await insertTexts(store, [{ ...nothing, title: { forms: ['a', 'b'], stems: [] } }])
  for (const hostile of [
    '"',
    "'",
    '\\',
    "a' | 'b",
    'a" OR "b',
    'a:*',
    '*',
    'NEAR(a b)',
    ') OR (a',
    "a':A",
    '~',
    '\\\\',
    "''",
  ]) {
    for (const expression of [
      { word: hostile },
      { word: hostile, prefix: true },
      { phrase: ['nothing', hostile], place: 'title' as const },
    ]) {
      t.strictSame(await findTexts(store, { any: [expression, { word: 'a' }] }), [1], JSON.stringify(expression))
      t.strictSame(await findTexts(store, { all: [{ word: 'nothing' }, expression] }), [])
    }
  }
  t.strictSame(await findTexts(store, { any: [{ word: 'nothing' }, { word: 'a' }] }), [1])
})

t.test('thirty-two words, each with fifty names, and as many exclusions are looked for at once', async (t) => {
  const store = await testStore(t)
  await insertTexts(store, [
    { ...nothing, title: { forms: Array.from({ length: 32 }, (_, i) => `w${i}`), stems: [] }, ids: ['#t1'] },
    { ...nothing, ids: ['#t31'] },
  ])
  const ids = Array.from({ length: 100 }, (_, i) => ({ word: `#s${i}` }))
  const all = Array.from({ length: 32 }, (_, i) => ({ any: [{ word: `w${i}` }, { word: `~enw${i}` }, ...ids] }))
  t.strictSame(await findTexts(store, { all }), [1])
  const none = Array.from({ length: 31 }, (_, i) => ({ any: [{ word: `x${i}` }, ...ids] }))
  t.strictSame(await findTexts(store, { all: all.slice(0, 1), none }), [1])
  t.strictSame(await findTexts(store, { all: all.slice(0, 1), none: [...none, { word: 'w7' }] }), [])
  t.strictSame(await findTexts(store, { any: Array.from({ length: 3_200 }, (_, i) => ({ word: `#t${i}` })) }), [1, 2])
})

/** What is found is looked for each time. */
const uncached = { WARTA_CACHE: '0' }

const stories = {
  one: { title: 'Alpha', tags: ['rail'] },
  two: { deck: 'Alpha', lang: 'id' },
  three: { title: 'Beta' },
}

/** Some stories, one of them with a change that is not published, another a draft. */
async function makeNewsroom(app: TestApp): Promise<void> {
  await makeTag(app, { name: 'Rail' })
  await publishAll(app, stories)
  await app.call('PATCH', '/v1/articles/three', { as: 'editor', version: '*', body: { title: 'Gamma' } })
  await makeDraft(app, { slug: 'four', title: 'Alpha delta' })
}

/** As another program would write to the database. */
async function meddle({ database }: TestApp, statement: string): Promise<void> {
  if (engine === 'postgres') await ask(database, statement)
  else new Database(database).exec(statement).close()
}

const faultsOf = ({ store }: { store: Store }): Promise<string[]> => store.read(findFaults)

/** Begins to index everything anew, whoever is at it. */
async function begin({ store }: { store: Store }): Promise<IndexPosition> {
  const position = await store.transact((db) => beginReindexing(db, true))
  if (position === undefined) throw new Error('It did not begin.')
  return position
}

/** Indexes everything anew, or goes on from where it stands; answers how it ended. */
async function reindexAll(app: { store: Store }, from?: IndexPosition, atOnce = 2): Promise<string> {
  let position = from ?? (await begin(app))
  for (;;) {
    const at = position
    const next = await app.store.transact((db) => reindexSome(db, at, atOnce))
    if (typeof next === 'string') return next
    position = next
  }
}

/** Everything that is found by a few words, and the rows that say so. */
async function seen(app: TestApp): Promise<string> {
  const found = []
  for (const q of ['alpha', 'beta', 'gamma', 'delta', 'rail', 'tag:rail', 'alpha OR beta OR gamma']) {
    found.push(await find(app, q), await find(app, q, '&stage=working', 'editor'))
  }
  const rows = await app.store.read(async (db: Read) => {
    const entries = await db.select().from(db.tables.searchEntries)
    const labels = await db.select().from(db.tables.labels)
    return [entries, labels].map((some) => some.map((row) => JSON.stringify(row)).sort())
  })
  return JSON.stringify([found, rows])
}

t.test('an index that was written with its articles has no fault', async (t) => {
  const app = await testApp(t, uncached)
  t.strictSame(await faultsOf(app), [])
  await makeNewsroom(app)
  t.strictSame(await faultsOf(app), [])
  t.equal(await app.store.read(isIndexed), true)
  t.equal(await find(app, 'alpha'), 'one two')
})

/** What may happen to an index that nobody meant. */
const damages: Record<string, string> = {
  'a text without its words': 'delete from article_search where rowid = (select max(id) from search_entries)',
  'words without their text': 'delete from search_entries where id = (select max(id) from search_entries)',
  'no text at all': 'delete from search_entries',
  'a copy that is not indexed':
    'update search_entries set working = false where id = (select max(id) from search_entries where working)',
  'a text of another article':
    "update search_entries set article_id = '00000000-0000-7000-8000-000000000000' where id = (select max(id) from search_entries)",
  'names that lead nowhere': "delete from labels where text = 'rail'",
}

for (const [what, statement] of Object.entries(damages)) {
  t.test(`damage is found out: ${what}`, async (t) => {
    const app = await testApp(t, uncached)
    await makeNewsroom(app)
    const before = await seen(app)
    await meddle(app, engine === 'postgres' ? statement.replace('rowid', 'id') : statement)
    t.not((await faultsOf(app)).length, 0, 'it is told')
    await reindexAll(app)
    t.strictSame(await faultsOf(app), [])
    t.equal(await seen(app), before, 'and mended by indexing everything anew')
  })
}

t.test('what is indexed anew is found as before, whatever was left of it', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  const before = await seen(app)
  for (const atOnce of [1, 3, 1_000]) {
    await reindexAll(app, undefined, atOnce)
    t.equal(await seen(app), before)
  }
  for (const table of ['article_search', 'search_entries', 'labels']) {
    await meddle(app, `delete from ${table}`)
  }
  await reindexAll(app)
  t.equal(await seen(app), before)
  t.equal(await app.store.read(isIndexed), true)
})

t.test('until all is indexed searches are refused, and what is written meanwhile is not lost', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  let position: IndexPosition | string = await begin(app)
  for (let i = 0; typeof position !== 'string'; i += 1) {
    const { status, headers, body } = await app.call('GET', '/v1/articles?q=alpha')
    t.match(
      { status, headers, body },
      { status: 503, headers: { 'retry-after': '30' }, body: { code: 'search_rebuilding' } },
    )
    t.equal((await app.call('GET', '/v1/articles?limit=1')).status, 200, 'lists are answered')
    t.equal((await app.call('GET', '/v1/articles?q=-x')).status, 400)
    const made = { slug: `during-${i}`, title: 'Alpha during', section: 'world', lang: 'en' }
    await makeDraft(app, made)
    t.equal((await app.call('POST', `/v1/articles/during-${i}/publish`, { as: 'editor', version: '*' })).status, 200)
    if (i === 0) await app.call('PATCH', '/v1/articles/two', { as: 'editor', version: '*', body: { deck: 'Edited' } })
    if (i === 1) await app.call('POST', '/v1/articles/one/unpublish', { as: 'editor', version: '*' })
    if (i > 40) throw new Error('It comes to no end.')
    const from: IndexPosition = position
    // Of what was made since there is always less than is indexed at once.
    position = await app.store.transact((db) => reindexSome(db, from, 4))
  }
  t.equal(position, 'done')
  t.strictSame(await faultsOf(app), [])
  t.match(await find(app, 'alpha'), /^during-\d+( during-\d+)* two$/)
  t.match(await find(app, 'edited', '&stage=working', 'editor'), 'two')
  t.equal(await find(app, 'alpha -during'), 'two')
})

/** Goes on until some copies were indexed, and more are left. */
async function goHalfway({ store }: { store: Store }, from: IndexPosition): Promise<IndexPosition> {
  let position = from
  while (position.step !== 'copies' || position.articleId === '') {
    const at = position
    const next = await store.transact((db) => reindexSome(db, at, 3))
    if (typeof next === 'string') throw new Error(`It is ${next} already.`)
    position = next
  }
  return position
}

t.test(
  'of two that index everything anew the second has it to do, and searches are refused until it has',
  async (t) => {
    const app = await testApp(t, uncached)
    await makeNewsroom(app)
    const before = await seen(app)
    const first = await goHalfway(app, await begin(app))
    // An operator has it made anew.
    const second = await begin(app)
    for (let i = 0; i < 2; i += 1) {
      t.equal(await reindexAll(app, first), 'overtaken')
      t.equal(await find(app, 'alpha'), '503 search_rebuilding')
    }
    const half = await goHalfway(app, second)
    t.equal(await reindexAll(app, first), 'overtaken')
    t.equal(await find(app, 'alpha'), '503 search_rebuilding')
    t.equal(await reindexAll(app, half), 'done')
    t.equal(await seen(app), before)
    t.strictSame(await faultsOf(app), [])
  },
)

t.test('whoever finds another at it leaves it to them, and takes over when they have stopped', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  const before = await seen(app)
  const beginIfFree = () => app.store.transact((db) => beginReindexing(db))
  const first = await beginIfFree()
  if (first === undefined) throw new Error('Nobody was at it.')
  t.equal(await beginIfFree(), undefined)
  app.clock.advance(20_000)
  const half = await goHalfway(app, first)
  app.clock.advance(20_000)
  t.equal(await beginIfFree(), undefined, 'they have just done something')
  app.clock.advance(31_000)
  const second = await beginIfFree()
  t.not(second, undefined)
  t.equal(await reindexAll(app, half), 'overtaken')
  t.equal(await reindexAll(app, second), 'done')
  t.equal(await seen(app), before)
  t.strictSame(await faultsOf(app), [])
})

t.test('a transaction that fails leaves the index as it was', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  const [before, rows] = [await seen(app), await dump(app.store)]
  const failure = new Error('It was not to be.')
  const fails: Parameters<Store['transact']>[0][] = [
    async (db) => {
      await beginReindexing(db, true)
      throw failure
    },
    async (db) => {
      const { articleCopies } = db.tables
      await db.update(articleCopies).set({ title: 'Omega', deck: null })
      for (const { articleId, stage } of await db.select().from(articleCopies)) await reindexCopy(db, articleId, stage)
      throw failure
    },
    async (db) => {
      let position: IndexPosition | string | undefined = await beginReindexing(db, true)
      while (typeof position === 'object') position = await reindexSome(db, position, 100)
      t.equal(position, 'done')
      throw failure
    },
  ]
  for (const fail of fails) {
    await t.rejects(app.store.transact(fail), failure)
    t.equal(await seen(app), before)
    t.equal(await dump(app.store), rows)
    t.strictSame(await faultsOf(app), [])
  }
})

t.test('the index outlives what the operator does to make the database small', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  await app.call('POST', '/v1/articles/two/unpublish', { as: 'editor', version: '*' })
  const before = await seen(app)
  const chores =
    engine === 'sqlite'
      ? ['VACUUM', 'ANALYZE', 'REINDEX', 'PRAGMA optimize']
      : ['VACUUM FULL', 'ANALYZE', 'REINDEX TABLE article_search', 'CLUSTER search_entries USING search_entries_pkey']
  for (const chore of chores) {
    await meddle(app, chore)
    t.strictSame(await faultsOf(app), [], chore)
    t.equal(await seen(app), before, chore)
  }
  await app.call('PATCH', '/v1/articles/one', { as: 'editor', version: '*', body: { title: 'Epsilon' } })
  t.equal(await find(app, 'epsilon', '&stage=working', 'editor'), 'one', 'and is written to as before')
  t.strictSame(await faultsOf(app), [])
})

t.test('an index of another version of the words is not asked', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  for (const [version, isDone] of [
    [0, false],
    // What a later program has indexed is left to it.
    [999, true],
  ] as const) {
    await meddle(app, `update search_state set version = ${version}`)
    t.equal(await app.store.read(isIndexed), isDone)
    t.equal(await find(app, 'gamma', '&stage=working', 'editor'), '503 search_rebuilding')
    t.equal((await app.call('GET', '/v1/suggest?q=al')).status, 503)
  }
  await reindexAll(app)
  t.equal(await find(app, 'gamma', '&stage=working', 'editor'), 'three')
})

t.test('texts of one second have each an id of their own', async (t) => {
  const publishedAt = '2026-01-02T03:04:05.678Z'
  const app = await testApp(t, uncached)
  for (let i = 0; i < 40; i += 1) await makeDraft(app, { slug: `s${i}`, title: 'Alpha', publishedAt })
  const ids = await app.store.read(async (db) =>
    (await db.select({ id: db.tables.searchEntries.id }).from(db.tables.searchEntries)).map(({ id }) => id),
  )
  t.equal(new Set(ids).size, 40)
  t.equal(new Set(ids.map((one) => Math.floor(one / 2 ** 15))).size, 1)
  t.strictSame(await faultsOf(app), [])
})
