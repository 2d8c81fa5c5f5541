import t, { type Test } from 'tap'
import { type Answer, type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeTag } from '../support/factories.ts'
import { dump } from '../support/operations.ts'
import { act, minute, patch, put, readWorking, slugsOf, withoutNames } from './acts.ts'

interface Seen {
  id: string
  version: number
}

/** Each test has articles of its own, and these share one app; the clock goes on from one to the next. */
const app: TestApp = await testApp(t)
const nothing = withoutNames(await app.call('GET', '/v1/articles/nothing'), 'nothing')

function post({ id, version }: Seen, action: string, body?: unknown): Promise<Answer> {
  return app.call('POST', `/v1/articles/${id}/${action}`, {
    ...{ as: 'editor', version, ...(body !== undefined && { body }) },
  })
}

async function done(answer: Promise<Answer>) {
  const { status, text, body } = await answer
  if (status !== 200) throw new Error(text)
  return body
}

const read = (name: string): Promise<Answer> => app.call('GET', `/v1/articles/${name}`)

function expectUnknown(t: Test, answer: Answer, name: string): void {
  t.equal(withoutNames(answer, name), nothing, `${name}: as if it had never been`)
}

t.test('a correction publishes the working copy and tells readers what was wrong, in order and when', async (t) => {
  const first = await makePublished(app, { slug: 'corrected', title: 'On Monday' })
  app.clock.advance(minute)
  const { body: edited } = await patch(app, first, { title: 'On Tuesday' })
  const begun = new Date(app.clock.now()).toISOString()
  const two = await done(post(edited, 'correct', { text: '  It was Tuesday, not Monday.  ' }))
  t.match(two, { state: 'published', changed: false, publishedAt: first.publishedAt })
  const one = { text: 'It was Tuesday, not Monday.', issuedAt: begun }
  t.match((await read('corrected')).body, { title: 'On Tuesday', corrections: [one], updatedAt: begun })
  app.clock.advance(minute)
  const three = await done(post(two, 'correct', { text: 'The minister was not there.' }))
  const other = { text: 'The minister was not there.', issuedAt: new Date(app.clock.now()).toISOString() }
  for (const { body } of [await read('corrected'), await readWorking(app, first)]) {
    t.strictSame(body.corrections, [one, other])
  }
  const { body: list } = await app.call('GET', `/v1/articles?ids=${first.id}`)
  t.strictSame(list.data[0].corrections, [one, other])
  const { body: four } = await patch(app, three, { title: 'Last Tuesday' })
  await done(act(app, four, 'publish'))
  t.strictSame((await read('corrected')).body.corrections, [one, other], 'what was told stays told')
})

t.test('corrections are written with the action alone', async (t) => {
  const first = await makePublished(app)
  const seen = await done(post(first, 'correct', { text: 'It was Tuesday.' }))
  for (const corrections of [[], [{ text: 'Nothing was wrong.', issuedAt: '2026-11-22T09:00:00.000Z' }]]) {
    for (const write of [patch, put]) {
      const answer = await write(app, seen, { title: seen.title, corrections })
      t.match(answer, { status: 422, body: { errors: [{ pointer: '/corrections', code: 'read_only' }] } })
    }
  }
  t.match(await patch(app, seen, { deck: 'Short.', corrections: seen.corrections }), { status: 200 })
})

t.test('a correction that says nothing is refused, and so is one of what is not public', async (t) => {
  const published = await makePublished(app)
  const draft = await makeDraft(app, { section: published.section.id })
  const other = await makeDraft(app, { section: published.section.id })
  const scheduled = await done(post(other, 'publish', { at: '2026-12-24T09:00:00Z' }))
  const before = await dump(app.store)
  for (const body of [undefined, {}, { text: '' }, { text: ' \n ' }]) {
    t.match(await post(published, 'correct', body), {
      ...{ status: 422, body: { code: 'correction_without_text', errors: [{ pointer: '/text', code: 'required' }] } },
    })
  }
  for (const body of [{ text: 7 }, { text: 'x'.repeat(2_001) }, { note: 'It was Tuesday.' }]) {
    t.equal((await post(published, 'correct', body)).status, 400)
  }
  for (const seen of [draft, scheduled]) {
    t.match(await post(seen, 'correct', { text: 'x' }), { status: 409, body: { allowedFrom: ['published'] } })
  }
  t.ok((await dump(app.store)) === before)
})

t.test(
  'what is scheduled to take its place would undo a correction, which is refused until it is taken back',
  async (t) => {
    const first = await makePublished(app, { slug: 'replaced' })
    const { body: edited } = await patch(app, first, { title: 'zqcanary' })
    const scheduled = await done(post(edited, 'publish', { at: '2026-12-24T09:00:00Z' }))
    const before = await dump(app.store)
    const refused = await post(scheduled, 'correct', { text: 'It was Tuesday.' })
    t.match(refused, { status: 409, body: { code: 'replacement_scheduled' } })
    t.match(refused.body.detail, '2026-12-24T09:00:00.000Z')
    t.ok((await dump(app.store)) === before)
    t.notMatch((await read('replaced')).text, 'zqcanary')
    const back = await done(post(scheduled, 'unschedule'))
    await done(post(back, 'correct', { text: 'It was Tuesday.' }))
    t.match((await read('replaced')).body, { corrections: [{ text: 'It was Tuesday.' }] })
  },
)

t.test('a correction is held to what publishing is: it needs a section and text, and no embargo to come', async (t) => {
  const published = await makePublished(app, { slug: 'held', title: 'Shown' })
  const until = new Date(app.clock.now() + 60 * minute).toISOString()
  let seen = published
  for (const [change, code, pointer] of [
    [{ section: null }, 'not_ready', '/section'],
    [{ section: published.section.id, pages: [] }, 'not_ready', '/pages'],
    [{ pages: [{ body: 'zqcanary' }], embargoUntil: until }, 'not_ready', '/embargoUntil'],
  ] as const) {
    seen = (await patch(app, seen, change)).body
    const answer = await post(seen, 'correct', { text: 'It was Tuesday.' })
    t.match(answer, { status: 422, body: { code, errors: [{ pointer }] } }, pointer)
    t.equal(answer.body.errors.length, 1)
    t.match((await read('held')).body, { title: 'Shown', corrections: [] })
    t.notMatch((await read('held')).text, 'zqcanary')
  }
  const { body: freed } = await patch(app, seen, { embargoUntil: null })
  t.equal((await post(freed, 'correct', { text: 'It was Tuesday.' })).status, 200)
})

t.test('whoever asks for a withdrawn article is told why and when, under every name that it had', async (t) => {
  const tag = await makeTag(app, { name: 'Forgery' })
  const first = await makePublished(app, { slug: 'old-name', title: 'zqcanary letter', tags: [tag.id] })
  const neighbour = await makePublished(app, { slug: 'beside', tags: [tag.id], section: first.section.id })
  const renamed = await done(act(app, (await patch(app, first, { slug: 'new-name' })).body, 'publish'))
  const { body: hidden } = await patch(app, renamed, { slug: 'never-shown' })
  t.equal((await app.call('GET', `/v1/articles/${neighbour.id}/related`)).body.data[0]?.id, first.id)
  app.clock.advance(minute)
  const withdrawnAt = new Date(app.clock.now()).toISOString()
  const reason = 'The letter it rests on is a forgery.'
  const withdrawn = await done(post(hidden, 'withdraw', { reason: `  ${reason} ` }))
  t.match(withdrawn, { state: 'withdrawn', withdrawal: { reason, withdrawnAt, replacement: null } })
  for (const name of [first.id, 'new-name', 'old-name']) {
    for (const path of ['', '/related', '?page=1', '?render=text']) {
      const { status, body, text } = await read(`${name}${path}`)
      t.match({ status, ...body }, { status: 410, code: 'article_withdrawn', reason, withdrawnAt })
      t.notOk('replacement' in body)
      t.notMatch(text, 'zqcanary')
    }
  }
  expectUnknown(t, await read('never-shown'), 'never-shown')
  t.strictSame(await slugsOf(app, `ids=${first.id},old-name,new-name`), [])
  t.strictSame(await slugsOf(app, 'tag=forgery'), ['beside'])
  t.equal((await app.call('GET', `/v1/articles?tag=forgery&count=exact`)).body.page.total, 1)
  t.equal((await app.call('GET', '/v1/tags/forgery')).body.articleCount, 1)
  t.strictSame(
    (await app.call('GET', '/v1/articles/beside/related')).body.data.map(({ id }: Seen) => id).includes(first.id),
    false,
  )
})

t.test('its replacement is named only while that is public itself, as the public sees it', async (t) => {
  const first = await makePublished(app, { slug: 'forged' })
  const draft = await makeDraft(app, { slug: 'zqcanary', title: 'zqcanary', section: first.section.id })
  const withdrawn = await done(post(first, 'withdraw', { reason: 'A forgery.', replacement: 'zqcanary' }))
  t.equal(withdrawn.withdrawal.replacement, draft.id, 'editors see whose place it is')
  const hides = async () => {
    const { status, text, body } = await read('forged')
    t.match({ status, ...body }, { status: 410, code: 'article_withdrawn', reason: 'A forgery.' })
    t.notOk('replacement' in body)
    t.notMatch(text, new RegExp(`zqcanary|${draft.id}`))
  }
  await hides()
  const at = new Date(app.clock.now() + minute).toISOString()
  let seen = await done(post(draft, 'publish', { at }))
  await hides()
  seen = (await patch(app, seen, { title: 'Only for editors', slug: 'only-for-editors' })).body
  app.clock.advance(minute)
  const shown = { id: draft.id, slug: 'zqcanary', title: 'zqcanary' }
  for (const name of ['forged', first.id]) t.strictSame((await read(name)).body.replacement, shown)
  seen = await done(act(app, seen, 'unpublish'))
  await hides()
  seen = await done(act(app, seen, 'delete'))
  await hides()
  await app.call('POST', `/v1/articles/${draft.id}/purge`, { as: 'admin', version: seen.version })
  await hides()
})

t.test('a withdrawal needs a reason, and a replacement that is another article', async (t) => {
  const first = await makePublished(app, { slug: 'itself' })
  const before = await dump(app.store)
  for (const body of [{}, { reason: '' }, { reason: ' ' }, { reason: 'x'.repeat(2_001) }, { reason: 'x', note: 'x' }]) {
    t.equal((await post(first, 'withdraw', body)).status, 400)
  }
  for (const [replacement, code] of [
    ['nowhere', 'unknown_article'],
    ['itself', 'same'],
    [first.id, 'same'],
  ]) {
    const answer = await post(first, 'withdraw', { reason: 'A forgery.', replacement })
    t.match(answer, { status: 422, body: { code: 'rule_broken', errors: [{ pointer: '/replacement', code }] } })
  }
  t.ok((await dump(app.store)) === before)
})

t.test('what was scheduled and never shown is withdrawn without a word to the public', async (t) => {
  const section = (await makeSection(app)).id
  const draft = await makeDraft(app, { slug: 'unheard', title: 'zqcanary', section })
  const at = new Date(app.clock.now() + minute).toISOString()
  const scheduled = await done(post(draft, 'publish', { at }))
  const withdrawn = await done(post(scheduled, 'withdraw', { reason: 'zqcanary' }))
  t.match(withdrawn, { state: 'withdrawn', scheduledAt: null, withdrawal: { reason: 'zqcanary' } })
  for (const minutes of [0, 1]) {
    app.clock.advance(minutes * minute)
    for (const name of [draft.id, 'unheard']) expectUnknown(t, await read(name), name)
  }
})

t.test('publishing it again ends the withdrawal; so does the clock, whether or not it is written down', async (t) => {
  const first = await makePublished(app, { slug: 'back' })
  const withdrawn = await done(post(first, 'withdraw', { reason: 'Too early.' }))
  const again = await done(act(app, withdrawn, 'publish'))
  t.match(again, { state: 'published', withdrawal: null, firstPublishedAt: first.firstPublishedAt })
  t.equal((await read('back')).status, 200)
  const { body: gone } = await act(app, again, 'unpublish')
  t.match(await read('back'), { status: 410, body: { code: 'article_gone' } }, 'and is not told any more')

  const [from, until] = [1, 2].map((minutes) => new Date(app.clock.now() + minutes * minute).toISOString())
  const shown = await done(act(app, (await patch(app, gone, { expiresAt: until })).body, 'publish'))
  const twice = await done(post(shown, 'withdraw', { reason: 'Too early again.' }))
  await done(post(twice, 'publish', { at: from }))
  t.match(await read('back'), { status: 410, body: { code: 'article_withdrawn', reason: 'Too early again.' } })
  t.match((await readWorking(app, first)).body, { state: 'scheduled', withdrawal: { reason: 'Too early again.' } })
  app.clock.advance(minute)
  t.equal((await read('back')).status, 200)
  t.match((await readWorking(app, first)).body, { state: 'published', withdrawal: null })
  app.clock.advance(minute)
  t.match(await read('back'), { status: 410, body: { code: 'article_gone' } })
  t.match((await readWorking(app, first)).body, { state: 'draft', withdrawal: null })
})

t.test('the trash does not make it untold, and an end for good does', async (t) => {
  const first = await makePublished(app, { slug: 'told' })
  const told = async () => {
    for (const name of [first.id, 'told']) {
      t.match(await read(name), { status: 410, body: { code: 'article_withdrawn', reason: 'A forgery.' } })
    }
  }
  const withdrawn = await done(post(first, 'withdraw', { reason: 'A forgery.' }))
  const trashed = await done(act(app, withdrawn, 'delete'))
  await told()
  const restored = await done(act(app, trashed, 'restore'))
  t.match(restored, { state: 'draft', withdrawal: { reason: 'A forgery.' } })
  await told()
  const again = await done(act(app, restored, 'delete'))
  const { status } = await app.call('POST', `/v1/articles/${first.id}/purge`, { as: 'admin', version: again.version })
  t.equal(status, 204)
  for (const name of [first.id, 'told']) expectUnknown(t, await read(name), name)
  t.equal((await readWorking(app, first)).status, 404)
  t.match(await makeDraft(app, { slug: 'told' }), { slug: 'told' }, 'its slug is free')
})
