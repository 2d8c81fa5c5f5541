import type { Actor } from '../access.ts'
import type { Change, Write } from '../storage/store.ts'
import { findUses } from './parts/store.ts'

interface By extends Pick<Change, 'fields' | 'note' | 'previous' | 'at'> {
  actor: Pick<Actor, 'id'>
  /** what the copies showed of other things before this change, which may be less or more than now */
  usedBefore: readonly string[]
}

/** Tells the log of changes what happened to an article, and every thing whose answers may show it. */
export async function record(
  db: Write,
  kind: `article.${string}`,
  { articleId: id, version }: { articleId: string; version: number },
  { actor, usedBefore, ...rest }: By,
): Promise<void> {
  const uses = new Set([...usedBefore, ...(await findUses(db, id))])
  await db.record({ ...rest, kind, id, version, actor: actor.id, tags: [`article:${id}`, ...uses] })
}
