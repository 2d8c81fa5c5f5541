import t from 'tap'
import { type CallOptions, type TestApp, testApp, type Who } from '../support/app.ts'
import { makeDraft, makeKey, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { planner } from '../support/plans.ts'

const outsiders: readonly Who[] = ['stranger', 'reader']
const insiders: readonly Who[] = ['writer', 'editor', 'admin']

const urlOf = (q: string, more: Record<string, string> = {}) => `/v1/suggest?${new URLSearchParams({ q, ...more })}`

/** What is suggested, as `kind name`. */
async function suggested(app: TestApp, q: string, more: Record<string, string> = {}, options: CallOptions = {}) {
  const { status, body, text } = await app.call('GET', urlOf(q, more), options)
  if (status !== 200) throw new Error(text)
  return body.data.map(({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`)
}

/** Does what surely can be done. */
async function edit(app: TestApp, method: string, path: string, body?: object): Promise<void> {
  const { status, text } = await app.call(method, `/v1/${path}`, { as: 'editor', version: '*', body })
  if (status >= 300) throw new Error(text)
}

const working = { stage: 'working' }

t.test('a stranger is suggested what is public, by its names and titles', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app, { name: 'Money' })
  const below = await makeSection(app, { name: 'Banking', parent: section.id })
  const tag = await makeTag(app, { name: 'Bank Indonesia', synonyms: ['BI'] })
  const source = await makeSource(app, { name: 'Bank Dunia', aliases: ['World Bank'] })
  const article = await makePublished(app, { title: 'Bank Indonesia keeps its rate', section: section.id })
  for (const as of outsiders) {
    const { body } = await app.call('GET', urlOf('Bank'), { as })
    t.strictSame(body.data, [
      { kind: 'tag', id: tag.id, slug: 'bank-indonesia', name: 'Bank Indonesia' },
      { kind: 'source', id: source.id, slug: 'bank-dunia', name: 'Bank Dunia' },
      { kind: 'section', id: below.id, slug: 'banking', name: 'Banking', path: 'money/banking' },
      { kind: 'article', id: article.id, slug: article.slug, name: 'Bank Indonesia keeps its rate' },
    ])
  }
})

t.test(
  'what only editors may see is suggested to nobody else, neither by what it is called nor by a count',
  async (t) => {
    const app = await testApp(t)
    const before = await app.call('GET', urlOf('can'))
    const kept = await app.call('GET', urlOf('canary', { limit: '1' }))
    for (let i = 0; i < 101; i += 1) {
      await makeSource(app, { name: `Canary ${i}`, aliases: ['Canary'], visibility: 'editors' })
    }
    await makeDraft(app, { title: 'Canary in a draft' })
    const trashed = await makeDraft(app, { title: 'Canary in the trash' })
    await edit(app, 'DELETE', `articles/${trashed.id}`)
    const coming = await makeDraft(app, { title: 'Canary to come', section: (await makeSection(app)).id })
    const at = new Date(app.clock.now() + 60_000).toISOString()
    await edit(app, 'POST', `articles/${coming.id}/publish`, { at })
    const gone = await makePublished(app, { title: 'Canary taken back' })
    await edit(app, 'POST', `articles/${gone.id}/unpublish`)
    const changed = await makePublished(app, { title: 'Published so' })
    await edit(app, 'PATCH', `articles/${changed.id}`, { title: 'Canary not yet' })
    for (const as of outsiders) {
      const after = await app.call('GET', urlOf('can'), { as })
      t.same(after.body, { data: [] })
      t.equal(after.text, before.text)
      t.equal(after.headers.etag, before.headers.etag)
      t.equal((await app.call('GET', urlOf('canary', { limit: '1' }), { as })).text, kept.text)
    }
    t.same(await suggested(app, 'published'), ['article Published so'])
    // However many there are of the others, they take no place away.
    await makeSource(app, { name: 'Canary zoo' })
    t.same(await suggested(app, 'canary'), ['source Canary zoo'])
  },
)

t.test('working copies need a key that may read drafts, whatever is asked for', async (t) => {
  const app = await testApp(t)
  for (const kinds of ['tag', 'tag,source,section,article']) {
    const url = urlOf('x', { ...working, kinds })
    t.match(await app.call('GET', url), { status: 401, body: { code: 'key_required' } })
    t.match(await app.call('GET', url, { as: 'reader' }), { status: 403, body: { code: 'forbidden' } })
    for (const as of insiders) t.equal((await app.call('GET', url, { as })).status, 200, as)
  }
  t.equal((await app.call('GET', urlOf('!', working))).status, 401)
})

t.test('with stage=working insiders are suggested confidential sources, and drafts: writers their own', async (t) => {
  const app = await testApp(t)
  const mole = await makeSource(app, { name: 'Mole in the ministry', visibility: 'editors' })
  await makeSource(app, { name: 'Ministry' })
  const dated = (title: string, day: number) => ({ title, publishedAt: `2026-11-0${day}T09:00:00Z` })
  await makeDraft(app, dated('Ministry of an editor', 1))
  await makeDraft(app, dated('Ministry of the writer', 2), 'writer')
  const other = await makeKey(app, { name: 'other', role: 'writer' })
  const body = { ...dated('Ministry of another writer', 3), pages: [{ body: 'One.' }] }
  t.equal((await app.call('POST', '/v1/articles', { key: other.secret, body })).status, 201)
  const trashed = await makeDraft(app, { title: 'Ministry in the trash' })
  await edit(app, 'DELETE', `articles/${trashed.id}`)
  const sources = ['source Ministry', 'source Mole in the ministry']
  const [one, two, three] = [
    'article Ministry of another writer',
    'article Ministry of the writer',
    'article Ministry of an editor',
  ]
  t.same(await suggested(app, 'ministry', working, { as: 'writer' }), [...sources, two])
  t.same(await suggested(app, 'ministry', working, { key: other.secret }), [...sources, one])
  t.same(await suggested(app, 'ministry', working, { as: 'editor' }), [...sources, one, two, three])
  const named = await app.call('GET', urlOf('mole', working), { as: 'editor' })
  t.match(named.body.data, [{ id: mole.id, visibility: 'editors' }])
  for (const as of insiders) {
    t.same(await suggested(app, 'ministry', {}, { as }), ['source Ministry'], `to ${as}, of what is live`)
  }
})

t.test('the words stand side by side in a name, and the last may be the beginning of one', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Bank Indonesia' })
  await makeTag(app, { name: 'Bandung' })
  const found: Record<string, string[]> = {
    ban: ['tag Bandung', 'tag Bank Indonesia'],
    'bank indo': ['tag Bank Indonesia'],
    indo: ['tag Bank Indonesia'],
    'BANK  INDONÉSIA': ['tag Bank Indonesia'],
    'bank-indonesia': ['tag Bank Indonesia'],
    'indonesia bank': [],
    'ban indonesia': [],
    ank: [],
    b: ['tag Bandung', 'tag Bank Indonesia'],
    // A space says that the word is whole.
    'ban ': [],
    'bank ': ['tag Bank Indonesia'],
  }
  for (const [q, names] of Object.entries(found)) t.same(await suggested(app, q, { kinds: 'tag' }), names, q)
})

t.test('what is called just so comes first, then the shorter names, then the alphabet', async (t) => {
  const app = await testApp(t)
  for (const name of ['Bank', 'World Bank', 'Bank Mandiri', 'Bank Central Asia', 'Bank Danamon', 'Banks']) {
    await makeTag(app, { name })
  }
  await makeTag(app, { name: 'Deposit-taking institutions', synonyms: ['Bank'] })
  t.same(await suggested(app, 'bank', { kinds: 'tag' }), [
    ...['tag Bank', 'tag Deposit-taking institutions', 'tag Banks'],
    ...['tag World Bank', 'tag Bank Danamon', 'tag Bank Mandiri', 'tag Bank Central Asia'],
  ])
})

t.test('a thing is suggested once, by its name, with the other name that was typed', async (t) => {
  const app = await testApp(t)
  const synonyms = ['Persia', 'Persian state', 'Iran, Islamic Republic of']
  await makeTag(app, { name: 'Iran', synonyms })
  await makeSource(app, { name: 'Channel NewsAsia', aliases: ['CNA'] })
  const matched = async (q: string) => {
    const { body } = await app.call('GET', urlOf(q))
    return body.data.map((one: { name: string; matched?: string }) => [one.name, one.matched])
  }
  t.same(await matched('persia'), [['Iran', 'Persia']])
  t.same(await matched('republic'), [['Iran', 'Iran, Islamic Republic of']])
  t.same(await matched('iran'), [['Iran', undefined]])
  t.same(await matched('cn'), [['Channel NewsAsia', 'CNA']])
})

t.test(
  'what is renamed, merged or deleted is suggested as it is at once, also to whom it was suggested before',
  async (t) => {
    const app = await testApp(t)
    await makeTag(app, { name: 'Rail' })
    await makeTag(app, { name: 'Railways' })
    await makeSource(app, { name: 'Raja News' })
    await makeSection(app, { name: 'Racing' })
    const article = await makePublished(app, { title: 'Rain in Jakarta' })
    const look = () => suggested(app, 'ra')
    t.same(await look(), [
      ...['tag Rail', 'tag Railways', 'source Raja News', 'section Racing', 'article Rain in Jakarta'],
    ])
    await edit(app, 'PATCH', 'tags/rail', { name: 'Trains', synonyms: ['Rails'] })
    t.same((await look()).slice(0, 2), ['tag Trains', 'tag Railways'])
    await edit(app, 'POST', 'tags/rail/merge', { into: 'railways' })
    t.same((await look())[0], 'tag Railways')
    await edit(app, 'DELETE', 'sources/raja-news')
    await edit(app, 'PATCH', 'sections/racing', { name: 'Motor racing' })
    t.same(await look(), ['tag Railways', 'section Motor racing', 'article Rain in Jakarta'])
    await edit(app, 'PATCH', `articles/${article.id}`, { title: 'Rage in Jakarta' })
    t.same((await look()).at(-1), 'article Rain in Jakarta', 'as it is published')
    await edit(app, 'POST', `articles/${article.id}/publish`)
    t.same((await look()).at(-1), 'article Rage in Jakarta')
    await edit(app, 'POST', `articles/${article.id}/unpublish`)
    t.same(await look(), ['tag Railways', 'section Motor racing'])
    await edit(app, 'DELETE', 'tags/railways')
    await edit(app, 'DELETE', 'sections/racing')
    t.same(await look(), [])
  },
)

t.test('titles have the words anywhere, the last as a beginning; the newest come first', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  for (const title of ['Rate cut by the bank', 'The bank keeps its rates', 'Banking on rates', 'Bank of rain']) {
    await makePublished(app, { title, section, publishedAt: new Date(app.clock.now()).toISOString() })
    app.clock.advance(60_000)
  }
  await makePublished(app, {
    title: 'Nothing',
    section,
    deck: 'The bank and its rate',
    pages: [{ body: 'Bank rate.' }],
  })
  const kinds = { kinds: 'article' }
  t.same(await suggested(app, 'bank rat', kinds), ['article The bank keeps its rates', 'article Rate cut by the bank'])
  t.same(await suggested(app, 'rate ', kinds), ['article Rate cut by the bank'])
  t.same(await suggested(app, 'bank', { ...kinds, limit: '2' }), ['article Bank of rain', 'article Banking on rates'])
  await makePublished(app, { title: '北京 weather', section })
  t.same(await suggested(app, '北京', kinds), ['article 北京 weather'])
  t.same(await suggested(app, '京北', kinds), [])
})

t.test('what the clock brings out and takes away is suggested as it is at the moment', async (t) => {
  const app = await testApp(t)
  const article = await makePublished(app, { title: 'Ferry sails' })
  const at = new Date(app.clock.now() + 60_000).toISOString()
  await edit(app, 'PATCH', `articles/${article.id}`, { title: 'Ferry sinks' })
  await edit(app, 'POST', `articles/${article.id}/publish`, { at })
  t.same(await suggested(app, 'ferry'), ['article Ferry sails'])
  t.same(await suggested(app, 'ferry', working, { as: 'editor' }), ['article Ferry sinks'])
  app.clock.advance(60_000)
  t.same(await suggested(app, 'ferry'), ['article Ferry sinks'])
})

t.test('kinds come in the order asked, each with as many as the limit says', async (t) => {
  const app = await testApp(t)
  for (let i = 10; i < 31; i += 1) {
    await makeTag(app, { name: `Rail ${i}` })
    await makeSource(app, { name: `Rail ${i}` })
  }
  const count = async (more: Record<string, string>) => {
    const names = await suggested(app, 'rail', more)
    return names.map((name: string) => name.split(' ')[0]).join(' ')
  }
  t.equal(await count({ limit: '2' }), 'tag tag source source')
  t.equal(await count({ limit: '1', kinds: 'source,tag' }), 'source tag')
  t.equal(await count({ limit: '1', kinds: 'source,source' }), 'source')
  t.equal((await suggested(app, 'rail', { kinds: 'tag' })).length, 10)
  t.equal((await suggested(app, 'rail', { kinds: 'tag', limit: '20' })).length, 20)
  t.equal((await suggested(app, 'rail 30', { kinds: 'tag' })).length, 1)
})

t.test('what has no word in it suggests nothing, and what is no question is refused', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Rail' })
  for (const q of [' ', '!?', '"', '-', '\u0301', '😀', "'", '*', '(', 'AND', 'a:b', 'NEAR(', '\u{10ffff}', "'s"]) {
    t.same(await suggested(app, q), [], q)
  }
  for (const q of ['x'.repeat(100), 'a '.repeat(50), '北'.repeat(100), '\ufdfa'.repeat(100), '"a" OR b* ^c NOT d']) {
    t.same(await suggested(app, q), [], q)
  }
  const wrong = ['', 'q=', `q=${'x'.repeat(101)}`, 'q=a&limit=0', 'q=a&limit=21', 'q=a&kinds=', 'q=a&kinds=byline']
  for (const query of [...wrong, 'q=a&q=b', 'q=a&stage=next', 'q=a&prefix=true']) {
    t.equal((await app.call('GET', `/v1/suggest?${query}`)).status, 400, query)
  }
})

t.test('as long as the index is being made anew, nobody is told that there is nothing', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'Rail' })
  const set = (version: number) =>
    app.store.transact(async (db) => {
      await db.update(db.tables.searchState).set({ version })
    })
  const [{ version } = { version: 0 }] = await app.store.read((db) => db.select().from(db.tables.searchState))
  await set(0)
  t.match(await app.call('GET', urlOf('rail')), { status: 503, body: { code: 'search_rebuilding' } })
  await set(version)
  t.same(await suggested(app, 'rail'), ['tag Rail'])
})

t.test('one statement finds it all, and every part of it is searched in an index', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  const section = (await makeSection(app, { name: 'Rail' })).id
  await makeTag(app, { name: 'Rail' })
  await makeSource(app, { name: 'Rail' })
  for (let i = 0; i < 5; i += 1) await makePublished(app, { title: `Rail ${i}`, section })
  const asked: string[] = []
  const statementsOf = async (more: Record<string, string>, as: Who) => {
    app.statements.length = 0
    const names = await suggested(app, 'rai', more, { as })
    t.equal(names.length > 0, true)
    asked.push(...app.statements)
    return app.statements.length
  }
  const [clock, key] = [1, 1]
  t.equal(await statementsOf({ kinds: 'tag,source,section' }, 'stranger'), 1)
  t.equal(await statementsOf({}, 'stranger'), 1 + clock, 'and when the clock will make it another')
  t.equal(await statementsOf({}, 'reader'), key + 1)
  t.equal(await statementsOf(working, 'editor'), key + 1)
  t.equal(await statementsOf({ ...working, limit: '1' }, 'admin'), key + 1)
  await makeDraft(app, { title: 'Rails' }, 'writer')
  t.equal(await statementsOf(working, 'writer'), key + 1)
  const plan = await planner(t, app)
  const large = /^(labels|addresses|tags|sources|sections|articles|article_copies|search_entries|article_search)$/
  for (const sql of asked.filter((one) => one.includes('candidates'))) {
    const { scans, indexes, sorts, text } = await plan(sql)
    t.same(
      scans.filter((table) => large.test(table)),
      [],
      text,
    )
    t.ok(indexes.includes('key of labels'), text)
    t.notOk(sorts.includes('many'), text)
  }
})
