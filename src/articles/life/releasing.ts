import { forgetUnknownNames, hideComingName, publishName } from '../../addresses/addresses.ts'
import { changedFields, type Edit } from '../../editing.ts'
import { raise } from '../../errors.ts'
import type { Instant } from '../../lib/clock.ts'
import type { Fault } from '../../lib/faults.ts'
import { instantOf } from '../../lib/zone.ts'
import type { Read, Write } from '../../storage/store.ts'
import { record } from '../recording.ts'
import { expectFreeExternalId, expectTransition, kept, openArticle, saved } from '../saving.ts'
import type { ArticleSaved, Warning } from '../schema.ts'
import { settle } from '../settling.ts'
import {
  type Copy,
  type CopyRow,
  deleteCopy,
  findByExternalId,
  findCopy,
  findWorkingRow,
  insertCopy,
  notWithdrawn,
  replaceCopy,
  reviseCopy,
  updateArticle,
  updateCopy,
} from '../store.ts'
import { writeCard } from '../stored/card.ts'
import type { State } from '../workflow.ts'
import { openWhole, usesOf, type Working } from '../working.ts'

export interface Publication {
  /** when: an instant, or a time on the clocks of `zone`; at once, when absent. An embargo that ends later holds it until then. */
  at?: string | undefined
  zone?: string | undefined
  note?: string | null | undefined
}

/**
 * Makes the working copy the live one, in the place of the live one before it: at once, or at an instant until which the
 * public goes on seeing what it saw. Takes the place of what was scheduled. Publishing again what has not changed changes
 * nothing.
 * @throws Problem article_not_found | article_locked | version_stale | wrong_state | wrong_time | schedule_in_past |
 *   expiry_before_publication | not_ready | external_id_taken
 */
export async function publishArticle(
  db: Write,
  name: string,
  edit: Edit,
  { at, zone, note = null }: Publication = {},
): Promise<ArticleSaved> {
  const row = await openArticle(db, name, edit)
  const from = startOf(row, momentOf(db, at, zone))
  const later = from > db.now
  const { change, to } = expectTransition(later ? 'schedule' : 'publish', row, edit.actor)
  const { live = null, next = null } = row
  const same = later ? next?.shownFrom === from && next.version : next === null && live?.version
  if (same === row.copy.version) return saved(db, row.article.id)
  const working = await openWhole(db, row)
  expectReady(db, working, from)
  return release(db, working, edit, { from, change, to, kind: later ? 'scheduled' : 'published', note })
}

/**
 * Publishes the working copy with a public note on what was wrong.
 * @throws Problem article_not_found | article_locked | version_stale | wrong_state | correction_without_text |
 *   replacement_scheduled | expiry_before_publication | not_ready | external_id_taken
 */
export async function correctArticle(
  db: Write,
  name: string,
  edit: Edit,
  { text }: { text: string },
): Promise<ArticleSaved> {
  const row = await openArticle(db, name, edit)
  const { change, to } = expectTransition('correct', row, edit.actor)
  if (text === '') {
    const message = 'must say what was wrong, for readers'
    raise('correction_without_text', { errors: [{ pointer: '/text', code: 'required', message }] })
  }
  // The working copy holds what is to appear later: correcting with it would publish that too early.
  if (row.next) {
    raise('replacement_scheduled', {
      detail: `A new version is scheduled for ${row.next.shownFrom} and would undo the correction: unschedule it first.`,
    })
  }
  const working = await openWhole(db, row)
  expectReady(db, working, db.now, embargoFaults(db, row))
  const correction = { text, issuedAt: db.now }
  return release(db, working, edit, { from: db.now, change, to, kind: 'corrected', note: text, correction })
}

/**
 * When an editor means to publish.
 * @throws Problem wrong_time | schedule_in_past
 */
export function momentOf(db: Read, at: string | undefined, zone: string | undefined): Instant {
  if (at === undefined) {
    if (zone === undefined) return db.now
    raise('wrong_time', { errors: [{ pointer: '/at', code: 'required', message: 'is required beside a zone' }] })
  }
  const meant = instantOf(at, zone)
  if ('faults' in meant) raise('wrong_time', { errors: meant.faults })
  if (meant.instant > db.now) return meant.instant
  raise('schedule_in_past', {
    detail: `It is ${db.now} now. Leave "at" out to publish at once.`,
    errors: [{ pointer: '/at', code: 'in_past', message: 'must be in the future' }],
  })
}

/** When the public would see it: not before its embargo ends. */
export function startOf({ copy }: CopyRow, at: Instant): Instant {
  return copy.embargoUntil !== null && copy.embargoUntil > at ? copy.embargoUntil : at
}

/** Everything that keeps a working copy from being published at an instant. */
export function faultsOfPublication(
  db: Read,
  { copy }: CopyRow,
  pages: readonly { text: string }[],
  from: Instant,
): Fault[] {
  const faults: Fault[] = []
  if (copy.sectionId === null) {
    const message = 'is required to publish: give the id or slug of a section'
    faults.push({ pointer: '/section', code: 'required', message })
  }
  if (!pages.some(({ text }) => text.trim() !== '')) {
    faults.push({ pointer: '/pages', code: 'required', message: 'must have at least one page with text' })
  }
  if (copy.publishedAt !== null && copy.publishedAt > db.now) {
    const message = 'must not be in the future: publish with "at" to publish later'
    faults.push({ pointer: '/publishedAt', code: 'in_future', message })
  }
  if (copy.expiresAt !== null && copy.expiresAt <= from) {
    const message = `must be after ${from}, when the public would see it`
    faults.push({ pointer: '/expiresAt', code: 'too_early', message })
  }
  return faults
}

/** Publishing waits for the end of an embargo; a correction is at once or not at all. */
function embargoFaults(db: Read, { copy: { embargoUntil } }: CopyRow): Fault[] {
  if (embargoUntil === null || embargoUntil <= db.now) return []
  const message = 'must not be in the future to correct: lift the embargo, or publish, which waits for its end'
  return [{ pointer: '/embargoUntil', code: 'in_future', message }]
}

function expectReady(db: Read, { row, parts }: Working, from: Instant, also: readonly Fault[] = []): void {
  const errors = [...faultsOfPublication(db, row, parts.pages, from), ...also]
  if (errors.length === 0) return
  const expiry = errors.every(({ pointer }) => pointer === '/expiresAt')
  raise(expiry ? 'expiry_before_publication' : 'not_ready', { errors })
}

/** What was never shown, because its time had not come, was never public. */
export function wasShown(db: Read, { article }: CopyRow): boolean {
  return article.firstPublishedAt !== null && article.firstPublishedAt <= db.now
}

interface Release {
  /** when the public is to see it */
  from: Instant
  change: `article.${string}`
  to: State
  kind: 'published' | 'scheduled' | 'corrected'
  note: string | null
  correction?: Copy['corrections'][number]
}

/** Copies the working copy to where the public sees it, now or from an instant on. */
async function release(
  db: Write,
  opened: Working,
  edit: Edit,
  { from, change, to, kind, note, correction }: Release,
): Promise<ArticleSaved> {
  const { row, parts } = opened
  const { copy, article, live = null, next = null } = row
  const { id } = article
  await expectFreeOutside(db, copy.externalId, id)
  const later = from > db.now
  const shownBefore = wasShown(db, row)
  const dated = copy.publishedAt ?? (shownBefore ? article.firstPublishedAt : null)
  const working: Copy = {
    ...copy,
    version: copy.version + 1,
    corrections: correction === undefined ? copy.corrections : [...copy.corrections, correction],
    publishedAt: later ? copy.publishedAt : (dated ?? from),
    updatedAt: db.now,
  }
  const released: Copy = {
    ...working,
    stage: later ? 'next' : 'live',
    publishedAt: dated ?? from,
    updatedAt: from,
    shownFrom: from,
    shownUntil: copy.expiresAt,
  }
  // Published at once, it may have appeared elsewhere long ago: what came from an archive keeps its date.
  const firstPublishedAt = shownBefore ? article.firstPublishedAt : later ? from : released.publishedAt
  const uses = await usesOf(db, opened)
  await reviseCopy(db, { copy, parts }, { copy: working, parts })
  if (next !== null) await deleteCopy(db, id, 'next')
  const write = later || live === null ? insertCopy : replaceCopy
  await write(db, { copy: released, parts }, writeCard(released, { ...article, firstPublishedAt }, parts))
  const shown = later
    ? { live: live && { ...live, shownUntil: await endLive(db, id, from) }, next: released }
    : { live: released, next: null }
  await forgetNext(db, row)
  await publishName(db, 'article', copy.slug, from)
  const state = live === null ? to : article.state
  const changed = {
    state,
    firstPublishedAt,
    scheduledBy: later ? edit.actor.id : null,
    ...(!later && notWithdrawn),
  }
  await updateArticle(db, id, changed)
  const before = { state: article.state, publishedAt: copy.publishedAt }
  const fields: string[] = changedFields(before, { state, publishedAt: working.publishedAt })
  if (correction !== undefined) fields.push('corrections')
  if (later || next !== null) fields.push('scheduledAt')
  await record(db, change, working, { actor: edit.actor, fields, uses, note })
  const warnings: Warning[] = []
  if (next !== null && next.shownFrom !== null) {
    const message = `what was scheduled for ${next.shownFrom} is not published any more: this takes its place`
    warnings.push({ pointer: '', code: 'schedule_replaced', message })
  }
  const after = { ...row, ...shown, copy: working, article: { ...article, ...changed } }
  return kept(db, { ...opened, row: after }, { kind, actor: edit.actor, fields, note }, warnings)
}

/**
 * What is over holds no external id, whether or not that was written down.
 * @throws Problem external_id_taken
 */
async function expectFreeOutside(db: Write, externalId: string | null, id: string): Promise<void> {
  if (externalId === null) return
  const holders = await findByExternalId(db, externalId, 'live')
  const others = holders.filter((holder) => holder !== id)
  for (const holder of others) {
    const row = await findWorkingRow(db, holder)
    if (row !== undefined) await settle(db, row)
  }
  if (others.length > 0) await expectFreeExternalId(db, externalId, id, 'live')
}

/** What was scheduled is not: a slug that only it has is taken back before readers know it, and free again. */
export async function forgetNext(db: Write, { article, copy, next }: CopyRow): Promise<void> {
  if (!next) return
  await hideComingName(db, 'article', next.slug)
  await forgetUnknownNames(db, 'article', article.id, copy.slug)
}

/** The live copy is seen until another takes its place, or until its own time ends: answers until when. */
export async function endLive(db: Write, id: string, replacedAt: Instant | null): Promise<Instant | null> {
  const expiresAt = (await findCopy(db, id, 'live'))?.expiresAt ?? null
  const [shownUntil = null] = [replacedAt, expiresAt].filter((end) => end !== null).sort()
  await updateCopy(db, { articleId: id, stage: 'live', shownUntil })
  return shownUntil
}
