import { readByline, readHeadByline, readPhotoCredit } from './bylines.ts'
import { type FoundDateline, readDateline } from './dateline.ts'
import { findHeadFurniture, mayBeHeadline } from './furniture.ts'
import { isDeck, isGuessedDeck, isHeadline } from './headline.ts'
import type { Byline, Confidence, Line, ParseReport } from './model.ts'
import type { NameIndex } from './names.ts'
import { noteDrop, noteRule } from './report.ts'

/** How many paragraphs below the headline may precede the dateline. */
const DATELINE_REACH = 6

export interface Head {
  title: string | null
  deck: Line[]
  dateline: FoundDateline | null
  bylines: Byline[]
  /** What is left of the page, the dateline taken off. */
  body: Line[]
}

interface Explained {
  line: Line
  rule: string
  bylines: Byline[]
}

/** Reads the top of the first page: headline, deck, dateline, and the page's own words among them. */
export function readHead(lines: readonly Line[], index: NameIndex, report: ParseReport): Head {
  const above = takeWhileExplained(lines)
  const headline = findHeadline(lines, above, index)
  const rest = lines.slice(above.length + (headline && !above.some(({ line }) => line === headline.line) ? 1 : 0))
  const opening = readOpening(rest, headline?.line ?? null, index)
  const deck = opening.deck
  const dropped = [...above.filter(({ line }) => line !== headline?.line), ...opening.explained]
  if (headline) noteRule(report, 'title', headline.line, headline.line.text, headline.confidence)
  for (const line of deck) noteRule(report, 'deck', line, line.text, opening.found ? 'high' : 'low')
  for (const { line, rule } of dropped) noteDrop(report, rule, line, rule === 'caption' ? 'low' : 'high')
  if (opening.found) {
    const { rule, matched, confidence } = opening.found.dateline
    noteRule(report, rule, opening.found.line, matched, confidence)
  }
  const gone = new Set([...dropped.map(({ line }) => line), ...deck])
  return {
    title: headline?.line.text ?? null,
    deck,
    dateline: opening.found?.dateline ?? null,
    bylines: dropped.flatMap(({ bylines }) => bylines),
    body: rest.filter((line) => !gone.has(line)).flatMap((line) => withoutDateline(line, opening.found)),
  }
}

function takeWhileExplained(lines: readonly Line[]): Explained[] {
  const above: Explained[] = []
  for (const line of lines) {
    const rule = findHeadFurniture(line.text)
    const bylines = rule ? [] : readByline(line.text)
    if (!bylines) break
    above.push({ line, rule: rule ?? 'byline', bylines })
  }
  return above
}

interface Headline {
  line: Line
  confidence: Confidence
}

/** The first line that no rule explains; where that is no headline, an interface word that can be one. */
function findHeadline(lines: readonly Line[], above: readonly Explained[], index: NameIndex): Headline | null {
  const line = lines[above.length]
  if (line && isHeadline(line, lines[above.length + 1], index)) return { line, confidence: 'high' }
  const word = above.findLast(({ line }) => mayBeHeadline(line.text))
  return word ? { line: word.line, confidence: 'low' } : null
}

interface Opening {
  deck: Line[]
  found: { line: Line; dateline: FoundDateline } | null
  explained: Explained[]
}

function readOpening(lines: readonly Line[], title: Line | null, index: NameIndex, captions = true): Opening {
  const plain: Line[] = []
  const explained: Placed[] = []
  for (const [i, line] of lines.entries()) {
    if (plain.length >= DATELINE_REACH) break
    const opensParagraph = line.block !== lines[i - 1]?.block || line.block === title?.block
    const dateline = opensParagraph ? readDateline(index, line.text) : null
    if (dateline && (dateline.strong || plain.length === 0 || (title && isDeck(plain)))) {
      return { deck: title && isDeck(plain) ? plain : [], found: { line, dateline }, explained }
    }
    const known = explain(line, captions)
    if (known) explained.push({ ...known, after: plain.length })
    else plain.push(line)
  }
  // A caption is told from a paragraph with a credit only by its place above a dateline.
  if (captions && explained.some(({ rule }) => rule === 'caption')) return readOpening(lines, title, index, false)
  const deck = title ? guessDeck(lines, title, plain, explained) : []
  // Nothing marks where the story begins, so the head ends with the deck, or with the first plain line.
  const certain = explained.filter(
    ({ after, rule }) => after === 0 || (after === deck.length && rule !== 'interface_word'),
  )
  return { deck, found: null, explained: certain }
}

type Placed = Explained & { after: number }

function guessDeck(lines: readonly Line[], title: Line, plain: readonly Line[], explained: readonly Placed[]): Line[] {
  const [first, second] = plain
  const spaced = title.endsBlock || lines.some(({ endsBlock }) => endsBlock)
  // A line `By Jane Doe` or the time stands between deck and story; `Reporter: …` may be an interview.
  const bylineBelow = explained.some(
    ({ after, rule, line }) => after === 1 && (rule === 'timestamp' || (rule === 'byline' && !line.text.includes(':'))),
  )
  return first && isGuessedDeck(first, second, spaced, bylineBelow) ? [first] : []
}

function explain(line: Line, captions: boolean): Explained | null {
  const rule = findHeadFurniture(line.text)
  if (rule) return { line, rule, bylines: [] }
  const bylines = readHeadByline(line.text)
  if (bylines) return { line, rule: 'byline', bylines }
  const credit = captions ? readPhotoCredit(line.text) : null
  return credit && { line, rule: 'caption', bylines: [credit] }
}

function withoutDateline(line: Line, found: Opening['found']): Line[] {
  if (line !== found?.line) return [line]
  const text = line.text.slice(found.dateline.matched.length).trimStart()
  return text === '' ? [] : [{ ...line, text }]
}
