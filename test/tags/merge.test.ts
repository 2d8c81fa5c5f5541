import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeTag } from '../support/factories.ts'

const path = '/v1/tags'
type Ref = { slug: string }

async function slugsOf(app: TestApp, id: string, stage: 'live' | 'working'): Promise<string[]> {
  const { body } = await app.call('GET', `/v1/articles/${id}?stage=${stage}`, { as: 'editor' })
  return body.tags.map(({ slug }: Ref) => slug)
}

function merge(app: TestApp, name: string, into: unknown, version: number | string = 1) {
  return app.call('POST', `${path}/${name}/merge`, { as: 'editor', version, body: { into } })
}

t.test('a merge gives every article the other tag once, in its place, in drafts and live copies', async (t) => {
  const app = await testApp(t)
  for (const name of ['A', 'B', 'Old', 'New']) await makeTag(app, { name })
  const section = (await makeSection(app)).slug
  const cases = [
    [
      ['a', 'old', 'b'],
      ['a', 'new', 'b'],
    ],
    [['old'], ['new']],
    [
      ['a', 'new', 'b', 'old'],
      ['a', 'new', 'b'],
    ],
    [
      ['old', 'a', 'new'],
      ['a', 'new'],
    ],
    [
      ['b', 'a'],
      ['b', 'a'],
    ],
    [[], []],
  ] as const
  const made = []
  for (const [tags, expected] of cases) {
    const draft = await makeDraft(app, { tags })
    const live = await makePublished(app, { tags, section })
    made.push({ expected, ids: [draft.id, live.id], live: live.id })
  }
  const ahead = await makePublished(app, { tags: ['old', 'b'], section })
  await app.call('PATCH', `/v1/articles/${ahead.id}`, { as: 'editor', version: 2, body: { tags: ['new'] } })

  const answer = await merge(app, 'old', 'new')
  t.match(answer, { status: 200, body: { slug: 'new', articleCount: 5, version: 1 } })
  for (const { ids, live, expected } of made) {
    for (const id of ids) t.same(await slugsOf(app, id, 'working'), expected)
    t.same(await slugsOf(app, live, 'live'), expected)
  }
  t.same(await slugsOf(app, ahead.id, 'live'), ['new', 'b'])
  t.same(await slugsOf(app, ahead.id, 'working'), ['new'])
  t.notOk((await app.call('GET', '/v1/articles?limit=100')).text.includes('"old"'), 'nobody is told of the old tag')
})

t.test('the id and all slugs of a merged tag lead to the one that stays', async (t) => {
  const app = await testApp(t)
  const old = await makeTag(app, { name: 'First' })
  await app.call('PATCH', `${path}/first`, { as: 'editor', version: 1, body: { slug: 'second' } })
  const stays = await makeTag(app, { name: 'Stays' })
  const article = await makePublished(app, { tags: ['second'] })
  await merge(app, 'second', stays.id, 2)
  for (const name of [old.id, 'first', 'second']) {
    const { status, headers, body } = await app.call('GET', `${path}/${name}`)
    t.equal(status, 301)
    t.equal(headers.location, `${path}/stays`)
    t.match(body, { code: 'moved', location: `${path}/stays` })
    for (const parameter of ['tag', 'tagAll']) {
      const list = await app.call('GET', `/v1/articles?${parameter}=${name}`)
      t.match(list.body.data, [{ id: article.id }], `${parameter}=${name}`)
    }
    t.same((await app.call('GET', `/v1/articles?tagNone=${name}`)).body.data, [])
  }
  t.equal((await app.call('GET', `${path}?count=exact`)).body.page.total, 1)
  const again = await app.call('POST', path, { as: 'editor', body: { name: 'Second', slug: 'second' } })
  t.match(again, { status: 409, body: { code: 'slug_taken' } })
})

t.test('merges in a row lead to the last', async (t) => {
  const app = await testApp(t)
  const [a, b, c] = [
    await makeTag(app, { name: 'A' }),
    await makeTag(app, { name: 'B' }),
    await makeTag(app, { name: 'C' }),
  ]
  const article = await makePublished(app, { tags: ['c', 'a', 'b'] })
  await merge(app, 'a', 'b')
  await merge(app, 'b', 'c')
  for (const { id, slug } of [a, b]) {
    for (const name of [id, slug]) {
      t.equal((await app.call('GET', `${path}/${name}`)).headers.location, `${path}/c`)
    }
  }
  t.equal((await app.call('GET', `${path}/${c.id}`)).body.articleCount, 1)
  t.same(await slugsOf(app, article.id, 'live'), ['c'])
})

t.test('a merge into nothing, into itself or into what is not as it is said changes nothing', async (t) => {
  const app = await testApp(t)
  const old = await makeTag(app, { name: 'Old' })
  const stays = await makeTag(app, { name: 'New' })
  const article = await makePublished(app, { tags: ['old'] })
  const refused = [
    ['nothing', '/into', 'unknown_tag'],
    ['old', '/into', 'same'],
    [old.id, '/into', 'same'],
    [{}, '/into', 'unknown_tag'],
    [{ id: stays.id, name: 'Other' }, '/into/name', 'read_only'],
    [{ slug: 'new', kind: 'place' }, '/into/kind', 'read_only'],
  ] as const
  for (const [into, pointer, code] of refused) {
    const answer = await merge(app, 'old', into)
    t.match(answer, { status: 422, body: { code: 'rule_broken', errors: [{ pointer, code }] } }, JSON.stringify(into))
  }
  for (const body of [{}, { into: null }, { into: 7 }, { into: 'new', more: 1 }]) {
    const answer = await app.call('POST', `${path}/old/merge`, { as: 'editor', version: 1, body })
    t.equal(answer.status, 400, JSON.stringify(body))
  }
  t.equal((await app.call('POST', `${path}/old/merge`, { as: 'editor', body: { into: 'new' } })).status, 428)
  t.match(await merge(app, 'old', 'new', 7), { status: 412, body: { currentVersion: 1 } })
  t.equal((await merge(app, 'nothing', 'new')).status, 404)
  t.same((await app.call('GET', `${path}/old`)).body, { ...old, articleCount: 1 })
  t.same(await slugsOf(app, article.id, 'live'), ['old'])
})

t.test('who still writes to a tag that was merged meanwhile does not hit the one that stays', async (t) => {
  const app = await testApp(t)
  const old = await makeTag(app, { name: 'Old' })
  await makeTag(app, { name: 'New' })
  const { headers } = await app.call('GET', `${path}/old`)
  await merge(app, 'old', 'new')
  const before = (await app.call('GET', `${path}/new`)).text
  const version = String(headers.etag)
  for (const name of [old.id, 'old']) {
    const url = `${path}/${name}`
    for (const [method, to, body] of [
      ['PATCH', url, { name: 'Older' }],
      ['PUT', url, { name: 'Older' }],
      ['DELETE', `${url}?detach=true`, undefined],
      ['POST', `${url}/merge`, { into: 'new' }],
    ] as const) {
      const answer = await app.call(method, to, { as: 'editor', version, body })
      t.match(answer, { status: 404, body: { code: 'tag_not_found' } }, `${method} ${name}`)
    }
  }
  t.equal((await app.call('GET', `${path}/new`)).text, before)
})

t.test('the tag that stays is given by id or slug or as it was read', async (t) => {
  const app = await testApp(t)
  const { id, slug, name, kind } = await makeTag(app, { name: 'New' })
  for (const [i, into] of [id, slug, { id, slug, name, kind }, { slug }].entries()) {
    await makeTag(app, { name: `Old ${i}` })
    t.match(await merge(app, `old-${i}`, into), { status: 200, body: { id } })
  }
})

t.test('two tags that are merged into each other at once: one stays', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'A' })
  await makeTag(app, { name: 'B' })
  const article = await makePublished(app, { tags: ['a', 'b'] })
  const answers = await Promise.all([merge(app, 'a', 'b'), merge(app, 'b', 'a')])
  t.same(answers.map(({ status }) => status).sort(), [200, 422])
  t.equal((await app.call('GET', `${path}?count=exact`)).body.page.total, 1)
  t.equal((await slugsOf(app, article.id, 'live')).length, 1)
})
