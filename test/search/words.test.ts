import fc from 'fast-check'
import t, { type Test } from 'tap'
import { fold, wordsOf } from '../../src/search/words.ts'

/** What a text is to search: its words, whatever they look like. */

const formsOf = (text: string): string =>
  wordsOf(text)
    .map(({ form }) => form)
    .join(' ')

/** Texts, and the words of each with a space between them. */
function expectWords(t: Test, cases: Record<string, string>): void {
  for (const [text, words] of Object.entries(cases)) t.equal(formsOf(text), words, JSON.stringify(text))
}

t.test('signs, spaces and emoji are no words', async (t) => {
  const signs = ['', ' ', '\n\t', '…', '"(-*:^~|&!', '++', '#', '$€£%', "'", '’', '½', '©®']
  const others = [
    '👍',
    '👨‍👩‍👧',
    '\u0301',
    '\u0301\u0302',
    '\u0000',
    '\u200d',
    '\u00ad',
    '\ufeff',
    '\u{10ffff}',
    '\ue000',
  ]
  for (const text of [...signs, ...others]) t.strictSame(wordsOf(text), [], JSON.stringify(text))
})

t.test('case, accents and the width of letters make no difference', async (t) => {
  expectWords(t, {
    'GEMPA Bumi': 'gempa bumi',
    'Café, ÉLYSÉE – Ñandú; Žižek': 'cafe elysee nandu zizek',
    'E\u0301lyse\u0301e É': 'elysee e',
    'Łódź Ærø Œuvre Straße STRASSE ẞ Þór Đặng': 'lodz aero oeuvre strasse strasse ss thor dang',
    'İstanbul ıstanbul ISTANBUL': 'istanbul istanbul istanbul',
    'Σίσυφος ΣΊΣΥΦΟΣ': 'σισυφος σισυφος',
    'Ёлка ёлка МОСКВА': 'елка елка москва',
    'Ａｎｔａｒａ ２０２３ ﬁnal 𝒜 K': 'antara 2023 final a k',
  })
})

t.test('marks that make another word in their script stay', async (t) => {
  t.not(fold('हिन्दी'), fold('हिनदी'))
  t.not(fold('กา'), fold('ก้า'))
  t.not(fold('か'), fold('が'))
  t.equal(fold('が'), fold('か\u3099'), 'however they are written')
  t.equal(fold('각'), fold('\u1100\u1161\u11a8'))
})

t.test('apostrophes belong to their words, but for the genitive', async (t) => {
  expectWords(t, {
    "O'Neill O’Neill ONeill": 'oneill oneill oneill',
    "Qur'an Ma’ruf Oʼzbek": 'quran maruf ozbek',
    "Putin's Putin’s Putinʼs PUTIN'S": 'putin putin putin putin',
    "don't rock'n'roll l’équipe": 'dont rocknroll lequipe',
    "'quoted' ’tis players' '90s": 'quoted tis players 90s',
    "it's what's": 'it what',
  })
})

t.test('initials are one word, and letters that merely have dots between them are not', async (t) => {
  expectWords(t, {
    'U.S. troops, the U.S.A. and A.S.': 'us troops the usa and as',
    'u.s. É.U. С.Ш.А.': 'us eu сша',
    'J.K. Rowling': 'jk rowling',
    'A. B. C.': 'a b c',
    'kompas.com 1.000 3.14 v1.2.': 'kompas com 1 000 3 14 v1 2',
    'Sdr. Ir. H. Joko': 'sdr ir h joko',
  })
})

t.test('C++ and C# are what they say, and no other word keeps such signs', async (t) => {
  expectWords(t, {
    'C++ c++, (C#) F#.': 'c++ c++ c# f#',
    'C++/C# C C+': 'c++ c# c c',
    'Notepad++ AB# C++11 c+++ a#b 1++ #1': 'notepad ab c 11 c a b 1 1',
    'Ж++ é#': 'ж e',
  })
})

t.test('what stands between numbers and names parts them', async (t) => {
  expectWords(t, {
    'COVID-19 COVID19 covid 19': 'covid 19 covid19 covid 19',
    '20/9/2023 2026-11-22 12:30 1,5 10%': '20 9 2023 2026 11 22 12 30 1 5 10',
    'a_b editor@example.org https://x.test/a?b=c': 'a b editor example org https x test a b c',
    'anak-anak co-op Asia–Pacific 7–8': 'anak anak co op asia pacific 7 8',
    'G20 4x4 3rd 2G ٣٤': 'g20 4x4 3rd 2g ٣٤',
  })
  for (const sign of ['\u0000', '\u200b', '\u2028', '\ufeff', '\u{e0020}']) t.equal(formsOf(`a${sign}b`), 'a b')
})

t.test('what is put into a word for the printer alone is not there', async (t) => {
  expectWords(t, {
    'Donau\u00addampf': 'donaudampf',
    'می\u200cخواهم': 'میخواهم',
    'a\u200db': 'ab',
  })
})

t.test('scripts without spaces are taken sign by sign, each with its marks, and Korean by its spaces', async (t) => {
  expectWords(t, {
    東京都: '東 京 都',
    'トーキョー、日本': 'ト ー キ ョ ー 日 本',
    G7広島2023年: 'g7 広 島 2023 年',
    '\u{20000}\u{20001}': '\u{20000} \u{20001}',
  })
  t.equal(wordsOf('한국 사람').length, 2)
  const thai = wordsOf('ที่นี่')
  t.strictSame(
    thai.map(({ start, end }) => [start, end]),
    [
      [0, 3],
      [3, 6],
    ],
  )
  for (const text of ['ກາ', 'កា', 'ကာ', 'ひら', 'カナ']) t.ok(wordsOf(text).length > 0, text)
})

t.test('of what is longer than any word of a language its first 64 code points stand for it', async (t) => {
  const long = 'x'.repeat(64)
  expectWords(t, { [long]: long, [`${long}y`]: long, [`${long}z`]: long, ['ß'.repeat(64)]: 's'.repeat(64) })
  const astral = '𐐨'.repeat(65)
  t.equal(formsOf(astral), '𐐨'.repeat(64), 'of which none is cut in two')
  t.equal(wordsOf(`${long}y`)[0]?.end, 65, 'and it stands where all of it does')
})

t.test('each word says where it stands, in UTF-16 code units', async (t) => {
  t.strictSame(wordsOf('👍 É, Putin’s C++ 東京'), [
    { form: 'e', start: 3, end: 4 },
    { form: 'putin', start: 6, end: 13 },
    { form: 'c++', start: 14, end: 17 },
    { form: '東', start: 18, end: 19 },
    { form: '京', start: 19, end: 20 },
  ])
})

const pieces = [
  ...["'", '’', 'ʼ', '.', '-', ' ', '+', '#', '\u00ad', '\u200c', '\u200d', '\u0301', '\u3099', '\u0e33', "'s", 'U.S.'],
  ...[
    'a',
    'B',
    'É',
    'ß',
    'İ',
    'Σ',
    '9',
    '２',
    '日',
    'カ',
    'ー',
    'ก',
    'ำ',
    'ह',
    'ن',
    '한',
    '𐐀',
    '👍',
    '\ud800',
    '\udc00',
  ],
]
const anyText = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 4 })), { maxLength: 24 })
  .map((parts) => parts.join(''))
const asciiText = fc
  .array(
    fc.oneof(fc.constantFrom("'", '’', '.', '-', '+', '#', ' ', 'U.S.', 'c++', "'s"), fc.string({ maxLength: 3 })),
    { maxLength: 24 },
  )
  .map((parts) => parts.join(''))

t.test(
  'property: of any text, words stand one after the other, and each is what its place in the text says',
  async (t) => {
    fc.assert(
      fc.property(anyText, (text) => {
        let before = 0
        for (const { form, start, end } of wordsOf(text)) {
          if (start < before || end <= start || end > text.length) return false
          if (form === '' || [...form].length > 64 || fold(text.slice(start, end)) !== form) return false
          before = end
        }
        return true
      }),
      { seed: 1, numRuns: 5_000 },
    )
    t.pass('none was found wrong')
  },
)

t.test('property: between the words of any text there is neither a letter nor a digit', async (t) => {
  fc.assert(
    // A genitive without a word before it is none.
    fc.property(
      anyText.map((text) => text.replace(/['’ʼ]/g, ' ')),
      (text) => {
        const words = wordsOf(text).toReversed()
        return !/[\p{L}\p{Nd}]/u.test(
          words.reduce((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text),
        )
      },
    ),
    { seed: 2, numRuns: 5_000 },
  )
  t.pass('none was found')
})

t.test('property: a word that is folded again stays as it is', async (t) => {
  fc.assert(
    fc.property(anyText, (text) => wordsOf(text).every(({ form }) => fold(form) === form)),
    { seed: 3, numRuns: 5_000 },
  )
  fc.assert(
    fc.property(asciiText, (text) => wordsOf(text).every(({ form }) => formsOf(form) === form)),
    { seed: 4, numRuns: 5_000 },
  )
  t.pass('all did')
})

t.test('a sign that is folded again stays as it is, whichever of Unicode’s it is', async (t) => {
  const changed: string[] = []
  for (let point = 0; point <= 0x10ffff; point += 1) {
    const sign = String.fromCodePoint(point)
    const form = fold(sign)
    if (fold(form) !== form) changed.push(`U+${point.toString(16)} ${form} ${fold(form)}`)
  }
  t.strictSame(changed, [])
})

t.test('property: a text of plain letters has the same words with another sign behind it', async (t) => {
  fc.assert(
    // The sign has the text read by the rules for all scripts.
    fc.property(asciiText, (text) => JSON.stringify(wordsOf(text)) === JSON.stringify(wordsOf(`${text} ✓`))),
    { seed: 5, numRuns: 10_000 },
  )
  t.pass('none differed')
})

t.test('property: neither case nor the form of Unicode that a text comes in changes its words', async (t) => {
  const words = fc
    .array(fc.constantFrom('Élysée', 'žižek', 'Ñandú', 'ÅSA', 'Đặng', 'ёлка', 'ĞÜNEŞ', 'naïve', 'Gempa', '한국'), {
      minLength: 1,
      maxLength: 8,
    })
    .map((parts) => parts.join(' '))
  fc.assert(
    fc.property(words, (text) => {
      const forms = formsOf(text)
      const other = [text.toUpperCase(), text.toLowerCase(), text.normalize('NFD'), text.normalize('NFKC')]
      return other.every((one) => formsOf(one) === forms)
    }),
    { seed: 6 },
  )
  t.pass('none did')
})
