import fc from 'fast-check'
import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makeSource } from '../support/factories.ts'
import { act, patch } from './acts.ts'
import { anyQuery, type Corpus, makeCorpus, sorts } from './corpus.ts'

/** Stands in every text that only editors may see, and so in no answer. */
const canary = 'zqcanary'
/** Names that only editors may know; strangers ask for them all the same. */
const secretSlugs = ['hush-draft', 'hush-trashed', 'hush-embargoed', 'hush-withdrawn', 'hush-renamed', 'hush-source']

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
    ...['stage=working', 'state=draft', 'changed=true', 'q=x', 'limit=0', 'cursor=x', 'createdBy=x', 'fields=body'],
    ...['sort=relevance', 'publishedAfter=x', 'stage=working&state=trashed', 'tag=', 'stage=live&changed=false'],
  ].map((query) => `/v1/articles?${query}`)
  const others = [
    ...['/v1/sections', '/v1/sections?tree=true', '/v1/tags?count=exact', '/v1/sources?count=exact&sort=-updatedAt'],
    ...['/v1/keys', '/v1/articles?include=pages&render=text&limit=100', '/v1/articles?fields=slug,title&limit=100'],
    ...sorts.map((sort) => `/v1/articles?sort=${sort}&limit=2`),
  ]
  const writes = names.flatMap((name) => [
    { method: 'DELETE', url: `/v1/articles/${name}` },
    { method: 'POST', url: `/v1/articles/${name}/publish`, as: 'reader' as const },
  ])
  const known = live.map(({ id }) => ({ method: 'HEAD', url: `/v1/articles/${id}` }))
  const readers = [...singles, ...lists.slice(0, 40)].map((url) => ({ method: 'GET', url, as: 'reader' as const }))
  return [
    ...gets([...lists, ...singles, ...forms, ...probes, ...taxonomy, ...bad, ...others]),
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

/** All that goes on in a newsroom behind what is published. */
async function makeNoise(app: TestApp, { live, working }: Corpus): Promise<void> {
  const later = '2026-12-24T00:00:00Z'
  await makeSource(app, { name: `${canary} informant`, slug: 'hush-source', aliases: [canary], visibility: 'editors' })
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
  await act(app, (await act(app, held, 'publish')).body, 'unpublish')
  const edit = { ...secret, embargoUntil: later, publishedAt: '2020-01-01T00:00:00Z', access: 'subscriber' }
  const editable = new Set(working.filter(({ state }) => state !== 'trashed').map(({ id }) => id))
  const present = (await app.call('GET', '/v1/articles?stage=working&limit=100', { as: 'editor' })).body.data
  const ours = present.filter(({ id }: { id: string }) => editable.has(id))
  const [renamed] = live
  for (const it of ours) {
    const { status, body } = await patch(app, it, { ...edit, ...(it.id === renamed.id && { slug: 'hush-renamed' }) })
    if (status !== 200) throw new Error(JSON.stringify(body))
  }
  if (live.length === 0 || ours.length < live.length) throw new Error('the noise missed what is public')
}

t.test('nothing that editors do before they publish changes one byte of what the public is answered', async (t) => {
  const app = await testApp(t)
  const corpus = await makeCorpus(app, 24)
  const requests = makeRequests(corpus)
  t.ok(requests.length >= 500, `${requests.length} requests`)
  const known = new Map<string, string>()
  const before = await askAll(app, requests, known)
  await makeNoise(app, corpus)
  const heard = await app.call('GET', '/v1/articles?stage=working&limit=100&include=pages', { as: 'editor' })
  t.ok(heard.text.split(canary).length > 100, 'the noise is there')

  const after = await askAll(app, requests, known)
  t.equal(after.size, before.size)
  const differing = [...before].filter(([request, answer]) => after.get(request) !== answer)
  t.strictSame(
    differing.slice(0, 3).map(([request, answer]) => [request, answer, after.get(request)]),
    [],
  )
  const leaking = [...after].filter(([, answer]) => answer.includes(canary))
  t.strictSame(leaking.slice(0, 3), [])
  const statuses = new Set([...after.values()].map((answer) => JSON.parse(answer)[0]))
  for (const status of [200, 304, 400, 401, 403, 404, 410]) t.ok(statuses.has(status), `some were answered ${status}`)
})
