/**
 * What the program wrote for one article, as a form that can be filled in for another: every row of every table that has
 * the article's id in it, whatever the tables and columns are, with its names, its times and its relations left open.
 */
import type Database from 'better-sqlite3'

type Value = string | number | bigint | Buffer | null
/** A text with gaps: what stands at odd places is the name of what belongs there. */
type Cell = { constant: Value } | { gap: string } | { parts: string[] } | { running: string }

export interface Form {
  table: string
  columns: string[]
  cells: Cell[]
}

interface Column {
  name: string
  type: string
  pk: number
}

/** Gaps of a text by what stands there in the template; instants that no gap names are when it was written. */
export type Gaps = ReadonlyMap<string, string>

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/

/** In the order in which they were made; without the index of words, which gives no rows back. */
export function tablesOf(db: Database.Database): string[] {
  const rows = db
    .prepare(
      `SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'
        AND name IN (SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table') ORDER BY rowid`,
    )
    .all() as { name: string }[]
  return rows.map(({ name }) => name)
}

export function columnsOf(db: Database.Database, table: string): Column[] {
  return db.pragma(`table_info(${table})`) as Column[]
}

/** Takes the rows of one article out of the database, and answers them as forms in the order of the tables. */
export function takeForms(db: Database.Database, id: string, gaps: Gaps): Form[] {
  return tablesOf(db).flatMap((table) => {
    // The program makes it of the rest.
    if (table === 'search_entries') return []
    const columns = columnsOf(db, table)
    const names = columns.map(({ name }) => name)
    const texts = columns.filter(({ type }) => type === 'TEXT').map(({ name }) => `instr(${name}, @id) > 0`)
    if (texts.length === 0) return []
    const where = texts.join(' OR ')
    const running = runningNumber(columns)
    const order = columns.filter(({ pk }) => pk > 0).map(({ name }) => name)
    const by = order.length === 0 ? 'rowid' : order.join(', ')
    const rows = db
      .prepare(`SELECT ${names.join(', ')} FROM ${table} WHERE ${where} ORDER BY ${by}`)
      .raw()
      .all({ id })
    db.prepare(`DELETE FROM ${table} WHERE ${where}`).run({ id })
    return (rows as Value[][]).map((row) => ({
      table,
      columns: names,
      cells: row.map((value, i) => (names[i] === running ? { running: `${table}.${running}` } : cellOf(value, gaps))),
    }))
  })
}

/** The column that SQLite counts by itself, if the table has one. */
function runningNumber(columns: readonly Column[]): string | undefined {
  const keys = columns.filter(({ pk }) => pk > 0)
  return keys.length === 1 && keys[0]?.type === 'INTEGER' ? keys[0].name : undefined
}

export function cellOf(value: Value, gaps: Gaps): Cell {
  // It may say something of its article that nobody can see.
  if (Buffer.isBuffer(value)) throw new Error('What is not text cannot be filled in for another article.')
  if (typeof value !== 'string') return { constant: value }
  // The longest first: a path before the slug that it begins with.
  const known = [...gaps.keys()].sort((a, b) => b.length - a.length).map(literal)
  const parts = value.split(new RegExp(`(${[...known, instant.source].join('|')})`))
  if (parts.length === 1) return { constant: value }
  const named = parts.map((part, i) => (i % 2 === 0 ? part : (gaps.get(part) ?? 'at')))
  const [before, gap, after] = named
  return named.length === 3 && before === '' && after === '' && gap !== undefined ? { gap } : { parts: named }
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Fills gaps; the numbers that a table counts by itself go on from where they are. */
export class Writer {
  private readonly db: Database.Database
  private readonly statements = new Map<string, Database.Statement>()
  private readonly numbers = new Map<string, number>()

  constructor(db: Database.Database) {
    this.db = db
  }

  write(forms: readonly Form[], fill: Readonly<Record<string, string>>): void {
    for (const form of forms) {
      this.statement(form).run(form.cells.map((cell) => this.valueOf(form.table, cell, fill)))
    }
  }

  private valueOf(table: string, cell: Cell, fill: Readonly<Record<string, string>>): Value {
    if ('constant' in cell) return cell.constant
    if ('gap' in cell) return fillerOf(fill, cell.gap)
    if ('running' in cell) return this.next(table, cell.running)
    let text = ''
    for (let i = 0; i < cell.parts.length; i += 1) {
      const part = cell.parts[i] ?? ''
      text += i % 2 === 0 ? part : fillerOf(fill, part)
    }
    return text
  }

  private next(table: string, column: string): number {
    let last = this.numbers.get(column)
    if (last === undefined) {
      const name = column.slice(table.length + 1)
      last = this.db.prepare(`SELECT coalesce(max(${name}), 0) FROM ${table}`).pluck().get() as number
    }
    this.numbers.set(column, last + 1)
    return last + 1
  }

  private statement({ table, columns }: Form): Database.Statement {
    let statement = this.statements.get(table)
    if (statement === undefined) {
      const places = columns.map(() => '?').join(', ')
      statement = this.db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${places})`)
      this.statements.set(table, statement)
    }
    return statement
  }
}

function fillerOf(fill: Readonly<Record<string, string>>, gap: string): string {
  const filler = fill[gap]
  if (filler === undefined) throw new Error(`Nothing fills ${gap}.`)
  return filler
}
