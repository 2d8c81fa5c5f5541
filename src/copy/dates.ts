const WEEKDAY_NUMBERS: Readonly<Record<string, number>> = {
  minggu: 0,
  ahad: 0,
  senin: 1,
  selasa: 2,
  rabu: 3,
  kamis: 4,
  jumat: 5,
  "jum'at": 5,
  'jum’at': 5,
  sabtu: 6,
  sunday: 0,
  monday: 1,
  tuesday: 2,
  wednesday: 3,
  thursday: 4,
  friday: 5,
  saturday: 6,
}
const WEEKDAY_NAMES = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTH_STEMS: readonly (readonly string[])[] = [
  ['januari', 'january', 'jan'],
  ['februari', 'february', 'feb'],
  ['maret', 'march', 'mar'],
  ['april', 'apr'],
  ['mei', 'may'],
  ['juni', 'june', 'jun'],
  ['juli', 'july', 'jul'],
  ['agustus', 'august', 'agt', 'ags', 'agu', 'aug'],
  ['september', 'sept', 'sep'],
  ['oktober', 'october', 'okt', 'oct'],
  ['november', 'nov'],
  ['desember', 'december', 'des', 'dec'],
]
const MONTH_NUMBERS = new Map(MONTH_STEMS.flatMap((stems, index) => stems.map((stem) => [stem, index + 1] as const)))

const WEEKDAY = `(?:${Object.keys(WEEKDAY_NUMBERS).join('|')})(?![\\p{L}\\p{N}])`
const MONTH = `(?:${MONTH_STEMS.flat().join('|')})(?![\\p{L}\\p{N}])\\.?`

const LEAD = /[,\s]{0,3}(?:(?:pada|on|hari)\s{1,3}){0,3}/iuy
const DAY_NAME = new RegExp(`\\(?(${WEEKDAY})[,\\s]{0,3}`, 'iuy')
const DAY = new RegExp(
  [
    '\\(\\s?(?<d1>\\d{1,2})/(?<m1>\\d{1,2})\\s?\\)',
    '\\(?\\s?(?<d2>\\d{1,2})(?<sep>[-/.])(?<m2>\\d{1,2})\\k<sep>(?<y2>\\d{4}|\\d{2})(?!\\d)\\s?\\)?',
    '\\(?(?<y3>\\d{4})-(?<m3>\\d{2})-(?<d3>\\d{2})(?!\\d)\\)?',
    `\\(?(?<d4>\\d{1,2})\\s(?<m4>${MONTH})(?:,?\\s(?<y4>\\d{4})(?!\\d))?\\)?`,
    `\\(?(?<m5>${MONTH})\\s(?<d5>\\d{1,2})(?![\\p{L}\\p{N}])(?:,?\\s(?<y5>\\d{4})(?!\\d))?\\)?`,
  ].join('|'),
  'iuy',
)
// After a weekday the parentheses may be missing: `Rabu 20/9`.
const SHORT_DAY = /(?<d1>\d{1,2})\/(?<m1>\d{1,2})(?![/\d])\)?/uy
const DATE_PART = new RegExp(
  `^(?:${WEEKDAY}\\s?)?(?:\\(?\\d{1,2}[-/.]\\d{1,2}(?:[-/.]\\d{2,4})?\\)?|\\d{1,2}\\s${MONTH}(?:\\s\\d{4})?|${MONTH}\\s\\d{1,2}(?:\\s\\d{4})?|\\d{4})?$`,
  'iu',
)
const CALENDAR_WORD = new RegExp(`^(?:${WEEKDAY}|${MONTH})$`, 'iu')

export interface ReadDate {
  /** The offset behind the last character that belongs to the date. */
  end: number
  statedOn: string | null
  problem: { code: 'invalid_date' | 'weekday_mismatch' | 'future_date'; message: string } | null
}

/** Reads `, Rabu (20/9/2023)`, ` on Sept. 20` and their kin at an offset. A weekday alone states no day. */
export function readDate(text: string, from: number, today: string): ReadDate | null {
  const start = match(LEAD, text, from)?.end ?? from
  const weekday = match(DAY_NAME, text, start)
  const at = weekday?.end ?? start
  const day = match(DAY, text, at) ?? (weekday && match(SHORT_DAY, text, at))
  if (!day) return weekday && { end: start + weekday.text.replace(/[,\s]+$/, '').length, statedOn: null, problem: null }
  const numbers = readNumbers(day.groups)
  const statedOn = resolveDay(numbers, today)
  const end = day.end + (text[day.end] === ')' && weekday?.text.startsWith('(') ? 1 : 0)
  if (statedOn === null) {
    return { end, statedOn, problem: { code: 'invalid_date', message: `There is no such day: ${day.text}` } }
  }
  const name = weekday?.groups['1']
  const actual = weekdayOf(statedOn)
  if (name !== undefined && WEEKDAY_NUMBERS[name.toLowerCase()] !== actual) {
    const message = `The copy says ${name}, but ${statedOn} is a ${WEEKDAY_NAMES[actual]}`
    return { end, statedOn, problem: { code: 'weekday_mismatch', message } }
  }
  if (statedOn > today) {
    return { end, statedOn, problem: { code: 'future_date', message: `${statedOn} is later than ${today}` } }
  }
  return { end, statedOn, problem: null }
}

/** Whether a piece of a dateline, between its commas, is a weekday or a date. */
export function isDatePart(text: string): boolean {
  return text !== '' && text.length <= 40 && DATE_PART.test(text)
}

export function isCalendarWord(word: string): boolean {
  return CALENDAR_WORD.test(word)
}

interface Found {
  text: string
  end: number
  groups: Readonly<Record<string, string | undefined>>
}

function match(pattern: RegExp, text: string, at: number): Found | null {
  pattern.lastIndex = at
  const found = pattern.exec(text)
  return found && { text: found[0], end: at + found[0].length, groups: { '1': found[1], ...found.groups } }
}

interface DayNumbers {
  day: number
  month: number
  year: number | null
}

function readNumbers(groups: Found['groups']): DayNumbers {
  const pick = (letter: string) => ['1', '2', '3', '4', '5'].map((n) => groups[letter + n]).find((value) => value)
  const month = pick('m') ?? ''
  const year = pick('y')
  return {
    day: Number(pick('d')),
    month: MONTH_NUMBERS.get(month.toLowerCase().replace('.', '')) ?? Number(month),
    year: year === undefined ? null : Number(year.length === 2 ? `20${year}` : year),
  }
}

function resolveDay({ day, month, year }: DayNumbers, today: string): string | null {
  if (year !== null) return isDay(year, month, day) ? iso(year, month, day) : null
  const thisYear = Number(today.slice(0, 4))
  // 29 February may lie eight years back, across a century that is no leap year.
  for (let candidate = thisYear; candidate >= thisYear - 8; candidate--) {
    if (isDay(candidate, month, day) && iso(candidate, month, day) <= today) return iso(candidate, month, day)
  }
  return null
}

function isDay(year: number, month: number, day: number): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const length = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  return length !== undefined && year >= 1 && day >= 1 && day <= length
}

function iso(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

/** Sakamoto's method: 0 is Sunday. */
function weekdayOf(day: string): number {
  const [year = 1, month = 1, date = 1] = day.split('-').map(Number)
  const y = month < 3 ? year - 1 : year
  const shift = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4][month - 1] ?? 0
  return (y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + shift + date) % 7
}
