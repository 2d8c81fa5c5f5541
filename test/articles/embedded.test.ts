import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeTag } from '../support/factories.ts'

t.test('a member that no embedded relation has is refused at its place', async (t) => {
  const app = await testApp(t)
  const { slug } = await makeTag(app)
  const body = { title: 'T', tags: [{ slug, colour: 'red' }] }
  const { status, body: problem } = await app.call('POST', '/v1/articles', { as: 'editor', body })
  t.equal(status, 400)
  t.match(problem.errors, [{ pointer: '/tags/0' }])
})
