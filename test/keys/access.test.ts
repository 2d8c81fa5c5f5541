import t from 'tap'
import { type CallOptions, everyone, type TestApp, testApp, type Who } from '../support/app.ts'
import { document } from '../support/contract.ts'
import { countChanges } from '../support/editing.ts'
import { makeSection, makeSource, makeTag } from '../support/factories.ts'

const features = /^\/v1\/(sections|tags|sources|keys)(\/|$)/

const anyone = everyone
const desk: readonly Who[] = ['editor', 'admin']
const admins: readonly Who[] = ['admin']

/** Every route of these features: who may call it, and a call that succeeds for them. */
const routes: Record<string, { who: readonly Who[]; status: number; call: (of: Things) => [string, CallOptions?] }> = {
  'GET /v1/sections': { who: anyone, status: 200, call: () => ['/v1/sections'] },
  'POST /v1/sections': { who: desk, status: 201, call: () => ['/v1/sections', { body: { name: 'New' } }] },
  'GET /v1/sections/{section}': { who: anyone, status: 200, call: ({ section }) => [`/v1/sections/${section}`] },
  'PUT /v1/sections/{section}': put('sections'),
  'PATCH /v1/sections/{section}': put('sections'),
  'DELETE /v1/sections/{section}': remove('sections'),
  'GET /v1/tags': { who: anyone, status: 200, call: () => ['/v1/tags'] },
  'POST /v1/tags': { who: desk, status: 201, call: () => ['/v1/tags', { body: { name: 'New' } }] },
  'GET /v1/tags/{tag}': { who: anyone, status: 200, call: ({ tag }) => [`/v1/tags/${tag}`] },
  'PUT /v1/tags/{tag}': put('tags'),
  'PATCH /v1/tags/{tag}': put('tags'),
  'DELETE /v1/tags/{tag}': remove('tags'),
  'POST /v1/tags/{tag}/merge': {
    who: desk,
    status: 200,
    call: ({ tag }) => [`/v1/tags/${tag}/merge`, { version: 1, body: { into: 'stays' } }],
  },
  'GET /v1/sources': { who: anyone, status: 200, call: () => ['/v1/sources'] },
  'POST /v1/sources': { who: desk, status: 201, call: () => ['/v1/sources', { body: { name: 'New' } }] },
  'GET /v1/sources/{source}': { who: anyone, status: 200, call: ({ source }) => [`/v1/sources/${source}`] },
  'GET /v1/sources/{source}/articles': {
    who: anyone,
    status: 200,
    call: ({ source }) => [`/v1/sources/${source}/articles`],
  },
  'PUT /v1/sources/{source}': put('sources'),
  'PATCH /v1/sources/{source}': put('sources'),
  'DELETE /v1/sources/{source}': remove('sources'),
  'GET /v1/keys': { who: admins, status: 200, call: () => ['/v1/keys'] },
  'POST /v1/keys': { who: admins, status: 201, call: () => ['/v1/keys', { body: { name: 'New', role: 'admin' } }] },
  'GET /v1/keys/{id}': { who: admins, status: 200, call: ({ key }) => [`/v1/keys/${key}`] },
  'POST /v1/keys/{id}/rotate': {
    who: admins,
    status: 200,
    call: ({ key }) => [`/v1/keys/${key}/rotate`, { body: {} }],
  },
  'DELETE /v1/keys/{id}': { who: admins, status: 204, call: ({ key }) => [`/v1/keys/${key}`] },
}

type Things = Record<'section' | 'tag' | 'source' | 'key', string>

function put(feature: 'sections' | 'tags' | 'sources') {
  const call = (of: Things): [string, CallOptions] => [
    `/v1/${feature}/${of[feature.slice(0, -1) as keyof Things]}`,
    { version: 1, body: { name: 'Changed' } },
  ]
  return { who: desk, status: 200, call }
}

function remove(feature: 'sections' | 'tags' | 'sources') {
  const call = (of: Things): [string, CallOptions] => [
    `/v1/${feature}/${of[feature.slice(0, -1) as keyof Things]}`,
    { version: 1 },
  ]
  return { who: desk, status: 204, call }
}

async function makeThings(app: TestApp): Promise<Things> {
  const [section, tag, source] = [await makeSection(app), await makeTag(app), await makeSource(app)]
  await makeTag(app, { name: 'Stays' })
  const key = await app.call('POST', '/v1/keys', { as: 'admin', body: { name: 'desk', role: 'reader' } })
  return { section: section.id, tag: tag.id, source: source.id, key: key.body.id }
}

t.test('the table of routes and roles has every route of these features', async (t) => {
  const documented = Object.entries(document.paths).flatMap(([path, item]) =>
    features.test(path)
      ? Object.keys(item)
          .filter((method) => ['get', 'put', 'post', 'patch', 'delete'].includes(method))
          .map((method) => `${method.toUpperCase()} ${path}`)
      : [],
  )
  t.same(Object.keys(routes).sort(), documented.sort())
})

for (const [route, { who, status, call }] of Object.entries(routes)) {
  const [method = ''] = route.split(' ')

  t.test(`${route} is for ${who.length === everyone.length ? 'everybody' : who.join(' and ')} alone`, async (t) => {
    const app = await testApp(t)
    const things = await makeThings(app)
    const [url, options] = call(things)
    const changes = await countChanges(app)
    for (const as of everyone.filter((one) => !who.includes(one))) {
      const answer = await app.call(method, url, { ...options, as })
      const [expected, code] = as === 'stranger' ? [401, 'key_required'] : [403, 'forbidden']
      t.match(answer, { status: expected, body: { code } }, as)
      t.equal(answer.headers['www-authenticate'], as === 'stranger' ? 'Bearer realm="warta"' : undefined)
      // Not before the body, the version or the thing is looked at: a refusal tells nothing of them.
      for (const other of [url.replace(/[\da-f-]{36}/, 'nothing'), `${url}?nonsense=1`]) {
        const bare = await app.call(method, other, { as, raw: { type: 'text/x', data: '{' } })
        t.match(bare, { status: expected, body: { code } })
      }
    }
    t.equal(await countChanges(app), changes, 'nothing was written')
    const allowed = method === 'GET' ? who : who.slice(0, 1)
    for (const as of allowed) t.equal((await app.call(method, url, { ...options, as })).status, status, as)
    if (method === 'GET') t.equal(await countChanges(app), changes)
    else t.ok((await countChanges(app)) > changes, 'it is written when it is allowed')
  })
}

for (const [route, { who, status, call }] of Object.entries(routes).filter(([, { who }]) => who === desk)) {
  t.test(`an admin may ${route} as an editor may`, async (t) => {
    const app = await testApp(t)
    const [method = ''] = route.split(' ')
    const [url, options] = call(await makeThings(app))
    t.ok(who.includes('admin'))
    t.equal((await app.call(method, url, { ...options, as: 'admin' })).status, status)
  })
}
