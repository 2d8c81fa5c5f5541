import t, { type Test } from 'tap'
import { isDue, settleDue } from '../../../src/articles/articles.ts'
import { findUnusedWords, forgetWords } from '../../../src/articles/search/reindexing.ts'
import { instant } from '../../../src/lib/clock.ts'
import { type Answer, type TestApp, testApp } from '../../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../../support/factories.ts'
import { type Act, act, minute, patch } from '../acts.ts'
import { restoreRevision } from '../history.ts'
import { find, findAny, findWorking, pages } from './find.ts'

/** After each write exactly the right things are found, from its answer on. */

/** Words, and who finds something by each: the public, editors among what they work on, both or nobody. */
async function expectSeen(
  t: Test,
  app: TestApp,
  seen: Record<string, 'both' | 'public' | 'editors' | 'nobody'>,
  when = '',
): Promise<void> {
  for (const [q, who] of Object.entries(seen)) {
    const live = (await find(app, q)) !== ''
    const working = (await findWorking(app, q)) !== ''
    const name = live ? (working ? 'both' : 'public') : working ? 'editors' : 'nobody'
    t.equal(name, who, `${q} ${when}`)
  }
}

async function done(answer: Promise<Answer>) {
  const { status, body, text } = await answer
  if (status >= 300) throw new Error(text)
  return body
}

/** Does what the clock has made due, as the job of the service would. */
async function settleAll({ store }: TestApp): Promise<void> {
  while (await store.read(isDue)) await store.transact(settleDue)
}

t.test('a draft is found by who may read it alone, until it is published', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const draft = await makeDraft(app, { title: 'Alpha', section }, 'writer')
  await expectSeen(t, app, { alpha: 'editors' })
  t.equal(await findWorking(app, 'alpha', 'writer'), 'alpha')
  const submitted = await done(act(app, draft, 'submit', 'writer'))
  await expectSeen(t, app, { alpha: 'editors' }, 'in review')
  const returned = await done(act(app, submitted, 'return', 'editor', { note: 'Who says so?' }))
  await expectSeen(t, app, { alpha: 'editors' }, 'returned')
  await done(act(app, returned, 'publish'))
  await expectSeen(t, app, { alpha: 'both' }, 'published')
})

t.test(
  'an edit is found by editors alone until it is published, and what was there before by the public alone',
  async (t) => {
    const app = await testApp(t)
    for (const name of ['Oldtag', 'Newtag']) await makeTag(app, { name })
    for (const name of ['Oldsource', 'Newsource']) await makeSource(app, { name })
    const edits: [word: string, other: string, before: object, after: object][] = [
      ['oldtitle', 'newtitle', { title: 'Oldtitle' }, { title: 'Newtitle' }],
      ['oldkicker', 'newkicker', { kicker: 'Oldkicker' }, { kicker: 'Newkicker' }],
      ['olddeck', 'newdeck', { deck: 'Olddeck' }, { deck: 'Newdeck' }],
      ['oldbody', 'newbody', { pages: pages('x', 'Oldbody') }, { pages: pages('x', 'Newbody') }],
      [
        'oldhead',
        'newhead',
        { pages: [{ title: 'Oldhead', body: 'x' }] },
        { pages: [{ title: 'Newhead', body: 'x' }] },
      ],
      ['oldname', 'newname', { bylines: [{ name: 'Oldname' }] }, { bylines: [{ name: 'Newname' }] }],
      ['oldtag', 'newtag', { tags: ['oldtag'] }, { tags: ['newtag'] }],
      ['oldsource', 'newsource', { sources: [{ source: 'oldsource' }] }, { sources: [{ source: 'newsource' }] }],
      ['bertemu', 'ferries', { lang: 'id', deck: 'Pertemuan, ferry' }, { lang: 'en', deck: 'Pertemuan, ferry' }],
    ]
    for (const [word, other, before, after] of edits) {
      const story = await makePublished(app, { title: 'Story', ...before })
      await expectSeen(t, app, { [word]: 'both', [other]: 'nobody' }, 'as published')
      const edited = await done(patch(app, story, after))
      await expectSeen(t, app, { [word]: 'public', [other]: 'editors' }, 'edited')
      await done(act(app, edited, 'publish'))
      await expectSeen(t, app, { [word]: 'nobody', [other]: 'both' }, 'published again')
    }
  },
)

t.test('an edit that is taken back leaves everything as it was', async (t) => {
  const app = await testApp(t)
  const story = await makePublished(app, { title: 'Alpha' })
  const edited = await done(patch(app, story, { title: 'Beta' }))
  await done(patch(app, edited, { title: 'Alpha' }))
  await expectSeen(t, app, { alpha: 'both', beta: 'nobody' })
})

t.test('a correction is found at once, and what was wrong is not', async (t) => {
  const app = await testApp(t)
  const story = await makePublished(app, { title: 'On Monday' })
  const edited = await done(patch(app, story, { title: 'On Tuesday' }))
  await expectSeen(t, app, { monday: 'public', tuesday: 'editors' })
  await done(act(app, edited, 'correct', 'editor', { text: 'It was not on Wednesday.' }))
  await expectSeen(t, app, { monday: 'nobody', tuesday: 'both', wednesday: 'nobody' })
})

t.test(
  'what is scheduled is found by the public at its instant, by the clock alone, and the old text until then',
  async (t) => {
    for (const settles of [false, true]) {
      await t.test(settles ? 'with the job' : 'without the job', async (t) => {
        const app = await testApp(t)
        const section = (await makeSection(app)).id
        const at = app.clock.now() + 60 * minute
        const live = await makePublished(app, { slug: 'live', title: 'Alpha', section })
        const edited = await done(patch(app, live, { title: 'Beta', deck: 'Elections' }))
        await done(act(app, edited, 'publish', 'editor', { at: instant(at) }))
        const draft = await makeDraft(app, { slug: 'first', title: 'Gamma', section })
        const first = await done(act(app, draft, 'publish', 'editor', { at: instant(at) }))
        await done(patch(app, first, { title: 'Delta' }))
        const before = {
          alpha: 'public',
          beta: 'editors',
          election: 'editors',
          gamma: 'nobody',
          delta: 'editors',
        } as const
        await expectSeen(t, app, before, 'when it is scheduled')
        app.clock.set(instant(at - 1))
        await expectSeen(t, app, before, 'one millisecond before')
        app.clock.set(instant(at))
        if (settles) await settleAll(app)
        const after = { alpha: 'nobody', beta: 'both', election: 'both', gamma: 'public', delta: 'editors' } as const
        await expectSeen(t, app, after, 'at its instant')
        app.clock.advance(minute)
        await expectSeen(t, app, after, 'and later')
        t.equal(await find(app, 'beta OR gamma', '&sort=title'), 'live first')
        t.equal(await findAny(app, 'beta OR gamma'), 'first live')
      })
    }
  },
)

t.test('what was scheduled and is taken back is found by editors alone', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const draft = await makeDraft(app, { title: 'Alpha', section })
  const at = instant(app.clock.now() + 60 * minute)
  const scheduled = await done(act(app, draft, 'publish', 'editor', { at }))
  await done(act(app, scheduled, 'unschedule'))
  app.clock.advance(120 * minute)
  await expectSeen(t, app, { alpha: 'editors' })
})

t.test('what is under an embargo is found when it ends, and what expires until it does', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const [from, until] = [app.clock.now() + 10 * minute, app.clock.now() + 20 * minute]
  await makePublished(app, { title: 'Alpha', section, embargoUntil: instant(from), expiresAt: instant(until) })
  await makePublished(app, { title: 'Beta', section, expiresAt: instant(until) })
  for (const [at, alpha, beta] of [
    [app.clock.now(), 'editors', 'both'],
    [from - 1, 'editors', 'both'],
    [from, 'both', 'both'],
    [until - 1, 'both', 'both'],
    [until, 'editors', 'editors'],
    [until + minute, 'editors', 'editors'],
  ] as const) {
    app.clock.set(instant(at))
    await expectSeen(t, app, { alpha, beta }, instant(at))
  }
  await settleAll(app)
  await expectSeen(t, app, { alpha: 'editors', beta: 'editors' }, 'when it is written down')
})

t.test('the version that ends before the next begins is found until then, and nothing between', async (t) => {
  const app = await testApp(t)
  const end = app.clock.now() + 10 * minute
  const live = await makePublished(app, { title: 'Alpha', expiresAt: instant(end) })
  const edited = await done(patch(app, live, { title: 'Beta', expiresAt: null }))
  await done(act(app, edited, 'publish', 'editor', { at: instant(end + 10 * minute) }))
  await expectSeen(t, app, { alpha: 'public', beta: 'editors' })
  app.clock.set(instant(end))
  await expectSeen(t, app, { alpha: 'nobody', beta: 'editors' })
  app.clock.set(instant(end + 10 * minute))
  await expectSeen(t, app, { alpha: 'nobody', beta: 'both' })
})

t.test('what is taken away is found by the public no more, in whichever way', async (t) => {
  const app = await testApp(t)
  for (const [action, body] of [['unpublish'], ['withdraw', { reason: 'The letter is a forgery.' }]] as [
    Act,
    object?,
  ][]) {
    const story = await makePublished(app, { title: `Alpha ${action}`, deck: 'Elections' })
    const ahead = await done(patch(app, story, { title: `Beta ${action}` }))
    await expectSeen(t, app, { [`alpha ${action}`]: 'public', [`beta ${action}`]: 'editors' })
    const gone = await done(act(app, ahead, action, 'editor', body))
    await expectSeen(
      t,
      app,
      { [`alpha ${action}`]: 'nobody', [`beta ${action}`]: 'editors', forgery: 'nobody' },
      action,
    )
    t.equal(await find(app, `election ${action}`), '')
    await done(act(app, gone, 'publish'))
    await expectSeen(t, app, { [`alpha ${action}`]: 'nobody', [`beta ${action}`]: 'both' }, 'published again')
  }
})

t.test(
  'what is in the trash is found there alone, again when it is restored, and nowhere when it is purged',
  async (t) => {
    const app = await testApp(t)
    const draft = await makeDraft(app, { title: 'Alpha' })
    const trashed = await done(act(app, draft, 'delete'))
    await expectSeen(t, app, { alpha: 'nobody' })
    t.equal(await find(app, 'alpha', '&stage=working&state=trashed', 'editor'), 'alpha')
    const restored = await done(act(app, trashed, 'restore'))
    await expectSeen(t, app, { alpha: 'editors' })
    t.equal(await find(app, 'alpha', '&stage=working&state=trashed', 'editor'), '')
    await done(act(app, await done(act(app, restored, 'delete')), 'purge', 'admin'))
    await expectSeen(t, app, { alpha: 'nobody' })
    t.equal(await find(app, 'alpha', '&stage=working&state=draft,trashed', 'admin'), '')
    const [entries, labels, words] = await app.store.read(async (db) => [
      await db.select().from(db.tables.searchEntries),
      await db.select().from(db.tables.labels),
      await db.select().from(db.tables.searchWords),
    ])
    t.strictSame([entries, labels, words], [[], [], []], 'and nothing of it is kept')
  },
)

t.test('a word that no version of any text has any more is forgotten, and no other', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { title: 'Zqsecret alpha' }, 'editor')
  await done(patch(app, draft, { title: 'Beta' }))
  await makePublished(app, { title: 'Alpha gamma' })
  const words = async () =>
    (await app.store.read((db) => db.select().from(db.tables.searchWords))).map(({ term }) => term)
  t.ok((await words()).includes('zqsecret'))
  const kept = (await words()).filter((word) => word !== 'zqsecret')
  for (let after: string | undefined = ''; after !== undefined; ) {
    const from: string = after
    const { unused, last } = await app.store.read((db) => findUnusedWords(db, from, 1))
    await app.store.transact((db) => forgetWords(db, unused))
    after = last
  }
  t.same((await words()).sort(), kept.sort())
  await expectSeen(t, app, { alpha: 'both', beta: 'editors', gamma: 'both', zqsecret: 'nobody' })
})

t.test('a revision that is restored is found as it was', async (t) => {
  const app = await testApp(t, { WARTA_REVISION_WINDOW: '0' })
  await makeTag(app, { name: 'Oldtag' })
  const story = await makePublished(app, { title: 'Alpha', tags: ['oldtag'] })
  const edited = await done(patch(app, story, { title: 'Beta', tags: [] }))
  const published = await done(act(app, edited, 'publish'))
  await expectSeen(t, app, { alpha: 'nobody', oldtag: 'nobody', beta: 'both' })
  const restored = await done(restoreRevision(app, published, 1))
  await expectSeen(t, app, { alpha: 'editors', oldtag: 'editors', beta: 'public' })
  await done(act(app, restored, 'publish'))
  await expectSeen(t, app, { alpha: 'both', oldtag: 'both', beta: 'nobody' })
})

t.test('what is pasted, batched and imported is found at once', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const raw = {
    type: 'text/plain; charset=utf-8',
    data: 'Judul Berita\n\nJAKARTA, KOMPAS.com - Gempa mengguncang Lombok.',
  }
  await done(app.call('POST', `/v1/articles?section=${section}`, { as: 'editor', raw }))
  await expectSeen(t, app, { judul: 'editors', lombok: 'editors', 'berita gempa': 'editors' })

  const batch = (operations: object[], atomic = false) =>
    done(app.call('POST', '/v1/articles/batch', { as: 'editor', body: { operations, atomic } }))
  const create = (title: string) => ({ op: 'create', body: { title, section, pages: pages('x') } })
  const { results } = await batch([create('Alpha'), create('Beta'), create('Gamma')])
  await expectSeen(t, app, { alpha: 'editors', beta: 'editors', gamma: 'editors' })
  const on = (op: string, i: number, more: object = {}) => ({
    op,
    article: results[i].article.id,
    version: '*',
    ...more,
  })
  await batch([on('publish', 0), on('publish', 1), on('patch', 1, { body: { title: 'Delta' } }), on('delete', 2)])
  await expectSeen(t, app, { alpha: 'both', beta: 'public', delta: 'editors', gamma: 'nobody' })
  const failed = await app.call('POST', '/v1/articles/batch', {
    as: 'editor',
    body: { operations: [on('unpublish', 0), create('Epsilon'), on('publish', 2)], atomic: true },
  })
  t.equal(failed.status, 409)
  await expectSeen(t, app, { alpha: 'both', epsilon: 'nobody', gamma: 'nobody' }, 'after a batch that was undone')

  const bring = (...lines: object[]) => {
    const data = lines.map((line) => `${JSON.stringify({ section, lang: 'en', ...line })}\n`).join('')
    return done(
      app.call('POST', '/v1/articles/import?publish=true', {
        as: 'editor',
        raw: { type: 'application/x-ndjson', data },
      }),
    )
  }
  await bring(
    { externalId: 'x:1', title: 'Zeta elections', pages: pages('x') },
    { externalId: 'x:2', title: 'Eta', pages: pages('x') },
  )
  await expectSeen(t, app, { zeta: 'both', election: 'both', eta: 'both' })
  await bring({ externalId: 'x:1', title: 'Theta', pages: pages('x') })
  await expectSeen(t, app, { zeta: 'nobody', election: 'nobody', theta: 'both', eta: 'both' })
})

t.test('a write that is refused changes nothing of what is found', async (t) => {
  const app = await testApp(t)
  const story = await makePublished(app, { title: 'Alpha' })
  await done(patch(app, story, { deck: 'Somebody was faster' }))
  for (const [answer, status] of [
    [await patch(app, story, { title: 'Beta' }), 412],
    [await patch(app, { ...story, version: 3 }, { title: 'Beta', tags: ['nowhere'] }), 422],
    [await patch(app, { ...story, version: 3 }, { title: 'Beta', colour: 'red' }), 400],
    [await patch(app, { ...story, version: 3 }, { title: 'Beta' }, 'writer'), 404],
    [await app.call('POST', '/v1/articles', { as: 'editor', body: { title: 'Beta', slug: 'alpha' } }), 409],
  ] as const) {
    t.equal(answer.status, status)
  }
  await expectSeen(t, app, { alpha: 'both', beta: 'nobody', faster: 'editors' })
})

t.test('another date is another place among those that say the same', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const one = await makePublished(app, { slug: 'one', title: 'Alpha', section, publishedAt: '2020-01-01T00:00:00Z' })
  await makePublished(app, { slug: 'two', title: 'Alpha', section, publishedAt: '2021-01-01T00:00:00Z' })
  t.equal(await find(app, 'alpha'), 'two one')
  const moved = await done(patch(app, one, { publishedAt: '2022-01-01T00:00:00Z' }))
  t.equal(await find(app, 'alpha'), 'two one', 'not before it is published')
  t.equal(await findWorking(app, 'alpha'), 'one two')
  await done(act(app, moved, 'publish'))
  t.equal(await find(app, 'alpha'), 'one two')
  t.equal(await find(app, 'alpha', '&sort=-publishedAt'), 'one two')
})

t.test('dates before 1970 are dates', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const dates = {
    moon: '1969-07-20T20:17:40Z',
    epoch: '1970-01-01T00:00:00Z',
    war: '1939-09-01T04:45:00.500Z',
    first: '0001-01-01T00:00:00Z',
  }
  for (const [slug, publishedAt] of Object.entries(dates))
    await makePublished(app, { slug, title: 'Alpha', section, publishedAt })
  t.equal(await find(app, 'alpha'), 'epoch moon war first')
  t.equal(await find(app, 'alpha', '&sort=-publishedAt'), 'epoch moon war first')
  t.equal(await find(app, 'alpha', '&sort=publishedAt'), 'first war moon epoch')
  t.equal(await find(app, 'alpha', '&publishedBefore=1970-01-01T00:00:00Z'), 'moon war first')
})

t.test('a tag is what articles are found by, under the names that it has now', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const tag = await makeTag(app, { name: 'Rail', synonyms: ['Kereta'] })
  await makePublished(app, { slug: 'story', title: 'Alpha', section, tags: ['rail'] })
  const ahead = await makePublished(app, { slug: 'ahead', title: 'Beta', section, tags: ['rail'] })
  await done(patch(app, ahead, { tags: [] }))
  await expectSeen(t, app, { rail: 'both', kereta: 'both', 'tag:rail beta': 'public', 'tag:rail alpha': 'both' })
  const change = (body: object) => done(app.call('PATCH', `/v1/tags/${tag.id}`, { as: 'editor', version: '*', body }))
  await change({ name: 'Tram' })
  await expectSeen(t, app, { rail: 'nobody', tram: 'both', kereta: 'both' }, 'renamed')
  await change({ synonyms: ['Trem Listrik'] })
  await expectSeen(
    t,
    app,
    { kereta: 'nobody', trem: 'both', '"trem listrik"': 'both', listrik: 'both' },
    'with other synonyms',
  )
  await change({ synonyms: [], slug: 'rails' })
  await expectSeen(t, app, { trem: 'nobody', rails: 'nobody', tram: 'both' }, 'a slug is no name')
  t.equal(await findAny(app, 'tram'), 'ahead story')
})

t.test('the articles of a tag that is merged are found by the one that stays', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  await makeTag(app, { name: 'Rail', synonyms: ['Kereta'] })
  await makeTag(app, { name: 'Tram' })
  await makeTag(app, { name: 'Metro' })
  const story = await makePublished(app, { slug: 'story', title: 'Alpha', section, tags: ['rail'] })
  await makePublished(app, { slug: 'both', title: 'Beta', section, tags: ['rail', 'tram'] })
  await makePublished(app, { slug: 'other', title: 'Gamma', section, tags: ['tram'] })
  const merge = (from: string, into: string) =>
    done(app.call('POST', `/v1/tags/${from}/merge`, { as: 'editor', version: '*', body: { into } }))
  await merge('rail', 'tram')
  await expectSeen(t, app, { rail: 'nobody', kereta: 'nobody', 'tag:rail': 'nobody' })
  t.equal(await findAny(app, 'tram'), 'both other story')
  t.equal(await findAny(app, 'alpha -tag:tram'), '')
  await merge('tram', 'metro')
  t.equal(await findAny(app, 'tag:metro'), 'both other story', 'and so on')
  t.equal(await findAny(app, 'tram'), '')
  await done(act(app, await done(patch(app, story, { tags: [] })), 'publish'))
  t.equal(await findAny(app, 'tag:metro'), 'both other', 'until they lose it')
})

t.test('a tag that is deleted leaves its articles to another, or to none', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  for (const name of ['Rail', 'Tram', 'Metro']) await makeTag(app, { name })
  await makePublished(app, { slug: 'rail', title: 'Alpha', section, tags: ['rail'] })
  await makePublished(app, { slug: 'metro', title: 'Beta', section, tags: ['metro'] })
  const remove = (path: string) => app.call('DELETE', path, { as: 'editor', version: '*' })
  t.equal((await remove('/v1/tags/rail')).status, 409)
  t.equal(await find(app, 'rail'), 'rail', 'one that is in use stays')
  t.equal((await remove('/v1/tags/rail?moveTo=tram')).status, 204)
  await expectSeen(t, app, { 'tag:rail': 'nobody', rail: 'nobody', tram: 'both', 'tag:tram alpha': 'both' })
  t.equal((await remove('/v1/tags/metro?detach=true')).status, 204)
  await expectSeen(t, app, { metro: 'nobody', 'tag:metro': 'nobody', beta: 'both' })
  await makeTag(app, { name: 'Metro' })
  t.equal(await find(app, 'metro'), '', 'another of its name is another')
})

t.test('a source is what articles are found by, under the names that it has now', async (t) => {
  const app = await testApp(t)
  await makeSource(app, { name: 'Antara', aliases: ['LKBN'] })
  await makeSource(app, { name: 'Reuters' })
  await makePublished(app, { slug: 'story', title: 'Alpha', sources: [{ source: 'antara' }] })
  await expectSeen(t, app, { antara: 'both', lkbn: 'both', 'source:lkbn': 'both' })
  const change = (body: object) => done(app.call('PATCH', '/v1/sources/antara', { as: 'editor', version: '*', body }))
  await change({ name: 'Tanjug', aliases: ['ANA'] })
  await expectSeen(t, app, { antara: 'nobody', lkbn: 'nobody', tanjug: 'both', ana: 'both' })
  const gone = await app.call('DELETE', '/v1/sources/antara?moveTo=reuters', { as: 'editor', version: '*' })
  t.equal(gone.status, 204)
  await expectSeen(t, app, { tanjug: 'nobody', ana: 'nobody', reuters: 'both', 'source:reuters alpha': 'both' })
  const taken = await app.call('DELETE', '/v1/sources/reuters?detach=true', { as: 'editor', version: '*' })
  t.equal(taken.status, 204)
  await expectSeen(t, app, { reuters: 'nobody', alpha: 'both' })
})

t.test(
  'a source that becomes confidential leads readers to nothing, and to its articles when it is public again',
  async (t) => {
    const app = await testApp(t)
    await makeSource(app, { name: 'Antara', aliases: ['LKBN'] })
    await makePublished(app, { slug: 'story', title: 'Alpha', sources: [{ source: 'antara' }] })
    const show = (visibility: string) =>
      done(app.call('PATCH', '/v1/sources/antara', { as: 'editor', version: '*', body: { visibility } }))
    const expectNamed = async (who: 'both' | 'editors') => {
      await expectSeen(
        t,
        app,
        { antara: who, 'source:lkbn': who, 'alpha antara': who, '"antara"': who, alpha: 'both' },
        who,
      )
      t.equal(await find(app, 'alpha -antara'), who === 'both' ? '' : 'story')
    }
    await expectNamed('both')
    await show('editors')
    await expectNamed('editors')
    await show('public')
    await expectNamed('both')
    await show('editors')
    const gone = await app.call('DELETE', '/v1/sources/antara?detach=true', { as: 'editor', version: '*' })
    t.equal(gone.status, 204)
    await expectSeen(t, app, { antara: 'nobody', 'source:lkbn': 'nobody', alpha: 'both' })
  },
)

t.test('a section that moves takes along what is found in it', async (t) => {
  const app = await testApp(t)
  const [asia, sport] = [await makeSection(app, { name: 'Asia' }), await makeSection(app, { name: 'Sport' })]
  await makePublished(app, { slug: 'one', title: 'Alpha', section: asia.id })
  await makePublished(app, { slug: 'two', title: 'Alpha', section: sport.id })
  t.equal(await find(app, 'alpha', '&section=sport'), 'two')
  t.equal(await find(app, 'asia'), '', 'it is a filter and no word')
  const change = (body: object) =>
    done(app.call('PATCH', `/v1/sections/${asia.id}`, { as: 'editor', version: '*', body }))
  await change({ parent: sport.id })
  t.equal(await findAny(app, 'alpha', '&section=sport'), 'one two')
  await change({ name: 'Far East', slug: 'far-east' })
  t.equal(await find(app, 'alpha', '&section=far-east'), 'one')
  t.equal(await find(app, 'far'), '')
  const gone = await app.call('DELETE', `/v1/sections/${asia.id}?moveTo=sport`, { as: 'editor', version: '*' })
  t.equal(gone.status, 204)
  t.equal(await findAny(app, 'alpha', '&section=sport&subsections=false'), 'one two')
})

t.test('what was found before is not remembered: each answer is of its moment, from the cache too', async (t) => {
  const app = await testApp(t)
  const first = await app.call('GET', '/v1/articles?q=alpha')
  const again = await app.call('GET', '/v1/articles?q=alpha')
  t.equal(again.headers.etag, first.headers.etag)
  const story = await makePublished(app, { title: 'Alpha' })
  const found = await app.call('GET', '/v1/articles?q=alpha')
  t.not(found.headers.etag, first.headers.etag)
  const conditional = { headers: { 'if-none-match': String(found.headers.etag) } }
  t.equal((await app.call('GET', '/v1/articles?q=alpha', conditional)).status, 304)
  await done(act(app, story, 'unpublish'))
  const gone = await app.call('GET', '/v1/articles?q=alpha', conditional)
  t.match(gone, { status: 200, body: { data: [] } })
})
