import fc from 'fast-check'
import t from 'tap'
import { instant } from '../../src/lib/clock.ts'
import { type Answer, type CallOptions, type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makeKey, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { dump } from '../support/operations.ts'
import { act, minute, patch, withoutNames } from './acts.ts'
import '../support/chance.ts'

/** Each test has articles of its own, and these share one app. */
const app: TestApp = await testApp(t)
const section: string = (await makeSection(app)).id
const tag: string = (await makeTag(app)).id
const source: string = (await makeSource(app)).id
const soon = (minutes: number): string => instant(app.clock.now() + minutes * minute)

interface Seen {
  id: string
  version: number
}

function validate({ id }: { id: string }, body?: unknown, options: CallOptions = { as: 'editor' }): Promise<Answer> {
  return app.call('POST', `/v1/articles/${id}/validate`, { ...options, ...(body !== undefined && { body }) })
}

type Finding = { pointer: string; code: string }
const brief = (findings: readonly Finding[]): string[] => findings.map(({ pointer, code }) => `${pointer} ${code}`)

/** A draft of which nobody could say anything. */
const careful = {
  ...{ section, tags: [tag], deck: 'The trains run again.', bylines: [{ name: 'Tanti Yulianingsih' }] },
  sources: [{ source, url: 'https://www.example.org/1' }],
}

t.test('nobody without a key, and no reader, validates; a writer only what is their own', async (t) => {
  const published = await makePublished(app)
  const own = await makeDraft(app, careful, 'writer')
  const desk = await makeKey(app, { name: 'another writer', role: 'writer' })
  for (const { id } of [published, own, { id: 'nowhere' }]) {
    t.match(await validate({ id }, {}, {}), { status: 401, body: { code: 'key_required' } })
    t.match(await validate({ id }, {}, { as: 'reader' }), { status: 403, body: { code: 'forbidden' } })
  }
  const nothing = withoutNames(await validate({ id: 'nowhere' }, {}, { as: 'writer' }), 'nowhere')
  t.match(nothing, /^404 .*article_not_found/)
  t.equal(withoutNames(await validate(published, {}, { as: 'writer' }), published.id), nothing)
  t.equal((await validate(own, {}, { key: desk.secret })).status, 404)
  for (const as of ['writer', 'editor', 'admin'] as const) {
    t.strictSame((await validate(own, {}, { as })).body, { ready: true, faults: [], advice: [] })
  }
})

t.test('every fault is named at once, with its place, and nothing is changed', async (t) => {
  const live = await makePublished(app, { externalId: 'wire:7', section })
  await patch(app, live, { externalId: null })
  const bare = await makeDraft(app, {
    externalId: 'wire:7',
    pages: [{ body: '<!-- to come -->' }],
    publishedAt: soon(90),
  })
  const { body: early } = await patch(app, bare, { expiresAt: soon(120) })
  const before = await dump(app.store)
  const { status, body } = await validate(early, { at: soon(150) })
  t.equal(status, 200)
  t.equal(body.ready, false)
  t.strictSame(brief(body.faults).toSorted(), [
    ...['/expiresAt too_early', '/externalId external_id_taken', '/pages required', '/publishedAt in_future'],
    '/section required',
  ])
  t.ok((await dump(app.store)) === before)
  const { body: trashed } = await act(app, early, 'delete')
  const thrown = await validate(trashed, { at: soon(-1) })
  t.strictSame(brief(thrown.body.faults).slice(0, 2), ['/state wrong_state', '/at in_past'])
  t.match(thrown.body.faults[0].message, 'trashed')
})

t.test('the time that is meant is held to what publishing takes', async (t) => {
  const draft = await makeDraft(app, careful)
  const zone = 'Europe/Berlin'
  const cases: [body: unknown, faults: string[]][] = [
    [undefined, []],
    [{}, []],
    [{ at: soon(1) }, []],
    [{ at: '2027-03-28T01:59', zone }, []],
    [{ at: soon(0) }, ['/at in_past']],
    [{ at: 'tomorrow' }, ['/at wrong_format']],
    [{ at: '2027-01-01T06:00' }, ['/at offset_missing']],
    [{ zone }, ['/at required']],
    [{ at: '2027-01-01T06:00', zone: 'Asia/Atlantis' }, ['/zone unknown_zone']],
    [{ at: soon(1), zone }, ['/zone offset_and_zone']],
    [{ at: '2027-03-28T02:30', zone }, ['/at no_such_time']],
    [{ at: '2027-10-31T02:30', zone }, ['/at ambiguous_time']],
  ]
  for (const [body, faults] of cases) {
    const answer = await validate(draft, body)
    t.match(answer, { status: 200, body: { ready: faults.length === 0, advice: [] } }, JSON.stringify(body))
    t.strictSame(brief(answer.body.faults), faults)
  }
  const { body: twice } = await validate(draft, { at: '2027-10-31T02:30', zone })
  t.strictSame(twice.faults[0].choices, ['2027-10-31T02:30:00+02:00', '2027-10-31T02:30:00+01:00'])
  for (const wrong of [{ at: 7 }, { note: 'x' }, { zone: 'x'.repeat(61) }, []]) {
    t.equal((await validate(draft, wrong)).status, 400, JSON.stringify(wrong))
  }
})

t.test('what a careful editor would look at is advice, and keeps nothing from being published', async (t) => {
  const url = 'https://images.example.org/kremlin.jpg'
  const draft = await makeDraft(app, {
    ...{ section, title: 'x'.repeat(111), image: { url }, sources: [{ source, url: null }] },
    pages: [{ body: 'Text. <script>alert(1)</script>' }, { title: 'More', body: ' \n ' }],
  })
  const before = await dump(app.store)
  const { body } = await validate(draft)
  t.equal(body.ready, true)
  t.strictSame(body.faults, [])
  t.strictSame(brief(body.advice).toSorted(), [
    ...['/bylines no_byline', '/deck no_deck', '/image/alt no_alt', '/pages/0/body html_removed'],
    ...['/pages/1/body empty_page', '/sources/0/url no_source_url', '/tags no_tag', '/title long_title'],
  ])
  t.ok(body.advice.every(({ message }: { message: string }) => message.length > 10))
  t.ok((await dump(app.store)) === before)
  const none = await validate(await makeDraft(app, { ...careful, sources: [], title: 'x'.repeat(110) }))
  t.strictSame(brief(none.body.advice), ['/sources no_source'])
  t.equal((await act(app, draft, 'publish')).status, 200)
})

t.test('what the clock did meanwhile is so, whether or not it is written down', async (t) => {
  const brief = await makeDraft(app, { ...careful, expiresAt: soon(2) })
  const { body: scheduled } = await app.call('POST', `/v1/articles/${brief.id}/publish`, {
    ...{ as: 'editor', version: 1, body: { at: soon(1) } },
  })
  for (const ready of [true, true, false]) {
    t.equal((await validate(scheduled)).body.ready, ready)
    app.clock.advance(minute)
  }
  t.match(await act(app, scheduled, 'publish'), { status: 422, body: { code: 'expiry_before_publication' } })
})

const states = ['draft', 'in_review', 'scheduled', 'published', 'unpublished', 'withdrawn', 'trashed'] as const
const minutes = fc.constantFrom(null, null, -30, 10, 20, 30)

/** Drafts of all kinds, the times in minutes from now. */
const anyDraft = fc.record({
  state: fc.constantFrom(...states),
  section: fc.constantFrom(true, true, true, false),
  page: fc.constantFrom('Text.', 'Text.', 'Text.', 'Text.', '', '<!-- none -->', '<script>x</script>'),
  externalId: fc.constantFrom(null, null, null, 'wire:taken'),
  publishedAt: fc.constantFrom(null, null, -30, 10),
  embargoUntil: minutes,
  expiresAt: minutes,
  at: fc.oneof(
    fc.constant({}),
    fc.constant({}),
    minutes.map((one) => ({ in: one ?? 15 })),
    fc.constantFrom({ zone: 'Europe/Berlin' }, {}),
  ),
})

t.test('it says ready of a draft when publishing it so succeeds, and only then', async (t) => {
  const live = await makePublished(app, { externalId: 'wire:taken', section })
  await patch(app, live, { externalId: null })
  const step = async ({ id, version }: Seen, action: string, body?: unknown): Promise<Seen> =>
    (
      await app.call('POST', `/v1/articles/${id}/${action}`, {
        ...{ as: 'editor', version, ...(body !== undefined && { body }) },
      })
    ).body
  const lead: Record<(typeof states)[number], (draft: Seen) => Promise<Seen>> = {
    draft: async (draft) => draft,
    in_review: (draft) => step(draft, 'submit'),
    scheduled: (draft) => step(draft, 'publish', { at: soon(600) }),
    published: (draft) => step(draft, 'publish'),
    unpublished: async (draft) => step(await step(draft, 'publish'), 'unpublish'),
    withdrawn: async (draft) => step(await step(draft, 'publish'), 'withdraw', { reason: 'A forgery.' }),
    trashed: async (draft) => (await act(app, draft, 'delete')).body,
  }
  const said = { ready: 0, not: 0 }
  const property = async ({
    state,
    section: has,
    page,
    at,
    externalId,
    ...times
  }: typeof anyDraft extends fc.Arbitrary<infer T> ? T : never) => {
    const seen = await lead[state](await makeDraft(app, { section }))
    const moments = Object.entries(times).map(([name, one]) => [name, one === null ? null : soon(one)])
    const content = {
      ...Object.fromEntries(moments),
      externalId,
      section: has ? section : null,
      pages: [{ body: page }],
    }
    const patched = state === 'trashed' ? { status: 200, body: seen } : await patch(app, seen, content)
    fc.pre(patched.status === 200)
    const moment = 'in' in at ? { at: soon(at.in) } : at
    const { body: validation } = await validate(seen, moment)
    const { id, version } = patched.body
    const published = await app.call('POST', `/v1/articles/${id}/publish`, { as: 'editor', version, body: moment })
    said[validation.ready ? 'ready' : 'not'] += 1
    if (externalId !== null) await patch(app, { id, version }, { externalId: null })
    const same = validation.ready === (published.status === 200)
    const named = brief(validation.faults)
    const known = brief(published.body.errors ?? []).every((fault) => named.includes(fault))
    return same && known && validation.ready === (named.length === 0)
  }
  await fc.assert(fc.asyncProperty(anyDraft, property), { numRuns: 50 })
  t.ok(said.ready > 0 && said.not > 0, `both are among them: ${JSON.stringify(said)}`)
})
