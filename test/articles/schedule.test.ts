import t from 'tap'
import { settleDue } from '../../src/articles/articles.ts'
import { instant } from '../../src/lib/clock.ts'
import { type CallOptions, type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makeKey, makePublished, makeSection } from '../support/factories.ts'
import { act, minute, patch, withoutNames } from './acts.ts'

interface Event {
  at: string
  event: string
  article: { id: string; slug: string; title: string; section: { slug: string } | null }
  version: number
}

interface Seen {
  id: string
  version: number
}

/** Each test has a day of its own, on which all that others have scheduled is past. */
const app = await testApp(t)
let begun = app.clock.now()
t.beforeEach(() => {
  begun += 24 * 60 * minute
  app.clock.set(instant(begun))
})

/** So many minutes after the test begins. */
const at = (minutes: number): string => instant(begun + minutes * minute)

async function schedule(app: TestApp, query = '', options: CallOptions = { as: 'editor' }): Promise<Event[]> {
  const { status, body } = await app.call('GET', `/v1/schedule${query === '' ? '' : `?${query}`}`, options)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body.data
}

/** Each event in a few words. */
const told = (events: Event[]): string[] => events.map(({ at, event, article }) => `${at} ${event} ${article.slug}`)

async function publishAt(app: TestApp, { id, version }: Seen, minutes: number) {
  const answer = await app.call('POST', `/v1/articles/${id}/publish`, {
    as: 'editor',
    version,
    body: { at: at(minutes) },
  })
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body
}

async function settleAll({ store }: TestApp): Promise<void> {
  while (await store.transact(settleDue)) {
    // Again, until there is no more.
  }
}

t.test('nobody without a key, and no reader, sees the schedule; writers see their own articles', async (t) => {
  const section = (await makeSection(app)).id
  t.match(await app.call('GET', '/v1/schedule'), { status: 401, body: { code: 'key_required' } })
  t.match(await app.call('GET', '/v1/schedule', { as: 'reader' }), { status: 403, body: { code: 'forbidden' } })
  const mine = await makeDraft(app, { slug: 'mine', section, expiresAt: at(90) }, 'writer')
  await publishAt(app, mine, 60)
  await publishAt(app, await makeDraft(app, { slug: 'theirs', title: 'zqcanary', section }), 30)
  const own = [`${at(60)} publish mine`, `${at(90)} expire mine`]
  t.strictSame(told(await schedule(app, 'count=exact', { as: 'writer' })), own)
  const counted = await app.call('GET', '/v1/schedule?count=exact', { as: 'writer' })
  t.equal(counted.body.page.total, 2)
  t.notMatch(counted.text, 'zqcanary')
  const desk = await makeKey(app, { name: 'another writer', role: 'writer' })
  t.strictSame(await schedule(app, '', { key: desk.secret }), [])
  for (const as of ['editor', 'admin'] as const) {
    t.strictSame(told(await schedule(app, '', { as })), [`${at(30)} publish theirs`, ...own])
  }
})

t.test('it says what appears, what takes the place of what, and what ends, the soonest first', async (t) => {
  const section = await makeSection(app)
  const late = await makeDraft(app, { slug: 'late', title: 'As scheduled', section: section.id })
  const { id, version } = await publishAt(app, late, 300)
  await patch(app, { id, version }, { title: 'As edited since', section: null })
  const live = await makePublished(app, { slug: 'live', section: section.id, expiresAt: at(400) })
  await publishAt(app, (await patch(app, live, { title: 'Second version', expiresAt: at(500) })).body, 200)
  await makePublished(app, { slug: 'ends', section: section.id, expiresAt: at(100) })
  await publishAt(app, await makeDraft(app, { slug: 'brief', section: section.id, expiresAt: at(60) }), 50)
  await makeDraft(app, { slug: 'draft', section: section.id, embargoUntil: at(70), expiresAt: at(80) })
  const held = await makeDraft(app, { slug: 'held', section: section.id, embargoUntil: at(90) })
  await act(app, held, 'publish')
  const events = await schedule(app)
  t.strictSame(told(events), [
    ...[`${at(50)} publish brief`, `${at(60)} expire brief`, `${at(90)} publish held`, `${at(100)} expire ends`],
    ...[`${at(200)} replace live`, `${at(300)} publish late`, `${at(500)} expire live`],
  ])
  const { slug, name, path } = section
  t.strictSame(events[5], {
    ...{ at: at(300), event: 'publish', version: 2 },
    article: { id: late.id, slug: 'late', title: 'As scheduled', section: { id: section.id, slug, name, path } },
  })
  t.match(events[4], { article: { title: 'Second version' }, version: 4 })
})

t.test('an article that ends before its next version begins is seen to end, and to appear again', async (t) => {
  const live = await makePublished(app, { slug: 'gap', expiresAt: at(10) })
  const { body: two } = await patch(app, live, { expiresAt: null })
  await publishAt(app, two, 30)
  t.strictSame(told(await schedule(app)), [`${at(10)} expire gap`, `${at(30)} publish gap`])
  const read = async () => (await app.call('GET', '/v1/articles/gap')).status
  for (const settles of [false, true]) {
    for (const [minutes, left, status] of [
      [9, 2, 200],
      [10, 1, 410],
      [29, 1, 410],
      [30, 0, 200],
    ] as const) {
      if (settles && minutes < 30) continue
      app.clock.set(at(minutes))
      if (settles) await settleAll(app)
      t.equal((await schedule(app)).length, left, `after ${minutes} minutes`)
      t.equal(await read(), status)
    }
  }
})

t.test('what takes the place at the very end of what was there leaves no gap', async (t) => {
  const live = await makePublished(app, { slug: 'seamless', expiresAt: at(10) })
  const { body: two } = await patch(app, live, { expiresAt: null })
  await publishAt(app, two, 10)
  t.strictSame(told(await schedule(app)), [`${at(10)} replace seamless`])
  app.clock.set(at(10))
  t.equal((await app.call('GET', '/v1/articles/seamless')).status, 200)
})

t.test('from its instant on an event is past, whether or not it is written down', async (t) => {
  const section = (await makeSection(app)).id
  for (const slug of ['one', 'two']) {
    await publishAt(app, await makeDraft(app, { slug, section, expiresAt: at(20) }), 10)
  }
  const live = await makePublished(app, { slug: 'renewed', section })
  await publishAt(app, (await patch(app, live, { deck: 'New.' })).body, 10)
  const past = `from=${at(0)}`
  const shown = async () => {
    const all = told(await schedule(app))
    t.strictSame(told(await schedule(app, past)), all, 'nor is what is past seen from before it')
    return all.map((line) => line.slice(25))
  }
  app.clock.set(instant(Date.parse(at(10)) - 1))
  t.equal((await shown()).length, 5)
  app.clock.set(at(10))
  const left = await shown()
  t.strictSame(left.toSorted(), ['expire one', 'expire two'])
  await settleAll(app)
  t.strictSame(await shown(), left)
  app.clock.set(at(20))
  t.strictSame(await shown(), [])
  await settleAll(app)
  t.strictSame(await shown(), [])
})

t.test('what is taken back is in it no more', async (t) => {
  const live = await makePublished(app, { slug: 'taken-back', expiresAt: at(60) })
  const replaced = await publishAt(app, (await patch(app, live, { expiresAt: null })).body, 30)
  t.strictSame(told(await schedule(app)), [`${at(30)} replace taken-back`])
  const { id, version } = replaced
  const { body: unscheduled } = await app.call('POST', `/v1/articles/${id}/unschedule`, { as: 'editor', version })
  t.strictSame(told(await schedule(app)), [`${at(60)} expire taken-back`], 'what is public ends as it was to end')
  await act(app, unscheduled, 'unpublish')
  t.strictSame(await schedule(app), [])
})

t.test('it is filtered by section with those below it, by time and by event', async (t) => {
  const world = await makeSection(app, { slug: 'globe' })
  const asia = await makeSection(app, { name: 'Asia', parent: world.id })
  const sport = await makeSection(app, { name: 'Sport' })
  for (const [i, section] of [world, asia, sport].entries()) {
    const draft = await makeDraft(app, { slug: section.slug, section: section.id, expiresAt: at(100 + i) })
    await publishAt(app, draft, 10 + i)
  }
  const names = async (query: string) => told(await schedule(app, query)).map((line) => line.slice(25))
  const all = ['publish globe', 'publish asia', 'publish sport', 'expire globe', 'expire asia', 'expire sport']
  const cases: [query: string, shown: string[]][] = [
    ['', all],
    ['section=globe', all.filter((one) => !one.endsWith('sport'))],
    ['section=globe&subsections=false', ['publish globe', 'expire globe']],
    [`section=${asia.id},sport&event=expire`, ['expire asia', 'expire sport']],
    ['section=nowhere', []],
    ['event=publish,expire', all],
    ['event=replace', []],
    [`from=${at(11)}`, all.slice(1)],
    [`until=${at(12)}`, all.slice(0, 2)],
    [`from=${at(12)}&until=${at(101)}`, ['publish sport', 'expire globe']],
    [`from=${at(12)}&until=${at(12)}`, []],
    [`from=${at(12).replace('Z', '%2B00:00')}&event=publish`, ['publish sport']],
  ]
  for (const [query, shown] of cases) {
    t.strictSame(await names(query), shown, query)
    const { body } = await app.call('GET', `/v1/schedule?count=exact&limit=1&${query}`, { as: 'editor' })
    t.equal(body.page.total, shown.length, `${query}: the count`)
  }
  for (const wrong of [
    'event=never',
    'from=noon',
    'until=2026-11-22T09:00:00',
    'section=',
    'limit=101',
    'stage=working',
  ]) {
    t.equal((await app.call('GET', `/v1/schedule?${wrong}`, { as: 'editor' })).status, 400, wrong)
  }
})

t.test('it is walked forward and back while things are scheduled, and nothing comes twice or not at all', async (t) => {
  const section = (await makeSection(app)).id
  // Two at each instant, so that a page ends between them.
  for (let i = 0; i < 8; i += 1) {
    const draft = await makeDraft(app, { slug: `story-${i}`, section, expiresAt: at(200 + (i >> 1)) })
    await publishAt(app, draft, 100 + (i >> 1))
  }
  const before = told(await schedule(app, 'limit=100'))
  t.equal(before.length, 16)
  const page = async (cursor: string | null) =>
    (await app.call('GET', `/v1/schedule?limit=3${cursor === null ? '' : `&cursor=${cursor}`}`, { as: 'editor' })).body
  const forward: string[] = []
  const back: string[] = []
  let made = 0
  let body = await page(null)
  const cursor: string = body.page.next
  for (;;) {
    forward.push(...told(body.data))
    if (body.page.next === null) break
    if (made < 3) {
      for (const minutes of [1, 300]) {
        await publishAt(app, await makeDraft(app, { slug: `meanwhile-${made}-${minutes}`, section }), minutes)
      }
      made += 1
    }
    body = await page(body.page.next)
  }
  t.equal(new Set(forward).size, forward.length, 'nothing twice')
  t.strictSame(forward.slice(0, 16), before, 'nothing missing')
  t.equal(forward.length, 19, 'and what was scheduled behind it')
  for (;;) {
    back.unshift(...told(body.data))
    if (body.page.prev === null) break
    body = await page(body.page.prev)
  }
  t.strictSame(back.slice(3), forward, 'back the same way')
  t.equal(back.length, 22, 'and what was scheduled before it')
  const other = await app.call('GET', `/v1/schedule?event=publish&cursor=${cursor}`, { as: 'editor' })
  t.match(other, { status: 400, body: { code: 'invalid_cursor' } })
})

t.test('what is scheduled is nothing to the public before its instant, by any of its names', async (t) => {
  const section = (await makeSection(app)).id
  const draft = await makeDraft(app, { slug: 'coming', title: 'zqcanary', section })
  // A clock that is put back between two writes must not hide a name for good.
  app.clock.advance(-minute)
  await publishAt(app, draft, 10)
  const nothing = withoutNames(await app.call('GET', '/v1/articles/nothing'), 'nothing')
  for (const name of [draft.id, 'coming']) {
    app.clock.set(instant(Date.parse(at(10)) - 1))
    t.equal(withoutNames(await app.call('GET', `/v1/articles/${name}`), name), nothing)
    app.clock.set(at(10))
    t.equal((await app.call('GET', `/v1/articles/${name}`)).status, 200, `${name}, at its instant`)
    app.clock.set(at(9))
    t.equal((await app.call('GET', `/v1/articles/${name}`)).status, 404, `${name}, with the clock put back`)
  }
})
