import type { Actor } from '../access.ts'
import { claimSlug, nameOf, type Reference, resolveName, resolveNames } from '../addresses/addresses.ts'
import { countPublic, sawArticles } from '../articles/articles.ts'
import { changedFields, checkReadOnly, type Edit, expectVersion } from '../editing.ts'
import { Faults, raise } from '../errors.ts'
import { label, unlabel } from '../labels/labels.ts'
import { newId } from '../lib/ids.ts'
import type { Paged, Window } from '../storage/keyset.ts'
import type { Read, Write } from '../storage/store.ts'
import { handOver, type RetireOptions, renamed, retire } from '../uses/uses.ts'
import { type Tag, type TagInput, type TagQuery, tagReadOnly } from './schema.ts'
import { deleteTag, findTag, insertTag, listTags, type TagRow, updateTag } from './store.ts'

const kind = 'tag'

/**
 * One tag by its id or slug; a former slug, or the id of a tag that was merged, finds the one that it leads to.
 * @throws Problem tag_not_found
 */
export async function getTag(db: Read, name: string): Promise<Tag> {
  const [tag] = await present(db, [await rowOf(db, name)])
  return tag ?? notFound(name)
}

export async function getTags(db: Read, query: TagQuery, window: Window): Promise<Paged<Tag>> {
  const ids = query.ids === undefined ? undefined : [...(await resolveNames(db, kind, query.ids)).values()]
  db.sight?.saw(['tags'])
  const page = await listTags(db, { ...query, ids }, window)
  return { ...page, items: await present(db, page.items) }
}

/** @throws Problem slug_taken */
export async function createTag(db: Write, input: TagInput, actor: Actor): Promise<Tag> {
  const id = newId()
  const slug = await claimSlug(db, { kind, id, slug: input.slug, title: input.name, public: true })
  const row: TagRow = { ...input, id, slug, version: 1, createdAt: db.now, updatedAt: db.now }
  await insertTag(db, row)
  await label(db, kind, id, namesOf(row))
  await record(db, 'tag.created', row, actor, Object.keys(input))
  return { ...row, articleCount: 0 }
}

/**
 * Replaces what can be written of a tag. Nothing changes, and no version is made, when all is so already.
 * @throws Problem tag_not_found | version_stale | slug_taken | rule_broken
 */
export async function reviseTag(
  db: Write,
  name: string,
  edit: Edit,
  revision: (current: TagInput) => TagInput,
): Promise<Tag> {
  const row = await ownRowOf(db, name)
  await expectVersion(db, kind, row, edit)
  const { id, version, createdAt, updatedAt, ...current } = row
  const { slug: asked, ...body } = revision(current)
  const faults = new Faults()
  checkReadOnly(faults, body, row, tagReadOnly)
  faults.raise('rule_broken')
  const slug =
    asked === row.slug ? asked : await claimSlug(db, { kind, id, slug: asked, title: body.name, public: true })
  const next = pick({ ...body, slug })
  const fields = changedFields(current, next)
  if (fields.length > 0) {
    const revised: TagRow = { id, createdAt, ...next, version: version + 1, updatedAt: db.now }
    await updateTag(db, revised)
    await label(db, kind, id, namesOf(revised))
    await record(db, 'tag.updated', revised, edit.actor, fields)
  }
  return getTag(db, id)
}

/**
 * Deletes a tag that no article carries; `moveTo` gives its articles another tag first, `detach` takes it off them.
 * With `moveTo` its names lead to the other tag from then on; otherwise they are free again.
 * @throws Problem tag_not_found | version_stale | tag_in_use, with the count | rule_broken
 */
export async function removeTag(db: Write, name: string, edit: Edit, options: RetireOptions): Promise<void> {
  const row = await ownRowOf(db, name)
  await expectVersion(db, kind, row, edit)
  const into = await retire(db, kind, row.id, options)
  await deleteTag(db, row.id)
  await unlabel(db, row.id)
  await record(db, 'tag.deleted', { ...row, version: row.version + 1 }, edit.actor, [], into)
}

/**
 * Gives all articles of one tag another, and makes its id and slugs lead there. Answers the tag that stays.
 * @throws Problem tag_not_found | version_stale | rule_broken
 */
export async function mergeTag(db: Write, name: string, edit: Edit, into: Reference): Promise<Tag> {
  const row = await ownRowOf(db, name)
  await expectVersion(db, kind, row, edit)
  const target = await handOver(db, kind, row.id, nameOf(into), { pointer: '/into' })
  await deleteTag(db, row.id)
  await unlabel(db, row.id)
  await record(db, 'tag.merged', { ...row, version: row.version + 1 }, edit.actor, [], target)
  const merged = await getTag(db, target)
  const faults = new Faults()
  if (typeof into === 'object') checkReadOnly(faults, into, merged, ['slug', 'name', 'kind'], ['into'])
  faults.raise('rule_broken')
  return merged
}

async function rowOf(db: Read, name: string): Promise<TagRow> {
  const found = await resolveName(db, kind, name)
  return (found && (await findTag(db, found.id))) ?? notFound(name)
}

/** To be written to: a former name may lead to another tag than the one that was read. */
async function ownRowOf(db: Read, name: string): Promise<TagRow> {
  const row = await rowOf(db, name)
  if (![row.id, row.slug].includes(name)) {
    raise('tag_not_found', { detail: `${JSON.stringify(name)} leads to the tag ${row.slug} now: write to that.` })
  }
  return row
}

function notFound(name: string): never {
  raise('tag_not_found', { detail: `No tag has the id or slug ${JSON.stringify(name)}.` })
}

async function present(db: Read, rows: readonly TagRow[]): Promise<Tag[]> {
  const ids = rows.map(({ id }) => id)
  db.sight?.saw(ids.map((id) => `tag:${id}`))
  const [counts] = await Promise.all([
    countPublic(db, kind, ids),
    sawArticles(
      db,
      ids.map((id) => `tag:${id}:articles`),
    ),
  ])
  return rows.map((row) => ({ ...row, articleCount: counts.get(row.id) ?? 0 }))
}

/** What it is found by. */
function namesOf({ name, synonyms }: TagRow): string[] {
  return [name, ...synonyms]
}

/** What of a tag can be written. */
function pick({
  slug,
  name,
  kind,
  description,
  synonyms,
  sameAs,
}: Omit<TagRow, 'id' | 'version' | 'createdAt' | 'updatedAt'>): Omit<
  TagRow,
  'id' | 'version' | 'createdAt' | 'updatedAt'
> {
  return { slug, name, kind, description, synonyms, sameAs }
}

async function record(
  db: Write,
  change: `tag.${string}`,
  { id, version }: TagRow,
  actor: Actor,
  fields: readonly string[],
  into?: string,
): Promise<void> {
  const tags = into === undefined ? [`tag:${id}`] : [`tag:${id}`, `tag:${into}`]
  // What is new was called nothing before.
  if (version > 1) await renamed(db)
  await db.record({ kind: change, id, version, actor: actor.id, fields, tags })
}
