import Database from 'better-sqlite3'
import type { Test } from 'tap'
import { run } from '../support/cli.ts'

/** What the tests of copying do again and again. */

export const copy = (t: Test, from: string, to: string) => run(t, ['copy', '--from', from, '--to', to])

/** Every row of a file, but for when it was migrated. */
export function rowsOf(path: string) {
  const db = new Database(path, { readonly: true })
  const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'migrations'").pluck().all()
  const rows = names.map((name) => [
    name,
    db
      .prepare(`SELECT * FROM ${name}`)
      .all()
      .map((row) => JSON.stringify(row)),
  ])
  db.close()
  return Object.fromEntries(rows.map(([name, all]) => [name, (all as string[]).sort()])) as Record<string, string[]>
}

/** A small newsroom: what a first start makes. */
export async function makeSmall(t: Test, database: string, name = 'desk') {
  const { code } = await run(t, ['keys', 'create', '--name', name, '--role', 'editor', '--database', database])
  t.equal(code, 0)
}
