/** Texts as search sees them: words, folded so that case, accents and punctuation make no difference. Pure; the same for what is indexed and what is asked. */

/** To be raised whenever the same text makes other words, so that what was indexed before is indexed anew. */
export const wordsVersion = 1

export interface Word {
  /** lower case, without accents; joined where it had apostrophes or dots in it */
  form: string
  /** where it stands in the text: UTF-16 code units, as JavaScript counts them; `end` is behind it */
  start: number
  end: number
}

/** What is longer is no word of a language; its beginning stands for it. */
const longestWord = 64

/**
 * In this order: initials (U.S., A.S.) are one word; C++ and C# keep what names them; scripts that put no space between
 * words are taken sign by sign, so that two signs in a row are found as a phrase; and words, with the apostrophes in them.
 */
const spaceless =
  '\\p{sc=Han}\\p{sc=Hiragana}\\p{sc=Katakana}\\u30fc\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}'
const signs = '\\p{L}\\p{Nd}'
const initials = (letter: string, sign: string): string =>
  `(?<![${sign}])(?:[${letter}]\\.){2,}(?:[${letter}](?![${sign}]))?(?![${sign}])`
const languages = (sign: string): string => `(?<![${sign}])[a-z](?:\\+\\+|#)(?![${sign}+#])`
const pattern = new RegExp(
  [
    initials('\\p{L}', signs),
    languages(signs),
    `[${spaceless}]\\p{M}*`,
    `(?![${spaceless}])[${signs}](?:(?![${spaceless}])[${signs}\\p{M}\\u200c\\u200d\\u00ad])*(?:['’ʼ]\\p{L}[\\p{L}\\p{M}]*)*`,
  ].join('|'),
  'giu',
)

/** Most texts of a newsroom are of these, for which a short pattern finds the same words in half the time. */
const plain = /^[\t\n\r -~\u00a0“”‘’–—…·•€£©®°-]*$/
const plainPattern = new RegExp(
  [initials('a-z', 'a-z0-9'), languages('a-z0-9'), "[a-z0-9]+(?:['’][a-z]+)*"].join('|'),
  'gi',
)

/** The words of a text in their order, so many of them at most. */
export function wordsOf(text: string, most = Number.POSITIVE_INFINITY): Word[] {
  const words: Word[] = []
  for (const match of text.matchAll(plain.test(text) ? plainPattern : pattern)) {
    if (words.length >= most) break
    const form = fold(match[0])
    if (form !== '') words.push({ form, start: match.index, end: match.index + match[0].length })
  }
  return words
}

/** What nothing is to be taken from: most words, and the signs of Chinese. */
const bare = /^(?:[a-z0-9+#]*|[\u4e00-\u9fff])$/

/** One word as it is compared. */
export function fold(word: string): string {
  const lower = word.toLowerCase()
  if (bare.test(lower)) return cut(lower)
  const unmarked = lower
    // The genitive: Putin's is found by Putin.
    .replace(/['’ʼ]s$/u, '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/['’ʼ.]|\u200c|\u200d|\u00ad/gu, '')
    // Accents of the scripts that can do without them; those of others make another word.
    .replace(/[\u0300-\u036f]/gu, '')
    .replace(/[ßæœøłđðþı]/gu, (letter) => unaccented[letter] ?? letter)
  return cut(unmarked.replace(/[^\p{L}\p{N}\p{M}+#]/gu, ''))
}

/** Letters that Unicode does not take apart, as they are written where there is no key for them. */
const unaccented: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

function cut(form: string): string {
  if (form.length <= longestWord) return form
  return [...form].slice(0, longestWord).join('')
}
