import type { Actor } from '../access.ts'
import { claimSlug, hideNames, publishName, resolveName, resolveNames } from '../addresses/addresses.ts'
import { countPublic, sawArticles } from '../articles/articles.ts'
import { changedFields, checkReadOnly, type Edit, expectVersion } from '../editing.ts'
import { Faults, raise } from '../errors.ts'
import { label, unlabel } from '../labels/labels.ts'
import { newId } from '../lib/ids.ts'
import type { Paged, Window } from '../storage/keyset.ts'
import type { Read, Write } from '../storage/store.ts'
import { type RetireOptions, renamed, retire } from '../uses/uses.ts'
import { type Source, type SourceInput, type SourceQuery, sourceReadOnly } from './schema.ts'
import { deleteSource, findSource, insertSource, listSources, type SourceRow, updateSource } from './store.ts'

const kind = 'source'

/**
 * One source by its id or slug; a former slug finds the source that it leads to. To whom confidential sources are not
 * shown, there are none, and none was ever deleted in favour of another.
 * @throws Problem source_not_found
 */
export async function getSource(db: Read, name: string, confidential: boolean): Promise<Source> {
  const row = await rowOf(db, name, confidential)
  const [source] = await present(db, [row])
  return source ?? notFound(name)
}

export async function getSources(
  db: Read,
  query: SourceQuery,
  window: Window,
  confidential: boolean,
): Promise<Paged<Source>> {
  const which = confidential ? 'all' : 'known'
  const ids = query.ids === undefined ? undefined : [...(await resolveNames(db, kind, query.ids, which)).values()]
  db.sight?.saw(['sources'])
  const page = await listSources(db, { ...query, ids, confidential }, window)
  return { ...page, items: await present(db, page.items) }
}

/** All sources by the names that copy may use for them. */
export async function getKnownSources(
  db: Read,
): Promise<{ id: string; name: string; aliases: readonly string[]; kind: string }[]> {
  const known = []
  let window: Window = { limit: 1_000 }
  for (;;) {
    const page = await listSources(db, { sort: 'name', confidential: true }, window)
    known.push(...page.items.map(({ id, name, aliases, kind }) => ({ id, name, aliases, kind })))
    if (page.next === null) return known
    window = { limit: 1_000, position: page.next }
  }
}

/** @throws Problem slug_taken */
export async function createSource(db: Write, input: SourceInput, actor: Actor): Promise<Source> {
  const id = newId()
  const isPublic = input.visibility === 'public'
  const slug = await claimSlug(db, { kind, id, slug: input.slug, title: input.name, public: isPublic })
  const row: SourceRow = { ...input, id, slug, version: 1, createdAt: db.now, updatedAt: db.now }
  await insertSource(db, row)
  await label(db, kind, id, namesOf(row))
  await record(db, 'source.created', row, actor, Object.keys(input))
  return { ...row, articleCount: 0 }
}

/**
 * Replaces what can be written of a source. Nothing changes, and no version is made, when all is so already.
 * @throws Problem source_not_found | version_stale | slug_taken | rule_broken
 */
export async function reviseSource(
  db: Write,
  name: string,
  edit: Edit,
  revision: (current: SourceInput) => SourceInput,
): Promise<Source> {
  const row = await ownRowOf(db, name)
  await expectVersion(db, kind, row, edit)
  const { id, version, createdAt, updatedAt, ...current } = row
  const { slug: asked, ...body } = revision(current)
  const faults = new Faults()
  checkReadOnly(faults, body, row, sourceReadOnly)
  faults.raise('rule_broken')
  const isPublic = body.visibility === 'public'
  const slug =
    asked === row.slug ? asked : await claimSlug(db, { kind, id, slug: asked, title: body.name, public: isPublic })
  const next = pick({ ...body, slug })
  const fields = changedFields(current, next)
  if (fields.length > 0) {
    const revised: SourceRow = { id, createdAt, ...next, version: version + 1, updatedAt: db.now }
    await updateSource(db, revised)
    await label(db, kind, id, namesOf(revised))
    // Names that it had while it was confidential, or that it took over from one that was, stay unknown.
    if (isPublic && fields.includes('visibility'))
      for (const own of [id, slug]) await publishName(db, kind, own, db.now)
    await record(db, 'source.updated', revised, edit.actor, fields)
  }
  return getSource(db, id, true)
}

/**
 * Deletes a source that no article rests on; `moveTo` gives its articles another first, `detach` takes it off them.
 * With `moveTo` its names lead to the other source from then on, those of a confidential one for editors alone; otherwise
 * they are free again.
 * @throws Problem source_not_found | version_stale | source_in_use, with the count | rule_broken
 */
export async function removeSource(db: Write, name: string, edit: Edit, options: RetireOptions): Promise<void> {
  const row = await ownRowOf(db, name)
  await expectVersion(db, kind, row, edit)
  if (row.visibility === 'editors') await hideNames(db, row.id)
  const into = await retire(db, kind, row.id, options)
  await deleteSource(db, row.id)
  await unlabel(db, row.id)
  await record(db, 'source.deleted', { ...row, version: row.version + 1 }, edit.actor, [], into)
}

/** @throws Problem source_not_found */
export async function expectSource(db: Read, name: string, confidential: boolean): Promise<string> {
  return (await getSource(db, name, confidential)).id
}

async function rowOf(db: Read, name: string, confidential = true): Promise<SourceRow> {
  const found = await resolveName(db, kind, name)
  const row = found && (await findSource(db, found.id))
  if (row === undefined || (!confidential && !(found?.known && row.visibility === 'public'))) return notFound(name)
  return row
}

/** To be written to: a former name may lead to another source than the one that was read. */
async function ownRowOf(db: Read, name: string): Promise<SourceRow> {
  const row = await rowOf(db, name)
  if (![row.id, row.slug].includes(name)) {
    raise('source_not_found', { detail: `${JSON.stringify(name)} leads to the source ${row.slug} now: write to that.` })
  }
  return row
}

function notFound(name: string): never {
  raise('source_not_found', { detail: `No source has the id or slug ${JSON.stringify(name)}.` })
}

async function present(db: Read, rows: readonly SourceRow[]): Promise<Source[]> {
  const ids = rows.map(({ id }) => id)
  db.sight?.saw(ids.map((id) => `source:${id}`))
  const [counts] = await Promise.all([
    countPublic(db, kind, ids),
    sawArticles(
      db,
      ids.map((id) => `source:${id}:articles`),
    ),
  ])
  return rows.map((row) => ({ ...row, articleCount: counts.get(row.id) ?? 0 }))
}

/** What it is found by. */
function namesOf({ name, aliases }: SourceRow): string[] {
  return [name, ...aliases]
}

/** What of a source can be written. */
function pick(
  input: Omit<SourceRow, 'id' | 'version' | 'createdAt' | 'updatedAt'>,
): Omit<SourceRow, 'id' | 'version' | 'createdAt' | 'updatedAt'> {
  const { slug, name, aliases, kind, homepage, country, lang, usageTerms, licenceUrl, creditLine, visibility } = input
  return { slug, name, aliases, kind, homepage, country, lang, usageTerms, licenceUrl, creditLine, visibility }
}

async function record(
  db: Write,
  change: `source.${string}`,
  { id, version }: SourceRow,
  actor: Actor,
  fields: readonly string[],
  into?: string,
): Promise<void> {
  const tags = into === undefined ? [`source:${id}`] : [`source:${id}`, `source:${into}`]
  // What is new was called nothing before.
  if (version > 1) await renamed(db)
  await db.record({ kind: change, id, version, actor: actor.id, fields, tags })
}
