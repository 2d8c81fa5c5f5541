import t from 'tap'
import { run } from '../../support/cli.ts'
import { startPostgres } from '../../support/postgres.ts'

/** What the command can only meet between two databases of PostgreSQL; the rest is in test/cli/copy.test.ts. */

const server = await startPostgres()
t.teardown(() => server.dispose())

t.test('one database of PostgreSQL under two names is found out, and an empty source too', async (t) => {
  const url = await server.createDatabase('full')
  const args = ['keys', 'create', '--name', 'desk', '--role', 'editor', '--database', url]
  t.equal((await run(t, args)).code, 0)
  const copy = (from: string) => run(t, ['copy', '--from', from, '--to', url])
  const same = await copy(url.replace('127.0.0.1', 'localhost'))
  t.same([same.code, same.out], [1, ''])
  t.match(same.err, /^.+ and .+ are one database\.\n$/)
  const empty = await copy(await server.createDatabase('empty'))
  t.match(empty.err, /^.+ holds nothing to copy\. Are the two databases the wrong way round\?\n$/)
  t.equal(empty.code, 1)
})
