import Database from 'better-sqlite3'
import t from 'tap'
import { Problem } from '../../../src/errors.ts'
import { explain, isBusy, isDiskFailure } from '../../../src/storage/sqlite/errors.ts'

const sqlite = (code: string) => new Database.SqliteError('said SQLite', code)

t.test('what the engine cannot do for a reason outside the program is database_unavailable', async (t) => {
  for (const code of [
    'SQLITE_BUSY',
    'SQLITE_BUSY_SNAPSHOT',
    'SQLITE_FULL',
    'SQLITE_IOERR_FSYNC',
    'SQLITE_READONLY',
    'SQLITE_CANTOPEN',
  ]) {
    const cause = sqlite(code)
    const problem = explain(cause)
    t.ok(problem instanceof Problem, code)
    t.match(problem, { code: 'database_unavailable', cause, details: { headers: { 'retry-after': '2' } } })
    t.notMatch((problem as Problem).message, /SQLite/, 'nothing of the engine is said to a client')
    t.match(explain(new Error('drizzle', { cause })), { code: 'database_unavailable' }, `${code} as a cause`)
  }
})

t.test('anything else is a bug of ours and stays as it is', async (t) => {
  const problem = new Problem('slug_taken', { cause: sqlite('SQLITE_CONSTRAINT_UNIQUE') })
  for (const error of [
    sqlite('SQLITE_CONSTRAINT_UNIQUE'),
    sqlite('SQLITE_ERROR'),
    new TypeError('x'),
    'text',
    undefined,
    problem,
  ]) {
    t.equal(explain(error), error)
  }
})

t.test('a busy engine is worth another try, a failed disk is not', async (t) => {
  t.equal(isBusy(sqlite('SQLITE_BUSY')), true)
  t.equal(isBusy(new Error('x', { cause: sqlite('SQLITE_BUSY_RECOVERY') })), true)
  t.equal(isBusy(sqlite('SQLITE_FULL')), false)
  t.equal(isDiskFailure(sqlite('SQLITE_IOERR_FSYNC')), true)
  t.equal(isDiskFailure(sqlite('SQLITE_FULL')), false)
  t.equal(isDiskFailure(new Error('SQLITE_IOERR')), false)
})
