import { existsSync, mkdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { newSecret } from '../../src/keys/secret.ts'
import { run, type Service, serve, start, until } from '../support/cli.ts'
import { newDatabase } from '../support/engines.ts'
import { ask as query } from '../support/postgres.ts'
import { copy, derived, makeSmall, rowsOf, searchedOf } from './copies.ts'
import { answersOf, ask, cursorIn, makeNewsroom } from './newsroom.ts'

/** Copies from files to the engine that is tested, and back. What only two of PostgreSQL can do is in test/storage/postgres. */

/** A folder for files, and beside it a new database of the engine that is tested. */
async function places(t: Test): Promise<{ folder: string; target: string }> {
  const target = await newDatabase(t)
  // Of SQLite it lies in this very folder, which must not be made anew.
  const folder = join(t.testdirName, 'files')
  mkdirSync(folder, { recursive: true })
  return { folder, target }
}

/** The path of a database's file, when it has one. */
const fileOf = (database: string) => (database.startsWith('postgres:') ? undefined : database)

/** The numbers in the column `n` of what a statement answers. */
async function numbersOf(database: string, sql: string): Promise<number[]> {
  const file = fileOf(database)
  if (file === undefined) return (await query<{ n: string }>(database, sql)).map(({ n }) => Number(n))
  const db = new Database(file, { readonly: true })
  try {
    return db.prepare(sql).pluck().all() as number[]
  } finally {
    db.close()
  }
}

/** The last number of a change, how many there are, and what is counted on from. */
const countChanges = (database: string) =>
  numbersOf(
    database,
    `select max(seq) as n from changes union all select count(*) from changes
      union all select value from counters where name = 'changes'`,
  )

/** What must not be told; a file has none. */
const passwordOf = (database: string) => (fileOf(database) === undefined ? new URL(database).password : /(?!)/)

/** How many rows there are of all that is made of others, by table; and which version of the words is indexed. */
async function countDerived(database: string): Promise<Record<string, number>> {
  const counts = derived.map((name, i) => `select ${i} as i, count(*) as n from ${name}`).join(' union all ')
  const rows = await numbersOf(database, `select n from (${counts}) counted order by i`)
  const [version = Number.NaN] = await numbersOf(database, 'select version as n from search_state')
  return { ...Object.fromEntries(derived.map((name, i) => [name, rows[i] ?? Number.NaN])), version }
}

/** What a copy brings of all that: the one row that says that the rest is still to be made. */
const madeOfNothing = { ...Object.fromEntries(derived.map((name) => [name, 0])), search_state: 1, version: 0 }

/** Waits until a service has indexed what it was started on; until then it may say nothing else of a search than that. */
async function indexed(t: Test, service: Service): Promise<void> {
  await until(async () => {
    const { status, text } = await ask(service, 'GET', '/v1/articles?q=strike')
    if (status !== 200) t.match(JSON.parse(text), { status: 503, code: 'search_rebuilding' })
    return status === 200
  })
}

const stop = async (service: Service) => {
  service.process.kill('SIGTERM')
  await service.ended
}

t.test('everything goes from a file to a database and back, and nobody can tell where an answer is from', async (t) => {
  const { folder, target: middle } = await places(t)
  const [first, last] = [join(folder, 'first.db'), join(folder, 'new/last.db')]
  const admin = newSecret()
  const service = await serve(t, first, { env: { WARTA_ADMIN_KEY: admin } })
  const keys = { ...(await makeNewsroom(service, admin)), admin }
  const cursors: Record<string, string> = {}
  for (const query of ['limit=3', 'limit=3&q=strike']) {
    const page = await ask(service, 'GET', `/v1/articles?${query}`)
    cursors[query] = cursorIn(page.text + page.link)
    t.ok(cursors[query], `the source gave a cursor of ${query}`)
  }
  const expected = await answersOf(service, keys, cursors)
  const wanted = Object.values(expected) as { status: number }[]
  for (const status of [200, 301, 401, 403, 404, 410])
    t.ok(
      wanted.some((one) => one.status === status),
      `some are ${status}`,
    )
  await stop(service)

  const there = await copy(t, first, middle)
  t.same([there.code, there.err], [0, ''])
  const back = await copy(t, middle, `sqlite:${last}`)
  t.same([back.code, back.err], [0, ''])
  for (const { out } of [there, back]) {
    t.match(out, /^Copied .+ in \d+\.\d s, read it back and found it equal:$/m)
    t.match(out, /^ {2}articles +15$/m)
    t.notMatch(out, passwordOf(middle))
  }
  const hash = /SHA-256 {2}([0-9a-f]{64})/
  t.equal(hash.exec(there.out)?.[1], hash.exec(back.out)?.[1])
  const rows = rowsOf(first)
  t.same(rowsOf(last), rows)
  for (const [name, all] of Object.entries(rows)) t.not(all.length, 0, `there was something in ${name}`)
  t.equal(statSync(last).mode & 0o077, 0, 'nobody else on the machine may read the new file')
  const searched = searchedOf(first)
  for (const [name, all] of Object.entries(searched)) t.not(all.length, 0, `there was something in the ${name}`)
  t.same(await countDerived(middle), madeOfNothing, 'what is made of it was not carried')
  t.same(await countDerived(last), madeOfNothing)

  const seq = rows.changes?.length ?? 0
  for (const database of [middle, last]) {
    const other = await serve(t, database)
    await indexed(t, other)
    t.same(await answersOf(other, keys, cursors), expected)
    if (database === last) t.same(searchedOf(last), searched, 'what is made anew is what was there')
    await ask(other, 'POST', '/v1/tags', keys.editor, { name: 'After the move' })
    await stop(other)
  }
  for (const database of [middle, last])
    t.same(await countChanges(database), [seq + 1, seq + 1, seq + 1], 'the changes are counted on without a gap')
})

t.test('what was carried is searched when everything is indexed anew, and until then it is said so', async (t) => {
  const { folder, target: to } = await places(t)
  const from = join(folder, 'from.db')
  const admin = newSecret()
  const service = await serve(t, from, { env: { WARTA_ADMIN_KEY: admin } })
  await makeNewsroom(service, admin)
  const searches = ['/v1/articles?q=strike&highlight=true&facets=tag,section', '/v1/suggest?q=stri', '/v1/tags']
  const answers = async (service: Service) => Promise.all(searches.map((url) => ask(service, 'GET', url)))
  const expected = await answers(service)
  t.same(
    expected.map(({ status }) => status),
    [200, 200, 200],
  )
  t.match(expected[0]?.text, /<mark>Strike<\/mark>/)
  t.match(expected[1]?.text, /"Strike 0"/)
  await stop(service)
  t.equal((await copy(t, from, to)).code, 0)

  // Nothing is done here but what is asked for.
  const other = await serve(t, to, { env: { WARTA_JOBS: 'off' } })
  for (let time = 0; time < 2; time += 1) {
    const [articles, suggestions, tags] = await answers(other)
    for (const refused of [articles, suggestions]) {
      t.match(JSON.parse(refused?.text ?? ''), { status: 503, code: 'search_rebuilding' })
      t.equal(refused?.retryAfter, '30')
    }
    t.equal(tags?.status, 200, 'what is no search is answered')
  }
  t.equal((await ask(other, 'GET', '/v1/articles')).status, 200)
  t.equal(
    (await ask(other, 'GET', '/v1/articles?q=strike&stage=working', admin)).status,
    503,
    'and nobody is told more',
  )
  const reindex = (...args: string[]) => run(t, ['reindex', ...args, '--database', to])
  const early = await reindex('--check')
  t.same([early.code, early.out], [1, ''])
  t.match(early.err, /^.+: not everything is indexed yet\.\n$/)
  t.notMatch(early.err, passwordOf(to))
  t.same(await countDerived(to), madeOfNothing, 'and it was only looked')

  const done = await reindex()
  t.same([done.code, done.err], [0, ''])
  t.match(done.out, /^.+: \d+ copies of articles indexed in \d+\.\d s\.\n$/)
  t.notMatch(done.out, passwordOf(to))
  // Of the service beside it nobody has to tell anything.
  const found = await answers(other)
  t.same(
    found.map(({ status, text, etag }) => ({ status, text, etag })),
    expected.map(({ status, text, etag }) => ({ status, text, etag })),
  )
  const late = await reindex('--check')
  t.same([late.code, late.err], [0, ''])
  t.match(late.out, /^.+: everything is indexed\.\n$/)
  await stop(other)

  const counts = await countDerived(to)
  const again = await copy(t, from, to)
  t.match(again.out, /is already a copy of/)
  t.same(await countDerived(to), counts, 'a copy that is found there already is left with all that was made of it')
})

/** A file with so much in it that a copy can be met on its way. */
async function makeLarge(t: Test, path: string) {
  await run(t, ['migrate', '--database', path])
  const db = new Database(path)
  const at = '2026-11-22T09:00:00.000Z'
  db.transaction(() => {
    const text = (i: number) => `${i} The trains run again. `.repeat(700)
    for (let i = 0; i < 1_500; i += 1) {
      db.prepare('INSERT INTO articles (id, state, created_at, created_by) VALUES (?, ?, ?, ?)').run(
        ...[`a${i}`, 'draft', at, 'tests'],
      )
      db.prepare(
        `INSERT INTO article_copies (article_id, stage, version, slug, lang, title, breaking, access, corrections,
          word_count, reading_minutes, page_count, listed_at, updated_at) VALUES (?, 'working', 1, ?, 'en', 'T', 0, 'free', '[]', 1, 1, 1, '9999', ?)`,
      ).run(`a${i}`, `a${i}`, at)
      db.prepare("INSERT INTO article_pages VALUES (?, 'working', 1, NULL, ?, ?, ?, 1)").run(
        ...[`a${i}`, text(i), text(i), text(i)],
      )
    }
  })()
  db.close()
}

/** Whether a copy to this place is under way: what it has written cannot be read yet, but takes room. */
async function hasBegun(to: string): Promise<boolean> {
  const file = fileOf(to)
  if (file !== undefined) return existsSync(`${file}-wal`) && statSync(`${file}-wal`).size > 4_000_000
  const size = "select coalesce(pg_total_relation_size(to_regclass('article_pages')), 0) > 1000000 as so"
  const [row] = await query<{ so: boolean }>(to, size)
  return row?.so === true
}

const countArticles = async (to: string) => (await numbersOf(to, 'select count(*) as n from articles'))[0]

t.test('a copy that is killed on its way leaves nothing, and the next one is whole', async (t) => {
  const { folder, target: to } = await places(t)
  const large = join(folder, 'large.db')
  await makeLarge(t, large)
  const killed = start(t, ['copy', '--from', large, '--to', to])
  await until(() => hasBegun(to))
  killed.process.kill('SIGKILL')
  t.equal((await killed.ended).signal, 'SIGKILL')
  t.equal(await countArticles(to), 0)
  const { code, out } = await copy(t, large, to)
  t.equal(code, 0)
  t.match(out, /^ {2}articles +1500$/m)
  t.equal(await countArticles(to), 1_500)
})

t.test('when the source is written to on the way, nothing is kept', async (t) => {
  const { folder, target: to } = await places(t)
  const large = join(folder, 'large.db')
  await makeLarge(t, large)
  const beside = new Database(large)
  t.teardown(() => beside.close())
  const running = start(t, ['copy', '--from', large, '--to', to])
  await until(() => hasBegun(to))
  beside.exec("UPDATE counters SET value = value + 2 WHERE name = 'changes'")
  const { code, out, err } = await running.ended
  t.same([code, out], [1, ''])
  t.match(
    err,
    /^.*large\.db was written to while it was copied \(2 changes\)\. All was undone: stop its service, .*\.\n$/,
  )
  t.equal(await countArticles(to), 0)
})

t.test('a copy that is there already is found', async (t) => {
  const { folder, target: to } = await places(t)
  const from = join(folder, 'from.db')
  await makeSmall(t, from)
  t.equal((await copy(t, from, to)).code, 0)
  const again = await copy(t, from, to)
  t.same([again.code, again.err], [0, ''])
  t.match(again.out, /^.+ is already a copy of .*from\.db: nothing was changed\.\n/)
  const file = fileOf(to)
  if (file !== undefined) t.same(rowsOf(file), rowsOf(from))
})

t.test('a target that holds anything else is refused and left as it is', async (t) => {
  const { folder, target: to } = await places(t)
  const from = join(folder, 'from.db')
  await makeSmall(t, from)
  // As many rows as in the source, so that the content decides.
  await makeSmall(t, to, 'another desk')
  const list = async () => (await run(t, ['keys', 'list', '--database', to])).out
  const before = await list()
  const { code, out, err } = await copy(t, from, to)
  t.same([code, out], [1, ''])
  t.match(
    err,
    /^.+ is neither empty nor a copy\. It holds 1 key\. A service .* has been run on it, .* It was left as it is; .*\.\n$/,
  )
  t.notMatch(err, passwordOf(to))
  t.equal(await list(), before)
  const large = join(folder, 'large.db')
  await makeLarge(t, large)
  t.match((await copy(t, from, large)).err, /It holds 1500 articles\. It was left as it is/)
})
