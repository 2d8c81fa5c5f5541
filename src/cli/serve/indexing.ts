import type { Logger } from 'pino'
import {
  beginReindexing,
  findFaults,
  type IndexPosition,
  isIndexed,
  reindexSome,
} from '../../articles/search/reindexing.ts'
import type { Store } from '../../storage/store.ts'

/** A millisecond each: nobody waits for so many. */
const copiesAtOnce = 20

/**
 * Looks whether everything is found that is there, after the start, a migration or a restored backup, and day by day; and
 * indexes it anew where it is not.
 */
export function indexing(store: Store, log: Logger): () => Promise<boolean> {
  let position: IndexPosition | undefined
  return async () => {
    if (position === undefined) {
      const isWhole = await store.read(isIndexed)
      const faults = isWhole ? await store.read(findFaults, { beside: true, lasting: true }) : []
      if (isWhole && faults.length === 0) return false
      log.warn({ faults }, 'articles are being indexed anew; until it is done, searches are refused')
      position = await store.transact((db) => beginReindexing(db, isWhole))
    }
    const from = position
    position = await store.transact((db) => reindexSome(db, from, copiesAtOnce))
    if (position === undefined) log.info('all articles are indexed')
    return position !== undefined
  }
}
