import t from 'tap'
import { instant, systemClock } from '../../src/lib/clock.ts'
import { isId, newId } from '../../src/lib/ids.ts'

t.test('ids are UUIDs of version 7, never twice the same, and sort in the order in which they were made', async (t) => {
  const ids = Array.from({ length: 10_000 }, newId)
  t.equal(new Set(ids).size, ids.length)
  t.ok(ids.every(isId))
  t.ok(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id)))
  t.same(ids.toSorted(), ids)
})

t.test('what only looks like an id is none', async (t) => {
  const id = newId()
  for (const text of [
    '',
    id.toUpperCase(),
    `${id} `,
    `${id}\n`,
    id.slice(1),
    `{${id}}`,
    id.replaceAll('-', ''),
    'rail-strike',
  ]) {
    t.equal(isId(text), false, JSON.stringify(text))
  }
})

t.test('instants are of one width, so that they compare as text', async (t) => {
  t.equal(instant(0), '1970-01-01T00:00:00.000Z')
  t.equal(instant(Date.parse('2026-11-22T16:30:00+07:00')), '2026-11-22T09:30:00.000Z')
  t.equal(instant(systemClock.now()).length, 24)
})
