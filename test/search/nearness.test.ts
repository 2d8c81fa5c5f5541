import fc from 'fast-check'
import t from 'tap'
import { distance, mostWrong, nearestTo, shortestGuess } from '../../src/search/nearness.ts'

/** The restricted Damerau-Levenshtein distance as its definition says it, without a thought for its cost. */
function byDefinition(a: string, b: string): number {
  const known = new Map<string, number>()
  const of = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j
    const key = `${i},${j}`
    const found = known.get(key)
    if (found !== undefined) return found
    const ways = [of(i - 1, j) + 1, of(i, j - 1) + 1, of(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1)]
    const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
    if (isSwap) ways.push(of(i - 2, j - 2) + 1)
    const least = Math.min(...ways)
    known.set(key, least)
    return least
  }
  return of(a.length, b.length)
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), maxLength: 9 })

t.test('a letter left out, put in, taken for another or exchanged with the next is one', async (t) => {
  const cases: [a: string, b: string, letters: number][] = [
    ['gempa', 'gempa', 0],
    ['gempa', 'gemp', 1],
    ['gempa', 'gemppa', 1],
    ['gempa', 'gembа'.replace('а', 'a'), 1],
    ['gempa', 'gmepa', 1],
    ['gempa', 'egmpa', 1],
    ['gempa', 'gema p'.replace(' ', ''), 1],
    ['election', 'elcetoin', 2],
    ['ca', 'abc', 3],
    ['', 'abc', 3],
    ['', '', 0],
  ]
  for (const [a, b, letters] of cases) {
    t.equal(distance(a, b, 9), letters, `${a} ${b}`)
    t.equal(distance(b, a, 9), letters, `${b} ${a}`)
    t.equal(distance(a, b, letters), letters, 'just as many are allowed')
    if (letters > 0) t.equal(distance(a, b, letters - 1), undefined, 'and no more')
  }
})

t.test('property: it is what its definition says, as far as is asked', async (t) => {
  fc.assert(
    fc.property(word, word, fc.nat({ max: 9 }), (a, b, most) => {
      const expected = byDefinition(a, b)
      return distance(a, b, most) === (expected <= most ? expected : undefined)
    }),
    { seed: 1, numRuns: 5_000 },
  )
  t.pass('always')
})

t.test('property: of words it finds all that are near, the nearest first, whatever their order', async (t) => {
  fc.assert(
    fc.property(word, fc.uniqueArray(word, { maxLength: 20 }), fc.integer({ min: 1, max: 8 }), (one, words, count) => {
      const near = words.filter((other) => other !== one && byDefinition(one, other) <= mostWrong(one))
      const found = nearestTo(one, words, count)
      if (found.length !== Math.min(count, near.length) || found.some((other) => !near.includes(other))) return false
      const far = found.map((other) => byDefinition(one, other))
      if (far.some((letters, i) => i > 0 && letters < (far[i - 1] ?? 0))) return false
      const least = near.map((other) => byDefinition(one, other)).sort((a, b) => a - b)
      if (far.join() !== least.slice(0, count).join()) return false
      return nearestTo(one, words.toReversed(), count).join() === found.join()
    }),
    { seed: 2, numRuns: 3_000 },
  )
  t.pass('always')
})

t.test('in a short word one letter may be wrong, in a long one two', async (t) => {
  t.strictSame(nearestTo('gempa', ['gempa', 'gempi', 'gemba', 'gambi', 'lempar'], 9), ['gemba', 'gempi'])
  t.strictSame(nearestTo('election', ['electron', 'elektron', 'elections', 'selections', 'erection'], 9), [
    ...['electron', 'erection', 'elections', 'elektron', 'selections'],
  ])
  t.same([mostWrong('abcdefg'), mostWrong('abcdefgh'), shortestGuess], [1, 2, 4])
})

t.test(
  'of words that are equally near, one of the same length comes first, and then the alphabet decides',
  async (t) => {
    t.strictSame(nearestTo('kota', ['kotak', 'kot', 'kuta', 'kata', 'kopta'], 9), [
      'kata',
      'kuta',
      'kopta',
      'kot',
      'kotak',
    ])
    t.strictSame(nearestTo('kota', ['kotak', 'kuta', 'kata'], 1), ['kata'])
    t.strictSame(nearestTo('kota', ['kota'], 9), [], 'the word itself is none')
    t.strictSame(nearestTo('kota', [], 9), [])
  },
)
