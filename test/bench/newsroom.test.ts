import t from 'tap'
import { bodyOf, plans, sections, tags, tagsEach, titleOf } from '../../bench/newsroom.ts'
import { seeded, zipf } from '../../bench/random.ts'
import { isId } from '../../src/lib/ids.ts'

t.test('the same seed draws the same numbers, another others', (t) => {
  const draw = (seed: number) => {
    const random = seeded(seed)
    return Array.from({ length: 1_000 }, random)
  }
  t.same(draw(1), draw(1))
  t.notSame(draw(1), draw(2))
  t.ok(draw(1).every((number) => number >= 0 && number < 1))
  t.end()
})

t.test('the second of a Zipf distribution is drawn half as often as the first, the tenth a tenth as often', (t) => {
  const random = seeded(1)
  const draw = zipf(100)
  const counts = new Array<number>(100).fill(0)
  for (let i = 0; i < 100_000; i += 1) {
    const drawn = draw(random)
    counts[drawn] = (counts[drawn] ?? 0) + 1
  }
  const share = (rank: number) => (counts[rank - 1] ?? 0) / (counts[0] ?? 0)
  t.ok(Math.abs(share(2) - 1 / 2) < 0.03, `${share(2)}`)
  t.ok(Math.abs(share(10) - 1 / 10) < 0.02, `${share(10)}`)
  t.ok((counts[99] ?? 0) > 0, 'the last is drawn too')
  t.end()
})

t.test('an article is the same one in every newsroom, however large', (t) => {
  const few = [...plans(100)]
  t.same(few, [...plans(1_000)].slice(0, 100))
  t.same(bodyOf(3, '0000003'), bodyOf(3, '0000003'))
  t.notSame(bodyOf(3, '0000003'), bodyOf(4, '0000003'))
  t.end()
})

t.test('every article has an id of its own, three tags, a section, and is younger than the one before', (t) => {
  const all = [...plans(2_000)]
  t.ok(all.every(({ id }) => isId(id) && id[14] === '7'))
  t.equal(new Set(all.map(({ id }) => id)).size, all.length)
  t.same(
    all.map(({ id }) => id).toSorted(),
    all.map(({ id }) => id),
  )
  t.ok(all.every(({ tags: chosen }) => new Set(chosen).size === tagsEach))
  t.ok(all.every(({ tags: chosen, section }) => chosen.every((tag) => tags[tag]) && sections[section]))
  const dates = all.map(({ publishedAt }) => publishedAt)
  t.same(dates.toSorted(), dates)
  t.equal(new Set(dates).size, all.length)
  t.end()
})

t.test('a body has 2 KB, and title and body name their article', (t) => {
  t.equal(bodyOf(1, '0000017').length, 2_000)
  t.match(bodyOf(1, '0000017'), /story 0000017/)
  t.match(titleOf(1, '0000017'), /^[A-Z].*0000017$/)
  t.end()
})
