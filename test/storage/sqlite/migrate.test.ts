import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { type Migration, readMigrations } from '../../../src/storage/migrations.ts'
import { useWal } from '../../../src/storage/sqlite/file.ts'
import { migrate } from '../../../src/storage/sqlite/migrate.ts'
import { openSqlite } from '../../../src/storage/sqlite/sqlite.ts'
import { createClock } from '../../support/clock.ts'
import { openBeside, startChild, testStore } from '../../support/stores.ts'

const clock = createClock()

function migration(name: string, sql: string): Migration {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
}

const parents = migration(
  '0001_parents.sql',
  `CREATE TABLE parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
   CREATE TABLE children (id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL REFERENCES parents (id) ON DELETE CASCADE);
   INSERT INTO parents VALUES (1, 'one'), (2, 'two');
   INSERT INTO children VALUES (11, 1), (12, 1), (21, 2);`,
)

/** A database that some migrations have made. */
function migrated(t: Test, ...migrations: Migration[]): Database.Database {
  const db = openBeside(t, join(t.testdir(), 'some.db'))
  db.pragma('foreign_keys = ON')
  migrate(db, migrations, clock)
  return db
}

/** The whole of a database as text: its catalog and all rows. */
function contents(db: Database.Database): string {
  const catalog = db.prepare('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name').all() as {
    type: string
    name: string
  }[]
  const rows = catalog
    .filter(({ type }) => type === 'table')
    .map(({ name }) => [name, db.prepare(`SELECT * FROM "${name}"`).all()])
  return JSON.stringify([catalog, rows], null, 1)
}

t.test('the committed files run once, are recorded with their checksums, and do not run again', async (t) => {
  const files = readMigrations('sqlite')
  const { store, database: file } = await testStore(t)
  const db = openBeside(t, file, { readonly: true })
  const recorded = db.prepare('SELECT name, checksum, applied_at AS at FROM migrations ORDER BY name').all()
  t.same(
    recorded,
    files.map(({ name, checksum }) => ({ name, checksum, at: '2026-11-22T09:00:00.000Z' })),
  )
  t.ok(files.length > 0)
  const before = contents(db)
  await store.close()
  const again = openSqlite({ path: file, clock, busyTimeoutMs: 0 })
  t.same(again.migrated, [])
  t.equal(contents(db), before)
  await again.close()
})

t.test('only files named NNNN_name.sql are migrations, and they run in the order of their numbers', async (t) => {
  const dir = t.testdir({
    '0010_c.sql': 'SELECT 3',
    '0002_b.sql': 'SELECT 2',
    '0001_a.sql': 'SELECT 1',
    'README.md': 'about',
    '0003_draft.sql.bak': 'SELECT 4',
    '4_d.sql': 'SELECT 5',
  })
  const files = readMigrations(pathToFileURL(`${dir}/`))
  t.same(
    files.map(({ name }) => name),
    ['0001_a.sql', '0002_b.sql', '0010_c.sql'],
  )
  t.equal(files[0]?.checksum, createHash('sha256').update('SELECT 1').digest('hex'))
})

t.test('a new file runs on a database that has the ones before it', async (t) => {
  const db = migrated(t, parents)
  const next = migration('0002_more.sql', "INSERT INTO parents VALUES (3, 'three')")
  t.same(migrate(db, [parents, next], clock), ['0002_more.sql'])
  t.same(migrate(db, [parents, next], clock), [])
  t.equal(db.prepare('SELECT count(*) FROM parents').pluck().get(), 3)
  t.equal(db.pragma('foreign_keys', { simple: true }), 1, 'foreign keys are on again')
})

t.test('a file that was edited after it ran stops the start', async (t) => {
  const db = migrated(t, parents)
  const before = contents(db)
  const edited = migration('0001_parents.sql', `${parents.sql}\n-- a harmless word`)
  const next = migration('0002_more.sql', 'CREATE TABLE more (id INTEGER)')
  t.throws(() => migrate(db, [edited, next], clock), {
    name: 'StartError',
    message: 'Migration 0001_parents.sql was edited after it ran. Restore the file and add a new one instead.',
  })
  t.equal(contents(db), before)
  t.equal(db.pragma('foreign_keys', { simple: true }), 1)
})

t.test('a database that a newer version has migrated stops the start', async (t) => {
  const newer = migration('0002_newer.sql', 'CREATE TABLE newer (id INTEGER)')
  const db = migrated(t, parents, newer)
  const before = contents(db)
  t.throws(() => migrate(db, [parents], clock), {
    name: 'StartError',
    message: /0002_newer\.sql.*does not have: run a newer Warta/,
  })
  t.throws(() => migrate(db, [], clock), { name: 'StartError' })
  t.equal(contents(db), before)
})

t.test('a file that comes with a lower number than one that has run stops the start', async (t) => {
  const third = migration('0003_third.sql', 'CREATE TABLE third (id INTEGER)')
  const db = migrated(t, parents, third)
  const before = contents(db)
  const second = migration('0002_second.sql', 'CREATE TABLE second (id INTEGER)')
  t.throws(() => migrate(db, [parents, second, third], clock), {
    name: 'StartError',
    message: 'Migration 0002_second.sql came after 0003_third.sql had run. Give it a higher number.',
  })
  t.equal(contents(db), before)
})

t.test('SQL that fails halfway leaves the database as it was, and those before it applied', async (t) => {
  const db = migrated(t, parents)
  const good = migration('0002_good.sql', 'CREATE TABLE good (id INTEGER)')
  migrate(db, [parents, good], clock)
  const before = contents(db)
  const bad = migration(
    '0003_bad.sql',
    `CREATE TABLE half (id INTEGER);
     UPDATE parents SET name = 'changed';
     DROP TABLE children;
     INSERT INTO no_such_table VALUES (1);`,
  )
  t.throws(() => migrate(db, [parents, good, bad], clock), {
    name: 'StartError',
    message: 'Migration 0003_bad.sql failed and was undone: no such table: no_such_table.',
  })
  t.equal(contents(db), before)
  t.equal(db.inTransaction, false)
  const mended = migration('0003_bad.sql', 'CREATE TABLE half (id INTEGER)')
  t.same(migrate(db, [parents, good, mended], clock), ['0003_bad.sql'], 'the mended file runs')
})

t.test('openSqlite says why a migration failed, and leaves the rows of the newsroom', async (t) => {
  const { store, database: file } = await testStore(t)
  await store.close()
  const before = new Database(file)
  const was = contents(before)
  before.close()
  const bad = migration('0999_bad.sql', 'DROP TABLE articles; CREATE TABEL typo;')
  t.throws(() => openSqlite({ path: file, clock, busyTimeoutMs: 0, migrations: [...readMigrations('sqlite'), bad] }), {
    name: 'StartError',
    message: /^Migration 0999_bad\.sql failed and was undone: .*syntax error/,
  })
  t.equal(contents(openBeside(t, file)), was)
})

t.test('a table can be rebuilt: the rows below it survive', async (t) => {
  const db = migrated(t, parents)
  const rebuild = migration(
    '0002_rebuild.sql',
    `CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL, note TEXT);
     INSERT INTO new_parents SELECT id, name, NULL FROM parents;
     DROP TABLE parents;
     ALTER TABLE new_parents RENAME TO parents;`,
  )
  t.same(migrate(db, [parents, rebuild], clock), ['0002_rebuild.sql'])
  t.same(db.prepare('SELECT id, parent_id FROM children ORDER BY id').raw().all(), [
    [11, 1],
    [12, 1],
    [21, 2],
  ])
  t.same(db.pragma('foreign_key_check'), [])
  db.exec('DELETE FROM parents WHERE id = 1')
  t.same(db.prepare('SELECT id FROM children').pluck().all(), [21], 'foreign keys work on the new table')
})

t.test('a migration that would leave rows without their parent is undone', async (t) => {
  const db = migrated(t, parents)
  const before = contents(db)
  const lossy = migration(
    '0002_lossy.sql',
    `CREATE TABLE new_parents (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
     INSERT INTO new_parents SELECT id, name FROM parents WHERE id = 2;
     DROP TABLE parents;
     ALTER TABLE new_parents RENAME TO parents;`,
  )
  t.throws(() => migrate(db, [parents, lossy], clock), {
    name: 'StartError',
    message: 'Migration 0002_lossy.sql would leave 2 rows without their parent; it was undone.',
  })
  t.equal(contents(db), before)
})

t.test('a migration that ends its own transaction is refused', async (t) => {
  const db = migrated(t, parents)
  const sly = migration('0002_sly.sql', 'CREATE TABLE sly (id INTEGER); COMMIT; CREATE TABLE slyer (id INTEGER);')
  for (const time of ['first', 'second']) {
    t.throws(
      () => migrate(db, [parents, sly], clock),
      { name: 'StartError', message: /Migration 0002_sly\.sql/ },
      `the ${time} time`,
    )
  }
  t.equal(db.prepare('SELECT count(*) FROM migrations').pluck().get(), 1)
})

t.test('eight processes that start at once run each file once, and all of them start', async (t) => {
  const dir = t.testdir()
  for (let round = 0; round < 2; round += 1) {
    const file = join(dir, 'folder', `${round}.db`)
    const children = Array.from({ length: 8 }, () => startChild(t, ['open', file]))
    for (const child of children) t.same(await child.ended, { code: 0, errors: '' })
    const ran = children.flatMap(({ lines }) => lines.flatMap((line) => line.split(' ').slice(1))).filter(Boolean)
    t.same(
      ran.sort(),
      readMigrations('sqlite').map(({ name }) => name),
    )
    const db = openBeside(t, file, { readonly: true })
    t.equal(db.pragma('integrity_check', { simple: true }), 'ok')
  }
})

t.test('who finds a file not in WAL mode yet waits for another that writes to it, and then switches it', async (t) => {
  const { store, database: path } = await testStore(t)
  await store.close()
  const other = openBeside(t, path)
  other.pragma('journal_mode = DELETE')
  other.exec('BEGIN IMMEDIATE')
  const ran: string[] = []
  const observe = (sql: string) => {
    ran.push(sql)
    if (other.inTransaction && sql.startsWith('BEGIN IMMEDIATE')) other.exec('ROLLBACK')
  }
  const opened = openSqlite({ path, clock, busyTimeoutMs: 0, observe })
  t.teardown(() => opened.close())
  t.equal(ran.filter((sql) => sql === 'PRAGMA journal_mode = WAL').length, 2, 'it was refused once')
  t.equal(openBeside(t, path, { readonly: true }).pragma('journal_mode', { simple: true }), 'wal')
})

t.test('nobody waits without end for another who keeps a file that is not in WAL mode yet', async (t) => {
  const { store, database: path } = await testStore(t)
  await store.close()
  const other = openBeside(t, path)
  other.pragma('journal_mode = DELETE')
  for (const held of ['BEGIN IMMEDIATE', 'BEGIN EXCLUSIVE', 'BEGIN; SELECT count(*) FROM tags']) {
    other.exec(held)
    t.throws(() => useWal(openBeside(t, path, { timeout: 50 }), 50), { code: 'SQLITE_BUSY' }, held)
    other.exec('ROLLBACK')
  }
})

t.test('a process that is killed while it starts leaves the old schema or the new one', async (t) => {
  const dir = t.testdir()
  for (const patience of [60, 90, 110, 130, 150, 170]) {
    const file = join(dir, `${patience}.db`)
    writeFileSync(file, '')
    const child = startChild(t, ['open', file])
    setTimeout(() => child.process.kill('SIGKILL'), patience)
    await child.ended
    const { store } = await testStore(t, { database: file })
    const db = openBeside(t, file, { readonly: true })
    t.equal(db.pragma('integrity_check', { simple: true }), 'ok', `killed after ${patience} ms`)
    t.equal(db.prepare('SELECT count(*) FROM migrations').pluck().get(), readMigrations('sqlite').length)
    await store.close()
  }
})
