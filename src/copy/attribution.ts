import { isCalendarWord, type ReadDate, readDate } from './dates.ts'
import type { KnownSource, Line, ParseReport, SourceMention } from './model.ts'
import { findNameAt, findNameBefore, isDomain, isNewsSource, type NameIndex } from './names.ts'
import { findPlaceEnd, isPlace } from './places.ts'
import { noteRule, warn } from './report.ts'

// `named` verbs attribute to whatever name follows; after `known` ones stand ministers as often as newspapers.
const TRIGGER =
  /(?<![\p{L}\p{N}])(?:(?<named>dilansir|melansir|dikutip|mengutip|dinukil|menukil|disadur|dilaporkan|diberitakan|diwartakan|(?:reported|cited|quoted)\sby)|(?<known>menurut|lapor|tulis|according\sto|told|citing|quoting)|(?<after>reported|reports|melaporkan|memberitakan|mewartakan))(?![\p{L}\p{N}])/giu
const LINKS = new Set('dari oleh dalam pada by from'.split(' '))
const CARRIERS = new Set(
  (
    'laman situs web website resmi kantor berita media massa harian surat kabar portal majalah tabloid stasiun televisi ' +
    'tv radio saluran kanal akun laporan artikel unggahan lembaga penyiaran pemerintah negara milik setempat lokal asing ' +
    'the news agency newspaper broadcaster state state-run official local daily magazine website outlet channel a report'
  ).split(' '),
)
const WORD = /[\p{L}\p{N}@][^\s,;:()"“”]*/uy
const NAME_WORD = /[\p{Lu}\p{N}@][^\s,;:()"“”]*/uy
const SPACE = /\s{1,3}/y
const COMMA_SPACE = /,?\s{1,3}/y
const JOINT = /,?\s(?:dan|serta|and|&)\s|,\s/iuy
const NAME_ENDS = /^["”]?(?:[,;:.!?()]|$)|^\s(?:pada|on|dan|and|\()/i
const LONGEST_MENTION = 300

interface Attributed {
  source: KnownSource | null
  name: string
  end: number
  date: ReadDate | null
}

/** Finds which sources the copy rests on. The sentences stay where they are: they are the editor's text. */
export function readAttributions(
  paragraphs: readonly (readonly Line[])[],
  index: NameIndex,
  today: string,
  report: ParseReport,
): SourceMention[] {
  const mentions = new Map<string, SourceMention>()
  const unresolved = new Set<string>()
  for (const lines of paragraphs) {
    const text = lines.map((line) => line.text).join(' ')
    const lineAt = lineFinder(lines)
    for (const trigger of text.matchAll(TRIGGER)) {
      const group = readGroup(text, trigger, index, today)
      const date = group?.date ?? null
      const line = lineAt(trigger.index)
      if (!group || !line) continue
      const mention = text.slice(group.start, Math.max(group.end, date?.end ?? 0)).slice(0, LONGEST_MENTION)
      for (const { source, name } of group.names) {
        const seen = source ? mentions.has(source.id) : unresolved.has(name.toLowerCase())
        if (seen) continue
        const statedOn = date?.statedOn ?? null
        if (source) mentions.set(source.id, { source: source.id, role: 'cited', statedOn, mention })
        else report.unresolved.push({ line: line.number, name, statedOn })
        if (!source) unresolved.add(name.toLowerCase())
        noteRule(report, source ? 'attribution' : 'attribution_unresolved', line, mention, source ? 'high' : 'low')
        if (date?.problem) warn(report, line, date.problem.code, date.problem.message)
      }
    }
  }
  return [...mentions.values()]
}

interface Group {
  start: number
  end: number
  names: Attributed[]
  date: ReadDate | null
}

function readGroup(text: string, trigger: RegExpExecArray, index: NameIndex, today: string): Group | null {
  const after = trigger.index + trigger[0].length
  if (trigger.groups?.after) {
    const name = findNameBefore(index, text, trigger.index - 1)
    if (!name || !isNewsSource(name.source)) return null
    return {
      start: name.start,
      end: after,
      names: [{ ...name, name: '', date: null }],
      date: readDate(text, after, today),
    }
  }
  const named = trigger.groups?.named !== undefined
  const names: Attributed[] = []
  let end = after
  for (let at = skip(SPACE, text, after); at > end && names.length < 6; at = skip(JOINT, text, end)) {
    const comma = names.length > 0 && text.slice(end, at).trim() === ','
    const next = readSource(text, at, index, today, named && !comma)
    if (!next || (names.length > 0 && !next.source && !NAME_ENDS.test(text.slice(next.end, next.end + 8)))) break
    if (!named && !(next.source && isNewsSource(next.source))) break
    names.push(next)
    end = next.end
  }
  if (names.length === 0) return null
  return { start: trigger.index, end, names, date: names[0]?.date ?? readDate(text, end, today) }
}

/** One name, behind such words as `laman`, `kantor berita Rusia` or `pada Rabu (20/9) oleh`. */
function readSource(
  text: string,
  from: number,
  index: NameIndex,
  today: string,
  unknownToo: boolean,
): Attributed | null {
  let at = from
  let nameStart: number | null = null
  let linked = false
  let date: ReadDate | null = null
  for (let words = 0; words < 8; words++) {
    const known = findNameAt(index, text, at)
    if (known) return { ...known, name: '', date }
    const word = text.slice(at, skip(WORD, text, at))
    const placeEnd = findPlaceEnd(text, at)
    let end = at + word.length
    let gap = SPACE
    if (isCalendarWord(word)) {
      date = readDate(text, at, today)
      end = date?.end ?? end
      gap = COMMA_SPACE
    } else if (LINKS.has(word) || CARRIERS.has(word.toLowerCase())) {
      linked ||= word === word.toLowerCase()
      if (word !== word.toLowerCase()) nameStart ??= at
    } else if (placeEnd !== null) {
      nameStart ??= at
      end = placeEnd
      gap = COMMA_SPACE
    } else break
    const next = skip(gap, text, end)
    if (next === end) break
    at = next
  }
  const name = unknownToo ? readUnknownName(text, nameStart ?? at) : ''
  const end = (nameStart ?? at) + name.length
  if (name === '' || isPlace(name) || !(linked || NAME_ENDS.test(text.slice(end, end + 8)))) return null
  return { source: null, name, end, date }
}

/** Up to six capitalised words, or a domain in small letters. */
function readUnknownName(text: string, start: number): string {
  const domain = text.slice(start, skip(WORD, text, start)).replace(/[.!?]+$/, '')
  if (domain.length <= 100 && isDomain(domain)) return domain
  let end = start
  for (let at = start, words = 0; words < 6; words++) {
    const next = skip(NAME_WORD, text, at)
    const word = text.slice(at, next)
    if (next === at || word.length > 60 || isCalendarWord(word) || /^\p{N}+\p{P}*$/u.test(word)) break
    end = next
    if (/[.!?]$/.test(word) || text[next] !== ' ') break
    at = next + 1
  }
  return text.slice(start, end).replace(/[.!?'’]+$/, '')
}

function skip(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return at + (pattern.exec(text)?.[0].length ?? 0)
}

/** Offsets only grow while a paragraph is read, so the line is found by walking on. */
function lineFinder(lines: readonly Line[]): (offset: number) => Line | undefined {
  let current = 0
  let end = lines[0]?.text.length ?? 0
  return (offset) => {
    while (offset > end && current < lines.length - 1) {
      current++
      end += 1 + (lines[current]?.text.length ?? 0)
    }
    return lines[current]
  }
}
