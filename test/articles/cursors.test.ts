import { Buffer } from 'node:buffer'
import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makePublished, makeSection, makeTag } from '../support/factories.ts'
import { act, minute } from './acts.ts'

// biome-ignore lint/suspicious/noExplicitAny: articles as they are answered
type Shown = any

async function makeMany(app: TestApp, count: number): Promise<Shown[]> {
  const section = await makeSection(app)
  await makeTag(app, { name: 'Rail' })
  const made = []
  for (let i = 0; i < count; i += 1) {
    if (i % 3 === 0) app.clock.advance(minute)
    made.push(await makePublished(app, { section: section.id, title: `Story ${i % 7}`, slug: `s${i}`, tags: ['rail'] }))
  }
  return made
}

const names = (body: Shown): string[] => body.data.map(({ slug }: Shown) => slug)

t.test('a list walks forward and back over the same pages', async (t) => {
  const app = await testApp(t)
  await makeMany(app, 11)
  for (const sort of ['-publishedAt', 'publishedAt', '-updatedAt', 'updatedAt', 'title', '-title']) {
    const url = `/v1/articles?sort=${sort}&limit=3`
    const get = async (cursor: string | null) => (await app.call('GET', `${url}&cursor=${cursor}`)).body
    const forward = [(await app.call('GET', url)).body]
    t.equal(forward[0].page.prev, null, 'the first page has none before it')
    for (let at = forward[0]; at.page.next !== null; ) {
      at = await get(at.page.next)
      forward.push(at)
    }
    t.strictSame(
      forward.map((page) => page.data.length),
      [3, 3, 3, 2],
    )
    const whole = names((await app.call('GET', `/v1/articles?sort=${sort}&limit=100`)).body)
    t.strictSame(forward.flatMap(names), whole)
    const back = [forward.at(-1)]
    for (let at = back[0]; at.page.prev !== null; ) {
      at = await get(at.page.prev)
      back.unshift(at)
    }
    t.strictSame(back.map(names), forward.map(names), 'and back again')
    t.strictSame(names(await get(back[0].page.next)), names(forward[1]), 'and on again')
  }
})

t.test('the Link header leads to the first, the next and the page before, with the query kept', async (t) => {
  const app = await testApp(t)
  await makeMany(app, 5)
  const linksOf = async (url: string) => {
    const { headers, body } = await app.call('GET', url)
    const entries = [...(headers.link ?? '').matchAll(/<([^>]*)>; rel="(\w+)"/g)]
    return { body, links: Object.fromEntries(entries.map(([, target = '', rel = '']) => [rel, target])) }
  }
  const base = '/v1/articles?limit=2&tag=rail&sort=title'
  const first = await linksOf(base)
  t.strictSame(Object.keys(first.links), ['first', 'next'])
  t.equal(first.links.first, base)
  const second = await linksOf(first.links.next ?? '')
  t.strictSame(Object.keys(second.links), ['first', 'prev', 'next'])
  t.equal(second.links.first, base)
  t.equal(new URL(second.links.next ?? '', 'http://x').searchParams.get('cursor'), second.body.page.next)
  t.strictSame(names((await linksOf(second.links.prev ?? '')).body), names(first.body))
  const last = await linksOf(second.links.next ?? '')
  t.strictSame(Object.keys(last.links), ['first', 'prev'])
  t.equal((await linksOf('/v1/articles')).links.first, '/v1/articles')
  t.strictSame(Object.keys((await linksOf('/v1/articles?lang=ja')).links), ['first'])
  const spelled = await linksOf('/v1/articles?sort=t%69tle&tag=rail&count=exact&subsections=true&limit=2')
  t.equal(
    spelled.links.first,
    `/v1/articles?limit=2&count=exact&tag=rail&sort=title`,
    'in the one spelling that there is',
  )
})

t.test('a cursor stays good for another limit, fields, include or count', async (t) => {
  const app = await testApp(t)
  await makeMany(app, 6)
  const { page } = (await app.call('GET', '/v1/articles?limit=2')).body
  for (const query of [
    'limit=3',
    'fields=slug',
    'include=pages&render=text',
    'count=exact',
    'limit=2&sort=-publishedAt',
  ]) {
    const { status, body } = await app.call('GET', `/v1/articles?cursor=${page.next}&${query}`)
    t.equal(status, 200, query)
    t.equal(names(body)[0], 's3', query)
  }
})

t.test(
  'a cursor of another query, order, stage, path or server is refused, and so is one that was touched',
  async (t) => {
    const app = await testApp(t)
    const other = await testApp(t)
    await makeMany(app, 6)
    await makeMany(other, 6)
    const { page } = (await app.call('GET', '/v1/articles?limit=2')).body
    const cursor: string = page.next
    const refused = async (url: string, as: 'stranger' | 'editor' = 'stranger') => {
      const { status, body } = await app.call('GET', url, { as })
      t.equal(status, 400, url)
      t.equal(body.code, 'invalid_cursor', url)
      t.match(body.errors, [{ parameter: 'cursor' }])
    }
    const queries = ['sort=title', 'sort=publishedAt', 'tag=rail', 'lang=en', 'section=world', 'subsections=false']
    for (const query of queries) await refused(`/v1/articles?${query}&cursor=${cursor}`)
    await refused(`/v1/articles?stage=working&cursor=${cursor}`, 'editor')
    await refused(`/v1/tags?cursor=${cursor}`)
    await refused(`/v1/articles?cursor=${(await other.call('GET', '/v1/articles?limit=2')).body.page.next}`)
    for (let i = 0; i < cursor.length; i += 3) {
      const letter = cursor[i] === 'A' ? 'B' : 'A'
      await refused(`/v1/articles?cursor=${cursor.slice(0, i)}${letter}${cursor.slice(i + 1)}`)
    }
    const forged = Buffer.from(JSON.stringify(['a', '2026', 'x'])).toString('base64url')
    for (const bad of [
      forged,
      cursor.slice(1),
      cursor.slice(0, -2),
      `${cursor}A`,
      `${cursor}=`,
      'x',
      '0',
      '%20',
      "' or 1",
    ]) {
      await refused(`/v1/articles?cursor=${bad}`)
    }
    t.equal((await app.call('GET', `/v1/articles?cursor=${'x'.repeat(5_000)}`)).body.code, 'invalid_request')
  },
)

t.test('a cursor of working copies is of no use to who may not read them', async (t) => {
  const app = await testApp(t)
  await makeMany(app, 4)
  const { page } = (await app.call('GET', '/v1/articles?stage=working&limit=1', { as: 'editor' })).body
  t.equal((await app.call('GET', `/v1/articles?cursor=${page.next}`)).body.code, 'invalid_cursor')
  t.equal((await app.call('GET', `/v1/articles?stage=working&cursor=${page.next}`)).status, 401)
  t.equal((await app.call('GET', `/v1/articles?stage=working&cursor=${page.next}`, { as: 'reader' })).status, 403)
})

t.test('what is published and unpublished meanwhile makes a walk neither repeat nor skip what was there', async (t) => {
  for (const sort of ['-publishedAt', 'publishedAt', 'title', '-updatedAt']) {
    for (const way of ['next', 'prev'] as const) {
      const app = await testApp(t)
      const made = await makeMany(app, 14)
      const gone = made.filter((_, i) => i % 4 === 1)
      const stay = made.filter((_, i) => i % 4 !== 1).map(({ id }) => id)
      const meddle = async (i: number) => {
        app.clock.advance(minute)
        const leaving = gone[way === 'next' ? i : gone.length - 1 - i]
        if (leaving !== undefined) await act(app, leaving, 'unpublish')
        const publishedAt = ['2001-01-01T00:00:00Z', null, made[i * 2]?.publishedAt ?? null][i % 3]
        await makePublished(app, { section: made[0].section.id, title: `Story ${i % 7}`, publishedAt })
      }
      const url = `/v1/articles?sort=${sort}&limit=3`
      const get = async (cursor: string) => (await app.call('GET', `${url}&cursor=${cursor}`)).body
      let { body } = await app.call('GET', url)
      while (way === 'prev' && body.page.next !== null) body = await get(body.page.next)
      const seen: string[] = body.data.map(({ id }: Shown) => id)
      for (let i = 0; body.page[way] !== null; i += 1) {
        await meddle(i)
        body = await get(body.page[way])
        seen.push(...body.data.map(({ id }: Shown) => id))
      }
      t.equal(new Set(seen).size, seen.length, `${sort} ${way}: nothing twice`)
      const skipped = stay.filter((id) => !seen.includes(id))
      t.strictSame(skipped, [], `${sort} ${way}: nothing skipped`)
    }
  }
})
