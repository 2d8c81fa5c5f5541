import { isCalendarWord } from './dates.ts'
import type { Byline, BylineRole } from './model.ts'
import { isOutletName } from './names.ts'

const LABELS: readonly { role: BylineRole; words: readonly string[] }[] = [
  { role: 'author', words: ['penulis', 'reporter', 'pewarta', 'wartawan', 'jurnalis', 'oleh', 'author', 'writer'] },
  { role: 'editor', words: ['editor', 'penyunting', 'redaktur'] },
  { role: 'contributor', words: ['kontributor', 'contributor'] },
  { role: 'photographer', words: ['pewarta foto', 'fotografer', 'foto', 'photographer', 'photo'] },
  { role: 'translator', words: ['penerjemah', 'translator'] },
]
const PHRASES: readonly { role: BylineRole; words: readonly string[] }[] = [
  { role: 'contributor', words: ['additional reporting by'] },
  { role: 'author', words: ['reporting by', 'writing by', 'written by', 'compiled by', 'story by'] },
  { role: 'editor', words: ['editing by', 'edited by'] },
  { role: 'photographer', words: ['photo by', 'photos by', 'photography by'] },
  { role: 'translator', words: ['translated by', 'translation by'] },
]
const ROLES = new Map([...LABELS, ...PHRASES].flatMap(({ role, words }) => words.map((word) => [word, role] as const)))

const alternatives = (groups: typeof LABELS) =>
  groups
    .flatMap(({ words }) => words)
    .sort((a, b) => b.length - a.length)
    .join('|')
const LABEL = new RegExp(
  `(?<=^\\(?|[\\s;|,(/–-])(?:(${alternatives(LABELS)})\\s?[:：]|(${alternatives(PHRASES)})\\s)`,
  'gi',
)
const COPYRIGHT_TAIL = /\s?copyright\s?(?:©|\(c\)).{0,100}$/i
const BUREAU_REPORT = /^laporan (?:wartawan|reporter|kontributor|jurnalis) [^,]{2,60}, (.{2,100})$/i
const CONTRIBUTION = /^(.{2,150}?) (?:ikut |turut )?berkontribusi dalam penulisan (?:artikel|laporan) ini\.?$/i
const BY = /^(by|oleh)\s(.{2,120})$/i
const PHOTO_CREDIT =
  /(?:^|[\s(])(?:(?:foto|photo|dok\.?)\s?:\s?)?(?:[\w-]+\.(?:com|co\.id|co|id|net|tv)|AP|AFP|EPA|AP Photo|REUTERS|Reuters|ANTARA FOTO|ANTARA|Antara|Getty Images|Xinhua)\s?\/\s?((?:\p{Lu}[\p{L}.'’-]*)(?: \p{Lu}[\p{L}.'’-]*){1,3})\)?\.?$/u
const INITIALS = /\((\p{L}?\p{Ll}{1,3}(?:\/\p{L}?\p{Ll}{1,3}){1,3})\)$/u
const NO_INITIALS = new Set(['dan/atau', 'and/or', 'ya/tidak', 'his/her', 'he/she', 'km/jam', 'she/her', 'he/him'])

const NAME_WORD = /^\p{Lu}[\p{L}.'’-]*$/u
const PARTICLE = /^(?:bin|binti|van|von|de|del|della|da|der|den|dos|di|la|le|al|el|ter)$/

/** Reads a whole line as credits (`Penulis: A | Editor: B`, `Reporting by A; Editing by B`), or answers null. */
export function readByline(text: string): Byline[] | null {
  if (text.length > 300) return null
  const credit = BUREAU_REPORT.exec(text)
  if (credit) return asBylines(credit[1], 'author')
  const contribution = CONTRIBUTION.exec(text)
  if (contribution) return asBylines(contribution[1], 'contributor')
  const line = text.replace(COPYRIGHT_TAIL, '').replace(/^\((.*)\)$/, '$1')
  const labels = [...line.matchAll(LABEL)]
  if (labels[0]?.index !== 0) return null
  const bylines: Byline[] = []
  for (const [i, label] of labels.entries()) {
    const role = ROLES.get((label[1] ?? label[2] ?? '').toLowerCase())
    const people = role && asBylines(line.slice(label.index + label[0].length, labels[i + 1]?.index), role)
    if (!people) return null
    bylines.push(...people)
  }
  return bylines
}

/** `By Jane Doe`, `Oleh Budi`: a line below the headline only, because prose begins with these words too. */
export function readHeadByline(text: string): Byline[] | null {
  const by = BY.exec(text)
  if (!by) return readByline(text)
  const names = readNames(by[2] ?? '')
  const sure = names?.every((name) => by[1]?.toLowerCase() === 'oleh' || name.includes(' ') || isOutletName(name))
  return names && sure ? names.map((name) => ({ name, role: 'author' })) : null
}

/** The photographer whom a caption above the story credits: `… (Liputan6.com/Budi Santoso)`. */
export function readPhotoCredit(text: string): Byline | null {
  const name = text.length <= 400 ? PHOTO_CREDIT.exec(text.slice(-100))?.[1] : undefined
  return name === undefined ? null : { name, role: 'photographer' }
}

/** `(azr/haf)` at the end of the copy, alone or behind a finished sentence: the writer, then those who edited. */
export function readInitials(text: string): { text: string; bylines: Byline[] } | null {
  const found = INITIALS.exec(text.slice(-24))
  if (!found?.[1] || NO_INITIALS.has(found[1].toLowerCase())) return null
  const before = text.slice(0, -found[0].length).trimEnd()
  if (before !== '' && !/[.?!…"”’*_]$/.test(before)) return null
  const bylines = found[1].split('/').map((name, i): Byline => ({ name, role: i === 0 ? 'author' : 'editor' }))
  return { text: found[0], bylines }
}

function asBylines(value: string | undefined, role: BylineRole): Byline[] | null {
  return readNames(value ?? '')?.map((name) => ({ name, role })) ?? null
}

/** The people named in a list, without the outlets beside them; null as soon as one part is no name. */
function readNames(value: string): string[] | null {
  const parts = value
    .split(/[,;|/&]|\s(?:dan|and|serta)\s/i)
    .map((part) => part.trim().replace(/\s(?:in|di|from)\s\p{Lu}.*$/u, ''))
    .map((part) => part.replace(/(?<=\p{L}{3})\.$/u, ''))
    .filter((part) => part !== '')
  const people = parts.filter((part) => !isOutletName(part))
  const names = people.length > 0 ? people : parts
  return names.length > 0 && names.every((name) => isOutletName(name) || isPersonName(name)) ? names : null
}

function isPersonName(name: string): boolean {
  const words = name.split(/\s+/)
  if (words.length > 6 || name.length > 60 || words.some(isCalendarWord)) return false
  return words.every((word, i) => NAME_WORD.test(word) || (i > 0 && PARTICLE.test(word)))
}
