import type { Actor } from '../access.ts'
import { claimSlug } from '../addresses/addresses.ts'
import { changedFields, type Edit } from '../editing.ts'
import { raise } from '../errors.ts'
import { isId, newId } from '../lib/ids.ts'
import type { RevisionKind } from '../revisions/schema.ts'
import { lastActor } from '../storage/changes.ts'
import type { Read, Write } from '../storage/store.ts'
import { type Content, contentFrom, contentOf, partsOf } from './input.ts'
import { bodyOfRevision } from './life/restoring.ts'
import { measure, type Renderings, renderPages, warningsOf } from './pages.ts'
import { expectDraftReader, getWorkingCopy } from './reading.ts'
import { record } from './recording.ts'
import { answerOf, expectFreeExternalId, expectWritable, kept, openArticle, refuseState } from './saving.ts'
import type { ArticleInput, ArticleReplacement, ArticleSaved, Warning } from './schema.ts'
import { endsSoon, expectIndexed } from './search/asking.ts'
import { clockActor } from './settling.ts'
import { sawArticles } from './sight.ts'
import {
  type ArticleRow,
  type Copy,
  type CopyRow,
  findByExternalId,
  findWorkingRow,
  insertArticle,
  isPublic,
  notWithdrawn,
  reviseCopy,
} from './store.ts'
import { countPublicUsers } from './uses/store.ts'
import { editable, standing } from './workflow.ts'
import { articleOf, type Names, noNames, openWhole, usesOf, usesOfCopy, type Working } from './working.ts'

export { countArticles, exportArticles } from './export/exporting.ts'
export { correctArticle, publishArticle } from './life/releasing.ts'
export {
  purgeArticle,
  restoreArticle,
  returnArticle,
  submitArticle,
  trashArticle,
  unpublishArticle,
  unscheduleArticle,
  withdrawArticle,
} from './life/transitions.ts'
export { draftFromCopy } from './paste.ts'
export { isDue, settleDue } from './settling.ts'
export { areCardsMissing, writeCards } from './stored/cards.ts'
export {
  endsSoon,
  expectDraftReader,
  expectIndexed,
  getWorkingCopy,
  isPublic,
  type Renderings,
  renderPages,
  sawArticles,
}

export interface KnownArticle {
  id: string
  slug: string
  version: number
  /** the key that changed it last; that its time was over does not count */
  changedBy: string | undefined
  /**
   * `free`: publishing it brings out nothing but what is written to it now; `forced`: also what is not finished, or was
   * taken back; `never`: it is withdrawn, scheduled, in review or in the trash, which is for editors to decide
   */
  publishing: 'free' | 'forced' | 'never'
}

/** The article whose working copy has this id of another system, or, of one that has none, this id of its own. */
export async function findArticleByExternalId(db: Read, externalId: string): Promise<KnownArticle | undefined> {
  const [holder] = await findByExternalId(db, externalId, 'working')
  if (holder === undefined && !isId(externalId)) return undefined
  const id = holder ?? externalId
  const row = await findWorkingRow(db, id)
  if (row === undefined || ![null, externalId].includes(row.copy.externalId)) return undefined
  const { copy, article, live = null, next = null } = row
  const stands = standing({ state: article.state, live, next }, db.now)
  const isOpen = ['draft', 'published'].includes(stands.state) && stands.next === null && article.withdrawnAt === null
  const isNew = stands.state === 'draft' && article.firstPublishedAt === null
  const isAsPublic = stands.state === 'published' && stands.live?.version === copy.version
  return {
    id,
    slug: copy.slug,
    version: copy.version,
    changedBy: await lastActor(db, 'article', id, clockActor),
    publishing: !isOpen ? 'never' : isNew || isAsPublic ? 'free' : 'forced',
  }
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
  /** for the history */
  note?: string | undefined
}

/**
 * Makes a draft: nothing is public before it is published.
 * @throws Problem slug_taken | external_id_taken | rule_broken
 */
export async function createArticle(db: Write, draft: Draft<ArticleInput>, actor: Actor): Promise<ArticleSaved> {
  const { content, names } = await contentFrom(db, draft.body, draft.lang, noNames)
  const id = newId()
  await expectFreeExternalId(db, content.externalId, id, 'working')
  const slug = await claimSlug(db, { kind: 'article', id, slug: content.slug, title: content.title, public: false })
  const parts = partsOf(content, draft.renderings)
  const columns = { ...columnsOf(content), ...measure(parts.pages), slug, corrections: [] }
  const made = { stage: 'working', version: 1, updatedAt: db.now, shownFrom: null, shownUntil: null } as const
  const copy: Copy = { articleId: id, ...made, ...columns }
  const unpublished = { state: 'draft', firstPublishedAt: null, scheduledBy: null, ...notWithdrawn } as const
  const article: ArticleRow = { id, createdAt: db.now, createdBy: actor.id, ...unpublished }
  await insertArticle(db, article, { copy, parts })
  const fields = Object.keys(content)
  const uses = usesOfCopy(copy.sectionId, parts)
  await record(db, 'article.created', copy, { actor, fields, uses, note: draft.note ?? null })
  const row = { copy, article, section: sectionOf(content, names) }
  const save = { kind: 'created', actor, fields, note: draft.note } as const
  return kept(db, { row, parts, names }, save, warningsOf(content.pages, draft.renderings))
}

export interface Revising extends Omit<Draft<unknown>, 'body'> {
  revision: (current: Content) => ArticleReplacement
  kind?: Extract<RevisionKind, 'saved' | 'restored'>
  /** ms within which saves of one key become one revision; none do, when absent */
  foldWithin?: number | undefined
  /** what else the writer should know */
  warnings?: readonly Warning[]
}

/**
 * Changes the working copy; nothing that the public reads. No version is made when all is so already.
 * @throws Problem article_not_found | article_locked | version_stale | wrong_state | forbidden | slug_taken | external_id_taken | rule_broken
 */
export async function reviseArticle(db: Write, name: string, edit: Edit, draft: Revising): Promise<ArticleSaved> {
  const row = await openArticle(db, name, edit)
  expectEditable(row, edit)
  const { copy } = row
  const working = await openWhole(db, row)
  const current = articleOf(db, working)
  const before = contentOf(current)
  const body = draft.revision(before)
  const { content, names } = await contentFrom(db, body, draft.lang, working.names, current)
  // What has been shown has a date; without one of its own it is that.
  content.publishedAt ??= current.firstPublishedAt
  await expectFreeExternalId(db, content.externalId, copy.articleId, 'working')
  const claim = { kind: 'article', id: copy.articleId, title: content.title, public: false } as const
  const slug = content.slug === copy.slug ? copy.slug : await claimSlug(db, { ...claim, slug: content.slug })
  const fields = changedFields(before, { ...content, slug })
  if (fields.includes('sources')) expectWholeView(working, edit, content)
  const warnings = [...(draft.warnings ?? []), ...warningsOf(content.pages, draft.renderings)]
  if (fields.length === 0) return answerOf(db, working, warnings)
  const parts = partsOf(content, draft.renderings, working.parts.pages)
  const columns = { ...columnsOf(content), ...measure(parts.pages), slug }
  const revised: Copy = { ...copy, ...columns, version: copy.version + 1, updatedAt: db.now }
  const uses = new Set([...(await usesOf(db, working)), ...usesOfCopy(revised.sectionId, parts)])
  await reviseCopy(db, { copy, parts: working.parts }, { copy: revised, parts })
  const { note, kind = 'saved', foldWithin } = draft
  await record(db, 'article.updated', revised, { actor: edit.actor, fields, uses: [...uses], note: note ?? null })
  if (row.next) warnings.push(scheduledAsItWas(row.next.shownFrom))
  const after = { row: { ...row, copy: revised, section: sectionOf(content, names) }, parts, names }
  return kept(db, after, { kind, actor: edit.actor, fields, note, foldWithin }, warnings)
}

function sectionOf({ section }: Content, names: Names): CopyRow['section'] {
  return section === null ? null : (names.section.get(section) ?? null)
}

/**
 * Makes the working copy what it was, as a new revision; nothing is published.
 * @throws Problem revision_not_found, and what reviseArticle throws but for names
 */
export async function restoreRevision(
  db: Write,
  name: string,
  number: number,
  edit: Edit,
  draft: Omit<Draft<unknown>, 'body'>,
): Promise<ArticleSaved> {
  const { copy } = await getWorkingCopy(db, name, edit.actor)
  const { body, warnings } = await bodyOfRevision(db, copy, number)
  return reviseArticle(db, copy.articleId, edit, { ...draft, kind: 'restored', revision: () => body, warnings })
}

function scheduledAsItWas(at: string | null): Warning {
  const message = `what will be published at ${at} is as it was scheduled: publish with "at" again to take this in`
  return { pointer: '', code: 'scheduled_as_it_was', message }
}

/**
 * Who has read the public's view knows nothing of confidential sources, and would drop them unawares.
 * @throws Problem version_stale
 */
function expectWholeView({ row: { copy }, parts, names }: Working, edit: Edit, { sources }: Content): void {
  if (edit.seenWhole === true || edit.expected === 'any') return
  const confidential = parts.sources.filter(({ sourceId }) => names.source.get(sourceId)?.visibility === 'editors')
  if (confidential.every(({ sourceId }) => sources.some(({ source }) => source === sourceId))) return
  raise('version_stale', {
    detail:
      'It rests on sources that only editors see, and this would drop them. Read ?stage=working and send its ETag.',
    more: { currentVersion: copy.version, changedFields: ['sources'] },
  })
}

/** @throws Problem wrong_state | forbidden */
function expectEditable({ article }: CopyRow, { actor }: Edit): void {
  const { state } = article
  if (!editable.includes(state)) {
    refuseState(state, `It is ${state} and cannot be changed: restore it first.`, editable)
  }
  expectWritable(article, actor)
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
