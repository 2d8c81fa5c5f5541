import { type LabelPosition, relabelSome } from '../../labels/labels.ts'
import { searchVersion } from '../../search/analysis.ts'
import type { Read, Write } from '../../storage/store.ts'
import { reindexCopy } from '../store.ts'
import {
  clearIndex,
  countIndexed,
  findCopiesAfter,
  findIndexedVersion,
  findIndexFaults,
  setIndexedVersion,
} from './entries/store.ts'

/** Where the making anew of the index stands. */
export type IndexPosition = { labels: LabelPosition | undefined } | { articleId: string; stage: string }

/** Whether all there is was indexed, by this version of the program. */
export async function isIndexed(db: Read): Promise<boolean> {
  return (await findIndexedVersion(db)) === searchVersion
}

/** How many copies of articles there are to be indexed. */
export async function countCopies(db: Read): Promise<number> {
  return (await countIndexed(db)).copies
}

/** What is wrong with an index that should be whole; among a million articles it takes a minute to find out. */
export async function findFaults(db: Read): Promise<string[]> {
  const { copies, covered, entries, texts } = await countIndexed(db)
  const faults = (await findIndexFaults(db)).map((fault) => `the index is damaged: ${fault}`)
  if (covered !== copies) faults.push(`${copies} copies of articles are there, and ${covered} of them indexed`)
  if (entries !== texts) faults.push(`${entries} texts are listed, and ${texts} are in the index`)
  return faults
}

/**
 * Begins to index everything anew; searches are refused until it is finished. Another process may have begun: what it has
 * done stays.
 */
export async function beginReindexing(db: Write, isDamaged = false): Promise<IndexPosition> {
  if (isDamaged || (await findIndexedVersion(db)) !== 0) await clearIndex(db)
  await setIndexedVersion(db, 0)
  return { labels: undefined }
}

/** Indexes some more: so many copies. Answers where it stands, and undefined when all is indexed. */
export async function reindexSome(
  db: Write,
  position: IndexPosition,
  count: number,
): Promise<IndexPosition | undefined> {
  if ('labels' in position) {
    const labels = await relabelSome(db, position.labels)
    return labels === undefined ? { articleId: '', stage: '' } : { labels }
  }
  const copies = await findCopiesAfter(db, position, count)
  for (const { articleId, stage } of copies) await reindexCopy(db, articleId, stage)
  const last = copies.at(-1)
  if (last !== undefined && copies.length === count) return last
  await setIndexedVersion(db, searchVersion)
  return undefined
}
