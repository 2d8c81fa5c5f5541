/** Milliseconds since the epoch. The one place that asks the machine for the time; tests hand in a clock of their own. */
export interface Clock {
  now(): number
}

export const systemClock: Clock = { now: () => Date.now() }

/** RFC 3339 in UTC with milliseconds: fixed width, so instants compare as text on every engine. */
export type Instant = string

export function instant(milliseconds: number): Instant {
  return new Date(milliseconds).toISOString()
}
