import Database from 'better-sqlite3'
import { Client } from 'pg'
import type { Test } from 'tap'
import type { TestApp } from './app.ts'
import { engine } from './engines.ts'

/** Some hundred copies of each article and of what belongs to it, which fit none of the filters that the first ones fit. */
const multiply = [
  ...[
    many('articles', 'id'),
    many('article_copies', 'article_id', 'external_id', 'section_id', 'lang', 'genre', 'breaking'),
  ],
  ...['article_tags', 'article_sources', 'article_bylines', 'article_pages'].map((table) => many(table, 'article_id')),
  'ANALYZE',
]

function many(table: string, ...names: string[]): string {
  const others: Record<string, string> = { section_id: 'NULL', genre: 'NULL', breaking: 'false' }
  const other = (name: string) => others[name] ?? `it.${name} || '-' || n`
  const differ = names.map((name) => `'${name}', ${other(name)}`)
  return `INSERT INTO ${table} SELECT (jsonb_populate_record(it, jsonb_build_object(${differ}))).* FROM ${table} it, generate_series(1, 300) n`
}

const avoided = ['seqscan', 'sort', 'incremental_sort', 'bitmapscan', 'hashjoin', 'mergejoin', 'material', 'memoize']

/** How an engine would run a statement, in the words that matter to us. */
export interface Plan {
  /** tables that are read from end to end, without an index */
  scans: string[]
  /** the indexes that are looked into or walked, the outermost first; a table's own key is `key of TABLE` */
  indexes: string[]
  /** `few`: what was looked up or is limited is put in order; `many`: what is walked is gathered first */
  sorts: ('few' | 'many')[]
  /** as the engine says it */
  text: string
}

/**
 * Asks the engine how it would run statements that it has run. SQLite plans without knowing what is in the tables, since
 * nothing ever gathers statistics. PostgreSQL would read a table of a few rows from end to end, and sort them: so there the
 * articles become many, which ends what can be asked of the service itself, and it is kept from both, so that they show up
 * only where there is no other way.
 */
export async function planner(t: Test, app: TestApp): Promise<(sql: string) => Promise<Plan>> {
  if (engine === 'postgres') {
    const url = new URL(app.database)
    url.searchParams.set('options', avoided.map((what) => `-c enable_${what}=off`).join(' '))
    const client = new Client(url.href)
    await client.connect()
    t.teardown(() => client.end())
    for (const sql of multiply) await client.query(sql)
    const explain = async (sql: string): Promise<Plan> => {
      const explained = `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${sql}`
      const [row] = (await client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(explained)).rows
      if (row === undefined) throw new Error('PostgreSQL explained nothing.')
      return fromNodes(row['QUERY PLAN'][0].Plan)
    }
    // Most requests have statements that others have too.
    const known = new Map<string, Promise<Plan>>()
    return (sql) => {
      const plan = known.get(sql) ?? explain(sql)
      known.set(sql, plan)
      return plan
    }
  }
  const db = new Database(app.database, { readonly: true })
  t.teardown(() => db.close())
  return async (sql) => {
    // What was read beside tells its inputs apart from its text; the plan does not depend on them.
    const inputs = sql.match(/'(?:[^']|'')*'|"[^"]*"|\?/g)?.filter((token) => token === '?') ?? []
    return fromSteps(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...inputs.map(() => null)) as Step[])
  }
}

interface Step {
  id: number
  parent: number
  detail: string
}

function fromSteps(steps: readonly Step[]): Plan {
  const plan: Plan = { scans: [], indexes: [], sorts: [], text: steps.map(({ detail }) => detail).join('; ') }
  for (const { parent, detail } of steps) {
    const [, how, table = '', index] =
      /^(SCAN|SEARCH) (\w+)(?: EXISTS)?(?: USING (?:COVERING )?INDEX (\w+))?/.exec(detail) ?? []
    if (index !== undefined) plan.indexes.push(nameOf(index, table))
    else if (how === 'SEARCH') plan.indexes.push(`key of ${table}`)
    else if (how === 'SCAN' && !detail.includes('VIRTUAL TABLE')) plan.scans.push(table)
    if (/^USE TEMP B-TREE FOR .*ORDER BY/.test(detail)) plan.sorts.push(parent === 0 ? 'few' : 'many')
  }
  return plan
}

interface Node {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  Plans?: Node[]
}

function fromNodes(root: Node): Plan {
  const plan: Plan = {
    scans: [],
    indexes: [],
    sorts: [],
    text: JSON.stringify(root, undefined, 1).replaceAll(/\s+/g, ' '),
  }
  const visit = (node: Node): void => {
    const { 'Node Type': type, 'Relation Name': table = '', 'Index Name': index, Plans: below = [] } = node
    if (index !== undefined) plan.indexes.push(nameOf(index, table))
    if (type === 'Seq Scan') plan.scans.push(table)
    if (type === 'Sort') plan.sorts.push(below.some(walks) ? 'many' : 'few')
    below.forEach(visit)
  }
  visit(root)
  return plan
}

/** Whether it hands on what an index has, without end: more than what has a given key, or what the clock will change. */
function walks({
  'Node Type': type,
  'Index Name': index,
  'Relation Name': table = '',
  Plans: below = [],
}: Node): boolean {
  if (type === 'Limit') return false
  if (index !== undefined && !/^key of |_external_id$|_by_start$|_by_end$/.test(nameOf(index, table))) return true
  return below.some(walks)
}

function nameOf(index: string, table: string): string {
  return /^sqlite_autoindex_|_p?key$/.test(index) ? `key of ${table}` : index
}
