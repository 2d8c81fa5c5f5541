import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import t from 'tap'
import { newSecret } from '../../src/keys/secret.ts'
import { keyIn, run, serve, until } from '../support/cli.ts'
import { folderOf } from '../support/engines.ts'

/** What the program does with the files that a database of SQLite is. */

t.test('a first start makes the folder, and the files hold no key and are nobody else’s to read', async (t) => {
  const folder = join(folderOf(t), 'new/folder')
  const database = join(folder, 'warta.db')
  const service = await serve(t, database)
  await until(() => service.out().includes('Try it:'))
  const key = keyIn(service.out()) ?? ''
  t.ok(key)
  const files = readdirSync(folder)
  t.ok(files.includes('warta.db') && files.includes('warta.db-wal'))
  for (const file of files) {
    t.notOk(readFileSync(join(folder, file)).includes(key), file)
    t.equal(statSync(join(folder, file)).mode & 0o077, 0, file)
  }
})

t.test('migrate makes the folder too', async (t) => {
  const database = join(t.testdir(), 'deep/er/warta.db')
  t.match((await run(t, ['migrate', '--database', database])).out, /^.*deep\/er\/warta\.db: ran 0001_/)
  t.ok(existsSync(database))
})

t.test('a file that is not ours is refused and left untouched', async (t) => {
  const folder = t.testdir({
    'text.db': 'this is no database at all, but long enough to have a header of a hundred bytes, or so',
  })
  const foreign = new Database(join(folder, 'foreign.db'))
  foreign.exec('CREATE TABLE notes (text TEXT); INSERT INTO notes VALUES (1)')
  foreign.close()
  for (const name of ['text.db', 'foreign.db']) {
    const path = join(folder, name)
    const before = readFileSync(path)
    for (const args of [['serve', '--port', '0'], ['migrate'], ['keys', 'list']]) {
      const { code, out, err } = await run(t, [...args, '--database', path])
      t.same([code, out], [1, ''], `${args[0]} ${name}`)
      t.match(err, /^.+ was left untouched.*\.\n$/i)
      t.notMatch(err, /\n\s+at /)
    }
    t.ok(readFileSync(path).equals(before))
    for (const companion of ['-wal', '-shm', '-journal']) t.notOk(existsSync(path + companion))
  }
})

t.test('an admin key that is none is refused before there is a database', async (t) => {
  const database = join(t.testdir(), 'warta.db')
  const good = newSecret()
  const typo = good.slice(0, -1) + (good.endsWith('a') ? 'b' : 'a')
  for (const bad of ['secret', 'warta_', typo, `${good}x`]) {
    const { code, out, err } = await run(t, ['serve', '--port', '0', '--database', database], {
      env: { WARTA_ADMIN_KEY: bad },
    })
    t.same([code, out], [1, ''], bad)
    t.match(err, /^WARTA_ADMIN_KEY is no key, .*keys new.*\.\n$/)
    t.notMatch(err, bad === 'warta_' || bad === 'secret' ? /\n\s+at / : bad)
  }
  t.notOk(existsSync(database))
})
