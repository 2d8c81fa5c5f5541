import Database from 'better-sqlite3'
import { damaged, unavailable, withoutInputs } from '../problems.ts'
import { Lost } from '../writer.ts'

/** Codes after which nobody knows what is on disk: fsync may have failed, and a retry may falsely succeed. */
export function isDiskFailure(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_IOERR')
}

/** Another process writes: worth another try. */
export function isBusy(error: unknown): boolean {
  return codeOf(error).startsWith('SQLITE_BUSY')
}

/** Turns what the engine could not do for a reason outside the program into a problem; anything else is our bug and stays as it is. */
export function explain(error: unknown): unknown {
  const code = codeOf(error)
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return damaged(error)
  const outside = ['SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN']
  if (error instanceof Lost || outside.some((one) => code.startsWith(one))) return unavailable(error)
  return withoutInputs(error)
}

function codeOf(error: unknown): string {
  if (error instanceof Database.SqliteError) return error.code
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : ''
}
