/** A dash of any kind or two hyphens, as typed between a dateline and its sentence. */
export const DASH = '[-‐‑–—―]{1,3}'

const FINAL_MARK = /[.?!…:;,]["”’'»)\]]*$/
const FULL_STOP = /\.["”’'»)\]]*$/
const NO_SENTENCE_END = /(?:…|\.\.\.|\b\p{Lu}\.)["”’'»)\]]*$/u
const SENTENCE_BREAK = /(\S+)[.!?…]["”’»)]*\s+(?=["“‘(«]?[\p{Lu}\p{N}])/gu
const ABBREVIATION = /^["“‘(]?(?:\p{Lu}|Dr|Drs|Ir|Prof|Hj?|Mr|Mrs|Ms|St|No|Jl|Tn|Ny|Gen|Sen|Gov|Rep|Lt|Col)$/u
const LIST_MARK = /^(?:[-*+•]|\d{1,3}[.)])\s/

/** Whether a line stops as a sentence does, or announces what follows it: no headline does either. */
export function endsLikeProse(text: string): boolean {
  return FINAL_MARK.test(text.slice(-12))
}

/** A full stop that ends a sentence, not the dots of `A.S.` or of an ellipsis. */
export function endsWithFullStop(text: string): boolean {
  const end = text.slice(-12)
  return FULL_STOP.test(end) && !NO_SENTENCE_END.test(end)
}

export function startsLowerCase(text: string): boolean {
  return /^["“‘(]?\p{Ll}/u.test(text)
}

export function isListItem(text: string): boolean {
  return LIST_MARK.test(text)
}

/** Counts the sentences of a short text; a title such as `Dr.` ends none. */
export function countSentences(text: string): number {
  let count = 1
  for (const [, word] of text.matchAll(SENTENCE_BREAK)) if (!ABBREVIATION.test(word ?? '')) count++
  return count
}

export function isAllCapitals(text: string): boolean {
  return /\p{Lu}/u.test(text) && text === text.toUpperCase()
}
