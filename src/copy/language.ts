type Language = 'id' | 'en'

const FUNCTION_WORDS = {
  id: words(
    'yang dan di dengan untuk pada itu ini dari tidak tak akan juga ke kata telah oleh dalam sebuah adalah para karena ' +
      'setelah usai sejak hingga sampai mulai lebih sudah belum masih bisa dapat harus kini saat ketika serta atau bagi ' +
      'tersebut menjadi jadi hari tahun satu dua tiga ada bukan bakal soal agar jika namun bahwa seperti antara mereka ia',
  ),
  en: words(
    'the of and to in that is was for on with said says he she it at from his her their are by as or has have had were ' +
      'will would could can be been not but an a its which who what how when after before over into about than more ' +
      'they we you this new',
  ),
}
/** How longer words of the one begin or end, and those of the other hardly ever. */
const FORMS = {
  id: /^(?:meng|meny|memb|memp|men[cdjt]|ber[a-km-z]|peng|peny|pemb)[a-z]{4,}|^[a-z]{3,}(?:kan|nya)$|^(?:ke|per|pe)[a-z]{4,}an$/,
  en: /[a-z]{3,}(?:ings?|tions?|ed|ly|ments?|ness|ers|ies)$/,
}
/** Characters: some three thousand words, whose shares no more would change. */
const SAMPLE = 20_000
/** One word may be a name, or the same in both. */
const FEWEST = 2
/** Of all words. What English has its relatives have as well, up to a fifth of a text. */
const LEAST_SHARE = { id: 0.1, en: 0.22 }

/**
 * Indonesian or English, by the small words that no text is without and by how longer ones are made; null when neither
 * clearly leads. A headline and a line are mostly enough.
 */
export function detectLanguage(text: string): string | null {
  const sample =
    text
      .slice(0, SAMPLE)
      .toLowerCase()
      .match(/\p{L}+/gu) ?? []
  const count = (lang: Language): number => sample.filter((word) => speaks(word, lang)).length
  const counts = { id: count('id'), en: count('en') }
  const lang = counts.id > counts.en ? 'id' : 'en'
  const other = counts[lang === 'id' ? 'en' : 'id']
  return counts[lang] >= Math.max(FEWEST, 2 * other, LEAST_SHARE[lang] * sample.length) ? lang : null
}

function speaks(word: string, lang: Language): boolean {
  return FUNCTION_WORDS[lang].has(word) || FORMS[lang].test(word)
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '))
}
