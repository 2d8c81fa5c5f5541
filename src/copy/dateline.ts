import { isDatePart } from './dates.ts'
import type { Confidence, Dateline, KnownSource } from './model.ts'
import { isNewsSource, type NameIndex, type Outlet, readOutlet } from './names.ts'
import { findPlaceEnd, isPlace, isRegion } from './places.ts'
import { DASH, isAllCapitals, startsLowerCase } from './prose.ts'

// A dash needs a space beside it: `Hal-hal` is one word and `Jakarta- ` is not.
const SPACED_DASH = new RegExp(`\\s${DASH}(?=\\s|$)|\\s${DASH}|(?<!\\s)${DASH}(?=\\s|$)`, 'u')
const LONGEST = 130
const AGENCY = /^(.{2,100}?)\s?\(([^()]{2,50})\)$/
const TITLED = /^\p{Lu}[\p{L}.'’-]*(?: \p{Lu}[\p{L}.'’-]*){0,2}$/u
/** Words in capitals that open a paragraph with a dash and name no place. */
const NO_PLACE =
  /^(?:UPDATE|BREAKING|BREAKING NEWS|FOTO|VIDEO|INFOGRAFIS|OPINI|CATATAN|PENGUMUMAN|POLRI|BUMN|BMKG|HOAKS|FAKTA|CORRECTED|WATCH|LIVE|PHOTOS|EXCLUSIVE|EKSKLUSIF)$/

export interface FoundDateline {
  rule: string
  confidence: Confidence
  /** Shapes with an outlet and a place are strong; a lone place or outlet counts only where a story begins. */
  strong: boolean
  /** The words to take off the paragraph, dash included. */
  matched: string
  dateline: Dateline
  source: KnownSource | null
}

/** Reads the dateline at the start of a paragraph. */
export function readDateline(index: NameIndex, paragraph: string): FoundDateline | null {
  const head = paragraph.slice(0, LONGEST)
  const dash = SPACED_DASH.exec(head)
  if (!dash) return readUndashed(index, paragraph)
  const text = head.slice(0, dash.index).trim()
  const matched = head.slice(0, dash.index + dash[0].length)
  const found = readParts(index, text, paragraph.slice(matched.length).trimStart())
  if (!found) return readUndashed(index, paragraph)
  const { rule, confidence, outlet, place, source } = found
  const strong = outlet !== null && place !== null
  return { rule, confidence, strong, matched, dateline: { outlet, place, text }, source }
}

interface Parts {
  rule: string
  confidence: Confidence
  outlet: string | null
  place: string | null
  source: KnownSource | null
}

function readParts(index: NameIndex, text: string, rest: string): Parts | null {
  const undated = withoutDate(text)
  const agency = AGENCY.exec(undated)
  if (agency) return readAgency(index, agency[1] ?? '', agency[2] ?? '')
  const parts = undated.split(/,\s?/)
  const [first = '', last = ''] = [parts[0], parts.at(-1)]
  const whole = readOutlet(index, undated)
  if (whole && !startsLowerCase(rest) && (!whole.source || isNewsSource(whole.source))) {
    return parts.length === 1 ? withOutlet('dateline_outlet', undated, null, whole, 'high') : null
  }
  if (parts.length === 1) return readPlaceAlone(parts, rest)
  const leading = readOutlet(index, first)
  if (leading) return readPlaced('dateline_outlet_place', first, leading, parts.slice(1))
  const trailing = readOutlet(index, last)
  if (trailing) return readPlaced('dateline_place_outlet', last, trailing, parts.slice(0, -1))
  return readPlaceAlone(parts, rest)
}

function readPlaced(rule: string, name: string, outlet: Outlet, parts: readonly string[]): Parts | null {
  const place = withoutDate(parts.join(', '))
  const confidence = judgePlace(place)
  return confidence && withOutlet(rule, name, place, outlet, confidence)
}

function readAgency(index: NameIndex, before: string, name: string): Parts | null {
  const place = withoutDate(before)
  const confidence = judgePlace(place)
  const outlet = readOutlet(index, name)
  if (!confidence || (!outlet && (confidence === 'low' || !TITLED.test(name)))) return null
  return withOutlet('dateline_place_agency', name, place, outlet ?? { source: null }, outlet ? confidence : 'low')
}

/** Without an outlet only a gazetteer or capitals vouch for the place, and the sentence must begin anew. */
function readPlaceAlone(parts: readonly string[], rest: string): Parts | null {
  const [city = '', ...regions] = parts
  if (startsLowerCase(rest) || parts.length > 3 || !regions.every(isRegion)) return null
  const known = city.split('/').every((name) => isPlace(name.trim()))
  const capitals = isAllCapitals(city) && TITLED.test(city) && city.length >= 4 && !NO_PLACE.test(city)
  if (!known && !capitals) return null
  const doubtful = !known || findPlaceEnd(rest, 0) !== null
  const place = parts.join(', ')
  return { rule: 'dateline_place', confidence: doubtful ? 'low' : 'high', outlet: null, place, source: null }
}

/** `Liputan6.com, Jakarta Menteri …`: the dash was lost, so both names must be known and a sentence must begin. */
function readUndashed(index: NameIndex, paragraph: string): FoundDateline | null {
  const comma = paragraph.slice(0, 60).indexOf(', ')
  const outletName = paragraph.slice(0, Math.max(comma, 0))
  const outlet = readOutlet(index, outletName)
  const end = outlet && findPlaceEnd(paragraph, comma + 2)
  if (!outlet || end === null || !/^\s["“‘(]?[\p{Lu}\p{N}]/u.test(paragraph.slice(end, end + 4))) return null
  const text = paragraph.slice(0, end)
  const dateline = { outlet: outletName, place: paragraph.slice(comma + 2, end), text }
  const rule = 'dateline_outlet_place_undashed'
  return { rule, confidence: 'low', strong: true, matched: text, dateline, source: outlet.source }
}

function judgePlace(place: string): Confidence | null {
  const parts = place.split(', ')
  if (place.length > 70 || parts.length > 3) return null
  const cities = (parts[0] ?? '').split('/').map((city) => city.trim())
  if (cities.every((city) => isPlace(city) || (isAllCapitals(city) && city.length >= 3))) {
    return parts.slice(1).every((part) => TITLED.test(part)) ? 'high' : null
  }
  return [...cities, ...parts.slice(1)].every((part) => TITLED.test(part)) ? 'low' : null
}

function withoutDate(text: string): string {
  const parts = text.split(/,\s?/)
  while (parts.length > 1 && isDatePart(parts.at(-1) ?? '')) parts.pop()
  return parts.join(', ')
}

function withOutlet(rule: string, name: string, place: string | null, outlet: Outlet, confidence: Confidence): Parts {
  return { rule, confidence, outlet: name, place, source: outlet.source }
}
