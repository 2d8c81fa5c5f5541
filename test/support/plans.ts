import Database from 'better-sqlite3'
import { Client } from 'pg'
import type { Test } from 'tap'
import type { TestApp } from './app.ts'
import { engine } from './engines.ts'

/** Some hundred copies of each article and of what belongs to it, which fit none of the filters that the first ones fit. */
const multiply = [
  ...[
    many('articles', 'id', 'state'),
    many('article_copies', 'article_id', 'external_id', 'section_id', 'lang', 'genre', 'breaking'),
  ],
  ...['article_tags', 'article_sources', 'article_bylines', 'article_pages'].map((table) => many(table, 'article_id')),
  ...[manyTexts('search_entries'), manyTexts('article_search')],
  // What was just written to an index of words is looked through from end to end until a vacuum has sorted it in.
  'VACUUM ANALYZE',
]

function many(table: string, ...names: string[]): string {
  // Were all in one state, PostgreSQL would take it that nothing is in another than one that it is not told.
  const state = "CASE n % 3 WHEN 0 THEN 'draft' WHEN 1 THEN 'trashed' ELSE it.state END"
  const others: Record<string, string> = { section_id: 'NULL', genre: 'NULL', breaking: 'false', state }
  const other = (name: string) => others[name] ?? `it.${name} || '-' || n`
  return multiplied(
    table,
    names.map((name) => [name, other(name)]),
  )
}

/** Texts that have other words, of the same seconds, where there is room: see idsOfSecond. What is of 1970 is many already. */
function manyTexts(table: 'search_entries' | 'article_search'): string {
  const others = table === 'article_search' ? { words: "'noise'" } : { article_id: "it.article_id || '-' || n" }
  return `${multiplied(table, Object.entries({ id: 'it.id + 32 * n', ...others }))} WHERE it.id > ${2 ** 40}
    ON CONFLICT DO NOTHING`
}

function multiplied(table: string, values: [name: string, value: string][]): string {
  const differ = values.map(([name, value]) => `'${name}', ${value}`)
  return `INSERT INTO ${table} SELECT (jsonb_populate_record(it, jsonb_build_object(${differ}))).* FROM ${table} it CROSS JOIN generate_series(1, 300) n`
}

const avoided = ['seqscan', 'sort', 'incremental_sort', 'bitmapscan', 'hashjoin', 'mergejoin', 'material', 'memoize']
/** An index of words gives bitmaps alone, and no order: what is found is sorted. */
const needed = ['sort', 'bitmapscan']

export interface Searching {
  /** one that the texts have: PostgreSQL plans a search anew for what is looked for */
  word: string
  /** whether what has it is gathered; else it is met on the way */
  gathers: boolean
}

/** How an engine would run a statement, in the words that matter to us. */
export interface Plan {
  /** tables that are read from end to end, without an index */
  scans: string[]
  /** the indexes that are looked into or walked, the outermost first; a table's own key is `key of TABLE` */
  indexes: string[]
  /**
   * `few`: what was looked up or is limited is put in order; `found`: what has the words that are looked for, which a list
   * gathers when it is little, and of which a rank has a thousand; `many`: what is walked is gathered first
   */
  sorts: ('few' | 'found' | 'many')[]
  /** as the engine says it */
  text: string
}

/** The index of words, on either engine. */
export const byWord = 'article_search_by_word'

/**
 * Asks the engine how it would run statements that it has run. SQLite plans without knowing what is in the tables, since
 * nothing ever gathers statistics. PostgreSQL would read a table of a few rows from end to end, and sort them: so there the
 * articles become many, which ends what can be asked of the service itself, and it is kept from both, so that they show up
 * only where there is no other way.
 */
export async function planner(t: Test, app: TestApp): Promise<(sql: string, searching?: Searching) => Promise<Plan>> {
  if (engine === 'postgres') {
    const client = await connect(t, app, avoided)
    for (const sql of multiply) await client.query(sql)
    const searching = await connect(
      t,
      app,
      avoided.filter((what) => !needed.includes(what)),
    )
    const explain = async (sql: string, asked: Client): Promise<Plan> => {
      const explained = `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${sql}`
      const [row] = (await asked.query<{ 'QUERY PLAN': [{ Plan: Node }] }>(explained)).rows
      if (row === undefined) throw new Error('PostgreSQL explained nothing.')
      return fromNodes(row['QUERY PLAN'][0].Plan)
    }
    // Most requests have statements that others have too.
    const known = new Map<string, Promise<Plan>>()
    return (statement, { word, gathers } = { word: '', gathers: false }) => {
      const sql =
        word === '' ? statement : statement.replaceAll(/cast\(\$\d+ as tsquery\)/g, `cast('${word}' as tsquery)`)
      const name = `${gathers} ${sql}`
      const plan = known.get(name) ?? explain(sql, gathers ? searching : client)
      known.set(name, plan)
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

async function connect(t: Test, app: TestApp, without: readonly string[]): Promise<Client> {
  const url = new URL(app.database)
  url.searchParams.set('options', without.map((what) => `-c enable_${what}=off`).join(' '))
  const client = new Client(url.href)
  await client.connect()
  t.teardown(() => client.end())
  return client
}

interface Step {
  id: number
  parent: number
  detail: string
}

/** What a rank has cut to a thousand, and what it makes of that, by the names that it gives them. */
const ofRank = /^(matched|anywhere|titled|candidates|found|used|ranked|counted|most_\w+)$/

function fromSteps(steps: readonly Step[]): Plan {
  const plan: Plan = { scans: [], indexes: [], sorts: [], text: steps.map(({ detail }) => detail).join('; ') }
  const isRank = steps.some(({ detail }) => detail === 'MATERIALIZE anywhere')
  /** what the outermost loop of a select is over, whether or not words are looked for in it */
  const outermost = new Map<number, { table: string; isFound: boolean }>()
  for (const { parent, detail } of steps) {
    const [, how, table = '', index] =
      /^(SCAN|SEARCH) (\w+)(?: EXISTS)?(?: USING (?:COVERING )?INDEX (\w+))?/.exec(detail) ?? []
    const virtual = virtualIndex(table, detail)
    if (index !== undefined) plan.indexes.push(nameOf(index, table))
    else if (virtual !== undefined) plan.indexes.push(virtual)
    else if (how === 'SEARCH') plan.indexes.push(`key of ${table}`)
    else if (how === 'SCAN' && (!detail.includes('VIRTUAL TABLE') || table === 'article_search')) plan.scans.push(table)
    const isFound = virtual !== undefined || (isRank && ofRank.test(table))
    if (how !== undefined && !outermost.has(parent)) outermost.set(parent, { table, isFound })
    if (/^USE TEMP B-TREE FOR .*ORDER BY/.test(detail)) {
      plan.sorts.push(outermost.get(parent)?.isFound ? 'found' : parent === 0 ? 'few' : 'many')
    }
  }
  return plan
}

/**
 * How FTS5 finds rows, from what it says to SQLite: https://sqlite.org/src/file/ext/fts5/fts5_main.c (fts5BestIndexMethod:
 * `M` for words, `=` for a row that is given). Undefined where it reads all there is.
 */
function virtualIndex(table: string, detail: string): string | undefined {
  const [, text = ''] = /VIRTUAL TABLE INDEX \d+:(.*)$/.exec(detail) ?? []
  if (table !== 'article_search') return undefined
  return text.includes('=') ? 'key of article_search' : text.includes('M') ? byWord : undefined
}

interface Node {
  'Node Type': string
  'Parent Relationship'?: string
  'Relation Name'?: string
  'Index Name'?: string
  'CTE Name'?: string
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
    if (type === 'Sort') plan.sorts.push(!below.some(walks) ? 'few' : below.every(isOfFound) ? 'found' : 'many')
    // What is looked up once for all rows is no loop that the others are in.
    const [once, loops] = [below.filter(isOnce), below.filter((node) => !isOnce(node))]
    for (const node of [...loops, ...once]) visit(node)
  }
  visit(root)
  return plan
}

function isOnce({ 'Parent Relationship': relation }: Node): boolean {
  return relation === 'InitPlan'
}

/** Whether its outermost loop is over what has the words that are looked for. */
function isOfFound({ 'Index Name': index, 'CTE Name': name = '', Plans: [first] = [] }: Node): boolean {
  if (index === byWord || ofRank.test(name)) return true
  return first !== undefined && isOfFound(first)
}

/** Whether it hands on what an index has, without end: more than what has a given key, or what the clock will change. */
function walks({
  'Node Type': type,
  'Index Name': index,
  'Relation Name': table = '',
  Plans: below = [],
}: Node): boolean {
  if (type === 'Limit') return false
  if (
    index !== undefined &&
    !/^key of |_external_id$|_by_start$|_by_end$|_entries_of_article$/.test(nameOf(index, table))
  )
    return true
  return below.some(walks)
}

function nameOf(index: string, table: string): string {
  return /^sqlite_autoindex_|_p?key$/.test(index) ? `key of ${table}` : index
}
