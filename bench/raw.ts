/**
 * Inserts the rows of one database into a new one of the same tables and indexes: prepared statements, one transaction,
 * fsynced, foreign keys checked, as a program would that knows no rule. Tells how long the insertions took.
 */
import { execFileSync } from 'node:child_process'
import Database from 'better-sqlite3'
import { root } from './processes.ts'
import { columnsOf, tablesOf } from './rows.ts'

const [from = '', to = ''] = process.argv.slice(2)
/** Read while the clock stands still, so that not all need be in memory. */
const atOnce = 2_000

execFileSync(process.execPath, ['bin/warta.js', 'migrate'], {
  cwd: root,
  env: { ...process.env, WARTA_DATABASE: to },
  stdio: 'ignore',
})
const source = new Database(from, { readonly: true })
const target = new Database(to)
target.pragma('journal_mode = WAL')
target.pragma('synchronous = FULL')
target.pragma('foreign_keys = ON')
for (const table of tablesOf(target)) target.exec(`DELETE FROM ${table}`)

let ms = 0
function timed(work: () => void): void {
  const started = performance.now()
  work()
  ms += performance.now() - started
}

timed(() => target.exec('BEGIN'))
// In the order in which they were made, so that what is referred to is there.
for (const table of tablesOf(source)) {
  const names = columnsOf(source, table).map(({ name }) => name)
  const insert = target.prepare(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
  )
  let rows: unknown[][] = []
  const flush = () => {
    timed(() => {
      for (const row of rows) insert.run(row)
    })
    rows = []
  }
  for (const row of source
    .prepare(`SELECT ${names.join(', ')} FROM ${table}`)
    .raw()
    .iterate()) {
    rows.push(row as unknown[])
    if (rows.length === atOnce) flush()
  }
  flush()
}
timed(() => target.exec('COMMIT'))
process.send?.({ seconds: ms / 1_000 })
process.disconnect()
