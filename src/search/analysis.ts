import { type IndexedWords, type PlacedWords, stemWord } from './expression.ts'
import { stem, stemLanguageOf, stemsVersion } from './stems.ts'
import { isStopWord } from './stop-words.ts'
import { wordsOf, wordsVersion } from './words.ts'

/** The version of all that is indexed; what was indexed with another is indexed anew. A new database begins with 1, by its migration. */
export const searchVersion = wordsVersion + stemsVersion - 1

/** What of a copy is searched. */
export interface SearchedText {
  /** BCP 47 */
  lang: string
  title: string
  kicker: string | null
  deck: string | null
  /** the text of each page */
  bodies: readonly string[]
  bylines: readonly string[]
  /** of its section, tags, sources, language and genre, as idWord makes them */
  ids: readonly string[]
}

/** What is kept of a text: its words for the index, and those that decide where a match ranks. */
export interface Analysis {
  words: IndexedWords
  title: string
  titleWords: number
  deck: string
  main: string
}

/**
 * Words of a body that are found. The longest reports of newsrooms have some ten thousand; what stands behind them could
 * not be told apart by PostgreSQL, which counts 16,383 positions.
 */
const mostWords = 10_000
/** Words of all places together: with the gaps between them, as many positions as there are. */
const mostPositions = 16_000
/** The characters of all of them: in three bytes each, and with their stems, below the megabyte that a tsvector holds. */
const mostCharacters = 150_000
/** As often as PostgreSQL tells where a word stands (256 positions), so that phrases are found alike. */
const mostOften = 255

/** A story says in its first paragraph what it is about. */
const leadWords = 40
/** Once may be by the way, twice to take it up; what comes a third time is a subject. */
const oftenTimes = 3
/** Subjects of a very long text, and of a table, end somewhere. */
const mostSubjects = 60

/** What of an article is a word of the index, for searches that keep to it: the kinds are told apart by one letter. */
const idKinds = { section: 'c', tag: 't', source: 's', lang: 'l', genre: 'g' } as const

/** The id of a section, tag or source, or a language or genre, as a word that no text has. */
export function idWord(kind: keyof typeof idKinds, id: string): string {
  return `#${idKinds[kind]}${id.toLowerCase().replaceAll('-', '')}`
}

/** The stem of a word in the language of its text, marked, unless it is the word itself. */
export function stemWords(form: string, language: ReturnType<typeof stemLanguageOf>): string[] {
  if (language === undefined) return []
  const root = stem(form, language)
  return root === form ? [] : [stemWord(root, language)]
}

export function analyse(text: SearchedText): Analysis {
  const language = stemLanguageOf(text.lang)
  const often = new Map<string, number>()
  const count = (form: string): string => {
    const times = (often.get(form) ?? 0) + 1
    often.set(form, times)
    return times > mostOften ? '' : form
  }
  const formsOf = (texts: readonly (string | null)[]): string[] => {
    const forms: string[] = []
    for (const one of texts) {
      if (one === null || forms.length >= mostWords) continue
      // Between two texts nothing stands side by side.
      if (forms.length > 0) forms.push('')
      for (const { form } of wordsOf(one, mostWords - forms.length)) forms.push(form)
    }
    return forms
  }
  const stemsOf = (forms: Iterable<string>): string[] => {
    const stems = new Set<string>()
    for (const form of new Set(forms)) {
      for (const word of form === '' ? [] : stemWords(form, language)) stems.add(word)
    }
    return [...stems]
  }
  const beside = {
    title: formsOf([text.title]),
    deck: formsOf([text.kicker, text.deck]),
    byline: formsOf(text.bylines),
  }
  const left = mostPositions - Object.values(beside).reduce((sum, { length }) => sum + length, 0)
  const forms = { ...beside, body: cut(formsOf(text.bodies), Math.min(mostWords, left)) }
  const main = mainOf(forms.body)
  const place = (of: readonly string[], stemmed = true): PlacedWords => ({
    forms: of.map(count),
    stems: stemmed ? stemsOf(of) : [],
  })
  const words = {
    title: place(forms.title),
    deck: place(forms.deck),
    // Names are not inflected.
    byline: place(forms.byline, false),
    // Last, so that what is said too often to be told apart is left out of it alone.
    body: place(forms.body),
  }
  return {
    words: { ...words, ids: text.ids },
    title: list([...forms.title, ...words.title.stems]),
    titleWords: forms.title.length,
    deck: list([...forms.deck, ...words.deck.stems]),
    main: list([...main, ...stemsOf(main)]),
  }
}

/** As much of a body as is found. */
function cut(forms: readonly string[], most: number): readonly string[] {
  let characters = 0
  const end = forms.findIndex((form, i) => {
    characters += form.length
    return i >= most || characters > mostCharacters
  })
  return end < 0 ? forms : forms.slice(0, end)
}

/** What a body is about: how it begins, and what it comes back to. */
function mainOf(forms: readonly string[]): string[] {
  const times = new Map<string, number>()
  for (const form of forms) if (form !== '' && !isStopWord(form)) times.set(form, (times.get(form) ?? 0) + 1)
  const lead = forms.slice(0, leadWords)
  const known = new Set(lead)
  const subjects: string[] = []
  for (const [form, n] of times) {
    if (n >= oftenTimes && !known.has(form)) subjects.push(form)
    if (subjects.length === mostSubjects) break
  }
  return [...lead, '', ...subjects]
}

/** With a space on either side of each, so that one can be looked for whole. */
function list(words: readonly string[]): string {
  return words.length === 0 ? '' : ` ${words.map((word) => (word === '' ? '~' : word)).join(' ')} `
}
