import fc from 'fast-check'
import t from 'tap'
import { newId } from '../../src/lib/ids.ts'
import { analyse, idWord, type SearchedText, searchVersion, stemWords } from '../../src/search/analysis.ts'
import { type Place, places } from '../../src/search/expression.ts'
import { stem } from '../../src/search/stems.ts'
import { wordsOf } from '../../src/search/words.ts'

/** What is kept of a text, for the index and for its ranks. */

const nothing: SearchedText = {
  ...{ lang: 'en', title: '', kicker: null, deck: null, bodies: [], bylines: [], ids: [] },
}
const analysed = (text: Partial<SearchedText>) => analyse({ ...nothing, ...text })
const words = (count: number, of = (i: number): string => `w${i}`): string[] =>
  Array.from({ length: count }, (_, i) => of(i))

t.test('of an empty text nothing is kept', async (t) => {
  const empty = { forms: [], stems: [] }
  t.strictSame(analysed({}), {
    words: { title: empty, deck: empty, body: empty, byline: empty, ids: [] },
    ...{ title: '', titleWords: 0, deck: '', main: ' ~ ' },
  })
})

t.test('words are kept in their order, each where it stands, with the stems of their language marked', async (t) => {
  const { words, title, titleWords, deck, main } = analysed({
    ...{ title: 'The Elections', kicker: 'Élysée', deck: 'Voters vote' },
    ...{ bodies: ['Elected today.', 'Running'], bylines: ['Sari Elections', 'Joko'], ids: ['#tx', '#sy'] },
  })
  t.strictSame(words.title, { forms: ['the', 'elections'], stems: ['~enelect'] })
  t.strictSame(words.deck.forms, ['elysee', '', 'voters', 'vote'])
  t.strictSame(words.body, { forms: ['elected', 'today', '', 'running'], stems: ['~enelect', '~enrun'] })
  t.strictSame(words.byline, { forms: ['sari', 'elections', '', 'joko'], stems: [] }, 'names are not inflected')
  t.strictSame(words.ids, ['#tx', '#sy'])
  t.equal(title, ' the elections ~enelect ')
  t.equal(titleWords, 2)
  t.match(deck, / elysee ~ voters vote /)
  t.match(main, / elected today ~ running /)
})

t.test('a text in Indonesian has the stems of Indonesian, and one of another language none', async (t) => {
  t.strictSame(analysed({ lang: 'id', title: 'Pertemuan' }).words.title.stems, ['~idtemu'])
  t.strictSame(analysed({ lang: 'en-GB', title: 'Elections' }).words.title.stems, ['~enelect'])
  t.strictSame(analysed({ lang: 'id-ID', title: 'bertemu' }).words.title.stems, ['~idtemu'])
  for (const lang of ['fr', 'zh-Hant', 'idn', 'eng', 'de-AT', '']) {
    const { words, title } = analysed({ lang, title: 'Élections pertemuan elections', bodies: ['bertemu'] })
    t.strictSame([words.title.stems, words.body.stems], [[], []], lang)
    t.equal(title, ' elections pertemuan elections ', `${lang}: folded all the same`)
  }
})

t.test('a stem is kept once, and none of a word that is one itself', async (t) => {
  const { words } = analysed({ title: 'election elections elect elected' })
  t.strictSame(words.title.stems, ['~enelect'])
  t.strictSame(stemWords('elect', 'en'), [])
  t.strictSame(stemWords('pertemuan', undefined), [])
  t.strictSame(stemWords('19', 'en'), [])
})

t.test('between two texts nothing stands side by side', async (t) => {
  const { words } = analysed({ kicker: 'a b', deck: 'c', bodies: ['d e', 'f', 'g'], bylines: ['h', 'i'] })
  t.strictSame(words.deck.forms, ['a', 'b', '', 'c'])
  t.strictSame(words.body.forms, ['d', 'e', '', 'f', '', 'g'])
  t.strictSame(words.byline.forms, ['h', '', 'i'])
})

t.test('of a body the first 10,000 words are found, and no more than 150,000 characters of them', async (t) => {
  const long = analysed({ bodies: words(10_001).map(String) })
  t.equal(long.words.body.forms.length, 10_000)
  const one = analysed({ bodies: [words(10_002).join(' ')] }).words.body.forms
  t.equal(one.length, 10_000)
  t.equal(one.at(-1), 'w9999')
  const whole = analysed({ bodies: [words(10_000).join(' ')] }).words.body.forms
  t.same([whole.length, whole.at(-1)], [10_000, 'w9999'], 'that many are all found')
  const wide = analysed({ bodies: [words(10_000, (i) => String(i).padStart(50, 'x')).join(' ')] }).words.body.forms
  t.equal(wide.length, 3_000)
  t.equal(wide.join('').length, 150_000)
  t.notOk(analysed({ bodies: [words(20_000).join(' ')] }).words.body.stems.includes('w10001'))
})

t.test('title, deck and bylines are found behind a long body', async (t) => {
  const { words: kept } = analysed({ bodies: [words(20_000).join(' ')], title: 'Last', deck: 'deck', bylines: ['Ana'] })
  t.strictSame([kept.title.forms, kept.deck.forms, kept.byline.forms], [['last'], ['deck'], ['ana']])
})

t.test('a word keeps 255 places, those of the body last, and the others hold its neighbours apart', async (t) => {
  const { words: kept } = analysed({ title: 'Rail', bodies: ['rail '.repeat(300), 'end'], bylines: ['Rail'] })
  t.strictSame(kept.title.forms, ['rail'])
  t.equal(kept.body.forms.filter((form) => form === 'rail').length, 253)
  t.equal(kept.body.forms.length, 302)
  t.equal(kept.body.forms.at(-1), 'end')
  t.strictSame(kept.byline.forms, ['rail'])
  const other = analysed({ bodies: ['rail '.repeat(255)] }).words.body.forms
  t.equal(other.filter((form) => form === 'rail').length, 255)
})

t.test('a body is about how it begins, and about what it says three times', async (t) => {
  const lead = words(40, (i) => `lead${i}`)
  const rest = [
    'by',
    'the',
    'way',
    'the',
    'the',
    'twice',
    'once',
    'twice',
    'subject',
    'subject',
    'subject',
    'lead3',
    'lead3',
  ]
  const { main } = analysed({ lang: 'fr', bodies: [[...lead, ...rest].join(' ')] })
  t.equal(main, ` ${lead.join(' ')} ~ subject `, 'but for words that say nothing')
  const short = analysed({ lang: 'en', bodies: ['Elections here.'] })
  t.equal(short.main, ' elections here ~ ~enelect ', 'with the other forms of what it is about')
  const subjects = analysed({
    lang: 'fr',
    bodies: [`${'x '.repeat(40)} ${words(70).join(' ').repeat(1)} ${`${words(70).join(' ')} `.repeat(2)}`],
  })
  t.equal(subjects.main.split(' ~ ')[1]?.trim().split(' ').length, 60, 'of which sixty are kept')
})

t.test('an id is a word that no text has, and its own for tags and for sources', async (t) => {
  const id = newId()
  t.match(idWord('tag', id), /^#t[0-9a-f]{32}$/)
  t.match(idWord('source', id), /^#s[0-9a-f]{32}$/)
  t.notSame(idWord('tag', id), idWord('source', id))
  t.notOk(wordsOf(`${idWord('tag', id)} ${idWord('source', id)}`).some(({ form }) => form.startsWith('#')))
})

t.test('a new database needs no index: its migration says the version that is made', async (t) => {
  t.equal(searchVersion, 1)
})

const texts = fc.string({ unit: 'binary', maxLength: 60 })
const anyText: fc.Arbitrary<SearchedText> = fc.record({
  lang: fc.constantFrom('id', 'en', 'en-US', 'fr', 'ja'),
  title: texts,
  kicker: fc.option(texts),
  deck: fc.option(texts),
  bodies: fc.array(fc.oneof(texts, fc.constantFrom('elections pertemuan', 'running bertemu 19')), { maxLength: 4 }),
  bylines: fc.array(texts, { maxLength: 3 }),
  ids: fc.constantFrom([], ['#t1']),
})

t.test('property: what is kept of any text is its words, and stems of them that are marked', async (t) => {
  const textsOf = (text: SearchedText): Record<Place, readonly (string | null)[]> => ({
    ...{ title: [text.title], deck: [text.kicker, text.deck], body: text.bodies, byline: text.bylines },
  })
  fc.assert(
    fc.property(anyText, (text) => {
      const { words, titleWords } = analyse(text)
      for (const place of places) {
        const { forms, stems } = words[place]
        const own = textsOf(text)[place].flatMap((one) => (one === null ? [] : wordsOf(one).map(({ form }) => form)))
        if (forms.filter((form) => form !== '').join() !== own.join()) return false
        if (new Set(stems).size !== stems.length || stems.some((one) => !/^~(id|en)[^ ~]+$/.test(one))) return false
        const roots = stems.map((one) => [one.slice(3), one.slice(1, 3)])
        if (roots.some(([root, language]) => !own.some((form) => stem(form, language as 'id') === root))) return false
      }
      return titleWords === wordsOf(text.title).length
    }),
    { seed: 1, numRuns: 2_000 },
  )
  t.pass('always')
})

t.test('property: the lists that ranks look into have each word between spaces, and nothing else', async (t) => {
  fc.assert(
    fc.property(anyText, (text) => {
      const { title, deck, main, words } = analyse(text)
      const isList = (list: string): boolean => list === '' || /^ (?:[^\s]+ )+$/u.test(list)
      if (![title, deck, main].every(isList)) return false
      return words.title.forms.every((form) => title.includes(` ${form} `)) && !/[^ ]~/.test(title)
    }),
    { seed: 2, numRuns: 2_000 },
  )
  t.pass('always')
})
