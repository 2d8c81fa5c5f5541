import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { keyIn, run } from '../support/cli.ts'
import { engine, newDatabase } from '../support/engines.ts'

/** The commands that work on a database and end. It is named by --database or by WARTA_DATABASE. */

t.test('migrate brings a database to the newest schema and says what ran', async (t) => {
  const database = await newDatabase(t)
  // What is told of a database of PostgreSQL says nothing of who may use it.
  const name = engine === 'sqlite' ? database : database.replace(/\/\/.*@/, '//')
  const first = await run(t, ['migrate', '--database', database])
  t.same([first.code, first.err], [0, ''])
  t.ok(first.out.startsWith(`${name}: ran 0001_`), first.out)
  t.match(first.out, /: ran 0001_\w+\.sql.*\.\n$/)
  const again = await run(t, ['migrate'], { env: { WARTA_DATABASE: database } })
  t.same([again.code, again.out], [0, `${name} is up to date.\n`])
})

t.test('keys are made, listed without their secrets, and invented without a database', async (t) => {
  const database = await newDatabase(t)
  const made = await run(t, ['keys', 'create', '--name', 'night desk', '--role', 'editor', '--database', database])
  t.equal(made.code, 0)
  const secret = keyIn(made.out) ?? ''
  t.equal(made.out, `${secret}\n`, 'the secret alone, so that a script can take it')
  const list = await run(t, ['keys', 'list'], { env: { WARTA_DATABASE: database } })
  t.match(list.out, new RegExp(`^${secret.slice(0, 10)}…  editor .*night desk\n$`))
  t.notMatch(list.out, secret)
  const fresh = await run(t, ['keys', 'new'], { env: { WARTA_DATABASE: `${database}_none` } })
  t.match(fresh.out, /^warta_[0-9A-Za-z]{36}\n$/)
  for (const [args, sentence] of [
    [['create', '--role', 'editor'], '--name'],
    [['create', '--name', ' ', '--role', 'editor'], '--name'],
    [['create', '--name', 'x', '--role', 'king'], '--role'],
    [['steal'], 'keys create'],
    [[], 'keys create'],
  ] as const) {
    const { code, out, err } = await run(t, ['keys', ...args, '--database', database])
    t.same([code, out], [1, ''])
    t.match(err, sentence)
    t.notMatch(err, /\n\s+at /)
  }
})

t.test('import brings in a file, says what became of it, and ends with 1 when a record cannot be taken', async (t) => {
  const env = { WARTA_DATABASE: await newDatabase(t) }
  const flags = ['--create-missing', '--publish', '--section', 'archive', '--source', 'newswire']
  const newswire = join(import.meta.dirname, '../fixtures/import/newswire.ndjson')
  const first = await run(t, ['import', newswire, ...flags, '--dry-run'], { env })
  t.equal(first.code, 0)
  t.match(first.out, /: 7 created, .* 0 failed; .*\(dry run: nothing was kept\)\n$/)
  for (const expected of [
    /: 7 created, .* 7 published, 0 failed; 2 sections/,
    /: 0 created, 0 updated, 7 unchanged, /,
  ]) {
    const { code, out, err } = await run(t, ['import', newswire, ...flags], { env })
    t.same([code, err], [0, ''])
    t.match(out, expected)
  }
  const bad = join(t.testdirName, 'bad.ndjson')
  mkdirSync(t.testdirName, { recursive: true })
  writeFileSync(bad, '{"title":"A title","slug":"a-title","pages":[{"body":"One"}]}\n{"title":7}\n')
  const { code, out, err } = await run(t, ['import', bad], { env })
  t.equal(code, 1)
  t.match(out, /: 1 created, .* 1 failed; /)
  t.match(out + err, /bad\.ndjson:2: /)
  t.notMatch(out + err, /\n\s+at /)
})
