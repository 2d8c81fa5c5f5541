import t from 'tap'
import { changeKinds } from '../../src/changes/schema.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makeKey, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { provesRefusals, provesWalks } from '../support/walks.ts'

const path = '/v1/changes'

interface Item {
  seq: number
  kind: string
  entity: string
  id: string
}

async function read(app: TestApp, query: string): Promise<Item[]> {
  const { status, body } = await app.call('GET', `${path}?limit=100&${query}`, { as: 'editor' })
  if (status !== 200) throw new Error(`${query}: ${JSON.stringify(body)}`)
  return body.data
}

t.test('the whole log is for editors and admins alone', async (t) => {
  const app = await testApp(t)
  await makePublished(app)
  for (const [as, status, code] of [
    ['stranger', 401, 'key_required'],
    ['reader', 403, 'forbidden'],
    ['writer', 403, 'forbidden'],
  ] as const) {
    for (const query of ['', '?count=exact', '?entity=article', '?actor=operator', '?cursor=x', '?surprise=1']) {
      const answer = await app.call('GET', `${path}${query}`, { as })
      t.match(answer, { status, body: { code } }, `${as} ${query}`)
      t.notOk('data' in answer.body || 'page' in answer.body)
    }
  }
  for (const as of ['editor', 'admin'] as const) {
    const { status, body, headers } = await app.call('GET', path, { as })
    t.equal(status, 200)
    t.equal(body.data[0].kind, 'article.published')
    t.match(headers['cache-control'], /no-store|private/)
  }
})

for (const query of ['sort=-seq&entity=tag', 'sort=seq&entity=tag', 'sort=seq&entity=tag,source&kind=tag.created']) {
  provesWalks(t, {
    path,
    query,
    as: 'admin',
    make: (app, i) => app.call('POST', '/v1/tags', { as: 'editor', body: { name: `Name ${i}` } }),
  })
}

provesRefusals(
  t,
  {
    path,
    query: 'sort=-seq',
    as: 'admin',
    make: (app, i) => app.call('POST', '/v1/tags', { as: 'editor', body: { name: `Name ${i}` } }),
  },
  ['sort=seq', 'entity=tag', 'kind=tag.created', 'actor=operator', 'after=2026-11-22T09:00:00Z'],
)

t.test('numbers are sorted as numbers: nine comes before ten, and pages meet there', async (t) => {
  const app = await testApp(t)
  for (let i = 0; i < 10; i += 1) await makeTag(app, { name: `Tag ${i}` })
  const all = (await read(app, 'sort=seq')).map(({ seq }) => seq)
  t.strictSame(
    all,
    all.map((_, i) => i + 1),
    'from one, without a gap',
  )
  t.ok(all.length > 10)
  t.strictSame(
    (await read(app, '')).map(({ seq }) => seq),
    all.toReversed(),
    'the newest is first',
  )
  const walked: number[] = []
  let url = `${path}?limit=3`
  for (;;) {
    const { body } = await app.call('GET', url, { as: 'editor' })
    walked.push(...body.data.map(({ seq }: Item) => seq))
    if (body.page.next === null) break
    url = `${path}?limit=3&cursor=${body.page.next}`
    await makeTag(app, { name: `Meanwhile ${walked.length}` })
  }
  t.strictSame(walked, all.toReversed(), 'what is done meanwhile is newer, and comes not in between')
})

t.test('each filter leaves what it says, alone and with others', async (t) => {
  const app = await testApp(t)
  const desk = await makeKey(app, { name: 'night desk' })
  app.clock.advance(60_000)
  const section = await makeSection(app)
  const tag = await makeTag(app)
  app.clock.advance(60_000)
  const source = await makeSource(app)
  const article = await makePublished(app, { section: section.id })
  app.clock.advance(60_000)
  await app.call('PATCH', `/v1/tags/${tag.id}`, { key: desk.secret, version: 1, body: { name: 'Trains' } })
  const all = await read(app, 'sort=seq')
  const kinds = async (query: string): Promise<string[]> =>
    (await read(app, `sort=seq&${query}`)).map(({ kind }) => kind.replace('article', 'a'))
  const keys = Array(all.filter(({ entity }) => entity === 'key').length).fill('key.created')
  const news = ['section.created', 'tag.created', 'source.created', 'a.created', 'a.published', 'tag.updated']
  const expected: Record<string, string[]> = {
    'entity=article': ['a.created', 'a.published'],
    'entity=section': ['section.created'],
    'entity=tag': ['tag.created', 'tag.updated'],
    'entity=source': ['source.created'],
    'entity=key': keys,
    'entity=source,section': ['section.created', 'source.created'],
    'entity=article,section,tag,source,key': [...keys, ...news],
    'kind=article.published': ['a.published'],
    'kind=tag.updated,section.created': ['section.created', 'tag.updated'],
    'kind=tag.merged': [],
    'kind=tag.created&entity=article': [],
    [`actor=${desk.id}`]: ['tag.updated'],
    'actor=nobody': [],
    'actor=operator': Array(4).fill('key.created'),
    [`id=${article.id}`]: ['a.created', 'a.published'],
    [`id=${tag.id}`]: ['tag.created', 'tag.updated'],
    [`id=${desk.id}`]: ['key.created'],
    [`id=${source.id}&entity=source`]: ['source.created'],
    [`id=${source.id}&entity=source,tag`]: ['source.created'],
    [`id=${source.id}&entity=tag`]: [],
    [`id=${tag.id}&actor=${desk.id}&kind=tag.updated,tag.created`]: ['tag.updated'],
    'id=019bd2a4-0000-7000-8000-00000000dead': [],
    'after=2026-11-22T09:01:00Z': news,
    'after=2026-11-22T09:01:00.001Z': news.slice(2),
    'before=2026-11-22T09:01:00Z': keys,
    'before=2026-11-22T09:03:00Z': [...keys, ...news.slice(0, -1)],
    'after=2026-11-22T16:01:00%2B07:00&before=2026-11-22T09:02:00Z': news.slice(0, 2),
    'after=2026-11-22T09:03:00Z&before=2026-11-22T09:03:00Z': [],
    'after=2026-11-22T09:01:00Z&entity=tag&actor=operator': [],
  }
  for (const [query, wanted] of Object.entries(expected)) {
    t.strictSame(await kinds(query), wanted, query)
    const { body } = await app.call('GET', `${path}?${query}&limit=1&count=exact`, { as: 'editor' })
    t.equal(body.page.total, wanted.length, `${query}, counted`)
    t.equal(body.data.length, Math.min(1, wanted.length))
  }
})

t.test('a filter that says nothing sensible is refused, with all others that do not', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { slug: 'rail' })
  const wrong = {
    ...{ 'entity=page': 'entity', 'entity=': 'entity', 'entity=Article': 'entity', 'entity=tag,': 'entity' },
    ...{ 'kind=article': 'kind', 'kind=article.praised': 'kind', 'kind=tag.created,x': 'kind', 'kind=': 'kind' },
    ...{ 'actor=': 'actor', [`actor=${'x'.repeat(101)}`]: 'actor' },
    ...{ 'id=rail': 'id', [`id=${draft.id.toUpperCase()}`]: 'id', 'id=': 'id', [`id=${draft.id},${draft.id}`]: 'id' },
    ...{ 'after=2026-11-22': 'after', 'before=2026-11-22T09:00:00': 'before', 'before=': 'before' },
    ...{ 'sort=at': 'sort', 'sort=': 'sort', 'article=x': 'article', 'seq=1': 'seq', 'since=1': 'since' },
  }
  for (const [query, parameter] of Object.entries(wrong)) {
    const { status, body } = await app.call('GET', `${path}?${query}`, { as: 'editor' })
    t.match({ status, code: body.code }, { status: 400, code: 'invalid_request' }, query)
    t.strictSame([...new Set(body.errors.map((error: { parameter: string }) => error.parameter))], [parameter], query)
  }
  const { body } = await app.call('GET', `${path}?entity=x&kind=y&id=z&after=a&before=b&sort=c`, { as: 'editor' })
  const named = body.errors.map((error: { parameter: string }) => error.parameter)
  t.strictSame(named.sort(), ['after', 'before', 'entity', 'id', 'kind', 'sort'])
})

t.test('every kind that there is can be asked for, all of them at once too', async (t) => {
  const app = await testApp(t)
  await makePublished(app)
  const whole = await app.call('GET', path, { as: 'editor' })
  const asked = await app.call('GET', `${path}?kind=${changeKinds.join()}`, { as: 'editor' })
  t.equal(asked.status, 200)
  t.strictSame(asked.body.data, whole.body.data)
})
