import { readByline, readInitials } from './bylines.ts'
import type { Byline, Line, ParseReport } from './model.ts'
import { noteDrop } from './report.ts'

/** Takes the credits off the end of the copy: whole lines, then the initials behind the last sentence. */
export function readTail(lines: readonly Line[], report: ParseReport): { lines: Line[]; bylines: Byline[] } {
  let end = lines.length
  const fromTheEnd: Byline[][] = []
  let last = lines[end - 1]
  while (last) {
    const initials = readInitials(last.text)
    const credits = readByline(last.text) ?? (initials?.text === last.text ? initials.bylines : null)
    if (!credits) break
    noteDrop(report, initials ? 'initials' : 'byline', last)
    fromTheEnd.push(credits)
    end--
    last = lines[end - 1]
  }
  const kept = lines.slice(0, end)
  const initials = last && readInitials(last.text)
  if (last && initials) {
    noteDrop(report, 'initials', last, 'high', initials.text)
    kept[end - 1] = { ...last, text: last.text.slice(0, -initials.text.length).trimEnd() }
    fromTheEnd.push(initials.bylines)
  }
  return { lines: kept, bylines: fromTheEnd.reverse().flat() }
}
