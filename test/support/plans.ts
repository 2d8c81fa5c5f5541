import Database from 'better-sqlite3'
import { Client } from 'pg'
import type { Test } from 'tap'
import type { TestApp } from './app.ts'
import { engine } from './engines.ts'

const avoided = ['seqscan', 'sort', 'incremental_sort', 'bitmapscan', 'hashjoin', 'mergejoin', 'material', 'memoize']

/** How an engine would run a statement, in the words that matter to us. */
export interface Plan {
  /** tables that are read from end to end, without an index */
  scans: string[]
  /** the indexes that are looked into or walked, the outermost first; a table's own key is `key of TABLE` */
  indexes: string[]
  /** `outer`: what the limited walks inside have found is put in order; `inner`: a walk sorts what it walks */
  sorts: ('outer' | 'inner')[]
  /** as the engine says it */
  text: string
}

/**
 * Asks the engine how it would run statements that it has run. SQLite plans without knowing what is in the tables, since
 * nothing ever gathers statistics. PostgreSQL would read a table of a few rows from end to end, and sort them: it is kept
 * from both, so that they show up only where there is no other way.
 */
export function planner(t: Test, app: TestApp): (sql: string) => Promise<Plan> {
  if (engine === 'postgres') {
    const url = new URL(app.database)
    url.searchParams.set('options', avoided.map((what) => `-c enable_${what}=off`).join(' '))
    const client = new Client(url.href)
    const connected = client.connect()
    t.teardown(() => client.end())
    return async (sql) => {
      await connected
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(
        `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${sql}`,
      )
      const [row] = rows
      if (row === undefined) throw new Error('PostgreSQL explained nothing.')
      return fromNodes(row['QUERY PLAN'][0].Plan)
    }
  }
  const db = new Database(app.database, { readonly: true })
  t.teardown(() => db.close())
  return async (sql) => fromSteps(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all() as Step[])
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
    if (detail.startsWith('USE TEMP B-TREE')) plan.sorts.push(parent === 0 ? 'outer' : 'inner')
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
  const visit = (node: Node, limits: number): void => {
    const { 'Node Type': type, 'Relation Name': table = '', 'Index Name': index } = node
    if (index !== undefined) plan.indexes.push(nameOf(index, table))
    if (type === 'Seq Scan') plan.scans.push(table)
    if (type === 'Sort') plan.sorts.push(limits > 1 ? 'inner' : 'outer')
    for (const one of node.Plans ?? []) visit(one, limits + (type === 'Limit' ? 1 : 0))
  }
  visit(root, 0)
  return plan
}

function nameOf(index: string, table: string): string {
  return /^sqlite_autoindex_|_pkey$/.test(index) ? `key of ${table}` : index
}
