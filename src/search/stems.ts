import { stemEnglish } from './english.ts'
import { stemIndonesian } from './indonesian.ts'

export type StemLanguage = 'id' | 'en'

/**
 * Raise this whenever the stem of any word changes. Search indexes hold stems, and a query finds nothing in an index
 * that was made with others: one of another version has to be made again.
 */
export const stemsVersion = 1

const stemmers: Readonly<Record<StemLanguage, (word: string) => string>> = { id: stemIndonesian, en: stemEnglish }

export const stemLanguages: readonly StemLanguage[] = ['id', 'en']

/** The language of a BCP 47 tag, if it has stems: `id-ID` does. Malay (`ms`) does not, near as it is to Indonesian. */
export function stemLanguageOf(lang: string): StemLanguage | undefined {
  const primary = lang.split('-', 1)[0]?.toLowerCase()
  return stemLanguages.find((language) => language === primary)
}

/**
 * What the forms of a word have in common, for comparing and nothing else: it need not be a word. The word comes
 * folded: lower case, no diacritics, no apostrophes. One with digits (`covid19`), of one or two letters, or too long
 * to be one is its own stem.
 */
export function stem(word: string, language: StemLanguage): string {
  const known = remembered[language]
  const before = known.get(word)
  if (before !== undefined) return before
  if (!stemmable.test(word)) return word
  const made = stemmers[language](word)
  if (known.size >= mostRemembered) known.clear()
  known.set(word, made)
  return made
}

/** No word of either language comes near forty letters. */
const stemmable = /^\p{Letter}{3,40}$/u

/**
 * Half the words of a text are among the 200 commonest of the language and nearly all of them among the 20,000
 * commonest, so an index in the making finds them here; at about 100 bytes each that is 2 MB a language. Clearing a
 * full one costs less than keeping an order of use: the common words are back within a few articles.
 */
const mostRemembered = 20_000

const remembered: Readonly<Record<StemLanguage, Map<string, string>>> = { id: new Map(), en: new Map() }
