import { randomBytes } from 'node:crypto'
import t from 'tap'
import { type TestApp, testApp, type Who } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'

const path = '/v1/sources'
const outsiders: readonly Who[] = ['stranger', 'reader']
const insiders: readonly Who[] = ['writer', 'editor', 'admin']

/** A newsroom in which one source must never be named, and everything that could give it away. */
async function newsroom(app: TestApp) {
  const canary = `canary${randomBytes(8).toString('hex')}`
  const section = (await makeSection(app)).slug
  await makeTag(app)
  await makeSource(app, { name: 'Antara' })
  const hidden = await makeSource(app, {
    name: `Name ${canary}`,
    slug: `slug-${canary}`,
    aliases: [`alias ${canary}`],
    kind: 'person',
    homepage: `https://${canary}.example.org/`,
    usageTerms: `terms ${canary}`,
    licenceUrl: `https://licence.example.org/${canary}`,
    creditLine: `credit ${canary}`,
    visibility: 'editors',
  })
  const use = {
    source: hidden.id,
    role: 'quoted',
    url: `https://piece.example.org/${canary}`,
    statedOn: '2001-02-03',
    mention: `mention ${canary}`,
  }
  const live = await makePublished(app, {
    title: 'One',
    section,
    tags: ['rail'],
    sources: [{ source: 'antara', role: 'origin' }, use],
  })
  const elsewhere = (await makeSection(app, { name: 'Elsewhere' })).slug
  const alone = await makePublished(app, { title: 'Two', section: elsewhere, sources: [use] })
  await makeDraft(app, { title: 'Three', sources: [use] })
  return { canary, hidden, live, alone, section }
}

t.test('nothing that a stranger or a reader can ask for holds one byte of a confidential source', async (t) => {
  const app = await testApp(t)
  const { canary, hidden, live, alone } = await newsroom(app)
  const urls = [
    ...['', '?include=pages', '?sort=title', '?sort=-updatedAt', '?fields=sources,title', '?count=exact&limit=1'].map(
      (query) => `/v1/articles${query}`,
    ),
    ...['origin', 'quoted', 'quoted,origin'].map((role) => `/v1/articles?sourceRole=${role}&count=exact`),
    ...[live, alone].flatMap(({ id, slug }) => [
      `/v1/articles/${id}?render=body,html,text`,
      `/v1/articles/${slug}?page=1`,
      `/v1/articles/${slug}/related?limit=20`,
    ]),
    ...['name', '-name', 'updatedAt', '-updatedAt'].map((sort) => `${path}?sort=${sort}&limit=1&count=exact`),
    `${path}?kind=person&count=exact`,
    `${path}?ids=antara`,
    `${path}/antara`,
    `${path}/antara/articles?count=exact`,
    '/v1/tags',
    '/v1/tags/rail',
    '/v1/sections?tree=true',
    '/openapi.json',
  ]
  for (const as of outsiders) {
    for (const url of urls) {
      const answer = await app.call('GET', url, { as })
      t.equal(answer.status, 200, url)
      const told = answer.text + JSON.stringify(answer.headers)
      // A cursor carries the name that it stands at.
      const cursors = [answer.body.page?.next, answer.body.page?.prev]
        .filter((cursor) => typeof cursor === 'string')
        .map((cursor) => Buffer.from(cursor, 'base64url').toString('latin1'))
      for (const secret of [canary, hidden.id, '2001-02-03']) {
        t.notOk(told.includes(secret) || cursors.join().includes(secret), `${as} ${url}`)
      }
    }
  }
})

t.test('to outsiders a confidential source is not told from one that does not exist', async (t) => {
  const app = await testApp(t)
  const { hidden } = await newsroom(app)
  await app.call('PATCH', `${path}/${hidden.id}`, { as: 'editor', version: 1, body: { slug: 'second-name' } })
  const unknown = '019bd2a4-0000-7000-8000-000000000001'
  const about = [
    (name: string) => `${path}/${name}`,
    (name: string) => `${path}/${name}/articles`,
    (name: string) => `${path}/${name}/articles?stage=working`,
    (name: string) => `${path}?ids=${name}&count=exact`,
    (name: string) => `/v1/articles?source=${name}&count=exact`,
    (name: string) => `/v1/articles?source=${name}&sourceRole=quoted&count=exact`,
  ]
  for (const as of outsiders) {
    for (const url of about) {
      for (const name of [hidden.id, hidden.slug, 'second-name']) {
        const headers = { 'x-request-id': 'same' }
        const about = await app.call('GET', url(name), { as, headers })
        const nothing = await app.call('GET', url(unknown), { as, headers })
        t.equal(about.status, nothing.status)
        t.equal(about.text.replaceAll(name, '*'), nothing.text.replaceAll(unknown, '*'), `${as} ${url(name)}`)
        t.equal(about.headers.etag, nothing.headers.etag)
        t.equal(about.headers.location, undefined)
      }
    }
  }
})

t.test('a confidential source changes no byte, count or ETag of what outsiders read', async (t) => {
  const app = await testApp(t)
  await makeSource(app, { name: 'Antara' })
  await makeSource(app, { name: 'Tempo' })
  const section = (await makeSection(app)).slug
  await makePublished(app, { title: 'One', section, sources: ['antara', 'tempo'].map((source) => ({ source })) })
  const urls = [
    `${path}?count=exact`,
    `${path}?limit=1`,
    `${path}?sort=-updatedAt`,
    `${path}/antara`,
    `${path}?kind=outlet`,
  ]
  const read = () => Promise.all(urls.map((url) => app.call('GET', url)))
  const before = await read()
  const hidden = await makeSource(app, { name: 'Bahasa', visibility: 'editors' })
  await makeDraft(app, { sources: [{ source: 'bahasa' }] })
  await app.call('PATCH', `${path}/${hidden.id}`, { as: 'editor', version: 1, body: { name: 'Bisnis' } })
  for (const [i, answer] of (await read()).entries()) {
    t.equal(answer.text, before[i]?.text, String(urls[i]))
    t.equal(answer.headers.etag, before[i]?.headers.etag)
  }
})

t.test('articles that share a confidential source alone are not related to each other', async (t) => {
  const app = await testApp(t)
  const { live, alone } = await newsroom(app)
  for (const as of outsiders) {
    t.same((await app.call('GET', `/v1/articles/${live.id}/related`, { as })).body.data, [])
    t.same((await app.call('GET', `/v1/articles/${alone.id}/related`, { as })).body.data, [])
  }
})

t.test('whoever may read drafts sees it, in working copies and in lists', async (t) => {
  const app = await testApp(t)
  const { hidden, live } = await newsroom(app)
  for (const as of insiders) {
    t.match(await app.call('GET', `${path}/${hidden.slug}`, { as }), { status: 200, body: { name: hidden.name } })
    const list = await app.call('GET', `${path}?count=exact`, { as })
    t.match(list.body, { data: [{}, { id: hidden.id, visibility: 'editors', articleCount: 2 }], page: { total: 2 } })
    t.match(list.headers['cache-control'], /private/)
  }
  for (const as of ['editor', 'admin'] as const) {
    const { body } = await app.call('GET', `${path}/${hidden.id}/articles?stage=working&count=exact`, { as })
    t.equal(body.page.total, 3)
    const working = await app.call('GET', `/v1/articles/${live.id}?stage=working`, { as })
    t.match(working.body.sources, [{}, { source: { id: hidden.id } }])
    const shown = await app.call('GET', `/v1/articles/${live.id}`, { as })
    t.equal(shown.body.sources.length, 1, 'the live copy is what the public reads')
  }
})

t.test('a source that becomes confidential is gone at once, and is back at once when it no longer is', async (t) => {
  const app = await testApp(t)
  const source = await makeSource(app, { name: 'Old' })
  await app.call('PATCH', `${path}/old`, { as: 'editor', version: 1, body: { slug: 'deep-throat' } })
  const article = await makePublished(app, { sources: [{ source: 'deep-throat', role: 'quoted' }] })
  const urls = [
    `${path}/${source.id}`,
    `${path}/deep-throat`,
    `${path}/old`,
    `${path}?ids=old,deep-throat,${source.id}&count=exact`,
    `${path}?count=exact`,
    `${path}/old/articles`,
    '/v1/articles?source=old&count=exact',
    '/v1/articles?source=deep-throat&sourceRole=quoted&count=exact',
  ]
  const read = async () => {
    const answers = await Promise.all(urls.map((url) => app.call('GET', url)))
    return answers.map(({ status, body }) => (status === 200 && 'data' in body ? body.data.length : status))
  }
  const whole = [200, 200, 301, 1, 1, 1, 1, 1]
  t.same(await read(), whole)
  const see = (version: number, visibility: string) =>
    app.call('PATCH', `${path}/${source.id}`, { as: 'editor', version, body: { visibility } })
  t.equal((await see(2, 'editors')).status, 200)
  t.same(await read(), [404, 404, 404, 0, 0, 404, 0, 0])
  t.same((await app.call('GET', `/v1/articles/${article.id}`)).body.sources, [])
  t.equal((await see(3, 'public')).status, 200)
  t.same(await read(), whole)
  t.match((await app.call('GET', `/v1/articles/${article.id}`)).body.sources, [{ source: { slug: 'deep-throat' } }])
})

t.test('what a source was called while it was confidential stays unknown when it becomes public', async (t) => {
  const app = await testApp(t)
  const { id } = await makeSource(app, { name: 'Mole', visibility: 'editors' })
  const patch = (version: number, body: object) => app.call('PATCH', `${path}/${id}`, { as: 'editor', version, body })
  await patch(1, { slug: 'mole-two' })
  await patch(2, { name: 'Spokesman', slug: 'spokesman', visibility: 'public' })
  t.equal((await app.call('GET', `${path}/spokesman`)).status, 200)
  for (const name of ['mole', 'mole-two']) {
    t.equal((await app.call('GET', `${path}/${name}`)).status, 404)
    t.same((await app.call('GET', `${path}?ids=${name}`)).body.data, [])
  }
})

t.test('a confidential source that gives way to a public one leads there for editors alone', async (t) => {
  const app = await testApp(t)
  const hidden = await makeSource(app, { name: 'Mole' })
  const open = await makeSource(app, { name: 'Ministry' })
  await app.call('PATCH', `${path}/mole`, { as: 'editor', version: 1, body: { visibility: 'editors' } })
  const article = await makePublished(app, { sources: [{ source: 'mole' }] })
  const gone = await app.call('DELETE', `${path}/mole?moveTo=ministry`, { as: 'editor', version: 2 })
  t.equal(gone.status, 204)
  const unknownTo = async (as: Who) => {
    for (const name of ['mole', hidden.id]) {
      t.equal((await app.call('GET', `${path}/${name}`, { as })).status, 404, `${as} ${name}`)
      t.equal((await app.call('GET', `${path}/${name}/articles`, { as })).status, 404)
      t.same((await app.call('GET', `${path}?ids=${name}`, { as })).body.data, [])
      t.same((await app.call('GET', `/v1/articles?source=${name}`, { as })).body.data, [])
    }
  }
  for (const as of outsiders) await unknownTo(as)
  const led = await app.call('GET', `${path}/mole`, { as: 'editor' })
  t.match(led, { status: 301, headers: { location: `${path}/ministry`, 'cache-control': /private/ } })
  t.match((await app.call('GET', `/v1/articles/${article.id}`)).body.sources, [{ source: { slug: 'ministry' } }])
  for (const [version, visibility] of [
    [1, 'editors'],
    [2, 'public'],
  ] as const) {
    await app.call('PATCH', `${path}/${open.id}`, { as: 'editor', version, body: { visibility } })
  }
  t.equal((await app.call('GET', `${path}/ministry`)).status, 200)
  for (const as of outsiders) await unknownTo(as)
})

t.test('a public source that gives way to a confidential one leads outsiders nowhere', async (t) => {
  const app = await testApp(t)
  const open = await makeSource(app, { name: 'Spokesman' })
  await makeSource(app, { name: 'Mole', visibility: 'editors' })
  const article = await makePublished(app, { sources: [{ source: 'spokesman' }] })
  await app.call('DELETE', `${path}/spokesman?moveTo=mole`, { as: 'editor', version: 1 })
  for (const as of outsiders) {
    for (const name of ['spokesman', open.id, 'mole']) {
      t.equal((await app.call('GET', `${path}/${name}`, { as })).status, 404)
      t.same((await app.call('GET', `/v1/articles?source=${name}`, { as })).body.data, [])
    }
  }
  t.same((await app.call('GET', `/v1/articles/${article.id}`)).body.sources, [])
})

t.test('who has not shown that they saw confidential sources cannot drop them unawares', async (t) => {
  const app = await testApp(t)
  const secret = await makeSource(app, { visibility: 'editors' })
  const open = await makeSource(app, { name: 'Reuters' })
  const shown = await makePublished(app, { sources: [{ source: secret.id }, { source: open.id }] })
  const url = `/v1/articles/${shown.id}`
  const { body: asPublic } = await app.call('GET', url, { as: 'editor' })
  const title = 'Another title'
  const put = { as: 'editor', version: shown.version, body: { ...asPublic, title } } as const
  t.match(await app.call('PUT', url, put), { status: 412, body: { code: 'version_stale', changedFields: ['sources'] } })
  const sources = [{ source: open.id }]
  t.equal((await app.call('PATCH', url, { as: 'editor', version: shown.version, body: { sources } })).status, 412)
  t.equal((await app.call('PATCH', url, { as: 'editor', version: shown.version, body: { title } })).status, 200)
  const whole = await app.call('GET', `${url}?stage=working`, { as: 'editor' })
  t.match(whole.body.sources, [{ source: { id: secret.id, visibility: 'editors' } }, { source: { id: open.id } }])
  t.notOk('visibility' in whole.body.sources[1].source)
  const headers = { 'if-match': String(whole.headers.etag) }
  t.match(await app.call('PUT', url, { as: 'editor', headers, body: { ...whole.body, deck: 'Same.' } }), {
    status: 200,
  })
  const again = await app.call('GET', `${url}?stage=working`, { as: 'editor' })
  const dropping = { as: 'editor', headers: { 'if-match': String(again.headers.etag) }, body: { sources } } as const
  t.match(await app.call('PATCH', url, dropping), { status: 200, body: { sources: [{ source: { id: open.id } }] } })
})
