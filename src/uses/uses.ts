import { redirectNames, releaseNames, resolveName } from '../addresses/addresses.ts'
import { raise } from '../errors.ts'
import type { Write } from '../storage/store.ts'
import { countUsers, detachUsers, moveUsers, type Used } from './store.ts'

export { countUsers as countArticles, renamed } from './store.ts'
export type { Used }

export interface RetireOptions {
  /** id or slug of what takes its place */
  moveTo?: string | undefined
  /** take it off the articles; sections cannot be taken off */
  detach?: boolean
}

/**
 * Frees a section, tag or source of its articles, so that it can be deleted. With `moveTo` its names lead to the other
 * from then on, and that one's id is answered; otherwise they are free again.
 * @throws Problem section_in_use | tag_in_use | source_in_use, with the count; rule_broken for a wrong moveTo
 */
export async function retire(db: Write, used: Used, id: string, options: RetireOptions): Promise<string | undefined> {
  if (options.moveTo !== undefined) {
    return handOver(db, used, id, options.moveTo, { parameter: 'moveTo' })
  }
  if (options.detach !== true || used === 'section') {
    const articles = await countUsers(db, used, id)
    if (articles > 0) {
      const or = used === 'section' ? '' : ', or take it off them with ?detach=true'
      raise(`${used}_in_use`, {
        detail: `${articles} ${articles === 1 ? 'article uses' : 'articles use'} it, drafts and trash included. Give them another with ?moveTo=${used.toUpperCase()}${or}.`,
        more: { articles },
      })
    }
  }
  if (used !== 'section') await detachUsers(db, used, id)
  await releaseNames(db, id)
  return undefined
}

/**
 * Gives all articles of one section, tag or source another, which its names lead to from then on. Answers its id.
 * @throws Problem rule_broken, at `place`, when there is no such other
 */
export async function handOver(
  db: Write,
  used: Used,
  id: string,
  name: string,
  place: { parameter: string } | { pointer: string },
): Promise<string> {
  const other = await resolveName(db, used, name)
  if (other === undefined || other.id === id) {
    const message =
      other === undefined ? `no ${used} has the id or slug ${JSON.stringify(name)}` : `must be another ${used}`
    const code = other === undefined ? `unknown_${used}` : 'same'
    raise('rule_broken', { errors: [{ ...place, code, message }] })
  }
  await moveUsers(db, used, id, other.id)
  await redirectNames(db, id, other.id)
  return other.id
}
