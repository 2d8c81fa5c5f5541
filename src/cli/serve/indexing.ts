import type { Logger } from 'pino'
import {
  beginReindexing,
  findFaults,
  type IndexPosition,
  isIndexed,
  reindexSome,
} from '../../articles/search/reindexing.ts'
import type { Store } from '../../storage/store.ts'

/** Some milliseconds: nobody waits for so many. */
const copiesAtOnce = 20

/** What damages an index is rare, and to look for it is much to read. */
const dayMs = 86_400_000
/** A look that failed is repeated sooner, but not at once: it may have been too much for the server. */
const hourMs = 3_600_000

/**
 * Looks whether everything is indexed that is there, all the time whether a run was broken off, and after the start and day
 * by day whether anything is missing or damaged; and indexes it anew where it is not.
 */
export function indexing(store: Store, log: Logger): () => Promise<boolean> {
  let position: IndexPosition | undefined
  let lookedAt = Number.NEGATIVE_INFINITY
  const begin = async (): Promise<void> => {
    const isWhole = await store.read(isIndexed)
    if (isWhole && performance.now() - lookedAt < dayMs) return
    lookedAt = performance.now() - dayMs + hourMs
    const faults = isWhole ? await store.read(findFaults, { beside: true, lasting: true }) : []
    lookedAt = performance.now()
    if (isWhole && faults.length === 0) return
    position = await store.transact((db) => beginReindexing(db))
    if (position !== undefined)
      log.warn({ faults }, 'articles are being indexed anew; until it is done, searches are refused')
  }
  return async () => {
    if (position === undefined) await begin()
    if (position === undefined) return false
    const from = position
    const next = await store.transact((db) => reindexSome(db, from, copiesAtOnce))
    position = typeof next === 'string' ? undefined : next
    if (next === 'done') log.info('all articles are indexed')
    return position !== undefined
  }
}
