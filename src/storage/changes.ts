import type { Columns } from './columns.ts'
import { and, eq, gt } from './drizzle.ts'
import type { Read } from './store.ts'

/** What happened to one thing: the fact that caches, webhooks, feeds and history follow. */
export interface Change {
  /** `article.published`: the noun is the entity */
  kind: `${string}.${string}`
  id: string
  /** the version that this change made */
  version: number
  /** id of the key that did it */
  actor: string
  /** the fields that differ from the version before */
  fields: readonly string[]
  /** what an answer that shows this thing was read from: `article:ID`, `section:ID` … */
  tags: readonly string[]
}

export const changesTable = (c: Columns) =>
  c.table(
    'changes',
    {
      seq: c.sequence('seq'),
      at: c.instant('at').notNull(),
      kind: c.text('kind').notNull(),
      entity: c.text('entity').notNull(),
      id: c.text('id').notNull(),
      version: c.integer('version').notNull(),
      actor: c.text('actor').notNull(),
      fields: c.json<readonly string[]>('fields').notNull(),
      tags: c.json<readonly string[]>('tags').notNull(),
    },
    (t) => [c.index('changes_by_thing').on(t.entity, t.id, t.version)],
  )

/** `article.published` happened to an article. */
export function entityOf(kind: Change['kind']): string {
  return kind.slice(0, kind.indexOf('.'))
}

/** The fields of one thing that any change after `version` touched, in the order of the alphabet. */
export async function fieldsChangedSince(db: Read, entity: string, id: string, version: number): Promise<string[]> {
  const { changes } = db.tables
  const rows = await db
    .select({ fields: changes.fields })
    .from(changes)
    .where(and(eq(changes.entity, entity), eq(changes.id, id), gt(changes.version, version)))
  return [...new Set(rows.flatMap((row) => row.fields))].sort()
}
