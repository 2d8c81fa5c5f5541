import { createHash } from 'node:crypto'
import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { admitted, completeUrlOf, makeWorld, operations } from '../support/operations.ts'

const reads = operations.filter(({ method, streams }) => method === 'GET' && !streams)

async function etagOf(app: TestApp, url: string): Promise<string> {
  return (await app.call('GET', url)).headers.etag ?? ''
}

t.test('every answer that can be read has a strong ETag of its very bytes', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  for (const operation of reads) {
    const { status, headers, text, body } = await app.call('GET', completeUrlOf(operation, world), admitted(operation))
    t.equal(status, 200, operation.id)
    const hash = createHash('sha256').update(text).digest('base64url').slice(0, 16)
    // A tilde in the place of the hyphen says that it is the public's view of something that editors see more of.
    const etag = typeof body.version === 'number' ? `^"${body.version}[-~]${hash}"$` : `^"${hash}"$`
    t.match(headers.etag, new RegExp(etag))
  }
})

t.test('304 answers whoever has the bytes, in every form in which they may say so', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  for (const operation of reads) {
    const url = completeUrlOf(operation, world)
    const first = await app.call('GET', url, admitted(operation))
    const etag = first.headers.etag ?? ''
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, `W/"a",W/${etag} , "b"`, '*', ' * ']) {
      const headers = { 'if-none-match': known }
      const again = await app.call('GET', url, admitted(operation, { headers }))
      t.same([again.status, again.text], [304, ''], `${operation.id} ${known}`)
      for (const name of ['etag', 'cache-control', 'vary']) t.equal(again.headers[name], first.headers[name], name)
      t.equal(again.headers['content-type'], undefined)
    }
    const head = await app.call('HEAD', url, admitted(operation, { headers: { 'if-none-match': etag } }))
    t.same([head.status, head.text, head.headers.etag], [304, '', etag], `${operation.id} HEAD`)
    for (const known of ['"other"', etag.replaceAll('"', ''), `"${etag}"`, '"*"', '', etag.toUpperCase()]) {
      const again = await app.call('GET', url, admitted(operation, { headers: { 'if-none-match': known } }))
      t.equal(again.text, first.text, `${operation.id} is sent whole for ${known}`)
    }
  }
})

t.test('If-None-Match does not hide that there is nothing, nor a fault', async (t) => {
  const app = await testApp(t)
  for (const [url, status] of Object.entries({ '/v1/tags/none': 404, '/v1/keys': 401, '/v1/tags?limit=x': 400 })) {
    const answer = await app.call('GET', url, { headers: { 'if-none-match': '*' } })
    t.equal(answer.status, status)
    t.equal(answer.headers.etag, undefined)
  }
})

t.test('the ETag of an article changes when something that it embeds is renamed', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const tag = await makeTag(app)
  const source = await makeSource(app)
  const { slug, version } = await makePublished(app, {
    section: section.id,
    tags: [tag.id],
    sources: [{ source: source.id }],
  })
  const urls = [`/v1/articles/${slug}`, '/v1/articles']
  for (const path of [`/v1/sections/${section.id}`, `/v1/tags/${tag.id}`, `/v1/sources/${source.id}`]) {
    const before = await Promise.all(urls.map((url) => etagOf(app, url)))
    const renamed = await app.call('PATCH', path, { as: 'editor', version: '*', body: { name: 'Renamed' } })
    t.equal(renamed.status, 200)
    const after = await Promise.all(urls.map((url) => etagOf(app, url)))
    for (const [i, etag] of after.entries()) t.not(etag, before[i], `${urls[i]} after ${path}`)
    t.match(after[0], new RegExp(`^"${version}[-~]`), 'its own version stays')
  }
})

t.test(
  'an ETag of any representation, or the bare version, is good for If-Match; another is 412, none 428',
  async (t) => {
    const app = await testApp(t)
    const { id, version } = await makeTag(app)
    const url = `/v1/tags/${id}`
    let current: number = version
    for (const form of ['"N"', 'N', 'W/"N"', '"N-abc"', '*', '"99", "N"', '"N-abc", "98-x"']) {
      const answer = await app.call('PATCH', url, {
        as: 'editor',
        version: form.replace('N', String(current)),
        body: { description: `by ${form}` },
      })
      t.equal(answer.status, 200, form)
      t.ok(answer.headers.etag?.startsWith(`"${answer.body.version}-`))
      current = answer.body.version
    }
    const etag = await etagOf(app, url)
    t.equal((await app.call('PATCH', url, { as: 'editor', version: etag, body: { description: 'a' } })).status, 200)
    const stale = await app.call('PATCH', url, { as: 'editor', version: etag, body: { description: 'b' } })
    t.match(stale.body, {
      status: 412,
      code: 'version_stale',
      currentVersion: current + 1,
      changedFields: ['description'],
    })
    for (const operation of operations.filter(({ edit }) => edit)) {
      const raw = operation.body && { raw: { type: 'application/json', data: JSON.stringify(operation.body.example) } }
      const path = completeUrlOf(operation, { tag: id })
      const none = await app.call(operation.method, path, { as: 'admin', ...raw })
      t.same([none.status, none.body.code], [428, 'version_required'], operation.id)
      for (const bad of ['', 'x', '"x"', '7 8', '-1', '1.5', '*,"7"', '0x7', '1'.repeat(20)]) {
        const { status, body } = await app.call(operation.method, path, { as: 'admin', version: bad, ...raw })
        t.match({ status, body }, { status: 400, body: { errors: [{ header: 'If-Match' }] } }, `${operation.id} ${bad}`)
      }
    }
  },
)
