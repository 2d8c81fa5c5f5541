/** Numbers that look like chance and are the same in every run (mulberry32): each from 0 to 1, without 1. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/**
 * Draws an index below `size`, the first most often: the k-th has 1/k of the weight of the first (Zipf's law, which words,
 * tags and sections of newspapers come near to).
 */
export function zipf(size: number): (random: () => number) => number {
  const sums = new Float64Array(size)
  let sum = 0
  for (let i = 0; i < size; i += 1) {
    sum += 1 / (i + 1)
    sums[i] = sum
  }
  return (random) => {
    const drawn = random() * sum
    let low = 0
    let high = size - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((sums[middle] ?? sum) > drawn) high = middle
      else low = middle + 1
    }
    return low
  }
}
