import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'

t.test('an article names its section, tags and sources by id, slug, former slug or as they were read', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const tag = await makeTag(app)
  const source = await makeSource(app)
  await app.call('PATCH', '/v1/tags/rail', { as: 'editor', version: 1, body: { slug: 'railway' } })
  const embedded = { id: tag.id, slug: 'railway', name: 'Rail', kind: 'topic' }
  for (const form of [tag.id, 'rail', 'railway', embedded, { slug: 'railway' }]) {
    const { tags } = await makeDraft(app, { tags: [form] })
    t.same(tags, [embedded])
  }
  const outlet = { id: source.id, slug: 'antara', name: 'Antara', kind: 'outlet' }
  for (const form of [source.id, 'antara', outlet]) {
    const { sources } = await makeDraft(app, { sources: [{ source: form, role: 'origin' }] })
    t.match(sources, [{ source: outlet, role: 'origin' }])
  }
  const world = { id: section.id, slug: 'world', name: 'World', path: 'world' }
  for (const form of [section.id, 'world', world]) t.same((await makeDraft(app, { section: form })).section, world)
})

t.test('every relation that is unknown is named at its pointer, all at once, and no article is made', async (t) => {
  const app = await testApp(t)
  await makeTag(app)
  await makeSource(app)
  const answer = await app.call('POST', '/v1/articles', {
    as: 'editor',
    body: {
      title: 'Rail strike ends',
      section: 'nowhere',
      tags: ['rail', 'road', { slug: 'river' }, 'rail'],
      sources: [{ source: 'antara' }, { source: 'nobody' }],
    },
  })
  t.match(answer, { status: 422, body: { code: 'rule_broken' } })
  t.same(answer.body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]).sort(), [
    ['/section', 'unknown_section'],
    ['/sources/1/source', 'unknown_source'],
    ['/tags/1', 'unknown_tag'],
    ['/tags/2', 'unknown_tag'],
    ['/tags/3', 'duplicate'],
  ])
  const { body } = await app.call('GET', '/v1/articles?stage=working&count=exact', { as: 'editor' })
  t.equal(body.page.total, 0)
})

t.test('articleCount counts what the public reads now, and nothing else', async (t) => {
  const app = await testApp(t)
  await makeTag(app)
  await makeSource(app)
  const uses = { tags: ['rail'], sources: [{ source: 'antara' }, { source: 'antara', role: 'photo' }] }
  const counts = async () => [
    (await app.call('GET', '/v1/tags/rail')).body.articleCount,
    (await app.call('GET', '/v1/sources')).body.data[0].articleCount,
  ]
  const draft = await makeDraft(app, uses)
  t.same(await counts(), [0, 0])
  const section = (await makeSection(app)).slug
  const live = await makePublished(app, { ...uses, section })
  t.same(await counts(), [1, 1], 'once, although it rests on the source twice')
  await makePublished(app, { ...uses, section, embargoUntil: '2026-11-22T10:00:00Z' })
  await makePublished(app, { ...uses, section, expiresAt: '2026-11-22T11:00:00Z' })
  t.same(await counts(), [2, 2])
  app.clock.set('2026-11-22T10:00:00.000Z')
  t.same(await counts(), [3, 3])
  app.clock.set('2026-11-22T11:00:00.000Z')
  t.same(await counts(), [2, 2])
  await app.call('PATCH', `/v1/articles/${live.id}`, { as: 'editor', version: live.version, body: { tags: [] } })
  t.same(await counts(), [2, 2], 'the working copy does not count')
  await app.call('POST', `/v1/articles/${live.id}/unpublish`, { as: 'editor', version: '*' })
  t.same(await counts(), [1, 1])
  t.equal(draft.state, 'draft')
})

t.test('a count that was read goes with a body that is sent back, whatever it has become', async (t) => {
  const app = await testApp(t)
  const tag = await makeTag(app)
  await makePublished(app, { tags: ['rail'] })
  const put = await app.call('PUT', '/v1/tags/rail', { as: 'editor', version: 1, body: { ...tag, name: 'Railways' } })
  t.match(put, { status: 200, body: { name: 'Railways', articleCount: 1 } })
})
