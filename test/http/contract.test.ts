import t from 'tap'
import { z } from 'zod'
import { everyone, testApp } from '../support/app.ts'
import { document } from '../support/contract.ts'
import { dump, makeWorld, operations, urlOf } from '../support/operations.ts'

t.test('the service refuses to start with a route that does not say who may call it', async (t) => {
  const { app } = await testApp(t)
  const route = { schema: { response: { 200: z.object({}) } } }
  t.throws(() => app.get('/v1/open', route, async () => ({})), /GET \/v1\/open does not say who may call it/)
  const nested = app.register(async (part) => {
    part.get('/v1/nested', route, async () => ({}))
  })
  await t.rejects(async () => nested, /does not say who may call it/)
})

t.test('the service refuses to start with a route that does not say what it answers', async (t) => {
  const { app } = await testApp(t)
  const config = { allow: 'anyone' } as const
  const message = /does not say what it answers/
  t.throws(() => app.get('/v1/a', { config }, async () => ({ all: 'of it' })), message)
  t.throws(() => app.get('/v1/b', { config, schema: { response: {} } }, async () => ({})), message)
  t.throws(() => app.get('/v1/c', { config, schema: { response: { 404: z.object({}) } } }, async () => ({})), message)
})

t.test('a route answers what its schema says and nothing else that its handler returns', async (t) => {
  const { app } = await testApp(t)
  const schema = { operationId: 'getShown', response: { 200: z.object({ shown: z.string() }) } }
  app.get('/shown', { schema, config: { allow: 'anyone' } }, async () => ({ shown: 'a', secret: 'b' }))
  t.same((await app.inject('/shown')).json(), { shown: 'a' })
})

t.test('every served route is in the document, and the reverse', async (t) => {
  const { app } = await testApp(t)
  await app.ready()
  const served = [...app.paths].flatMap(([url, methods]) =>
    [...methods]
      .filter((method) => !(method === 'HEAD' && methods.has('GET')))
      .map((method) => `${method} ${url.replace(/:(\w+)/g, '{$1}')}`),
  )
  const pages = served.filter((route) => /^GET \/(openapi\.(json|yaml)|docs(\/[\w.-]+)?)$/.test(route))
  t.equal(pages.length, 7, 'the document itself, and its page')
  const documented = operations.map(({ method, path }) => `${method} ${path}`)
  t.strictSame(served.filter((route) => !pages.includes(route)).sort(), documented.sort())
})

t.test('each role passes the guard of what the document says it may, and of nothing else', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  const before = await dump(app.store)
  for (const operation of operations) {
    const { id, method, path, roles } = operation
    const security = document.paths[path]?.[method.toLowerCase()]?.security
    t.same(security, roles.length === 0 ? [{}, { key: [] }] : [{ key: [] }], `${id} says whether it needs a key`)
    for (const who of everyone) {
      // The unknown parameter stops it after the guard, whatever the operation would do.
      const { status, headers, body } = await app.call(method, `${urlOf(operation, world)}?surprise=1`, { as: who })
      const passes = roles.length === 0 || roles.includes(who)
      const code = passes
        ? /^(invalid_request|version_required|unsupported_media_type)$/
        : who === 'stranger'
          ? 'key_required'
          : 'forbidden'
      t.match(body.code, code, `${who} on ${id}`)
      t.equal(status, passes ? status : who === 'stranger' ? 401 : 403)
      t.equal(headers['www-authenticate'] !== undefined, status === 401)
    }
  }
  t.equal(await dump(app.store), before, 'nothing was written')
})

t.test('a key that is none is refused on every operation, however it is wrong', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  const good = app.keys.admin
  const last = good.endsWith('0') ? '1' : '0'
  const wrong = [
    '',
    'Bearer',
    'Bearer ',
    `Basic ${btoa('admin:admin')}`,
    'Bearer x',
    `Bearer ${good.slice(0, -1)}${last}`,
  ]
  const all = [...wrong, good, `Bearer ${good} ${good}`, `Bearer ${good.toUpperCase()}`, `Token ${good}`, 'Bearer null']
  for (const operation of operations) {
    for (const authorization of all) {
      const url = urlOf(operation, world)
      const { status, body, headers } = await app.call(operation.method, url, { headers: { authorization } })
      t.same([status, body.code], [401, 'invalid_key'], `${operation.id} with ${authorization.slice(0, 12)}`)
      t.match(headers['www-authenticate'], /^Bearer .*error="invalid_token"/)
    }
  }
  const lower = await app.call('GET', '/v1/keys', { headers: { authorization: `bearer ${good}` } })
  t.equal(lower.status, 200, 'the scheme is read in any case')
})
