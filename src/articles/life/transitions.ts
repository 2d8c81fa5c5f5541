import { releaseNames, resolveName } from '../../addresses/addresses.ts'
import { changedFields, type Edit } from '../../editing.ts'
import { raise } from '../../errors.ts'
import type { Write } from '../../storage/store.ts'
import { findUses } from '../parts/store.ts'
import { record } from '../recording.ts'
import { expectTransition, openArticle, refuseState, saved } from '../saving.ts'
import type { ArticleSaved } from '../schema.ts'
import {
  type ArticleRow,
  type CopyRow,
  deleteArticle,
  deleteCopy,
  deletePublicCopies,
  updateArticle,
  updateCopy,
} from '../store.ts'
import type { Action } from '../workflow.ts'
import { endLive, forgetNext, wasShown } from './releasing.ts'

export interface Noted {
  note?: string | null | undefined
}

/** Hands a draft to the editors. @throws Problem article_not_found | article_locked | version_stale | wrong_state | forbidden */
export function submitArticle(db: Write, name: string, edit: Edit, { note }: Noted = {}): Promise<ArticleSaved> {
  return move(db, 'submit', name, edit, { note })
}

/** Hands it back to whoever wrote it, with a word on why. @throws Problem article_not_found | article_locked | version_stale | wrong_state */
export function returnArticle(db: Write, name: string, edit: Edit, { note }: Noted = {}): Promise<ArticleSaved> {
  return move(db, 'return', name, edit, { note })
}

/**
 * What was to be published is not; what the public sees stays.
 * @throws Problem article_not_found | article_locked | version_stale | wrong_state | nothing_scheduled
 */
export async function unscheduleArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  const row = await openArticle(db, name, edit)
  const { article, live = null, next = null } = row
  if (article.state === 'published' && next === null) {
    raise('nothing_scheduled', { detail: 'It is public, and nothing is to take its place.' })
  }
  // Beside a live copy, what is scheduled is the one that will take its place.
  const to = live === null ? expectTransition('unschedule', row, edit.actor).to : article.state
  const back = to === 'draft' && article.withdrawnAt !== null ? 'withdrawn' : to
  return finish(db, row, edit, {
    change: 'article.unscheduled',
    article: { state: back, scheduledBy: null },
    copies: async () => {
      await deleteCopy(db, article.id, 'next')
      if (live !== null) await endLive(db, article.id, null)
    },
  })
}

/**
 * Takes away what the public sees, and what was to take its place: to the public it is gone. The working copy stays, as a
 * draft.
 * @throws Problem article_not_found | article_locked | version_stale | wrong_state
 */
export function unpublishArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  return move(db, 'unpublish', name, edit, {})
}

export interface Withdrawal {
  /** for readers */
  reason: string
  /** id or slug of the article that stands in for it */
  replacement?: string | undefined
}

/**
 * Takes it back, with a public reason: whoever has seen it is told. What nobody has seen yet stays unknown.
 * @throws Problem article_not_found | article_locked | version_stale | wrong_state | rule_broken, for an unknown replacement
 */
export async function withdrawArticle(
  db: Write,
  name: string,
  edit: Edit,
  { reason, replacement }: Withdrawal,
): Promise<ArticleSaved> {
  const row = await openArticle(db, name, edit)
  const { to, change } = expectTransition('withdraw', row, edit.actor)
  const replacementId = replacement === undefined ? null : await replacementOf(db, row, replacement)
  const withdrawn = { withdrawnAt: db.now, withdrawnReason: reason, replacementId, scheduledBy: null }
  return finish(db, row, edit, {
    change,
    article: { state: to, ...withdrawn },
    note: reason,
    copies: () => deletePublicCopies(db, row.article.id),
  })
}

/** @throws Problem article_not_found | article_locked | version_stale | wrong_state | forbidden */
export function trashArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  return move(db, 'delete', name, edit, {})
}

/** @throws Problem article_not_found | article_locked | version_stale | wrong_state | forbidden */
export function restoreArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  return move(db, 'restore', name, edit, {})
}

/**
 * Ends what is in the trash for good: its copies, its revisions and its names. Only the log of changes knows of it.
 * @throws Problem article_not_found | article_locked | version_stale | wrong_state
 */
export async function purgeArticle(db: Write, name: string, edit: Edit): Promise<void> {
  const { article, copy } = await openArticle(db, name, edit)
  const { id, state } = article
  if (state !== 'trashed') refuseState(state, `It is ${state}; to purge it, put it into the trash first.`, ['trashed'])
  const uses = await findUses(db, id)
  await releaseNames(db, id)
  await deleteArticle(db, id)
  const { version } = copy
  await record(db, 'article.purged', { articleId: id, version: version + 1 }, { actor: edit.actor, fields: [], uses })
}

/** A transition that ends without anything for the public; submitted and returned is only what has nothing there. */
async function move(
  db: Write,
  action: Exclude<Action, 'publish' | 'schedule' | 'correct'>,
  name: string,
  edit: Edit,
  { note }: Noted,
): Promise<ArticleSaved> {
  const row = await openArticle(db, name, edit)
  const { to, change } = expectTransition(action, row, edit.actor)
  return finish(db, row, edit, {
    change,
    article: { state: to, scheduledBy: null },
    note,
    copies: () => deletePublicCopies(db, row.article.id),
  })
}

interface Finish extends Noted {
  change: `article.${string}`
  article: Partial<ArticleRow>
  /** what becomes of the copies that are made for the public */
  copies: () => Promise<void>
}

async function finish(db: Write, row: CopyRow, edit: Edit, step: Finish): Promise<ArticleSaved> {
  const { id, firstPublishedAt } = row.article
  const copy = { ...row.copy, version: row.copy.version + 1, updatedAt: db.now }
  const uses = await findUses(db, id)
  const { articleId, stage, version, updatedAt } = copy
  await updateCopy(db, { articleId, stage, version, updatedAt })
  await step.copies()
  await forgetNext(db, row)
  await updateArticle(db, id, { ...step.article, firstPublishedAt: wasShown(db, row) ? firstPublishedAt : null })
  const before = { state: row.article.state, scheduledAt: row.next?.shownFrom ?? null }
  const fields = changedFields(before, { state: step.article.state ?? before.state, scheduledAt: null })
  const by = { actor: edit.actor, fields, uses, note: step.note ?? null }
  await record(db, step.change, copy, by)
  return saved(db, id)
}

async function replacementOf(db: Write, { article }: CopyRow, name: string): Promise<string> {
  const found = await resolveName(db, 'article', name)
  if (found !== undefined && found.id !== article.id) return found.id
  const [code, message] =
    found === undefined
      ? ['unknown_article', `no article has the id or slug ${JSON.stringify(name)}`]
      : ['same', 'must be another article']
  raise('rule_broken', { errors: [{ pointer: '/replacement', code, message }] })
}
