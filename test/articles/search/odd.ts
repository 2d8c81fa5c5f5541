import fc from 'fast-check'
import type { Answer, TestApp } from '../../support/app.ts'

/** Strings that nobody types, asked for all the same. */

const forms = [
  '',
  '&prefix=true&highlight=true&facets=section,tag,source,lang,year',
  '&prefix=true&highlight=offsets&sort=title&count=exact',
]

/** Why an answer is neither a page nor a refusal of q. */
export function wrongIn({ status, body }: Answer): string | undefined {
  if (status === 200) return Array.isArray(body.data) ? undefined : 'no list'
  // No URL may have such text in it, wherever it stands.
  if (status === 400 && body?.code === 'invalid_text') return undefined
  const at: unknown[] = body?.errors?.map(({ parameter }: { parameter?: string }) => parameter) ?? []
  return status === 400 && at.length > 0 && at.every((one) => one === 'q')
    ? undefined
    : `${status} ${body?.code} at ${at}`
}

/** Asks for each, as it is in a URL, in each form; tells what was answered otherwise than it may be. */
export async function askAll(
  app: TestApp,
  queries: readonly string[],
): Promise<{ faults: string[]; found: number; refused: number }> {
  const faults: string[] = []
  let [found, refused] = [0, 0]
  for (const q of queries) {
    for (const form of forms) {
      const url = `/v1/articles?fields=slug&q=${q}${form}`
      const answer = await app.call('GET', url)
      const wrong = wrongIn(answer)
      if (wrong !== undefined) faults.push(`${wrong}: ${url}`)
      if (answer.status !== 200) refused += 1
      else if (answer.body.data.length > 0) found += 1
    }
  }
  return { faults, found, refused }
}

/** Some that mean something to an engine, or to whoever takes texts apart. */
export const named = [
  ...[
    'C++',
    'co-op',
    '2026-11-22',
    "it's",
    'what?',
    'NEAR(',
    'NEAR(a b, 5)',
    'NEAR("a" "b")',
    'col:',
    'col:x',
    'title:',
    '{title}:x',
    'title : x',
  ],
  ...[
    '"',
    '""',
    '"""',
    '"a',
    '*',
    'a*',
    '*a',
    '"a"*',
    'AND',
    'a AND b',
    'a AND',
    'NOT',
    'a NOT b',
    'NOT a',
    'OR',
    'a OR',
    '^a',
    '+a',
    'a + b',
  ],
  ...[
    '(',
    ')',
    '()',
    '(a)',
    `${'('.repeat(100)}a${')'.repeat(100)}`,
    '('.repeat(256),
    '"'.repeat(256),
    '-'.repeat(256),
    'a OR '.repeat(51),
  ],
  ...[
    '-a',
    '--a',
    '-a -b',
    '-"a',
    'a -',
    "'",
    "''",
    "a'b",
    'a\\b',
    '\\',
    "a'; drop table articles; --",
    'a & b',
    'a | !b',
    'a <-> b',
    'a:*',
    'a:A',
    '!a',
  ],
  ...[
    '%',
    '_',
    '$1',
    '?',
    ':name',
    '@p',
    '#',
    '#t',
    '~',
    'a~en',
    '~id',
    '#s0123456789abcdef0123456789abcdef',
    'null',
    'undefined',
    '{}',
    '[]',
    '[object Object]',
  ],
  ...[
    'a\u0000b',
    '\u0000',
    '\u0001',
    '\u001f',
    '\u007f',
    '\u0085',
    '\u00ad',
    '\u200b',
    '\u200d',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\ufffd',
    '\uffff',
  ],
  ...[
    '👍',
    '👨‍👩‍👧',
    'e\u0301',
    '\u0301',
    'İ',
    'ß',
    'ﬁ',
    'ǅ',
    'ŉ',
    'ﷺ',
    '𝒜',
    '\u{10ffff}',
    '日本',
    'ก',
    'ำ',
    '각',
    'Ａ',
    '٣',
  ],
  ...[
    'tag:"',
    'tag:"a b"',
    'source:a-b',
    'tag:a*',
    'byline:"',
    'body:(',
    'title:title:title:a',
    'TAG:',
    'tag:日本 -tag:日本',
    '-source:nothing a',
  ],
  ...[
    'x'.repeat(256),
    '日'.repeat(32),
    '日'.repeat(33),
    '𐐀'.repeat(128),
    'é'.repeat(256),
    `${'a'.repeat(200)}-${'b'.repeat(55)}`,
  ],
  ...[
    `a ${'-b '.repeat(31)}`,
    `${'a OR '.repeat(31)}a`,
    `"${'a '.repeat(32)}"`,
    `${'a-'.repeat(31)}a`,
    `a ${'-"b c" '.repeat(15)}`,
    `tag:a ${'source:b '.repeat(28)}`,
  ],
]

const pieces = fc.constantFrom(
  ...[
    '"',
    '-',
    ' OR ',
    'title:',
    'tag:',
    'source:',
    'byline:',
    ' ',
    '  ',
    '(',
    ')',
    '*',
    ':',
    "'",
    '\\',
    '|',
    '&',
    '!',
    '<->',
    '~',
    '#',
    '+',
    '^',
    '/',
    ',',
  ],
  ...[
    'a',
    'C++',
    'NEAR',
    'AND',
    'NOT',
    '19',
    'what',
    '日本',
    'É',
    '\u0301',
    '“',
    '”',
    '«',
    '»',
    '\u0000',
    '\u200d',
    'ß',
    'the',
    'co-op',
  ],
)
const anyString = fc.oneof(
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 60 }) },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.oneof(pieces, pieces, fc.string({ unit: 'binary', maxLength: 2 })), { maxLength: 24 })
      .map((parts) => parts.join('')),
  },
)
export const strings = (seed: number, count: number): string[] =>
  // A parameter without a value is no query.
  fc.sample(anyString, { seed, numRuns: count }).map((text) => (text === '' ? 'x' : text))
