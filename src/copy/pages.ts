import { readByline } from './bylines.ts'
import type { Line, ParseReport } from './model.ts'
import { endsLikeProse, isListItem, startsLowerCase } from './prose.ts'
import { noteDrop, noteRule, warn } from './report.ts'

const MARKERS: readonly { pattern: RegExp; sure: boolean }[] = [
  { pattern: /^(\d{1,2}) dari (\d{1,2}) halaman$/i, sure: true },
  { pattern: /^(\d{1,2}) of (\d{1,2}) pages?$/i, sure: true },
  { pattern: /^(?:halaman|hal\.?)\s?:?\s?(\d{1,2})\s?(?:dari|\/)\s?(\d{1,2})$/i, sure: true },
  { pattern: /^page (\d{1,2})\s?(?:of|\/)\s?(\d{1,2})$/i, sure: true },
  { pattern: /^(?:(?:halaman|hal\.?)\s?:?\s?|page )(\d{1,2})$/i, sure: false },
  { pattern: /^<!--\s{0,9}nextpage\s{0,9}-->$/i, sure: true },
]
const LONGEST_MARKER = 60
const LONGEST_TITLE = 120

export interface CopyPage {
  title: string | null
  lines: Line[]
}

interface Marker {
  number: number | null
  total: number | null
  sure: boolean
}

/** Breaks a paste at its page markers. A marker of the page that has already begun breaks nothing. */
export function splitPages(lines: readonly Line[], report: ParseReport): CopyPage[] {
  const first: CopyPage = { title: null, lines: [] }
  const pages = [first]
  let page = first
  let current = 1
  let last: { line: Line; total: number } | null = null
  let taken: Line | null = null
  for (const [i, line] of lines.entries()) {
    if (line === taken) continue
    const marker = readMarker(line.text)
    if (!marker) {
      page.lines.push(line)
      continue
    }
    noteDrop(report, 'page_marker', line, marker.sure ? 'high' : 'low')
    const number = marker.number ?? current + 1
    if (marker.total !== null) last = { line, total: marker.total }
    if (number <= current) {
      if (number < current) warn(report, line, 'page_order', `Page ${number} is announced after page ${current}`)
      continue
    }
    if (number > current + 1) warn(report, line, 'page_order', `Page ${number} is announced after page ${current}`)
    current = number
    if (page.lines.length === 0) continue
    page = { title: null, lines: [] }
    pages.push(page)
    const title = lines[i + 1]
    if (title && isPageTitle(title, lines[i + 2])) {
      page.title = title.text
      noteRule(report, 'page_title', title, title.text, marker.sure ? 'high' : 'low')
      taken = title
    }
  }
  if (last && last.total !== pages.length) {
    const message = `The copy announces ${last.total} pages and has ${pages.length}`
    warn(report, last.line, 'page_count_mismatch', message)
  }
  return pages
}

export function isPageMarker(text: string): boolean {
  return readMarker(text) !== null
}

function readMarker(text: string): Marker | null {
  if (text.length > LONGEST_MARKER) return null
  for (const { pattern, sure } of MARKERS) {
    const found = pattern.exec(text)
    if (!found) continue
    const number = found[1] === undefined ? null : Number(found[1])
    const total = found[2] === undefined ? null : Number(found[2])
    const sane = number === null || (number >= 1 && (total === null || number <= total))
    return sane ? { number, total, sure } : null
  }
  return null
}

/** The line below a marker is the page's title when it reads as a headline and the page goes on. */
function isPageTitle(line: Line, next: Line | undefined): boolean {
  if (!next || readMarker(line.text) || readMarker(next.text)) return false
  if (line.text.length > LONGEST_TITLE || endsLikeProse(line.text)) return false
  if (startsLowerCase(line.text) || isListItem(line.text) || readByline(line.text)) return false
  return !(next.block === line.block && startsLowerCase(next.text))
}
