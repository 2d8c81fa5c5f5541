/** A clock that stands until it is moved. */
export function createClock(start = '2026-11-22T09:00:00.000Z') {
  let now = Date.parse(start)
  return {
    now: () => now,
    advance: (milliseconds: number) => {
      now += milliseconds
    },
    set: (instant: string) => {
      now = Date.parse(instant)
    },
  }
}
