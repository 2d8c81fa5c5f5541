import type { Actor } from '../access.ts'
import { claimPath, claimSlug, nameOf, resolveName, unknownFault } from '../addresses/addresses.ts'
import { changedFields, checkReadOnly, type Edit, expectVersion } from '../editing.ts'
import { Faults, raise } from '../errors.ts'
import { label, unlabel } from '../labels/labels.ts'
import { createBreath } from '../lib/breath.ts'
import { newId } from '../lib/ids.ts'
import type { Paged, Window } from '../storage/keyset.ts'
import type { Read, Write } from '../storage/store.ts'
import { countArticles, handOver, renamed, retire } from '../uses/uses.ts'
import { type Section, type SectionBranch, type SectionInput, type SectionQuery, sectionReadOnly } from './schema.ts'
import {
  deleteSection,
  findBelow,
  findChildren,
  findSection,
  findTree,
  insertSection,
  listSections,
  type SectionColumns,
  type SectionRow,
  updateSection,
} from './store.ts'

const kind = 'section'

/** Deep enough for any paper; a path of eight slugs still fits a URL. */
const deepest = 8

/**
 * One section by its id, slug or path; what it was called before finds it too.
 * @throws Problem section_not_found
 */
export async function getSection(db: Read, name: string): Promise<Section> {
  const row = await rowOf(db, name)
  db.sight?.saw([`section:${row.section.id}`, ...(row.parent === null ? [] : [`section:${row.parent.id}`])])
  return present(row)
}

/** @throws Problem section_not_found, for a parent that is none */
export async function getSections(db: Read, query: SectionQuery, window: Window): Promise<Paged<Section>> {
  const parent = query.parent === undefined ? undefined : (await rowOf(db, query.parent)).section.id
  db.sight?.saw(['sections'])
  const page = await listSections(db, { parent }, window)
  return { ...page, items: page.items.map(present) }
}

/** The nested tree of all sections. */
export async function getSectionTree(db: Read): Promise<SectionBranch[]> {
  db.sight?.saw(['sections'])
  const below = Map.groupBy(await findTree(db), ({ parentId }) => parentId)
  const branches = (parentId: string | null): SectionBranch[] =>
    (below.get(parentId) ?? []).map(({ parentId: _, ...section }) => ({ ...section, children: branches(section.id) }))
  return branches(null)
}

/** @throws Problem slug_taken | rule_broken, for an unknown parent or one that is too deep */
export async function createSection(db: Write, input: SectionInput, actor: Actor): Promise<Section> {
  const faults = new Faults()
  const parent = await parentOf(db, input, faults)
  checkDepth(faults, parent, 0)
  faults.raise('rule_broken')
  const id = newId()
  const slug = await claimSlug(db, { kind, id, slug: input.slug, title: input.name, public: true })
  const row = { ...columnsOf(input, parent, slug), id, version: 1, createdAt: db.now, updatedAt: db.now }
  await claimPath(db, kind, id, row.path)
  await insertSection(db, row)
  await label(db, kind, id, [row.name])
  await record(db, 'section.created', row, actor, Object.keys(input))
  return getSection(db, id)
}

/**
 * Replaces what can be written of a section; another parent or slug moves all that is below it. No version is made when
 * all is so already.
 * @throws Problem section_not_found | version_stale | slug_taken | rule_broken, for a cycle among others
 */
export async function reviseSection(
  db: Write,
  name: string,
  edit: Edit,
  revision: (current: SectionInput) => SectionInput,
): Promise<Section> {
  const row = await ownRowOf(db, name)
  const { section } = row
  await expectVersion(db, kind, section, edit)
  const body = revision({ ...present(row), parent: row.parent?.id ?? null })
  const below = await findBelow(db, section.path)
  const faults = new Faults()
  checkReadOnly(faults, body, section, sectionReadOnly)
  const parent = await parentOf(db, body, faults)
  if (parent !== null && [section, ...below].some(({ id }) => id === parent.id)) {
    faults.add({ pointer: '/parent', code: 'cycle', message: 'must be neither the section itself nor one below it' })
  } else {
    checkDepth(faults, parent, Math.max(0, ...below.map(({ path }) => depth(path) - depth(section.path))))
  }
  faults.raise('rule_broken')
  const claim = { kind, id: section.id, slug: body.slug, title: body.name, public: true } as const
  const slug = body.slug === section.slug ? section.slug : await claimSlug(db, claim)
  const next = columnsOf(body, parent, slug)
  const fields = changedFields<Partial<SectionColumns>>(section, next)
  if (fields.length > 0) {
    const revised = { ...section, ...next, version: section.version + 1, updatedAt: db.now }
    await updateSection(db, revised)
    await label(db, kind, section.id, [revised.name])
    await record(db, 'section.updated', revised, edit.actor, fields.map(publicName))
    await claimPath(db, kind, section.id, next.path)
    await moveBelow(db, below, { from: section.path, to: next.path }, edit.actor)
  }
  return getSection(db, section.id)
}

/**
 * Deletes a section that no article and no other section needs. With `moveTo` its articles and the sections right below
 * it go to another first, and its names lead there from then on.
 * @throws Problem section_not_found | version_stale | section_in_use, with the counts | rule_broken
 */
export async function removeSection(db: Write, name: string, edit: Edit, moveTo: string | undefined): Promise<void> {
  const { section } = await ownRowOf(db, name)
  await expectVersion(db, kind, section, edit)
  const children = await findChildren(db, section.id)
  let into: string | undefined
  if (moveTo === undefined) {
    if (children.length > 0) {
      const articles = await countArticles(db, kind, section.id)
      const are = children.length === 1 ? 'section is' : 'sections are'
      raise('section_in_use', {
        detail: `${children.length} ${are} below it. Give them and its articles another with ?moveTo=SECTION.`,
        more: { sections: children.length, ...(articles > 0 && { articles }) },
      })
    }
    await retire(db, kind, section.id, {})
  } else {
    into = await moveAway(db, section, children, moveTo, edit.actor)
  }
  await deleteSection(db, section.id)
  await unlabel(db, section.id)
  await record(db, 'section.deleted', { ...section, version: section.version + 1 }, edit.actor, [], into)
}

async function moveAway(
  db: Write,
  section: SectionColumns,
  children: readonly SectionColumns[],
  moveTo: string,
  actor: Actor,
): Promise<string> {
  const place = { parameter: 'moveTo' }
  const targetId = await handOver(db, kind, section.id, moveTo, place)
  const target = (await findSection(db, targetId))?.section
  const below = await findBelow(db, section.path)
  const faults = new Faults()
  if (below.some(({ id }) => id === targetId)) {
    faults.add({ ...place, code: 'cycle', message: 'must not be a section below the one that is deleted' })
  }
  const deepestBelow = Math.max(0, ...below.map(({ path }) => depth(path) - depth(section.path)))
  if (target !== undefined && depth(target.path) + deepestBelow > deepest) {
    faults.add({ ...place, code: 'too_deep', message: `must leave the tree at most ${deepest} deep` })
  }
  faults.raise('rule_broken')
  for (const child of children) await updateSection(db, { id: child.id, parentId: targetId })
  await moveBelow(db, below, { from: section.path, to: target?.path ?? '', parentId: section.id }, actor)
  return targetId
}

/**
 * Gives sections the path that follows from a move of the one above them; what led to the old one leads on. Those right
 * below `parentId` have another parent now.
 */
async function moveBelow(
  db: Write,
  below: readonly SectionColumns[],
  { from, to, parentId }: { from: string; to: string; parentId?: string },
  actor: Actor,
): Promise<void> {
  if (from === to) return
  // Slugs are unique, so no path that one of them gets is another's.
  const breathe = createBreath()
  for (const section of below) {
    await breathe()
    const path = to + section.path.slice(from.length)
    const moved = { id: section.id, path, version: section.version + 1, updatedAt: db.now }
    await updateSection(db, moved)
    await claimPath(db, kind, section.id, path)
    const fields = section.parentId === parentId ? ['parent', 'path'] : ['path']
    await record(db, 'section.updated', moved, actor, fields)
  }
}

/** The contract's name of a column. */
function publicName(column: string): string {
  return column === 'parentId' ? 'parent' : column
}

async function parentOf(db: Read, input: SectionInput, faults: Faults): Promise<SectionColumns | null> {
  if (input.parent === null) return null
  const name = nameOf(input.parent)
  const found = await resolveName(db, kind, name)
  if (found === undefined) faults.add(unknownFault(kind, name, '/parent'))
  const parent = found === undefined ? undefined : await findSection(db, found.id)
  if (parent !== undefined && typeof input.parent === 'object') {
    checkReadOnly(faults, input.parent, parent.section, ['slug', 'name', 'path'], ['parent'])
  }
  return parent?.section ?? null
}

function checkDepth(faults: Faults, parent: SectionColumns | null, below: number): void {
  if (parent !== null && depth(parent.path) + 1 + below > deepest) {
    faults.add({ pointer: '/parent', code: 'too_deep', message: `must leave the tree at most ${deepest} deep` })
  }
}

function depth(path: string): number {
  return path.split('/').length
}

/** What of a section can be written, and the path that follows from it. */
function columnsOf({ name, description, lang, position }: SectionInput, parent: SectionColumns | null, slug: string) {
  const path = parent === null ? slug : `${parent.path}/${slug}`
  return { slug, name, description, lang, parentId: parent?.id ?? null, path, position }
}

async function rowOf(db: Read, name: string): Promise<SectionRow> {
  const found = await resolveName(db, kind, name)
  const row = found && (await findSection(db, found.id))
  return row ?? raise('section_not_found', { detail: `No section has the id, slug or path ${JSON.stringify(name)}.` })
}

/** To be written to: a former name may lead to another section than the one that was read. */
async function ownRowOf(db: Read, name: string): Promise<SectionRow> {
  const row = await rowOf(db, name)
  const { id, slug, path } = row.section
  if (![id, slug, path].includes(name)) {
    raise('section_not_found', { detail: `${JSON.stringify(name)} leads to the section ${slug} now: write to that.` })
  }
  return row
}

function present({ section: { parentId: _, ...section }, parent }: SectionRow): Section {
  return { ...section, parent }
}

async function record(
  db: Write,
  change: `section.${string}`,
  { id, version }: { id: string; version: number },
  actor: Actor,
  fields: readonly string[],
  into?: string,
): Promise<void> {
  const tags = into === undefined ? [`section:${id}`] : [`section:${id}`, `section:${into}`]
  // What is new was called nothing before.
  if (version > 1) await renamed(db)
  await db.record({ kind: change, id, version, actor: actor.id, fields, tags })
}
