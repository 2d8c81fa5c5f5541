import { type Actor, ownOnly } from '../access.ts'
import { type Edit, expectVersion } from '../editing.ts'
import { raise } from '../errors.ts'
import { expectUnlocked } from '../locks/locks.ts'
import { keepRevision } from '../revisions/revisions.ts'
import type { RevisionKind } from '../revisions/schema.ts'
import type { Read, Write } from '../storage/store.ts'
import { getWorkingCopy } from './reading.ts'
import type { ArticleSaved, Warning } from './schema.ts'
import { settle } from './settling.ts'
import { type ArticleRow, type CopyRow, findByExternalId, findWorkingRow } from './store.ts'
import { type Action, statesFor, transition, writable } from './workflow.ts'
import { articleOf, openWhole, type Working } from './working.ts'

/** What every change of an article needs: its checks, its revision and its answer. */

/**
 * The working copy, to be changed: by whom it may be, and of the version that they have seen.
 * @throws Problem article_not_found | article_locked | version_stale
 */
export async function openArticle(db: Write, name: string, edit: Edit): Promise<CopyRow> {
  const row = await getSettledCopy(db, name, edit.actor)
  await expectUnlocked(db, row.article.id, edit.actor)
  await expectVersion(db, 'article', { id: row.article.id, version: row.copy.version }, edit)
  return row
}

/**
 * The working copy, with what the clock has done to the article meanwhile written down.
 * @throws Problem article_not_found
 */
export async function getSettledCopy(db: Write, name: string, actor: Actor): Promise<CopyRow> {
  const found = await getWorkingCopy(db, name, actor)
  return (await settle(db, found)) ? getWorkingCopy(db, found.article.id, actor) : found
}

/** @throws Problem wrong_state, with the states that would allow it; forbidden */
export function expectTransition(action: Action, { article }: CopyRow, actor: Actor) {
  const from = statesFor(action)
  const step =
    transition(action, article.state) ??
    refuseState(article.state, `It is ${article.state}; to ${action} it, it must be ${from.join(' or ')}.`, from)
  expectWritable(article, actor)
  return step
}

/** @throws Problem forbidden */
export function expectWritable({ state, withdrawnAt }: ArticleRow, actor: Actor): void {
  if (!ownOnly(actor) || (writable.includes(state) && withdrawnAt === null)) return
  const what = withdrawnAt === null ? state : 'withdrawn'
  raise('forbidden', { detail: `Writers change their own drafts; what is ${what} is an editor’s to change.` })
}

export function refuseState(state: string, detail: string, allowedFrom: readonly string[]): never {
  raise('wrong_state', { detail, more: { state, allowedFrom } })
}

/** @throws Problem external_id_taken */
export async function expectFreeExternalId(
  db: Read,
  externalId: string | null,
  id: string,
  stage: 'working' | 'live',
): Promise<void> {
  if (externalId === null) return
  const holders = await findByExternalId(db, externalId, stage)
  if (holders.every((holder) => holder === id)) return
  raise('external_id_taken', {
    detail: `Another article has the external id ${JSON.stringify(externalId)}.`,
    errors: [{ pointer: '/externalId', code: 'external_id_taken', message: 'is another article’s' }],
  })
}

/** What was saved, to be kept as a revision. */
export interface Saved {
  kind: RevisionKind
  actor: Actor
  fields: readonly string[]
  note?: string | null | undefined
  /** ms within which saves of one key become one revision */
  foldWithin?: number | undefined
}

/** The working copy as it was written, kept as a revision, as the answer to a write shows it. */
export async function kept(
  db: Write,
  working: Working,
  { actor, note = null, ...save }: Saved,
  warnings: readonly Warning[] = [],
): Promise<ArticleSaved> {
  const article = answerOf(db, working, warnings)
  const { id: articleId, version: number } = article
  await keepRevision(db, { ...save, note, articleId, number, actor: actor.id, snapshot: article })
  return article
}

/** The working copy as the answer to a write shows it: the bytes, and so the ETag, of reading it, unless there is a warning. */
export function answerOf(db: Read, working: Working, warnings: readonly Warning[] = []): ArticleSaved {
  const article = articleOf(db, working, ['body', 'html'])
  return warnings.length === 0 ? article : { ...article, warnings: [...warnings] }
}

/** … read anew, after what changes nothing of its content. */
export async function saved(db: Read, id: string): Promise<ArticleSaved> {
  const row = await findWorkingRow(db, id)
  if (row === undefined) throw new Error('What was saved is not there.')
  return answerOf(db, await openWhole(db, row))
}
