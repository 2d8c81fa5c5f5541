import fc from 'fast-check'
import t from 'tap'
import { Cache } from '../../src/cache/cache.ts'

/** As many rounds of changes as the cache remembers. */
const remembered = 1_024
/** What a name or a key costs. */
const nameBytes = 200

const made = (value: string, keys: string[] = ['k'], bytes = 10, until = Number.POSITIVE_INFINITY) => ({
  value,
  bytes,
  keys: new Set(keys),
  until,
})

t.test('what was kept is found by all its names, until something that it was made of is touched', async (t) => {
  const cache = new Cache<string>(100_000)
  const entry = cache.keep('/a', made('A', ['one', 'two']), cache.begin(), 0)
  t.ok(entry)
  if (entry !== undefined) cache.alsoCall(entry, '/a?')
  cache.drop(new Set(['three']))
  t.equal(cache.find('/a', 0)?.value, 'A')
  t.equal(cache.find('/a?', 0)?.value, 'A')
  t.ok(cache.has('/a?'))
  cache.drop(new Set(['two']))
  t.same([cache.find('/a', 0), cache.find('/a?', 0), cache.has('/a?')], [undefined, undefined, false])
  t.same([cache.size, cache.bytes], [0, 0])
})

t.test('what was being made when something of it was touched is not kept', async (t) => {
  const cache = new Cache<string>(100_000)
  const since = cache.begin()
  cache.drop(new Set(['one']))
  t.equal(cache.keep('/a', made('A', ['one']), since, 0), undefined)
  t.ok(cache.keep('/b', made('B', ['two']), since, 0), 'what is made of other things is')
  cache.clear()
  t.equal(cache.keep('/c', made('C', ['three']), since, 0), undefined, 'everything was touched')
  t.ok(cache.keep('/a', made('A', ['one']), cache.begin(), 0))
})

t.test('what was begun longer ago than is remembered is not kept', async (t) => {
  const cache = new Cache<string>(100_000)
  const since = cache.begin()
  for (let round = 0; round < remembered; round += 1) cache.drop(new Set(['other']))
  t.ok(cache.keep('/a', made('A'), since, 0))
  cache.drop(new Set(['other']))
  t.equal(cache.keep('/a', made('A'), since, 0), undefined)
  const later = cache.begin()
  cache.drop(new Set(['k']))
  for (let round = 1; round < remembered; round += 1) cache.drop(new Set(['other']))
  t.equal(cache.keep('/a', made('A'), later, 0), undefined, 'the oldest that is remembered counts')
})

t.test('an entry is there from the instant at which it was made to the one at which it ends', async (t) => {
  const cache = new Cache<string>(100_000)
  cache.keep('/a', made('A', ['k'], 10, 20), 0, 10)
  t.equal(cache.find('/a', 10)?.value, 'A')
  t.equal(cache.find('/a', 19)?.value, 'A')
  t.equal(cache.find('/a', 20), undefined)
  t.equal(cache.keep('/a', made('A', ['k'], 10, 20), 0, 20), undefined, 'what is over is not kept')
  cache.keep('/a', made('A'), 0, 10)
  t.equal(cache.find('/a', 9), undefined, 'nor found by a clock that was set back')
  t.equal(cache.size, 0)
})

t.test('what is found stays longer than what is not', async (t) => {
  const each = 1_000 + 2 * nameBytes
  const cache = new Cache<string>(20 * each)
  for (let i = 0; i < 20; i += 1) cache.keep(`/${i}`, made(String(i), ['k'], 1_000), 0, 0)
  for (let i = 0; i < 10; i += 1) cache.find(`/${i}`, 0)
  for (let i = 20; i < 30; i += 1) cache.keep(`/${i}`, made(String(i), ['k'], 1_000), 0, 0)
  const kept = Array.from({ length: 30 }, (_, i) => i).filter((i) => cache.has(`/${i}`))
  t.same(kept, [...Array.from({ length: 10 }, (_, i) => i), ...Array.from({ length: 10 }, (_, i) => i + 20)])
})

t.test('one answer does not push out all others', async (t) => {
  const cache = new Cache<string>(16_000)
  t.equal(cache.keep('/a', made('A', ['k'], 1_000), 0, 0), undefined)
  t.ok(cache.keep('/a', made('A', ['k'], 600), 0, 0))
  t.equal(cache.size, 1)
})

const names = fc.integer({ min: 0, max: 19 }).map((i) => `/${i}`)
const keys = fc.subarray(['k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'k7', 'k8'], { minLength: 1, maxLength: 3 })
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('begin' as const) }) },
  { weight: 60, arbitrary: fc.record({ does: fc.constant('find' as const), name: names }) },
  {
    weight: 60,
    arbitrary: fc.record({
      does: fc.constant('keep' as const),
      ...{ name: names, keys, bytes: fc.nat(300), lasts: fc.constantFrom(-1, 1, 5, 50, Number.POSITIVE_INFINITY) },
      ago: fc.constantFrom(0, 0, 0, 0, 1, 2, 3),
    }),
  },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('drop' as const), keys }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('clear' as const) }) },
  { weight: 12, arbitrary: fc.record({ does: fc.constant('call' as const), name: names, other: names }) },
  { weight: 10, arbitrary: fc.record({ does: fc.constant('grow' as const), name: names, bytes: fc.nat(3_000) }) },
  { weight: 4, arbitrary: fc.record({ does: fc.constant('time' as const), by: fc.integer({ min: -1, max: 6 }) }) },
)

interface Known {
  value: string
  keys: string[]
  from: number
  until: number
}

t.test('whatever is done to it, it gives nothing that is over, and holds no more than it may', async (t) => {
  let found = 0
  let lost = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 300, maxLength: 400 }), (steps) => {
      const cache = new Cache<string>(12_000)
      // The same without a limit and without haste: every name with what it must lead to, if to anything.
      const model = new Map<string, Known>()
      const touched: (string[] | undefined)[] = []
      const moments = [{ moment: cache.begin(), touched: 0 }]
      let now = 100
      const forget = (isOver: (known: Known) => boolean) => {
        for (const [name, known] of model) if (isOver(known)) model.delete(name)
      }
      const seen = (name: string) => {
        const known = model.get(name)
        return known !== undefined && known.from <= now && now < known.until ? known : undefined
      }
      for (const [i, one] of steps.entries()) {
        if (one.does === 'begin') moments.push({ moment: cache.begin(), touched: touched.length })
        if (one.does === 'time') now += one.by
        if (one.does === 'find') {
          const [entry, known] = [cache.find(one.name, now), seen(one.name)]
          if (entry !== undefined && entry.value !== known?.value) throw new Error(`${one.name} is ${entry.value}`)
          if (entry !== undefined) found += 1
          // Room was needed, or it was over by a clock that has been set back since.
          if (entry === undefined && known !== undefined) lost += 1
          const over = model.get(one.name)
          if (entry === undefined) forget((known) => known === over)
        }
        if (one.does === 'keep') {
          const present = { moment: cache.begin(), touched: touched.length }
          const since = one.ago === 0 ? present : (moments.at(-one.ago) ?? present)
          const until = now + one.lasts
          const entry = cache.keep(one.name, made(String(i), one.keys, one.bytes, until), since.moment, now)
          const isTouched = touched
            .slice(since.touched)
            .some((round) => round === undefined || round.some((key) => one.keys.includes(key)))
          if (entry !== undefined && (isTouched || until <= now)) throw new Error('What is over was kept.')
          const isLarge = one.bytes + nameBytes * (one.keys.length + 1) > cache.mostBytes / 16
          if (entry === undefined && !isTouched && until > now && !isLarge) throw new Error('It was refused.')
          if (entry !== undefined) {
            // All that led to what had the name before leads nowhere now.
            const before = model.get(one.name)
            forget((known) => known === before)
            model.set(one.name, { value: String(i), keys: one.keys, from: now, until })
          }
        }
        if (one.does === 'drop') {
          cache.drop(new Set(one.keys))
          touched.push(one.keys)
          forget((known) => known.keys.some((key) => one.keys.includes(key)))
        }
        if (one.does === 'clear') {
          cache.clear()
          touched.push(undefined)
          model.clear()
        }
        if (one.does === 'call' || one.does === 'grow') {
          const entry = cache.find(one.name, now)
          const known = seen(one.name)
          if (entry !== undefined && one.does === 'grow') cache.grow(entry, one.bytes)
          if (entry !== undefined && known !== undefined && one.does === 'call') {
            // Whatever has the name already goes on to have it.
            if (!cache.has(one.other)) model.set(one.other, known)
            cache.alsoCall(entry, one.other)
          }
        }
        if (cache.bytes > cache.mostBytes) throw new Error(`${cache.bytes} bytes`)
        if (cache.size === 0 && cache.bytes !== 0) throw new Error(`${cache.bytes} bytes of nothing`)
        if (cache.bytes < 0) throw new Error('less than nothing')
      }
      cache.clear()
      if (cache.bytes !== 0 || cache.size !== 0) throw new Error('Something stays.')
    }),
    { seed: 1, numRuns: 100 },
  )
  t.ok(found > 1_000, `${found} were found`)
  t.ok(lost > 10, `${lost} had made room`)
})
