import { type Actor, ownOnly } from '../access.ts'
import { claimSlug } from '../addresses/addresses.ts'
import { changedFields, type Edit, expectVersion } from '../editing.ts'
import { raise } from '../errors.ts'
import { newId } from '../lib/ids.ts'
import { lastActor } from '../storage/changes.ts'
import type { Read, Write } from '../storage/store.ts'
import { type Content, contentFrom, contentOf, partsOf } from './input.ts'
import { measure, type Renderings, renderPages, warningsOf } from './pages.ts'
import { findPages, findUses, hasConfidentialSource } from './parts/store.ts'
import { getWorkingCopy, presentArticle } from './reading.ts'
import { expectFreeExternalId, record, refuseState, saved } from './saving.ts'
import type { ArticleInput, ArticleReplacement, ArticleSaved } from './schema.ts'
import {
  type Copy,
  type CopyRow,
  countPublicUsers,
  findByExternalId,
  findCopy,
  insertArticle,
  replaceCopy,
} from './store.ts'
import { editable } from './workflow.ts'

export { draftFromCopy } from './paste.ts'
export { publishArticle, restoreArticle, trashArticle, unpublishArticle } from './transitions.ts'
export { getWorkingCopy, type Renderings, renderPages }

/** The article whose working copy has this id of another system, and whose key changed it last. */
export async function findArticleByExternalId(
  db: Read,
  externalId: string,
): Promise<{ id: string; version: number; changedBy: string | undefined } | undefined> {
  const id = await findByExternalId(db, externalId, 'working')
  const row = id === undefined ? undefined : await findCopy(db, id, 'working')
  if (id === undefined || row === undefined) return undefined
  return { id, version: row.copy.version, changedBy: await lastActor(db, 'article', id) }
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
  const columns = {
    ...columnsOf(content),
    ...measure(parts.pages),
    slug,
    corrections: [],
    shownFrom: null,
    shownUntil: null,
  }
  const copy: Copy = { articleId: id, stage: 'working', version: 1, updatedAt: db.now, ...columns }
  await insertArticle(db, { id, state: 'draft', createdAt: db.now, createdBy: actor.id }, copy, parts)
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

/** The columns of a copy that content decides. */
function columnsOf(content: Content) {
  const { externalId, lang, title, kicker, deck, dateline, image, genre, urgency, breaking, breakingUntil } = content
  const { seo, access, publishedAt, embargoUntil, expiresAt, section } = content
  return {
    ...{ externalId, lang, title, kicker, deck, dateline, image, genre, urgency, breaking, breakingUntil },
    ...{ seo, access, publishedAt, embargoUntil, expiresAt, sectionId: section },
  }
}
