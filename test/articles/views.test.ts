import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'

t.test('who has read the public’s view of an article cannot drop its confidential sources unawares', async (t) => {
  const app = await testApp(t)
  const open = await makeSource(app, { name: 'Antara' })
  const secret = await makeSource(app, { name: 'Deep Throat', visibility: 'editors' })
  const { id } = await makePublished(app, { sources: [{ source: open.id }, { source: secret.id }] })
  const live = await app.call('GET', `/v1/articles/${id}`, { as: 'editor' })
  t.equal(live.body.sources.length, 1)
  const put = { as: 'editor', version: live.headers.etag ?? '', body: { ...live.body, deck: 'New' } } as const
  const refused = await app.call('PUT', `/v1/articles/${id}`, put)
  t.equal(refused.status, 412)
  t.match(refused.body, { code: 'version_stale', currentVersion: 2, changedFields: ['sources'] })

  const patched = await app.call('PATCH', `/v1/articles/${id}`, { ...put, body: { deck: 'New' } })
  t.equal(patched.status, 200, 'a patch that leaves the sources alone is welcome')
  t.equal(patched.body.sources.length, 2)
})

t.test('what was read of the live copy can be sent back while it hides nothing', async (t) => {
  const app = await testApp(t)
  const source = await makeSource(app)
  const { id } = await makePublished(app, { sources: [{ source: source.id }] })
  const live = await app.call('GET', `/v1/articles/${id}`, { as: 'editor' })
  const body = { ...live.body, deck: 'New' }
  const put = await app.call('PUT', `/v1/articles/${id}`, { as: 'editor', version: live.headers.etag ?? '', body })
  t.equal(put.status, 200)
  t.match(put.body, { deck: 'New', changed: true, sources: [{ source: { id: source.id } }] })
})

t.test('an embedded relation that is new to the article must say what is so', async (t) => {
  const app = await testApp(t)
  const tag = await makeTag(app)
  const section = await makeSection(app)
  const body = { title: 'T', tags: [{ slug: tag.slug, name: 'LIE' }], section: { id: section.id, path: 'nowhere' } }
  const { status, body: problem } = await app.call('POST', '/v1/articles', { as: 'editor', body })
  t.equal(status, 422)
  t.same(problem.errors.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`).sort(), [
    '/section/path read_only',
    '/tags/0/name read_only',
  ])
})

t.test('a working copy that was read before a merge can be sent back after it', async (t) => {
  const app = await testApp(t)
  const old = await makeTag(app, { name: 'Old' })
  const other = await makeTag(app, { name: 'New' })
  const draft = await makeDraft(app, { tags: [old.id] })
  const read = await app.call('GET', `/v1/articles/${draft.id}?stage=working`, { as: 'editor' })
  await app.call('POST', `/v1/tags/${old.id}/merge`, { as: 'editor', version: 1, body: { into: other.id } })
  const put = await app.call('PUT', `/v1/articles/${draft.id}`, {
    as: 'editor',
    version: 1,
    body: { ...read.body, deck: 'D' },
  })
  t.equal(put.status, 200)
  t.match(put.body.tags, [{ id: other.id }])
})

t.test('a null where the server decides is refused, not ignored', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const patch = { as: 'editor', version: 1, body: { version: null, id: null, deck: 'D' } } as const
  const { status, body } = await app.call('PATCH', `/v1/articles/${draft.id}`, patch)
  t.equal(status, 422)
  t.match(body.errors, [
    { pointer: '/id', code: 'read_only' },
    { pointer: '/version', code: 'read_only' },
  ])
})

t.test('editors see the breaking flag as it was set, readers whether its time has come to an end', async (t) => {
  const app = await testApp(t)
  const article = await makePublished(app, { breaking: true, breakingUntil: '2026-11-22T10:00:00Z' })
  app.clock.set('2026-11-22T11:00:00.000Z')
  t.equal((await app.call('GET', `/v1/articles/${article.id}`)).body.breaking, false)
  t.equal((await app.call('GET', `/v1/articles/${article.id}?stage=working`, { as: 'editor' })).body.breaking, true)
  const patch = { as: 'editor', version: 2, body: { breakingUntil: '2026-11-22T12:00:00Z' } } as const
  const { body } = await app.call('PATCH', `/v1/articles/${article.id}`, patch)
  await app.call('POST', `/v1/articles/${article.id}/publish`, { as: 'editor', version: body.version })
  t.equal((await app.call('GET', `/v1/articles/${article.id}`)).body.breaking, true, 'a longer time is enough')
})

t.test('a change names what the copies showed of other things before and after it', async (t) => {
  const app = await testApp(t)
  const [before, after] = [await makeTag(app, { name: 'Before' }), await makeTag(app, { name: 'After' })]
  const source = await makeSource(app)
  const article = await makePublished(app, { tags: [before.id], sources: [{ source: source.id }] })
  await app.call('PATCH', `/v1/articles/${article.id}`, {
    as: 'editor',
    version: 2,
    body: { tags: [after.id], sources: [] },
  })
  const [last] = (await app.store.read((db) => db.select().from(db.tables.changes))).slice(-1)
  t.equal(last?.kind, 'article.updated')
  t.same(
    [...(last?.tags ?? [])].sort(),
    [
      `article:${article.id}`,
      `section:${article.section.id}`,
      `source:${source.id}`,
      `tag:${after.id}`,
      `tag:${before.id}`,
    ].sort(),
  )
})

t.test('the ETag of a write is that of reading the working copy, so that neither is fetched again', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const patch = { as: 'editor', version: 1, body: { deck: 'D' } } as const
  const patched = await app.call('PATCH', `/v1/articles/${draft.id}`, patch)
  const url = `/v1/articles/${draft.id}?stage=working`
  t.equal((await app.call('GET', url, { as: 'editor' })).headers.etag, patched.headers.etag)
  const headers = { 'if-none-match': patched.headers.etag ?? '' }
  t.equal((await app.call('GET', url, { as: 'editor', headers })).status, 304)
})
