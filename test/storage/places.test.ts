import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { Places } from '../../src/storage/places.ts'
import { gate } from '../support/stores.ts'

const busy = { name: 'Problem', code: 'too_busy' }
const patient = { mostWaiting: 10, patienceMs: 10_000 }

t.test('so many are in at once, and the others wait in the order in which they came', async (t) => {
  const places = new Places({ ...patient, places: 1 })
  const held = gate()
  const order: string[] = []
  const inside = places.within(() => held.opened)
  const others = ['first', 'second'].map((name) => places.within(async () => order.push(name)))
  await sleep(50)
  t.same(order, [])
  held.open()
  await Promise.all([inside, ...others])
  t.same(order, ['first', 'second'])
})

t.test('too many are refused at once, and whoever has waited for too long then', async (t) => {
  const places = new Places({ places: 1, mostWaiting: 1, patienceMs: 50 })
  const held = gate()
  const inside = places.within(() => held.opened)
  const waiting = t.rejects(
    places.within(async () => 'in'),
    busy,
  )
  await t.rejects(
    places.within(async () => 'in'),
    busy,
  )
  await waiting
  held.open()
  await inside
  t.equal(await places.within(async () => 'in'), 'in')
})

t.test(
  'a place that was taken is kept until it is left, whatever becomes of those who wait for it meanwhile',
  async (t) => {
    const places = new Places({ places: 1, mostWaiting: 3, patienceMs: 50 })
    const leave = await places.take()
    await t.rejects(places.take(), busy, 'too late')
    const next = places.within(async () => 'next')
    leave()
    t.equal(await next, 'next')
    const again = await places.take()
    again()
  },
)

t.test('whoever does not want a place any more leaves the line, and to leave twice is to leave once', async (t) => {
  const places = new Places({ ...patient, places: 1, mostWaiting: 1 })
  const leave = await places.take()
  const gone = new AbortController()
  const waiting = t.rejects(places.take(gone.signal), busy)
  await t.rejects(places.take(), busy, 'the line is full')
  gone.abort()
  await waiting
  await t.rejects(places.take(gone.signal), busy, 'and does not come back')
  const next = places.take()
  leave()
  leave()
  const leaveNext = await next
  let isIn = false
  const last = places.within(async () => {
    isIn = true
  })
  await sleep(20)
  t.notOk(isIn)
  leaveNext()
  await last
  t.ok(isIn)
})

t.test('whoever is slow makes room for one more, and there are never more than two', async (t) => {
  const places = new Places({ ...patient, places: 1, slow: { afterMs: 50, most: 1 } })
  const [slow, slower, last] = [gate(), gate(), gate()]
  let [now, most] = [0, 0]
  const stay = (until: { opened: Promise<void> }) =>
    places.within(async () => {
      now += 1
      most = Math.max(most, now)
      await until.opened
      now -= 1
    })
  const first = stay(slow)
  const second = stay(slower)
  const third = stay(last)
  await sleep(0)
  t.equal(now, 1, 'not at once')
  while (now < 2) await sleep(5)
  // It is slow by the end of this, however late it came in.
  await sleep(200)
  t.equal(now, 2, 'the second came in, and being slow as well makes room for nobody')
  slow.open()
  await first
  await sleep(0)
  t.equal(now, 2, 'the third came in for the first')
  slower.open()
  last.open()
  await Promise.all([second, third])
  t.equal(most, 2)
  await Promise.all([stay(slow), stay(slow)])
  t.equal(now, 0)
})
