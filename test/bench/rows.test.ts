import Database from 'better-sqlite3'
import t from 'tap'
import { cellOf, takeForms, Writer } from '../../bench/rows.ts'

const gaps = new Map([
  ['id-a', 'id'],
  ['news', 'section.slug'],
  ['news/local', 'section.path'],
  ['2001-02-03T04:05:06.000Z', 'publishedAt'],
])

t.test('a cell has gaps where the template speaks of its own article, and for the time of its writing', (t) => {
  t.same(cellOf('id-a', gaps), { gap: 'id' })
  t.same(cellOf('2001-02-03T04:05:06.000Z', gaps), { gap: 'publishedAt' })
  t.same(cellOf('2026-11-23T08:00:00.123Z', gaps), { gap: 'at' })
  t.same(cellOf('in news/local and news', gaps), { parts: ['in ', 'section.path', ' and ', 'section.slug', ''] })
  t.same(cellOf('nothing', gaps), { constant: 'nothing' })
  t.same(cellOf(7, gaps), { constant: 7 })
  t.same(cellOf(null, gaps), { constant: null })
  t.throws(() => cellOf(Buffer.from('id-a'), gaps), /cannot be filled in/)
  t.end()
})

t.test('the rows of one article are taken out, and written again for others', (t) => {
  const db = new Database(':memory:')
  t.teardown(() => db.close())
  db.exec(`
    CREATE TABLE things (id TEXT NOT NULL PRIMARY KEY, note TEXT) STRICT;
    CREATE TABLE log (seq INTEGER PRIMARY KEY, tags TEXT NOT NULL, at TEXT NOT NULL) STRICT;
    INSERT INTO things VALUES ('id-a', 'news'), ('id-z', 'stays');
    INSERT INTO log VALUES (4, '["x"]', 'stays'), (5, '["thing:id-a"]', '2026-11-23T08:00:00.123Z')`)
  const forms = takeForms(db, 'id-a', gaps)
  t.same(db.prepare('SELECT id FROM things').pluck().all(), ['id-z'])
  t.same(db.prepare('SELECT seq FROM log').pluck().all(), [4])
  const writer = new Writer(db)
  const fill = { 'section.slug': 'sport', 'section.path': 'sport/cup', publishedAt: 'then', at: 'now' }
  for (const id of ['id-b', 'id-c']) writer.write(forms, { ...fill, id })
  t.same(db.prepare('SELECT * FROM things ORDER BY id').raw().all(), [
    ['id-b', 'sport'],
    ['id-c', 'sport'],
    ['id-z', 'stays'],
  ])
  t.same(db.prepare('SELECT * FROM log ORDER BY seq').raw().all(), [
    [4, '["x"]', 'stays'],
    [5, '["thing:id-b"]', 'now'],
    [6, '["thing:id-c"]', 'now'],
  ])
  t.throws(() => writer.write(forms, { id: 'id-d' }), /Nothing fills/)
  t.end()
})
