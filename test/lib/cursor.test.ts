import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import t from 'tap'
import { decodeCursor, encodeCursor, type Position } from '../../src/lib/cursor.ts'
import { ListQuery } from '../../src/lib/schema.ts'
import '../support/chance.ts'

const secret = Buffer.alloc(32, 7)
const position = fc.record({
  value: fc.string({ unit: 'binary', maxLength: 60 }),
  id: fc.uuid(),
  side: fc.constantFrom<Position['side']>('after', 'before'),
})
const query = fc.string({ unit: 'grapheme', maxLength: 40 })

t.test('a cursor leads back to its position, for the very query that it was made for', async (t) => {
  fc.assert(
    fc.property(position, query, (at, asked) => {
      t.strictSame(decodeCursor(encodeCursor(at, asked, secret), asked, secret), { ...at })
    }),
  )
})

t.test('a cursor stands in a URL as it is', async (t) => {
  fc.assert(fc.property(position, query, (at, asked) => /^[\w-]+$/.test(encodeCursor(at, asked, secret))))
  t.match(encodeCursor({ value: 'é', id: 'x', side: 'after' }, 'q', secret), /^[\w-]+$/)
})

t.test('a cursor with any one character changed, taken away or added is refused', async (t) => {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ .\0é'
  const cursor = encodeCursor(
    { value: '2026-11-22T09:00:00.000Z', id: 'a'.repeat(36), side: 'after' },
    'articles',
    secret,
  )
  t.ok(decodeCursor(cursor, 'articles', secret))
  const accepted: string[] = []
  const attempt = (forged: string) => {
    if (forged !== cursor && decodeCursor(forged, 'articles', secret) !== undefined) accepted.push(forged)
  }
  for (let i = 0; i <= cursor.length; i += 1) {
    attempt(cursor.slice(0, i))
    attempt(cursor.slice(0, i) + cursor.slice(i + 1))
    for (const letter of alphabet) {
      attempt(cursor.slice(0, i) + letter + cursor.slice(i + 1))
      attempt(cursor.slice(0, i) + letter + cursor.slice(i))
    }
  }
  t.same(accepted, [])
})

t.test('a cursor of another list, or of another newsroom, is refused', async (t) => {
  fc.assert(
    fc.property(position, query, query, (at, one, other) => {
      fc.pre(one !== other)
      return decodeCursor(encodeCursor(at, one, secret), other, secret) === undefined
    }),
  )
  const cursor = encodeCursor({ value: 'v', id: 'i', side: 'after' }, 'q', secret)
  t.equal(decodeCursor(cursor, 'q', randomBytes(32)), undefined)
})

t.test('text that nobody made as a cursor is refused, whatever it is', async (t) => {
  for (const text of ['', 'x', 'null', '{}', 'A'.repeat(21), 'A'.repeat(22), 'A'.repeat(5_000)]) {
    t.equal(decodeCursor(text, 'q', secret), undefined, text.slice(0, 30))
  }
  fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => decodeCursor(text, 'q', secret) === undefined))
  fc.assert(fc.property(fc.base64String({ maxLength: 200 }), (text) => decodeCursor(text, 'q', secret) === undefined))
})

t.test('every list takes the longest cursor that it gives', async (t) => {
  const id = 'a'.repeat(36)
  const longest = {
    'the path of eight slugs': Array.from({ length: 8 }, () => 'a'.repeat(100)).join('/'),
    'a title of 300 letters of Thai': 'ก'.repeat(300),
    'a title of 300 characters that JSON escapes': '\u0001'.repeat(300),
  }
  for (const [what, value] of Object.entries(longest)) {
    const cursor = encodeCursor({ value, id, side: 'before' }, 'q', secret)
    t.equal(ListQuery.safeParse({ cursor }).success, true, `${what}: ${cursor.length} characters`)
  }
})
