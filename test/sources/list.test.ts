import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeSource } from '../support/factories.ts'
import { provesRefusals, provesWalks } from '../support/walks.ts'

const path = '/v1/sources'

for (const query of ['sort=name', 'sort=-name', 'sort=updatedAt', 'sort=-updatedAt', 'kind=outlet,agency']) {
  provesWalks(t, {
    path,
    query,
    // Some names are the same: then the id decides.
    make: (app, i) => app.call('POST', path, { as: 'editor', body: { name: `Name ${(i * 37) % 7}` } }),
  })
}

provesRefusals(
  t,
  {
    path,
    query: 'sort=name',
    make: (app, i) => app.call('POST', path, { as: 'editor', body: { name: `Name ${i}` } }),
  },
  ['sort=-name', 'sort=updatedAt', 'kind=outlet,agency', 'ids=name-0,name-1'],
)

t.test('sort orders by name or by the last change, either way', async (t) => {
  const app = await testApp(t)
  for (const name of ['C', 'A', 'B']) {
    await makeSource(app, { name })
    app.clock.advance(1_000)
  }
  await app.call('PATCH', `${path}/c`, { as: 'editor', version: 1, body: { name: 'Cc' } })
  const expected = {
    name: ['a', 'b', 'c'],
    '-name': ['c', 'b', 'a'],
    updatedAt: ['a', 'b', 'c'],
    '-updatedAt': ['c', 'b', 'a'],
  }
  for (const [sort, slugs] of Object.entries(expected)) {
    const { body } = await app.call('GET', `${path}?sort=${sort}`)
    const found = body.data.map(({ slug }: { slug: string }) => slug)
    t.same(found, slugs, sort)
  }
  t.equal((await app.call('GET', `${path}?sort=slug`)).status, 400)
})

t.test('ids= lists these alone, by id, slug or former slug, each once; what is not there is left out', async (t) => {
  const app = await testApp(t)
  const a = await makeSource(app, { name: 'A' })
  const b = await makeSource(app, { name: 'B' })
  await makeSource(app, { name: 'C' })
  await app.call('PATCH', `${path}/b`, { as: 'editor', version: 1, body: { slug: 'bee' } })
  const names = [a.id, 'a', 'b', 'bee', b.id, 'nothing'].join(',')
  const { body } = await app.call('GET', `${path}?ids=${names}&count=exact`)
  const slugs = body.data.map(({ slug }: { slug: string }) => slug)
  t.same(slugs, ['a', 'bee'])
  t.equal(body.page.total, 2)
  t.same((await app.call('GET', `${path}?ids=nothing`)).body.data, [])
  t.equal((await app.call('GET', `${path}?ids=`)).status, 400)
  t.equal((await app.call('GET', `${path}?ids=${Array(101).fill('a')}`)).status, 400)
})
