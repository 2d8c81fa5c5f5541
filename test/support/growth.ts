/** Below this a measurement is mostly noise; added to both sides it keeps small times from counting. */
const noiseMs = 20

/**
 * How many times the work grows when its input grows fourfold: about 4 when it is linear, 16 when it is quadratic. In the
 * thread's own time, so that a busy machine does not count; the better of two runs each.
 */
export function growth(work: (size: number) => void, size: number): number {
  const small = Math.min(cost(work, size), cost(work, size))
  const large = Math.min(cost(work, size * 4), cost(work, size * 4))
  return (large + noiseMs) / (small + noiseMs)
}

/** Between the two, with room for a garbage collection on the larger side. */
export const linear = 9

function cost(work: (size: number) => void, size: number): number {
  const start = process.threadCpuUsage()
  work(size)
  const { user, system } = process.threadCpuUsage(start)
  return (user + system) / 1_000
}
