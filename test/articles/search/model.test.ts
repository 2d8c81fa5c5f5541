import fc from 'fast-check'
import t from 'tap'
import { type TestApp, testApp, type Who } from '../../support/app.ts'
import { engine } from '../../support/engines.ts'
import { anyQuery, listByHand, type Query } from '../corpus.ts'
import { type Asked, anyAsked, findByHand, makeStories, rankByHand, rankedWords, typed } from './model.ts'

interface Walked {
  slugs: string[]
  total: number
}

/** Walks to the end and back; what is not the same both ways fails. */
async function walk(app: TestApp, base: string, as: Who, limit: number): Promise<Walked> {
  const page = async (cursor: string | null) => {
    const url = `${base}&limit=${limit}&count=exact${cursor === null ? '' : `&cursor=${cursor}`}`
    const { status, body } = await app.call('GET', url, { as })
    if (status !== 200) throw new Error(`${url}: ${JSON.stringify(body)}`)
    if (body.data.length > limit) throw new Error(`${body.data.length} on a page of ${limit}`)
    return body
  }
  const slugsIn = (body: { data: { slug: string }[] }) => body.data.map(({ slug }) => slug)
  let body = await page(null)
  const slugs = slugsIn(body)
  const { total } = body.page
  while (body.page.next !== null) {
    body = await page(body.page.next)
    slugs.push(...slugsIn(body))
  }
  const back = slugsIn(body)
  while (body.page.prev !== null) {
    body = await page(body.page.prev)
    back.unshift(...slugsIn(body))
  }
  if (back.join() !== slugs.join()) throw new Error(`${base}: ${slugs} is ${back} on the way back`)
  if (new Set(slugs).size !== slugs.length) throw new Error(`${base}: ${slugs} has something twice`)
  return { slugs, total }
}

const urlOf = (asked: Asked, filters: Query, stage: string, sort?: string): string => {
  const parameters = new URLSearchParams({ q: typed(asked), fields: 'slug', stage })
  if (asked.prefix) parameters.set('prefix', 'true')
  if (sort !== undefined) parameters.set('sort', sort)
  for (const [name, values] of Object.entries(filters)) parameters.set(name, values.join(','))
  return `/v1/articles?${parameters}`
}

/** Each is dozens of requests, which to a server are round trips. */
const runs = engine === 'sqlite' ? 200 : 80
const sorts = ['-publishedAt', 'publishedAt', '-updatedAt', 'updatedAt', 'title', '-title'] as const

t.test('any query finds what one would find by reading everything', { timeout: 7 * 60_000 }, async (t) => {
  const app = await testApp(t)
  const { live, working } = await makeStories(app, 70)
  const kept = working.filter(({ state }) => state !== 'trashed')
  t.ok(live.length > 25 && kept.length > 55, `${live.length} are public, ${kept.length} are worked on`)
  const slugOf = new Map(working.map(({ id, slug }) => [id, slug]))
  const check = async (
    asked: Asked,
    filters: Query,
    stage: 'live' | 'working',
    limit: number,
    sort: (typeof sorts)[number],
  ) => {
    const articles = stage === 'live' ? live : kept
    const as = stage === 'live' ? 'stranger' : 'editor'
    const found = findByHand(articles, asked)
    if (found === undefined) {
      const { status, body } = await app.call('GET', urlOf(asked, filters, stage), { as })
      return status === 400 && body.errors[0].code === 'only_excludes'
    }
    const inOrder = listByHand(found, { ...filters, sort: [sort] }).map((id) => slugOf.get(id))
    const ranked = await walk(app, urlOf(asked, filters, stage), as, limit)
    const listed = await walk(app, urlOf(asked, filters, stage, sort), as, 100)
    met += inOrder.length > 0 ? 1 : 0
    const [missing, wrong] = [
      inOrder.filter((slug) => !ranked.slugs.includes(slug)),
      ranked.slugs.filter((slug) => !inOrder.includes(slug)),
    ]
    if (missing.length + wrong.length > 0)
      throw new Error(`${typed(asked)} ${asked.prefix}: ${missing} missing, ${wrong} wrong`)
    if (listed.slugs.join() !== inOrder.join()) throw new Error(`${sort}: ${listed.slugs} and not ${inOrder}`)
    return ranked.total === inOrder.length && listed.total === inOrder.length
  }
  let met = 0
  const filters = anyQuery.map(({ sort: _sort, q: _q, ...query }) => query)
  const some = fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: filters })
  const stage = fc.constantFrom('live' as const, 'live' as const, 'working' as const)
  await fc.assert(
    fc.asyncProperty(anyAsked, some, stage, fc.integer({ min: 1, max: 5 }), fc.constantFrom(...sorts), check),
    {
      seed: 4,
      numRuns: runs,
    },
  )
  t.ok(met > runs / 3, `${met} of ${runs} searches found something`)
})

t.test('the order of what is found is the one that the README tells', { timeout: 7 * 60_000 }, async (t) => {
  const app = await testApp(t)
  const { live, working } = await makeStories(app, 40)
  const kept = working.filter(({ state }) => state !== 'trashed')
  let met = 0
  const words = fc.uniqueArray(fc.constantFrom(...rankedWords), { minLength: 1, maxLength: 3 })
  await fc.assert(
    fc.asyncProperty(words, fc.constantFrom('live' as const, 'working' as const), async (asked, stage) => {
      const clauses = asked.map((word) => ({
        any: [{ words: [word], how: 'as a word' as const, field: undefined }],
        not: false,
      }))
      const query = { clauses, prefix: false }
      const found = findByHand(stage === 'live' ? live : kept, query) ?? []
      const { slugs } = await walk(app, urlOf(query, {}, stage), stage === 'live' ? 'stranger' : 'editor', 100)
      met += found.length > 1 ? 1 : 0
      const expected = rankByHand(found, asked).join(' ')
      if (slugs.join(' ') !== expected) throw new Error(`${asked}: ${slugs.join(' ')}\nand not ${expected}`)
    }),
    { seed: 5, numRuns: runs / 2 },
  )
  t.ok(met > runs / 8, `${met} searches found several`)
})

t.test('what is published and taken away meanwhile makes a walk neither repeat nor skip what was there', async (t) => {
  const app = await testApp(t)
  const { live } = await makeStories(app, 30)
  const q = 'gempa OR ferry OR election OR run OR rusia OR covid-19'
  const url = `/v1/articles?q=${encodeURIComponent(q)}&fields=slug&limit=2`
  const whole = (await walk(app, url.replace('&limit=2', ''), 'stranger', 100)).slugs
  t.ok(whole.length > 8, `${whole.length} of ${live.length}`)
  const gone = whole.filter((_, i) => i % 4 === 2)
  let { body } = await app.call('GET', url)
  const seen: string[] = body.data.map(({ slug }: { slug: string }) => slug)
  for (let i = 0; body.page.next !== null; i += 1) {
    const leaving = gone.find((slug) => !seen.includes(slug))
    if (leaving !== undefined)
      await app.call('POST', `/v1/articles/${leaving}/unpublish`, { as: 'editor', version: '*' })
    const words = ['gempa', 'Ferry', 'election and run', 'rusia'][i % 4]
    const made = { title: `${words} ${i}`, slug: `new-${i}`, section: 'sport', pages: [{ body: 'x' }], lang: 'en' }
    await app.call('POST', '/v1/articles', { as: 'editor', body: made })
    await app.call('POST', `/v1/articles/new-${i}/publish`, { as: 'editor', version: '*' })
    ;({ body } = await app.call('GET', `${url}&cursor=${body.page.next}`))
    seen.push(...body.data.map(({ slug }: { slug: string }) => slug))
  }
  t.equal(new Set(seen).size, seen.length, 'nothing twice')
  const stayed = whole.filter((slug) => !gone.includes(slug))
  t.strictSame(
    seen.filter((slug) => stayed.includes(slug)),
    stayed,
    'nothing skipped, in their order',
  )
})

t.test('a cursor of one search is of no use to another', async (t) => {
  const app = await testApp(t)
  await makeStories(app, 20)
  const url = (q: string) => `/v1/articles?q=${q}&limit=1`
  const { page } = (await app.call('GET', url('gempa OR ferry'))).body
  const to = (query: string) => app.call('GET', `/v1/articles?${query}&limit=1&cursor=${page.next}`)
  for (const query of [
    'q=gempa',
    'q=gempa+OR+ferry&prefix=true',
    'q=gempa+OR+ferry&sort=title',
    'q=gempa+OR+ferry&lang=en',
    'sort=title',
    'q=ferry+OR+gempa',
  ]) {
    t.match(
      await to(query),
      { status: 400, body: { code: 'invalid_cursor', errors: [{ parameter: 'cursor' }] } },
      query,
    )
  }
  for (const more of [
    '',
    '&highlight=true',
    '&facets=lang',
    '&count=exact',
    '&fields=title',
    '&sort=relevance',
    '&include=pages',
  ]) {
    t.equal((await to(`q=gempa+OR+ferry${more}`)).status, 200, `another view of the same search: ${more}`)
  }
})

t.test('typed alone stands for what is asked', async (t) => {
  const atom = { words: ['a', 'b'], how: 'as a phrase' as const, field: 'title' as const }
  const clauses = [
    { any: [atom, { ...atom, how: 'joined' as const, field: undefined }], not: false },
    { any: [atom], not: true },
  ]
  t.equal(typed({ clauses, prefix: false }), 'title:"a b" OR a-b -title:"a b"')
})
