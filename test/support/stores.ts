import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3'
import type { Test } from 'tap'
import { loadConfig } from '../../src/config.ts'
import { eq } from '../../src/storage/drizzle.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Read, Store, Write } from '../../src/storage/store.ts'
import { createClock } from './clock.ts'
import { newDatabase } from './engines.ts'

export interface TestStore {
  store: Store
  /** what WARTA_DATABASE says */
  database: string
  clock: ReturnType<typeof createClock>
  /** every statement that ran, in their order */
  statements: string[]
}

/** A store of its own on a new database, or on the one that is named; closed when the test ends. */
export async function testStore(
  t: Test,
  options: { database?: string; busyTimeoutMs?: number } = {},
): Promise<TestStore> {
  const database = options.database ?? (await newDatabase(t))
  const clock = createClock()
  const statements: string[] = []
  const observe = (sql: string) => statements.push(sql)
  const { secrets } = loadConfig({ WARTA_DATABASE: database }, {}, false)
  const store = await openDatabase(secrets.database, { busyTimeoutMs: options.busyTimeoutMs ?? 5_000, clock, observe })
  t.teardown(() => store.close())
  return { store, database, clock, statements }
}

/** A connection beside the store's own, as another program would open it. */
export function openBeside(t: Test, file: string, options: Database.Options = {}): Database.Database {
  const db = new Database(file, options)
  t.teardown(() => db.close())
  return db
}

/** Three rows that belong together: a tag, its address, and the change that says so. */
export async function writeTag(db: Write, slug: string): Promise<void> {
  const { tags, addresses } = db.tables
  const at = { createdAt: db.now, updatedAt: db.now }
  await db.insert(tags).values({
    ...{ id: slug, slug, name: slug, kind: 'topic', description: null, synonyms: [], sameAs: [], version: 1 },
    ...at,
  })
  await db.insert(addresses).values({ kind: 'tag', address: slug, targetId: slug, publicFrom: db.now })
  await db.record({
    kind: 'tag.created',
    id: slug,
    version: 1,
    actor: 'tests',
    fields: ['slug'],
    tags: [`tag:${slug}`],
  })
}

/** The slugs of the tags there are, in the order of the alphabet. */
export async function listSlugs(db: Read): Promise<string[]> {
  const { tags } = db.tables
  return (await db.select({ slug: tags.slug }).from(tags).orderBy(tags.slug)).map(({ slug }) => slug)
}

/** The numbers of the changes there are, in their order. */
export async function listSeqs(db: Read): Promise<number[]> {
  const { changes } = db.tables
  return (await db.select({ seq: changes.seq }).from(changes).orderBy(changes.seq)).map(({ seq }) => seq)
}

export async function hasTag(db: Read, slug: string): Promise<boolean> {
  const { tags } = db.tables
  return (await db.select({ id: tags.id }).from(tags).where(eq(tags.slug, slug))).length === 1
}

/** Has a store write, as another process would, until it is told to end. What it wrote is rolled back. */
export async function holdTurn(store: Store): Promise<{ end(): Promise<void> }> {
  const began = gate()
  const held = gate()
  const done = new Error('The turn is over.')
  const turn = store.transact(async () => {
    began.open()
    await held.opened
    throw done
  })
  const ended = turn.catch((error) => {
    if (error !== done) throw error
  })
  await Promise.race([began.opened, ended])
  return {
    end: () => {
      held.open()
      return ended
    },
  }
}

/** Has reads fail at the statement of this name that comes after so many; answers what mends the store again. */
export function breakReads(store: Store, statement: string, after: number): () => void {
  const { read } = store
  let ran = 0
  store.read = (fn, options) =>
    read.call(
      store,
      (db) => {
        const prepared: Read['prepared'] = (name, ...how) => {
          if (name.startsWith(statement)) ran += 1
          if (ran > after) throw new Error('The disk is broken.')
          return db.prepared(name, ...how)
        }
        return fn(Object.assign(Object.create(db), { prepared }))
      },
      options,
    ) as ReturnType<typeof fn>
  return () => {
    store.read = read
  }
}

/** What an engine said in refusing something, with all that it was wrapped in. */
export async function refusal(work: Promise<unknown> | (() => Promise<unknown>)): Promise<string> {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return messages(error).join('\n')
  }
  return 'It was not refused.'
}

function messages(error: unknown): string[] {
  return error instanceof Error ? [error.message, ...messages(error.cause)] : []
}

/** A promise with its handles outside. */
export function gate(): { opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** Measures, while `work` runs, the longest time for which the event loop did not come round. */
export async function loopLag(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }, 5)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return Math.max(longest, performance.now() - last)
}

const script = new URL('store-process.ts', import.meta.url).pathname

export interface Child {
  process: ChildProcess
  /** What it said so far, line by line. */
  lines: string[]
  /** Resolves when it has said so many lines, or ended. */
  said(lines: number): Promise<void>
  /** Its exit code, null when it was killed; what it wrote on standard error. */
  ended: Promise<{ code: number | null; errors: string }>
}

/** Another process on a store: see store-process.ts for what it can do. `under` is a command that starts it. */
export function startChild(t: Test, args: readonly string[], under: readonly string[] = []): Child {
  const [command = process.execPath, ...rest] = [...under, process.execPath, script, ...args]
  const child = spawn(command, rest, { stdio: ['ignore', 'pipe', 'pipe'] })
  const lines: string[] = []
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const check of waiting) check()
  }
  let over = false
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    wake()
  })
  const ended = new Promise<{ code: number | null; errors: string }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      over = true
      wake()
      resolve({ code, errors })
    })
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  const said = (count: number) =>
    new Promise<void>((resolve) => {
      const check = () => {
        if (lines.length < count && !over) return
        waiting.delete(check)
        resolve()
      }
      waiting.add(check)
      check()
    })
  return { process: child, lines, said, ended }
}
