/**
 * Databases of any number of articles, as the program itself would have written them: a few are brought in by
 * `warta import`, and their rows multiplied. Built once and kept until the migrations or this builder change.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { newSecret } from '../src/keys/secret.ts'
import { checkData } from './checks.ts'
import { plans, sections, sources, tags } from './newsroom.ts'
import { root, scrap } from './processes.ts'
import { Writer } from './rows.ts'
import { fillOf, makeTemplate, readCatalog, takeTemplates } from './template.ts'

export const dataFolder = fileURLToPath(new URL('bench/.data/', root))

/** What is known of a database that was built. */
export interface Data {
  path: string
  articles: number
  /** of an admin */
  key: string
  /** how many articles each section (without those below), tag and source has, by slug */
  counts: Record<string, number>
  seconds: number
  bytes: number
}

/** Of disk: two copies and two revisions of each, with their indexes, take 27 KB; the rest is for sorting the indexes. */
const bytesEach = 32_000
/** Of SQLite, while it loads: the ends of all tables, and the slugs, which arrive in no order. */
const cacheKiB = 1_000_000
const perTransaction = 20_000

/** The database of so many articles; built now, if it is not there. */
export async function dataOf(articles: number): Promise<Data> {
  mkdirSync(dataFolder, { recursive: true })
  const path = join(dataFolder, `articles-${articles}-${fingerprint()}.db`)
  const about = `${path}.json`
  if (existsSync(about)) return { ...(JSON.parse(readFileSync(about, 'utf8')) as Data), path }
  removeOutdated(articles)
  const data = await build(path, articles)
  await checkData(data)
  writeFileSync(about, JSON.stringify(data, undefined, 2))
  return data
}

/** Whether it is there, so that nobody need wait for it. */
export function hasData(articles: number): boolean {
  return existsSync(join(dataFolder, `articles-${articles}-${fingerprint()}.db.json`))
}

function fingerprint(): string {
  const hash = createHash('sha256')
  const migrations = new URL('migrations/sqlite/', root)
  const files = readdirSync(migrations)
    .sort()
    .map((name) => new URL(name, migrations))
  const own = ['data.ts', 'template.ts', 'newsroom.ts', 'random.ts', 'rows.ts'].map(
    (name) => new URL(name, import.meta.url),
  )
  for (const file of [...files, ...own]) hash.update(readFileSync(file))
  return hash.digest('hex').slice(0, 12)
}

function removeOutdated(articles: number): void {
  for (const name of readdirSync(dataFolder)) {
    if (name.startsWith(`articles-${articles}-`)) rmSync(join(dataFolder, name), { force: true })
  }
}

/** Removes what benches left that were killed; the number of its process stands in each name. */
export function removeLeftovers(): void {
  mkdirSync(dataFolder, { recursive: true })
  for (const name of readdirSync(dataFolder)) {
    const [, pid] = /^(?!articles-)[a-z]+-(\d+)/.exec(name) ?? []
    if (pid !== undefined && !existsSync(`/proc/${pid}`)) rmSync(join(dataFolder, name), { force: true })
  }
}

async function build(path: string, articles: number): Promise<Data> {
  const { bavail, bsize } = statfsSync(dataFolder)
  if (bavail * bsize < articles * bytesEach) {
    throw new Error(
      `${articles} articles need ${gib(articles * bytesEach)} of disk, and ${gib(bavail * bsize)} are free.`,
    )
  }
  const started = performance.now()
  const key = newSecret()
  const unfinished = scrap(join(dataFolder, `unfinished-${process.pid}-${articles}.db`))
  scrap(`${unfinished}.ndjson`)
  tell(articles, 'sections, tags and sources')
  await makeTemplate(unfinished, key)
  const db = new Database(unfinished)
  // What is half built is thrown away, so nothing need survive a crash.
  db.pragma('journal_mode = OFF')
  db.pragma('synchronous = OFF')
  db.pragma('foreign_keys = OFF')
  db.pragma(`cache_size = -${cacheKiB}`)
  const counts = await multiply(db, articles)
  // It reads all there is: among a million that would take longer than the rest.
  const orphans = articles > 100_000 ? [] : (db.pragma('foreign_key_check') as unknown[])
  if (orphans.length > 0)
    throw new Error(`${orphans.length} rows have lost their parent: ${JSON.stringify(orphans[0])}`)
  db.pragma('journal_mode = WAL')
  db.close()
  tell(articles, 'the index of words')
  execFileSync(process.execPath, ['bin/warta.js', 'reindex'], {
    cwd: root,
    env: { ...process.env, WARTA_DATABASE: unfinished },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  renameSync(unfinished, path)
  const seconds = Math.round((performance.now() - started) / 1_000)
  const { size } = statSync(path)
  tell(articles, `built in ${seconds} s, ${gib(size)}`, true)
  return { path, articles, key, counts, seconds, bytes: size }
}

async function multiply(db: Database.Database, articles: number): Promise<Record<string, number>> {
  const catalog = readCatalog(db)
  const templates = takeTemplates(db, catalog)
  const counts: Record<string, number> = {}
  const count = (slug: string | undefined) => {
    if (slug !== undefined) counts[slug] = (counts[slug] ?? 0) + 1
  }
  // Sorted at the end they are made some ten times faster than row by row.
  const indexes = db.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL").all() as {
    name: string
    sql: string
  }[]
  for (const { name } of indexes) db.exec(`DROP INDEX ${name}`)
  const writer = new Writer(db)
  let written = 0
  db.exec('BEGIN')
  for (const plan of plans(articles)) {
    const section = sections[plan.section]
    const forms = section?.parent === null ? templates.top : templates.below
    writer.write(forms[Math.floor(plan.chance * forms.length)] ?? [], fillOf(catalog, plan))
    count(section?.slug)
    for (const tag of plan.tags) count(tags[tag]?.slug)
    count(sources[plan.source]?.slug)
    written += 1
    if (written % perTransaction > 0) continue
    db.exec('COMMIT; BEGIN')
    tell(articles, `${Math.round((written / articles) * 100)} % of the rows`)
    await interruptible()
  }
  recount(db)
  db.exec('COMMIT')
  for (const [i, { name, sql }] of indexes.entries()) {
    tell(articles, `index ${i + 1} of ${indexes.length}: ${name}`)
    await interruptible()
    db.exec(sql)
  }
  return counts
}

/** Brings what the program counts as it writes up to what is there. */
function recount(db: Database.Database): void {
  db.exec("UPDATE counters SET value = (SELECT coalesce(max(seq), 0) FROM changes) WHERE name = 'changes'")
  // Once for each copy that is made for the public; a source may stand on it in several roles.
  db.exec(`DELETE FROM uses;
    INSERT INTO uses (id, copies)
      SELECT tag_id, count(*) FROM article_tags WHERE stage <> 'working' GROUP BY tag_id
      UNION ALL
      SELECT source_id, count(DISTINCT article_id || stage) FROM article_sources WHERE stage <> 'working' GROUP BY source_id`)
}

/** Signals are heard between one piece of work and the next. */
const interruptible = () => setImmediate()

let toldAt = Number.NEGATIVE_INFINITY
/** In a file that keeps what is told, a line now and then is enough. */
const tellEveryMs = 5_000

function tell(articles: number, what: string, last = false): void {
  const line = `data of ${articles.toLocaleString('en')} articles: ${what}`
  // Over the same line, where somebody watches.
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[2K${line}${last ? '\n' : ''}`)
  else if (last || performance.now() - toldAt > tellEveryMs) {
    console.error(line)
    toldAt = performance.now()
  }
}

function gib(bytes: number): string {
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`
}
