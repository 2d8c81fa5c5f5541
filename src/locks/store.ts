import { and, eq, gt, isNull, sql, textInput } from '../storage/drizzle.ts'
import type { Read, Write } from '../storage/store.ts'
import type { Lock } from './schema.ts'

type LockRow = Read['tables']['locks']['$inferSelect']

/** The lock of an article at this moment: one that is over is none, whether or not its row is still there, nor is that of a key that was revoked. */
export async function findLock(db: Read, articleId: string): Promise<Lock | undefined> {
  const { locks, keys } = db.tables
  const [row] = await db.prepared('locks.find', (q) =>
    q
      .select({ holder: { id: keys.id, name: keys.name }, since: locks.lockedSince, until: locks.lockedUntil })
      .from(locks)
      .innerJoin(keys, eq(keys.id, locks.holder))
      .where(
        and(
          eq(locks.articleId, textInput('articleId')),
          gt(locks.lockedUntil, sql.placeholder('now')),
          isNull(keys.revokedAt),
        ),
      ),
  )({ articleId, now: db.now })
  return row
}

/** In the place of any lock that the article has. */
export async function saveLock(db: Write, row: LockRow): Promise<void> {
  const { locks } = db.tables
  await db.insert(locks).values(row).onConflictDoUpdate({ target: locks.articleId, set: row })
}

export async function deleteLock(db: Write, articleId: string): Promise<void> {
  const { locks } = db.tables
  await db.delete(locks).where(eq(locks.articleId, articleId))
}
