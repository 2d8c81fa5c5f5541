import { isCalendarWord } from './dates.ts'
import type { KnownSource } from './model.ts'

/** Names that datelines print without a domain; they mark a dateline even where no such source is known. */
const AGENCIES = new Set(
  [
    'AAP, ABC News, Al Jazeera, Anadolu, ANSA, ANTARA, ANTARA News, AP, Associated Press, The Associated Press, AFP',
    'BBC, BBC News Indonesia, Bernama, Bloomberg, Business Wire, Business Wire India, CNA, CNBC Indonesia, CNN',
    'CNN Indonesia, detikcom, dpa, DW Indonesia, EFE, Globe Newswire, Interfax, Jiji Press, Kompas, Kompas.com',
    'Kyodo, Kyodo News, Liputan6, Liputan6.com, Mongabay Indonesia, NHK, Okezone, PA Media, PRNewswire, PR Newswire',
    'PTI, Republika, RIA Novosti, Reuters, SINDOnews, Sputnik, TASS, Tempo, Thomson Reuters Foundation, UPI',
    'VIVA, VOA, VOA Indonesia, Xinhua, Yonhap',
  ].flatMap((names) => names.toLowerCase().split(', ')),
)
const DOMAIN = /^[^\s,()/]*\p{L}[^\s,()/]*\.(?:com|co|id|net|tv)$/iu
const FIRST_WORD = /[\p{L}\p{N}]+|[^\s]/uy
const NEXT_WORD = /\s+(\p{Lu}[\p{L}\p{N}'’-]*)/uy

export interface NameMatch {
  source: KnownSource
  end: number
}

interface Entry {
  text: string
  source: KnownSource
}

interface Names {
  /** Every length that a name has, the longest first: `CNN Indonesia` is never read as `CNN`. */
  lengths: number[]
  byName: Map<string, Entry>
}

/** Known names by their first word, so that looking one up costs the same with ten sources and with ten thousand. */
export type NameIndex = ReadonlyMap<string, Names>

export function indexNames(sources: readonly KnownSource[]): NameIndex {
  const index = new Map<string, Names>()
  for (const source of sources) {
    for (const name of [source.name, ...source.aliases]) {
      const text = name.normalize('NFC').trim().replace(/\s+/g, ' ')
      if (text === '') continue
      const key = firstWord(text, 0)
      const names: Names = index.get(key) ?? { lengths: [], byName: new Map() }
      index.set(key, names)
      if (!names.byName.has(text.toLowerCase())) names.byName.set(text.toLowerCase(), { text, source })
      if (!names.lengths.includes(text.length)) names.lengths.push(text.length)
    }
  }
  for (const { lengths } of index.values()) lengths.sort((a, b) => b - a)
  return index
}

/**
 * The known source whose name stands at an offset as whole words. `antara lain` is not ANTARA: a name in small letters
 * counts only when it is written so. `CNN Turk` is not CNN: a name that goes on is another name.
 */
export function findNameAt(index: NameIndex, text: string, from: number): NameMatch | null {
  const names = index.get(firstWord(text, from))
  for (const length of names?.lengths ?? []) {
    const end = from + length
    const entry = readEntry(names, text.slice(from, end))
    if (entry && isWordEnd(text, end)) return nameGoesOn(text, end) ? null : { source: entry.source, end }
  }
  return null
}

/** The known source whose name ends exactly at an offset; `Straits Times` is not `Times`. */
export function findNameBefore(index: NameIndex, text: string, end: number): (NameMatch & { start: number }) | null {
  const before = text.slice(Math.max(0, end - 80), end)
  const starts = [...before.matchAll(/(?<=^|[\s("“])\S/gu)].map((word) => end - before.length + word.index)
  for (const start of starts) {
    const entry = readEntry(index.get(firstWord(text, start)), text.slice(start, end))
    if (entry) return nameBegan(text, start) ? null : { source: entry.source, start, end }
  }
  return null
}

function readEntry(names: Names | undefined, found: string): Entry | undefined {
  const entry = names?.byName.get(found.toLowerCase())
  const written = entry && (!/^\p{Ll}/u.test(found) || found === entry.text || DOMAIN.test(entry.text))
  return written ? entry : undefined
}

/** A source that reports for others, as against a ministry, a person or a document. */
export function isNewsSource(source: KnownSource): boolean {
  return source.kind === 'agency' || source.kind === 'outlet' || source.kind === 'own'
}

export interface Outlet {
  source: KnownSource | null
}

/** Reads a whole phrase as the outlet of a dateline: a known source first, then an agency, then a domain. */
export function readOutlet(index: NameIndex, phrase: string): Outlet | null {
  if (phrase === '' || phrase.length > 60) return null
  const known = findNameAt(index, phrase, 0)
  if (known && known.end === phrase.length && (isNewsSource(known.source) || known.source.kind === 'official')) {
    return { source: known.source }
  }
  return isOutletName(phrase) ? { source: null } : null
}

export function isOutletName(phrase: string): boolean {
  return DOMAIN.test(phrase) || (!/^\p{Ll}/u.test(phrase) && AGENCIES.has(phrase.toLowerCase()))
}

export function isDomain(word: string): boolean {
  return DOMAIN.test(word)
}

function firstWord(text: string, from: number): string {
  FIRST_WORD.lastIndex = from
  return FIRST_WORD.exec(text)?.[0].toLowerCase() ?? ''
}

function isWordEnd(text: string, end: number): boolean {
  return !/^(?:[\p{L}\p{N}_]|[-.@/][\p{L}\p{N}])/u.test(text.slice(end, end + 4))
}

/** Words in front of an outlet that begin a sentence or describe it, and are no part of its name. */
const OPENERS = new Set(
  'the but and as when while meanwhile agency namun tetapi sementara saat ketika media harian portal berita'.split(' '),
)

function nameBegan(text: string, start: number): boolean {
  const word = /(\p{Lu}[\p{L}'’-]*)\s$/u.exec(text.slice(Math.max(0, start - 30), start))?.[1]
  return word !== undefined && !isCalendarWord(word) && !OPENERS.has(word.toLowerCase())
}

function nameGoesOn(text: string, end: number): boolean {
  NEXT_WORD.lastIndex = end
  const word = NEXT_WORD.exec(text)?.[1]
  return word !== undefined && !isCalendarWord(word)
}
