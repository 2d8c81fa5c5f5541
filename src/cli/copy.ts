import { existsSync, statSync } from 'node:fs'
import { readDatabaseFlag } from '../config.ts'
import { StartError } from '../errors.ts'
import { systemClock } from '../lib/clock.ts'
import { type Database, openDatabase } from '../storage/open.ts'
import type { OpenedStore } from '../storage/store.ts'
import { type CopyReport, copyDatabase, wordsOf } from '../storage/transfer.ts'
import { createBar } from './bar.ts'
import { type Command, readArgs } from './context.ts'

const about = `Carries everything from one database to another: articles in all their states, sections, tags, sources, keys,
former addresses, and the log of changes with its numbers. Keys, ETags and cursors stay valid.

  --from DATABASE   where it is: the path of a SQLite file, or postgres://USER:PASSWORD@HOST:PORT/DATABASE
  --to DATABASE     where it is to be, in the same words; empty, or not there yet (PostgreSQL: CREATE DATABASE)

A password that should not stand in the command goes into PGPASSWORD.

Stop the service on the old database first. The copy is one moment of it: what was written meanwhile would be left
behind, and when something was, nothing is kept. It is read back and compared before it is kept; a copy that was
interrupted leaves nothing, and it is safe to run it again. Both are brought to the newest schema, as the service does.`

export const copy: Command = {
  summary: 'carry everything to another database, of either engine',
  options: 'copy --from DATABASE --to DATABASE',
  async run(args) {
    const parsed = readArgs(copy.options, about, args, { from: { type: 'string' }, to: { type: 'string' } })
    if (parsed === undefined) return
    const values = parsed.values as { from?: string; to?: string; database?: string }
    if (values.database !== undefined) throw new StartError('copy takes --from and --to, and no --database.')
    const from = readDatabaseFlag('from', values.from, connections)
    const to = readDatabaseFlag('to', values.to, connections)
    expectSource(from, to)
    const started = performance.now()
    const bar = createBar()
    const source = await open('from', from)
    try {
      const target = await open('to', to)
      try {
        const report = await copyDatabase({ ...from, store: source }, { ...to, store: target }, (share) =>
          bar.draw(share, to.name),
        )
        bar.clear()
        console.log(summarise(from, to, report, performance.now() - started))
      } finally {
        bar.clear()
        await target.close()
      }
    } finally {
      await source.close()
    }
  },
}

/** The writer, the listener, the snapshot, and a look at the newest change beside it. */
const connections = 4

/** A batch is answered in milliseconds; but disks flush, and standbys that every commit waits for have to catch up. */
const patienceMs = 60_000

/** @throws StartError when the file is not there or empty: opening would make a database of it; or is the target as well */
function expectSource(from: Database, to: Database): void {
  if (from.engine !== 'sqlite') return
  if (!existsSync(from.path)) throw new StartError(`--from: there is no ${from.path}. Nothing was made.`)
  const source = statSync(from.path)
  if (source.size === 0) throw new StartError(`--from: ${from.path} is empty. It was left as it is.`)
  if (to.engine !== 'sqlite' || !existsSync(to.path)) return
  const target = statSync(to.path)
  if (source.ino === target.ino && source.dev === target.dev)
    throw new StartError(`--from and --to are one database: ${from.path}.`)
}

/** @throws StartError that says which of the two it is about */
async function open(flag: string, database: Database): Promise<OpenedStore> {
  try {
    return await openDatabase(database, { clock: systemClock, busyTimeoutMs: patienceMs })
  } catch (error) {
    throw error instanceof StartError ? new StartError(`--${flag}: ${error.message}`) : error
  }
}

function summarise(from: Database, to: Database, report: CopyReport, milliseconds: number): string {
  const { copied, counts, sha256 } = report
  if (!copied) return `${to.name} is already a copy of ${from.name}: nothing was changed.\n  SHA-256  ${sha256}`
  const lines = Array.from(counts, ([name, rows]) => `  ${wordsOf(name).padEnd(16)}${String(rows).padStart(12)}`)
  const login = to.engine === 'postgres' ? ', with its user and password' : ''
  return `Copied ${from.name} to ${to.name} in ${(milliseconds / 1_000).toFixed(1)} s, read it back and found it equal:

${lines.join('\n')}

  SHA-256  ${sha256}

Next: keep the service on ${from.name} stopped,
set WARTA_DATABASE to ${to.name}${login}, and start it.
What is written to the old database from now on is not in the copy.`
}
