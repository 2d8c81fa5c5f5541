import { StartError } from '../errors.ts'
import { lastSeq } from './changes.ts'
import {
  type Counts,
  countRows,
  Digest,
  digestOf,
  type Row,
  type TableName,
  tableNames,
  tableOf,
  walk,
} from './content.ts'
import { sql } from './drizzle.ts'
import type { Database } from './open.ts'
import type { Read, Store, Write } from './store.ts'

/** One end of a copy. */
export interface Side {
  store: Store
  engine: Database['engine']
  /** what messages call it, without a password */
  name: string
}

export interface CopyReport {
  /** false when the target held all of it before */
  copied: boolean
  counts: Counts
  /** of all that is in the rows */
  sha256: string
}

/**
 * Rows that one statement inserts. Few sizes, so that there are few statements to compile; with the widest table's 30
 * columns a hundred rows are 3,000 variables, where SQLite takes 32,766 and PostgreSQL 65,535.
 */
const insertSizes = [100, 10, 1]

/**
 * Carries everything from one database to another that is empty, whatever their engines: the rows of one moment of the
 * source, in one transaction of the target, which is read back and compared before it is kept. So an interrupted copy
 * leaves nothing and is safe to repeat; after one that was kept, a repetition finds it and changes nothing.
 * @param progress hears which share is done
 * @throws StartError with one sentence, and the target is as it was: it holds something else; the source holds nothing,
 * was written to meanwhile, or is the target; an engine fails
 */
export async function copyDatabase(
  source: Side,
  target: Side,
  progress: (share: number) => void = () => {},
): Promise<CopyReport> {
  return naming(source, async () => {
    const counts = await source.store.read(countRows)
    await expectTwo(source, target)
    if (await source.store.read(isNew))
      throw new StartError(`${source.name} holds nothing to copy. Are the two databases the wrong way round?`)
    if (!(await naming(target, () => target.store.read(isNew)))) return findCopy(source, target, counts)
    return source.store.read(async (from) => {
      // Before the target's turn begins, which a long count would leave idle.
      const start = { counts: await countRows(from), seq: await lastSeq(from) }
      return naming(target, () => target.store.transact((to) => copy(source, from, start, target, to, progress)))
    })
  })
}

/** Nothing is kept of it unless both sides were found equal at the end. May run again, as all transactions may. */
async function copy(
  source: Side,
  from: Read,
  { counts, seq }: { counts: Counts; seq: number },
  target: Side,
  to: Write,
  progress: (share: number) => void,
): Promise<CopyReport> {
  if (!(await isNew(to))) throw new StartError(`${target.name} was written to just now. Nothing was copied.`)
  // Every row is written, and then read back.
  const steps = 2 * sum(counts)
  let done = 0
  const step = (rows: number): void => {
    done += rows
    progress(done / steps)
  }

  const read = new Digest()
  for (const name of tableNames) {
    const batches = walk(from, name)
    for (;;) {
      const { value: rows } = await naming(source, () => batches.next())
      if (rows === undefined) break
      read.add(name, rows)
      await insert(to, name, rows)
      step(rows.length)
    }
  }

  // What is made of the rows is made anew, when the service starts on them.
  await to.update(to.tables.searchState).set({ version: 0, seenAt: null })
  const written = await digestOf(to, step)
  const different = tableNames.filter(
    (name) => counts.get(name) !== read.counts.get(name) || counts.get(name) !== written.counts.get(name),
  )
  if (different.length > 0 || read.sha256() !== written.sha256()) {
    const where = different.length > 0 ? ` in the number of ${different.map(wordsOf).join(', ')}` : ''
    throw new StartError(`What ${target.name} gave back differs${where} from what was copied to it. All was undone.`)
  }
  // On a connection of its own: the snapshot cannot see it.
  const now = await naming(source, () => source.store.read(lastSeq))
  if (now !== seq) {
    throw new StartError(
      `${source.name} was written to while it was copied (${now - seq} changes). All was undone: stop its service, then run this again.`,
    )
  }
  return { copied: true, counts, sha256: read.sha256() }
}

async function insert(to: Write, name: TableName, rows: readonly Row[]): Promise<void> {
  const table = tableOf(to, name)
  let at = 0
  while (at < rows.length) {
    const left = rows.length - at
    const size = insertSizes.find((one) => one <= left) ?? 1
    const values = to.insert(table).values(rows.slice(at, at + size))
    if (name === 'counters') {
      // Never deleted and made anew: who waits for its turn to write waits for the row of the changes.
      const { counters } = to.tables
      await values.onConflictDoUpdate({ target: counters.name, set: { value: sql`excluded.value` } })
    } else await values
    at += size
  }
}

/** @throws StartError unless the target, which is not empty, holds what the source does */
async function findCopy(source: Side, target: Side, counts: Counts): Promise<CopyReport> {
  const there = await target.store.read(countRows)
  if (tableNames.every((name) => counts.get(name) === there.get(name))) {
    // One after the other: an engine ends a transaction that idles while another is read through.
    const ours = (await source.store.read((db) => digestOf(db))).sha256()
    const theirs = (await naming(target, () => target.store.read((db) => digestOf(db)))).sha256()
    if (ours === theirs) return { copied: false, counts, sha256: ours }
  }
  throw notEmpty(target, there)
}

function notEmpty({ name }: Side, counts: Counts): StartError {
  const nouns = ['articles', 'sections', 'tags', 'sources', 'keys'] as const
  const held = nouns.flatMap((noun) => {
    const rows = counts.get(noun) ?? 0
    return rows === 0 ? [] : [`${rows} ${rows === 1 ? noun.slice(0, -1) : noun}`]
  })
  const onlyStarted = nouns.every((noun) => noun === 'keys' || counts.get(noun) === 0)
  const holds = held.length > 0 ? ` It holds ${held.join(', ')}.` : ''
  const why = onlyStarted
    ? ' A service or "keys create" has been run on it, which is not needed: its keys come with the copy.'
    : ''
  return new StartError(
    `${name} is neither empty nor a copy.${holds}${why} It was left as it is; name a database that is new, or make this one anew.`,
  )
}

/** Whether nothing was ever written but the schema. */
async function isNew(db: Read): Promise<boolean> {
  for (const name of tableNames) {
    const [first] = await db.select().from(tableOf(db, name)).limit(1)
    if (first !== undefined && name !== 'counters') return false
  }
  return (await lastSeq(db)) === 0
}

/** @throws StartError when two addresses lead to one database of PostgreSQL; files are told apart before they are opened */
async function expectTwo(source: Side, target: Side): Promise<void> {
  if (source.engine !== 'postgres' || target.engine !== 'postgres') return
  // No two servers start in the same microsecond, and anybody may ask when one did.
  const identity = sql<string>`concat_ws(' ', extract(epoch from pg_postmaster_start_time()), current_database(), current_schema())`
  const of = (db: Read) => db.select({ identity }).from(db.tables.counters).limit(1)
  const [one] = await source.store.read(of)
  const [other] = await naming(target, () => target.store.read(of))
  if (one?.identity === other?.identity) throw new StartError(`${source.name} and ${target.name} are one database.`)
}

/**
 * Says of which side it was what went wrong. What an engine said is kept, but not the statement, whose inputs are content
 * and secrets.
 */
async function naming<T>({ name }: Side, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`${name}: ${said(error)} A copy is kept whole or not at all: it is safe to run this again.`)
  }
}

function said(error: unknown): string {
  if (error instanceof Error && error.cause !== undefined) return said(error.cause)
  const words = error instanceof Error ? error.message : String(error)
  return /[.!?]$/.test(words) ? words : `${words}.`
}

/** articleCopies → article copies */
export function wordsOf(name: TableName): string {
  return name.replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function sum(counts: Counts): number {
  return [...counts.values()].reduce((total, rows) => total + rows, 0)
}
