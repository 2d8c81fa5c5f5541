import t from 'tap'
import { testApp } from '../support/app.ts'
import { engine } from '../support/engines.ts'
import { makePublished } from '../support/factories.ts'
import { listen, send } from '../support/wire.ts'
import { serverBeside } from './servers.ts'

/** What another server has written PostgreSQL tells within this time, should every word of it be lost on the way. */
const longestUntold = 3_000

t.test('nobody gets what was before an answer that they could have heard of, whoever asks whom', async (t) => {
  const first = await testApp(t)
  const second = await serverBeside(t, first)
  const ports = [await listen(first), await listen(second)]
  const article = await makePublished(first, { title: 'Number 0', slug: 'story' })
  const urls = [
    ...[`/v1/articles/${article.id}`, '/v1/articles/story', '/v1/articles', '/v1/articles?fields=title'],
    ...[
      '/v1/articles?q=number&highlight=true&facets=year',
      '/v1/articles?q=title:number&sort=title',
      '/v1/suggest?q=num',
    ],
  ]
  /** what was acknowledged, and by whom and when */
  const told = [{ number: 0, by: 0, at: 0 }]
  let begun = 0
  let over = false
  let asked = 0
  const faults: string[] = []

  const writer = async () => {
    // On a slow machine readers get fewer turns between two writes.
    for (let number = 1; number <= 40 || asked <= 100; number += 1) {
      const by = number % 2
      const port = ports[by] ?? 0
      const headers = {
        authorization: `Bearer ${first.keys.editor}`,
        'content-type': 'application/json',
        'if-match': '*',
      }
      begun = number
      const edit = [JSON.stringify({ title: `Number ${number}` })]
      const edited = await send(port, 'PATCH', `/v1/articles/${article.id}`, headers, edit)
      const published = await send(port, 'POST', `/v1/articles/${article.id}/publish`, headers, ['{}'])
      if (edited.status !== 200 || published.status !== 200) faults.push(`${edited.status} ${published.status}`)
      told.push({ number, by, at: performance.now() })
    }
    over = true
  }
  const reader = async (start: number) => {
    const seen = ports.map(() => 0)
    for (let i = start; !over; i += 1) {
      const by = i % 2
      const now = performance.now()
      const heard = (one: { by: number; at: number }) =>
        engine === 'sqlite' || one.by === by || one.at < now - longestUntold
      const least = Math.max(...told.filter(heard).map(({ number }) => number), seen[by] ?? 0)
      const url = urls[(i >> 1) % urls.length] ?? ''
      const { status, text } = await send(ports[by] ?? 0, 'GET', url)
      const number = Number(/Number (\d+)/.exec(text)?.[1])
      asked += 1
      seen[by] = number
      if (status !== 200 || !(number >= least && number <= begun)) {
        faults.push(`${url} of ${by}: ${status}, ${number} and not ${least} to ${begun}`)
      }
    }
  }
  await Promise.all([writer(), ...[0, 1, 2, 3, 4, 5].map(reader)])
  t.same(faults.slice(0, 5), [])
  t.ok(asked > 100, `${asked} were asked`)
})
