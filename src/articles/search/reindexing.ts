import { isUnlabelled, type LabelPosition, relabelSome } from '../../labels/labels.ts'
import { createBreath } from '../../lib/breath.ts'
import { type Instant, instant } from '../../lib/clock.ts'
import { searchVersion } from '../../search/analysis.ts'
import type { Read, Write } from '../../storage/store.ts'
import { reindexCopy } from '../store.ts'
import { areNewestFound, clearSome, countIndexed, findCopiesAfter, findIndexFaults } from './entries/store.ts'
import { findState, setState } from './state/store.ts'

export { countAllCopies, findUnusedWords, forgetWords } from './entries/store.ts'

/** Where a run of indexing everything anew stands. */
export type IndexPosition = { run: number } & (
  | { step: 'clear' }
  | { step: 'labels'; labels?: LabelPosition }
  | { step: 'copies'; articleId: string; stage: string }
)

/** Whether all there is was indexed, by this version of the program or a later one. */
export async function isIndexed(db: Read): Promise<boolean> {
  return (await findState(db)).version >= searchVersion
}

/** What is wrong with an index that should be whole; among a million articles it takes a minute to find out. */
export async function findFaults(db: Read): Promise<string[]> {
  const { copies, covered, missing, entries, texts } = await countIndexed(db)
  const faults = (await findIndexFaults(db)).map((fault) => `the index is damaged: ${fault}`)
  if (covered !== copies) faults.push(`${copies} copies of articles are there, and ${covered} of them indexed`)
  if (missing > 0) faults.push(`${missing} copies of articles are not indexed`)
  if (await isUnlabelled(db)) faults.push('some sections, tags or sources are not found by what they are called')
  if (entries !== texts) faults.push(`${entries} texts are listed, and ${texts} are in the index`)
  if (faults.length === 0 && !(await areNewestFound(db))) faults.push('the newest texts are not found by their words')
  return faults
}

/** A run that has done nothing for so long is not under way any more: it does something every few milliseconds. */
const restMs = 30_000

/**
 * Begins to index everything anew; searches are refused until it is finished. Undefined, when another process is at it.
 * @param over takes it over from whoever is at it, who then stops
 */
export async function beginReindexing(db: Write, over = false): Promise<IndexPosition | undefined> {
  const state = await findState(db)
  const isUnderWay = state.version === 0 && state.seenAt !== null && state.seenAt > before(db.now, restMs)
  if (isUnderWay && !over) return undefined
  const run = state.run + 1
  await setState(db, { version: 0, run, seenAt: db.now })
  return { run, step: 'clear' }
}

/**
 * Indexes some more: so many copies. Answers where it stands; `done` when all is indexed, `overtaken` when another run has
 * begun meanwhile, which then has it to do.
 */
export async function reindexSome(
  db: Write,
  position: IndexPosition,
  count: number,
): Promise<IndexPosition | 'done' | 'overtaken'> {
  const { run } = position
  if ((await findState(db)).run !== run) return 'overtaken'
  const next = await doSome(db, position, count)
  await setState(db, { version: next === 'done' ? searchVersion : 0, run, seenAt: db.now })
  return next === 'done' ? next : ({ run, ...next } as IndexPosition)
}

async function doSome(db: Write, position: IndexPosition, count: number) {
  if (position.step === 'clear') return { step: (await clearSome(db)) ? 'clear' : 'labels' } as const
  if (position.step === 'labels') {
    const labels = await relabelSome(db, position.labels)
    return labels === undefined
      ? ({ step: 'copies', articleId: '', stage: '' } as const)
      : ({ step: 'labels', labels } as const)
  }
  const copies = await findCopiesAfter(db, position, count)
  const breathe = createBreath()
  for (const { articleId, stage } of copies) {
    await reindexCopy(db, articleId, stage)
    await breathe()
  }
  const last = copies.at(-1)
  return last === undefined || copies.length < count ? 'done' : ({ step: 'copies', ...last } as const)
}

function before(at: Instant, ms: number): Instant {
  return instant(Date.parse(at) - ms)
}
