import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeSection } from '../support/factories.ts'
import { provesRefusals, provesWalks } from '../support/walks.ts'

const path = '/v1/sections'

provesWalks(t, {
  path,
  query: 'tree=false',
  make: (app, i) => app.call('POST', path, { as: 'editor', body: { name: `Section ${(i * 37) % 101}` } }),
})

provesWalks(t, {
  path,
  query: 'parent=top',
  make: async (app, i) => {
    await app.call('POST', path, { as: 'editor', body: { name: 'Top', slug: 'top' } })
    return app.call('POST', path, { as: 'editor', body: { name: `Section ${(i * 37) % 101}`, parent: 'top' } })
  },
})

provesRefusals(
  t,
  {
    path,
    query: 'tree=false',
    make: (app, i) => app.call('POST', path, { as: 'editor', body: { name: `Section ${i}` } }),
  },
  ['parent=section-0'],
)

t.test('parent= lists the sections right below one, and no other', async (t) => {
  const app = await testApp(t)
  const top = await makeSection(app, { name: 'Top' })
  await makeSection(app, { name: 'Other' })
  await makeSection(app, { name: 'B', parent: 'top' })
  await makeSection(app, { name: 'A', parent: 'top' })
  await makeSection(app, { name: 'Deep', parent: 'a' })
  const slugs = async (parent: string): Promise<string[]> => {
    const { body } = await app.call('GET', `${path}?parent=${parent}&count=exact`)
    t.equal(body.page.total, body.data.length)
    return body.data.map(({ slug }: { slug: string }) => slug)
  }
  t.same(await slugs('top'), ['a', 'b'])
  t.same(await slugs(top.id), ['a', 'b'])
  t.same(await slugs('top%2Fa'), ['deep'])
  t.same(await slugs('deep'), [])
  const unknown = await app.call('GET', `${path}?parent=nowhere`)
  t.match(unknown, { status: 404, body: { code: 'section_not_found' } })
})
