import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeTag } from '../support/factories.ts'

const path = '/v1/tags'
const using = (name: string) => ({ tags: [name] })

async function usedBy(app: TestApp, id: string, stage: 'live' | 'working' = 'live'): Promise<string[]> {
  const { body } = await app.call('GET', `/v1/articles/${id}?stage=${stage}`, { as: 'editor' })
  return body.tags.map(({ slug }: { slug: string }) => slug)
}

t.test('a tag that articles use stays, and says how many: drafts and trash too, each article once', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Used' })
  await makePublished(app, using('used'))
  await makeDraft(app, using('used'))
  const trashed = await makeDraft(app, using('used'))
  await app.call('DELETE', `/v1/articles/${trashed.id}`, { as: 'editor', version: 1 })
  for (const query of ['', '?detach=false']) {
    const answer = await app.call('DELETE', `${path}/used${query}`, { as: 'editor', version: 1 })
    t.match(answer, { status: 409, body: { code: 'tag_in_use', articles: 3 } })
  }
  t.match((await app.call('GET', `${path}/used`)).body, { articleCount: 1, version: 1 })
})

t.test('a tag that only a live copy still uses stays too', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Used' })
  const { id, version } = await makePublished(app, using('used'))
  await app.call('PATCH', `/v1/articles/${id}`, { as: 'editor', version, body: { tags: [] } })
  const answer = await app.call('DELETE', `${path}/used`, { as: 'editor', version: 1 })
  t.match(answer, { status: 409, body: { articles: 1 } })
})

t.test('moveTo gives the articles of a tag another, where its names lead from then on', async (t) => {
  const app = await testApp(t)
  const used = await makeTag(app, { name: 'Used' })
  await app.call('PATCH', `${path}/used`, { as: 'editor', version: 1, body: { slug: 'used-up' } })
  const other = await makeTag(app, { name: 'Other' })
  const live = await makePublished(app, using('used-up'))
  const draft = await makeDraft(app, using('used-up'))
  const gone = await app.call('DELETE', `${path}/used-up?moveTo=${other.id}`, { as: 'editor', version: 2 })
  t.equal(gone.status, 204)
  for (const name of [used.id, 'used', 'used-up']) {
    const answer = await app.call('GET', `${path}/${name}`)
    t.match(answer, { status: 301, headers: { location: `${path}/other` } }, name)
    const { body } = await app.call('GET', `/v1/articles?tag=${name}`)
    t.match(body.data, [{ id: live.id }])
  }
  t.same(await usedBy(app, live.id), ['other'])
  t.same(await usedBy(app, draft.id, 'working'), ['other'])
  t.equal((await app.call('GET', `${path}/other`)).body.articleCount, 1)
})

t.test('detach takes a tag off its articles, drafts and live, and frees its names', async (t) => {
  const app = await testApp(t)
  const used = await makeTag(app, { name: 'Used' })
  const live = await makePublished(app, using('used'))
  const draft = await makeDraft(app, using('used'))
  const gone = await app.call('DELETE', `${path}/used?detach=true`, { as: 'editor', version: 1 })
  t.equal(gone.status, 204)
  t.same(await usedBy(app, live.id), [])
  t.same(await usedBy(app, live.id, 'working'), [])
  t.same(await usedBy(app, draft.id, 'working'), [])
  for (const name of [used.id, 'used']) {
    t.equal((await app.call('GET', `${path}/${name}`)).status, 404)
    t.same((await app.call('GET', `/v1/articles?tag=${name}`)).body.data, [])
  }
  t.equal((await makeTag(app, { name: 'Used' })).slug, 'used')
})

t.test('a deletion of a tag that does not make sense is refused, and changes nothing', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Used' })
  await makeTag(app, { name: 'Other' })
  const { id } = await makePublished(app, using('used'))
  const refused = [
    ['moveTo=nothing', 422, { parameter: 'moveTo', code: 'unknown_tag' }],
    ['moveTo=used', 422, { parameter: 'moveTo', code: 'same' }],
    ['moveTo=other&detach=true', 400, { parameter: 'detach' }],
    ['moveTo=', 400, { parameter: 'moveTo' }],
    ['moveTo=other&moveTo=used', 400, { parameter: 'moveTo', code: 'repeated' }],
    ['detach=yes', 400, { parameter: 'detach' }],
    ['force=true', 400, { parameter: 'force', code: 'unknown' }],
  ] as const
  for (const [query, status, fault] of refused) {
    const answer = await app.call('DELETE', `${path}/used?${query}`, { as: 'editor', version: 1 })
    t.match(answer, { status, body: { errors: [fault] } }, query)
  }
  const body = await app.call('DELETE', `${path}/used?detach=true`, { as: 'editor', version: 1, body: {} })
  t.match(body, { status: 400, body: { code: 'unexpected_body' } })
  t.same(await usedBy(app, id), ['used'])
  t.equal((await app.call('GET', `${path}/used`)).status, 200)
})
