import { and, count, eq, type SQL, sql } from '../storage/drizzle.ts'
import { keyset, type Paged, pageOf, type Window } from '../storage/keyset.ts'
import type { Read, Write } from '../storage/store.ts'

export type TagRow = Read['tables']['tags']['$inferSelect']

export async function findTag(db: Read, id: string): Promise<TagRow | undefined> {
  const { tags } = db.tables
  const [row] = await db.prepared('tags.find', (q) =>
    q
      .select()
      .from(tags)
      .where(eq(tags.id, sql.placeholder('id'))),
  )({ id })
  return row
}

export interface TagFilter {
  kind?: readonly string[] | undefined
  ids?: readonly string[] | undefined
  sort: 'name' | '-name' | 'updatedAt' | '-updatedAt'
}

/** Tags by name or by their last change. `ids` are ids. */
export async function listTags(db: Read, filter: TagFilter, window: Window): Promise<Paged<TagRow>> {
  const { tags } = db.tables
  const byName = filter.sort.endsWith('name')
  const value = byName ? tags.name : tags.updatedAt
  const page = keyset(value, tags.id, filter.sort.startsWith('-'), window)
  const conditions: SQL[] = []
  if (filter.kind !== undefined) conditions.push(db.dialect.isOneOf(tags.kind, sql.placeholder('kind')))
  if (filter.ids !== undefined) conditions.push(db.dialect.isOneOf(tags.id, sql.placeholder('ids')))
  const shape = `${filter.kind !== undefined},${filter.ids !== undefined}`
  const inputs = { ...page.inputs, kind: JSON.stringify(filter.kind), ids: JSON.stringify(filter.ids) }
  const rows = await db.prepared(`tags.list:${shape},${byName},${page.shape}`, (q) =>
    q
      .select()
      .from(tags)
      .where(and(...conditions, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit),
  )(inputs)
  const found = pageOf(rows, window, (row) => ({ value: byName ? row.name : row.updatedAt, id: row.id }))
  if (window.count === undefined) return found
  const [total] = await db.prepared(`tags.count:${shape}`, (q) =>
    q
      .select({ n: count() })
      .from(tags)
      .where(and(...conditions)),
  )(inputs)
  return { ...found, total: total?.n ?? 0 }
}

export async function insertTag(db: Write, row: TagRow): Promise<void> {
  await db.insert(db.tables.tags).values(row)
}

export async function updateTag(db: Write, row: TagRow): Promise<void> {
  const { tags } = db.tables
  await db.update(tags).set(row).where(eq(tags.id, row.id))
}

export async function deleteTag(db: Write, id: string): Promise<void> {
  const { tags } = db.tables
  await db.delete(tags).where(eq(tags.id, id))
}
