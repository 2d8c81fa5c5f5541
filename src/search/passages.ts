import { findHits, type Hit, type Judge, type Mark, type Marked } from './hits.ts'
import { type Word, wordsOf } from './words.ts'

/** Some of a page. Where its text goes on, the passage has an '…', which is part of `text`, so that offsets and HTML say the same. */
export interface Passage extends Marked {
  /** as pages are numbered, from 1 */
  page: number
}

/**
 * The characters of all pages that are looked at: only the longest reports have more, and to read so many takes some five
 * milliseconds, in which others wait. What is found only behind them has no passage.
 */
export const mostCharacters = 50_000
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
/** A phrase longer than a passage is shown whole. What is longer than any that can be asked has more signs in it than words. */
const longestMatch = 400

/** The passages of the pages that tell most of what was asked, in their order. */
export function passagesOf(bodies: readonly string[], judge: Judge): Passage[] {
  return choosePassages(readPages(bodies, judge))
}

interface Page {
  number: number
  /** with one character for every gap: a line break where there was one, else a space */
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
    pages.push({ number: i + 1, text, words, hits, signs: signsOf(text), end })
    left -= body.length
  }
  return pages
}

let segmenter: Intl.Segmenter | undefined

/** Its rules are read when somebody searches: it takes 20 ms, and the start has no use for them. */
function signsOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return segmenter.segment(text)
}

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
  return [from, to]
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
