import t from 'tap'
import { createRenderer } from '../../src/markdown/renderer.ts'

const heavy = '<div>'.repeat(60_000)

t.test('a story does not wait for the heavy texts of others', async (t) => {
  const renderer = createRenderer({ timeoutMs: 10_000 })
  t.teardown(() => renderer.close())
  await renderer.render(['warm'])
  const order: string[] = []
  const waiting = Array.from({ length: 8 }, () => renderer.render([heavy]).then(() => order.push('heavy')))
  await renderer.render(['hello']).then(() => order.push('story'))
  await Promise.allSettled(waiting)
  t.ok(order.indexOf('story') <= 1, order.join(' '))
})

t.test('a full lane refuses at once, and takes again when it has room', async (t) => {
  const renderer = createRenderer({ timeoutMs: 10_000 })
  t.teardown(() => renderer.close())
  const outcomes = await Promise.allSettled(Array.from({ length: 80 }, () => renderer.render([heavy.slice(0, 40_000)])))
  const refused = outcomes.filter(({ status }) => status === 'rejected')
  t.ok(refused.length > 0 && refused.length < 80)
  for (const outcome of refused) t.match(outcome, { reason: { code: 'too_busy' } })
  t.equal((await renderer.render([heavy.slice(0, 40_000)])).length, 1)
})
