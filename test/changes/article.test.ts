import t from 'tap'
import { act, patch, withoutNames } from '../articles/acts.ts'
import { type Answer, type TestApp, testApp, type Who } from '../support/app.ts'
import { makeDraft, makeKey, makePublished, makeSection } from '../support/factories.ts'

interface Item {
  seq: number
  kind: string
}

function changesOf(app: TestApp, name: string, query = '', as: Who = 'editor'): Promise<Answer> {
  return app.call('GET', `/v1/articles/${name}/changes${query}`, { as })
}

const kindsIn = ({ body }: Answer): string[] => body.data.map(({ kind }: Item) => kind)

t.test('nobody without a key, and no reader, sees what was done to an article, be it public', async (t) => {
  const app = await testApp(t)
  const article = await makePublished(app)
  for (const name of [article.id, article.slug, 'nowhere']) {
    t.match(await changesOf(app, name, '', 'stranger'), { status: 401, body: { code: 'key_required' } })
    t.match(await changesOf(app, name, '', 'reader'), { status: 403, body: { code: 'forbidden' } })
  }
})

t.test('a writer sees the changes of an own article, whoever made them, and of no other', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const own = await makeDraft(app, { title: 'Mine', section: section.id }, 'writer')
  const other = await makeDraft(app, { title: 'Not mine' })
  const desk = await makeKey(app, { name: 'another writer', role: 'writer' })
  const { body: revised } = await patch(app, own, { deck: 'Short.' })
  await act(app, revised, 'publish')
  const answer = await changesOf(app, own.id, '?count=exact', 'writer')
  t.equal(answer.status, 200)
  t.match(answer.body.data, [
    { kind: 'article.published', actor: { name: 'the editor' }, from: 2, to: 3 },
    { kind: 'article.updated', actor: { name: 'the editor' }, from: 1, to: 2, fields: ['deck'] },
    { kind: 'article.created', actor: { name: 'the writer' }, from: null, to: 1 },
  ])
  t.equal(answer.body.page.total, 3)
  for (const as of ['editor', 'admin'] as const)
    t.equal((await changesOf(app, own.id, '?count=exact', as)).text, answer.text)

  const nothing = withoutNames(await changesOf(app, 'nowhere', '', 'writer'), 'nowhere')
  t.match(nothing, /^404 .*article_not_found/)
  for (const name of [other.id, other.slug]) {
    t.equal(withoutNames(await changesOf(app, name, '', 'writer'), name), nothing, 'as if it were not there')
  }
  const { status } = await app.call('GET', `/v1/articles/${own.id}/changes`, { key: desk.secret })
  t.equal(status, 404, 'nor does another writer see it')
})

t.test('an article answers with its changes to its id, its slug and a former one, in the trash too', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { slug: 'old' })
  await makeDraft(app, { slug: 'other' })
  const { body: published } = await act(
    app,
    (await patch(app, draft, { section: (await makeSection(app)).id })).body,
    'publish',
  )
  const { body: renamed } = await patch(app, published, { slug: 'new' })
  const { body: again } = await act(app, renamed, 'publish')
  const { body: back } = await act(app, again, 'unpublish')
  await act(app, back, 'delete')
  const expected = ['created', 'updated', 'published', 'updated', 'published', 'unpublished', 'trashed']
  for (const name of [draft.id, 'new', 'old']) {
    const answer = await changesOf(app, name, '?sort=seq')
    t.strictSame(
      kindsIn(answer),
      expected.map((kind) => `article.${kind}`),
      name,
    )
    t.notOk(answer.body.data.some(({ id }: { id: string }) => id !== draft.id))
  }
})

t.test('the changes of an article are walked forward and back while more are made', async (t) => {
  const app = await testApp(t)
  let draft = await makeDraft(app)
  for (let i = 0; i < 10; i += 1) draft = (await patch(app, draft, { deck: `Deck ${i}` })).body
  for (const sort of ['-seq', 'seq']) {
    const before = (await changesOf(app, draft.id, `?sort=${sort}&limit=100`)).body.data.map(({ seq }: Item) => seq)
    const ordered = before.toSorted((a: number, b: number) => (sort === 'seq' ? a - b : b - a))
    t.strictSame(before, ordered, sort)
    const forward: number[] = []
    const back: number[] = []
    let made = 0
    const page = async (cursor: string | null) =>
      (await changesOf(app, draft.id, `?sort=${sort}&limit=4${cursor === null ? '' : `&cursor=${cursor}`}`)).body
    let body = await page(null)
    for (;;) {
      forward.push(...body.data.map(({ seq }: Item) => seq))
      if (body.page.next === null) break
      if (made < 2) {
        draft = (await patch(app, draft, { deck: `Meanwhile ${sort} ${made}` })).body
        made += 1
        await makeDraft(app, { title: 'Another' })
      }
      body = await page(body.page.next)
    }
    t.strictSame(
      sort === 'seq' ? forward.slice(0, before.length) : forward,
      before,
      'nothing twice and nothing missing',
    )
    t.equal(forward.length, sort === 'seq' ? before.length + made : before.length)
    for (;;) {
      back.unshift(...body.data.map(({ seq }: Item) => seq))
      if (body.page.prev === null) break
      body = await page(body.page.prev)
    }
    t.strictSame(back.slice(-forward.length), forward, 'back the same way')
    t.equal(back.length, before.length + made, 'and on to what was made meanwhile')
  }
})

t.test('a cursor belongs to one article, and what the list does not take is refused', async (t) => {
  const app = await testApp(t)
  const one = await makeDraft(app)
  await patch(app, one, { deck: 'Short.' })
  const other = await makeDraft(app)
  const { body } = await changesOf(app, one.id, '?limit=1')
  const cursor = `cursor=${body.page.next}`
  t.strictSame(kindsIn(await changesOf(app, one.id, `?limit=1&${cursor}`)), ['article.created'])
  for (const url of [
    `/v1/articles/${other.id}/changes?${cursor}`,
    `/v1/articles/${one.id}/changes?sort=seq&${cursor}`,
    ...[`/v1/changes?${cursor}`, `/v1/changes?id=${one.id}&${cursor}`, `/v1/changes?entity=article&${cursor}`],
  ]) {
    const answer = await app.call('GET', url, { as: 'editor' })
    t.match(answer, { status: 400, body: { code: 'invalid_cursor', errors: [{ parameter: 'cursor' }] } }, url)
  }
  const wrong = [
    'entity=article',
    'kind=article.created',
    'actor=operator',
    `id=${one.id}`,
    'after=2026-11-22T09:00:00Z',
  ]
  for (const query of [...wrong, 'sort=at', 'limit=0', 'count=all', 'stage=working']) {
    const answer = await changesOf(app, one.id, `?${query}`)
    t.match(answer, { status: 400, body: { errors: [{ parameter: query.replace(/=.*/, '') }] } }, query)
  }
})
