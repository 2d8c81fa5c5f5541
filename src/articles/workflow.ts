import type { Instant } from '../lib/clock.ts'

/** The life of an article as a table: an action is allowed from these states, and leads to that one. Pure. */

export const states = ['draft', 'in_review', 'scheduled', 'published', 'withdrawn', 'trashed'] as const
export type State = (typeof states)[number]

interface Transition {
  from: readonly State[]
  to: State
  /** what the log of changes calls it */
  change: `article.${string}`
}

const released = ['draft', 'in_review', 'scheduled', 'published', 'withdrawn'] as const

const transitions = {
  submit: { from: ['draft'], to: 'in_review', change: 'article.submitted' },
  return: { from: ['in_review'], to: 'draft', change: 'article.returned' },
  publish: { from: released, to: 'published', change: 'article.published' },
  schedule: { from: released, to: 'scheduled', change: 'article.scheduled' },
  unschedule: { from: ['scheduled'], to: 'draft', change: 'article.unscheduled' },
  correct: { from: ['published'], to: 'published', change: 'article.corrected' },
  unpublish: { from: ['published'], to: 'draft', change: 'article.unpublished' },
  withdraw: { from: ['published', 'scheduled'], to: 'withdrawn', change: 'article.withdrawn' },
  delete: { from: ['draft', 'in_review', 'withdrawn'], to: 'trashed', change: 'article.trashed' },
  restore: { from: ['trashed'], to: 'draft', change: 'article.restored' },
} as const satisfies Record<string, Transition>

export type Action = keyof typeof transitions

/** States in which the working copy can be edited. */
export const editable: readonly State[] = ['draft', 'in_review', 'scheduled', 'published', 'withdrawn']

/** Of their own articles writers change these; what is with the editors is the editors' to change. */
export const writable: readonly State[] = ['draft', 'trashed']

export function transition(action: Action, state: State): Transition | undefined {
  const found: Transition = transitions[action]
  return found.from.includes(state) ? found : undefined
}

/** The states that would allow an action, for the answer to one that is refused. */
export function statesFor(action: Action): readonly State[] {
  return transitions[action].from
}

/** Where an article stands, as it is stored: its state and the copies that are made for the public. */
export interface Stored {
  state: State
  live: { version: number; shownUntil: Instant | null } | null
  next: { version: number; shownFrom: Instant | null; shownUntil: Instant | null } | null
}

export interface Standing {
  state: State
  /** when the next copy will take the place of what the public sees */
  scheduledAt: Instant | null
}

/** What the clock does to an article: its next copy goes live, or what the public sees has had its time. */
export type Turn = { what: 'publish' | 'expire'; at: Instant }

/** What the clock does first to an article as it is stored. */
export function firstTurn({ live, next }: Stored): Turn | undefined {
  const start = next?.shownFrom ?? null
  const end = live?.shownUntil ?? null
  if (end !== null && (start === null || end < start)) return { what: 'expire', at: end }
  return start === null ? undefined : { what: 'publish', at: start }
}

/** Time is decided when it is read: where an article stands at this moment, whether or not any job has written it down. */
export function standing(stored: Stored, now: Instant): Standing {
  const { state, next } = afterTurns(stored, now)
  return { state, scheduledAt: next?.shownFrom ?? null }
}

/** An article as it will be stored once all that the clock has done to it is written down. */
export function afterTurns(stored: Stored, now: Instant): Stored {
  const turn = firstTurn(stored)
  return turn === undefined || turn.at > now ? stored : afterTurns(afterTurn(stored, turn), now)
}

/** An article as it is stored once the clock has had its turn. */
export function afterTurn({ next }: Stored, { what }: Turn): Stored {
  if (what === 'publish' && next !== null) return { state: 'published', live: next, next: null }
  return { state: next === null ? 'draft' : 'scheduled', live: null, next }
}
