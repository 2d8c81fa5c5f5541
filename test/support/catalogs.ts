import type Database from 'better-sqlite3'
import type { PostgresServer } from './postgres.ts'

/** What a database says of one of its tables. */
export interface Shape {
  columns: Record<string, { type: string; notNull: boolean }>
  primaryKey: string[]
  uniques: string[]
  /** what is no column is an expression */
  indexes: Record<string, { unique: boolean; on: string[] }>
}

export interface ForeignKey {
  columns: string[]
  table: string
  references: string[]
  onDelete: string
}

export interface Catalog {
  tables: Record<string, Shape>
  foreignKeys: Record<string, ForeignKey[]>
  /** the expressions that indexes are on, as the engine tells them, by index */
  expressions: Record<string, string>
  /** what a row must be, as SQLite tells it, by table and in the order of the alphabet */
  checks: Record<string, string[]>
}

/** The index of words: each engine keeps it in a way of its own, and its tests say which. */
export const indexOfWords = 'article_search'

/** Tables that are kept by a module of SQLite's: no rows of a type, and nothing to hold against what is declared. */
export interface Virtual {
  /** as they were made */
  tables: Record<string, { using: string; columns: string[] }>
  /** the tables in which their modules keep them */
  shadows: string[]
}

/** What a factory of drizzle's says; its two kits for engines agree in this. */
export interface Declared {
  columns: readonly { name: string; primary: boolean; notNull: boolean; isUnique: boolean; getSQLType(): string }[]
  primaryKeys: readonly { columns: readonly { name: string }[] }[]
  indexes: readonly { config: { name?: string | undefined; unique: boolean; columns: readonly object[] } }[]
}

export function shapeOf({ columns, primaryKeys, indexes }: Declared): Shape {
  const own = columns.filter(({ primary }) => primary).map(({ name }) => name)
  return {
    columns: Object.fromEntries(
      columns.map((column) => [
        column.name,
        { type: column.getSQLType().toUpperCase(), notNull: column.notNull || column.primary },
      ]),
    ),
    primaryKey: [...own, ...primaryKeys.flatMap((key) => key.columns.map(({ name }) => name))],
    uniques: columns
      .filter(({ isUnique }) => isUnique)
      .map(({ name }) => name)
      .sort(),
    indexes: Object.fromEntries(
      indexes.map(({ config: { name, unique, columns: on } }) => [
        String(name),
        { unique, on: on.map((one) => ('name' in one && one.name ? String(one.name) : 'expression')) },
      ]),
    ),
  }
}

/** The ordinary tables; see sqliteVirtual for the others. */
export function sqliteCatalog(db: Database.Database): Catalog {
  const all = <Row>(query: string, ...inputs: unknown[]) => db.prepare(query).all(...inputs) as Row[]
  const on = (index: string) =>
    all<{ name: string | null }>('SELECT name FROM pragma_index_info(?) ORDER BY seqno', index).map(
      ({ name }) => name ?? 'expression',
    )
  const shape = (table: string): Shape => {
    const columns = all<{ name: string; type: string; notnull: number; pk: number }>(
      'SELECT * FROM pragma_table_info(?)',
      table,
    )
    const indexes = all<{ name: string; unique: number; origin: string }>('SELECT * FROM pragma_index_list(?)', table)
    return {
      columns: Object.fromEntries(
        columns.map(({ name, type, notnull, pk }) => [name, { type, notNull: notnull === 1 || pk > 0 }]),
      ),
      primaryKey: columns
        .filter(({ pk }) => pk > 0)
        .sort((a, b) => a.pk - b.pk)
        .map(({ name }) => name),
      uniques: indexes
        .filter(({ origin }) => origin === 'u')
        .flatMap(({ name }) => on(name))
        .sort(),
      indexes: Object.fromEntries(
        indexes
          .filter(({ origin }) => origin === 'c')
          .map(({ name, unique }) => [name, { unique: unique === 1, on: on(name) }]),
      ),
    }
  }
  const foreignKeys = (table: string): ForeignKey[] => {
    const rows = all<{ id: number; table: string; from: string; to: string; on_delete: string }>(
      'SELECT * FROM pragma_foreign_key_list(?) ORDER BY id, seq',
      table,
    )
    const ids = [...new Set(rows.map(({ id }) => id))]
    return inOrder(
      ids.map((id) => {
        const own = rows.filter((row) => row.id === id)
        return {
          columns: own.map(({ from }) => from),
          table: own[0]?.table ?? '',
          references: own.map(({ to }) => to),
          onDelete: own[0]?.on_delete ?? '',
        }
      }),
    )
  }
  const names = tablesOf(db, 'table')
  const indexes = all<{ name: string; sql: string }>("SELECT name, sql FROM sqlite_schema WHERE type = 'index'")
  const sqlOf = (table: string) =>
    all<{ sql: string }>("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", table)[0]?.sql ?? ''
  return {
    tables: Object.fromEntries(names.map((name) => [name, shape(name)])),
    foreignKeys: Object.fromEntries(names.map((name) => [name, foreignKeys(name)])),
    expressions: Object.fromEntries(
      indexes.filter(({ name }) => on(name).includes('expression')).map(({ name, sql }) => [name, plain(sql)]),
    ),
    checks: Object.fromEntries(names.map((name) => [name, checksIn(sqlOf(name)).sort()])),
  }
}

/** What is no ordinary table: between the two nothing of a database goes unseen. */
export function sqliteVirtual(db: Database.Database): Virtual {
  const all = <Row>(query: string, ...inputs: unknown[]) =>
    db
      .prepare(query)
      .pluck()
      .all(...inputs) as Row[]
  const tables = tablesOf(db, 'virtual').map((name) => {
    const [sql = ''] = all<string>('SELECT sql FROM sqlite_schema WHERE name = ?', name)
    const using = sql.replace(/^.*?\bUSING\b/s, '').replaceAll(/\s+/g, ' ')
    // Hidden columns take commands, and tell the rank.
    const columns = all<string>('SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0', name)
    return [name, { using: using.trim(), columns }] as const
  })
  return { tables: Object.fromEntries(tables), shadows: tablesOf(db, 'shadow') }
}

function tablesOf(db: Database.Database, type: 'table' | 'virtual' | 'shadow'): string[] {
  const query = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = ? AND name NOT LIKE 'sqlite_%'"
  return db.prepare(`${query} ORDER BY name`).pluck().all(type) as string[]
}

/** PostgreSQL, of one schema `public`. */
export async function postgresCatalog(server: PostgresServer, database: string): Promise<Catalog> {
  const columns = await server.query<{ table: string; name: string; type: string; not_null: boolean }>(
    `SELECT c.relname AS table, a.attname AS name, upper(format_type(a.atttypid, a.atttypmod)) AS type,
      a.attnotnull AS not_null
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' ORDER BY c.relname, a.attnum`,
    database,
  )
  const indexes = await server.query<{
    table: string
    name: string
    unique: boolean
    kind: 'p' | 'u' | null
    on: string[]
    expressions: string | null
  }>(
    `SELECT t.relname AS table, c.relname AS name, i.indisunique AS unique, k.contype AS kind,
      array(SELECT coalesce(a.attname::text, 'expression') FROM unnest(i.indkey::int[]) WITH ORDINALITY AS key (number, at)
        LEFT JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = key.number AND key.number > 0
        ORDER BY key.at) AS on,
      pg_get_expr(i.indexprs, i.indrelid) AS expressions
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
      LEFT JOIN pg_constraint k ON k.conindid = i.indexrelid AND k.contype IN ('p', 'u')
      WHERE t.relnamespace = 'public'::regnamespace ORDER BY c.relname`,
    database,
  )
  const keys = await server.query<ForeignKey & { of: string }>(
    `SELECT t.relname AS of, r.relname AS table,
      array(SELECT attname::text FROM unnest(k.conkey) WITH ORDINALITY AS key (number, at)
        JOIN pg_attribute ON attrelid = k.conrelid AND attnum = key.number ORDER BY key.at) AS columns,
      array(SELECT attname::text FROM unnest(k.confkey) WITH ORDINALITY AS key (number, at)
        JOIN pg_attribute ON attrelid = k.confrelid AND attnum = key.number ORDER BY key.at) AS references,
      CASE k.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'c' THEN 'CASCADE' ELSE k.confdeltype::text END AS "onDelete"
      FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid JOIN pg_class r ON r.oid = k.confrelid
      WHERE k.contype = 'f' AND t.relnamespace = 'public'::regnamespace`,
    database,
  )
  const checks = await server.query<{ table: string; said: string }>(
    `SELECT t.relname AS table, pg_get_constraintdef(k.oid) AS said
      FROM pg_constraint k JOIN pg_class t ON t.oid = k.conrelid
      WHERE k.contype = 'c' AND t.relnamespace = 'public'::regnamespace`,
    database,
  )
  const names = [...new Set(columns.map(({ table }) => table))]
  const shape = (table: string): Shape => {
    const own = indexes.filter((index) => index.table === table)
    return {
      columns: Object.fromEntries(
        columns
          .filter((column) => column.table === table)
          .map(({ name, type, not_null }) => [name, { type, notNull: not_null }]),
      ),
      primaryKey: own.find(({ kind }) => kind === 'p')?.on ?? [],
      uniques: own
        .filter(({ kind }) => kind === 'u')
        .flatMap(({ on }) => on)
        .sort(),
      indexes: Object.fromEntries(
        own.filter(({ kind }) => kind === null).map(({ name, unique, on }) => [name, { unique, on }]),
      ),
    }
  }
  return {
    tables: Object.fromEntries(names.map((name) => [name, shape(name)])),
    foreignKeys: Object.fromEntries(
      names.map((name) => [name, inOrder(keys.filter(({ of }) => of === name).map(({ of: _, ...key }) => key))]),
    ),
    expressions: Object.fromEntries(
      indexes.flatMap(({ name, expressions }) => (expressions === null ? [] : [[name, plain(expressions)]])),
    ),
    checks: Object.fromEntries(
      names.map((name) => [
        name,
        checks
          .filter(({ table }) => table === name)
          .flatMap(({ said }) => checksIn(said).map(asWritten))
          .sort(),
      ]),
    ),
  }
}

function inOrder(keys: ForeignKey[]): ForeignKey[] {
  return keys.sort((a, b) => (a.columns.join() < b.columns.join() ? -1 : 1))
}

/** SQL as one engine tells it and the other would. */
function plain(sql: string): string {
  return sql.toLowerCase().replaceAll('::text', '')
}

/** What is in the brackets of each CHECK. No string in our SQL has a bracket or the word. */
function checksIn(sql: string): string[] {
  const text = sql.replace(/--.*$/gm, '')
  return Array.from(text.matchAll(/\bCHECK\s*\(/gi), ({ 0: start, index }) => {
    const from = index + start.length
    let depth = 1
    let to = from
    for (; depth > 0 && to < text.length; to += 1) depth += text[to] === '(' ? 1 : text[to] === ')' ? -1 : 0
    return text
      .slice(from, to - 1)
      .replace(/\s+/g, ' ')
      .trim()
  })
}

/** PostgreSQL takes IN and BETWEEN apart when it reads them; here they are as they were written. What else it says stays. */
function asWritten(check: string): string {
  return check
    .replaceAll('::text', '')
    .replace(/^\((.*)\)$/, '$1')
    .replace(/(\w+) = ANY \(ARRAY\[([^\]]*)\]\)/g, '$1 IN ($2)')
    .replace(/\((\w+) >= (\w+)\) AND \(\1 <= (\w+)\)/g, '$1 BETWEEN $2 AND $3')
}
