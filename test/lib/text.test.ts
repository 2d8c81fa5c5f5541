import fc from 'fast-check'
import t from 'tap'
import { decodeUtf8, IllFormed, parseJson } from '../../src/lib/text.ts'
import '../support/chance.ts'

/** What is said of a text instead of its value. */
function refusal(read: () => unknown): IllFormed | undefined {
  try {
    read()
    return undefined
  } catch (error) {
    if (error instanceof IllFormed) return error
    throw error
  }
}

t.test('bytes that are UTF-8 are the text that they were made of, less a byte order mark', async (t) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      return decodeUtf8(Buffer.from(text)) === text.replace(/^\ufeff/, '')
    }),
  )
  t.equal(decodeUtf8(Buffer.from('\ufeff{}')), '{}')
})

t.test('bytes that are not UTF-8 are refused', async (t) => {
  const bytes = [[0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0x61, 0x80]]
  for (const one of bytes) {
    t.match(
      refusal(() => decodeUtf8(Uint8Array.from(one))),
      { code: 'invalid_text', message: 'It is not UTF-8.' },
      one.map((byte) => byte.toString(16)).join(' '),
    )
  }
})

t.test('JSON whose text any engine can keep is read as it is', async (t) => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      const text = JSON.stringify(value)
      if (text.includes('\\u') || text.includes('__proto__')) return true
      return JSON.stringify(parseJson(text)) === text
    }),
  )
  t.strictSame(parseJson('{"a":"\\ud83d\\ude86","b":["[[[","}}}","\\"{"]}'), { a: '🚆', b: ['[[[', '}}}', '"{'] })
})

t.test('what is not JSON is refused, and what is nested beyond reason before it is read', async (t) => {
  for (const text of ['', '{', "{'a':1}", '{"a":1,}', 'NaN', '[1 2]', '\u00a0[]']) {
    t.match(
      refusal(() => parseJson(text)),
      { code: 'invalid_json' },
      text,
    )
  }
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  t.ok(parseJson(nested(64)))
  for (const depth of [65, 1_000_000]) {
    t.match(
      refusal(() => parseJson(nested(depth))),
      { code: 'invalid_json', message: 'It is nested more than 64 deep.' },
    )
  }
})

t.test('text that no engine could keep is refused, each piece with its place', async (t) => {
  const refused = refusal(() =>
    parseJson('{"a":"x\\u0000","b":[{"c":"\\ud800"}],"d\\udc00":1,"__proto__":{"admin":true},"fine":"\\u00e9"}'),
  )
  t.equal(refused?.code, 'invalid_text')
  t.same(
    refused?.errors.map(({ pointer, code }) => [pointer, code]),
    [
      ['/a', 'nul'],
      ['/b/0/c', 'lone_surrogate'],
      ['/d\udc00', 'ill_formed_name'],
      ['/__proto__', 'unknown'],
    ],
  )
  const many = JSON.stringify(Array.from({ length: 1_000 }, () => '\0'))
  t.equal(refusal(() => parseJson(many))?.errors.length, 100)
})
