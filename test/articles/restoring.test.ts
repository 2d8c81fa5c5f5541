import t from 'tap'
import { createArticle } from '../../src/articles/articles.ts'
import { ArticleCreate } from '../../src/articles/schema.ts'
import { operator } from '../../src/keys/keys.ts'
import { instant } from '../../src/lib/clock.ts'
import { forgetOldSaves } from '../../src/revisions/revisions.ts'
import { testApp } from '../support/app.ts'
import { makeDraft, makeKey, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { dump } from '../support/operations.ts'
import { act, minute, patch, put, readWorking } from './acts.ts'
import { compare, decided, numbersOf, restoreRevision, revisionsOf } from './history.ts'
import { wholeArticle } from './whole.ts'

const day = 86_400_000
/** Every save is kept as it was made. */
const each = { WARTA_REVISION_WINDOW: '0' }

/** Each test has articles of its own, and these share one app. */
const usual = await testApp(t, each)

t.test(
  'a restored revision is the working copy as it was, whole, and a new revision; the public sees nothing of it',
  async (t) => {
    const app = usual
    const { input } = await wholeArticle(app)
    const draft = await makeDraft(app, { ...input, embargoUntil: null })
    const { body: published } = await act(app, draft, 'publish')
    const correcting = { as: 'editor', version: published.version, body: { text: 'It was Tuesday.' } } as const
    const { body: corrected } = await app.call('POST', `/v1/articles/${draft.id}/correct`, correcting)
    const emptied = await put(app, corrected, {
      title: 'Emptied',
      slug: 'emptied',
      lang: 'en',
      pages: [{ body: 'Nothing.' }],
    })
    t.equal(emptied.status, 200)
    const before = (await app.call('GET', `/v1/articles/${draft.id}`)).text
    app.clock.advance(minute)
    const { status, body: restored } = await restoreRevision(app, emptied.body, 1)
    t.equal(status, 200)
    t.strictSame(decided({ ...restored, corrections: [] }), decided(draft))
    t.match(restored, { state: 'published', changed: true, version: 5, corrections: [{ text: 'It was Tuesday.' }] })
    t.notOk('warnings' in restored)
    t.equal((await app.call('GET', `/v1/articles/${draft.id}`)).text, before, 'to the byte')
    t.strictSame(await numbersOf(app, draft), [5, 4, 3, 2, 1], 'nothing was taken from the history')
    const [newest] = await revisionsOf(app, draft)
    t.match(newest, { kind: 'restored', at: instant(app.clock.now()), actor: { name: 'the editor' } })
    t.ok(newest?.fields.includes('title') && newest.fields.includes('pages'))
    const { body: difference } = await compare(app, draft, 1, 5)
    t.match(difference, { fields: [{ field: 'corrections', before: [] }], pages: [] }, 'which stay')
    t.equal(difference.fields.length, 1)
    const again = await restoreRevision(app, restored, 1)
    t.match(again, { status: 200, body: { version: 5 } }, 'what is so already is not saved again')
  },
)

t.test('restoring needs the version that was seen, and a state and a key that may change the article', async (t) => {
  const app = usual
  const draft = await makeDraft(app, { section: (await makeSection(app)).id }, 'writer')
  const { body: two } = await patch(app, draft, { deck: 'Short.' }, 'writer')
  const url = `/v1/articles/${draft.id}/revisions/1/restore`
  const before = await dump(app.store)
  t.match(await app.call('POST', url, { as: 'editor' }), { status: 428, body: { code: 'version_required' } })
  t.match(await restoreRevision(app, draft, 1), {
    status: 412,
    body: { code: 'version_stale', changedFields: ['deck'] },
  })
  t.ok((await dump(app.store)) === before)
  const { body: three } = await restoreRevision(app, two, 1, { as: 'writer' })
  t.match(three, { deck: null, version: 3 }, 'a writer may, while it is their draft')
  const { body: four } = await app.call('POST', `/v1/articles/${draft.id}/submit`, { as: 'writer', version: 3 })
  t.match(await restoreRevision(app, four, 2, { as: 'writer' }), { status: 403, body: { code: 'forbidden' } })
  const { body: trashed } = await act(app, four, 'delete')
  t.match(await restoreRevision(app, trashed, 2), { status: 409, body: { code: 'wrong_state', state: 'trashed' } })
})

t.test('what is not there any more is left out with a warning, and what was merged is what it is now', async (t) => {
  const app = usual
  const [gone, kept, merged] = [
    await makeTag(app, { name: 'Gone' }),
    await makeTag(app),
    await makeTag(app, { name: 'Train' }),
  ]
  const section = await makeSection(app, { name: 'Old desk' })
  const moved = await makeSource(app, { name: 'Old agency' })
  const source = await makeSource(app)
  const lost = await makeSource(app, { name: 'Lost' })
  const draft = await makeDraft(app, {
    ...{ section: section.id, tags: [gone.id, merged.id, kept.id] },
    sources: [moved, lost].map(({ id }) => ({ source: id, role: 'quoted', mention: 'they said' })),
  })
  const { body: two } = await patch(app, draft, { section: null, tags: [], sources: [] })
  const write = async (method: string, url: string, body?: unknown) => {
    const { status } = await app.call(method, url, { as: 'editor', version: 1, ...(body !== undefined && { body }) })
    t.ok(status < 300, url)
  }
  await write('DELETE', `/v1/tags/${gone.id}`)
  await write('POST', `/v1/tags/${merged.id}/merge`, { into: kept.id })
  await write('DELETE', `/v1/sources/${lost.id}`)
  await write('DELETE', `/v1/sources/${moved.id}?moveTo=${source.id}`)
  await write('DELETE', `/v1/sections/${section.id}`)
  const { status, body } = await restoreRevision(app, two, 1)
  t.equal(status, 200)
  t.match(body, {
    ...{ section: null, tags: [{ id: kept.id }] },
    sources: [{ source: { id: source.id, name: 'Antara' }, role: 'quoted', mention: 'they said' }],
  })
  t.strictSame([body.tags.length, body.sources.length], [1, 1])
  t.strictSame(
    body.warnings.map(({ pointer, code }: { pointer: string; code: string }) => `${pointer} ${code}`),
    ['/section unknown_section', '/tags/0 unknown_tag', '/sources/1 unknown_source'],
  )
  t.match(body.warnings[0].message, 'Old desk')
  const { body: revision } = await app.call('GET', `/v1/articles/${draft.id}/revisions/1`, { as: 'editor' })
  t.match(revision.content, { section: { name: 'Old desk' }, tags: [{ name: 'Gone' }, { name: 'Train' }, {}] })
})

t.test('a slug and an external id that are another’s now stay as they are, with a warning', async (t) => {
  const app = usual
  const draft = await makeDraft(app, { slug: 'first', externalId: 'wire:1' })
  const { body: two } = await patch(app, draft, { slug: 'second', externalId: 'wire:2' })
  const other = await makeDraft(app, { slug: 'first', externalId: 'wire:1', title: 'Another' })
  const { status, body } = await restoreRevision(app, two, 1)
  t.equal(status, 200)
  t.match(body, {
    slug: 'second',
    externalId: 'wire:2',
    warnings: [
      { pointer: '/slug', code: 'slug_taken' },
      { pointer: '/externalId', code: 'external_id_taken' },
    ],
  })
  t.match((await readWorking(app, other)).body, { slug: 'first', externalId: 'wire:1' })
  t.equal(body.version, 2, 'nothing else was different, so nothing was saved')
})

t.test('the history names keys, a revoked one too, and the operator of an import', async (t) => {
  const app = usual
  const desk = await makeKey(app, { name: 'night desk' })
  const draft = await makeDraft(app)
  await app.call('PATCH', `/v1/articles/${draft.id}`, { key: desk.secret, version: 1, body: { deck: 'Late.' } })
  t.ok((await app.call('DELETE', `/v1/keys/${desk.id}`, { as: 'admin' })).status < 300)
  const names = (await revisionsOf(app, draft)).map(({ actor }) => actor)
  t.match(names, [{ id: desk.id, name: 'night desk' }, { name: 'the editor' }])
  const input = { body: ArticleCreate.parse({ title: 'Imported' }), renderings: new Map(), lang: 'en' }
  const imported = await app.store.transact((db) => createArticle(db, input, operator))
  t.match(await revisionsOf(app, imported), [{ actor: { id: 'operator', name: 'operator' }, kind: 'created' }])
  t.notMatch(JSON.stringify(names), desk.secret)
})

t.test(
  'old saves are forgotten when the operator wants it, but never what stands in the history for good',
  async (t) => {
    const app = await testApp(t, each)
    const draft = await makeDraft(app, { section: (await makeSection(app)).id })
    let { body: seen } = await patch(app, draft, { deck: 'Two.' })
    seen = (await act(app, seen, 'publish')).body
    seen = (await patch(app, seen, { deck: 'Four.' })).body
    seen = (await restoreRevision(app, seen, 1)).body
    const body = { at: '2026-12-22T09:00:00Z' }
    seen = (await app.call('POST', `/v1/articles/${draft.id}/publish`, { as: 'editor', version: 5, body })).body
    seen = (await patch(app, seen, { deck: 'Seven.' })).body
    seen = (await patch(app, seen, { deck: 'Eight.' })).body
    const lonely = await makeDraft(app)
    await patch(app, lonely, { deck: 'Two.' })
    const forget = (days: number) => app.store.transact((db) => forgetOldSaves(db, days))
    app.clock.advance(10 * day)
    t.equal(await forget(10), false)
    t.equal((await numbersOf(app, draft)).length, 8, 'ten days are not more than ten days')
    app.clock.advance(1)
    await forget(10)
    const kinds = (await revisionsOf(app, draft)).map(({ number, kind }) => `${number} ${kind}`)
    t.strictSame(kinds, ['8 saved', '6 scheduled', '5 restored', '3 published', '1 created'], 'the newest stays')
    t.strictSame(await numbersOf(app, lonely), [2, 1])
    seen = (await patch(app, seen, { deck: 'Nine.' })).body
    await forget(10)
    t.strictSame(await numbersOf(app, draft), [9, 6, 5, 3, 1], 'once it is not the newest it goes')
    t.equal((await compare(app, draft, 1)).status, 200)
    t.match((await restoreRevision(app, seen, 3)).body, { deck: 'Two.' })
  },
)

t.test('a confidential source is in the history that editors see, and in nothing that the public gets', async (t) => {
  const app = usual
  const canary = 'zqcanary'
  const secret = await makeSource(app, { name: `${canary} informant`, visibility: 'editors' })
  const use = { source: secret.id, role: 'based_on', mention: `${canary} says` }
  const published = await makePublished(app, { slug: 'told', sources: [use] })
  const dropping = { as: 'editor', version: '*', body: { sources: [] } } as const
  const { body: without } = await app.call('PATCH', `/v1/articles/${published.id}`, dropping)
  const { body: restored } = await restoreRevision(app, without, published.version)
  t.match(restored.sources, [{ source: { id: secret.id }, mention: use.mention }])
  const { body: again } = await act(app, restored, 'publish')
  t.match((await app.call('GET', `/v1/articles/told/revisions/${again.version}`, { as: 'editor' })).text, canary)
  t.match((await compare(app, published, without.version)).text, canary)
  const urls = ['', '/revisions', '/revisions/1', `/revisions/${without.version}/diff`, '/related'].map(
    (path) => `/v1/articles/told${path}`,
  )
  for (const url of [
    ...urls,
    '/v1/articles?include=pages',
    '/v1/sources',
    `/v1/sources/${secret.id}`,
    '/v1/schedule',
  ]) {
    for (const as of ['stranger', 'reader'] as const) t.notMatch((await app.call('GET', url, { as })).text, canary, url)
  }
})
