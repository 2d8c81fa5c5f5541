import { execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve, sep } from 'node:path'
import t from 'tap'
import { uncounted } from './support/coverage.ts'
import { engineCalled, template } from './support/engines.ts'
import { importersOf } from './support/importers.ts'
import { startPostgres } from './support/postgres.ts'

/**
 * Every file that tests on a database has run on SQLite, by itself. Here each runs once more, on PostgreSQL. Which files
 * those are shows in what they import. The files about PostgreSQL alone are run from here too, and left out by .taprc:
 * without it there is nothing for them to do.
 */

const root = join(import.meta.dirname, '..')
const minute = 60_000
const longest = 120 * minute
const wanted = (process.env.WARTA_TEST_ENGINES ?? 'sqlite,postgres').split(',').map(engineCalled)

const aboutPostgres = 'test/storage/postgres/'
/** These are about one engine, whichever that is. */
const ofOneEngine = /^test\/(storage\/(sqlite|postgres)\/|postgres\.test\.ts$)/

const tests = globSync('test/**/*.test.ts', { cwd: root })
  .map((path) => path.replaceAll(sep, '/'))
  .sort()
/**
 * These are about what a request meets before there is a database, about streams and signals, or about the document:
 * minutes on a second engine, and nothing learnt. That the engines answer alike is for test/blackbox.test.ts to say.
 */
const ofNoEngine =
  /^test\/(http\/(contract|docs|fuzz|headers|hostile-\w+|logs|methods|root|sockets)|articles\/export|cache\/front|cli\/(export|restart|stop)|openapi|openapi-types|client|readme)\.test\.ts$/
const ofAny = tests.filter((path) => !ofOneEngine.test(path) && !ofNoEngine.test(path))
const onBoth = importersOf(
  join(import.meta.dirname, 'support/engines.ts'),
  ofAny.map((path) => resolve(root, path)),
).map((path) => relative(root, path).replaceAll(sep, '/'))
const onPostgres = tests.filter((path) => path.startsWith(aboutPostgres))

/** Some that are surely among them. If none were found, none would run, and nothing would fail. */
const surely = [
  ...['articles/life', 'articles/statements', 'cli/copy', 'cli/database', 'cli/serve', 'http/problems'],
  ...['import/import', 'keys/keys', 'sections/tree', 'sources/confidential', 'storage/store', 'tags/merge'],
].map((name) => `test/${name}.test.ts`)
const leastFiles = 50
const pure = /^test\/(copy|lib|markdown)\//

t.test('the files that test on a database are found, and no others', async (t) => {
  t.same(
    surely.filter((path) => !onBoth.includes(path)),
    [],
    'these are',
  )
  t.ok(onBoth.length >= leastFiles, `${onBoth.length} of ${ofAny.length} files test on a database`)
  t.ok(ofAny.filter((path) => pure.test(path)).length > 10, 'there are files without a database')
  t.same(
    onBoth.filter((path) => pure.test(path)),
    [],
    'and they are not',
  )
  t.ok(onPostgres.includes(`${aboutPostgres}tables.test.ts`), `${onPostgres.length} files are about PostgreSQL`)
})

if (wanted.includes('postgres')) {
  // All files in one: far longer than .taprc gives to one of them, also where the machine is busy with others.
  t.setTimeout(longest)
  t.jobs = 2
  const server = await startPostgres()
  t.teardown(() => server.dispose())
  execFileSync(process.execPath, ['bin/warta.js', 'migrate', '--database', await server.createDatabase(template)], {
    cwd: root,
  })
  // Longer than any of them gives itself.
  const ofOne = 25 * minute
  const shared = { ...process.env, TAP_TIMEOUT: String(ofOne / 1000) }
  const options = { cwd: root, timeout: ofOne, buffered: true }
  // They measure, and start servers of their own: one at a time.
  const alone = t.test('what is about PostgreSQL', { timeout: longest, buffered: true }, async (t) => {
    for (const file of onPostgres)
      await t.spawn(process.execPath, [...process.execArgv, file], { ...options, env: shared }, file)
  })
  const env = {
    ...shared,
    // What only PostgreSQL runs is counted by the files about it alone.
    ...uncounted,
    // Most of them take some seconds, one of which is compiling the service.
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), 'node-compile-cache'),
    WARTA_TEST_ENGINE: 'postgres',
    WARTA_TEST_POSTGRES: server.url(),
  }
  const ran = onBoth.map((file) =>
    // The last argument is for tap, which names the folder of t.testdir() by file and arguments: at the same time the same
    // file may be running there.
    t.spawn(process.execPath, [file, '--engine=postgres'], { ...options, env }, `${file} on postgres`),
  )
  await Promise.all([alone, ...ran])
} else {
  // Neither a server nor a file is started.
  t.comment('WARTA_TEST_ENGINES leaves PostgreSQL out')
}
