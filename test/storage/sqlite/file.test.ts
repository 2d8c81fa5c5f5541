import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import { applicationId, inspectFile } from '../../../src/storage/sqlite/file.ts'
import { openSqlite } from '../../../src/storage/sqlite/sqlite.ts'
import { createClock } from '../../support/clock.ts'
import { listSlugs, openBeside, testStore, writeTag } from '../../support/stores.ts'

const open = (path: string) => openSqlite({ path, clock: createClock(), busyTimeoutMs: 0 })

/** A path for a database alone in a folder of its own. */
function place(t: Test, name: string): string {
  const dir = join(t.testdirName, name)
  mkdirSync(dir, { recursive: true })
  return join(dir, 'warta.db')
}

/** A database with some rows in it, closed, and alone in its folder. */
async function ours(t: Test, rows = 300): Promise<string> {
  const { store, database: file } = await testStore(t)
  await Promise.all(Array.from({ length: rows }, (_, i) => store.transact((db) => writeTag(db, `tag-${i}`))))
  await store.close()
  return file
}

/** Refuses to open, with the sentence, and keeps every byte of the file and every name of its folder. */
function refuses(t: Test, path: string, message: RegExp, what: string): void {
  const before = { bytes: readFileSync(path), files: readdirSync(dirname(path)) }
  t.throws(() => open(path), { name: 'StartError', message }, what)
  t.ok(readFileSync(path).equals(before.bytes), `${what}: byte for byte`)
  t.same(readdirSync(dirname(path)), before.files, `${what}: no companion files`)
}

t.test('a file that is no SQLite database is refused and left untouched', async (t) => {
  t.testdir()
  const contents = {
    'a text': Buffer.from('Dear editor, this is a letter and no database.\n'.repeat(20)),
    'one byte': Buffer.from('x'),
    zeroes: Buffer.alloc(8192),
    'the first words of a database': Buffer.from('SQLite format 3\0'),
    noise: Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251)),
  }
  for (const [what, bytes] of Object.entries(contents)) {
    const path = place(t, what)
    writeFileSync(path, bytes)
    refuses(t, path, /is not a SQLite database\. It was left untouched; set WARTA_DATABASE to another path\./, what)
  }
})

t.test('a database of another program is refused and left untouched, in either journal mode', async (t) => {
  t.testdir()
  for (const mode of ['delete', 'wal']) {
    for (const id of [0, 0x12345678]) {
      const path = place(t, `${mode}-${id}`)
      const other = new Database(path)
      other.pragma(`journal_mode = ${mode}`)
      other.pragma(`application_id = ${id}`)
      other.exec('CREATE TABLE invoices (id INTEGER PRIMARY KEY); INSERT INTO invoices VALUES (1)')
      other.close()
      refuses(t, path, /is a SQLite database of another program\. It was left untouched/, `${mode}, ${id}`)
    }
  }
})

t.test('a damaged file is refused and left untouched', async (t) => {
  const path = await ours(t)
  const whole = readFileSync(path)
  t.equal(whole.readUInt32BE(68), applicationId)
  const pages = whole.length / 4096
  t.ok(pages > 20)
  const scribbled = Buffer.from(whole)
  for (let page = 1; page < pages; page += 1) scribbled.fill(0xa5, page * 4096, page * 4096 + 64)
  const damages: Record<string, Buffer> = {
    'pages overwritten': scribbled,
    'the schema overwritten': Buffer.concat([whole.subarray(0, 100), Buffer.alloc(3996, 0xff), whole.subarray(4096)]),
    'cut in the middle': whole.subarray(0, Math.floor(whole.length / 2)),
    'cut by a byte': whole.subarray(0, whole.length - 1),
    'cut after the header': whole.subarray(0, 100),
  }
  for (const [what, bytes] of Object.entries(damages)) {
    const damaged = place(t, what)
    writeFileSync(damaged, bytes)
    refuses(t, damaged, /is damaged \(.*\)\. It was left untouched; restore a backup\./, what)
  }
})

t.test('a header that is cut short is no database', async (t) => {
  const path = await ours(t, 1)
  truncateSync(path, 99)
  refuses(t, path, /is not a SQLite database/, '99 bytes')
})

t.test('an absent file is made with its folders, and an empty one is taken', async (t) => {
  const dir = t.testdir()
  const absent = join(dir, 'a', 'b', 'warta.db')
  t.equal(inspectFile(absent), 'new')
  await open(absent).close()
  t.ok(existsSync(absent))
  t.equal(inspectFile(absent), 'ours')
  const empty = join(dir, 'empty.db')
  writeFileSync(empty, '')
  t.equal(inspectFile(empty), 'new')
  await open(empty).close()
  t.equal(inspectFile(empty), 'ours')
  t.equal(readFileSync(empty).readUInt32BE(68), applicationId)
})

t.test('a path that cannot be a database is refused with one sentence', async (t) => {
  const dir = t.testdir({ file: 'text', folder: {} })
  t.throws(() => open(join(dir, 'folder')), {
    name: 'StartError',
    message: /is not a file\. WARTA_DATABASE must name one/,
  })
  t.throws(() => open(join(dir, 'file', 'warta.db')), { name: 'StartError', message: /cannot be made|cannot be read/ })
  symlinkSync(join(dir, 'nowhere', 'warta.db'), join(dir, 'dangling.db'))
  t.throws(() => open(join(dir, 'dangling.db')), { name: 'StartError', message: /cannot be (?:opened|made)/ })
})

t.test('the folder that a database was closed in holds nothing but the database', async (t) => {
  const path = await ours(t)
  t.same(readdirSync(dirname(path)), ['warta.db'])
})

t.test('what stands only in the write-ahead log of a process that died is read', async (t) => {
  const { store, database: file } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  // As a power cut leaves them: the files of a store that was never closed.
  const copy = place(t, 'copy')
  t.same(await store.read(listSlugs), ['rail'])
  for (const ending of ['', '-wal']) writeFileSync(`${copy}${ending}`, readFileSync(`${file}${ending}`))
  t.ok(readFileSync(`${copy}-wal`).length > 0)
  const { store: again } = await testStore(t, { database: copy })
  t.same(await again.read(listSlugs), ['rail'])
})

t.test('a log that was cut short gives exactly the transactions before the cut', async (t) => {
  const { store, database: file } = await testStore(t)
  for (let i = 0; i < 12; i += 1) await store.transact((db) => writeTag(db, `tag-${String(i).padStart(2, '0')}`))
  const main = readFileSync(file)
  const log = readFileSync(`${file}-wal`)
  const lengths = new Set<number>()
  for (let cut = 0; cut <= 24; cut += 1) {
    const copy = place(t, String(cut))
    writeFileSync(copy, main)
    writeFileSync(`${copy}-wal`, log.subarray(0, Math.floor((log.length * cut) / 24)))
    const opened = open(copy)
    const slugs = await opened.read(listSlugs)
    const changes = await opened.read((db) => db.select({ id: db.tables.changes.id }).from(db.tables.changes))
    const expected = Array.from({ length: slugs.length }, (_, i) => `tag-${String(i).padStart(2, '0')}`)
    t.same(slugs, expected, `${slugs.length} transactions`)
    t.same(changes.map(({ id }) => id).sort(), expected, 'with the change of each')
    lengths.add(slugs.length)
    await opened.close()
    const db = openBeside(t, copy, { readonly: true })
    t.equal(db.pragma('integrity_check', { simple: true }), 'ok')
  }
  t.ok(lengths.size > 5, 'the cuts fell between different transactions')
})
