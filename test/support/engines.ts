import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Test } from 'tap'
import { systemClock } from '../../src/lib/clock.ts'
import { openSqlite } from '../../src/storage/sqlite/sqlite.ts'
import { ask, startPostgres } from './postgres.ts'

/** The databases that Warta runs on, and which of them this process tests. */

export const engines = ['sqlite', 'postgres'] as const
export type Engine = (typeof engines)[number]

/** What WARTA_TEST_ENGINE says. test/postgres.test.ts runs the files that read it once more with `postgres`. */
export const engine: Engine = engineCalled(process.env.WARTA_TEST_ENGINE ?? 'sqlite')

/** The engine of that name. */
export function engineCalled(name: string): Engine {
  const found = engines.find((one) => one === name)
  if (found === undefined)
    throw new Error(`No engine is called ${JSON.stringify(name)}: there are ${engines.join(', ')}.`)
  return found
}

/** On a server that is shared, what is migrated already: to copy it takes half as long as to migrate. */
export const template = 'migrated'

export interface DatabaseOptions {
  /** It may have its tables already. */
  migrated?: boolean
}

/** What WARTA_DATABASE is for a new database of this test's own, which goes with the test; it is empty, unless it may not be. */
export async function newDatabase(t: Test, { migrated = false }: DatabaseOptions = {}): Promise<string> {
  if (engine === 'sqlite') {
    const path = join(folderOf(t), 'warta.db')
    if (!migrated) return path
    migratedFile ??= migrateFile()
    await writeFile(path, await migratedFile)
    return path
  }
  const server = await superuserUrl()
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const from = migrated && process.env.WARTA_TEST_POSTGRES !== undefined ? `template ${template}` : ''
  // Copying the files costs half of what logging each page does, where nothing is synced.
  await ask(server, `create database ${name} ${from} strategy file_copy`)
  // Teardowns run backwards: whatever the test opens after this is closed by then, and what it forgot is cut off.
  t.teardown(() => ask(server, `drop database ${name} with (force)`))
  const url = new URL(server)
  url.pathname = name
  return url.href
}

let migratedFile: Promise<Buffer> | undefined

/** A SQLite file that has its tables: to write it takes a tenth of migrating, or less. */
async function migrateFile(): Promise<Buffer> {
  const folder = await mkdtemp(join(tmpdir(), 'warta-'))
  try {
    const path = join(folder, 'warta.db')
    await openSqlite({ path, clock: systemClock, busyTimeoutMs: 60_000 }).close()
    return await readFile(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * A new folder that goes when the test ends. With nothing to tear down before it is made, tap would remove it first, under
 * processes that the teardowns end, and fail the test where one of them makes a file there meanwhile.
 */
export function folderOf(t: Test): string {
  t.teardown(() => {})
  return t.testdir()
}

let own: Promise<string> | undefined

/** The server that is shared by all files of a run; for a file that is run alone, one that ends with this process. */
function superuserUrl(): Promise<string> {
  own ??=
    process.env.WARTA_TEST_POSTGRES === undefined
      ? startPostgres().then((server) => server.url())
      : Promise.resolve(process.env.WARTA_TEST_POSTGRES)
  return own
}
