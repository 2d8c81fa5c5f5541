import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { newSecret } from '../../src/keys/secret.ts'
import { run, type Service, serve, start, until } from '../support/cli.ts'
import { startPostgres } from '../support/postgres.ts'
import { answersOf, ask, cursorIn, makeNewsroom } from './newsroom.ts'

const server = await startPostgres()
t.teardown(() => server.dispose())

let databases = 0
/** A new database of PostgreSQL, whose server goes with this file. */
const newPostgres = () => server.createDatabase(`copy_${databases++}`)

const copy = (t: Test, from: string, to: string) => run(t, ['copy', '--from', from, '--to', to])

/** Every row of a file, but for when it was migrated. */
function rowsOf(path: string) {
  const db = new Database(path, { readonly: true })
  const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations'").pluck().all()
  const rows = names.map((name) => [
    name,
    db
      .prepare(`SELECT * FROM ${name}`)
      .all()
      .map((row) => JSON.stringify(row)),
  ])
  db.close()
  return Object.fromEntries(rows.map(([name, all]) => [name, (all as string[]).sort()])) as Record<string, string[]>
}

const stop = async (service: Service) => {
  service.process.kill('SIGTERM')
  await service.ended
}

t.test('everything goes from SQLite to PostgreSQL and back, and nobody can tell where an answer is from', async (t) => {
  const folder = t.testdir()
  const [first, last] = [join(folder, 'first.db'), join(folder, 'new/last.db')]
  const middle = await newPostgres()
  const admin = newSecret()
  const service = await serve(t, first, { env: { WARTA_ADMIN_KEY: admin } })
  const keys = { ...(await makeNewsroom(service, admin)), admin }
  const page = await ask(service, 'GET', '/v1/articles?limit=3')
  const cursors = [cursorIn(page.text + page.link)]
  t.ok(cursors[0], 'the source gave a cursor')
  const expected = await answersOf(service, keys, cursors)
  const wanted = Object.values(expected) as { status: number }[]
  for (const status of [200, 301, 401, 403, 404])
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
    t.match(out, /^ {2}articles +11$/m)
    t.notMatch(out, new URL(middle).password)
  }
  const hash = /SHA-256 {2}([0-9a-f]{64})/
  t.equal(hash.exec(there.out)?.[1], hash.exec(back.out)?.[1])
  const rows = rowsOf(first)
  t.same(rowsOf(last), rows)
  for (const [name, all] of Object.entries(rows)) t.not(all.length, 0, `there was something in ${name}`)
  t.equal(statSync(last).mode & 0o077, 0, 'nobody else on the machine may read the new file')

  const seq = rows.changes?.length ?? 0
  for (const database of [middle, last]) {
    const other = await serve(t, database)
    t.same(await answersOf(other, keys, cursors), expected)
    await ask(other, 'POST', '/v1/tags', keys.editor, { name: 'After the move' })
    await stop(other)
  }
  const [{ seqs } = { seqs: '' }] = await server.query<{ seqs: string }>(
    "select max(seq) || ' ' || count(*) || ' ' || (select value from counters where name = 'changes') as seqs from changes",
    new URL(middle).pathname.slice(1),
  )
  t.equal(seqs, `${seq + 1} ${seq + 1} ${seq + 1}`, 'the changes are counted on without a gap')
  t.equal(rowsOf(last).changes?.length, seq + 1)
})

/** A file with so much in it that a copy can be met on its way. */
async function makeLarge(t: Test, path: string) {
  await run(t, ['migrate', '--database', path])
  const db = new Database(path)
  const at = '2026-11-22T09:00:00.000Z'
  db.transaction(() => {
    const text = (i: number) => `${i} The trains run again. `.repeat(700)
    for (let i = 0; i < 1_500; i += 1) {
      db.prepare('INSERT INTO articles VALUES (?, ?, ?, ?, NULL)').run(`a${i}`, 'draft', at, 'tests')
      db.prepare(
        `INSERT INTO article_copies (article_id, stage, version, slug, lang, title, breaking, access, corrections,
          word_count, reading_minutes, page_count, updated_at) VALUES (?, 'working', 1, ?, 'en', 'T', 0, 'free', '[]', 1, 1, 1, ?)`,
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
  if (!to.startsWith('postgres:')) return existsSync(`${to}-wal`) && statSync(`${to}-wal`).size > 4_000_000
  const size = "select coalesce(pg_total_relation_size(to_regclass('article_pages')), 0) > 1000000 as so"
  const [row] = await server.query<{ so: boolean }>(size, new URL(to).pathname.slice(1))
  return row?.so === true
}

async function countArticles(to: string): Promise<number> {
  if (!to.startsWith('postgres:')) return rowsOf(to).articles?.length ?? -1
  const [row] = await server.query<{ n: string }>('select count(*) as n from articles', new URL(to).pathname.slice(1))
  return Number(row?.n)
}

t.test('a copy that is killed on its way leaves nothing, and the next one is whole', async (t) => {
  const folder = t.testdir()
  const large = join(folder, 'large.db')
  await makeLarge(t, large)
  for (const to of [join(folder, 'to.db'), await newPostgres()]) {
    const killed = start(t, ['copy', '--from', large, '--to', to])
    await until(() => hasBegun(to))
    killed.process.kill('SIGKILL')
    t.equal((await killed.ended).signal, 'SIGKILL')
    t.equal(await countArticles(to), 0)
    const { code, out } = await copy(t, large, to)
    t.equal(code, 0)
    t.match(out, /^ {2}articles +1500$/m)
    t.equal(await countArticles(to), 1_500)
  }
})

t.test('when the source is written to on the way, nothing is kept', async (t) => {
  const folder = t.testdir()
  const large = join(folder, 'large.db')
  await makeLarge(t, large)
  const beside = new Database(large)
  t.teardown(() => beside.close())
  for (const to of [join(folder, 'to.db'), await newPostgres()]) {
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
  }
})

/** A small newsroom: what a first start makes. */
async function makeSmall(t: Test, database: string, name = 'desk') {
  const { code } = await run(t, ['keys', 'create', '--name', name, '--role', 'editor', '--database', database])
  t.equal(code, 0)
}

t.test('a copy that is there already is found, on either engine', async (t) => {
  const folder = t.testdir()
  const [from, file] = [join(folder, 'from.db'), join(folder, 'to.db')]
  await makeSmall(t, from)
  for (const to of [file, await newPostgres()]) {
    t.equal((await copy(t, from, to)).code, 0)
    const again = await copy(t, from, to)
    t.same([again.code, again.err], [0, ''])
    t.match(again.out, /^.+ is already a copy of .*from\.db: nothing was changed\.\n/)
  }
  t.same(rowsOf(file), rowsOf(from))
})

t.test('a target that holds anything else is refused and left as it is', async (t) => {
  const folder = t.testdir()
  const [from, file] = [join(folder, 'from.db'), join(folder, 'to.db')]
  await makeSmall(t, from)
  const postgres = await newPostgres()
  for (const to of [file, postgres]) {
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
    t.notMatch(err, new URL(postgres).password)
    t.equal(await list(), before)
  }
  const large = join(folder, 'large.db')
  await makeLarge(t, large)
  t.match((await copy(t, from, large)).err, /It holds 1500 articles\. It was left as it is/)
})

t.test('a target that does not keep what it is given is found out, and keeps nothing', async (t) => {
  const folder = t.testdir()
  const from = join(folder, 'from.db')
  await makeSmall(t, from)
  for (const [name, act, sentence] of [
    ['changes', "UPDATE keys SET name = 'x'", /gave back differs from what was copied to it\. All was undone\.\n$/],
    ['loses', 'DELETE FROM keys', /gave back differs in the number of keys from what/],
    [
      'refuses',
      "SELECT RAISE(ABORT, 'no')",
      /to\.db: no\. A copy is kept whole or not at all: it is safe to run this again\.\n$/,
    ],
  ] as const) {
    const to = join(folder, name, 'to.db')
    await run(t, ['migrate', '--database', to])
    const db = new Database(to)
    db.exec(`CREATE TRIGGER tampers AFTER INSERT ON keys BEGIN ${act}; END`)
    db.close()
    const { code, out, err } = await copy(t, from, to)
    t.same([code, out], [1, ''], name)
    t.match(err, sentence)
    t.notMatch(err, 'desk', 'what is in the rows is not told')
    t.same([rowsOf(to).keys, rowsOf(to).changes], [[], []])
  }
})

t.test('what cannot be copied is one sentence, and nothing is made', async (t) => {
  const folder = t.testdir()
  const [from, to, none] = [join(folder, 'from.db'), join(folder, 'to.db'), join(folder, 'none/none.db')]
  await makeSmall(t, from)
  const blank = join(folder, 'blank.db')
  writeFileSync(blank, '')
  const link = join(folder, 'link.db')
  symlinkSync(from, link)
  const secret = 'postgres://desk:hush/hush@127.0.0.1/'
  for (const [args, sentence] of [
    [[], /^--from is required/],
    [['--from', from], /^--to is required/],
    [['--from', from, '--to', ' '], /^--to is required/],
    [['--from', from, '--to', to, '--database', to], /no --database/],
    [['--from', none, '--to', to], /^--from: there is no .*none\.db\. Nothing was made\./],
    [['--from', join(from, 'x.db'), '--to', to], /^--from: there is no .*x\.db\. Nothing was made\./],
    [['--from', blank, '--to', to], /^--from: .*blank\.db is empty\./],
    [['--from', secret, '--to', to], /^--from must be postgres:\/\/USER/],
    [['--from', from, '--to', secret], /^--to must be postgres:\/\/USER/],
    [['--from', from, '--to', 'mysql://x/y'], /^--to must be the path of a SQLite file/],
    [['--from', from, '--to', from], /^--from and --to are one database/],
    [['--from', from, '--to', link], /^--from and --to are one database/],
    [
      ['--from', 'postgres://desk:hush@127.0.0.1:1/none', '--to', to],
      /^--from: postgres:\/\/127\.0\.0\.1:1\/none cannot be/,
    ],
  ] as const) {
    const { code, out, err } = await run(t, ['copy', ...args])
    t.same([code, out], [1, ''], args.join(' '))
    t.match(err, sentence)
    t.match(err, /^.+\.\n$/)
    t.notMatch(err, 'hush')
    t.notOk(existsSync(to))
  }
  t.notOk(existsSync(join(folder, 'none')))
  t.equal(readFileSync(blank).length, 0)
})

t.test('one database of PostgreSQL under two names is found out, and an empty source too', async (t) => {
  const url = await newPostgres()
  await makeSmall(t, url)
  const same = await copy(t, url, url.replace('127.0.0.1', 'localhost'))
  t.same([same.code, same.out], [1, ''])
  t.match(same.err, /^.+ and .+ are one database\.\n$/)
  const empty = await copy(t, await newPostgres(), url)
  t.match(empty.err, /^.+ holds nothing to copy\. Are the two databases the wrong way round\?\n$/)
  t.equal(empty.code, 1)
})

t.test('a side that another version has migrated is named and left as it is', async (t) => {
  const folder = t.testdir()
  mkdirSync(join(folder, 'a'))
  const [ours, newer] = [join(folder, 'a/ours.db'), join(folder, 'a/newer.db')]
  await makeSmall(t, ours)
  copyFileSync(ours, newer)
  const db = new Database(newer)
  db.exec("INSERT INTO migrations VALUES ('9999_later.sql', 'x', 'x')")
  db.close()
  const before = rowsOf(newer)
  for (const [from, to, flag] of [
    [ours, newer, 'to'],
    [newer, join(folder, 'b.db'), 'from'],
  ] as const) {
    const { code, out, err } = await copy(t, from, to)
    t.same([code, out], [1, ''])
    t.match(err, new RegExp(`^--${flag}: The database was migrated by 9999_later\\.sql, .* run a newer Warta\\.\\n$`))
  }
  t.same(rowsOf(newer), before)
  t.notOk(existsSync(join(folder, 'b.db')))
})
