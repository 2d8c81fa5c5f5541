import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished } from '../support/factories.ts'
import { act, minute, patch, put, readWorking } from './acts.ts'

t.test('every change needs the version that was read', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const url = `/v1/articles/${draft.id}`
  const writes = [
    app.call('PUT', url, { as: 'editor', body: { title: 'x' } }),
    app.call('PATCH', url, { as: 'editor', body: { title: 'x' } }),
    app.call('DELETE', url, { as: 'editor' }),
    ...['submit', 'publish', 'unschedule', 'unpublish', 'restore'].map((action) =>
      app.call('POST', `${url}/${action}`, { as: 'editor' }),
    ),
    app.call('POST', `${url}/return`, { as: 'editor', body: { note: 'Why?' } }),
    app.call('POST', `${url}/correct`, { as: 'editor', body: { text: 'It was Tuesday.' } }),
    app.call('POST', `${url}/withdraw`, { as: 'editor', body: { reason: 'A forgery.' } }),
    app.call('POST', `${url}/purge`, { as: 'admin' }),
  ]
  for (const { status, body } of await Promise.all(writes)) {
    t.equal(status, 428)
    t.equal(body.code, 'version_required')
  }
  const senseless = await app.call('PATCH', url, { as: 'editor', version: 'yesterday', body: { title: 'x' } })
  t.equal(senseless.status, 400)
  t.match(senseless.body.errors, [{ header: 'If-Match' }])
  t.match((await readWorking(app, draft)).body, { version: 1, title: draft.title })
})

t.test('a stale version is 412 with the current one and the fields that changed since', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const second = (await patch(app, draft, { title: 'Two', deck: 'Deck' })).body
  const third = (await patch(app, second, { kicker: 'Kicker' })).body
  const stale = await patch(app, draft, { deck: 'Mine' })
  t.equal(stale.status, 412)
  t.match(stale.body, { code: 'version_stale', currentVersion: 3 })
  t.strictSame(stale.body.changedFields, ['deck', 'kicker', 'title'])
  t.strictSame((await patch(app, second, { deck: 'Mine' })).body.changedFields, ['kicker'])
  for (const action of ['publish', 'delete'] as const) t.equal((await act(app, draft, action)).status, 412)
  t.equal((await put(app, draft, { title: 'Mine' })).status, 412)
  t.strictSame((await readWorking(app, draft)).body.deck, third.deck)
})

t.test('any ETag of the copy names its version; so do the bare number, a list and the star', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { pages: [{ body: 'One.' }, { body: 'Two.' }] })
  const url = `/v1/articles/${draft.id}`
  const onePage = await app.call('GET', `${url}?stage=working&page=2&render=text`, { as: 'editor' })
  const whole = await readWorking(app, draft)
  t.not(onePage.headers.etag, whole.headers.etag)
  let version = 1
  const ways = [onePage.headers.etag, `W/${whole.headers.etag?.replace('1-', '2-')}`, '3', '"4"', '"1", "5"', '*']
  for (const given of ways) {
    const body = { title: `By ${given?.replace(/\W/g, '')}` }
    const answer = await app.call('PATCH', url, { as: 'editor', version: given ?? '', body })
    t.equal(answer.status, 200, String(given))
    version += 1
    t.equal(answer.body.version, version)
    t.ok(answer.headers.etag?.startsWith(`"${version}-`))
  }
})

t.test('a write that changes nothing makes no version', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { deck: 'Deck', bylines: [{ name: 'Joko' }] })
  app.clock.advance(minute)
  const same = await patch(app, draft, { deck: ' Deck ', title: draft.title, bylines: [{ name: 'Joko' }] })
  t.equal(same.status, 200)
  t.match(same.body, { version: 1, updatedAt: draft.updatedAt })
  t.match((await patch(app, draft, {})).body, { version: 1 })
  const changed = await patch(app, draft, { deck: 'Other' })
  t.match(changed.body, { version: 2, updatedAt: '2026-11-22T09:01:00.000Z', createdAt: draft.createdAt })
})

t.test('of many who write upon one version exactly one succeeds, and its text is kept', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  for (const [name, count] of [
    ['PATCH', 20],
    ['PUT', 20],
  ] as const) {
    const { body: seen } = await readWorking(app, draft)
    const answers = await Promise.all(
      Array.from({ length: count }, (_, i) => (name === 'PUT' ? put : patch)(app, seen, { title: `${name} ${i}` })),
    )
    const done = answers.filter(({ status }) => status === 200)
    t.equal(done.length, 1)
    t.equal(answers.filter(({ status }) => status === 412).length, count - 1)
    t.match((await readWorking(app, draft)).body, { title: done[0]?.body.title, version: seen.version + 1 })
  }
})

t.test('of many who publish and edit upon one version exactly one succeeds', async (t) => {
  const app = await testApp(t)
  const published = await makePublished(app)
  const { body: seen } = await patch(app, published, { title: 'Ahead' })
  const answers = await Promise.all([
    ...Array.from({ length: 5 }, () => act(app, seen, 'publish')),
    ...Array.from({ length: 5 }, (_, i) => patch(app, seen, { title: `Editor ${i}` })),
    ...Array.from({ length: 5 }, () => act(app, seen, 'unpublish')),
  ])
  t.equal(answers.filter(({ status }) => status === 200).length, 1)
  t.equal(answers.filter(({ status }) => status === 412).length, 14)
})

t.test('changed says whether the working copy is ahead of the live one', async (t) => {
  const app = await testApp(t)
  const published = await makePublished(app)
  t.equal(published.changed, false)
  const ahead = (await patch(app, published, { deck: 'New' })).body
  t.equal(ahead.changed, true)
  t.equal((await app.call('GET', `/v1/articles/${published.id}`)).body.changed, false)
  const again = (await act(app, ahead, 'publish')).body
  t.equal(again.changed, false)
  t.equal((await act(app, again, 'unpublish')).body.changed, false, 'there is no live copy to be ahead of')
})
