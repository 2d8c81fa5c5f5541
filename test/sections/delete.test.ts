import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection } from '../support/factories.ts'

const path = '/v1/sections'

t.test('a section with articles stays, and says how many: drafts and trash too, each article once', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'World' })
  await makePublished(app, { section: 'world' })
  await makeDraft(app, { section: 'world' })
  const trashed = await makeDraft(app, { section: 'world' })
  await app.call('DELETE', `/v1/articles/${trashed.id}`, { as: 'editor', version: 1 })
  const answer = await app.call('DELETE', `${path}/world`, { as: 'editor', version: 1 })
  t.match(answer, { status: 409, body: { code: 'section_in_use', articles: 3 } })
  t.notOk('sections' in answer.body)
  t.equal((await app.call('GET', `${path}/world`)).status, 200)
})

t.test('a section that only a live copy still uses stays too', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'World' })
  await makeSection(app, { name: 'Asia' })
  const { id, version } = await makePublished(app, { section: 'world' })
  await app.call('PATCH', `/v1/articles/${id}`, { as: 'editor', version, body: { section: 'asia' } })
  const answer = await app.call('DELETE', `${path}/world`, { as: 'editor', version: 1 })
  t.match(answer, { status: 409, body: { articles: 1 } })
})

t.test('a section with sections below it stays, and counts them and its articles', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'World' })
  await makeSection(app, { name: 'Asia', parent: 'world' })
  const one = await app.call('DELETE', `${path}/world`, { as: 'editor', version: 1 })
  t.match(one, { status: 409, body: { code: 'section_in_use', sections: 1 } })
  await makeSection(app, { name: 'Europe', parent: 'world' })
  await makeDraft(app, { section: 'world' })
  const both = await app.call('DELETE', `${path}/world`, { as: 'editor', version: 1 })
  t.match(both, { status: 409, body: { sections: 2, articles: 1 } })
  t.equal((await app.call('GET', `${path}?count=exact`)).body.page.total, 3)
})

t.test('moveTo gives articles and sub-sections to another, where its names lead from then on', async (t) => {
  const app = await testApp(t)
  const world = await makeSection(app, { name: 'World' })
  const news = await makeSection(app, { name: 'News' })
  await makeSection(app, { name: 'Asia', parent: 'world' })
  await makeSection(app, { name: 'Jakarta', parent: 'asia' })
  await app.call('PATCH', `${path}/world`, { as: 'editor', version: 1, body: { slug: 'globe' } })
  const live = await makePublished(app, { section: 'globe' })
  const draft = await makeDraft(app, { section: 'globe' })
  const gone = await app.call('DELETE', `${path}/globe?moveTo=news`, { as: 'editor', version: 2 })
  t.equal(gone.status, 204)
  const { body } = await app.call('GET', path)
  t.same(
    body.data.map((section: { path: string }) => section.path),
    ['news', 'news/asia', 'news/asia/jakarta'],
  )
  t.match(body.data[1], { parent: { id: news.id }, version: 3 })
  for (const name of [world.id, 'world', 'globe']) {
    const answer = await app.call('GET', `${path}/${name}`)
    t.match(answer, { status: 301, headers: { location: `${path}/news` } }, name)
  }
  for (const [name, slug] of [
    ['globe%2Fasia', 'asia'],
    ['world%2Fasia%2Fjakarta', 'jakarta'],
  ]) {
    t.match(await app.call('GET', `${path}/${name}`), { status: 301, headers: { location: `${path}/${slug}` } })
  }
  t.equal((await app.call('GET', `/v1/articles/${live.id}`)).body.section.slug, 'news')
  const working = await app.call('GET', `/v1/articles/${draft.id}?stage=working`, { as: 'editor' })
  t.equal(working.body.section.slug, 'news')
  const stale = await app.call('PATCH', `${path}/asia`, { as: 'editor', version: 2, body: { name: 'New' } })
  t.same(stale.body.changedFields, ['parent', 'path'])
})

t.test(
  'moveTo a section that is none, is the same, is below it or too deep is refused, and moves nothing',
  async (t) => {
    const app = await testApp(t)
    await makeSection(app, { name: 'World' })
    await makeSection(app, { name: 'Asia', parent: 'world' })
    await makeSection(app, { name: 'Jakarta', parent: 'asia' })
    let parent: string | null = null
    for (let i = 1; i <= 7; i += 1) parent = (await makeSection(app, { name: `Level ${i}`, parent })).slug
    const draft = await makeDraft(app, { section: 'world' })
    const before = (await app.call('GET', `${path}?limit=100`)).text
    for (const [moveTo, code] of [
      ['nowhere', 'unknown_section'],
      ['world', 'same'],
      ['asia', 'cycle'],
      ['jakarta', 'cycle'],
      ['level-7', 'too_deep'],
    ]) {
      const answer = await app.call('DELETE', `${path}/world?moveTo=${moveTo}`, { as: 'editor', version: 1 })
      t.match(answer, { status: 422, body: { errors: [{ parameter: 'moveTo', code }] } }, String(moveTo))
    }
    t.equal((await app.call('GET', `${path}?limit=100`)).text, before)
    const { body } = await app.call('GET', `/v1/articles/${draft.id}?stage=working`, { as: 'editor' })
    t.equal(body.section.slug, 'world')
  },
)

t.test('a section is not taken off its articles: detach is no parameter here', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'World' })
  const answer = await app.call('DELETE', `${path}/world?detach=true`, { as: 'editor', version: 1 })
  t.match(answer, { status: 400, body: { errors: [{ parameter: 'detach', code: 'unknown' }] } })
  t.equal((await app.call('GET', `${path}/world`)).status, 200)
})
