import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection } from '../support/factories.ts'
import { act, patch, put, readWorking, slugsOf, withoutNames } from './acts.ts'

t.test('working copies are for those who may read drafts', async (t) => {
  const app = await testApp(t)
  const published = await makePublished(app)
  await makeDraft(app, { title: 'Secret' })
  const urls = [
    '/v1/articles?stage=working',
    '/v1/articles?stage=working&state=draft&changed=false',
    `/v1/articles/${published.id}?stage=working`,
    '/v1/articles/unknown?stage=working',
  ]
  for (const url of urls) {
    const stranger = await app.call('GET', url)
    t.equal(stranger.status, 401)
    t.equal(stranger.body.code, 'key_required')
    const reader = await app.call('GET', url, { as: 'reader' })
    t.equal(reader.status, 403)
    t.equal(reader.body.code, 'forbidden')
    t.notMatch(stranger.text + reader.text, /Secret/)
  }
  for (const as of ['editor', 'admin'] as const) {
    t.equal((await app.call('GET', '/v1/articles?stage=working', { as })).body.data.length, 2)
  }
})

t.test('the default is the live copy for everyone, so that a URL means one thing', async (t) => {
  const app = await testApp(t)
  const published = await makePublished(app)
  await patch(app, published, { title: 'Ahead' })
  await makeDraft(app)
  const url = `/v1/articles/${published.id}`
  const stranger = await app.call('GET', url)
  const list = await app.call('GET', '/v1/articles?count=exact')
  for (const as of ['reader', 'writer', 'editor', 'admin'] as const) {
    const read = await app.call('GET', url, { as })
    t.equal(read.text, stranger.text)
    t.equal(read.headers.etag, stranger.headers.etag)
    t.equal((await app.call('GET', '/v1/articles?count=exact', { as })).text, list.text)
  }
})

t.test('a writer sees and changes their own drafts alone; another’s is as unknown as any id', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const theirs = await makeDraft(app, { slug: 'theirs', section: section.id })
  const own = await makeDraft(app, { slug: 'own' }, 'writer')
  t.strictSame(await slugsOf(app, 'stage=working', 'writer'), ['own'])
  t.strictSame(await slugsOf(app, `stage=working&ids=theirs,${theirs.id},own`, 'writer'), ['own'])
  const counted = await app.call('GET', '/v1/articles?stage=working&count=exact', { as: 'writer' })
  t.equal(counted.body.page.total, 1)
  t.equal((await readWorking(app, own, 'writer')).status, 200)

  const unknown = '019bd2a4-0000-7000-8000-0000000000a1'
  for (const name of [theirs.id, theirs.slug]) {
    const answers = async (id: string) => [
      await readWorking(app, { id }, 'writer'),
      await app.call('GET', `/v1/articles/${id}`, { as: 'writer' }),
      await patch(app, { id, version: 1 }, { title: 'Mine now' }, 'writer'),
      await patch(app, { id, version: 9 }, { title: 'Mine now' }, 'writer'),
      await put(app, { id, version: 1 }, { title: 'Mine now' }, 'writer'),
      await act(app, { id, version: 1 }, 'delete', 'writer'),
      await act(app, { id, version: 1 }, 'restore', 'writer'),
    ]
    const expected = (await answers(unknown)).map((answer) => withoutNames(answer, unknown))
    const given = (await answers(name)).map((answer) => withoutNames(answer, name))
    t.strictSame(given, expected)
    t.ok(given.every((answer) => answer.startsWith('404')))
  }
  t.match((await readWorking(app, theirs)).body, { version: 1, title: theirs.title, state: 'draft' })
})

t.test('a writer may not publish, not even their own draft', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const own = await makeDraft(app, { section: section.id }, 'writer')
  for (const as of ['reader', 'writer'] as const) {
    for (const action of ['publish', 'unpublish'] as const) {
      const { status, body } = await act(app, own, action, as)
      t.equal(status, 403)
      t.equal(body.code, 'forbidden')
    }
  }
  t.equal((await act(app, own, 'publish', 'stranger')).status, 401)
  t.match((await readWorking(app, own)).body, { state: 'draft', version: 1 })
})

t.test(
  'a writer’s own published article is an editor’s to change, and the writer’s again when it is a draft',
  async (t) => {
    const app = await testApp(t)
    const section = await makeSection(app)
    const own = await makeDraft(app, { section: section.id }, 'writer')
    const { body: published } = await act(app, own, 'publish')
    const refused = await patch(app, published, { title: 'Later thoughts' }, 'writer')
    t.equal(refused.status, 403)
    t.equal((await act(app, published, 'delete', 'writer')).status, 409)
    t.equal((await readWorking(app, own, 'writer')).status, 200)
    const { body: draft } = await act(app, published, 'unpublish')
    const { status, body: edited } = await patch(app, draft, { title: 'Later thoughts' }, 'writer')
    t.equal(status, 200)
    const { body: trashed } = await act(app, edited, 'delete', 'writer')
    t.equal((await act(app, trashed, 'restore', 'writer')).status, 200)
  },
)

t.test('an editor sees, changes and publishes what anybody wrote', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  for (const as of ['editor', 'admin'] as const) {
    const draft = await makeDraft(app, { title: `For the ${as}` }, 'writer')
    const { body: edited } = await patch(app, draft, { section: section.id }, as)
    const { status, body } = await act(app, edited, 'publish', as)
    t.equal(status, 200)
    t.equal(body.state, 'published')
  }
})
