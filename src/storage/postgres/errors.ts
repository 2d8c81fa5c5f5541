import { damaged, unavailable, withoutInputs } from '../problems.ts'
import { Lost } from '../writer.ts'

/** No connection was to be had, for a reason outside the program. */
export class Unreachable extends Error {}

/** The server answers, but is a standby, which takes no writes. */
export class NotPrimary extends Error {}

/** What node-postgres says, in words alone, of a connection that is no more. */
const gone = /^(Connection terminated|Client (has encountered|was closed)|Query read timeout)/

/** The codes of the system, of streams and of TLS; Node's other ERR_ codes are faults of the program. */
const goneCode = /^(E(?!RR_)[A-Z0-9_]+|ERR_(STREAM|SSL|TLS)_[A-Z0-9_]+)$/

/**
 * Whether the connection or its server is away, so that another try on another connection may succeed: connection
 * exceptions (class 08), shutdown (57P01 to 57P03), ended for idling (25P03, 25P04), too many connections (53300).
 */
export function isGone(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error instanceof Unreachable) return true
  if (error.cause !== undefined) return isGone(error.cause)
  const state = stateOf(error)
  if (state !== '') return /^(08...|57P0[1-3]|25P0[34]|53300)$/.test(state)
  const { code } = error as NodeJS.ErrnoException
  return (typeof code === 'string' && goneCode.test(code)) || gone.test(error.message)
}

/**
 * Whether it passes by itself: the server comes back or another takes over, a lock is let go (55P03), a conflict with
 * another program does not happen twice (40001, 40P01), a server that was demoted is left for another (25006).
 */
export function passes(error: unknown): boolean {
  return error instanceof Lost || isGone(error) || /^(55P03|40001|40P01|25006)$/.test(stateOf(error))
}

/** Turns what the engine could not do for a reason outside the program into a problem; anything else is our bug and stays as it is. */
export function explain(error: unknown): unknown {
  const state = stateOf(error)
  if (state === 'XX001' || state === 'XX002') return damaged(error)
  // Resources (class 53), a statement that was cut off (57), the system under the server (58).
  if (passes(error) || /^(53|57|58)/.test(state)) return unavailable(error)
  return withoutInputs(error)
}

/** Whether the server ended a statement, most likely at the end of its time. */
export function isCutOff(error: unknown): boolean {
  return stateOf(error) === '57014'
}

/** SQLSTATE (PostgreSQL, appendix A), or '' of what the server did not say. */
export function stateOf(error: unknown): string {
  const { code } = (rootOf(error) ?? {}) as { code?: unknown }
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !code.startsWith('E') ? code : ''
}

/** What was thrown first: Drizzle and we wrap what the driver said. */
export function rootOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? rootOf(error.cause) : error
}
