import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeSource } from '../support/factories.ts'

t.test('pasted copy names a source by any of its aliases, and the article rests on it', async (t) => {
  const app = await testApp(t)
  const source = await makeSource(app, { name: 'Channel NewsAsia', slug: 'cna', aliases: ['CNA'] })
  const data = 'Banjir surut\n\nDilansir CNA, Rabu (20/9/2023), banjir surut di Jakarta.'
  const paste = () => app.call('POST', '/v1/articles', { as: 'editor', raw: { type: 'text/plain', data } })
  const { status, body } = await paste()
  t.equal(status, 201)
  t.match(body.sources, [{ source: { id: source.id, slug: 'cna' }, role: 'cited', statedOn: '2023-09-20' }])
  await app.call('PATCH', '/v1/sources/cna', { as: 'editor', version: 1, body: { aliases: ['Channel'] } })
  const without = await paste()
  t.same(without.body.sources, [])
  t.match(without.body.parse.unresolved, [{ name: 'CNA' }])
})

t.test('aliases keep their order and are replaced whole', async (t) => {
  const app = await testApp(t)
  const { aliases } = await makeSource(app, { aliases: ['B', 'A', '  C '] })
  t.same(aliases, ['B', 'A', 'C'])
  const patched = await app.call('PATCH', '/v1/sources/antara', { as: 'editor', version: 1, body: { aliases: ['A'] } })
  t.match(patched.body, { aliases: ['A'], version: 2 })
  const same = await app.call('PATCH', '/v1/sources/antara', { as: 'editor', version: 2, body: { aliases: ['A'] } })
  t.equal(same.body.version, 2)
  const many = Array.from({ length: 51 }, (_, i) => `Alias ${i}`)
  const refused = await app.call('PATCH', '/v1/sources/antara', { as: 'editor', version: 2, body: { aliases: many } })
  t.match(refused, { status: 400, body: { errors: [{ pointer: '/aliases' }] } })
})
