import fc from 'fast-check'
import t from 'tap'
import { type TestApp, testApp, type Who } from '../support/app.ts'
import { findDifferences } from '../support/derived.ts'
import { engine } from '../support/engines.ts'
import { anyQuery, listByHand, makeCorpus, type Query, sorts } from './corpus.ts'
import '../support/chance.ts'

async function walk(app: TestApp, query: Query, as: Who, limit: number, extra = '') {
  const parameters = new URLSearchParams(
    Object.entries(query).map(([name, values]): [string, string] => [name, values.join(',')]),
  )
  const base = `/v1/articles?${parameters}${extra}&limit=${limit}`
  const ids: string[] = []
  const back: string[] = []
  // Pages of one or two are many; that these lead back is for cursors.test.ts to say.
  const leadsBack = limit > 2
  let total: number | undefined
  let before: string | null = null
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { status, body } = await app.call('GET', `${base}&count=exact${cursor && `&cursor=${cursor}`}`, { as })
    if (status !== 200) throw new Error(`${base}: ${JSON.stringify(body)}`)
    if (body.data.length > limit) throw new Error(`${body.data.length} on a page of ${limit}`)
    if (total !== undefined && total !== body.page.total) throw new Error('the total changed on the way')
    total = body.page.total
    ids.push(...body.data.map(({ id }: { id: string }) => id))
    cursor = body.page.next
    if (cursor === null && leadsBack) {
      before = body.page.prev
      back.push(...body.data.map(({ id }: { id: string }) => id))
    }
  }
  while (before !== null) {
    const { body } = await app.call('GET', `${base}&cursor=${before}`, { as })
    back.unshift(...body.data.map(({ id }: { id: string }) => id))
    before = body.page.prev
  }
  if (leadsBack && JSON.stringify(back) !== JSON.stringify(ids))
    throw new Error(`${base} is another list on the way back`)
  return { ids, total }
}

/** Each is some round trips to a server; what is asked is the same. */
const runs = engine === 'sqlite' ? 300 : 100

t.test('any filters in any order list what one would pick by hand, each once, and count them', async (t) => {
  const app = await testApp(t)
  const corpus = await makeCorpus(app, 60, 'by the clock')
  t.ok(corpus.live.length > 30)
  t.strictSame(await findDifferences(app), [])
  const known = (corpus.working as { state: string; createdAt: string; id: string }[]).filter(
    ({ state }) => state !== 'trashed',
  )
  let met = 0
  const check = async (query: Query, stage: 'live' | 'working', limit: number): Promise<boolean> => {
    const expected = listByHand(stage === 'live' ? corpus.live : known, query)
    const as = stage === 'live' ? 'stranger' : 'editor'
    const { ids, total } = await walk(app, query, as, limit, stage === 'live' ? '' : '&stage=working')
    met += expected.length > 0 ? 1 : 0
    return total === expected.length && JSON.stringify(ids) === JSON.stringify(expected)
  }
  for (const sort of sorts) for (const limit of [1, 7, 100]) t.ok(await check({ sort: [sort] }, 'live', limit), sort)
  await fc.assert(
    fc.asyncProperty(
      anyQuery,
      fc.constantFrom('live' as const, 'live' as const, 'working' as const),
      fc.constantFrom(1, 2, 3, 7, 20, 100),
      check,
    ),
    { numRuns: runs },
  )
  t.ok(met > runs / 2, `${met} of the lists had something on them`)
})

t.test('state and changed list working copies as one would pick them by hand', async (t) => {
  const app = await testApp(t)
  const { working } = await makeCorpus(app, 40)
  for (const states of [
    ['draft'],
    ['published'],
    ['trashed'],
    ['draft', 'trashed'],
    ['draft', 'published', 'trashed'],
  ]) {
    const expected = listByHand(
      working.filter(({ state }) => states.includes(state)),
      {},
    )
    const { ids, total } = await walk(app, {}, 'editor', 7, `&stage=working&state=${states}`)
    t.strictSame(ids, expected, String(states))
    t.equal(total, expected.length)
  }
  for (const changed of [true, false]) {
    const expected = listByHand(
      working.filter((it) => it.changed === changed && it.state !== 'trashed'),
      {},
    )
    t.strictSame((await walk(app, {}, 'editor', 7, `&stage=working&changed=${changed}`)).ids, expected)
    t.ok(expected.length > 0)
  }
})
