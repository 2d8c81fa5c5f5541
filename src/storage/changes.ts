import { and, eq, gt } from './drizzle.ts'
import type { Change, Read } from './store.ts'

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
