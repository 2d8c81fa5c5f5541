import { findUnusedWords, forgetWords } from '../../articles/search/reindexing.ts'
import type { Store } from '../../storage/store.ts'

/** Two milliseconds of work. */
const wordsAtOnce = 50

/** So that what was taken out of all texts is known of by nothing a day later. */
const dayMs = 86_400_000
/** A service that has just started has other things to do. */
const firstMs = 3_600_000

/** Looks through all words day by day, some at a time, and forgets those that no text has any more. */
export function forgettingWords(store: Store): () => Promise<boolean> {
  let next = performance.now() + firstMs
  let after = ''
  return async () => {
    if (after === '' && performance.now() < next) return false
    const { unused, last } = await store.read((db) => findUnusedWords(db, after, wordsAtOnce))
    if (unused.length > 0) await store.transact((db) => forgetWords(db, unused))
    after = last ?? ''
    if (last === undefined) next = performance.now() + dayMs
    return last !== undefined
  }
}
