import { closeSync, existsSync, mkdirSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import Database from 'better-sqlite3'
import { StartError } from '../../errors.ts'
import { isBusy } from './errors.ts'

/** "WRTA" in the header's field for this purpose (SQLite file format §1.3.8), so that a foreign database is known at sight. */
export const applicationId = 0x57525441

/** A full check of a file of this size takes some tens of milliseconds; a larger one is checked by `verify`, not at start. */
const checkedAtStartBytes = 16 * 1024 * 1024

/**
 * Says whether the file is new (absent or empty). Reads without SQLite first, so that a file which is not ours keeps
 * every byte and gets no companion.
 * @throws StartError when it is no SQLite database, another program's, cut short, or damaged
 */
export function inspectFile(path: string): 'new' | 'ours' {
  if (!existsSync(path)) {
    try {
      // Drafts, confidential sources and the key that signs cursors are in it: nobody else on the machine may read.
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      closeSync(openSync(path, 'a', 0o600))
    } catch (error) {
      throw new StartError(`The database ${path} cannot be made: ${reason(error)}.`)
    }
    return 'new'
  }
  const size = statSync(path).size
  if (!statSync(path).isFile()) throw new StartError(`${path} is not a file. WARTA_DATABASE must name one.`)
  if (size === 0) return 'new'
  const header = readHeader(path)
  if (header.length < 100 || header.toString('latin1', 0, 16) !== 'SQLite format 3\0') {
    throw new StartError(`${path} is not a SQLite database. It was left untouched; set WARTA_DATABASE to another path.`)
  }
  if (header.readUInt32BE(68) !== applicationId) {
    throw new StartError(
      `${path} is a SQLite database of another program. It was left untouched; set WARTA_DATABASE to another path.`,
    )
  }
  const pageSize = header.readUInt16BE(16) === 1 ? 65_536 : header.readUInt16BE(16)
  // While a write-ahead log waits, the main file may rightly be shorter than its header says.
  const complete = existsSync(`${path}-wal`) || size >= header.readUInt32BE(28) * pageSize
  if (!complete) throw damaged(path, 'it is cut short')
  if (size <= checkedAtStartBytes) checkPages(path)
  return 'ours'
}

/** @throws StartError when pages are damaged, at the second look too: another process may just have been writing */
function checkPages(path: string): void {
  const fault = findFault(path) && findFault(path)
  if (fault !== undefined) throw damaged(path, fault)
}

/** The index of words is made anew, when it is damaged: what SQLite finds wrong with it comes before what is wrong with others. */
const isOfIndex = /\barticle_search\b/
const mostFaults = 10

function findFault(path: string): string | undefined {
  try {
    const db = openToCheck(path)
    try {
      const found = db.pragma(`quick_check(${mostFaults})`) as { quick_check: string }[]
      return found.map((row) => row.quick_check).find((fault) => fault !== 'ok' && !isOfIndex.test(fault))
    } finally {
      db.close()
    }
  } catch (error) {
    const code = error instanceof Database.SqliteError ? error.code : ''
    if (code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB') return reason(error)
    throw new StartError(`${path} cannot be read: ${reason(error)}.`)
  }
}

/** In WAL mode SQLite gives a file its companions even to read it. Where there are none, a copy in memory is looked at. */
function openToCheck(path: string): Database.Database {
  if (existsSync(`${path}-wal`) || existsSync(`${path}-journal`)) {
    return new Database(path, { readonly: true, fileMustExist: true })
  }
  const copy = readFileSync(path)
  // The write and read version of the format: 2 is WAL, which memory does not have.
  copy.fill(1, 18, 20)
  return new Database(copy, { readonly: true })
}

function readHeader(path: string): Buffer {
  const bytes = Buffer.alloc(100)
  try {
    const file = openSync(path, 'r')
    try {
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, 0))
    } finally {
      closeSync(file)
    }
  } catch (error) {
    throw new StartError(`${path} cannot be read: ${reason(error)}.`)
  }
}

function damaged(path: string, what: string): StartError {
  return new StartError(`The database ${path} is damaged (${what}). It was left untouched; restore a backup.`)
}

export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/**
 * Puts the file in WAL mode, where it stays. The switch reads before it writes, and a connection that holds a lock does not
 * wait for another's (sqlite3BtreeBeginTrans): of processes that start together, some would fail. Who comes late waits
 * where SQLite can wait, with the connection's timeout, and finds the switch made.
 */
export function useWal(db: Database.Database, timeoutMs: number): void {
  const end = performance.now() + timeoutMs
  for (;;) {
    try {
      db.pragma('journal_mode = WAL')
      return
    } catch (error) {
      if (!isBusy(error) || performance.now() >= end) throw error
      db.exec('BEGIN IMMEDIATE; ROLLBACK')
    }
  }
}
