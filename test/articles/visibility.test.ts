import t, { type Test } from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { act, minute, patch, readWorking, slugsOf, withoutNames } from './acts.ts'

const later = '2026-11-22T10:00:00.000Z'
const latest = '2026-11-22T11:00:00.000Z'

/** A published article beside one that carries the same tag and source, and is public throughout. */
async function setScene(app: TestApp, times: Record<string, string>) {
  const section = await makeSection(app)
  await makeTag(app, { name: 'Rail' })
  await makeSource(app, { name: 'CNA' })
  const common = { section: section.id, tags: ['rail'], sources: [{ source: 'cna' }] }
  await makePublished(app, { ...common, slug: 'neighbour' })
  return makePublished(app, { ...common, slug: 'timed', title: 'Timed', ...times })
}

/** Everything in which the public could see it. */
async function expectShown(t: Test, app: TestApp, shown: boolean, hidden: number): Promise<void> {
  const count = shown ? 2 : 1
  const single = await app.call('GET', '/v1/articles/timed')
  t.equal(single.status, shown ? 200 : hidden)
  t.equal((await app.call('GET', '/v1/articles/timed/related')).status, shown ? 200 : hidden)
  const { body: list } = await app.call('GET', '/v1/articles?count=exact')
  t.equal(list.data.length, count)
  t.equal(list.page.total, count)
  for (const query of [
    'tag=rail',
    'source=cna',
    'section=world',
    'ids=timed,neighbour',
    'sort=title&sourceRole=cited',
  ]) {
    t.equal((await slugsOf(app, query)).includes('timed'), shown, query)
  }
  t.equal((await app.call('GET', '/v1/tags/rail')).body.articleCount, count)
  t.equal((await app.call('GET', '/v1/tags')).body.data[0].articleCount, count)
  t.equal((await app.call('GET', '/v1/sources/cna')).body.articleCount, count)
  t.equal((await app.call('GET', '/v1/sources/cna/articles?count=exact')).body.page.total, count)
  const related = await app.call('GET', '/v1/articles/neighbour/related')
  t.equal(related.body.data.length, count - 1)
  if (!shown) t.notMatch(JSON.stringify([single.body, list, related.body]), /"Timed"/)
}

t.test('an embargo ends by the clock, at its instant, in everything that the public reads', async (t) => {
  const app = await testApp(t)
  await setScene(app, { embargoUntil: later })
  await expectShown(t, app, false, 404)
  app.clock.set('2026-11-22T09:59:59.999Z')
  await expectShown(t, app, false, 404)
  app.clock.set(later)
  await expectShown(t, app, true, 404)
  t.match((await app.call('GET', '/v1/articles/timed')).body, {
    publishedAt: later,
    firstPublishedAt: later,
    updatedAt: later,
  })
})

t.test('what expires is gone by the clock, at its instant, in everything that the public reads', async (t) => {
  const app = await testApp(t)
  await setScene(app, { expiresAt: later })
  await expectShown(t, app, true, 410)
  app.clock.set('2026-11-22T09:59:59.999Z')
  await expectShown(t, app, true, 410)
  app.clock.set(later)
  await expectShown(t, app, false, 410)
})

t.test('an embargo and an expiry make a window', async (t) => {
  const app = await testApp(t)
  await setScene(app, { embargoUntil: later, expiresAt: latest })
  await expectShown(t, app, false, 404)
  app.clock.set(later)
  await expectShown(t, app, true, 404)
  app.clock.set(latest)
  await expectShown(t, app, false, 410)
})

t.test('what an embargo still held when it was taken back was never public: 404, now and later', async (t) => {
  const app = await testApp(t)
  const timed = await setScene(app, { embargoUntil: later })
  t.match(timed, { state: 'scheduled', scheduledAt: later, firstPublishedAt: null })
  const refused = await act(app, timed, 'unpublish')
  t.match(refused, { status: 409, body: { code: 'wrong_state', state: 'scheduled' } })
  t.strictSame(refused.body.allowedFrom, ['published'])
  const { body: draft } = await act(app, timed, 'unschedule')
  t.match(draft, { state: 'draft', scheduledAt: null, firstPublishedAt: null })
  await expectShown(t, app, false, 404)
  t.equal((await app.call('GET', `/v1/articles/${timed.id}`)).status, 404)
  app.clock.set(latest)
  await expectShown(t, app, false, 404)
  t.equal((await app.call('GET', `/v1/articles/${timed.id}`)).status, 404)
})

t.test('an embargo that was moved counts from where it is', async (t) => {
  const app = await testApp(t)
  const timed = await setScene(app, { embargoUntil: later })
  const { body: moved } = await patch(app, timed, { embargoUntil: latest })
  const { body: held } = await act(app, moved, 'publish')
  app.clock.set('2026-11-22T10:30:00.000Z')
  t.match((await readWorking(app, held)).body, { state: 'scheduled', scheduledAt: latest, firstPublishedAt: null })
  const { body: draft } = await act(app, held, 'unschedule')
  t.equal(draft.state, 'draft')
  t.equal(draft.firstPublishedAt, null)
  await expectShown(t, app, false, 404)
})

t.test('an embargo that was lifted has let it be public, and so unpublished it is gone', async (t) => {
  const app = await testApp(t)
  const timed = await setScene(app, { embargoUntil: later })
  app.clock.advance(minute)
  const { body: lifted } = await patch(app, timed, { embargoUntil: null })
  const { body: shown } = await act(app, lifted, 'publish')
  await expectShown(t, app, true, 404)
  t.ok(shown.firstPublishedAt <= '2026-11-22T09:01:00.000Z')
  await act(app, shown, 'unpublish')
  await expectShown(t, app, false, 410)
})

t.test(
  'an embargo upon what is live hides nothing: the old copy stays until the new one takes its place',
  async (t) => {
    const app = await testApp(t)
    const timed = await setScene(app, {})
    const shown = await app.call('GET', '/v1/articles/timed')
    const { body: ahead } = await patch(app, timed, { embargoUntil: later, deck: 'After the embargo' })
    await expectShown(t, app, true, 404)
    const { body: coming } = await act(app, ahead, 'publish')
    t.match(coming, { state: 'published', scheduledAt: later, firstPublishedAt: timed.firstPublishedAt })
    for (const instant of ['2026-11-22T09:00:00.000Z', '2026-11-22T09:59:59.999Z']) {
      app.clock.set(instant)
      await expectShown(t, app, true, 404)
      const still = await app.call('GET', '/v1/articles/timed')
      t.equal(still.text, shown.text)
      t.equal(still.headers.etag, shown.headers.etag)
      t.notMatch((await app.call('GET', '/v1/articles')).text, /After the embargo/)
    }
    app.clock.set(later)
    await expectShown(t, app, true, 404)
    t.match((await app.call('GET', '/v1/articles/timed')).body, {
      deck: 'After the embargo',
      publishedAt: timed.publishedAt,
      updatedAt: later,
    })
    t.match((await readWorking(app, timed)).body, { state: 'published', scheduledAt: null, changed: false })
  },
)

t.test('breaking news ends by the clock', async (t) => {
  const app = await testApp(t)
  await makePublished(app, { slug: 'flash', breaking: true, breakingUntil: later })
  await makePublished(app, { slug: 'always', breaking: true })
  await makePublished(app, { slug: 'calm', breakingUntil: latest })
  t.strictSame((await slugsOf(app, 'breaking=true')).sort(), ['always', 'flash'])
  t.strictSame(await slugsOf(app, 'breaking=false'), ['calm'])
  t.equal((await app.call('GET', '/v1/articles/flash')).body.breaking, true)
  app.clock.set(later)
  t.strictSame(await slugsOf(app, 'breaking=true'), ['always'])
  t.strictSame((await slugsOf(app, 'breaking=false')).sort(), ['calm', 'flash'])
  t.equal((await app.call('GET', '/v1/articles/flash')).body.breaking, false)
})

t.test('to a stranger a draft, a trashed and an embargoed article are as unknown as any id', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app)
  const draft = await makeDraft(app, { title: 'Draft' })
  const trashed = await makeDraft(app, { title: 'Trashed' })
  await act(app, trashed, 'delete')
  const embargoed = await makeDraft(app, { title: 'Embargoed', section: section.id, embargoUntil: later })
  await act(app, embargoed, 'publish')
  const unknown = '019bd2a4-0000-7000-8000-0000000000a1'
  for (const path of ['', '?page=2', '/related', '?render=text']) {
    const expected = withoutNames(await app.call('GET', `/v1/articles/${unknown}${path}`), unknown)
    for (const { id, slug } of [draft, trashed, embargoed]) {
      for (const name of [id, slug]) {
        for (const as of ['stranger', 'reader'] as const) {
          const answer = await app.call('GET', `/v1/articles/${name}${path}`, { as })
          t.equal(withoutNames(answer, name), expected)
          t.equal(answer.headers.etag, undefined)
        }
      }
    }
  }
})

t.test('an editor who asks for the live copy of a draft is told where its working copy is', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  for (const name of [draft.id, draft.slug]) {
    const { status, body } = await app.call('GET', `/v1/articles/${name}`, { as: 'editor' })
    t.equal(status, 404)
    t.match(body.detail, /stage=working/)
  }
  const unknown = await app.call('GET', '/v1/articles/nothing', { as: 'editor' })
  t.notMatch(unknown.body.detail, /stage=working/)
})
