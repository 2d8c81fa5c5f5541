import { createHash } from 'node:crypto'
import t from 'tap'
import { secretPattern } from '../../src/keys/secret.ts'
import { testApp } from '../support/app.ts'
import { makeKey } from '../support/factories.ts'
import { dump } from '../support/operations.ts'
import { provesRefusals, provesWalks } from '../support/walks.ts'

const path = '/v1/keys'

provesWalks(t, {
  path,
  query: '',
  as: 'admin',
  there: 4,
  make: (app, i) => app.call('POST', path, { as: 'admin', body: { name: `Key ${i}`, role: 'reader' } }),
})

provesRefusals(
  t,
  {
    path,
    query: '',
    as: 'admin',
    make: (app, i) => app.call('POST', path, { as: 'admin', body: { name: `Key ${i}`, role: 'reader' } }),
  },
  [],
)

t.test('the secret of a key is in the answer that made it and in no other', async (t) => {
  const app = await testApp(t)
  const answer = await app.call('POST', path, { as: 'admin', body: { name: 'night desk', role: 'editor' } })
  t.equal(answer.status, 201)
  t.equal(answer.headers['cache-control'], 'private, no-store')
  const { secret, id, hint } = answer.body
  t.match(secret, secretPattern)
  t.ok(secret.startsWith(hint) && hint.length === 10, 'the hint shows four characters of thirty-six')
  t.equal(answer.headers.location, `${path}/${id}`)
  for (const url of [`${path}/${id}`, `${path}?limit=100`, `${path}?count=exact`]) {
    const { status, text, body } = await app.call('GET', url, { as: 'admin' })
    t.equal(status, 200)
    t.notOk(text.includes(secret))
    t.notOk(text.includes(secret.slice(hint.length)))
    t.notOk(text.includes(createHash('sha256').update(secret).digest('hex')))
    t.notMatch(Object.keys(body.data?.[0] ?? body).join(), /secret|hash/i)
  }
  t.match((await app.call('GET', `${path}/${id}`, { as: 'admin' })).body, {
    name: 'night desk',
    role: 'editor',
    hint,
    version: 1,
    expiresAt: null,
    revokedAt: null,
  })
})

t.test('the database holds no secret, only its hash', async (t) => {
  const app = await testApp(t)
  const made = await makeKey(app)
  const rotated = await app.call('POST', `${path}/${made.id}/rotate`, { as: 'admin', body: { overlapSeconds: 60 } })
  const secrets = [made.secret, rotated.body.secret, ...Object.values(app.keys)]
  const kept = await dump(app.store)
  for (const secret of secrets) {
    t.notOk(kept.includes(secret))
    t.notOk(kept.includes(secret.slice('warta_'.length + 4)), 'nor the part that the hint leaves out')
    t.ok(kept.includes(createHash('sha256').update(secret).digest('hex')))
  }
  t.notOk(app.statements.some((sql) => secrets.some((secret) => sql.includes(secret))))
})

t.test('the faults of a key are named all at once, and none is made', async (t) => {
  const app = await testApp(t)
  const body = { name: ' ', role: 'owner', expiresAt: 'tomorrow', secret: 'mine' }
  const answer = await app.call('POST', path, { as: 'admin', body })
  t.equal(answer.status, 400)
  const pointers = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer)
  t.same(pointers.sort(), ['/expiresAt', '/name', '/role', '/secret'])
  for (const expiresAt of ['2026-11-23', '2026-02-30T00:00:00Z', 1, '2026-11-23T00:00:00']) {
    const wrong = await app.call('POST', path, { as: 'admin', body: { name: 'a', role: 'reader', expiresAt } })
    t.match(wrong, { status: 400, body: { errors: [{ pointer: '/expiresAt' }] } })
  }
  t.equal((await app.call('GET', `${path}?count=exact`, { as: 'admin' })).body.page.total, 4)
  const key = await makeKey(app)
  for (const overlapSeconds of [-1, 604_801, 1.5, '60', null]) {
    const url = `${path}/${key.id}/rotate`
    const wrong = await app.call('POST', url, { as: 'admin', body: { overlapSeconds } })
    t.match(wrong, { status: 400, body: { errors: [{ pointer: '/overlapSeconds' }] } })
  }
  t.equal((await app.call('GET', `${path}/${key.id}`, { as: 'admin' })).body.version, 1)
})

t.test('a key that is nowhere is a 404 to read, rotate and revoke', async (t) => {
  const app = await testApp(t)
  const url = `${path}/019bd2a4-0000-7000-8000-000000000001`
  for (const [method, to, body] of [
    ['GET', url, undefined],
    ['POST', `${url}/rotate`, {}],
    ['DELETE', url, undefined],
  ] as const) {
    t.match(await app.call(method, to, { as: 'admin', body }), { status: 404, body: { code: 'key_not_found' } })
  }
})

t.test('the newest key is listed first, and revoked ones too', async (t) => {
  const app = await testApp(t)
  app.clock.advance(1_000)
  const first = await makeKey(app, { name: 'first' })
  app.clock.advance(1_000)
  await makeKey(app, { name: 'second', role: 'writer' })
  await app.call('DELETE', `${path}/${first.id}`, { as: 'admin' })
  const { body } = await app.call('GET', `${path}?limit=2`, { as: 'admin' })
  t.match(body.data, [
    { name: 'second', role: 'writer', revokedAt: null },
    { name: 'first', revokedAt: '2026-11-22T09:00:02.000Z', version: 2 },
  ])
})
