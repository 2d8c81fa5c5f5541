import fc from 'fast-check'
import t from 'tap'
import { isDue, settleDue } from '../../src/articles/articles.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSource } from '../support/factories.ts'
import { type Act, act } from './acts.ts'
import { anyQuery, anySearch, type Corpus, makeCorpus, sorts } from './corpus.ts'

/** Stands in every text that only editors may see, and so in no answer. */
const canary = 'zqcanary'
/** Names that only editors may know; strangers ask for them all the same. */
const secretSlugs = [
  ...['hush-draft', 'hush-trashed', 'hush-embargoed', 'hush-withdrawn', 'hush-renamed', 'hush-source'],
  ...['hush-submitted', 'hush-returned', 'hush-scheduled', 'hush-taken-back', 'hush-unseen', 'hush-purged'],
]
/**
 * What strangers may type: words of what is public; words that only drafts and confidential sources have; some that are
 * written nearly as either, so that something else is guessed; and all that can be asked of words.
 */
const typed: readonly string[] = [
  ...['rail', 'trains running', 'ubung', 'joko', 'russia china', 'antara', 'appears', 'goes', 'later', 'same'],
  ...[canary, 'zqcan', 'zqcanry', 'zqcanaryx', 'hush', 'informant', 'informnt', 'source:informant', 'source:informnt'],
  ...[`source:${canary}`, `tag:${canary}`, `title:${canary}`, `deck:${canary}`, `body:${canary}`, `byline:${canary}`],
  ...[`"${canary} informant"`, `"rail ${canary}"`, `rail ${canary}`, `rail -${canary}`, `rail OR ${canary}`],
  ...[
    'raill',
    'raix',
    'strkie',
    'rial strike',
    'zebrx OR raix',
    'traims again',
    'tag:raix',
    'rail -informant',
    '"raix"',
  ],
  ...['again -source:informant', 'source:an', 'the', '!?', 'shadow', 'rail shadow', 'shadows of sources'],
  ...['trainigs', 'strikigs', 'trainigs zebrx'],
]
/** What can be asked about a search. */
const about = [
  ...['', 'prefix=true', 'highlight=true&facets=section,tag,source,lang,year', 'sort=title&count=exact'],
  ...['limit=2', 'fields=title&highlight=offsets&limit=100', 'sort=-updatedAt&facets=source', 'source=informant,cna'],
]
/** Written nearly as what is public, and nearer to what is typed: there are more than are tried. */
const near = ['rail', 'trains', 'strike', 'zebra'].flatMap((word) =>
  Array.from('bcdefghijk', (letter) => word.slice(0, -1) + letter),
)
/** Other forms of words that are public: whoever looks for one finds these, but has not read it. */
const forms = ['trainings', 'strikings']

/** While the noise is made, and after breaking news has ended and what is timed in public has come and gone. */
const moments = ['2026-11-22T09:08:00.000Z', '2026-11-22T09:12:00.000Z']
const between = '2026-11-22T09:11:00.000Z'

interface Request {
  method: string
  url: string
  as?: 'reader'
  headers?: Record<string, string>
}

/** Everything a stranger may think of asking, and some of it that nobody should. */
function makeRequests({ live, working }: Corpus): Request[] {
  const gets = (urls: string[]): Request[] => urls.map((url) => ({ method: 'GET', url }))
  const queries = fc.sample(fc.tuple(anyQuery, fc.constantFrom(1, 3, 20, 100), fc.boolean()), { seed: 7, numRuns: 220 })
  const lists = queries.map(([query, limit, count]) => {
    const entries = Object.entries(query).map(([name, values]): [string, string] => [name, values.join(',')])
    const parameters = new URLSearchParams([...entries, ['limit', String(limit)]])
    return `/v1/articles?${parameters}${count ? '&count=exact' : ''}`
  })
  const names = [...working.flatMap(({ id, slug }) => [id, slug]), ...secretSlugs, 'nothing']
  const singles = names.flatMap((name) => [`/v1/articles/${name}`, `/v1/articles/${name}/related`])
  const forms = names.map((name, i) => `/v1/articles/${name}?page=${(i % 3) + 1}&render=text,html`)
  const probes = secretSlugs.flatMap((name) => [
    ...['ids', 'tag', 'tagNone', 'source', 'section', 'byline', 'externalId'].map((by) => `/v1/articles?${by}=${name}`),
    ...['tags', 'sources', 'sections'].map((kind) => `/v1/${kind}/${name}`),
    ...[`/v1/sources/${name}/articles`, `/v1/tags?ids=${name}`, `/v1/sources?ids=${name}`],
  ])
  const vocabulary = ['rail', 'strike', 'russia', 'china', 'antara', 'cna', 'reuters', 'informant', 'global', 'sport']
  const taxonomy = vocabulary.flatMap((name) => [
    ...['tags', 'sources', 'sections'].map((kind) => `/v1/${kind}/${name}`),
    `/v1/sources/${name}/articles?count=exact`,
  ])
  const bad = [
    ...['stage=working', 'state=draft', 'changed=true', 'q=-x', 'limit=0', 'cursor=x', 'createdBy=x', 'fields=body'],
    ...['sort=relevance', 'publishedAfter=x', 'stage=working&state=trashed', 'tag=', 'stage=live&changed=false'],
    ...['stage=working&q=rail', `stage=working&q=${canary}`, 'q=rail&state=draft', 'facets=source', 'highlight=true'],
  ].map((query) => `/v1/articles?${query}`)
  const others = [
    ...['/v1/sections', '/v1/sections?tree=true', '/v1/tags?count=exact', '/v1/sources?count=exact&sort=-updatedAt'],
    ...[
      '/v1/schedule',
      '/v1/changes',
      '/v1/keys',
      '/v1/suggest?q=rail&stage=working',
      '/v1/articles?include=pages&render=text&limit=100',
      '/v1/articles/export?render=text',
      '/v1/articles?fields=slug,title&limit=100',
    ],
    ...sorts.map((sort) => `/v1/articles?sort=${sort}&limit=2`),
  ]
  const searches = [
    ...fc.sample(anySearch(typed), { seed: 7, numRuns: 150 }).map((query) => `/v1/articles?${query}`),
    ...typed.flatMap((q) => about.map((more) => `/v1/articles?${new URLSearchParams({ q })}${more && `&${more}`}`)),
    ...['cna', 'informant'].map((source) => `/v1/sources/${source}/articles?q=rail&facets=source`),
  ]
  const suggestions = [...typed, 'r', 'z', 'i', 's', 'an', 'c'].flatMap((q) => {
    const query = new URLSearchParams({ q })
    return [`/v1/suggest?${query}`, `/v1/suggest?${query}&kinds=source,article&limit=20`]
  })
  const writes = names.flatMap((name) => [
    { method: 'DELETE', url: `/v1/articles/${name}` },
    { method: 'POST', url: `/v1/articles/${name}/publish`, as: 'reader' as const },
    { method: 'POST', url: `/v1/articles/${name}/unschedule` },
    { method: 'GET', url: `/v1/articles/${name}/revisions`, as: 'reader' as const },
  ])
  const known = live.map(({ id }) => ({ method: 'HEAD', url: `/v1/articles/${id}` }))
  const readers = [...singles, ...lists.slice(0, 40), ...searches.slice(0, 200), ...suggestions.slice(0, 40)].map(
    (url) => ({ method: 'GET', url, as: 'reader' as const }),
  )
  return [
    ...gets([...lists, ...singles, ...forms, ...probes, ...taxonomy, ...bad, ...others, ...searches, ...suggestions]),
    ...writes,
    ...known,
    ...readers,
  ]
}

/** What each request is answered, to the byte; lists are walked for some pages, and what has an ETag is asked again. */
async function askAll(
  app: TestApp,
  requests: readonly Request[],
  known: Map<string, string>,
): Promise<Map<string, string>> {
  const answers = new Map<string, string>()
  const ask = async ({ method, url, as, headers = {} }: Request) => {
    const answer = await app.call(method, url, { ...(as && { as }), headers: { 'x-request-id': 'same', ...headers } })
    const { date: _, ...sent } = answer.headers
    answers.set(`${as} ${method} ${url} ${JSON.stringify(headers)}`, JSON.stringify([answer.status, sent, answer.text]))
    return answer
  }
  for (const request of requests) {
    const { headers, body } = await ask(request)
    const key = `${request.as} ${request.method} ${request.url}`
    if (headers.etag !== undefined && !known.has(key)) known.set(key, headers.etag)
    const etag = known.get(key)
    if (etag !== undefined) await ask({ ...request, headers: { 'if-none-match': etag } })
    let cursor = body?.page?.next
    for (let pages = 0; pages < 2 && typeof cursor === 'string'; pages += 1) {
      const next = await ask({
        ...request,
        url: `${request.url}${request.url.includes('?') ? '&' : '?'}cursor=${cursor}`,
      })
      cursor = next.body?.page?.next
    }
  }
  return answers
}

/** What a request says itself, where an answer may say it again: in its links. */
function echoOf(request: string): RegExp {
  return request.includes(canary) ? /"link":"[^\n]*?rel=\\"[a-z]+\\""/g : /(?!)/g
}

type Step = [action: Act, body?: unknown]

const atLast = { at: '2026-12-24T06:00', zone: 'Asia/Jakarta', note: canary }

/** What the noise does to what is there already, by the state that it is in; none of it is to be seen yet. */
const fates: Record<string, [Step[], Step[]]> = {
  draft: [
    [
      ['submit', { note: canary }],
      ['return', { note: canary }],
    ],
    [['publish', atLast]],
  ],
  published: [[['publish', atLast]], [['publish', atLast], ['unschedule'], ['publish']]],
  scheduled: [[], []],
}

/** One step after the other, each upon the version that the one before it made. */
async function lead(app: TestApp, article: { id: string; version: number }, steps: Step[] = []): Promise<void> {
  let now = article
  for (const [action, body] of steps) {
    const answer = await act(app, now, action, action === 'purge' ? 'admin' : 'editor', body)
    if (answer.status >= 300) throw new Error(`${action}: ${answer.text}`)
    now = answer.body
  }
}

/** Articles that go through every state that nobody sees. */
async function makeRounds(app: TestApp, secret: object, later: string): Promise<void> {
  const rounds: Record<string, Step[]> = {
    'hush-submitted': [['submit', { note: canary }]],
    'hush-returned': [['submit'], ['return', { note: canary }]],
    'hush-scheduled': [['publish', atLast]],
    'hush-taken-back': [['publish', atLast], ['unschedule'], ['submit'], ['publish', { at: later }], ['unschedule']],
    'hush-unseen': [
      ['publish', atLast],
      ['withdraw', { reason: canary }],
    ],
    'hush-purged': [['publish', atLast], ['unschedule'], ['delete'], ['restore'], ['delete'], ['purge']],
  }
  for (const [slug, steps] of Object.entries(rounds)) await lead(app, await makeDraft(app, { ...secret, slug }), steps)
}

/** All that goes on in a newsroom behind what is published. */
async function makeNoise(app: TestApp, { live, working }: Corpus): Promise<void> {
  const later = '2026-12-24T00:00:00Z'
  await makeSource(app, { name: `${canary} informant`, slug: 'hush-source', aliases: [canary], visibility: 'editors' })
  // More confidential sources than a word may lead to, called as what is public; and one that it rests on all along.
  for (let i = 0; i < 60; i += 1) {
    const aliases = ['Rail', 'Antara', 'Shadow of sources', near[i % near.length] ?? '']
    await makeSource(app, { name: `A${i} ${canary}`, slug: `hush-${i}`, aliases, visibility: 'editors' })
  }
  const informant = { aliases: [canary, 'Rail', 'Same', 'Joko Susilo'], name: 'Informant of the strike' }
  await app.call('PATCH', '/v1/sources/informant', { as: 'editor', version: '*', body: informant })
  const secret = {
    ...{ title: `Rail ${canary}`, kicker: canary, deck: canary, lang: 'en', genre: 'opinion', breaking: true },
    ...{ section: 'asia', tags: ['rail', 'strike', 'russia'], bylines: [{ name: 'Joko Susilo' }, { name: canary }] },
    sources: [
      { source: 'cna', mention: canary },
      { source: 'hush-source', role: 'origin', url: `https://x.example/${canary}` },
    ],
    ...{ pages: [{ title: canary, body: canary }], image: { url: `https://x.example/${canary}.jpg`, alt: canary } },
    ...{ seo: { title: canary }, dateline: { text: canary } },
  }
  for (const as of ['writer', 'editor'] as const) {
    await makeDraft(app, { ...secret, externalId: `${canary}-${as}` }, as)
    for (const title of ['Rail', 'Same', 'Zebra']) await makeDraft(app, { ...secret, title }, as)
  }
  for (const title of near)
    await makeDraft(app, { ...secret, title, lang: 'fr', pages: [{ body: [...near, ...forms].join(' ') }] })
  await makeDraft(app, { ...secret, slug: 'hush-draft', publishedAt: '2026-11-21T00:00:00Z' })
  await act(app, await makeDraft(app, { ...secret, slug: 'hush-trashed' }), 'delete')
  const embargoed = await makeDraft(app, { ...secret, slug: 'hush-embargoed', embargoUntil: later })
  await act(app, embargoed, 'publish')
  const held = await makeDraft(app, {
    ...secret,
    slug: 'hush-withdrawn',
    embargoUntil: later,
    publishedAt: '2001-01-01T00:00:00Z',
  })
  await act(app, (await act(app, held, 'publish')).body, 'unschedule')
  await makeRounds(app, secret, later)
  const edit = {
    ...secret,
    embargoUntil: later,
    expiresAt: null,
    publishedAt: '2020-01-01T00:00:00Z',
    access: 'subscriber',
  }
  const editable = new Set(working.filter(({ state }) => state !== 'trashed').map(({ id }) => id))
  const present = (await app.call('GET', '/v1/articles?stage=working&limit=100', { as: 'editor' })).body.data
  const ours = present.filter(({ id }: { id: string }) => editable.has(id))
  const [renamed] = live
  for (const [i, it] of ours.entries()) {
    const hushed = { ...edit, ...(it.id === renamed.id && { slug: 'hush-renamed' }) }
    // As one who means it: some of them rest on confidential sources already.
    const options = { as: 'editor', version: '*', body: hushed } as const
    const { status, body } = await app.call('PATCH', `/v1/articles/${it.id}`, options)
    if (status !== 200) throw new Error(JSON.stringify(body))
    await lead(app, body, i % 3 === 0 ? fates[body.state]?.[0] : fates[body.state]?.[1])
  }
  for (let i = 0; i < 40; i += 1) {
    const { body } = await app.call('PATCH', `/v1/articles/${renamed.id}?note=${canary}`, {
      ...{ as: 'editor', version: '*', body: { deck: `${canary} ${i}` } },
    })
    if (body.deck !== `${canary} ${i}`) throw new Error(JSON.stringify(body))
  }
  for (const { id } of ours.slice(0, 5)) await app.call('PUT', `/v1/articles/${id}/lock`, { as: 'admin' })
  if (live.length === 0 || ours.length < live.length) throw new Error('the noise missed what is public')
}

t.test('nothing that editors do before they publish changes one byte of what the public is answered', async (t) => {
  const app = await testApp(t)
  const corpus = await makeCorpus(app, 24)
  // What is timed in public is so in both: one appears between the two moments, and one is gone.
  const timed = { section: 'asia', tags: ['rail'], sources: [{ source: 'cna' }] }
  corpus.working.push(await makePublished(app, { ...timed, slug: 'appears', embargoUntil: between }))
  corpus.working.push(await makePublished(app, { ...timed, slug: 'goes', expiresAt: between }))
  const requests = makeRequests(corpus)
  t.ok(requests.length >= 500, `${requests.length} requests`)
  const known = moments.map(() => new Map<string, string>())
  const askAt = async (i: number) => {
    app.clock.set(moments[i] ?? '')
    return askAll(app, requests, known[i] ?? new Map())
  }
  const before = [await askAt(0), await askAt(1)]
  app.clock.set(moments[0] ?? '')
  await makeNoise(app, corpus)
  // Drafts and sources are searched by those who may know of them.
  for (const q of ['rail', canary, `source:${canary}`, 'zqcan&prefix=true', 'raib']) {
    const found = await app.call('GET', `/v1/articles?stage=working&q=${q}`, { as: 'editor' })
    t.ok(found.text.includes(canary), `${q} finds what is not public`)
  }
  const heard = await app.call('GET', '/v1/articles?stage=working&limit=100&include=pages', { as: 'editor' })
  t.ok(heard.text.split(canary).length > 100, 'the noise is there')
  const coming = await app.call('GET', '/v1/schedule?limit=100&count=exact', { as: 'editor' })
  t.ok(coming.body.page.total > 10, 'and more of it is to come')

  const after = [await askAt(0)]
  // What the clock did is written down, and nobody is told.
  app.clock.set(moments[1] ?? '')
  t.ok(await app.store.read(isDue))
  await app.store.transact(settleDue)
  t.notOk(await app.store.read(isDue))
  after.push(await askAt(1))
  for (const [i, asked] of after.entries()) {
    const then = before[i] ?? new Map<string, string>()
    t.equal(asked.size, then.size)
    const differing = [...then].filter(([request, answer]) => asked.get(request) !== answer)
    t.strictSame(
      differing.slice(0, 3).map(([request, answer]) => [request, answer, asked.get(request)]),
      [],
    )
    // Who has typed a word is linked to the next page of what has it.
    const leaking = [...asked].filter(([request, answer]) => answer.replaceAll(echoOf(request), '').includes(canary))
    t.strictSame(leaking.slice(0, 3), [])
  }
  const moved = [...(before[0] ?? [])].filter(([request, answer]) => before[1]?.get(request) !== answer)
  t.ok(moved.length > 20, 'the clock moved what is timed in public')
  const statuses = new Set(after.flatMap((asked) => [...asked.values()]).map((answer) => JSON.parse(answer)[0]))
  for (const status of [200, 304, 400, 401, 403, 404, 410]) t.ok(statuses.has(status), `some were answered ${status}`)
})

t.test('nothing that others draft changes one byte of what a writer finds', async (t) => {
  const app = await testApp(t)
  await makeCorpus(app, 24)
  const urls = [
    ...typed.flatMap((q) =>
      about.map((more) => `/v1/articles?stage=working&${new URLSearchParams({ q })}${more && `&${more}`}`),
    ),
    ...typed.map((q) => `/v1/suggest?stage=working&${new URLSearchParams({ q })}`),
    '/v1/articles?stage=working&limit=100',
  ]
  const askAll = async () => {
    const answers: Record<string, string> = {}
    for (const url of urls) {
      const { status, text } = await app.call('GET', url, { as: 'writer', headers: { 'x-request-id': 'same' } })
      answers[url] = `${status} ${text}`
    }
    return answers
  }
  const before = await askAll()
  const secret = { section: 'asia', tags: ['rail', 'strike'], sources: [{ source: 'informant' }], lang: 'en' }
  for (const title of ['Rail', 'Zebra', 'Same', canary, `Rail ${canary}`, ...near, ...forms]) {
    await makeDraft(app, { ...secret, title, deck: canary, pages: [{ body: [...near, ...forms].join(' ') }] })
  }
  const seen = await app.call('GET', `/v1/articles?stage=working&q=${canary}`, { as: 'editor' })
  t.ok(seen.body.data.length > 1, 'editors find them')
  const after = await askAll()
  const differing = urls.filter((url) => before[url] !== after[url])
  t.strictSame(
    differing.slice(0, 3).map((url) => [url, before[url], after[url]]),
    [],
  )
  const found = urls.filter((url) => /^200 \{"data":\[\{/.test(before[url] ?? ''))
  t.ok(found.length > 20, `writers find their own: ${found.length}`)
})
