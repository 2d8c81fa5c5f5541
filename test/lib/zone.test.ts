import fc from 'fast-check'
import t from 'tap'
import type { Fault } from '../../src/lib/faults.ts'
import { instantOf } from '../../src/lib/zone.ts'
import '../support/chance.ts'

function faultsOf(at: string, zone?: string): Fault[] {
  const result = instantOf(at, zone)
  return 'faults' in result ? result.faults : []
}

/** Places and codes alone. */
function codesOf(at: string, zone?: string): string[] {
  return faultsOf(at, zone).map(({ pointer, code }) => `${pointer} ${code}`)
}

t.test('a time with its offset is that instant, in UTC', async (t) => {
  for (const [at, instant] of [
    ['2026-11-22T16:30:00+07:00', '2026-11-22T09:30:00.000Z'],
    ['2026-11-22T09:30:00.5Z', '2026-11-22T09:30:00.500Z'],
  ] as const) {
    t.same(instantOf(at), { instant }, at)
  }
})

t.test('a time without offset is what clocks of the zone show', async (t) => {
  for (const [at, zone, instant] of [
    ['2026-11-22T18:00', 'Asia/Jakarta', '2026-11-22T11:00:00.000Z'],
    ['2026-11-22T18:00:30', 'Asia/Jakarta', '2026-11-22T11:00:30.000Z'],
    ['2026-11-22T18:00:30.25', 'asia/jakarta', '2026-11-22T11:00:30.250Z'],
    ['2026-11-22T18:00', 'Asia/Kathmandu', '2026-11-22T12:15:00.000Z'],
    ['2026-11-22T18:00', 'Asia/Katmandu', '2026-11-22T12:15:00.000Z'],
    ['2026-11-22T18:00', 'Etc/GMT+7', '2026-11-23T01:00:00.000Z'],
    ['2026-11-22T18:00', 'UTC', '2026-11-22T18:00:00.000Z'],
    ['2026-01-15T12:00', 'Europe/Berlin', '2026-01-15T11:00:00.000Z'],
    ['2026-07-15T12:00', 'Europe/Berlin', '2026-07-15T10:00:00.000Z'],
    ['2028-02-29T23:00', 'America/New_York', '2028-03-01T04:00:00.000Z'],
    // Clocks of Morocco are an hour back for Ramadan, about a month.
    ['2025-02-10T12:00', 'Africa/Casablanca', '2025-02-10T11:00:00.000Z'],
    ['2025-03-10T12:00', 'Africa/Casablanca', '2025-03-10T12:00:00.000Z'],
    ['2025-04-10T12:00', 'Africa/Casablanca', '2025-04-10T11:00:00.000Z'],
    ['0001-01-02T00:00', 'UTC', '0001-01-02T00:00:00.000Z'],
    ['9999-12-31T23:59:59.999', 'Asia/Jakarta', '9999-12-31T16:59:59.999Z'],
  ] as const) {
    t.same(instantOf(at, zone), { instant }, `${at} ${zone}`)
  }
})

t.test('what clocks skip is refused, with the times before and after that can be meant', async (t) => {
  for (const [at, zone, ...choices] of [
    ['2026-03-29T02:30', 'Europe/Berlin', '2026-03-29T01:30:00+01:00', '2026-03-29T03:30:00+02:00'],
    ['2026-03-29T02:00', 'Europe/Berlin', '2026-03-29T01:00:00+01:00', '2026-03-29T03:00:00+02:00'],
    ['2026-03-08T02:59:59.999', 'America/New_York', '2026-03-08T01:59:59.999-05:00', '2026-03-08T03:59:59.999-04:00'],
    ['2026-10-04T02:15', 'Australia/Lord_Howe', '2026-10-04T01:45:00+10:30', '2026-10-04T02:45:00+11:00'],
    // The day that Samoa left out to be on the other side of the date line.
    ['2011-12-30T12:00', 'Pacific/Apia', '2011-12-29T12:00:00-10:00', '2011-12-31T12:00:00+14:00'],
  ] as const) {
    t.match(faultsOf(at, zone), [{ pointer: '/at', code: 'no_such_time', choices }], `${at} ${zone}`)
    for (const choice of choices) t.hasProp(instantOf(choice), 'instant')
  }
  t.hasProp(instantOf('2026-03-29T01:59:59.999', 'Europe/Berlin'), 'instant', 'the last before')
  t.hasProp(instantOf('2026-03-29T03:00', 'Europe/Berlin'), 'instant', 'and the first after')
})

t.test('what clocks show twice is refused, with both instants', async (t) => {
  for (const [at, zone, ...choices] of [
    ['2026-10-25T02:30', 'Europe/Berlin', '2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00'],
    ['2026-11-01T01:00', 'America/New_York', '2026-11-01T01:00:00-04:00', '2026-11-01T01:00:00-05:00'],
    ['2026-04-05T01:45', 'Australia/Lord_Howe', '2026-04-05T01:45:00+11:00', '2026-04-05T01:45:00+10:30'],
    ['2025-02-23T02:30', 'Africa/Casablanca', '2025-02-23T02:30:00+01:00', '2025-02-23T02:30:00+00:00'],
    // The zone's first offset has seconds, which RFC 3339 cannot write.
    ['1883-11-18T12:02', 'America/New_York', '1883-11-18T16:58:02.000Z', '1883-11-18T12:02:00-05:00'],
  ] as const) {
    t.match(faultsOf(at, zone), [{ pointer: '/at', code: 'ambiguous_time', choices }], `${at} ${zone}`)
  }
  t.hasProp(instantOf('2026-10-25T01:59:59.999', 'Europe/Berlin'), 'instant', 'the last before')
  t.hasProp(instantOf('2026-10-25T03:00', 'Europe/Berlin'), 'instant', 'and the first after')
})

t.test('a time needs its offset or a zone, and not both', async (t) => {
  t.same(codesOf('2026-11-22T18:00'), ['/at offset_missing'])
  t.match(faultsOf('2026-11-22T18:00')[0]?.message, /such as 2026-11-22T18:00:00\+07:00/)
  t.same(codesOf('2026-11-22T18:00:00Z', 'Asia/Jakarta'), ['/zone offset_and_zone'])
  t.same(codesOf('2026-11-22T18:00:00+07:00', 'Asia/Jakarta'), ['/zone offset_and_zone'], 'even if they agree')
})

t.test('a zone is a name of the database', async (t) => {
  const none = ['', ' ', 'Z', '+07:00', '-07', '+0700', 'GMT+7', 'WIB', 'Asia/Atlantis', 'Asia/Jakarta ', 'ﬁ', '\0']
  const long = ['2026-11-22T18:00[Asia/Jakarta]', 'a'.repeat(100_000), 'a/'.repeat(50_000)]
  for (const zone of [...none, ...long])
    t.same(codesOf('2026-11-22T18:00', zone), ['/zone unknown_zone'], JSON.stringify(zone.slice(0, 40)))
})

t.test('what is no time is refused, with an unknown zone beside it at once', async (t) => {
  const none = [
    ...['', 'now', '2026-11-22', '18:00', '2026-11-22T18', '2026-11-22 18:00', '2026-11-22T24:00', '2026-11-22T18:60'],
    ...['2026-02-29T12:00', '2026-04-31T12:00', '2026-11-22T18:00:60', '2026-11-22T18:00:', '2026-11-22T18:00:00.'],
    ...['2026-11-22T18:00+07:00', '2026-11-22T18:00Z', '2026-11-22T18:00:00+7', '2026-11-22T18:00[Asia/Jakarta]'],
    ...['0000-12-31T12:00', '10000-01-01T12:00', '+010000-01-01T12:00', '-000001-01-01T12:00', '٢٠٢٦-11-22T18:00'],
    '2026-11-22T18:00:'.padEnd(100_000, '0'),
  ]
  for (const at of none) {
    t.same(codesOf(at, 'Asia/Jakarta'), ['/at wrong_format'], at.slice(0, 40))
    t.same(codesOf(at, '+07:00'), ['/at wrong_format', '/zone unknown_zone'], at.slice(0, 40))
  }
  t.same(codesOf('0001-01-01T00:00', 'Asia/Jakarta'), ['/at wrong_format'], 'in UTC before the year 1')
  t.same(codesOf('9999-12-31T23:00', 'America/New_York'), ['/at wrong_format'], 'in UTC after the year 9999')
})

t.test('faults stand where the members are', async (t) => {
  const result = instantOf('now', 'here', { at: '/operations/3/at', zone: '/operations/3/zone' })
  t.match(result, { faults: [{ pointer: '/operations/3/at' }, { pointer: '/operations/3/zone' }] })
})

t.test('what a clock of any zone shows at an instant leads back to it, or to it and another', async (t) => {
  const zones = Intl.supportedValuesOf('timeZone')
  // Years in which most zones have moved their clocks: of others nearly no instant is ambiguous.
  const shifts = ['2026-10-25T01:00:00Z', '2026-11-01T06:00:00Z', '2026-04-04T15:00:00Z', '2011-12-30T10:00:00Z']
  const near = fc
    .tuple(fc.constantFrom(...shifts), fc.integer({ min: -7_200_000, max: 7_200_000 }))
    .map(([at, milliseconds]) => Date.parse(at) + milliseconds)
  const any = fc.integer({ min: Date.parse('0001-01-02T00:00:00Z'), max: Date.parse('9999-12-30T00:00:00Z') })
  const places = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Australia/Sydney', 'Pacific/Apia']
  const cases = fc.oneof(fc.tuple(near, fc.constantFrom(...places)), fc.tuple(any, fc.constantFrom(...zones)))
  let ambiguous = 0
  fc.assert(
    fc.property(cases, ([milliseconds, zone]) => {
      const instant = new Date(milliseconds).toISOString()
      const result = instantOf(clockOf(milliseconds, zone), zone)
      if ('instant' in result) return result.instant === instant
      const [fault] = result.faults
      ambiguous++
      const meant = (fault?.choices ?? []).map((choice) => instantOf(choice))
      return (
        fault?.code === 'ambiguous_time' && meant.some((choice) => 'instant' in choice && choice.instant === instant)
      )
    }),
    { numRuns: 500 },
  )
  t.ok(ambiguous > 10, 'some of them are shown twice')
})

/** What clocks show, told by another than what is tested. */
function clockOf(milliseconds: number, zone: string): string {
  const format = new Intl.DateTimeFormat('en-u-hc-h23', {
    timeZone: zone,
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
    fractionalSecondDigits: 3,
  })
  const part = Object.fromEntries(format.formatToParts(milliseconds).map(({ type, value }) => [type, value]))
  const day = `${part.year?.padStart(4, '0')}-${part.month}-${part.day}`
  return `${day}T${part.hour}:${part.minute}:${part.second}.${part.fractionalSecond}`
}
