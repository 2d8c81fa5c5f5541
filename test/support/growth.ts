/** Below this a measurement is mostly noise; added to both sides it keeps small times from counting. */
const noiseMs = 20

/**
 * How many times the work grows when its input grows fourfold: about 4 when it is linear, 16 when it is quadratic. In the
 * thread's own time, so that a busy machine counts as little as can be; the better of two runs each. Neighbours that
 * share its caches still make a thread slower for a while: what grows too much is measured again, and what is quadratic
 * is so each time.
 */
export function growth(work: (size: number) => void, size: number): number {
  let least = Number.POSITIVE_INFINITY
  for (let tries = 0; tries < mostTries && least >= linear; tries += 1) least = Math.min(least, measure(work, size))
  return least
}

const mostTries = 4

/** Between the two, with room for a garbage collection on the larger side. */
export const linear = 9

function measure(work: (size: number) => void, size: number): number {
  const small = Math.min(cost(work, size), cost(work, size))
  const large = Math.min(cost(work, size * 4), cost(work, size * 4))
  return (large + noiseMs) / (small + noiseMs)
}

function cost(work: (size: number) => void, size: number): number {
  const start = process.threadCpuUsage()
  work(size)
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1_000
}
