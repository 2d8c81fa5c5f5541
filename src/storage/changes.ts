import { and, desc, eq, gt } from './drizzle.ts'
import type { Change, Read } from './store.ts'

/** `article.published` happened to an article. */
export function entityOf(kind: Change['kind']): string {
  return kind.slice(0, kind.indexOf('.'))
}

/** The id of the key that changed one thing last. */
export async function lastActor(db: Read, entity: string, id: string): Promise<string | undefined> {
  const { changes } = db.tables
  const [last] = await db
    .select({ actor: changes.actor })
    .from(changes)
    .where(and(eq(changes.entity, entity), eq(changes.id, id)))
    .orderBy(desc(changes.version))
    .limit(1)
  return last?.actor
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
