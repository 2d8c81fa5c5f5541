import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeSource, makeTag } from '../support/factories.ts'

t.test('a member that no embedded relation has is refused at its place', async (t) => {
  const app = await testApp(t)
  const { slug } = await makeTag(app)
  const body = { title: 'T', tags: [{ slug, colour: 'red' }] }
  const { status, body: problem } = await app.call('POST', '/v1/articles', { as: 'editor', body })
  t.equal(status, 400)
  t.match(problem.errors, [{ pointer: '/tags/0' }])
})

t.test('nobody makes a source confidential by embedding it so', async (t) => {
  const app = await testApp(t)
  const { slug } = await makeSource(app, { name: 'Open' })
  const secret = await makeSource(app, { name: 'Secret', visibility: 'editors' })
  const create = (source: object) =>
    app.call('POST', '/v1/articles', { as: 'editor', body: { title: 'T', sources: [{ source }] } })
  const { status, body: problem } = await create({ slug, visibility: 'editors' })
  t.equal(status, 422)
  const message = 'is given by the server and is not there now: leave it out'
  t.match(problem.errors, [{ pointer: '/sources/0/source/visibility', code: 'read_only', message }])
  const { body } = await create({ slug: secret.slug, visibility: 'editors' })
  t.equal((await create(body.sources[0].source)).status, 201, 'as it was read')
})
