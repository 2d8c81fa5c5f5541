import t from 'tap'
import { operator } from '../../src/keys/keys.ts'
import { findLabelled, relabelSome, textsOf } from '../../src/labels/labels.ts'
import { TagCreate } from '../../src/tags/schema.ts'
import { createTag } from '../../src/tags/tags.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { makeSection, makeSource, makeTag } from '../support/factories.ts'
import { planner } from '../support/plans.ts'

interface Looked {
  prefix?: boolean
  view?: 'live' | 'working'
}

/** What is called so, as words of the index. */
async function called(app: TestApp, text: string, { prefix = false, view = 'live' }: Looked = {}) {
  const [found] = await app.store.read((db) => findLabelled(db, [{ text, prefix }], view))
  return { tags: [...(found?.tags ?? [])].sort(), sources: [...(found?.sources ?? [])].sort() }
}

const none = { tags: [], sources: [] }
const tagWord = ({ id }: { id: string }) => `#t${id.replaceAll('-', '')}`
const sourceWord = ({ id }: { id: string }) => `#s${id.replaceAll('-', '')}`

/** Every label there is. */
function listLabels(app: TestApp): Promise<string[]> {
  return app.store.read(async (db) => {
    const rows = await db.select().from(db.tables.labels)
    return rows.map(({ text, kind, targetId }) => `${kind} ${targetId} ${text}`).sort()
  })
}

t.test('to the public no word leads to a confidential source, nor does one take the place of another', async (t) => {
  const app = await testApp(t)
  const hidden = []
  for (let i = 0; i < 51; i += 1) {
    hidden.push(await makeSource(app, { name: 'Agency', slug: `a-${i}`, aliases: ['Deep'], visibility: 'editors' }))
  }
  const open = await makeSource(app, { name: 'Agency' })
  t.same(await called(app, 'deep'), none)
  t.same(await called(app, 'agency'), { ...none, sources: [sourceWord(open)] })
  t.equal((await called(app, 'agency', { view: 'working' })).sources.length, 50)
  await app.call('PATCH', `/v1/sources/${open.id}`, { as: 'editor', version: 1, body: { visibility: 'editors' } })
  t.same(await called(app, 'agency'), none)
  await app.call('PATCH', '/v1/sources/a-3', { as: 'editor', version: 1, body: { visibility: 'public' } })
  t.same(await called(app, 'deep'), { ...none, sources: [sourceWord(hidden[3])] })
})

t.test('a thing is found by its names from each of their words on, whatever their case and accents', async (t) => {
  const app = await testApp(t)
  const tag = await makeTag(app, { name: 'Bank Indonésia', synonyms: ['BI', 'Zentralbank von Indonesien'] })
  const source = await makeSource(app, { name: 'Kantor Berita ANTARA', aliases: ['Antara News'] })
  await makeSection(app, { name: 'Bank' })
  for (const text of ['bank', 'indonesia', 'bank indonesia', 'bi', 'zentralbank', 'von indonesien']) {
    t.same(await called(app, text), { ...none, tags: [tagWord(tag)] }, text)
  }
  for (const text of ['kantor', 'antara', 'berita antara', 'antara news', 'news']) {
    t.same(await called(app, text), { ...none, sources: [sourceWord(source)] }, text)
  }
  for (const text of ['ban', 'ank', 'bank indo', 'indonesia bank', 'kantor antara', 'b', '']) {
    t.same(await called(app, text), none, text)
  }
})

t.test('with prefix the last word may be the beginning of one', async (t) => {
  const app = await testApp(t)
  const tag = await makeTag(app, { name: 'Bank Indonesia' })
  const prefix = true
  for (const text of ['ban', 'bank', 'bank indo', 'indo', 'indonesia']) {
    t.same(await called(app, text, { prefix }), { ...none, tags: [tagWord(tag)] }, text)
  }
  for (const text of ['ban indonesia', 'bank indonesian', 'donesia', '']) {
    t.same(await called(app, text, { prefix }), none, text)
  }
})

t.test('a name that is changed or taken away finds nothing any more, and a new one does at once', async (t) => {
  const app = await testApp(t)
  const tag = await makeTag(app, { name: 'Rail', synonyms: ['Trains'] })
  const patch = (version: number, body: object) =>
    app.call('PATCH', `/v1/tags/${tag.id}`, { as: 'editor', version, body })
  await patch(1, { name: 'Railways' })
  t.same(await called(app, 'rail'), none)
  t.same((await called(app, 'railways')).tags, [tagWord(tag)])
  await patch(2, { synonyms: ['Metro'] })
  t.same(await called(app, 'trains'), none)
  t.same((await called(app, 'metro')).tags, [tagWord(tag)])
  const source = await makeSource(app, { name: 'Antara', aliases: ['Wire'] })
  const edit = { as: 'editor', version: 1 } as const
  await app.call('PUT', `/v1/sources/${source.id}`, { ...edit, body: { name: 'LKBN Antara' } })
  t.same(await called(app, 'wire'), none)
  t.same((await called(app, 'lkbn')).sources, [sourceWord(source)])
  const section = await makeSection(app, { name: 'World' })
  await app.call('PATCH', `/v1/sections/${section.id}`, { ...edit, body: { name: 'Globe' } })
  t.same(
    (await listLabels(app)).filter((label) => label.startsWith('section')),
    [`section ${section.id} globe`],
  )
})

t.test('what is deleted is called nothing', async (t) => {
  const app = await testApp(t)
  const edit = { as: 'editor', version: '*' } as const
  await makeTag(app, { name: 'Rail strike' })
  await makeSource(app, { name: 'Antara' })
  await makeSection(app, { name: 'World' })
  for (const path of ['tags/rail-strike', 'sources/antara', 'sections/world']) {
    t.equal((await app.call('DELETE', `/v1/${path}`, edit)).status, 204)
  }
  t.same(await listLabels(app), [])
})

t.test('with a tag or source goes every id that was merged into it, whatever that was called', async (t) => {
  const app = await testApp(t)
  const edit = { as: 'editor', version: '*' } as const
  const [first, second, third] = [
    await makeTag(app, { name: 'Persia' }),
    await makeTag(app, { name: 'Iran' }),
    await makeTag(app, { name: 'Islamic Republic of Iran' }),
  ]
  await app.call('POST', '/v1/tags/persia/merge', { ...edit, body: { into: 'iran' } })
  t.same(await called(app, 'persia'), none)
  t.same((await called(app, 'iran')).tags, [first, second, third].map(tagWord).sort())
  await app.call('DELETE', '/v1/tags/iran?moveTo=islamic-republic-of-iran', edit)
  t.same((await called(app, 'republic')).tags, [first, second, third].map(tagWord).sort())

  const mole = await makeSource(app, { name: 'Mole', visibility: 'editors' })
  const ministry = await makeSource(app, { name: 'Ministry' })
  await app.call('DELETE', '/v1/sources/mole?moveTo=ministry', edit)
  t.same((await called(app, 'ministry')).sources, [mole, ministry].map(sourceWord).sort())
  t.same(await called(app, 'mole', { view: 'working' }), none)
})

t.test('of each word the first fifty names are taken, and what is called just so is among them', async (t) => {
  const app = await testApp(t)
  for (let i = 10; i < 65; i += 1) await makeTag(app, { name: `Rail ${i}` })
  const just = await makeTag(app, { name: 'Rail' })
  const { tags } = await called(app, 'rail')
  t.equal(tags.length, 50)
  t.ok(tags.includes(tagWord(just)))
})

t.test('all words of a query are looked up in one statement, in which each is searched in an index', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  const tag = await makeTag(app, { name: 'Bank Indonesia' })
  const source = await makeSource(app, { name: 'Indo Pos' })
  const words = [
    { text: 'bank', prefix: false },
    { text: '', prefix: true },
    { text: 'nothing', prefix: false },
    { text: 'indo', prefix: true },
  ]
  const asked = []
  for (const view of ['live', 'working'] as const) {
    app.statements.length = 0
    const found = await app.store.read((db) => findLabelled(db, words, view))
    t.same(found, [
      { ...none, tags: [tagWord(tag)] },
      none,
      none,
      { tags: [tagWord(tag)], sources: [sourceWord(source)] },
    ])
    t.equal(app.statements.length, 1)
    asked.push(...app.statements)
  }
  app.statements.length = 0
  t.same(await app.store.read((db) => findLabelled(db, [{ text: '', prefix: true }], 'live')), [none])
  t.same(app.statements, [], 'nothing is no question')
  const plan = await planner(t, app)
  for (const sql of asked) {
    const { scans, indexes, sorts, text } = await plan(sql)
    t.same(
      scans.filter((table) => ['labels', 'addresses', 'sources'].includes(table)),
      [],
      text,
    )
    t.ok(indexes.includes('key of labels') && indexes.includes('addresses_of_target'), text)
    t.notOk(sorts.includes('many'), text)
  }
})

t.test('only what differs is written', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  const { id } = await makeTag(app, { name: 'Bank Indonesia', synonyms: ['BI'] })
  const written = async (version: number, body: object) => {
    app.statements.length = 0
    await app.call('PATCH', `/v1/tags/${id}`, { as: 'editor', version, body })
    const about = app.statements.filter((sql) => /^(insert into|delete from) "labels"/.test(sql))
    return about.map((sql) => sql.slice(0, 6)).sort()
  }
  t.same(await written(1, { synonyms: ['BI', 'Bank Sentral'] }), ['insert', 'insert'])
  t.same(await written(2, { synonyms: ['Bank Sentral', 'BI'] }), [])
  t.same(await written(3, { description: 'The central bank' }), [])
  t.same(await written(4, { synonyms: ['BI'] }), ['delete', 'delete'])
})

t.test('a name comes with the thing or not at all', async (t) => {
  const app = await testApp(t)
  const failed = app.store.transact(async (db) => {
    await createTag(db, TagCreate.parse({ name: 'Rail' }), operator)
    throw new Error('not after all')
  })
  await t.rejects(failed, /not after all/)
  t.same(await listLabels(app), [])
})

t.test('what an import makes is called so too', async (t) => {
  const app = await testApp(t)
  const line = JSON.stringify({
    title: 'One',
    text: 'Body.',
    section: 'World',
    tags: ['Rail strike'],
    sources: [{ source: 'Antara' }],
  })
  const { status } = await app.call('POST', '/v1/articles/import?createMissing=true', {
    ...{ as: 'editor', raw: { type: 'application/x-ndjson', data: line } },
  })
  t.equal(status, 200)
  t.equal((await called(app, 'strike')).tags.length, 1)
  t.equal((await called(app, 'antara')).sources.length, 1)
  t.ok((await listLabels(app)).some((label) => label.endsWith(' world')))
})

t.test('all labels are made anew, some at a time, and are what they were', async (t) => {
  const app = await testApp(t)
  for (let i = 0; i < 201; i += 1) await makeTag(app, { name: `Tag ${i}`, synonyms: [`Number ${i}`] })
  await makeSource(app, { name: 'Antara', aliases: ['LKBN Antara'] })
  await makeSection(app, { name: 'World' })
  const before = await listLabels(app)
  await app.store.transact(async (db) => {
    await db.delete(db.tables.labels)
  })
  const steps = []
  for (let at = await step(); at !== undefined; at = await step(at)) steps.push(at.kind)
  t.same(steps, ['tag', 'tag', 'source'])
  t.same(await listLabels(app), before)
  t.equal(before.length, 201 * 3 + 3)

  function step(from?: Awaited<ReturnType<typeof relabelSome>>) {
    return app.store.transact((db) => relabelSome(db, from))
  }
})

t.test('the longest names, and the strangest, are no trouble', async (t) => {
  const app = await testApp(t)
  const names = [
    '\ufdfa'.repeat(120),
    'a '.repeat(59).trim(),
    '北'.repeat(120),
    'x'.repeat(120),
    '!?',
    '\u{1f600}',
    'C++',
  ]
  for (const name of names) await makeTag(app, { name, synonyms: [name] })
  t.equal((await called(app, 'c++')).tags.length, 1)
  t.equal((await called(app, 'c')).tags.length, 0)
  t.same(textsOf('!?'), [])
  t.same(textsOf('Bank Indonésia'), ['bank indonesia', 'indonesia'])
  t.equal(textsOf('one two three four five six seven eight nine ten eleven twelve thirteen').length, 12)
  t.ok(
    textsOf('ab '.repeat(90)).every((text) => text.length <= 120 && /^ab( ab)*$/.test(text)),
    'no word is cut',
  )
})
