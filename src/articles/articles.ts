import { type Actor, ownOnly } from '../access.ts'
import { claimSlug, hideComingNames, publishName } from '../addresses/addresses.ts'
import { changedFields, type Edit, expectVersion } from '../editing.ts'
import { Faults, raise } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import type { Read, Write } from '../storage/store.ts'
import { type Content, contentFrom, contentOf, partsOf } from './input.ts'
import { measure, type Renderings, renderPages, warningsOf } from './pages.ts'
import { findPages, findParts, findUses, hasConfidentialSource } from './parts/store.ts'
import { getWorkingCopy, presentArticle } from './reading.ts'
import type { Article, ArticleInput, ArticleReplacement, ArticleSaved } from './schema.ts'
import {
  type Copy,
  type CopyRow,
  countPublicUsers,
  deleteCopy,
  findByExternalId,
  findCopy,
  insertArticle,
  replaceCopy,
  updateArticle,
  updateCopy,
} from './store.ts'
import { type Action, editable, statesFor, transition } from './workflow.ts'

export { draftFromCopy } from './paste.ts'
export { type Renderings, renderPages }

/** The article whose working copy has this id of another system. */
export async function findArticleByExternalId(
  db: Read,
  externalId: string,
): Promise<{ id: string; version: number } | undefined> {
  const id = await findByExternalId(db, externalId, 'working')
  const row = id === undefined ? undefined : await findCopy(db, id, 'working')
  return row && { id: row.article.id, version: row.copy.version }
}

/** How many public articles use each of these tags or sources now; of those not in the map none do. */
export async function countPublic(
  db: Read,
  used: 'tag' | 'source',
  ids: readonly string[],
): Promise<Map<string, number>> {
  const counts = ids.length === 0 ? [] : await countPublicUsers(db, used, ids)
  return new Map(counts.map(({ id, n }) => [id, n]))
}

export interface Draft<Body> {
  body: Body
  /** of every body that is new */
  renderings: Renderings
  /** of an article that names none */
  lang: string
}

/**
 * Makes a draft: nothing is public before it is published.
 * @throws Problem slug_taken | external_id_taken | rule_broken
 */
export async function createArticle(db: Write, draft: Draft<ArticleInput>, actor: Actor): Promise<ArticleSaved> {
  const content = await contentFrom(db, draft.body, draft.lang)
  const id = newId()
  await expectFreeExternalId(db, content.externalId, id, 'working')
  const slug = await claimSlug(db, { kind: 'article', id, slug: content.slug, title: content.title, public: false })
  const parts = partsOf(content, draft.renderings)
  const columns = { ...columnsOf(content), ...measure(parts.pages), slug, corrections: [] }
  const copy: Copy = { articleId: id, stage: 'working', version: 1, updatedAt: db.now, ...columns }
  const article = { id, state: 'draft', createdAt: db.now, createdBy: actor.id, firstPublishedAt: null } as const
  await insertArticle(db, article, copy, parts)
  await record(db, 'article.created', copy, actor, Object.keys(content), [])
  return saved(db, id, actor, warningsOf(content.pages, draft.renderings))
}

/**
 * Changes the working copy; nothing that the public reads. No version is made when all is so already.
 * @throws Problem article_not_found | version_stale | wrong_state | forbidden | slug_taken | external_id_taken | rule_broken
 */
export async function reviseArticle(
  db: Write,
  name: string,
  edit: Edit,
  draft: Omit<Draft<unknown>, 'body'> & { revision: (current: Content) => ArticleReplacement },
): Promise<ArticleSaved> {
  const row = await expectEditable(db, name, edit)
  const { copy } = row
  const current = await presentArticle(db, row)
  const before = contentOf(current)
  const body = draft.revision(before)
  const content = await contentFrom(db, body, draft.lang, current)
  await expectFreeExternalId(db, content.externalId, copy.articleId, 'working')
  const claim = {
    kind: 'article',
    id: copy.articleId,
    slug: content.slug,
    title: content.title,
    public: false,
  } as const
  const slug = content.slug === copy.slug ? copy.slug : await claimSlug(db, claim)
  const fields = changedFields(before, { ...content, slug })
  await expectWholeView(db, row, edit, fields)
  if (fields.length > 0) {
    const used = await findUses(db, copy.articleId)
    const pages = await findPages(db, copy.articleId, 'working')
    const parts = partsOf(content, draft.renderings, pages)
    const columns = { ...columnsOf(content), ...measure(parts.pages), slug }
    const revised: Copy = { ...copy, ...columns, version: copy.version + 1, updatedAt: db.now }
    await replaceCopy(db, revised, parts)
    await record(db, 'article.updated', revised, edit.actor, fields, used)
  }
  return saved(db, copy.articleId, edit.actor, warningsOf(content.pages, draft.renderings))
}

/**
 * Makes the working copy the live one, in the place of the live one before it. Publishing again what has not changed
 * changes nothing.
 * @throws Problem article_not_found | version_stale | wrong_state | not_ready | external_id_taken
 */
export async function publishArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  const row = await getWorkingCopy(db, name, edit.actor)
  await expectVersion(db, 'article', { id: row.article.id, version: row.copy.version }, edit)
  const step = expectTransition('publish', row)
  const { id } = row.article
  if (row.liveVersion === row.copy.version) return saved(db, id, edit.actor)
  await expectReady(db, row)
  await expectFreeExternalId(db, row.copy.externalId, id, 'live')
  const publishedAt = row.copy.publishedAt ?? db.now
  const copy: Copy = { ...row.copy, version: row.copy.version + 1, publishedAt, updatedAt: db.now }
  const used = await findUses(db, id)
  await updateCopy(db, copy)
  await replaceCopy(db, { ...copy, stage: 'live' }, await findParts(db, id, 'working'))
  const { embargoUntil } = copy
  const shownFrom = embargoUntil !== null && embargoUntil > publishedAt ? embargoUntil : publishedAt
  const shownBefore = wasShown(db, row)
  await hideComingNames(db, id)
  await publishName(db, 'article', copy.slug, shownFrom)
  await updateArticle(db, id, {
    state: step.to,
    firstPublishedAt: shownBefore ? row.article.firstPublishedAt : shownFrom,
  })
  const before = { state: row.article.state, publishedAt: row.copy.publishedAt }
  const fields = changedFields(before, { state: step.to, publishedAt })
  await record(db, step.change, copy, edit.actor, fields, used)
  return saved(db, id, edit.actor)
}

/**
 * Takes the live copy away: to the public it is gone. The working copy stays, as a draft.
 * @throws Problem article_not_found | version_stale | wrong_state
 */
export function unpublishArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  return changeState(db, 'unpublish', name, edit)
}

/** @throws Problem article_not_found | version_stale | wrong_state */
export function trashArticle(db: Write, name: string, edit: Edit): Promise<ArticleSaved> {
  return changeState(db, 'delete', name, edit)
}

/** @throws Problem article_not_found | version_stale | wrong_state */
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

/**
 * Who has read the public's view knows nothing of confidential sources, and would drop them unawares.
 * @throws Problem version_stale
 */
async function expectWholeView(db: Read, { copy }: CopyRow, edit: Edit, fields: readonly string[]): Promise<void> {
  if (edit.publicView !== true || !fields.includes('sources')) return
  if (!(await hasConfidentialSource(db, copy.articleId, 'working'))) return
  raise('version_stale', {
    detail: `What you have read leaves out what only editors see. Read ?stage=working and send If-Match: "${copy.version}".`,
    more: { currentVersion: copy.version, changedFields: ['sources'] },
  })
}

async function expectEditable(db: Read, name: string, edit: Edit): Promise<CopyRow> {
  const row = await getWorkingCopy(db, name, edit.actor)
  await expectVersion(db, 'article', { id: row.article.id, version: row.copy.version }, edit)
  const { state } = row.article
  if (!editable.includes(state)) {
    refuseState(state, `It is ${state} and cannot be changed: restore it first.`, editable)
  }
  if (ownOnly(edit.actor) && state !== 'draft') {
    raise('forbidden', { detail: 'Writers change their own drafts; what is published is an editor’s to change.' })
  }
  return row
}

function expectTransition(action: Action, { article }: CopyRow) {
  const from = statesFor(action)
  return (
    transition(action, article.state) ??
    refuseState(article.state, `It is ${article.state}; to ${action} it, it must be ${from.join(' or ')}.`, from)
  )
}

function refuseState(state: string, detail: string, allowedFrom: readonly string[]): never {
  raise('wrong_state', { detail, more: { state, allowedFrom } })
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

async function expectFreeExternalId(
  db: Read,
  externalId: string | null,
  id: string,
  stage: 'working' | 'live',
): Promise<void> {
  if (externalId === null) return
  const other = await findByExternalId(db, externalId, stage)
  if (other === undefined || other === id) return
  raise('external_id_taken', {
    detail: `The article ${other} has the external id ${JSON.stringify(externalId)}.`,
    errors: [{ pointer: '/externalId', code: 'external_id_taken', message: 'is another article’s' }],
  })
}

async function saved(
  db: Read,
  id: string,
  actor: Actor,
  warnings: ArticleSaved['warnings'] = [],
): Promise<ArticleSaved> {
  const article: Article = await presentArticle(db, await getWorkingCopy(db, id, actor), ['body', 'html'])
  return { ...article, warnings }
}

/** The columns of a copy that content decides. */
function columnsOf(content: Content) {
  const { externalId, lang, title, kicker, deck, dateline, image, genre, urgency, breaking, breakingUntil } = content
  const { seo, access, publishedAt, embargoUntil, expiresAt, section } = content
  return {
    ...{ externalId, lang, title, kicker, deck, dateline, image, genre, urgency, breaking, breakingUntil },
    ...{ seo, access, publishedAt, embargoUntil, expiresAt, sectionId: section },
  }
}

/** `usedBefore`: what the copies showed of other things before this change, which may be less or more than now. */
async function record(
  db: Write,
  kind: `article.${string}`,
  { articleId: id, version }: Copy,
  actor: Actor,
  fields: readonly string[],
  usedBefore: readonly string[],
): Promise<void> {
  const uses = new Set([...usedBefore, ...(await findUses(db, id))])
  await db.record({ kind, id, version, actor: actor.id, fields, tags: [`article:${id}`, ...uses] })
}
