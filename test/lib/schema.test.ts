import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import t from 'tap'
import { z } from 'zod'
import { Day, InstantInput, Lang, ListQuery, line, patchOf, reference, Slug, Url } from '../../src/lib/schema.ts'
import '../support/chance.ts'

/** What a schema makes of an input: the value, or what it says would be right. */
function parse(schema: z.ZodType, input: unknown): unknown {
  const result = schema.safeParse(input)
  return result.success ? result.data : result.error.issues.map(({ message }) => message)
}

t.test('an instant has an offset, is a real moment, and is kept in UTC with milliseconds', async (t) => {
  const instants: Record<string, string> = {
    '2026-11-22T09:30:00Z': '2026-11-22T09:30:00.000Z',
    '2026-11-22T16:30:00+07:00': '2026-11-22T09:30:00.000Z',
    '2026-11-22T00:30:00+05:45': '2026-11-21T18:45:00.000Z',
    '2026-12-31T23:30:00-01:00': '2027-01-01T00:30:00.000Z',
    '2026-11-22T09:30:00-00:00': '2026-11-22T09:30:00.000Z',
    '2026-11-22T09:30:00+23:59': '2026-11-21T09:31:00.000Z',
    '2026-11-22t09:30:00z': '2026-11-22T09:30:00.000Z',
    '2026-11-22T09:30:00.5Z': '2026-11-22T09:30:00.500Z',
    '2026-11-22T09:30:00.123456789Z': '2026-11-22T09:30:00.123Z',
    '2024-02-29T12:00:00Z': '2024-02-29T12:00:00.000Z',
    '2000-02-29T12:00:00Z': '2000-02-29T12:00:00.000Z',
    '0001-01-01T00:00:00Z': '0001-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z': '9999-12-31T23:59:59.999Z',
  }
  for (const [given, kept] of Object.entries(instants)) t.equal(parse(InstantInput, given), kept, given)
})

t.test('what is no instant is refused with what would be right', async (t) => {
  const right = [
    'must be an instant with its offset, such as 2026-11-22T09:30:00Z or 2026-11-22T16:30:00+07:00, whose + is %2B in a URL',
  ]
  const wrong = [
    '2026-11-22T09:30:00',
    '2026-11-22T09:30Z',
    '2026-11-22 09:30:00Z',
    '2026-11-22',
    '2026-02-30T12:00:00Z',
    '2026-02-29T12:00:00Z',
    '1900-02-29T12:00:00Z',
    '2026-04-31T12:00:00Z',
    '2026-00-10T12:00:00Z',
    '2026-13-10T12:00:00Z',
    '2026-11-00T12:00:00Z',
    '2026-11-32T12:00:00Z',
    '2026-11-22T24:00:00Z',
    '2026-11-22T09:60:00Z',
    '2026-11-22T23:59:60Z',
    '2026-11-22T09:30:00+24:00',
    '2026-11-22T09:30:00+0700',
    '2026-11-22T09:30:00+07',
    '2026-11-22T09:30:00,5Z',
    '2026-11-22T09:30:00.Z',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+01:00',
    '9999-12-31T23:59:59-01:00',
    '+02026-11-22T09:30:00Z',
    '-2026-11-22T09:30:00Z',
    ' 2026-11-22T09:30:00Z',
    '2026-11-22T09:30:00Z\n',
    '٢٠٢٦-11-22T09:30:00Z',
    'now',
    '',
  ]
  for (const text of wrong) t.same(parse(InstantInput, text), right, JSON.stringify(text))
  for (const value of [1_700_000_000_000, null, undefined, new Date(0)]) t.type(parse(InstantInput, value), Array)
})

t.test('every moment of the years 1 to 9999 is kept as it was, and its text sorts as time does', async (t) => {
  const moment = fc.date({
    min: new Date('0001-01-02T00:00:00Z'),
    max: new Date('9999-12-30T00:00:00Z'),
    noInvalidDate: true,
  })
  const offset = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 })
  const two = (n: number) => String(n).padStart(2, '0')
  fc.assert(
    fc.property(moment, offset, (date, minutes) => {
      const local = new Date(date.getTime() + minutes * 60_000).toISOString().replace('Z', '')
      const size = Math.abs(minutes)
      const text = `${local}${minutes < 0 ? '-' : '+'}${two(Math.trunc(size / 60))}:${two(size % 60)}`
      return parse(InstantInput, text) === date.toISOString()
    }),
  )
  fc.assert(fc.property(moment, moment, (a, b) => a.getTime() < b.getTime() === a.toISOString() < b.toISOString()))
  t.pass('for 200 moments')
})

t.test('a day is a day of the calendar', async (t) => {
  for (const day of ['2023-09-20', '2024-02-29']) t.equal(parse(Day, day), day)
  for (const day of ['2023-02-29', '2023-9-20', '20 September 2023', '', '2023-09-20T00:00:00Z', 20230920]) {
    t.same(parse(Day, day), ['must be a day, YYYY-MM-DD'], String(day))
  }
})

t.test('a slug is lower-case ASCII words joined by hyphens', async (t) => {
  t.equal(parse(Slug, 'rail-strike'), 'rail-strike')
  const right = 'must be lower-case ASCII words joined by hyphens, such as rail-strike, and no UUID'
  for (const slug of [
    'Rail',
    'rail strike',
    'rail_strike',
    '-rail',
    'räil',
    '',
    '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
  ]) {
    t.same(parse(Slug, slug), [right], slug)
  }
  t.type(parse(Slug, 'a'.repeat(101)), Array)
})

t.test('a language is a BCP 47 tag, kept in its canonical form', async (t) => {
  const tags = { id: 'id', 'EN-gb': 'en-GB', 'zh-hans-cn': 'zh-Hans-CN', iw: 'he', 'sr-latn': 'sr-Latn' }
  for (const [given, kept] of Object.entries(tags)) t.equal(parse(Lang, given), kept, given)
  for (const tag of ['', 'en_GB', 'english language', 'e', 'en-', 'id\0']) {
    t.same(parse(Lang, tag), ['must be a BCP 47 tag such as id or en-GB'], JSON.stringify(tag))
  }
})

t.test('a URL is absolute and of the web', async (t) => {
  for (const url of [
    'https://www.example.org/story?id=1&b=%20#part',
    'http://example.org',
    'HTTPS://Example.ORG/A',
    'http://[2001:db8::1]:8080/',
    "https://example.org/a(b)~c;d=e,f:@!$&'*+",
  ]) {
    t.equal(parse(Url, url), url, url)
  }
  for (const url of [
    '',
    'example.org',
    '//example.org',
    '/story',
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.org',
    'mailto:a@example.org',
    'file:///etc/passwd',
    'http://',
    'https://exa mple.org/',
    ' https://example.org',
    'https://example.org/a b',
    'https://example.org/\n',
    'https://example.org:99999/',
  ]) {
    t.same(parse(Url, url), ['must be an absolute http or https URL'], JSON.stringify(url))
  }
})

t.test('a URL as a browser shows it is kept as the URI that it means', async (t) => {
  const urls: Record<string, string> = {
    'https://id.wikipedia.org/wiki/Café': 'https://id.wikipedia.org/wiki/Caf%C3%A9',
    'https://bücher.example/?q=ä#ö': 'https://xn--bcher-kva.example/?q=%C3%A4#%C3%B6',
    'https://example.org/100%': 'https://example.org/100%25',
    'https://example.org/%41?a=%zz': 'https://example.org/%41?a=%25zz',
    'https://example.org/a[1]|b': 'https://example.org/a%5B1%5D%7Cb',
    'https://example.org/#a#b': 'https://example.org/#a%23b',
    'https:\\\\example.org\\a': 'https://example.org/a',
  }
  for (const [given, kept] of Object.entries(urls)) t.equal(parse(Url, given), kept, given)
})

t.test('whatever URL is taken is a URI in answers, and is kept unchanged when it is sent again', async (t) => {
  const ajv = new Ajv2020()
  formats.default(ajv)
  const isUri = ajv.compile({ type: 'string', format: 'uri' })
  const tail = fc.string({ unit: 'binary', maxLength: 30 })
  const wild = fc.tuple(
    fc.constantFrom('https://', 'http://user@', 'https:', 'HTTP://'),
    fc.domain(),
    fc.constantFrom('', '/', '?', '#', ':80/'),
    tail,
    fc.string(),
  )
  let taken = 0
  fc.assert(
    fc.property(
      fc.oneof(
        fc.webUrl({ withFragments: true, withQueryParameters: true }),
        wild.map((parts) => parts.join('')),
      ),
      (url) => {
        const result = Url.safeParse(url)
        if (!result.success) return true
        taken += 1
        return isUri(result.data) && parse(Url, result.data) === result.data
      },
    ),
    { numRuns: 1_000 },
  )
  t.ok(taken > 300, `${taken} were taken`)
})

t.test('a line has something in it and ends once', async (t) => {
  t.equal(parse(line(20), '  Rail strike ends \n'), 'Rail strike ends')
  for (const blank of ['', '  ', '\n\t', '\u00a0']) t.same(parse(line(20), blank), ['must not be empty'])
  for (const end of ['\n', '\r', '\u2028', '\u2029']) t.same(parse(line(20), `a${end}b`), ['must be one line'])
  t.type(parse(line(3), 'abcd'), Array)
})

t.test('a reference is a name or what an answer embeds, even in part', async (t) => {
  const schema = reference(z.object({ id: z.string(), slug: z.string() }))
  for (const given of ['rail', { id: 'x' }, { slug: 'rail' }, { id: 'x', slug: 'rail' }])
    t.same(parse(schema, given), given)
  for (const given of [7, null, ['rail']]) {
    t.same(parse(schema, given), ['must be an id, a slug, or the object that an answer embeds'], JSON.stringify(given))
  }
  t.type(parse(schema, ''), Array)
})

t.test('a list has 20 items to a page, and at most 100', async (t) => {
  t.same(parse(ListQuery, {}), { limit: 20 })
  t.same(parse(ListQuery, { limit: 100, count: 'exact' }), { limit: 100, count: 'exact' })
  for (const query of [
    { limit: 0 },
    { limit: 101 },
    { limit: 1.5 },
    { limit: '5' },
    { count: 'yes' },
    { cursor: '' },
    { offset: 1 },
  ]) {
    t.type(parse(ListQuery, query), Array, JSON.stringify(query))
  }
})

t.test('in a patch every member may be left out or be null, and no other may stand', async (t) => {
  const schema = patchOf(
    z.strictObject({
      name: line(10),
      note: z.string().nullable().default(null),
      tags: z.array(z.string()).default([]),
      more: z.string().optional(),
    }),
  )
  for (const patch of [{}, { name: 'x' }, { name: null, note: null, tags: null, more: null }, { tags: ['a'] }]) {
    t.strictSame(parse(schema, patch), patch, JSON.stringify(patch))
  }
  for (const patch of [{ other: 1 }, { name: 7 }, { tags: [7] }, { name: '' }, null, []]) {
    t.type(parse(schema, patch), Array, JSON.stringify(patch))
  }
})
