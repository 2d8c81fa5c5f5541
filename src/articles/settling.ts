import { changedFields } from '../editing.ts'
import type { Read, Write } from '../storage/store.ts'
import { findParts, findUses } from './parts/store.ts'
import { record } from './recording.ts'
import {
  type CopyRow,
  deleteCopy,
  findCopy,
  findWorkingRow,
  notWithdrawn,
  replaceCopy,
  reviseCopy,
  updateArticle,
} from './store.ts'
import { writeCard } from './stored/card.ts'
import { findDue } from './turns/store.ts'
import { afterTurn, firstTurn } from './workflow.ts'

/** Who is said to have done what only the clock did. */
export const clockActor = 'clock'

/** Written down in one transaction; some tens of milliseconds, so that editors who wait for their turn hardly notice. */
const settledAtOnce = 20

/** Whether the clock has made anything true that is not written down. */
export async function isDue(db: Read): Promise<boolean> {
  return (await findDue(db, 1)).length > 0
}

/**
 * Writes down what the clock has made true of articles, each turn once and the longest overdue first. Readers saw it when
 * it was due; this makes it a change that can be followed. Answers whether there may be more of it.
 */
export async function settleDue(db: Write): Promise<boolean> {
  for (let settled = 0; settled < settledAtOnce; settled += 1) {
    const [id] = await findDue(db, 1)
    const row = id === undefined ? undefined : await findWorkingRow(db, id)
    if (row === undefined) return false
    await settleFirst(db, row)
  }
  return true
}

/** Writes down all that the clock has made true of one article; answers whether there was anything. */
export async function settle(db: Write, row: CopyRow): Promise<boolean> {
  if (!(await settleFirst(db, row))) return false
  const again = await findWorkingRow(db, row.article.id)
  if (again !== undefined) await settle(db, again)
  return true
}

async function settleFirst(db: Write, row: CopyRow): Promise<boolean> {
  const { article, live = null, next = null } = row
  const stored = { state: article.state, live, next }
  const turn = firstTurn(stored)
  if (turn === undefined || turn.at > db.now) return false
  const { state } = afterTurn(stored, turn)
  const { id } = article
  const uses = await findUses(db, id)
  const fields: string[] = changedFields({ state: article.state }, { state })
  const { at } = turn
  if (turn.what === 'expire') {
    await deleteCopy(db, id, 'live')
    await updateArticle(db, id, { state })
    const version = live?.version ?? 0
    const by = { actor: { id: clockActor }, fields, uses, previous: version, at }
    await record(db, 'article.expired', { articleId: id, version }, by)
    return true
  }
  const version = await promoteNext(db, row)
  await updateArticle(db, id, { state, scheduledBy: null, ...notWithdrawn })
  const actor = { id: article.scheduledBy ?? clockActor }
  const by = { actor, fields: [...fields, 'scheduledAt'], uses, previous: live?.version ?? null, at }
  await record(db, 'article.published', { articleId: id, version }, by)
  return true
}

/** The next copy becomes the live one; answers its version. */
async function promoteNext(db: Write, { article, copy }: CopyRow): Promise<number> {
  const next = await findCopy(db, article.id, 'next')
  if (next === undefined) throw new Error('A copy that was to be published is not there.')
  const parts = await findParts(db, article.id, 'next')
  await deleteCopy(db, article.id, 'next')
  await replaceCopy(db, { copy: { ...next, stage: 'live' }, parts }, writeCard(next, article, parts))
  // No version: nothing changes for editors but the place in a list by date.
  if (copy.publishedAt === null) {
    const own = await findParts(db, article.id, 'working')
    await reviseCopy(db, { copy, parts: own }, { copy: { ...copy, publishedAt: next.publishedAt }, parts: own })
  }
  return next.version
}
