/**
 * The index of words, one contract for both engines. The program makes the words (src/search); an engine splits, folds and
 * stems nothing, so that both find the same. A word that is not a form but a stem begins with `~` and its language; an
 * id begins with `#`; a form has neither, so that no beginning of one is that of another.
 */

/** Where words stand. */
export const places = ['title', 'deck', 'body', 'byline'] as const
export type Place = (typeof places)[number]

/** The words of one place: the forms in their order, an empty one where a word was left out; and the stems, in any. */
export interface PlacedWords {
  forms: readonly string[]
  stems: readonly string[]
}

export type IndexedWords = Record<Place, PlacedWords> & { ids: readonly string[] }

/** What is looked for. */
export type Expression =
  | { word: string; place?: Place | undefined; prefix?: boolean }
  /** forms side by side; of the last one its beginning, when `prefix` says so */
  | { phrase: readonly string[]; place?: Place | undefined; prefix?: boolean }
  | { any: readonly Expression[] }
  | { all: readonly Expression[]; none?: readonly Expression[] }

/** The stem of words of a language, as a word of the index. */
export function stemWord(root: string, language: string): string {
  return `~${language}${root}`
}
