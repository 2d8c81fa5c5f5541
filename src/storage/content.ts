import { createHash } from 'node:crypto'
import type { SQLiteColumn, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { asc, count, sql } from './drizzle.ts'
import type { Read } from './store.ts'
import type { Tables } from './tables.ts'

/** Made of the others, and made anew from them. */
type Derived = 'labels' | 'searchEntries' | 'searchState' | 'articleSearch' | 'searchWords'
export type TableName = Exclude<keyof Tables, Derived>
export type Row = Record<string, unknown>

/**
 * Every table there is but those that are made of others (cards are a column, and go along as they stand), in an order in
 * which nothing comes before what it refers to, with the unique columns that its rows are walked by: the primary key; but
 * sections by their path, which begins with the parent's.
 */
const walks = {
  secrets: ['name'],
  keys: ['id'],
  addresses: ['kind', 'address'],
  sections: ['path'],
  tags: ['id'],
  sources: ['id'],
  articles: ['id'],
  articleCopies: ['articleId', 'stage'],
  articlePages: ['articleId', 'stage', 'number'],
  articleTags: ['articleId', 'stage', 'position'],
  articleSources: ['articleId', 'stage', 'position'],
  articleBylines: ['articleId', 'stage', 'position'],
  uses: ['id'],
  revisions: ['articleId', 'number'],
  locks: ['articleId'],
  answers: ['actor', 'keyHash'],
  counters: ['name'],
  changes: ['seq'],
} as const satisfies { [Name in TableName]: readonly (keyof Tables[Name]['$inferSelect'])[] }

export const tableNames = Object.keys(walks) as TableName[]

/** A row of these is some hundred bytes, so that this many are no burden and a round trip is shared by many. */
const rowsAtOnce = 500

/** A page may have 524,288 characters and is kept in three forms: even of the longest, so many are some 100 MB at most. */
const pagesAtOnce = 20

/** A table under its name in the program, on either engine. */
export function tableOf(db: Read, name: TableName): SQLiteTable {
  return db.tables[name]
}

/** All rows of a table in the order of their key, compared by code point: so many at once as memory bears. */
export async function* walk(db: Read, name: TableName): AsyncGenerator<Row[]> {
  const table = tableOf(db, name)
  const fields: readonly string[] = walks[name]
  const columns = fields.map((field) => (table as unknown as Record<string, SQLiteColumn>)[field] as SQLiteColumn)
  const limit = name === 'articlePages' || name === 'revisions' || name === 'answers' ? pagesAtOnce : rowsAtOnce
  let after: unknown[] | undefined
  for (;;) {
    const rows: Row[] = await db
      .select()
      .from(table)
      .where(after && sql`(${listed(columns)}) > (${listed(after)})`)
      .orderBy(...columns.map((column) => asc(column)))
      .limit(limit)
    if (rows.length > 0) yield rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < limit) return
    after = fields.map((field) => last[field])
  }
}

function listed(items: readonly unknown[]) {
  return sql.join(
    items.map((item) => sql`${item}`),
    sql`, `,
  )
}

export type Counts = ReadonlyMap<TableName, number>

/** How many rows each table has. */
export async function countRows(db: Read): Promise<Counts> {
  const counts = new Map<TableName, number>()
  for (const name of tableNames) {
    const [row] = await db.select({ rows: count() }).from(tableOf(db, name))
    counts.set(name, row?.rows ?? 0)
  }
  return counts
}

/** What was seen of a database: how many rows of each table, and a SHA-256 of all that is in them, on either engine the same. */
export class Digest {
  readonly counts = new Map<TableName, number>(tableNames.map((name) => [name, 0]))
  private readonly hash = createHash('sha256')

  /** Rows in the order of the walk, with the values that the program sees: a boolean is one on every engine. */
  add(name: TableName, rows: readonly Row[]): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + rows.length)
    for (const row of rows) this.hash.update(`${JSON.stringify([name, ...Object.values(row)])}\n`)
  }

  sha256(): string {
    return this.hash.copy().digest('hex')
  }
}

/**
 * Reads everything.
 * @param seen hears how many more rows were read
 */
export async function digestOf(db: Read, seen: (rows: number) => void = () => {}): Promise<Digest> {
  const digest = new Digest()
  for (const name of tableNames) {
    for await (const rows of walk(db, name)) {
      digest.add(name, rows)
      seen(rows.length)
    }
  }
  return digest
}
