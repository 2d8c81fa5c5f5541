import t from 'tap'
import { cacheControl, surrogateKeys } from '../../src/http/caching.ts'
import { act } from '../articles/acts.ts'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection, makeTag } from '../support/factories.ts'
import { ask, isHit, serverBeside } from './servers.ts'

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
    await cached.store.catchUp()
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
  t.equal(cacheControl(10, at, Number.POSITIVE_INFINITY), 'public, max-age=7, must-revalidate')
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
      await cached.store.catchUp()
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
