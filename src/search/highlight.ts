import { createJudge, findHits, type Judge, type Marked, type Place } from './hits.ts'
import { type Passage, passagesOf } from './passages.ts'
import type { Clause } from './query.ts'
import { type StemLanguage, stemLanguageOf } from './stems.ts'
import { wordsOf } from './words.ts'

export type { Mark, Marked } from './hits.ts'
export { mostCharacters, type Passage } from './passages.ts'

/** What of an article was asked for: its texts, with the words marked by which it is found. Pure. */

export interface Highlights {
  title: Marked
  deck: Marked | null
  body: Passage[]
}

export interface HighlightedText {
  /** BCP 47 */
  lang: string
  title: string
  deck: string | null
  /** the plain text of each page */
  bodies: readonly string[]
}

/**
 * Marks what the index finds (see sought.ts), whatever else must be in a text: a word as it was typed and those of its
 * stem, what begins as the word that is still being typed, and a phrase as one. Not what must not be there.
 *
 * Words are judged once for all articles of a language: keep it for one query, not longer.
 */
export function createHighlighter(clauses: readonly Clause[]): (article: HighlightedText) => Highlights {
  const judges = new Map<string, Judge>()
  const judgeOf = (place: Place, language: StemLanguage | undefined): Judge => {
    const key = `${place} ${language}`
    const known = judges.get(key)
    if (known !== undefined) return known
    const judge = createJudge(clauses, place, language)
    judges.set(key, judge)
    return judge
  }
  return ({ lang, title, deck, bodies }) => {
    const language = stemLanguageOf(lang)
    return {
      title: markWhole(title, judgeOf('title', language)),
      deck: deck === null ? null : markWhole(deck, judgeOf('deck', language)),
      body: passagesOf(bodies, judgeOf('body', language)),
    }
  }
}

/** The text with its marks as HTML in which nothing else is a tag. */
export function toHtml({ text, marks }: Marked): string {
  let html = ''
  let at = 0
  for (const [start, end] of marks) {
    html += `${escapeHtml(text.slice(at, start))}<mark>${escapeHtml(text.slice(start, end))}</mark>`
    at = end
  }
  return html + escapeHtml(text.slice(at))
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign)
}

function markWhole(text: string, judge: Judge): Marked {
  return { text, marks: findHits(wordsOf(text), judge).map(({ start, end }) => [start, end]) }
}
