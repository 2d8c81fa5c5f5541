import { readByline, readInitials } from './bylines.ts'
import type { Line, ParseReport } from './model.ts'
import { isPageMarker } from './pages.ts'
import { endsLikeProse, isListItem, startsLowerCase } from './prose.ts'
import { noteDrop } from './report.ts'

// Longer lines are prose, whatever they start with.
const LONGEST = 300

const ANYWHERE: readonly { rule: string; pattern: RegExp }[] = [
  {
    rule: 'related_link',
    pattern:
      /^[-*•]?\s?(?:(?:baca|lihat|simak|tonton|dengarkan) juga|baca|read also|also read|read more|see also|related)\s?:/i,
  },
  { rule: 'related_link', pattern: /^(?:baca|lihat) juga$/i },
  { rule: 'video_link', pattern: /^(?:simak|tonton|lihat)\s(?:pula|juga)\s(?:,\s)?video\b/i },
  { rule: 'video_link', pattern: /^saksikan (?:juga )?video (?:pilihan|menarik)\b[^.]{0,60}$/i },
  { rule: 'scroll_hint', pattern: /^(?:scroll to continue(?: with content)?|gulir untuk lanjut baca)$/i },
  { rule: 'scroll_hint', pattern: /^scroll ke bawah untuk (?:melanjutkan|lanjut) membaca\.?$/i },
  { rule: 'embed_mark', pattern: /^\[gambas:[^\]]*\]$/i },
  {
    rule: 'interface_word',
    pattern: /^(?:dengarkan artikel|tampilkan ringkasan artikel|add as a preferred source on google)$/i,
  },
  { rule: 'channel_link', pattern: /^simak .{0,200}\bwhatsapp channel\b.{0,60}$/i },
  { rule: 'republication_note', pattern: /^artikel ini telah tayang di\b/i },
  { rule: 'copyright_note', pattern: /^(?:copyright\s?)?(?:©|\(c\)\s?copyright|copyright\s?\(c\))/i },
  {
    rule: 'navigation',
    pattern:
      /^(?:halaman\s?(?:selanjutnya|berikutnya|sebelumnya)|selanjutnya|next page|previous page)\s?(?:[>»›→]{0,3}|:(?:.{0,199}[^.!?])?)$/i,
  },
  { rule: 'navigation', pattern: /^halaman\s?:?\s?\d{1,2}(?:\s\d{1,2})+(?:\s(?:show all|semua))?$/i },
]

const INTERFACE_WORDS = new Set([
  'sukses',
  'perbesar',
  'bagikan',
  'share',
  'copy link',
  'salin link',
  'iklan',
  'advertisement',
])
const TIMESTAMP =
  /^(?:(?:diterbitkan|diperbarui|published|updated|terbit)\s?:?\s?)?(?:\p{L}{3,9}['’]?\p{L}?,?\s)?(?:\d{1,2}\s\p{L}{3,9}\.?\s\d{4}|\p{L}{3,9}\.?\s\d{1,2},?\s\d{4}|\d{1,2}[/-]\d{1,2}[/-]\d{4})(?:[\s,|•·-]{1,4}(?:pukul\s|at\s)?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s?[ap]\.?m\.?)?(?:\s(?:WIB|WITA|WIT|GMT|UTC|[A-Z]{2,4}))?)?$/iu
const ADDRESS = /^https?:\/\/\S+$/i
const BREADCRUMB = /^(?:home|beranda)\s?[>/›»]\s?\S/i

/** Removes the lines that belong to a web page around the story and may stand anywhere in a paste. */
export function dropFurniture(lines: readonly Line[], report: ParseReport): Line[] {
  const kept: Line[] = []
  let related: readonly Line[] = []
  for (const [i, line] of lines.entries()) {
    if (related.includes(line)) continue
    const rule = line.text.length <= LONGEST && ANYWHERE.find(({ pattern }) => pattern.test(line.text))?.rule
    if (!rule) {
      kept.push(line)
      continue
    }
    noteDrop(report, rule, line)
    if (!/(?:juga|:)$/i.test(line.text) || rule !== 'related_link') continue
    related = relatedHeadlines(lines, i + 1)
    for (const headline of related) noteDrop(report, 'related_headline', headline, 'low')
  }
  return kept
}

/** The headlines below a bare `Baca juga:` — a list of them, or one line. */
function relatedHeadlines(lines: readonly Line[], from: number): Line[] {
  const found: Line[] = []
  for (let line = lines[from]; line && found.length < 5 && isListItem(line.text); line = lines[from + found.length]) {
    found.push(line)
  }
  if (found.length > 0) return found
  const [line, next] = [lines[from], lines[from + 1]]
  if (!line || !next || line.text.length > 150 || endsLikeProse(line.text) || startsLowerCase(line.text)) return []
  return isPageMarker(line.text) || readByline(line.text) || readInitials(line.text) ? [] : [line]
}

/** The rule that explains a line between the top of the page and the dateline, where a page prints its own words. */
export function findHeadFurniture(text: string): string | null {
  if (text.length > LONGEST) return null
  if (INTERFACE_WORDS.has(text.toLowerCase())) return 'interface_word'
  if (text.length <= 80 && TIMESTAMP.test(text)) return 'timestamp'
  if (ADDRESS.test(text)) return 'page_address'
  if (BREADCRUMB.test(text)) return 'breadcrumb'
  return null
}

/** `Sukses` is printed by a page and is a headline too: it is furniture only where a headline follows. */
export function mayBeHeadline(text: string): boolean {
  return text.toLowerCase() === 'sukses'
}
