import t from 'tap'
import { testApp } from '../support/app.ts'
import { makePublished, makeSection } from '../support/factories.ts'

t.test('a list with pages ends early, and the walk misses and repeats nothing either way', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const body = 'word '.repeat(60_000)
  for (let i = 0; i < 8; i += 1) {
    app.clock.advance(1_000)
    await makePublished(app, { section, title: `Long ${i}`, pages: [{ body }] })
  }
  const walk = async (from: string | null, way: 'next' | 'prev'): Promise<string[][]> => {
    const pages: string[][] = []
    let cursor = from
    do {
      const at: string = cursor === null ? '' : `&cursor=${cursor}`
      const { body } = await app.call('GET', `/v1/articles?include=pages&limit=100&sort=publishedAt${at}`)
      pages.push(body.data.map(({ title }: { title: string }) => title))
      cursor = body.page[way]
      if (cursor === null && way === 'next') last = body.page.prev
    } while (cursor !== null)
    return pages
  }
  let last: string | null = null
  const forward = await walk(null, 'next')
  t.ok(forward.length > 1, 'more than one page of the list')
  t.same(
    forward.flat(),
    Array.from({ length: 8 }, (_, i) => `Long ${i}`),
  )
  const back = await walk(last, 'prev')
  t.same([...back.reverse().flat(), ...(forward.at(-1) ?? [])], forward.flat())
})
