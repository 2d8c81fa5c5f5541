/** How long one may go on while others wait for the event loop: a tenth of what they would notice. */
const longestMs = 10

/**
 * For work of many small steps: awaited between them, it lets whatever waits for the event loop have its turn, as soon as
 * the last one is some milliseconds ago. Awaiting the database does not, where it answers at once.
 */
export function createBreath(): () => Promise<void> {
  let last = performance.now()
  return async () => {
    if (performance.now() - last < longestMs) return
    await new Promise((resolve) => setImmediate(resolve))
    last = performance.now()
  }
}
