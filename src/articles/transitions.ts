import { hideComingNames, publishName } from '../addresses/addresses.ts'
import { changedFields, type Edit, expectVersion } from '../editing.ts'
import { Faults } from '../errors.ts'
import { expectUnlocked } from '../locks/locks.ts'
import type { Read, Write } from '../storage/store.ts'
import { findPages, findParts, findUses } from './parts/store.ts'
import { getWorkingCopy } from './reading.ts'
import { expectFreeExternalId, record, refuseState, saved } from './saving.ts'
import type { ArticleSaved } from './schema.ts'
import { type Copy, type CopyRow, deleteCopy, replaceCopy, updateArticle, updateCopy } from './store.ts'
import { type Action, statesFor, transition } from './workflow.ts'

/**
 * Makes the working copy the live one, in the place of the live one before it. Publishing again what has not changed
 * changes nothing.
 * @throws Problem article_not_found | article_locked | version_stale | wrong_state | not_ready | external_id_taken
 */
export async function publishArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  const row = await getWorkingCopy(db, name, edit.actor)
  await expectUnlocked(db, row.article.id, edit.actor)
  await expectVersion(db, 'article', { id: row.article.id, version: row.copy.version }, edit)
  const step = expectTransition('publish', row)
  const { id } = row.article
  if (row.liveVersion === row.copy.version) return saved(db, id, edit.actor)
  await expectReady(db, row)
  await expectFreeExternalId(db, row.copy.externalId, id, 'live')
  const shownBefore = wasShown(db, row)
  const { embargoUntil } = row.copy
  // Under an embargo it is new when that ends, not when somebody published it.
  const shownFrom = embargoUntil !== null && embargoUntil > db.now ? embargoUntil : db.now
  const dated = row.copy.publishedAt ?? (shownBefore ? row.article.firstPublishedAt : null)
  const publishedAt = dated ?? shownFrom
  const copy: Copy = {
    ...row.copy,
    version: row.copy.version + 1,
    publishedAt: publishedAt > db.now ? null : publishedAt,
    updatedAt: db.now,
  }
  const used = await findUses(db, id)
  await updateCopy(db, copy)
  const live: Copy = { ...copy, stage: 'live', publishedAt, updatedAt: shownFrom }
  await replaceCopy(db, live, await findParts(db, id, 'working'))
  const firstShown = embargoUntil !== null && embargoUntil > publishedAt ? embargoUntil : publishedAt
  await hideComingNames(db, id)
  await publishName(db, 'article', copy.slug, firstShown)
  const firstPublishedAt = shownBefore ? row.article.firstPublishedAt : firstShown
  await updateArticle(db, id, { state: step.to, firstPublishedAt })
  const before = { state: row.article.state, publishedAt: row.copy.publishedAt }
  const fields = changedFields(before, { state: step.to, publishedAt: copy.publishedAt })
  await record(db, step.change, copy, edit.actor, fields, used)
  return saved(db, id, edit.actor)
}

/**
 * Takes the live copy away: to the public it is gone. The working copy stays, as a draft.
 * @throws Problem article_not_found | article_locked | version_stale | wrong_state
 */
export function unpublishArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  return changeState(db, 'unpublish', name, edit)
}

/** @throws Problem article_not_found | article_locked | version_stale | wrong_state */
export function trashArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  return changeState(db, 'delete', name, edit)
}

/** @throws Problem article_not_found | article_locked | version_stale | wrong_state */
export function restoreArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  return changeState(db, 'restore', name, edit)
}

async function changeState(
  db: Write,
  action: Exclude<Action, 'publish'>,
  name: string,
  edit: Edit,
): Promise<ArticleSaved> {
  const row = await getWorkingCopy(db, name, edit.actor)
  await expectUnlocked(db, row.article.id, edit.actor)
  const { id, firstPublishedAt } = row.article
  await expectVersion(db, 'article', { id, version: row.copy.version }, edit)
  const step = expectTransition(action, row)
  const copy = { ...row.copy, version: row.copy.version + 1, updatedAt: db.now }
  const used = await findUses(db, id)
  await updateCopy(db, copy)
  await deleteCopy(db, id, 'live')
  const shown = wasShown(db, row)
  await hideComingNames(db, id)
  await updateArticle(db, id, { state: step.to, firstPublishedAt: shown ? firstPublishedAt : null })
  await record(db, step.change, copy, edit.actor, ['state'], used)
  return saved(db, id, edit.actor)
}

/** What was never shown, because an embargo still holds it, was never public. */
function wasShown(db: Read, { article }: CopyRow): boolean {
  return article.firstPublishedAt !== null && article.firstPublishedAt <= db.now
}

function expectTransition(action: Action, { article }: CopyRow) {
  const from = statesFor(action)
  return (
    transition(action, article.state) ??
    refuseState(article.state, `It is ${article.state}; to ${action} it, it must be ${from.join(' or ')}.`, from)
  )
}

/** @throws Problem not_ready, with everything that still keeps it from being published */
async function expectReady(db: Read, { copy }: CopyRow): Promise<void> {
  const faults = new Faults()
  if (copy.sectionId === null) {
    faults.add({
      pointer: '/section',
      code: 'required',
      message: 'is required to publish: give the id or slug of a section',
    })
  }
  const pages = await findPages(db, copy.articleId, 'working')
  if (!pages.some(({ text }) => text.trim() !== '')) {
    faults.add({ pointer: '/pages', code: 'required', message: 'must have at least one page with text' })
  }
  if (copy.publishedAt !== null && copy.publishedAt > db.now) {
    faults.add({ pointer: '/publishedAt', code: 'in_future', message: 'must not be in the future' })
  }
  if (copy.expiresAt !== null && copy.expiresAt <= db.now) {
    faults.add({ pointer: '/expiresAt', code: 'in_past', message: 'must not be past already' })
  }
  faults.raise('not_ready')
}
