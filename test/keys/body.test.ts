import t from 'tap'
import { testApp } from '../support/app.ts'

t.test('a key is rotated without a body, and the secret before it ends at once', async (t) => {
  const app = await testApp(t)
  const { body: key } = await app.call('POST', '/v1/keys', { as: 'admin', body: { name: 'desk', role: 'reader' } })
  const rotated = await app.call('POST', `/v1/keys/${key.id}/rotate`, { as: 'admin' })
  t.equal(rotated.status, 200)
  t.equal((await app.call('GET', '/v1/tags', { key: key.secret })).status, 401)
  t.equal((await app.call('GET', '/v1/tags', { key: rotated.body.secret })).status, 200)
})

t.test('a key that would never work is not made', async (t) => {
  const app = await testApp(t)
  const body = { name: 'desk', role: 'reader', expiresAt: '2020-01-01T00:00:00Z' }
  const { status, body: problem } = await app.call('POST', '/v1/keys', { as: 'admin', body })
  t.equal(status, 422)
  t.match(problem.errors, [{ pointer: '/expiresAt', code: 'in_past' }])
})
