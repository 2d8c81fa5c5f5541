import { createRequire } from 'node:module'
import type { Temporal } from 'temporal-polyfill'
import type { Fault } from './faults.ts'
import { parseInstant } from './schema.ts'

/** Loaded when somebody names a zone: 6 MiB (measured with temporal-polyfill 1.0.8) that few processes ever need. */
function temporal(): typeof Temporal {
  const polyfill = require('temporal-polyfill') as typeof import('temporal-polyfill')
  return polyfill.Temporal
}

const require = createRequire(import.meta.url)

/** Where in the body the two stand, as JSON pointers. */
export interface Places {
  at: string
  zone: string
}

/**
 * The instant that an editor means, in UTC with milliseconds: by a text with its offset (RFC 3339), or by what clocks
 * show in a zone of the IANA database. Where clocks are moved, what they skip or show twice is no instant, but a fault
 * with the two that can be meant. Every fault at once, in its place: `wrong_format`, `offset_missing`, `no_such_time` and
 * `ambiguous_time` of `at`; `unknown_zone` and `offset_and_zone` of `zone`.
 */
export function instantOf(
  at: string,
  zone?: string,
  places: Places = { at: '/at', zone: '/zone' },
): { instant: string } | { faults: Fault[] } {
  const faults: Fault[] = []
  const instant = parseInstant(at)
  const clock = instant === undefined ? clockOf(at) : undefined
  if (instant === undefined && clock === undefined) {
    faults.push({ pointer: places.at, code: 'wrong_format', message: wrongFormat })
  }
  if (zone !== undefined && !isZone(zone))
    faults.push({ pointer: places.zone, code: 'unknown_zone', message: wrongZone })
  if (zone !== undefined && instant !== undefined) {
    const message = 'must not go with a time that has its offset: which of them holds where they differ?'
    faults.push({ pointer: places.zone, code: 'offset_and_zone', message })
  }
  if (zone === undefined && clock !== undefined) {
    const message = `must have its offset, such as ${clock.replace('.000', '')}+07:00, or go with the zone whose clocks show it`
    faults.push({ pointer: places.at, code: 'offset_missing', message })
  }
  if (faults.length > 0) return { faults }
  if (clock === undefined || zone === undefined) return { instant: instant ?? at }
  const read = readingOf(clock, zone)
  return 'instant' in read ? read : { faults: [{ pointer: places.at, ...read }] }
}

const wrongFormat =
  'must be an instant of the years 0001 to 9999 with its offset, such as 2026-11-22T18:00:00+07:00, or, beside a zone, without one, such as 2026-11-22T18:00'
const wrongZone = 'must be a name of the IANA time zone database, such as Asia/Jakarta; an offset belongs to the time'

/** What a clock shows: a date and a time without offset, with seconds and milliseconds. */
function clockOf(text: string): string | undefined {
  const [, minutes, rest = ':00'] = /^(.{10}T\d\d:\d\d)(:.*)?$/i.exec(text) ?? []
  if (minutes === undefined || /[Z+-]/i.test(rest)) return undefined
  return parseInstant(`${minutes}${rest}Z`)?.slice(0, -1)
}

/** What Temporal takes for a zone besides names, such as offsets and whole instants, has other characters or is longer. */
function isZone(name: string): boolean {
  if (!/^[a-z][\w+-]{0,13}(?:\/[\w+-]{1,14}){0,2}$/i.test(name)) return false
  try {
    temporal().Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name)
    return true
  } catch {
    return false
  }
}

function readingOf(clock: string, zone: string): { instant: string } | Pick<Fault, 'code' | 'message' | 'choices'> {
  const shown = temporal().PlainDateTime.from(clock)
  const readings = (['earlier', 'later'] as const).map((which) =>
    shown.toZonedDateTime(zone, { disambiguation: which }),
  )
  const choices = [...new Set(readings.map(textOf))]
  if (choices.length === 1) {
    const instant = parseInstant(choices[0] ?? '')
    return instant === undefined ? { code: 'wrong_format', message: wrongFormat } : { instant }
  }
  if (readings.some((reading) => reading.toPlainDateTime().equals(shown))) {
    const message = `must have its offset: clocks of ${zone} are put back then, and show it twice`
    return { code: 'ambiguous_time', message, choices }
  }
  const message = `must be a time that clocks of ${zone} show: they are put forward then, and skip it`
  return { code: 'no_such_time', message, choices }
}

/** With the offset, unless it has seconds, as before there were time zones: RFC 3339 cannot write it, so then in UTC. */
function textOf(reading: Temporal.ZonedDateTime): string {
  const instant = reading.toInstant().toString({ smallestUnit: 'millisecond' })
  const local = reading.toString({ timeZoneName: 'never' })
  return parseInstant(local) === instant ? local : instant
}
