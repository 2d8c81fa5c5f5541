import { type Clause, partsOf } from './query.ts'
import { type StemLanguage, stem, stemLanguages } from './stems.ts'
import type { Word } from './words.ts'

/** A piece of a text in UTF-16 code units, as JavaScript counts them; the end is behind it. */
export type Mark = readonly [start: number, end: number]

/** Marks are in their order and never overlap; neighbours stay apart. */
export interface Marked {
  text: string
  marks: Mark[]
}

/** A match, and the clauses that it answers, a bit for each; of more than 32 some share one. */
export interface Hit {
  start: number
  end: number
  clauses: number
}

/** Forms that must stand side by side. */
interface Row {
  forms: readonly string[]
  prefix: boolean
  clause: number
}

/** What a word may be: an answer by itself, and the first of several. */
interface Verdict {
  clauses: number
  rows: readonly Row[]
}

export type Place = 'title' | 'deck' | 'body'
export type Judge = (form: string) => Verdict

const nothing: Verdict = { clauses: 0, rows: [] }

/** What is asked of the words of one place, in texts of one language. */
export function createJudge(clauses: readonly Clause[], place: Place, language: StemLanguage | undefined): Judge {
  const forms = new Map<string, number>()
  const stems = new Map<string, number>()
  const beginnings = new Map<string, number>()
  const rows = new Map<string, Row[]>()
  const ask = (of: Map<string, number>, word: string, clause: number): void => {
    of.set(word, (of.get(word) ?? 0) | clause)
  }
  const wanted = clauses.filter(({ not }) => !not)
  for (const [i, { any }] of wanted.entries()) {
    const clause = 1 << i
    for (const atom of any) {
      if (atom.field !== undefined && atom.field !== place) continue
      const [first = ''] = atom.forms
      const { exact, prefix } = atom
      if (atom.forms.length > 1) rows.set(first, [...(rows.get(first) ?? []), { forms: atom.forms, prefix, clause }])
      const parts = exact || atom.forms.length > 1 ? undefined : partsOf(first)
      const [beginning = ''] = parts ?? []
      if (parts !== undefined) rows.set(beginning, [...(rows.get(beginning) ?? []), { forms: parts, prefix, clause }])
      // COVID-19 is written COVID19 as well.
      if (atom.forms.length === 1 || !exact) ask(prefix ? beginnings : forms, atom.forms.join(''), clause)
      // Of anak-anak the other forms are those of anak.
      if (exact || prefix || atom.forms.some((form) => form !== first)) continue
      for (const one of stemLanguages) ask(forms, stem(first, one), clause)
      if (language !== undefined) ask(stems, stem(first, language), clause)
    }
  }
  const judge = (form: string): Verdict => {
    let answers = forms.get(form) ?? 0
    if (language !== undefined && stems.size > 0) answers |= stems.get(stem(form, language)) ?? 0
    for (const [beginning, clause] of beginnings) if (form.startsWith(beginning)) answers |= clause
    const begun = rows.get(form)
    return answers === 0 && begun === undefined ? nothing : { clauses: answers, rows: begun ?? [] }
  }
  // Texts repeat their words, and the words of one another.
  const judged = new Map<string, Verdict>()
  return (form) => {
    const known = judged.get(form)
    if (known !== undefined) return known
    const verdict = judge(form)
    judged.set(form, verdict)
    return verdict
  }
}

/** The matches in their order. Where several begin, the longest is one; what begins within it is part of it. */
export function findHits(words: readonly Word[], judge: Judge): Hit[] {
  const hits: Hit[] = []
  let hit: Hit | undefined
  for (const [i, word] of words.entries()) {
    const verdict = judge(word.form)
    if (verdict === nothing) continue
    let clauses = verdict.clauses
    let end = clauses === 0 ? word.start : word.end
    for (const row of verdict.rows) {
      const last = endOf(row, words, i)
      if (last === undefined) continue
      clauses |= row.clause
      end = Math.max(end, last.end)
    }
    if (clauses === 0) continue
    if (hit !== undefined && word.start < hit.end) hit.clauses |= clauses
    else {
      hit = { start: word.start, end, clauses }
      hits.push(hit)
    }
  }
  return hits
}

/** The last word of a row that begins with a word; undefined, when it does not. */
function endOf({ forms, prefix }: Row, words: readonly Word[], first: number): Word | undefined {
  const last = words[first + forms.length - 1]
  if (last === undefined) return undefined
  const isThere = forms.every((form, i) => {
    const found = words[first + i]?.form
    return found === form || (prefix && i === forms.length - 1 && found?.startsWith(form))
  })
  return isThere ? last : undefined
}
