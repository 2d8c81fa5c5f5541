import { Problem } from '../errors.ts'
import { DrizzleQueryError } from './drizzle.ts'

/** What every engine says when it cannot do its work for a reason outside the program. */
export function unavailable(cause?: unknown): Problem {
  // Whoever waits as long as a checkpoint or a restart takes will mostly find it free.
  return new Problem('database_unavailable', { headers: { 'retry-after': '2' }, cause })
}

export function damaged(cause: unknown): Problem {
  return new Problem('database_unavailable', {
    detail: 'The database is damaged. Stop the service and restore a backup.',
    cause,
  })
}

/** After a disk failure nobody knows what is on disk: fsync may have failed, and a retry may falsely succeed. */
export function stopped(): Problem {
  return new Problem('database_unavailable', {
    detail: 'The disk failed to keep a write. Nothing is written until the server is restarted.',
    headers: { 'retry-after': '60' },
  })
}

/** The connection was lost while it committed. */
export function unknownOutcome(cause: unknown): Problem {
  return new Problem('database_unavailable', {
    detail:
      'The connection to the database was lost while this was being kept. Look whether it was before you send it again.',
    headers: { 'retry-after': '2' },
    cause,
  })
}

/** What may take long was asked for by too many at once. */
export function busy(): Problem {
  // Most of it takes less than that.
  return new Problem('too_busy', { headers: { 'retry-after': '5' } })
}

/** What was asked for is more than anybody waits for. */
export function tooSlow(cause?: unknown): Problem {
  return new Problem('query_too_slow', {
    detail: 'Ask for less: fewer filters at once, or no count=exact. Or ask when there is less to do.',
    headers: { 'retry-after': '30' },
    cause,
  })
}

/** Drizzle's words show every input of a statement, which may be a draft or the hash of a key. What the engine said is enough. */
export function withoutInputs(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? (error.cause ?? error) : error
}
