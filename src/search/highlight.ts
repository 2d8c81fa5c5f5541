import type { Clause } from './query.ts'
import { stem, stemLanguageOf, stemLanguages } from './stems.ts'
import { type Word, wordsOf } from './words.ts'

/** What of an article was asked for: its texts, with the words marked by which it is found. Pure. */

/** A piece of a text in UTF-16 code units, as JavaScript counts them; the end is behind it. */
export type Mark = readonly [start: number, end: number]

/** Marks are in their order and never overlap; neighbours stay apart. */
export interface Marked {
  text: string
  marks: Mark[]
}

/** Some of a page. Where its text goes on, the passage has an '…', which is part of `text`, so that offsets and HTML say the same. */
export interface Passage extends Marked {
  /** as pages are numbered, from 1 */
  page: number
}

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
 * The characters of all pages that are looked at: 20 pages of a newspaper, and the longest that one article may keep
 * everybody waiting, some five milliseconds. What is found only behind them is found without a passage.
 */
const mostCharacters = 50_000
/** Words are looked for so far behind the last one that counts, so that it is whole. */
const margin = 100

const mostPassages = 3
const shortestPassage = 160
const longestPassage = 200
/** What is shown together is at most so far apart, so that there is room for some words before it. */
const widestView = 160
/** A sentence that begins so shortly before a match is shown from its beginning; else there are some words before it. */
const longestLead = 100
const usualLead = 60
/** A phrase longer than a passage is shown whole. What is longer than any that can be asked is no phrase, but signs between two words. */
const longestMatch = 400

/** A match, and the clauses that it answers, a bit for each. */
interface Hit {
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

type Place = 'title' | 'deck' | 'body'
type StemLanguage = (typeof stemLanguages)[number]
type Judge = (form: string) => Verdict

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
      body: choosePassages(readPages(bodies, judgeOf('body', language))),
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

const nothing: Verdict = { clauses: 0, rows: [] }

/** What is asked of the words of one place, in texts of one language. */
function createJudge(clauses: readonly Clause[], place: Place, language: StemLanguage | undefined): Judge {
  const forms = new Map<string, number>()
  const stems = new Map<string, number>()
  const beginnings = new Map<string, number>()
  const rows = new Map<string, Row[]>()
  const ask = (of: Map<string, number>, word: string, clause: number): void => {
    of.set(word, (of.get(word) ?? 0) | clause)
  }
  const wanted = clauses.filter(({ not }) => !not)
  for (const [i, { any }] of wanted.entries()) {
    const clause = 1 << Math.min(i, 31)
    for (const atom of any) {
      if (atom.field !== undefined && atom.field !== place) continue
      const [first = ''] = atom.forms
      const { exact, prefix } = atom
      if (atom.forms.length > 1) rows.set(first, [...(rows.get(first) ?? []), { forms: atom.forms, prefix, clause }])
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
    if (language !== undefined && stems.size > 0) answers |= stems.get(recallStem(form, language)) ?? 0
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

const stemsOf = new Map<StemLanguage, Map<string, string>>(stemLanguages.map((one) => [one, new Map()]))
const mostStems = 20_000
/** V8 copies a word this short out of its text; a longer one would keep the whole text in memory. */
const longestKept = 12

/** The stem as it was the last time: stemming is half of the work, and most words of a search were in the last one too. */
function recallStem(form: string, language: StemLanguage): string {
  const known = stemsOf.get(language)
  if (known === undefined || form.length > longestKept) return stem(form, language)
  const found = known.get(form)
  if (found !== undefined) return found
  const root = stem(form, language)
  if (known.size >= mostStems) known.clear()
  known.set(form, root)
  return root
}

function markWhole(text: string, judge: Judge): Marked {
  return { text, marks: findHits(wordsOf(text), judge).map(({ start, end }) => [start, end]) }
}

/** The matches in their order. Where several begin, the longest is one; what begins within it is part of it. */
function findHits(words: readonly Word[], judge: Judge): Hit[] {
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

interface Page {
  number: number
  /** with one sign for every gap: a line break where there was one, else a space */
  text: string
  words: readonly Word[]
  hits: readonly Hit[]
  /** what is read as one sign: a letter with its marks, a flag */
  signs: Intl.Segments
  /** how far it was looked at: at a word, when the text is longer */
  end: number
}

function readPages(bodies: readonly string[], judge: Judge): Page[] {
  const pages: Page[] = []
  let left = mostCharacters
  for (const [i, body] of bodies.entries()) {
    if (left <= 0) break
    const isLonger = body.length > left
    const text = tidy(isLonger ? body.slice(0, left + margin) : body)
    const limit = isLonger ? tidy(body.slice(0, left)).length : text.length
    const words = wordsOf(text).filter((word) => word.end <= limit)
    const hits = findHits(words, judge).filter(({ start, end }) => end - start <= longestMatch)
    const end = isLonger ? (words.at(-1)?.end ?? 0) : text.length
    pages.push({ number: i + 1, text, words, hits, signs: segmenter.segment(text), end })
    left -= body.length
  }
  return pages
}

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

const gaps = /[\s\u0085]{2,}|[\r\v\f\u0085\u2028\u2029]/g
const lineBreak = /[\n\r\v\f\u0085\u2028\u2029]/

function tidy(text: string): string {
  return text.replace(gaps, (gap) => (lineBreak.test(gap) ? '\n' : ' ')).trim()
}

/** A part of a page that is in no passage yet, with its hits. */
interface Stretch {
  page: Page
  from: number
  to: number
  hits: readonly Hit[]
}

/** Those that say the most of what was asked, then the earliest; in their order. */
function choosePassages(pages: readonly Page[]): Passage[] {
  const stretches: Stretch[] = pages.map((page) => ({ page, from: 0, to: page.end, hits: page.hits }))
  const chosen: Stretch[] = []
  let shown = 0
  while (chosen.length < mostPassages) {
    const view = findView(stretches, shown)
    if (view === undefined) break
    const { stretch } = view
    const [from, to] = cutOut(stretch, view.start, view.end)
    const hits = stretch.hits.filter(({ start, end }) => start >= from && end <= to)
    chosen.push({ page: stretch.page, from, to, hits })
    shown |= clausesOf(hits)
    const before = { ...stretch, to: from, hits: stretch.hits.filter(({ end }) => end <= from) }
    const after = { ...stretch, from: to, hits: stretch.hits.filter(({ start }) => start >= to) }
    stretches.splice(stretches.indexOf(stretch), 1, before, after)
  }
  return chosen.sort((a, b) => a.page.number - b.page.number || a.from - b.from).map(toPassage)
}

/** The hits that are best shown together: of the most clauses that were not shown yet, of the most, the earliest. */
function findView(stretches: readonly Stretch[], shown: number) {
  const every = stretches.reduce((all, { hits }) => all | clausesOf(hits), 0)
  let best: { stretch: Stretch; start: number; end: number } | undefined
  let most = 0
  for (const stretch of stretches) {
    for (const [i, { start, end, clauses }] of stretch.hits.entries()) {
      let together = clauses
      let last = end
      for (let k = i + 1; together !== every; k += 1) {
        const next = stretch.hits[k]
        if (next === undefined || next.end - start > widestView) break
        if ((next.clauses & ~together) === 0) continue
        together |= next.clauses
        last = next.end
      }
      const worth = count(together & ~shown) * 64 + count(together)
      if (worth > most) {
        most = worth
        best = { stretch, start, end: last }
      }
      if (together === every) return best
    }
  }
  return best
}

function clausesOf(hits: readonly Hit[]): number {
  return hits.reduce((all, { clauses }) => all | clauses, 0)
}

function count(bits: number): number {
  let n = 0
  for (let left = bits; left !== 0; left &= left - 1) n += 1
  return n
}

/** Where a text is cut, the best first: before a sentence or paragraph; at a gap; between any signs but a bracket and its inside. */
const sentence = /[.!?…]["'”’»)\]]*\s(?!\p{Ll})|\n|[。！？][”’」』）]*/gu
const gap = /\s/gu
const sign = /[^\p{Ps}\p{Pi}](?![\p{M}\p{Pe}\p{Pf}\p{Po}])/gu

/** The passage that shows the hits from `start` to `end`: it begins with a sentence, when one is near, and is as long as it may be. */
function cutOut({ page, from: first, to: last }: Stretch, start: number, end: number): Mark {
  const lead = Math.min(longestLead, Math.max(0, longestPassage - (end - start)))
  const near = Math.max(first, start - lead)
  const usual = Math.max(near, start - usualLead)
  let from =
    near === first
      ? first
      : (findBreak('findLast', page, [sentence], near, start) ??
        findBreak('find', page, [gap, sign], usual, start) ??
        start)
  const most = Math.max(end, from + longestPassage)
  const least = Math.max(end, from + shortestPassage)
  let to =
    most >= last
      ? last
      : (findBreak('findLast', page, [sentence, gap, sign], least, most) ??
        findBreak('findLast', page, [gap, sign], end, most) ??
        end)
  // At the end of a text there is room for more of what stands before.
  if (to - from < shortestPassage) {
    const earliest = Math.max(first, to - longestPassage)
    if (earliest === first) from = first
    else from = findBreak('find', page, [sentence, gap, sign], earliest, to - shortestPassage) ?? from
  }
  // A word may begin with a mark that belongs to the sign before it, and end before one.
  while (from > first && !canPart(page, from)) from -= 1
  while (to < last && !canPart(page, to)) to += 1
  if (isGap(page.text, from) && canPart(page, from + 1)) from += 1
  return [from, isGap(page.text, to - 1) ? to - 1 : to]
}

/** The first or the last place, of the best there are, after `min` and not after `max`. */
function findBreak(
  which: 'find' | 'findLast',
  page: Page,
  patterns: readonly RegExp[],
  min: number,
  max: number,
): number | undefined {
  // One sign more than counts, for what must not follow.
  const part = page.text.slice(min, max + 1)
  for (const pattern of patterns) {
    const ends = Array.from(part.matchAll(pattern), (match) => min + match.index + match[0].length)
    const found = ends[which]((at) => at <= max && canPart(page, at))
    if (found !== undefined) return found
  }
  return undefined
}

/** Neither a match nor a word is cut in two, nor a sign. */
function canPart({ text, words, hits, signs }: Page, at: number): boolean {
  if (isWithin(words, at) || isWithin(hits, at)) return false
  // Below the combining marks everything is a sign of its own.
  if (text.charCodeAt(at - 1) < 0x300 && text.charCodeAt(at) < 0x300) return true
  return signs.containing(at)?.index === at
}

function isWithin(pieces: readonly Pick<Word, 'start' | 'end'>[], at: number): boolean {
  let low = 0
  let high = pieces.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((pieces[middle]?.end ?? 0) <= at) low = middle + 1
    else high = middle
  }
  return (pieces[low]?.start ?? at) < at
}

function isGap(text: string, at: number): boolean {
  return /\s/.test(text.charAt(at))
}

function toPassage({ page: { number, text }, from, to, hits }: Stretch): Passage {
  const before = from === 0 ? '' : isGap(text, from - 1) ? '… ' : '…'
  const after = to === text.length ? '' : isGap(text, to) ? ' …' : '…'
  const shift = before.length - from
  return {
    page: number,
    text: before + text.slice(from, to).replaceAll('\n', ' ') + after,
    marks: hits.map(({ start, end }) => [start + shift, end + shift]),
  }
}
