import type { Actor } from '../access.ts'
import { raise } from '../errors.ts'
import type { Read, Write } from '../storage/store.ts'
import { findUses } from './parts/store.ts'
import { getWorkingCopy, presentArticle } from './reading.ts'
import type { Article, ArticleSaved } from './schema.ts'
import { type Copy, findByExternalId } from './store.ts'

/** What every change of an article needs: its checks, its record and its answer. */

export function refuseState(state: string, detail: string, allowedFrom: readonly string[]): never {
  raise('wrong_state', { detail, more: { state, allowedFrom } })
}

/** @throws Problem external_id_taken */
export async function expectFreeExternalId(
  db: Read,
  externalId: string | null,
  id: string,
  stage: 'working' | 'live',
): Promise<void> {
  if (externalId === null) return
  const other = await findByExternalId(db, externalId, stage)
  if (other === undefined || other === id) return
  raise('external_id_taken', {
    detail: `Another article has the external id ${JSON.stringify(externalId)}.`,
    errors: [{ pointer: '/externalId', code: 'external_id_taken', message: 'is another article’s' }],
  })
}

/** The working copy as the answer to a write shows it: the bytes, and so the ETag, of reading it, unless there is a warning. */
export async function saved(
  db: Read,
  id: string,
  actor: Actor,
  warnings: ArticleSaved['warnings'] = [],
): Promise<ArticleSaved> {
  const article: Article = await presentArticle(db, await getWorkingCopy(db, id, actor), ['body', 'html'])
  return warnings.length === 0 ? article : { ...article, warnings }
}

/** `usedBefore`: what the copies showed of other things before this change, which may be less or more than now. */
export async function record(
  db: Write,
  kind: `article.${string}`,
  { articleId: id, version }: Copy,
  actor: Actor,
  fields: readonly string[],
  usedBefore: readonly string[],
): Promise<void> {
  const uses = new Set([...usedBefore, ...(await findUses(db, id))])
  await db.record({ kind, id, version, actor: actor.id, fields, tags: [`article:${id}`, ...uses] })
}
