import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makeSection, makeTag } from '../support/factories.ts'
import { act, patch, put, readWorking } from './acts.ts'
import { wholeArticle } from './whole.ts'

t.test('no stranger and no reader changes a draft, or learns that there is one', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const answers = [
    await patch(app, draft, { title: 'Hacked' }, 'stranger'),
    await put(app, draft, { title: 'Hacked' }, 'stranger'),
    await patch(app, draft, { title: 'Hacked' }, 'reader'),
    await put(app, draft, { title: 'Hacked' }, 'reader'),
  ]
  t.strictSame(
    answers.map(({ status }) => status),
    [401, 401, 403, 403],
  )
  for (const { text } of answers) t.notMatch(text, draft.title)
  t.equal((await readWorking(app, draft)).body.title, draft.title)
})

t.test('what was read can be changed and sent back whole, read-only members and all', async (t) => {
  const app = await testApp(t)
  const { input } = await wholeArticle(app)
  const draft = await makeDraft(app, input)
  for (const render of ['body,html', 'body,html,text', 'body']) {
    const url = `/v1/articles/${draft.id}?stage=working&render=${render}`
    const { body: read, headers } = await app.call('GET', url, { as: 'editor' })
    const same = await put(app, { id: draft.id, version: headers.etag as never }, read)
    t.equal(same.status, 200)
    t.equal(same.body.version, read.version, 'nothing changed, and no version was made')
    const deck = `Read with ${render}`
    const changed = await put(app, read, { ...read, deck })
    t.equal(changed.status, 200)
    const { warnings, ...shown } = changed.body
    const { body: whole } = await readWorking(app, draft)
    t.strictSame(whole, shown)
    t.match(shown, { deck, version: read.version + 1 })
  }
})

t.test('pages may be read, reordered, cut and sent back', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { pages: [{ body: 'One.' }, { body: 'Two.' }, { body: 'Three.' }] })
  const { body: read } = await readWorking(app, draft)
  const [, two, three] = read.pages
  const cut = await put(app, read, { ...read, pages: [three, two] })
  t.equal(cut.status, 200)
  t.match(cut.body.pages, [
    { number: 1, body: 'Three.', html: '<p>Three.</p>\n' },
    { number: 2, body: 'Two.' },
  ])
  t.match(cut.body, { pageCount: 2, wordCount: 2 })
  t.equal(cut.body.pages.length, 2)
})

t.test('a replacement clears what it leaves out, but for slug, lang and publishedAt', async (t) => {
  const app = await testApp(t)
  const { input } = await wholeArticle(app)
  const draft = await makeDraft(app, input)
  const { body } = await put(app, draft, { title: 'Alone' })
  t.match(body, {
    ...{ slug: input.slug, lang: input.lang, publishedAt: input.publishedAt, title: 'Alone', version: 2 },
    ...{ externalId: null, kicker: null, deck: null, dateline: null, section: null, image: null, genre: null },
    ...{ urgency: null, breaking: false, breakingUntil: null, seo: null, access: 'free', embargoUntil: null },
    ...{ expiresAt: null, wordCount: 0, pageCount: 0 },
  })
  for (const list of ['tags', 'sources', 'bylines', 'pages']) t.strictSame(body[list], [])
  t.equal((await put(app, body, { title: 'Alone', publishedAt: null })).body.publishedAt, null)
})

t.test('each field can be changed alone, and null clears it', async (t) => {
  const app = await testApp(t)
  const { input, expected } = await wholeArticle(app)
  const { title, publishedAt: _, ...others } = input
  let { body: now } = { body: await makeDraft(app, { title, slug: 'plain', pages: [] }) }
  const { pages: _pages, ...shown } = expected
  for (const [field, value] of Object.entries(others)) {
    const set = await patch(app, now, { [field]: value })
    t.equal(set.status, 200, field)
    if (field in shown) t.strictSame(set.body[field], shown[field as keyof typeof shown], field)
    t.equal(set.body.version, now.version + 1, `${field} makes a version`)
    const cleared = await patch(app, set.body, { [field]: null })
    t.equal(cleared.status, 200, field)
    now = cleared.body
  }
  t.match(now, {
    ...{ slug: 'wang-yi-temui-putin', lang: 'en', externalId: null, kicker: null, deck: null, dateline: null },
    ...{ image: null, genre: null, urgency: null, breaking: false, seo: null, access: 'free', section: null },
  })
  for (const list of ['tags', 'sources', 'bylines', 'pages']) t.strictSame(now[list], [])
  t.match((await patch(app, now, { title: null })).body.errors, [{ pointer: '/title' }], 'only the title cannot go')
})

t.test('a patch merges dateline, image and seo, and replaces lists whole', async (t) => {
  const app = await testApp(t)
  const { input, tag } = await wholeArticle(app)
  await makeTag(app, { name: 'China' })
  const draft = await makeDraft(app, input)
  const { status, body } = await patch(app, draft, {
    ...{ dateline: { place: null }, image: { credit: 'AFP', width: null }, seo: { title: 'New' } },
    ...{ tags: ['china'], bylines: [{ name: 'Joko' }], pages: [{ body: 'Only one.' }] },
  })
  t.equal(status, 200)
  t.strictSame(body.dateline, { ...input.dateline, place: null })
  t.strictSame(body.image, { ...input.image, credit: 'AFP', width: null })
  t.strictSame(body.seo, { ...input.seo, title: 'New' })
  t.strictSame(
    body.tags.map(({ slug }: typeof tag) => slug),
    ['china'],
  )
  t.strictSame(body.bylines, [{ name: 'Joko', role: 'author' }])
  t.equal(body.pages.length, 1)
  t.match(body, { kicker: input.kicker, sources: [{ mention: 'CNA' }], section: { slug: 'asia' } })
})

t.test('a patch that would leave an image without url, or a dateline without text, is 400 there', async (t) => {
  const app = await testApp(t)
  const { input } = await wholeArticle(app)
  const draft = await makeDraft(app, input)
  const broken = await patch(app, draft, { image: { url: null }, dateline: { text: null } })
  t.equal(broken.status, 400)
  t.strictSame(broken.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort(), [
    '/dateline/text',
    '/image/url',
  ])
  const bare = await makeDraft(app)
  const lacking = await patch(app, bare, { image: { alt: 'A train' } })
  t.equal(lacking.status, 400)
  t.match(lacking.body.errors, [{ pointer: '/image/url', message: 'is required' }])
  const unknown = await patch(app, bare, { image: { src: 'x' }, colour: 'red', seo: { robots: 'no' } })
  t.equal(unknown.status, 400)
  t.equal(unknown.body.errors.length, 3)
  t.match((await readWorking(app, bare)).body, { image: null, version: 1 })
})

t.test('a merge patch may come as application/merge-patch+json', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { deck: 'Gone soon' })
  const raw = { type: 'application/merge-patch+json', data: '{"deck":null}' }
  const { status, body } = await app.call('PATCH', `/v1/articles/${draft.id}`, { as: 'editor', version: 1, raw })
  t.equal(status, 200)
  t.equal(body.deck, null)
})

t.test('what was read can be sent back whole, in each state, and then nothing has changed', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const draft = await makeDraft(app, { section: section.id })
  const { body: shown } = await act(app, draft, 'publish')
  const { body: withdrawn } = await act(app, shown, 'withdraw', 'editor', { reason: 'A forgery.' })
  const at = { at: '2026-11-22T12:00:00Z' }
  const { body: scheduled } = await act(app, withdrawn, 'publish', 'editor', at)
  for (const { id, version } of [await makeDraft(app), scheduled]) {
    const { body: read } = await readWorking(app, { id, version })
    for (const write of [put, patch]) {
      const answer = await write(app, read, read)
      t.match(answer, { status: 200, body: { version } }, answer.text)
    }
  }
  t.match(await patch(app, scheduled, { withdrawal: null }), {
    status: 422,
    body: { errors: [{ pointer: '/withdrawal', code: 'read_only' }] },
  })
})

t.test('read-only members that say what is not so are 422, all at once', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const { body: read } = await readWorking(app, draft)
  const wrong = {
    ...{ id: '019bd2a4-0000-7000-8000-0000000000a1', corrections: [], wordCount: 99, readingMinutes: 9, pageCount: 2 },
    ...{ state: 'published', changed: true, version: 7, firstPublishedAt: '2020-01-01T00:00:00.000Z' },
    scheduledAt: '2020-01-01T00:00:00.000Z',
    withdrawal: { reason: 'Forged', withdrawnAt: '2020-01-01T00:00:00.000Z', replacement: 'another' },
    ...{ updatedAt: '2020-01-01T00:00:00.000Z', createdAt: '2020-01-01T00:00:00.000Z' },
    pages: [{ ...read.pages[0], number: 3, html: '<p>Forged.</p>' }],
  }
  const { corrections: _, ...expected } = wrong
  for (const write of [put, patch]) {
    const { status, body } = await write(app, draft, { ...read, ...wrong })
    t.equal(status, 422)
    t.ok(body.errors.every(({ code }: { code: string }) => code === 'read_only'))
    t.strictSame(
      body.errors.map(({ pointer }: { pointer: string }) => pointer).sort(),
      [
        ...Object.keys(expected)
          .filter((name) => name !== 'pages')
          .map((name) => `/${name}`),
        ...['/pages/0/number', '/pages/0/html'],
      ].sort(),
    )
  }
  t.equal((await readWorking(app, draft)).body.version, 1)
})

t.test('an embedded relation that says what is not so is 422; another one takes its place', async (t) => {
  const app = await testApp(t)
  const { input, section, parent, tag } = await wholeArticle(app)
  const draft = await makeDraft(app, input)
  const [embedded] = draft.tags
  const wrong = await patch(app, draft, {
    ...{ section: { ...draft.section, name: 'Africa' }, tags: [{ ...embedded, name: 'Russland' }] },
    sources: [{ ...draft.sources[0], source: { ...draft.sources[0].source, name: 'CNN' } }],
  })
  t.equal(wrong.status, 422)
  t.match(wrong.body.errors, [
    { pointer: '/section/name', code: 'read_only' },
    { pointer: '/tags/0/name', code: 'read_only' },
    { pointer: '/sources/0/source/name', code: 'read_only' },
  ])
  const other = await makeTag(app, { name: 'China' })
  const { id, slug, name, path } = parent
  const moved = await patch(app, draft, {
    section: { id, slug, name, path },
    tags: [{ id: other.id, slug: other.slug, name: other.name, kind: other.kind }, embedded],
  })
  t.equal(moved.status, 200)
  t.equal(moved.body.section.id, parent.id)
  t.not(moved.body.section.id, section.id)
  t.strictSame(
    moved.body.tags.map((one: typeof tag) => one.id),
    [other.id, tag.id],
  )
})

t.test('an article must not expire before it appears', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { embargoUntil: '2026-11-23T00:00:00Z' })
  const { status, body } = await patch(app, draft, { expiresAt: '2026-11-23T00:00:00Z' })
  t.equal(status, 422)
  t.match(body.errors, [{ pointer: '/expiresAt', code: 'too_early' }])
})

t.test('what is unknown is 404, whatever is written to it', async (t) => {
  const app = await testApp(t)
  await makeSection(app)
  for (const id of ['nothing', '019bd2a4-0000-7000-8000-0000000000a1', 'world']) {
    t.equal((await patch(app, { id, version: 1 }, { title: 'x' })).body.code, 'article_not_found')
    t.equal((await put(app, { id, version: 1 }, { title: 'x' })).status, 404)
  }
})
