import t from 'tap'
import { instant } from '../../src/lib/clock.ts'
import { type CallOptions, type TestApp, testApp, type Who } from '../support/app.ts'
import { makeDraft, makeKey, makePublished, makeSection, makeTag } from '../support/factories.ts'
import { dump } from '../support/operations.ts'
import { act, minute, patch, put, withoutNames } from './acts.ts'
import { compare, decided, numbersOf, restoreRevision, revisionsOf, type Seen, type Summary } from './history.ts'

const second = 1_000

/** Each test has articles of its own, and these share one app: one that folds, and one that keeps every save. */
const usual = await testApp(t)
const eager = await testApp(t, { WARTA_REVISION_WINDOW: '0' })

t.test(
  'strangers and readers see nothing of the history, be the article public, and writers only their own',
  async (t) => {
    const app = usual
    const published = await makePublished(app)
    const own = await makeDraft(app, { title: 'Mine' }, 'writer')
    const desk = await makeKey(app, { name: 'another writer', role: 'writer' })
    const asked: [method: string, path: string, version?: number][] = [
      ['GET', '/revisions'],
      ['GET', '/revisions/1'],
      ['GET', '/revisions/1/diff'],
      ['POST', '/revisions/1/restore', 1],
    ]
    const before = await dump(app.store)
    for (const [method, path, version] of asked) {
      const ask = (name: string, options: CallOptions) =>
        app.call(method, `/v1/articles/${name}${path}`, { ...options, ...(version !== undefined && { version }) })
      for (const name of [published.id, published.slug, own.id, 'nowhere']) {
        t.match(await ask(name, {}), { status: 401, body: { code: 'key_required' } })
        t.match(await ask(name, { as: 'reader' }), { status: 403, body: { code: 'forbidden' } })
      }
      const nothing = withoutNames(await ask('nowhere', { as: 'writer' }), 'nowhere')
      for (const name of [published.id, published.slug]) {
        t.equal(withoutNames(await ask(name, { as: 'writer' }), name), nothing, `${path}: as if it were not there`)
      }
      t.equal((await ask(own.id, { key: desk.secret })).status, 404, `${path}: nor another writer’s`)
    }
    t.ok((await dump(app.store)) === before, 'nothing was written')
    for (const [method, path, version] of asked.slice(0, 3)) {
      t.equal(
        (await app.call(method, `/v1/articles/${own.id}${path}`, { as: 'writer', ...(version && { version }) })).status,
        200,
      )
    }
  },
)

t.test('every save that changes something is kept, with who made it, when, what differs and the note', async (t) => {
  const app = eager
  const section = await makeSection(app)
  const draft = await makeDraft(app, { section: section.id }, 'writer')
  app.clock.advance(minute)
  const { body: two } = await patch(app, draft, { deck: 'Short.', kicker: 'Rail' }, 'writer')
  app.clock.advance(minute)
  const url = `/v1/articles/${draft.id}?note=%20The%20figures%20are%20checked.`
  const { body: three } = await app.call('PATCH', url, { as: 'editor', version: 2, body: { urgency: 2 } })
  app.clock.advance(minute)
  const { body: four } = await put(app, three, { ...three, tags: [(await makeTag(app)).id] }, 'admin')
  const body = { at: '2026-11-23T09:00:00Z', note: 'For nine.' }
  const scheduled = await app.call('POST', `/v1/articles/${draft.id}/publish`, { as: 'editor', version: 4, body })
  const published = await act(app, scheduled.body, 'publish')
  const corrected = await app.call('POST', `/v1/articles/${draft.id}/correct`, {
    ...{ as: 'editor', version: published.body.version, body: { text: 'It was Tuesday.' } },
  })
  t.equal(corrected.status, 200)
  const at = (minutes: number) => instant(Date.parse(draft.createdAt) + minutes * minute)
  const plain = { note: null }
  const revisions = await revisionsOf(app, draft)
  t.match(revisions, [
    { number: 7, kind: 'corrected', at: at(3), actor: { name: 'the editor' }, note: 'It was Tuesday.' },
    { number: 6, kind: 'published', at: at(3), actor: { name: 'the editor' }, ...plain },
    { number: 5, kind: 'scheduled', at: at(3), actor: { name: 'the editor' }, note: 'For nine.' },
    { number: 4, kind: 'saved', at: at(3), actor: { name: 'the admin' }, ...plain },
    { number: 3, kind: 'saved', at: at(2), actor: { name: 'the editor' }, note: 'The figures are checked.' },
    { number: 2, kind: 'saved', at: at(1), actor: { name: 'the writer' }, ...plain },
    { number: 1, kind: 'created', at: at(0), actor: { name: 'the writer' }, ...plain },
  ])
  t.equal(revisions.length, 7)
  t.ok(
    revisions.every(({ at, since }) => at === since),
    'none was folded',
  )
  t.same(new Set(revisions[5]?.fields), new Set(['deck', 'kicker']))
  t.same([revisions[4]?.fields, revisions[3]?.fields], [['urgency'], ['tags']])
  for (const article of [draft, two, three, four]) {
    const { body } = await app.call('GET', `/v1/articles/${draft.id}/revisions/${article.version}`, { as: 'editor' })
    t.strictSame(body.content, decided(article), `revision ${article.version} is what was saved`)
  }
})

t.test('a save that changes nothing makes no revision, and neither does a step from state to state', async (t) => {
  const app = eager
  const draft = await makeDraft(app, { section: (await makeSection(app)).id })
  for (const body of [{}, { title: draft.title }, { section: draft.section.slug }]) await patch(app, draft, body)
  await put(app, draft, draft)
  t.strictSame(await numbersOf(app, draft), [1])
  let seen = draft
  const steps: [string, unknown?][] = [
    ...([['submit'], ['return', { note: 'Why?' }], ['publish'], ['publish'], ['unpublish']] as [string, unknown?][]),
    ...([['publish', { at: '2026-11-23T09:00:00Z' }], ['unschedule'], ['publish']] as [string, unknown?][]),
    ['withdraw', { reason: 'A forgery.' }],
  ]
  for (const [action, body] of steps) {
    const options = { as: 'editor', version: seen.version, ...(body !== undefined && { body }) } as const
    const answer = await app.call('POST', `/v1/articles/${draft.id}/${action}`, options)
    t.equal(answer.status, 200, action)
    seen = answer.body
  }
  const { body: trashed } = await act(app, seen, 'delete')
  await act(app, trashed, 'restore')
  const kinds = (await revisionsOf(app, draft)).map(({ number, kind }) => `${number} ${kind}`)
  t.strictSame(kinds, ['8 published', '6 scheduled', '4 published', '1 created'])
})

t.test(
  'saves of one key within the window become one: the fields of all, the time of the first, the newest text',
  async (t) => {
    const app = usual
    const draft = await makeDraft(app)
    app.clock.advance(second)
    let { body: seen } = await patch(app, draft, { deck: 'One.' })
    app.clock.advance(30 * second)
    seen = (await patch(app, seen, { kicker: 'Rail' })).body
    app.clock.advance(30 * second - 1)
    seen = (await put(app, seen, { ...seen, deck: 'Two.', urgency: 3 })).body
    const folded = (await revisionsOf(app, draft))[0]
    t.match(folded, { number: 4, kind: 'saved', note: null })
    const made = Date.parse(draft.createdAt)
    t.equal(folded?.since, instant(made + second), 'when the first was made')
    t.equal(folded?.at, instant(made + 61 * second - 1))
    t.same(new Set(folded?.fields), new Set(['deck', 'kicker', 'urgency']))
    t.strictSame(await numbersOf(app, draft), [4, 1])
    const { body: newest } = await app.call('GET', `/v1/articles/${draft.id}/revisions/4`, { as: 'editor' })
    t.strictSame(newest.content, decided(seen))
    for (const gone of [2, 3]) {
      const answer = await app.call('GET', `/v1/articles/${draft.id}/revisions/${gone}`, { as: 'editor' })
      t.match(answer, { status: 404, body: { code: 'revision_not_found' } })
    }
    app.clock.advance(1)
    seen = (await patch(app, seen, { deck: 'Three.' })).body
    t.strictSame(await numbersOf(app, draft), [5, 4, 1], 'the window is over, counted from the first of them')
    const { body: changes } = await app.call('GET', `/v1/articles/${draft.id}/changes`, { as: 'editor' })
    t.strictSame(
      changes.data.map(({ to }: { to: number }) => to),
      [5, 4, 3, 2, 1],
      'the log of changes keeps each',
    )
  },
)

t.test('another key, a note, a publication, a creation and a restored revision are never folded', async (t) => {
  const app = usual
  const draft = await makeDraft(app, { section: (await makeSection(app)).id })
  let seen: Seen = draft
  const save = async (as: Who, note = '') => {
    const url = `/v1/articles/${seen.id}${note === '' ? '' : `?note=${note}`}`
    seen = (await app.call('PATCH', url, { as, version: seen.version, body: { deck: `Deck ${seen.version}` } })).body
  }
  await save('editor')
  t.strictSame(await numbersOf(app, draft), [2, 1], 'a creation')
  await save('admin')
  t.strictSame(await numbersOf(app, draft), [3, 2, 1], 'another key')
  await save('admin', 'Checked')
  t.strictSame(await numbersOf(app, draft), [4, 3, 2, 1], 'a note')
  await save('admin')
  t.strictSame(await numbersOf(app, draft), [5, 4, 3, 2, 1], 'after a note')
  await save('editor')
  seen = (await act(app, seen, 'publish')).body
  await save('editor')
  t.strictSame(await numbersOf(app, draft), [8, 7, 6, 5, 4, 3, 2, 1], 'a publication')
  seen = (await restoreRevision(app, seen, 2)).body
  await save('editor')
  t.strictSame(await numbersOf(app, draft), [10, 9, 8, 7, 6, 5, 4, 3, 2, 1], 'a restored one')
  await save('editor')
  t.strictSame((await numbersOf(app, draft))[0], 11)
  t.equal((await numbersOf(app, draft)).includes(10), false, 'but the next save of the same key is')
})

t.test('a client that saves every second leaves few revisions; with a window of 0 each stays', async (t) => {
  const kept = async (app: TestApp, saves: number) => {
    let seen = await makeDraft(app)
    for (let i = 0; i < saves; i += 1) {
      app.clock.advance(second)
      seen = (await patch(app, seen, { pages: [{ body: `The trains run ${i}` }] })).body
    }
    return numbersOf(app, seen)
  }
  t.strictSame(await kept(usual, 60), [61, 1])
  t.strictSame(await kept(eager, 6), [7, 6, 5, 4, 3, 2, 1])
})

t.test('the history is walked forward and back, the newest first, while saves come in', async (t) => {
  const app = eager
  let seen = await makeDraft(app)
  const other = await makeDraft(app)
  const save = async () => {
    seen = (await patch(app, seen, { deck: `Deck ${seen.version}` })).body
  }
  for (let i = 0; i < 10; i += 1) await save()
  const page = async (cursor: string | null) =>
    (
      await app.call('GET', `/v1/articles/${seen.id}/revisions?limit=4${cursor === null ? '' : `&cursor=${cursor}`}`, {
        as: 'editor',
      })
    ).body
  const forward: number[] = []
  const back: number[] = []
  let body = await page(null)
  const first = body.page.next
  for (;;) {
    forward.push(...body.data.map(({ number }: Summary) => number))
    if (body.page.next === null) break
    await save()
    await patch(app, other, { deck: `Deck ${forward.length}` })
    body = await page(body.page.next)
  }
  t.strictSame(forward, [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1])
  for (;;) {
    back.unshift(...body.data.map(({ number }: Summary) => number))
    if (body.page.prev === null) break
    body = await page(body.page.prev)
  }
  t.strictSame(back, [13, 12, ...forward], 'back the same way, and on to what was saved meanwhile')
  const { body: counted } = await app.call('GET', `/v1/articles/${seen.id}/revisions?limit=1&count=exact`, {
    as: 'editor',
  })
  t.match(counted.page, { total: 13, limit: 1 })
  const foreign = await app.call('GET', `/v1/articles/${other.id}/revisions?cursor=${first}`, { as: 'editor' })
  t.match(foreign, { status: 400, body: { code: 'invalid_cursor' } })
})

t.test('two revisions are compared both ways, by default with the newest', async (t) => {
  const app = eager
  const draft = await makeDraft(app, { pages: [{ body: 'One.\n\nTwo.' }, { title: 'More', body: 'Three.' }] })
  const { body: two } = await patch(app, draft, { title: 'Strike over', pages: [{ body: 'One.\n\n2.' }] })
  await patch(app, two, { deck: 'Short.' })
  const line = (change: string, text: string) => ({ change, text })
  const { body: there } = await compare(app, draft, 1, 2)
  t.strictSame(there, {
    fields: [{ field: 'title', before: 'Rail strike ends', after: 'Strike over' }],
    pages: [
      {
        ...{ number: 1, change: 'changed' },
        lines: [line('same', 'One.'), line('same', ''), line('removed', 'Two.'), line('added', '2.')],
      },
      { number: 2, change: 'removed', title: { before: 'More', after: null }, lines: [line('removed', 'Three.')] },
    ],
  })
  const { body: back } = await compare(app, draft, 2, 1)
  t.strictSame(back.fields, [{ field: 'title', before: 'Strike over', after: 'Rail strike ends' }])
  t.match(back.pages, [
    { lines: [line('same', 'One.'), line('same', ''), line('removed', '2.'), line('added', 'Two.')] },
    { number: 2, change: 'added', lines: [line('added', 'Three.')] },
  ])
  t.strictSame((await compare(app, draft, 2)).body.fields, [{ field: 'deck', before: null, after: 'Short.' }])
  t.strictSame((await compare(app, draft, 3)).body, { fields: [], pages: [] }, 'the newest with itself')
})

t.test('a revision that there is not is 404, and changes nothing', async (t) => {
  const app = usual
  const draft = await makeDraft(app)
  const before = await dump(app.store)
  const url = `/v1/articles/${draft.id}/revisions`
  for (const ask of [
    ...[
      () => app.call('GET', `${url}/2`, { as: 'editor' }),
      () => compare(app, draft, 1, 2),
      () => compare(app, draft, 2),
    ],
    ...[
      () => compare(app, draft, 999_999_999),
      () => restoreRevision(app, draft, 2),
      () => restoreRevision(app, draft, 999_999_999),
    ],
  ]) {
    t.match(await ask(), { status: 404, body: { code: 'revision_not_found' } })
  }
  for (const wrong of ['0', '-1', '1.5', 'x', '1000000000']) {
    t.equal((await app.call('GET', `${url}/${wrong}`, { as: 'editor' })).status, 400, wrong)
    t.equal((await app.call('GET', `${url}/1/diff?to=${wrong}`, { as: 'editor' })).status, 400, `to=${wrong}`)
  }
  t.ok((await dump(app.store)) === before)
})
