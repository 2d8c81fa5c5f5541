import { alias, and, asc, count, eq, gte, lt, type SQL, sql } from '../storage/drizzle.ts'
import { keyset, type Paged, pageOf, type Window } from '../storage/keyset.ts'
import type { Read, Write } from '../storage/store.ts'

export type SectionColumns = Read['tables']['sections']['$inferSelect']

/** A section with the one above it. */
export interface SectionRow {
  section: SectionColumns
  parent: { id: string; slug: string; name: string; path: string } | null
}

export async function findSection(db: Read, id: string): Promise<SectionRow | undefined> {
  const { sections } = db.tables
  const [row] = await db.prepared('sections.find', (q) =>
    withParent(db, q).where(eq(sections.id, sql.placeholder('id'))),
  )({ id })
  return row
}

/** All sections, those above before those below, in the order of position and name. */
export async function findTree(db: Read): Promise<SectionColumns[]> {
  const { sections } = db.tables
  return db.prepared('sections.tree', (q) =>
    q.select().from(sections).orderBy(asc(sections.position), asc(sections.name), asc(sections.id)),
  )()
}

/** Sections in the order of their paths. `parent` is an id. */
export async function listSections(
  db: Read,
  filter: { parent?: string | undefined },
  window: Window,
): Promise<Paged<SectionRow>> {
  const { sections } = db.tables
  const page = keyset(sections.path, sections.id, false, window)
  const byParent: SQL | undefined =
    filter.parent === undefined ? undefined : eq(sections.parentId, sql.placeholder('parent'))
  const inputs = { ...page.inputs, parent: filter.parent }
  const shape = String(filter.parent !== undefined)
  const rows = await db.prepared(`sections.list:${shape},${page.shape}`, (q) =>
    withParent(db, q)
      .where(and(byParent, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit),
  )(inputs)
  const found = pageOf(rows, window, ({ section }) => ({ value: section.path, id: section.id }))
  if (window.count === undefined) return found
  const [total] = await db.prepared(`sections.count:${shape}`, (q) =>
    q.select({ n: count() }).from(sections).where(byParent),
  )(inputs)
  return { ...found, total: total?.n ?? 0 }
}

/** Every section below a path, at any depth. */
export async function findBelow(db: Read, path: string): Promise<SectionColumns[]> {
  const { sections } = db.tables
  // '0' is the character after '/'.
  return db
    .select()
    .from(sections)
    .where(and(gte(sections.path, `${path}/`), lt(sections.path, `${path}0`)))
    .orderBy(asc(sections.path))
}

export async function findChildren(db: Read, parentId: string): Promise<SectionColumns[]> {
  const { sections } = db.tables
  return db.select().from(sections).where(eq(sections.parentId, parentId)).orderBy(asc(sections.path))
}

export async function insertSection(db: Write, row: SectionColumns): Promise<void> {
  await db.insert(db.tables.sections).values(row)
}

export async function updateSection(
  db: Write,
  row: Pick<SectionColumns, 'id'> & Partial<SectionColumns>,
): Promise<void> {
  const { sections } = db.tables
  await db.update(sections).set(row).where(eq(sections.id, row.id))
}

export async function deleteSection(db: Write, id: string): Promise<void> {
  const { sections } = db.tables
  await db.delete(sections).where(eq(sections.id, id))
}

function withParent(db: Read, q: Pick<Read, 'select'>) {
  const { sections } = db.tables
  const above = alias(sections, 'above')
  return q
    .select({ section: sections, parent: { id: above.id, slug: above.slug, name: above.name, path: above.path } })
    .from(sections)
    .leftJoin(above, eq(above.id, sections.parentId))
}
