import Database from 'better-sqlite3'
import { Problem } from '../errors.ts'

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
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') {
    return new Problem('database_unavailable', {
      detail: 'The database is damaged. Stop the service and restore a backup.',
      cause: error,
    })
  }
  const outside = ['SQLITE_BUSY', 'SQLITE_FULL', 'SQLITE_IOERR', 'SQLITE_READONLY', 'SQLITE_CANTOPEN']
  if (!outside.some((one) => code.startsWith(one))) return error
  return unavailable(error)
}

export function unavailable(cause?: unknown): Problem {
  // Whoever waits as long as a checkpoint or a moved log file takes will mostly find it free.
  return new Problem('database_unavailable', { headers: { 'retry-after': '2' }, cause })
}

/** After a disk failure: see isDiskFailure. */
export function stopped(): Problem {
  return new Problem('database_unavailable', {
    detail: 'The disk failed to keep a write. Nothing is written until the server is restarted.',
    headers: { 'retry-after': '60' },
  })
}

function codeOf(error: unknown): string {
  if (error instanceof Database.SqliteError) return error.code
  return error instanceof Error && error.cause !== undefined ? codeOf(error.cause) : ''
}
