import { and, count, eq, type SQL, sql } from '../storage/drizzle.ts'
import { keyset, type Paged, pageOf, type Window } from '../storage/keyset.ts'
import type { Read, Write } from '../storage/store.ts'

export type SourceRow = Read['tables']['sources']['$inferSelect']

export async function findSource(db: Read, id: string): Promise<SourceRow | undefined> {
  const { sources } = db.tables
  const [row] = await db.prepared('sources.find', (q) =>
    q
      .select()
      .from(sources)
      .where(eq(sources.id, sql.placeholder('id'))),
  )({ id })
  return row
}

export interface SourceFilter {
  kind?: readonly string[] | undefined
  ids?: readonly string[] | undefined
  /** confidential sources too */
  confidential: boolean
  sort: 'name' | '-name' | 'updatedAt' | '-updatedAt'
}

/** Sources by name or by their last change. `ids` are ids. */
export async function listSources(db: Read, filter: SourceFilter, window: Window): Promise<Paged<SourceRow>> {
  const { sources } = db.tables
  const byName = filter.sort.endsWith('name')
  const value = byName ? sources.name : sources.updatedAt
  const page = keyset(value, sources.id, filter.sort.startsWith('-'), window)
  const conditions: SQL[] = []
  if (filter.kind !== undefined) conditions.push(db.dialect.isOneOf(sources.kind, sql.placeholder('kind')))
  if (filter.ids !== undefined) conditions.push(db.dialect.isOneOf(sources.id, sql.placeholder('ids')))
  if (!filter.confidential) conditions.push(eq(sources.visibility, 'public'))
  const shape = `${filter.kind !== undefined},${filter.ids !== undefined},${filter.confidential}`
  const inputs = { ...page.inputs, kind: JSON.stringify(filter.kind), ids: JSON.stringify(filter.ids) }
  const rows = await db.prepared(`sources.list:${shape},${byName},${page.shape}`, (q) =>
    q
      .select()
      .from(sources)
      .where(and(...conditions, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit),
  )(inputs)
  const found = pageOf(rows, window, (row) => ({ value: byName ? row.name : row.updatedAt, id: row.id }))
  if (window.count === undefined) return found
  const [total] = await db.prepared(`sources.count:${shape}`, (q) =>
    q
      .select({ n: count() })
      .from(sources)
      .where(and(...conditions)),
  )(inputs)
  return { ...found, total: total?.n ?? 0 }
}

export async function insertSource(db: Write, row: SourceRow): Promise<void> {
  await db.insert(db.tables.sources).values(row)
}

export async function updateSource(db: Write, row: SourceRow): Promise<void> {
  const { sources } = db.tables
  await db.update(sources).set(row).where(eq(sources.id, row.id))
}

export async function deleteSource(db: Write, id: string): Promise<void> {
  const { sources } = db.tables
  await db.delete(sources).where(eq(sources.id, id))
}
