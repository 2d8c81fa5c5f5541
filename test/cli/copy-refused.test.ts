import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { run } from '../support/cli.ts'
import { copy, makeSmall, rowsOf } from './copies.ts'

/** Copies that are refused or fail, shown on files: what is found wrong is the same, whatever the engine. */

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
