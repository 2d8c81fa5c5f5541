import Database from 'better-sqlite3'
import type { Test } from 'tap'
import { run } from '../support/cli.ts'

/** What the tests of copying do again and again. */

export const copy = (t: Test, from: string, to: string) => run(t, ['copy', '--from', from, '--to', to])

/** What is made of the other tables is not carried, but made anew on the other side: see Derived of storage/content.ts. */
export const derived: readonly string[] = ['labels', 'search_entries', 'search_state', 'search_words', 'article_search']

/** Every row of a file that a copy carries: all there is, but for when it was migrated and what is made of the rest. */
export function rowsOf(path: string): Record<string, string[]> {
  const db = new Database(path, { readonly: true })
  // An index of words is kept in shadow tables of its own.
  const names = db
    .prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite_%'",
    )
    .pluck()
    .all() as string[]
  db.close()
  const carried = names.filter((name) => name !== 'migrations' && !derived.includes(name))
  return Object.fromEntries(carried.map((name) => [name, selectFrom(path, `SELECT * FROM ${name}`)]))
}

/** What a file is searched by. Of its texts the numbers are left out, which depend on what was there before. */
export function searchedOf(path: string): Record<string, string[]> {
  return {
    labels: selectFrom(path, 'SELECT * FROM labels'),
    entries: selectFrom(path, 'SELECT * FROM search_entries', ({ id: _, ...row }) => row),
    texts: selectFrom(path, 'SELECT count(*) FROM article_search'),
    // Which run has made it, and when, is its own.
    state: selectFrom(path, 'SELECT name, version FROM search_state'),
  }
}

type Row = Record<string, unknown>

function selectFrom(path: string, query: string, pick = (row: Row) => row): string[] {
  const db = new Database(path, { readonly: true })
  const rows = db.prepare<unknown[], Row>(query).all()
  db.close()
  return rows.map((row) => JSON.stringify(pick(row))).sort()
}

/** A small newsroom: what a first start makes. */
export async function makeSmall(t: Test, database: string, name = 'desk') {
  const { code } = await run(t, ['keys', 'create', '--name', name, '--role', 'editor', '--database', database])
  t.equal(code, 0)
}
