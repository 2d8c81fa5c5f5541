import { globSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import t from 'tap'
import { engineCalled } from './support/engines.ts'
import { importersOf } from './support/importers.ts'
import { startPostgres } from './support/postgres.ts'

/**
 * Every file that tests on a database has run on SQLite, by itself. Here each runs once more, on PostgreSQL. Which files
 * those are shows in what they import.
 */

const root = join(import.meta.dirname, '..')
const minute = 60_000
const wanted = (process.env.WARTA_TEST_ENGINES ?? 'sqlite,postgres').split(',').map(engineCalled)

/** These are about one engine, whichever that is. */
const ofOneEngine = /^test\/(storage\/(sqlite|postgres)\/|postgres\.test\.ts$)/

if (wanted.includes('postgres')) {
  // All files in one: far longer than .taprc gives to one of them.
  t.setTimeout(30 * minute)
  t.jobs = 2
  const server = await startPostgres()
  t.teardown(() => server.dispose())
  const tests = globSync('test/**/*.test.ts', { cwd: root })
    .map((path) => path.replaceAll(sep, '/'))
    .filter((path) => !ofOneEngine.test(path))
    .sort()
    .map((path) => resolve(root, path))
  const files = importersOf(join(import.meta.dirname, 'support/engines.ts'), tests)
  t.comment(`${files.length} of ${tests.length} files test on a database`)
  const env = {
    ...process.env,
    WARTA_TEST_ENGINE: 'postgres',
    WARTA_TEST_POSTGRES: server.url(),
    TAP_TIMEOUT: String((5 * minute) / 1000),
  }
  const ran = files.map((file) =>
    // The last argument is for tap, which names the folder of t.testdir() by file and arguments: at the same time the
    // same file may be running on SQLite.
    t.spawn(
      process.execPath,
      [...process.execArgv, file, '--engine=postgres'],
      { cwd: root, env, timeout: 5 * minute, buffered: true },
      `${relative(root, file)} on postgres`,
    ),
  )
  await Promise.all(ran)
} else {
  t.comment('WARTA_TEST_ENGINES leaves PostgreSQL out')
  t.pass('nothing to run')
}
