import t from 'tap'
import { type CallOptions, type TestApp, testApp } from '../support/app.ts'
import { makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'

async function makeMany(app: TestApp, count: number): Promise<void> {
  const section = await makeSection(app)
  for (let i = 0; i < 5; i += 1) {
    await makeTag(app, { name: `Tag ${i}` })
    await makeSource(app, { name: `Source ${i}` })
  }
  for (let i = 0; i < count; i += 1) {
    await makePublished(app, {
      ...{ section: section.id, title: `Story ${i}`, bylines: [{ name: 'Joko' }, { name: 'Sari' }] },
      tags: [`tag-${i % 5}`, `tag-${(i + 1) % 5}`],
      sources: [{ source: `source-${i % 5}` }, { source: `source-${(i + 2) % 5}` }],
      pages: [{ body: 'One.' }, { body: 'Two.' }],
    })
  }
}

/** The statements that one request runs. */
async function statementsOf(app: TestApp, url: string, options: CallOptions = {}): Promise<string[]> {
  app.statements.length = 0
  const { status, body } = await app.call('GET', url, options)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return [...app.statements]
}

t.test('a list takes one statement for the page and one for each relation, however long it is', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 50)
  /** tags, sources, bylines */
  const relations = 3
  /** the page, and when the clock will make it another */
  const page = 2
  /** whatever names a query has are looked up at once */
  const names = 1
  const most: Record<string, number> = {
    '': page + relations,
    'sort=title': page + relations,
    'section=world&tag=tag-1,tag-2&tagNone=tag-4&source=source-1&byline=joko&lang=en': names + page + relations,
    // What an index has, less what of it is not on the list.
    'count=exact': page + 2 + relations,
    // One more for how large they are, so that an answer has a ceiling.
    'include=pages': page + 2 + relations,
    'fields=title': page,
    'fields=title,section': page,
    'fields=tags': page + 1,
  }
  for (const [query, allowed] of Object.entries(most)) {
    const one = await statementsOf(app, `/v1/articles?limit=1&${query}`)
    const fifty = await statementsOf(app, `/v1/articles?limit=50&${query}`)
    t.equal(fifty.length, one.length, `${query}: as many for 50 as for 1`)
    t.ok(one.length <= allowed, `${query}: ${one.length} statements, at most ${allowed}`)
  }
  const empty = await statementsOf(app, '/v1/articles?lang=ja')
  t.equal(empty.length, page, 'a page with nothing on it has no relations to look up')
})

t.test('a list of working copies takes no more, beside the one that finds the key', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 50)
  for (const as of ['writer', 'editor'] as const) {
    const one = await statementsOf(app, '/v1/articles?stage=working&limit=1', { as })
    const fifty = await statementsOf(app, '/v1/articles?stage=working&limit=50', { as })
    t.equal(fifty.length, one.length)
    t.ok(fifty.length <= 5)
  }
})

t.test('one article takes one statement for it, one for each relation and one for its pages', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 2)
  for (const query of ['', '?page=2', '?render=text']) {
    t.equal((await statementsOf(app, `/v1/articles/story-1${query}`)).length, 5, query)
  }
})

t.test('related articles take two statements more than the article, whatever their number', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 20)
  const one = await statementsOf(app, '/v1/articles/story-1/related?limit=1')
  const twenty = await statementsOf(app, '/v1/articles/story-1/related?limit=20')
  t.equal(twenty.length, one.length)
  t.ok(one.length <= 6)
})

t.test('no value of a request becomes SQL', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeMany(app, 1)
  const hostile = encodeURIComponent(`x' or '1'='1' -- ") or 1=1; drop table articles; {"$ne":1} %`)
  for (const name of ['section', 'tag', 'tagAll', 'source', 'byline', 'ids', 'externalId']) {
    const { status, body } = await app.call('GET', `/v1/articles?${name}=${hostile}&count=exact`)
    t.equal(status, 200, name)
    t.strictSame(body.data, [], name)
    t.equal(body.page.total, 0, name)
  }
  t.equal((await app.call('GET', `/v1/articles?tagNone=${hostile}&count=exact`)).body.page.total, 1)
  t.equal((await app.call('GET', `/v1/articles/${hostile}`)).status, 404)
})
