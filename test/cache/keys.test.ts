import t from 'tap'
import { cacheControl, surrogateKeys } from '../../src/http/caching.ts'
import { act } from '../articles/acts.ts'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { ask, catchUp, isHit, serverBeside } from './servers.ts'

/** What an answer is called by, where it is easily called by too little. */

t.test('a thing that is called `undefined` is not what was not asked for', async (t) => {
  const app = await testApp(t)
  const section = await makeSection(app, { name: 'undefined' })
  const inside = await makePublished(app, { section: section.id, slug: 'inside' })
  const outside = await makePublished(app, { slug: 'outside' })
  const ids = ({ text }: { text: string }) => JSON.parse(text).data.map(({ id }: { id: string }) => id)
  t.same(ids(await ask(app, '/v1/articles?section=undefined')), [inside.id])
  t.same(ids(await ask(app, '/v1/articles')).sort(), [inside.id, outside.id].sort(), 'the list of all is another')
  t.same(ids(await ask(app, '/v1/articles?byline=undefined')), [])
  t.same(ids(await ask(app, '/v1/articles?externalId=undefined')), [])
  const { headers } = await ask(app, '/v1/articles?section=undefined&limit=1')
  t.match(headers.link, '</v1/articles?limit=1&section=undefined>; rel="first"')
})

t.test('what becomes near to an article is shown, though nothing of what was near has changed', async (t) => {
  const plain = await testApp(t, { WARTA_CACHE: '0' })
  const cached = await serverBeside(t, plain)
  const [one, other] = [await makeTag(plain, { name: 'One' }), await makeTag(plain, { name: 'Other' })]
  const [here, there] = [await makeSection(plain, { name: 'Here' }), await makeSection(plain, { name: 'There' })]
  const [first, second, third] = [
    await makePublished(plain, { slug: 'first', tags: ['one'], section: here.id }),
    await makePublished(plain, { slug: 'second', tags: ['other'] }),
    await makePublished(plain, { slug: 'third', section: there.id }),
  ]
  const near = async () => {
    await catchUp(cached)
    const { text } = await ask(cached, `/v1/articles/${first.id}/related`)
    return JSON.parse(text).data.map(({ id }: { id: string }) => id)
  }
  t.same(await near(), [])
  t.ok(await isHit(cached, near))
  const edit = { as: 'editor', version: '*' } as const
  await plain.call('POST', `/v1/tags/${other.id}/merge`, { ...edit, body: { into: one.id } })
  t.same(await near(), [second.id])
  await plain.call('DELETE', `/v1/sections/${there.id}?moveTo=here`, edit)
  t.same(await near(), [second.id, third.id])
})

t.test('however many things an answer shows, it is called by what touches it', async (t) => {
  const app = await testApp(t)
  for (let i = 0; i < 30; i += 1) await makeTag(app, { name: `Tag ${i}` })
  const tags = await ask(app, '/v1/tags?limit=100')
  t.equal(tags.headers['surrogate-key'], 'tags articles')
  t.equal(tags.headers['cache-groups'], '"tags", "articles"')
  const few = Array.from({ length: 20 }, (_, i) => `tag:${i}`)
  t.same(surrogateKeys(new Set([...few, 'articles'])), [...few, 'articles'])
  t.same(surrogateKeys(new Set([...few, 'tag:20', 'section:1'])), ['tags', 'section:1'])
  const counted = Array.from({ length: 21 }, (_, i) => `source:${i}:articles`)
  t.same(surrogateKeys(new Set(['source:1', ...counted])), ['source:1', 'articles'])
})

t.test('nobody is told to keep anything past an instant at which it changes', async (t) => {
  const at = Date.parse('2026-11-22T09:00:03.400Z')
  t.equal(cacheControl(10, at, Number.POSITIVE_INFINITY), 'public, max-age=6, must-revalidate')
  for (let ms = at; ms < at + 10_000; ms += 37) {
    const grid = (Math.floor(ms / 10_000) + 1) * 10_000
    t.equal(
      cacheControl(10, ms, grid),
      cacheControl(10, ms, Number.POSITIVE_INFINITY),
      'a schedule on the grid tells nothing',
    )
  }
  t.equal(cacheControl(10, at, at + 2_999), 'public, max-age=2, must-revalidate')
  t.equal(cacheControl(10, at, at + 999), 'public, max-age=0, must-revalidate')
  t.equal(cacheControl(10, at, at - 5_000), 'public, max-age=0, must-revalidate')
  t.equal(cacheControl(0, at, Number.POSITIVE_INFINITY), 'public, max-age=0, must-revalidate')
})

t.test(
  'what is refused, moved, gone or for holders of keys alone is not kept, and nobody else may keep it',
  async (t) => {
    const plain = await testApp(t, { WARTA_CACHE: '0' })
    const cached = await serverBeside(t, plain)
    const it = await makePublished(plain, { slug: 'before' })
    const { body: renamed } = await plain.call('PATCH', `/v1/articles/${it.id}`, {
      ...{ as: 'editor', version: '*', body: { slug: 'after' } },
    })
    await act(plain, renamed, 'publish')
    const gone = await makePublished(plain, { slug: 'gone' })
    await act(plain, gone, 'unpublish')
    await makeDraft(plain, { slug: 'draft' })
    for (const [url, status] of [
      ['/v1/articles/before', 301],
      ['/v1/articles/gone', 410],
      ['/v1/articles/draft', 404],
      ['/v1/articles?limit=0', 400],
      ['/v1/articles?stage=working', 401],
      [`/v1/articles/after?page=9`, 404],
      ['/v1/articles?cursor=x', 400],
      ['/v1/articles?unknown=x', 400],
      ['/v1/articles?limit=3&limit=4', 400],
    ] as const) {
      await catchUp(cached)
      for (const time of ['first', 'second']) {
        const [expected, got] = [await ask(plain, url), await ask(cached, url)]
        t.equal(got.status, status, `${url}, the ${time} time`)
        t.equal(got.whole, expected.whole)
        t.notMatch(got.headers['cache-control'], /max-age=[1-9]/)
        t.equal(got.headers['surrogate-key'], undefined)
      }
    }
    const list = await ask(cached, '/v1/articles')
    for (const [role, key] of Object.entries(plain.keys)) {
      const headers = { authorization: `Bearer ${key}` }
      for (const url of ['/v1/articles', '/v1/articles/after', '/v1/articles?stage=working']) {
        const held = await ask(cached, url, { headers })
        t.notOk(await isHit(cached, () => ask(cached, url, { headers })), `${url} is read anew for the ${role}`)
        t.equal(
          held.headers['cache-control'],
          role === 'reader' && held.status === 403 ? held.headers['cache-control'] : 'private, no-store',
        )
        t.equal(held.headers['surrogate-key'], undefined)
      }
    }
    t.equal((await ask(cached, '/v1/articles')).whole, list.whole, 'strangers get what strangers got')
  },
)

t.test('what is kept ends by the clock, at the instant at which it shows something else', async (t) => {
  const plain = await testApp(t, { WARTA_CACHE: '0' })
  const cached = await serverBeside(t, plain)
  const at = '2026-11-22T09:00:04.500Z'
  const ends = await makePublished(plain, { slug: 'ends', expiresAt: at })
  const breaking = await makePublished(plain, { slug: 'breaking', breaking: true, breakingUntil: at })
  const replaced = await makePublished(plain, { slug: 'replaced' })
  const { body: next } = await plain.call('PATCH', `/v1/articles/${replaced.id}`, {
    ...{ as: 'editor', version: '*', body: { title: 'New' } },
  })
  await act(plain, next, 'publish', 'editor', { at })
  const later = await makeDraft(plain, { slug: 'later', section: replaced.section.id })
  await act(plain, later, 'publish', 'editor', { at })
  await catchUp(cached)
  const names = [ends, breaking, replaced].map(({ id }) => `/v1/articles/${id}`)
  const lists = ['/v1/articles', '/v1/articles?breaking=true', `${names[1]}/related`]
  const searches = ['q=strike', 'q=strike&sort=title&highlight=true', 'q=new', 'q=strike&facets=year', 'q=stroke']
  const urls = [...names, ...lists, ...searches.map((query) => `/v1/articles?${query}`), '/v1/suggest?q=rail%20s']
  for (const url of urls) await ask(cached, url)
  plain.clock.set('2026-11-22T09:00:04.499Z')
  for (const url of urls) {
    t.ok(await isHit(cached, () => ask(cached, url)), `${url} is kept until then`)
    const { headers } = await ask(cached, url)
    t.match(headers['cache-control'], /max-age=0,/, 'and nobody is told to keep it any longer')
  }
  plain.clock.set(at)
  for (const url of urls) {
    const got = await ask(cached, url)
    t.equal(got.whole, (await ask(plain, url)).whole, url)
  }
  t.equal((await ask(cached, names[0] ?? '')).status, 410)
  t.match((await ask(cached, names[2] ?? '')).text, '"title":"New"')
  t.match((await ask(cached, '/v1/articles?q=new')).text, '"title":"New"', 'and is found by what it says now')
})

t.test('what a section shows of the one above it is as that one is', async (t) => {
  const plain = await testApp(t, { WARTA_CACHE: '0' })
  const cached = await serverBeside(t, plain)
  const above = await makeSection(plain, { name: 'Above' })
  const below = await makeSection(plain, { name: 'Below', parent: above.id })
  const name = async () => {
    await catchUp(cached)
    return JSON.parse((await ask(cached, `/v1/sections/${below.id}`)).text).parent.name
  }
  t.equal(await name(), 'Above')
  t.ok(await isHit(cached, name))
  await plain.call('PATCH', `/v1/sections/${above.id}`, { as: 'editor', version: '*', body: { name: 'On top' } })
  t.equal(await name(), 'On top')
})

t.test('what was written by a clock that is ahead is shown when ours comes to it', async (t) => {
  const plain = await testApp(t, { WARTA_CACHE: '0' })
  const cached = await serverBeside(t, plain)
  await makePublished(plain, { slug: 'before' })
  // Another server’s clock, or ours before it was set back.
  plain.clock.advance(5_000)
  const section = await makeSection(plain, { name: 'Ahead' })
  await makePublished(plain, { slug: 'ahead', section: section.id })
  plain.clock.advance(-4_000)
  const slugs = async () => {
    await catchUp(cached)
    const { data } = JSON.parse((await ask(cached, '/v1/articles')).text)
    return data.map(({ slug }: { slug: string }) => slug)
  }
  t.same(await slugs(), ['before'])
  plain.clock.advance(4_000)
  t.same((await slugs()).sort(), ['ahead', 'before'])
})

t.test('a source that becomes public, or gives its place to one, is shown where nothing was', async (t) => {
  const plain = await testApp(t, { WARTA_CACHE: '0' })
  const cached = await serverBeside(t, plain)
  const hidden = []
  for (const name of ['One', 'Two', 'Three']) hidden.push(await makeSource(plain, { name, visibility: 'editors' }))
  const [one, two, three] = hidden
  await makeSource(plain, { name: 'Open' })
  const it = await makePublished(plain, { sources: hidden.map(({ id }) => ({ source: id, role: 'origin' })) })
  const urls = [`/v1/articles/${it.id}`, '/v1/articles', '/v1/articles?sourceRole=origin']
  const shown = async () => {
    await catchUp(cached)
    const texts = await Promise.all(urls.map(async (url) => (await ask(cached, url)).text))
    return texts.map((text) => [...text.matchAll(/"name":"(One|Two|Three|Open)"/g)].map(([, name]) => name))
  }
  t.same(await shown(), [[], [], []])
  const edit = { as: 'editor', version: '*' } as const
  await plain.call('PATCH', `/v1/sources/${one.id}`, { ...edit, body: { visibility: 'public' } })
  t.same(await shown(), [['One'], ['One'], ['One']])
  await plain.call('DELETE', `/v1/sources/${two.id}?moveTo=open`, edit)
  t.same(await shown(), Array(3).fill(['One', 'Open']))
  await plain.call('DELETE', `/v1/sources/${three.id}?detach=true`, edit)
  await plain.call('PATCH', `/v1/sources/${one.id}`, { ...edit, body: { visibility: 'editors' } })
  t.same(await shown(), Array(3).fill(['Open']))
})

t.test('what is found by what something is called is found by that as long as it is called so', async (t) => {
  const plain = await testApp(t, { WARTA_CACHE: '0' })
  const cached = await serverBeside(t, plain)
  const edit = { as: 'editor', version: '*' } as const
  const section = await makeSection(plain, { name: 'Harbour' })
  const tag = await makeTag(plain, { name: 'Ferries', synonyms: ['Boats'] })
  const other = await makeTag(plain, { name: 'Ships' })
  const source = await makeSource(plain, { name: 'Gazette' })
  const [one, two] = [
    await makePublished(plain, {
      title: 'One',
      section: section.id,
      tags: ['ferries'],
      sources: [{ source: 'gazette' }],
    }),
    await makePublished(plain, { title: 'Two', section: section.id, tags: ['ships'] }),
  ]
  const words = [
    'ferries',
    'boats',
    'ships',
    'vessels',
    'gazette',
    'source:courier',
    'tag:vessels',
    'vessls',
    'harbour',
  ]
  const about = ['', '&facets=tag,source,section', '&sort=title&highlight=true']
  const urls = [
    ...words.flatMap((q) => about.map((more) => `/v1/articles?q=${q}${more}`)),
    ...['ferr', 'boat', 'ship', 'vess', 'gaz', 'cour', 'harb', 'port'].map((q) => `/v1/suggest?q=${q}`),
  ]
  const answers = async (act: string) => {
    await catchUp(cached)
    const replies = new Map<string, string>()
    for (const url of urls) {
      const [got, expected] = [await ask(cached, url), await ask(plain, url)]
      t.equal(got.whole, expected.whole, `${act}: ${url}`)
      t.ok(await isHit(cached, () => ask(cached, url)), `${url} is kept`)
      replies.set(url, got.text)
    }
    return (q: string) => JSON.parse(replies.get(`/v1/articles?q=${q}`) ?? '').data.map(({ id }: { id: string }) => id)
  }
  let found = await answers('at first')
  t.same([found('ferries'), found('boats'), found('ships'), found('vessels')], [[one.id], [one.id], [two.id], []])
  await plain.call('PATCH', `/v1/tags/${tag.id}`, { ...edit, body: { name: 'Vessels', synonyms: [] } })
  found = await answers('a tag has another name')
  t.same([found('ferries'), found('boats'), found('vessels'), found('tag:vessels')], [[], [], [one.id], [one.id]])
  await plain.call('POST', `/v1/tags/${other.id}/merge`, { ...edit, body: { into: tag.id } })
  found = await answers('a tag is merged into it')
  t.same(found('vessels').sort(), [one.id, two.id].sort())
  await plain.call('PATCH', `/v1/sources/${source.id}`, { ...edit, body: { name: 'Courier' } })
  found = await answers('a source has another name')
  t.same([found('gazette'), found('source:courier')], [[], [one.id]])
  await plain.call('PATCH', `/v1/sources/${source.id}`, { ...edit, body: { visibility: 'editors' } })
  found = await answers('a source is hidden')
  t.same(found('source:courier'), [])
  await plain.call('PATCH', `/v1/sources/${source.id}`, { ...edit, body: { visibility: 'public' } })
  await plain.call('PATCH', `/v1/sections/${section.id}`, { ...edit, body: { name: 'Port' } })
  found = await answers('it is shown again, and a section has another name')
  t.same(found('source:courier'), [one.id])
  await plain.call('DELETE', `/v1/tags/${tag.id}?detach=true`, edit)
  await plain.call('DELETE', `/v1/sources/${source.id}?detach=true`, edit)
  found = await answers('what it was found by is gone')
  t.same([found('vessels'), found('source:courier')], [[], []])
})

t.test('a slug that was let go of leads nowhere, and what is to take the place of an article does so', async (t) => {
  const plain = await testApp(t, { WARTA_CACHE: '0' })
  const cached = await serverBeside(t, plain)
  const it = await makePublished(plain, { slug: 'old' })
  const edit = { as: 'editor', version: '*' } as const
  const url = `/v1/articles/${it.id}`
  await plain.call('PATCH', url, { ...edit, body: { slug: 'new' } })
  await plain.call('POST', `${url}/publish`, edit)
  const same = async () => {
    await catchUp(cached)
    for (const asked of ['/v1/articles/old/related', '/v1/articles?ids=old', '/v1/articles', url]) {
      t.equal((await ask(cached, asked)).whole, (await ask(plain, asked)).whole, asked)
    }
  }
  await same()
  await plain.call('DELETE', `${url}/slugs/old`, edit)
  await same()
  await plain.call('PATCH', url, { ...edit, body: { title: 'Other' } })
  await plain.call('POST', `${url}/publish`, { ...edit, body: { at: '2026-11-22T09:01:00Z' } })
  await same()
  plain.clock.advance(60_000)
  await same()
  t.match((await ask(cached, url)).text, '"title":"Other"')
})

/** What the service reads of a request beside its address; and some that it does not. */
const hostile: Record<string, string> = {
  ...{ accept: 'text/html', 'accept-encoding': 'br', authorization: 'Bearer nobody', 'content-type': 'text/plain' },
  ...{
    host: 'elsewhere.example',
    'idempotency-key': 'x',
    'if-match': '"9"',
    'if-none-match': '*',
    origin: 'https://x.example',
  },
  ...{ 'x-forwarded-for': '6.6.6.6', 'x-forwarded-host': 'elsewhere.example', 'x-forwarded-proto': 'gopher' },
  ...{ 'x-original-url': '/v1/keys', 'x-http-method-override': 'DELETE', 'x-request-id': 'theirs', range: 'bytes=0-1' },
  ...{ 'last-event-id': '1', cookie: 'a=b', 'accept-language': 'id', 'cache-control': 'no-store', prefer: 'x' },
}

t.test('no header of one client changes what the next one gets', async (t) => {
  const env = { WARTA_TRUST_PROXY: '127.0.0.1', WARTA_CORS_ORIGINS: 'https://x.example' }
  const plain = await testApp(t, { ...env, WARTA_CACHE: '0' })
  await makePublished(plain, { slug: 'story', pages: [{ body: 'Text. '.repeat(500) }] })
  const clean = await Promise.all(['/v1/articles', '/v1/articles/story'].map((url) => ask(plain, url)))
  for (const [name, value] of Object.entries(hostile)) {
    const cached = await serverBeside(t, plain, env)
    for (const [i, url] of ['/v1/articles', '/v1/articles/story'].entries()) {
      for (let time = 0; time < 2; time += 1) await ask(cached, url, { headers: { [name]: value } })
      const next = await ask(cached, url)
      t.equal(next.whole, clean[i]?.whole, `${url} after ${name}`)
    }
  }
})

t.test(
  'what is too large for the cache is answered all the same, and much of it pushes out the rest alone',
  async (t) => {
    const plain = await testApp(t, { WARTA_CACHE: '0' })
    const cached = await serverBeside(t, plain, { WARTA_CACHE: '1' })
    const large = await makePublished(plain, { slug: 'large', pages: [{ body: 'Much text. '.repeat(9_000) }] })
    await makePublished(plain, { slug: 'small' })
    await catchUp(cached)
    const [over, under] = [`/v1/articles/${large.id}`, '/v1/articles/small']
    for (const url of [over, under]) {
      t.equal((await ask(cached, url)).whole, (await ask(plain, url)).whole)
    }
    t.notOk(await isHit(cached, () => ask(cached, over)))
    t.ok(await isHit(cached, () => ask(cached, under)))
    const urls = Array.from({ length: 600 }, (_, i) => `/v1/articles?byline=${i}`)
    for (const url of urls) await ask(cached, url)
    t.notOk(await isHit(cached, () => ask(cached, urls[0] ?? '')), 'the oldest made room')
    t.ok(await isHit(cached, () => ask(cached, urls.at(-1) ?? '')))
  },
)
