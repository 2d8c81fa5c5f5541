import type { Actor } from '../access.ts'
import type { Change, Write } from '../storage/store.ts'

interface By extends Pick<Change, 'fields' | 'note' | 'previous' | 'at'> {
  actor: Pick<Actor, 'id'>
  /** what its copies show of other things, or have shown until now: `section:ID`, `tag:ID`, `source:ID` */
  uses: readonly string[]
}

/** Tells the log of changes what happened to an article, and every thing whose answers may show it. */
export async function record(
  db: Write,
  kind: `article.${string}`,
  { articleId: id, version }: { articleId: string; version: number },
  { actor, uses, ...rest }: By,
): Promise<void> {
  await db.record({ ...rest, kind, id, version, actor: actor.id, tags: [`article:${id}`, ...uses] })
}
