import t from 'tap'
import { Problem } from '../../../src/errors.ts'
import { explain, isGone, NotPrimary, passes, stateOf, Unreachable } from '../../../src/storage/postgres/errors.ts'
import { Lost } from '../../../src/storage/writer.ts'

/** What the driver throws: a SQLSTATE of the server's, or a code of the system's. */
const said = (code: string, message = 'said PostgreSQL') => Object.assign(new Error(message), { code })

const gone = [
  said('08006'),
  said('57P01'),
  said('57P03'),
  said('25P03'),
  said('53300'),
  said('ECONNREFUSED'),
  said('ECONNRESET'),
  said('EPIPE'),
  new Error('Connection terminated unexpectedly'),
  new Error('Query read timeout'),
  said('ERR_SSL_WRONG_VERSION_NUMBER'),
  new Unreachable('timeout exceeded when trying to connect', { cause: new Error('timeout exceeded') }),
  new Unreachable('wrong password', { cause: said('28P01') }),
  new Unreachable('certificate has expired', { cause: said('CERT_HAS_EXPIRED') }),
  new Unreachable('it is a standby', { cause: new NotPrimary('it is a standby') }),
]

t.test('who has lost a connection, or met a server that takes no writes, may try another', async (t) => {
  for (const error of gone) {
    t.equal(isGone(error), true, `${stateOf(error)} ${error.message}`)
    t.equal(isGone(new Error('drizzle', { cause: error })), true, 'as a cause')
    t.equal(passes(error), true)
  }
  for (const code of ['55P03', '40001', '40P01', '25006']) {
    t.equal(passes(said(code)), true, code)
    t.equal(isGone(said(code)), false, code)
  }
  t.equal(passes(new Lost('The connection was lost before the commit.')), true)
})

t.test('what the engine cannot do for a reason outside the program is database_unavailable', async (t) => {
  const outside = ['53100', '53200', '57014', '58030', '58P01', '55P03', '40001', '25006'].map((code) => said(code))
  for (const cause of [...gone, ...outside]) {
    const problem = explain(cause)
    t.ok(problem instanceof Problem, cause.message)
    t.match(problem, { code: 'database_unavailable', cause, details: { headers: { 'retry-after': '2' } } })
    t.notMatch((problem as Problem).message, /PostgreSQL/, 'nothing of the engine is said to a client')
    t.match(explain(new Error('drizzle', { cause })), { code: 'database_unavailable' }, 'as a cause')
  }
  t.match(explain(said('XX001')), { details: { detail: /damaged.*restore a backup/ } })
})

t.test('anything else is a bug of ours and stays as it is', async (t) => {
  const problem = new Problem('slug_taken', { cause: said('23505') })
  for (const error of [
    said('23505'),
    said('42601'),
    said('42P01'),
    said('ERR_INVALID_ARG_TYPE'),
    new TypeError('x'),
    'text',
    undefined,
    problem,
  ]) {
    t.equal(explain(error), error)
    t.equal(passes(error), false)
  }
})
