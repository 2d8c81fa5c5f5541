import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { minute, patch, readWorking, slugsOf } from './acts.ts'
import { clock, publish, type Seen, scheduled, settle, turns } from './timetable.ts'

const statusOf = async (app: TestApp, name: string): Promise<number> =>
  (await app.call('GET', `/v1/articles/${name}`)).status

t.test('an article is public from its instant to its end, whether or not anything is written down', async (t) => {
  for (const job of [false, true]) {
    const app = await testApp(t)
    const draft = await makeDraft(app, { section: (await makeSection(app)).id, expiresAt: clock('11:00:00.000') })
    await scheduled(app, draft, clock('10:00:00.000'))
    for (const [time, status, state, scheduledAt] of [
      ['09:59:59.999', 404, 'scheduled', clock('10:00:00.000')],
      ['10:00:00.000', 200, 'published', null],
      ['10:59:59.999', 200, 'published', null],
      ['11:00:00.000', 410, 'draft', null],
    ] as const) {
      app.clock.set(clock(time))
      if (job) await settle(app)
      for (const name of [draft.id, draft.slug]) t.equal(await statusOf(app, name), status, `${time}, job: ${job}`)
      t.strictSame(await slugsOf(app, ''), status === 200 ? [draft.slug] : [])
      t.match((await readWorking(app, draft)).body, { state, scheduledAt, changed: false })
      t.strictSame(await slugsOf(app, `stage=working&state=${state}`, 'editor'), [draft.slug])
    }
    const log = (await turns(app)).map(({ kind }) => kind)
    t.strictSame(
      log,
      ['article.created', 'article.scheduled', ...(job ? ['article.published', 'article.expired'] : [])],
      'no job, no change',
    )
  }
})

t.test('what has ended is nothing that a working copy could be ahead of, be it written down or not', async (t) => {
  const app = await testApp(t)
  const shown = await makePublished(app, { expiresAt: clock('10:00:00.000') })
  await patch(app, shown, { title: 'Ahead', expiresAt: null })
  t.match((await readWorking(app, shown)).body, { state: 'published', changed: true })
  app.clock.set(clock('10:00:00.000'))
  const before = await readWorking(app, shown)
  t.match(before.body, { state: 'draft', changed: false })
  t.strictSame(await slugsOf(app, 'stage=working&changed=true', 'editor'), [])
  await settle(app)
  t.equal((await readWorking(app, shown)).text, before.text)
  t.strictSame(await slugsOf(app, 'stage=working&changed=true', 'editor'), [])
})

t.test('what the clock has published again is withdrawn no more, and has an end like any other', async (t) => {
  const app = await testApp(t)
  const shown = await makePublished(app)
  const body = { reason: 'It is a forgery.' }
  const { body: taken } = await app.call('POST', `/v1/articles/${shown.id}/withdraw`, {
    ...{ as: 'editor', version: shown.version, body },
  })
  const { body: mended } = await patch(app, taken, { expiresAt: clock('11:00:00.000') })
  await scheduled(app, mended, clock('10:00:00.000'))
  t.match((await app.call('GET', `/v1/articles/${shown.id}`)).body, { code: 'article_withdrawn', ...body })
  t.match((await readWorking(app, shown)).body, { state: 'scheduled', withdrawal: body })
  app.clock.set(clock('11:00:00.000'))
  for (const written of [false, true]) {
    if (written) await settle(app)
    const { status, text } = await app.call('GET', `/v1/articles/${shown.id}`)
    t.match([status, text], [410, /article_gone/], `written down: ${written}`)
    t.notMatch(text, /forgery/)
    t.match((await readWorking(app, shown)).body, { state: 'draft', withdrawal: null })
  }
})

t.test('a clock that is stepped back shows nothing early, written down or not', async (t) => {
  for (const job of [false, true]) {
    const app = await testApp(t)
    const draft = await makeDraft(app, { section: (await makeSection(app)).id })
    await scheduled(app, draft, clock('10:00:00.000'))
    app.clock.set(clock('10:00:00.000'))
    t.equal(await statusOf(app, draft.id), 200)
    if (job) await settle(app)
    app.clock.set(clock('09:59:59.999'))
    for (const name of [draft.id, draft.slug]) t.equal(await statusOf(app, name), 404, `job: ${job}`)
    t.strictSame(await slugsOf(app, ''), [])
    t.strictSame(await slugsOf(app, `ids=${draft.slug}`), [])
    await settle(app)
    t.equal(await statusOf(app, draft.id), 404)
    app.clock.set(clock('10:00:00.000'))
    t.equal(await statusOf(app, draft.id), 200)
    await settle(app)
    t.equal((await turns(app)).filter(({ kind }) => kind === 'article.published').length, 1)
  }
})

t.test('of an embargo and an instant the later holds', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  for (const [embargo, at, from] of [
    ['10:00', '11:00', '11:00'],
    ['11:00', '10:00', '11:00'],
    ['11:00', '11:00', '11:00'],
    ['11:00', undefined, '11:00'],
  ] as const) {
    app.clock.set(clock('09:00:00.000'))
    const draft = await makeDraft(app, { section, embargoUntil: clock(`${embargo}:00.000`) })
    const { body } = await publish(app, draft, at === undefined ? {} : { at: clock(`${at}:00.000`) })
    t.match(body, { state: 'scheduled', scheduledAt: clock(`${from}:00.000`), publishedAt: null })
    app.clock.set(clock('10:59:59.999'))
    t.equal(await statusOf(app, draft.id), 404)
    app.clock.set(clock('11:00:00.000'))
    t.match((await app.call('GET', `/v1/articles/${draft.id}`)).body, { publishedAt: clock('11:00:00.000') })
  }
})

t.test('a correction does not show what is under embargo', async (t) => {
  const app = await testApp(t)
  const shown = await makePublished(app)
  const before = await app.call('GET', `/v1/articles/${shown.id}`)
  const { body: held } = await patch(app, shown, { title: 'SECRET', embargoUntil: clock('10:00:00.000') })
  const body = { text: 'It was Tuesday.' }
  const answer = await app.call('POST', `/v1/articles/${shown.id}/correct`, {
    as: 'editor',
    version: held.version,
    body,
  })
  t.match(answer, { status: 422, body: { code: 'not_ready', errors: [{ pointer: '/embargoUntil' }] } })
  t.equal((await app.call('GET', `/v1/articles/${shown.id}`)).text, before.text)
  app.clock.set(clock('10:00:00.000'))
  t.equal(
    (await app.call('POST', `/v1/articles/${shown.id}/correct`, { as: 'editor', version: held.version, body })).status,
    200,
  )
})

t.test('a time that clocks skip or show twice is refused with those that can be meant', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { section: (await makeSection(app)).id })
  const refused = async (body: unknown, ...errors: object[]) => {
    const answer = await publish(app, draft, body)
    t.match(answer, { status: 422, body: { code: 'wrong_time', errors } })
    t.equal(answer.body.errors.length, errors.length)
    t.match((await readWorking(app, draft)).body, { state: 'draft', version: 1 })
  }
  const zone = 'Europe/Berlin'
  await refused(
    { at: '2027-03-28T02:30', zone },
    {
      ...{ pointer: '/at', code: 'no_such_time' },
      choices: ['2027-03-28T01:30:00+01:00', '2027-03-28T03:30:00+02:00'],
    },
  )
  await refused(
    { at: '2027-10-31T02:30', zone },
    {
      ...{ pointer: '/at', code: 'ambiguous_time' },
      choices: ['2027-10-31T02:30:00+02:00', '2027-10-31T02:30:00+01:00'],
    },
  )
  await refused({ at: '2027-03-28T02:30:00+01:00', zone }, { pointer: '/zone', code: 'offset_and_zone' })
  await refused({ at: '2027-03-28T02:30' }, { pointer: '/at', code: 'offset_missing' })
  await refused({ zone }, { pointer: '/at', code: 'required' })
  await refused(
    { at: 'soon', zone: 'Mars/Base' },
    { pointer: '/at', code: 'wrong_format' },
    { pointer: '/zone', code: 'unknown_zone' },
  )
  const { body } = await publish(app, draft, { at: '2027-10-31T02:30:00+01:00' })
  t.match(body, { state: 'scheduled', scheduledAt: '2027-10-31T01:30:00.000Z' }, 'what it offers, it takes')
  const { body: again } = await publish(app, body, { at: '2027-10-31T03:30', zone })
  t.match(again, { state: 'scheduled', scheduledAt: '2027-10-31T02:30:00.000Z' })
})

t.test('an instant that is past is refused, and so is an end before the beginning', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const draft = await makeDraft(app, { section, expiresAt: clock('11:00:00.000') })
  for (const at of ['2026-11-22T09:00:00.000Z', '2026-11-22T08:59:59.999Z', '2026-11-22T16:00:00+07:00']) {
    const answer = await publish(app, draft, { at })
    t.match(answer, { status: 422, body: { code: 'schedule_in_past', errors: [{ pointer: '/at', code: 'in_past' }] } })
  }
  for (const at of ['11:00:00.000', '12:00:00.000']) {
    const answer = await publish(app, draft, { at: clock(at) })
    const errors = [{ pointer: '/expiresAt', code: 'too_early' }]
    t.match(answer, { status: 422, body: { code: 'expiry_before_publication', errors } })
  }
  t.match((await readWorking(app, draft)).body, { state: 'draft', version: 1 })
  t.equal((await publish(app, draft, { at: clock('10:59:59.999') })).status, 200)
})

/** Everything that the public can ask that may show an article, but for what names each request. */
async function publicAnswers(app: TestApp, { id }: Seen, urls: readonly string[]): Promise<string[]> {
  const answers = []
  for (const url of [`/v1/articles/${id}`, ...urls]) {
    const { status, headers, text } = await app.call('GET', url)
    answers.push(`${url} ${status} ${headers.etag} ${headers.location} ${text.replace(/"requestId":"[^"]*"/, '')}`)
  }
  return answers
}

t.test('every public answer goes over to the new copy in one instant, and the job changes none of them', async (t) => {
  const app = await testApp(t)
  const [old, young] = [await makeSection(app, { name: 'Old' }), await makeSection(app, { name: 'Young' })]
  const [rail, air] = [await makeTag(app, { name: 'Rail' }), await makeTag(app, { name: 'Air' })]
  const [antara, reuters] = [await makeSource(app), await makeSource(app, { name: 'Reuters' })]
  const beside = await makePublished(app, { slug: 'beside', section: old.id, tags: [rail.id, air.id] })
  app.clock.advance(minute)
  const content = { slug: 'before', section: old.id, tags: [rail.id], sources: [{ source: antara.id }] }
  const first = await makePublished(app, content)
  const { body: revised } = await patch(app, first, {
    ...{ title: 'All is new', slug: 'after', section: young.id, tags: [air.id], sources: [{ source: reuters.id }] },
  })
  await scheduled(app, revised, clock('10:00:00.000'))
  const filters = [
    'section=old',
    'section=young',
    'tag=rail',
    'tag=air',
    'source=antara',
    'source=reuters',
    'ids=after',
  ]
  const urls = [
    ...['before', 'after', 'before/related', 'after/related', 'beside/related'].map((name) => `/v1/articles/${name}`),
    ...['include=pages', ...filters].map((query) => `/v1/articles?count=exact&${query}`),
    ...['tags', 'tags/rail', 'tags/air', 'sources', 'sources/antara', 'sources/reuters', 'sections'].map(
      (path) => `/v1/${path}`,
    ),
  ]
  const shown = await publicAnswers(app, first, urls)
  app.clock.set(clock('09:59:59.999'))
  await settle(app)
  t.strictSame(await publicAnswers(app, first, urls), shown, 'until then all is as it was')
  app.clock.set(clock('10:00:00.000'))
  const at = await publicAnswers(app, first, urls)
  await settle(app)
  t.strictSame(await publicAnswers(app, first, urls), at, 'to the byte, before and after the job')
  app.clock.set(clock('10:30:00.000'))
  t.strictSame(await publicAnswers(app, first, urls), at, 'and from then on')

  const of = (answers: string[], url: string) => answers.find((answer) => answer.startsWith(`${url} `)) ?? ''
  const differ = urls.filter((url) => of(shown, url) !== of(at, url))
  for (const url of [
    '/v1/articles/before',
    '/v1/articles/after',
    '/v1/articles?count=exact&include=pages',
    '/v1/tags/rail',
    '/v1/tags/air',
    '/v1/sources/antara',
    '/v1/sources/reuters',
    ...filters.map((query) => `/v1/articles?count=exact&${query}`),
  ])
    t.ok(differ.includes(url), `${url} changes`)
  for (const answer of shown) t.notMatch(answer, /All is new/)
  t.match(of(shown, '/v1/articles/after'), / 404 /)
  t.match(of(at, '/v1/articles/before'), / 301 .*\/v1\/articles\/after/)
  const list = (query: string) => slugsOf(app, query)
  t.strictSame([await list('tag=rail'), await list('tag=air')], [['beside'], ['after', 'beside']])
  t.strictSame([await list('section=old'), await list('section=young')], [['beside'], ['after']])
  t.strictSame([await list('source=antara'), await list('source=reuters')], [[], ['after']])
  t.equal((await app.call('GET', '/v1/tags/rail')).body.articleCount, 1)
  t.ok(beside.id)
})
