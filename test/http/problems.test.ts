import t from 'tap'
import { problems } from '../../src/errors.ts'
import { testApp } from '../support/app.ts'
import { document } from '../support/contract.ts'
import { admitted, completeUrlOf, makeWorld, operations } from '../support/operations.ts'

t.test('a problem tells its type, place and request, and nothing of the query', async (t) => {
  const app = await testApp(t)
  const url = '/v1/tags/none?token=warta_SECRET'
  const headers = { 'x-request-id': 'mine' }
  for (const [method, path, status, code] of [
    ['GET', url, 400, 'invalid_request'],
    ['GET', '/none?token=SECRET', 404, 'route_not_found'],
    ['POST', '/v1/tags?token=SECRET', 401, 'key_required'],
    ['DELETE', '/v1/tags?token=SECRET', 405, 'method_not_allowed'],
  ] as const) {
    const answer = await app.call(method, path, { headers })
    t.match(answer.headers['content-type'], /^application\/problem\+json/)
    const { title, kind: _ } = { ...problems[code] }
    const instance = path.replace(/\?.*/, '')
    t.match(answer.body, { type: `/problems/${code}`, title, status, code, instance, requestId: 'mine' })
    t.equal(answer.status, status)
    t.notMatch(answer.body.instance, '?')
  }
})

t.test('the pages of the problems are exactly the closed list, with the statuses that are answered', async (t) => {
  const app = await testApp(t)
  const { body } = await app.call('GET', '/problems')
  const listed = body.data as { code: string; status: number; title: string }[]
  t.strictSame(
    listed.map(({ code }) => code),
    Object.keys(problems),
  )
  t.strictSame(
    listed.map(({ code }) => code).sort(),
    [...((document.components.schemas.ProblemCode as { enum?: string[] }).enum ?? [])].sort(),
  )
  for (const kind of listed) {
    t.same((await app.call('GET', `/problems/${kind.code}`)).body, kind)
    t.ok(kind.status === 301 || (kind.status >= 400 && kind.status < 600), kind.code)
    t.not(kind.title, '', kind.code)
  }
  for (const none of ['__proto__', 'constructor', 'toString', 'none', 'INTERNAL_ERROR']) {
    t.equal((await app.call('GET', `/problems/${none}`)).body.code, 'problem_not_found', none)
  }
})

t.test('the type of every documented problem leads to a page', async (t) => {
  const app = await testApp(t)
  const types = new Set(JSON.stringify(document.components.responses).match(/\/problems\/\w+/g))
  t.ok(types.size > 10)
  for (const type of types) t.equal((await app.call('GET', type)).status, 200, type)
})

t.test('when the store breaks, every operation answers 500 or 503 and keeps its reason to itself', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  await app.store.close()
  for (const operation of operations) {
    const answer = await app.call(
      operation.method,
      completeUrlOf(operation, world),
      admitted(operation, operation.right),
    )
    const needsNothing = /^(getIndex|getLiveness|(list|get)Problems?)$/.test(operation.id)
    t.equal(answer.status >= 500, !needsNothing, `${operation.id}: ${answer.status}`)
    t.notMatch(
      answer.text,
      /sqlite|database connection|not open|select |insert |node_modules|\.ts\b|at \w+ \(/i,
      operation.id,
    )
    if (answer.status === 503) t.match(answer.headers['retry-after'], /^\d+$/)
    t.equal(answer.headers.etag !== undefined, answer.status === 200)
  }
  t.equal((await app.call('GET', '/livez')).status, 200, 'the process is alive')
})
