import type { Family } from '../../lib/figures.ts'

/** What workers and the process that looks after them say to each other. */

export type ToPrimary =
  /** the admin key of the new database */
  | { says: 'made'; key: string }
  | { says: 'listening'; origin: string }
  /** why it does not start, as one sentence */
  | { says: 'refused'; reason: string }
  /** its figures, for a round; or without one, as the last that is heard of it */
  | { says: 'figures'; round?: number; figures: Family[] }
  /** somebody reads the figures of all */
  | { asks: 'figures'; ask: number }

export type ToWorker =
  | { asks: 'figures'; round: number }
  | { says: 'figures'; ask: number; all: Family[][] }
  /** it is the one that does what comes round by itself */
  | { says: 'jobs' }
