import t from 'tap'
import { newSecret } from '../../src/keys/secret.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { makeKey } from '../support/factories.ts'

const path = '/v1/keys'

/** Whether a secret opens what only editors can do. */
async function works(app: TestApp, key: string): Promise<boolean> {
  const { status } = await app.call('POST', '/v1/tags', { key, body: { name: 'Rail' } })
  if (status !== 201 && status !== 401) throw new Error(`answered ${status}`)
  return status === 201
}

function rotate(app: TestApp, id: string, overlapSeconds?: number) {
  return app.call('POST', `${path}/${id}/rotate`, {
    as: 'admin',
    body: overlapSeconds === undefined ? {} : { overlapSeconds },
  })
}

function revoke(app: TestApp, id: string, as: { as: 'admin' } | { key: string } = { as: 'admin' }) {
  return app.call('DELETE', `${path}/${id}`, as)
}

t.test('a rotation without overlap ends the secret before it at once', async (t) => {
  const app = await testApp(t)
  const { id, secret } = await makeKey(app)
  const { status, body } = await rotate(app, id)
  t.equal(status, 200)
  t.match(body, { id, name: 'desk', role: 'editor', version: 2, hint: body.secret.slice(0, 10) })
  t.not(body.secret, secret)
  t.notOk(await works(app, secret))
  t.ok(await works(app, body.secret))
})

t.test('a rotation with an overlap lets both work until it is over, to the millisecond', async (t) => {
  const app = await testApp(t)
  const { id, secret } = await makeKey(app)
  const { body } = await rotate(app, id, 3_600)
  t.ok((await works(app, secret)) && (await works(app, body.secret)))
  app.clock.advance(3_600_000 - 1)
  t.ok(await works(app, secret))
  app.clock.advance(1)
  t.notOk(await works(app, secret))
  t.ok(await works(app, body.secret))
})

t.test('a second rotation ends the first secret, whatever overlap it had', async (t) => {
  const app = await testApp(t)
  const { id, secret } = await makeKey(app)
  const second = (await rotate(app, id, 604_800)).body.secret
  const third = (await rotate(app, id, 60)).body.secret
  t.same([await works(app, secret), await works(app, second), await works(app, third)], [false, true, true])
  const fourth = (await rotate(app, id, 0)).body.secret
  t.same([await works(app, second), await works(app, third), await works(app, fourth)], [false, false, true])
})

t.test('a key works until the instant at which it expires, its former secret no longer', async (t) => {
  const app = await testApp(t)
  const { id, secret, expiresAt } = await makeKey(app, { expiresAt: '2026-11-22T17:00:00+07:00' })
  t.equal(expiresAt, '2026-11-22T10:00:00.000Z')
  const { body } = await rotate(app, id, 604_800)
  t.equal(body.expiresAt, expiresAt, 'a new secret is no new lease of life')
  app.clock.set('2026-11-22T09:59:59.999Z')
  t.same([await works(app, secret), await works(app, body.secret)], [true, true])
  app.clock.set('2026-11-22T10:00:00.000Z')
  t.same([await works(app, secret), await works(app, body.secret)], [false, false])
  t.match(await rotate(app, id), { status: 404, body: { code: 'key_not_found' } })
})

t.test('a revoked key ends at once with all its secrets, and revoking again is no fault', async (t) => {
  const app = await testApp(t)
  const { id, secret } = await makeKey(app)
  const { body } = await rotate(app, id, 604_800)
  t.equal((await revoke(app, id)).status, 204)
  t.same([await works(app, secret), await works(app, body.secret)], [false, false])
  const before = (await app.call('GET', `${path}/${id}`, { as: 'admin' })).body
  app.clock.advance(1_000)
  t.equal((await revoke(app, id)).status, 204)
  t.same((await app.call('GET', `${path}/${id}`, { as: 'admin' })).body, before)
  t.match(await rotate(app, id), { status: 404, body: { code: 'key_not_found' } })
})

t.test('the last admin key is not revoked; one that will expire does not stand in for it', async (t) => {
  const app = await testApp(t)
  const [admin] = (await app.call('GET', path, { as: 'admin' })).body.data.filter(
    ({ role }: { role: string }) => role === 'admin',
  )
  await makeKey(app, { role: 'editor' })
  const refused = await revoke(app, admin.id)
  t.match(refused, { status: 409, body: { code: 'last_admin_key' } })
  await makeKey(app, { role: 'admin', expiresAt: '2030-01-01T00:00:00Z' })
  t.equal((await revoke(app, admin.id)).status, 409)
  const second = await makeKey(app, { role: 'admin' })
  t.equal((await revoke(app, admin.id)).status, 204)
  t.equal((await app.call('GET', path, { as: 'admin' })).status, 401)
  t.match(await revoke(app, second.id, { key: second.secret }), { status: 409 })
  t.equal((await app.call('GET', path, { key: second.secret })).status, 200)
})

t.test('two admins who revoke each other at once: one key stays', async (t) => {
  const app = await testApp(t)
  const { body } = await app.call('GET', path, { as: 'admin' })
  const first = body.data.find(({ role }: { role: string }) => role === 'admin')
  const second = await makeKey(app, { role: 'admin' })
  const answers = await Promise.all([revoke(app, second.id), revoke(app, first.id, { key: second.secret })])
  t.equal(answers.filter(({ status }) => status === 204).length, 1)
  // Who comes so late that the key is revoked already is turned away at the door.
  t.match(answers.find(({ status }) => status !== 204)?.body.code, /^(last_admin_key|invalid_key)$/)
  const left = await Promise.all([app.keys.admin, second.secret].map((key) => app.call('GET', path, { key })))
  t.same(left.map(({ status }) => status).sort(), [200, 401])
})

t.test('a key that is malformed, unknown, expired, revoked or rotated gets one and the same answer', async (t) => {
  const app = await testApp(t)
  const revoked = await makeKey(app)
  await revoke(app, revoked.id)
  const rotated = await makeKey(app)
  await rotate(app, rotated.id)
  const overlapped = await makeKey(app)
  await rotate(app, overlapped.id, 60)
  const expired = await makeKey(app, { expiresAt: '2026-11-22T09:00:30Z' })
  app.clock.advance(3_600_000)
  const good = app.keys.admin
  const swapped = good.endsWith('0') ? '1' : '0'
  const bearers = [revoked.secret, rotated.secret, overlapped.secret, expired.secret, newSecret()]
    .concat(['', 'x', 'null', 'warta_', `${good}x`, good.slice(0, -1), good.toUpperCase(), `${good} ${good}`])
    .concat([good.slice(0, -1) + swapped, `warta_${'0'.repeat(36)}`, `"${good}"`, 'x'.repeat(5_000)])
  const headers = [
    ...bearers.map((key) => `Bearer ${key}`),
    good,
    `Basic ${btoa(`admin:${good}`)}`,
    `Token ${good}`,
    '',
  ]
  const urls = ['/v1/keys', '/v1/tags', '/v1/articles/nothing']
  for (const url of urls) {
    const answers = new Set<string>()
    for (const authorization of headers) {
      const { status, body, headers } = await app.call('GET', url, { headers: { authorization } })
      const { requestId, ...rest } = body
      t.ok(requestId)
      t.equal(status, 401, authorization.slice(0, 60))
      t.equal(body.code, 'invalid_key')
      answers.add(
        JSON.stringify([rest, headers['www-authenticate'], headers['cache-control'], headers['content-length']]),
      )
    }
    t.equal(answers.size, 1, url)
  }
  t.equal((await app.call('GET', path, { headers: { authorization: `bearer  ${good}` } })).status, 200)
})

t.test('what cannot be a key by its check is refused without asking the database', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  const good = app.keys.admin
  const swap = (i: number): string => good.slice(0, i) + (good[i] === 'a' ? 'b' : 'a') + good.slice(i + 1)
  const cost = async (key: string): Promise<number> => {
    const before = app.statements.length
    t.equal((await app.call('GET', '/v1/tags', { key })).status, 401)
    return app.statements.length - before
  }
  for (let i = 'warta_'.length; i < good.length; i += 1) t.equal(await cost(swap(i)), 0)
  for (const key of ['x', 'warta_x', `${good}0`]) t.equal(await cost(key), 0)
  t.equal(await cost(newSecret()), 1, 'a well-made one is looked up, once')
})
