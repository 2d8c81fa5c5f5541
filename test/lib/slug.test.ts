import fc from 'fast-check'
import t from 'tap'
import { newId } from '../../src/lib/ids.ts'
import { isSlug, numberedSlug, slugify, slugLength } from '../../src/lib/slug.ts'
import '../support/chance.ts'

const title = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.constantFrom('Rail', 'strike', 'ends', 'Ørsted', 'Łódź', '-', ' ', "it's", '2026'), { maxLength: 60 })
    .map((words) => words.join(' ')),
)
const slug = fc
  .array(fc.stringMatching(/^[a-z0-9]{1,30}$/), { minLength: 1, maxLength: 8 })
  .map((words) => words.join('-').slice(0, slugLength).replace(/-$/, ''))
  .filter(isSlug)

t.test('a title becomes lower-case ASCII words joined by hyphens', async (t) => {
  const titles: Record<string, string> = {
    'Rail strike ends': 'rail-strike-ends',
    '  Rail — strike!  ends… ': 'rail-strike-ends',
    'Crème brûlée à São Paulo': 'creme-brulee-a-sao-paulo',
    'Łódź, Straße, Ærø, Þingvellir, İstanbul, Điện Biên': 'lodz-strasse-aero-thingvellir-istanbul-dien-bien',
    STRAẞE: 'strasse',
    "It’s the editor's day": 'its-the-editors-day',
    'ﬁve ½ ① Ⅳ': 'five-1-2-1-iv',
    'C++ and C#': 'c-and-c',
    naïve: 'naive',
    日本語のニュース: '',
    Новости: '',
    '東京 2026': '2026',
    '🚆': '',
    '': '',
  }
  for (const [title, slug] of Object.entries(titles)) t.equal(slugify(title), slug, title)
})

t.test('a slug is made of any text, or none is', async (t) => {
  fc.assert(
    fc.property(title, (text) => {
      const slug = slugify(text)
      return slug === '' || isSlug(slug)
    }),
  )
  fc.assert(fc.property(title, (text) => slugify(slugify(text)) === slugify(text)))
  fc.assert(fc.property(slug, (text) => slugify(text) === text))
  t.pass('for 300 texts')
})

t.test('a long title is cut at a word, a long word in itself', async (t) => {
  const long = `${'a'.repeat(60)} ${'b'.repeat(39)} c`
  t.equal(slugify(long), `${'a'.repeat(60)}-${'b'.repeat(39)}`)
  t.equal(slugify(`${'a'.repeat(60)} ${'b'.repeat(40)} c`), 'a'.repeat(60))
  t.equal(slugify('a'.repeat(300)), 'a'.repeat(slugLength))
})

t.test('a slug is no id, because both stand in the same place of a path', async (t) => {
  const id = newId()
  t.equal(isSlug(id), false)
  for (const text of ['rail', 'rail-strike', '2026', 'a'.repeat(100), id.slice(1)]) t.equal(isSlug(text), true, text)
  for (const text of [
    '',
    '-',
    'Rail',
    'rail-',
    '-rail',
    'rail--strike',
    'rail strike',
    'räil',
    'rail\n',
    'a'.repeat(101),
  ]) {
    t.equal(isSlug(text), false, JSON.stringify(text))
  }
})

t.test('a title that is an id makes no slug, because it would stand for that thing', async (t) => {
  t.equal(slugify(newId().toUpperCase()), '')
  t.equal(slugify(`about ${newId()}`).startsWith('about-'), true)
})

t.test('numbered slugs are slugs of their own, each number another one', async (t) => {
  t.equal(numberedSlug('rail-strike', 1), 'rail-strike')
  t.equal(numberedSlug('rail-strike', 2), 'rail-strike-2')
  t.equal(numberedSlug('a'.repeat(100), 12), `${'a'.repeat(97)}-12`)
  t.equal(numberedSlug(`${'a'.repeat(97)}-bc`, 2), `${'a'.repeat(97)}-2`)
  fc.assert(fc.property(slug, fc.integer({ min: 1, max: 1_000_000 }), (text, n) => isSlug(numberedSlug(text, n))))
  fc.assert(
    fc.property(slug, fc.integer({ min: 2, max: 9_999 }), fc.integer({ min: 2, max: 9_999 }), (text, a, b) => {
      return (numberedSlug(text, a) === numberedSlug(text, b)) === (a === b)
    }),
  )
})
