import type { Actor } from '../access.ts'
import { raise } from '../errors.ts'
import { instant } from '../lib/clock.ts'
import type { Read, Write } from '../storage/store.ts'
import type { Lock, LockTake } from './schema.ts'
import { deleteLock, findLock, saveLock } from './store.ts'

/**
 * Who works on an article for a while. A lock belongs to a key and ends by the clock; it says nothing of the content, so
 * it makes no version and no entry in the log of changes. What keeps anybody from overwriting others is still If-Match.
 */

/**
 * The lock of an article, by the article's id.
 * @throws Problem lock_not_found
 */
export async function getLock(db: Read, articleId: string): Promise<Lock> {
  return (await findLock(db, articleId)) ?? raise('lock_not_found', { detail: 'Nobody has locked the article.' })
}

/**
 * Takes the lock, or renews the actor's own, for so many seconds from now.
 * @throws Problem article_locked, when another key holds it and it is not to be taken over
 */
export async function takeLock(
  db: Write,
  articleId: string,
  { seconds, takeOver }: LockTake,
  { id, name }: Actor,
): Promise<Lock> {
  const held = await findLock(db, articleId)
  if (held !== undefined && held.holder.id !== id && !takeOver) refuse(held, 'Send "takeOver": true to take it over.')
  const since = held?.holder.id === id ? held.since : db.now
  const until = instant(Date.parse(db.now) + seconds * 1_000)
  await saveLock(db, { articleId, holder: id, lockedSince: since, lockedUntil: until })
  return { holder: { id, name }, since, until }
}

/**
 * Lets go of the lock, if there is one.
 * @throws Problem article_locked, when another key holds it and it is not to be taken over
 */
export async function dropLock(db: Write, articleId: string, takeOver: boolean, actor: Actor): Promise<void> {
  const held = await findLock(db, articleId)
  if (held !== undefined && held.holder.id !== actor.id && !takeOver) {
    refuse(held, 'Send ?takeOver=true to end it all the same.')
  }
  await deleteLock(db, articleId)
}

/**
 * What every write to an article asks before it looks at the version.
 * @throws Problem article_locked, when a key other than the actor's holds the lock
 */
export async function expectUnlocked(db: Read, articleId: string, actor: Actor): Promise<void> {
  const held = await findLock(db, articleId)
  if (held === undefined || held.holder.id === actor.id) return
  refuse(held, `Wait, or take it over first: PUT /v1/articles/${articleId}/lock with { "takeOver": true }.`)
}

function refuse({ holder, until }: Lock, advice: string): never {
  raise('article_locked', {
    detail: `The key ${JSON.stringify(holder.name)} works on it until ${until}. ${advice}`,
    more: { holder, until },
  })
}
