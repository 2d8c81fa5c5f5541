import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { wholeArticle } from './whole.ts'

t.test('a stranger and a reader cannot make a draft, and nothing is made', async (t) => {
  const app = await testApp(t)
  const body = { title: 'Rail strike ends' }
  const stranger = await app.call('POST', '/v1/articles', { body })
  t.equal(stranger.status, 401)
  t.equal(stranger.body.code, 'key_required')
  t.equal((await app.call('POST', '/v1/articles', { as: 'reader', body })).status, 403)
  const list = await app.call('GET', '/v1/articles?stage=working&count=exact', { as: 'admin' })
  t.equal(list.body.page.total, 0)
})

t.test('a title is all that a draft needs; the rest has its defaults', async (t) => {
  const app = await testApp(t)
  const { status, body, headers } = await app.call('POST', '/v1/articles', { as: 'writer', body: { title: '  Rain ' } })
  t.equal(status, 201)
  t.equal(headers.location, `/v1/articles/${body.id}?stage=working`)
  t.match(headers.etag, /^"1-/)
  const { id, ...rest } = body
  t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/)
  t.strictSame(rest, {
    ...{ slug: 'rain', externalId: null, lang: 'en', title: 'Rain', kicker: null, deck: null, dateline: null },
    ...{ section: null, tags: [], sources: [], bylines: [], image: null, genre: null, urgency: null, breaking: false },
    ...{ breakingUntil: null, seo: null, access: 'free', corrections: [], wordCount: 0, readingMinutes: 0 },
    ...{ pageCount: 0, state: 'draft', changed: false, version: 1, publishedAt: null, firstPublishedAt: null },
    ...{ updatedAt: '2026-11-22T09:00:00.000Z', createdAt: '2026-11-22T09:00:00.000Z', embargoUntil: null },
    ...{ expiresAt: null, scheduledAt: null, withdrawal: null, pages: [] },
  })
})

t.test('every field is kept as it was written and read back', async (t) => {
  const app = await testApp(t)
  const { input, expected } = await wholeArticle(app)
  const { status, body: made } = await app.call('POST', '/v1/articles', { as: 'editor', body: input })
  t.equal(status, 201)
  const { id, warnings, ...shown } = made
  t.equal(warnings, undefined)
  t.strictSame(shown, expected)
  const read = await app.call('GET', `/v1/articles/${id}?stage=working`, { as: 'editor' })
  t.strictSame(read.body, { id, ...shown })
})

t.test('instants are kept in UTC and language tags in their canonical form', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { publishedAt: '2020-01-02T03:04:05+07:00', lang: 'EN-gb' })
  t.equal(draft.publishedAt, '2020-01-01T20:04:05.000Z')
  t.equal(draft.lang, 'en-GB')
})

t.test('the newsroom’s own language stands where an article names none', async (t) => {
  const app = await testApp(t, { WARTA_LANG: 'id' })
  t.equal((await makeDraft(app)).lang, 'id')
})

t.test('all faults of a body come at once, each at its pointer, and nothing is made', async (t) => {
  const app = await testApp(t)
  const { status, body } = await app.call('POST', '/v1/articles', {
    as: 'editor',
    body: {
      ...{ title: 'two\nlines', urgency: 10, lang: 'not a tag', colour: 'red', id: 'mine', slug: 'Rail Strike' },
      ...{ genre: 'gossip', pages: [{ body: 'x' }, { title: 'no body' }], publishedAt: '2026-02-30T00:00:00Z' },
      ...{ image: { alt: 'no url' }, bylines: [{ name: '' }], sources: [{ source: 'x', statedOn: '20/9/2023' }] },
    },
  })
  t.equal(status, 400)
  t.equal(body.code, 'invalid_request')
  t.strictSame(body.errors.map(({ pointer }: { pointer: string }) => pointer).sort(), [
    ...['/bylines/0/name', '/colour', '/genre', '/id', '/image/url', '/lang', '/pages/1/body', '/publishedAt'],
    ...['/slug', '/sources/0/statedOn', '/title', '/urgency'],
  ])
  t.equal((await app.call('GET', '/v1/articles?stage=working', { as: 'editor' })).body.data.length, 0)
})

t.test('a request without a body or a type is the sender’s fault, not ours', async (t) => {
  const app = await testApp(t)
  for (const raw of [undefined, { type: 'application/json', data: '' }, { type: 'application/json', data: 'null' }]) {
    const { status } = await app.call('POST', '/v1/articles', { as: 'editor', ...(raw && { raw }) })
    t.ok(status === 400 || status === 415, `${raw?.data} is answered ${status}`)
  }
})

t.test('relations are given by slug, by id, or as the object that an answer embeds', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app, { name: 'Asia' })
  const tag = await makeTag(app, { name: 'Trains' })
  const source = await makeSource(app, { name: 'CNA' })
  const forms = [
    (it: { slug: string }) => it.slug,
    (it: { id: string }) => it.id,
    ({ id, slug, name }: Record<string, string>) => ({ id, slug, name }),
    ({ slug }: { slug: string }) => ({ slug }),
  ]
  for (const as of forms) {
    const draft = await makeDraft(app, { section: as(section), tags: [as(tag)], sources: [{ source: as(source) }] })
    t.equal(draft.section.id, section.id)
    t.equal(draft.tags[0].id, tag.id)
    t.equal(draft.sources[0].source.id, source.id)
    t.equal(draft.sources[0].role, 'cited')
  }
})

t.test('relations keep the order in which they were given', async (t) => {
  const app = await testApp(t)
  const names = ['Zeta', 'Alpha', 'Mid']
  for (const name of names) {
    await makeTag(app, { name })
    await makeSource(app, { name })
  }
  const slugs = ['zeta', 'alpha', 'mid']
  const draft = await makeDraft(app, {
    tags: slugs,
    sources: slugs.map((source) => ({ source })),
    bylines: names.map((name) => ({ name })),
  })
  t.strictSame(
    draft.tags.map(({ slug }: { slug: string }) => slug),
    slugs,
  )
  t.strictSame(
    draft.sources.map(({ source }: { source: { slug: string } }) => source.slug),
    slugs,
  )
  t.strictSame(
    draft.bylines.map(({ name }: { name: string }) => name),
    names,
  )
})

t.test('unknown relations are 422, all at once, each at its pointer', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Rail' })
  await makeTag(app, { name: 'Strike' })
  const { status, body } = await app.call('POST', '/v1/articles', {
    as: 'editor',
    body: {
      ...{ title: 'Rain', section: 'nowhere', tags: ['rail', 'strike', 'rusia', { name: 'no name of ours' }] },
      sources: [{ source: 'nobody' }, { source: { slug: 'no-one' } }],
    },
  })
  t.equal(status, 422)
  t.equal(body.code, 'rule_broken')
  t.strictSame(
    body.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]),
    [
      ['/section', 'unknown_section'],
      ['/tags/2', 'unknown_tag'],
      ['/tags/3', 'unknown_tag'],
      ['/sources/0/source', 'unknown_source'],
      ['/sources/1/source', 'unknown_source'],
    ],
  )
})

t.test('a tag given twice is 422, also by its other name; a source may be used in two ways', async (t) => {
  const app = await testApp(t)
  const tag = await makeTag(app, { name: 'Rail' })
  await makeSource(app, { name: 'CNA' })
  const body = { title: 'Rain', tags: ['rail', tag.id] }
  const twice = await app.call('POST', '/v1/articles', { as: 'editor', body })
  t.equal(twice.status, 422)
  t.match(twice.body.errors, [{ pointer: '/tags/1', code: 'duplicate' }])
  const uses = [
    { source: 'cna', role: 'origin' },
    { source: 'cna', role: 'photo' },
  ]
  t.match((await makeDraft(app, { sources: uses })).sources, [{ role: 'origin' }, { role: 'photo' }])
})

t.test('an external id belongs to one article', async (t) => {
  const app = await testApp(t)
  const first = await makeDraft(app, { externalId: 'cms:1' })
  const body = { title: 'Another', externalId: 'cms:1' }
  const taken = await app.call('POST', '/v1/articles', { as: 'editor', body })
  t.equal(taken.status, 409)
  t.match(taken.body, { code: 'external_id_taken', errors: [{ pointer: '/externalId' }] })
  const second = await makeDraft(app, { externalId: 'cms:2' })
  const change = { as: 'editor', version: 1, body: { externalId: 'cms:1' } } as const
  t.equal((await app.call('PATCH', `/v1/articles/${second.id}`, change)).status, 409)
  await app.call('PATCH', `/v1/articles/${first.id}`, { as: 'editor', version: 1, body: { externalId: null } })
  t.equal((await app.call('PATCH', `/v1/articles/${second.id}`, change)).status, 200)
})

t.test('what the sanitiser took out is said at the page that had it', async (t) => {
  const app = await testApp(t)
  const pages = [{ body: 'Clean.' }, { body: 'Text <script>alert(1)</script> [link](javascript:alert(2))' }]
  const { warnings, pages: shown, id } = await makeDraft(app, { pages })
  t.equal(warnings.length, 2)
  for (const { pointer, code, message } of warnings) {
    t.equal(pointer, '/pages/1/body')
    t.type(code, 'string')
    t.ok(message.length > 0)
  }
  t.equal(shown[1].body, pages[1]?.body, 'the body is kept as written')
  t.notMatch(shown[1].html, /script|javascript/)
  const again = await app.call('PATCH', `/v1/articles/${id}`, { as: 'editor', version: 1, body: { deck: 'Other' } })
  t.equal(again.body.warnings, undefined, 'a write that sends no body has nothing to warn of')
})
