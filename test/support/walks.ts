import type { Test } from 'tap'
import { type Answer, type TestApp, testApp } from './app.ts'

/** A list, and how things come into it. */
export interface Listed {
  path: string
  /** parameters that hold for the whole walk, such as `sort=-name` */
  query: string
  /** who may read it */
  as?: 'admin'
  /** things that the service itself has put there */
  there?: number
  /** makes the i-th thing; its place in the list does not follow from i */
  make(app: TestApp, i: number): Promise<Answer>
}

type Item = { id: string }

/** Follows `next` from the first page, then `prev` back, and answers the ids of each. */
export async function walk(app: TestApp, list: Omit<Listed, 'make'>, limit: number, between?: () => Promise<unknown>) {
  const page = async (cursor: string | null) => {
    const query = `${list.query}&limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`
    const answer = await app.call('GET', `${list.path}?${query}`, { as: list.as ?? 'stranger' })
    if (answer.status !== 200) throw new Error(answer.text)
    return answer.body
  }
  const forward: string[] = []
  const back: string[] = []
  let pages = 0
  let body = await page(null)
  const first = body
  for (;;) {
    pages += 1
    forward.push(...body.data.map(({ id }: Item) => id))
    if (body.page.next === null) break
    await between?.()
    body = await page(body.page.next)
  }
  for (;;) {
    back.unshift(...body.data.map(({ id }: Item) => id))
    if (body.page.prev === null) break
    body = await page(body.page.prev)
  }
  return { forward, back, pages, first }
}

export function provesWalks(t: Test, list: Listed): void {
  const { path, query, there = 0 } = list
  const as = list.as ?? 'stranger'
  const whole = async (app: TestApp): Promise<string[]> =>
    (await app.call('GET', `${path}?${query}&limit=100`, { as })).body.data.map(({ id }: Item) => id)
  const fill = async (app: TestApp, n: number): Promise<void> => {
    for (let i = 0; i < n; i += 1) {
      if (i % 3 === 0) app.clock.advance(1_000)
      const { status } = await list.make(app, i)
      if (status !== 201) throw new Error(`not made: ${status}`)
    }
  }

  t.test(`${path}?${query} is the same walked forward and back, with pages of any size`, async (t) => {
    const app = await testApp(t)
    await fill(app, 11)
    const all = await whole(app)
    t.equal(new Set(all).size, 11 + there)
    for (const limit of [1, 2, 3, 11 + there, 12 + there]) {
      const { forward, back, pages } = await walk(app, list, limit)
      t.same(forward, all, `limit=${limit}`)
      t.same(back, all, `limit=${limit}, back`)
      t.equal(pages, Math.ceil((11 + there) / limit))
    }
    const { body, headers } = await app.call('GET', `${path}?${query}&limit=4&count=exact`, { as })
    t.equal(body.page.total, all.length)
    t.equal(body.page.prev, null)
    t.match(headers.link, /rel="first"/)
    t.match(headers.link, /rel="next"/)
    t.notMatch(headers.link, /rel="prev"/)
    const [, next = ''] = /<([^>]+)>; rel="next"/.exec(headers.link ?? '') ?? []
    const second = await app.call('GET', next, { as })
    t.same(
      second.body.data.map(({ id }: Item) => id),
      all.slice(4, 8),
    )
    t.equal(second.body.page.total, all.length)
  })

  t.test(`what is made during a walk of ${path}?${query} neither repeats nor skips what was there`, async (t) => {
    const app = await testApp(t)
    await fill(app, 8)
    const before = await whole(app)
    let made = 100
    const { forward } = await walk(app, list, 2, async () => {
      if (made >= 106) return
      app.clock.advance(1_000)
      made += 1
      await list.make(app, made)
    })
    t.equal(new Set(forward).size, forward.length, 'nothing twice')
    t.same(
      forward.filter((id) => before.includes(id)),
      before,
      'nothing missing, in order',
    )
  })
}

/** A cursor, an unknown parameter, a wrong limit: nothing is ignored. */
export function provesRefusals(t: Test, list: Listed, others: readonly string[]): void {
  const { path, query } = list
  const as = list.as ?? 'stranger'

  t.test(
    `${path} refuses a cursor of another query, one that was tampered with, and one of another list`,
    async (t) => {
      const app = await testApp(t)
      for (let i = 0; i < 3; i += 1) await list.make(app, i)
      const { body } = await app.call('GET', `${path}?${query}&limit=1`, { as })
      const cursor: string = body.page.next
      const refused = async (url: string) => {
        const answer = await app.call('GET', url, { as })
        t.match(answer, { status: 400, body: { code: 'invalid_cursor', errors: [{ parameter: 'cursor' }] } }, url)
      }
      for (const other of others) await refused(`${path}?${other}&cursor=${cursor}`)
      const swapped = cursor.startsWith('A') ? 'B' : 'A'
      for (const bad of [swapped + cursor.slice(1), cursor.slice(0, -2), `${cursor}A`, 'x', '%20', 'bm90aGluZw']) {
        await refused(`${path}?${query}&cursor=${bad}`)
      }
      const elsewhere = path === '/v1/tags' ? '/v1/sources' : '/v1/tags'
      await refused(`${elsewhere}?cursor=${cursor}`)
      const shown = await app.call('GET', `${path}?${query}&limit=3&count=exact&cursor=${cursor}`, { as })
      t.equal(shown.status, 200, 'another page size or a count is the same list')
    },
  )

  t.test(`${path} refuses parameters that it does not know, that are repeated or wrong`, async (t) => {
    const app = await testApp(t)
    const cases = {
      'colour=red': 'colour',
      'Limit=1': 'Limit',
      'limit=1&limit=2': 'limit',
      'limit=0': 'limit',
      'limit=101': 'limit',
      'limit=-1': 'limit',
      'limit=1.5': 'limit',
      'limit=1e1': 'limit',
      'limit=': 'limit',
      'count=true': 'count',
      'count=exact&count=exact': 'count',
      'cursor=': 'cursor',
    }
    for (const [wrong, parameter] of Object.entries(cases)) {
      const { status, body } = await app.call('GET', `${path}?${wrong}`, { as })
      t.match({ status, code: body.code }, { status: 400, code: 'invalid_request' }, wrong)
      t.same(
        body.errors.map((error: { parameter: string }) => error.parameter),
        [parameter],
        wrong,
      )
    }
    const { body } = await app.call('GET', `${path}?limit=0&colour=red&count=no`, { as })
    const names = body.errors.map((error: { parameter: string }) => error.parameter)
    t.same(names.sort(), ['colour', 'count', 'limit'], 'all at once')
  })

  t.test(`${path} asks the database as often for fifty as for one`, async (t) => {
    const app = await testApp(t, { WARTA_CACHE: '0' })
    const cost = async (url: string): Promise<number> => {
      const before = app.statements.length
      const { status } = await app.call('GET', url, { as })
      t.equal(status, 200)
      return app.statements.length - before
    }
    await list.make(app, 0)
    const [one, counted] = [await cost(`${path}?limit=100`), await cost(`${path}?limit=100&count=exact`)]
    for (let i = 1; i < 50; i += 1) await list.make(app, i)
    t.equal(await cost(`${path}?limit=100`), one)
    t.equal(await cost(`${path}?limit=100&count=exact`), counted)
    t.ok(counted <= one + 1)
    t.ok(one <= 3, `${one} statements`)
  })
}
