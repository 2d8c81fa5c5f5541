import crypto, { createHash } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'

/**
 * Takes chance and time out of this process, so that two runs give the same ids, secrets and dates. What the drivers draw
 * for themselves stays random: how often they do differs between the engines.
 */
export function fixChanceAndTime(now: () => number): { reseed(seed: number): void } {
  let seed = 0
  let drawn = new Map<string, number>()
  /** Each use has a stream of its own, so that none depends on how often another was drawn from. */
  const draw = (use: string, bytes: number): Buffer => {
    const n = drawn.get(use) ?? 0
    drawn.set(use, n + 1)
    return createHash('shake256', { outputLength: bytes }).update(`${seed}/${use}/${n}`).digest()
  }

  const randomBytes: (size: number, callback?: unknown) => Buffer = crypto.randomBytes
  const ours = {
    // The secret that signs cursors.
    randomBytes: (size: number, callback?: unknown) =>
      size === 32 && callback === undefined ? draw('bytes', size) : randomBytes(size, callback),
    // The letters of a key. A test needs no even spread.
    randomInt: (most: number) => draw('int', 6).readUIntBE(0, 6) % most,
  }
  Object.assign(crypto, ours)
  syncBuiltinESMExports()
  const web = globalThis.crypto
  const getRandomValues = web.getRandomValues.bind(web)
  // What uuid asks for.
  const fixed = <T extends Uint8Array>(array: T): T => {
    if (array.length !== 16) return getRandomValues(array as never)
    array.set(draw('uuid', 16))
    return array
  }
  Object.defineProperty(web, 'getRandomValues', { value: fixed })
  Date.now = now
  // How long something has taken differs between machines, and so what is given up for it: here nothing takes any time.
  performance.now = () => 0
  return {
    reseed: (next) => {
      seed = next
      drawn = new Map()
    },
  }
}
