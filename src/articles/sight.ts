import type { Instant } from '../lib/clock.ts'
import type { Read, Sight } from '../storage/store.ts'
import type { ArticleQuery } from './lists/schema.ts'
import { type CopyRow, findNextTurn } from './store.ts'

/** What answers about articles are made of; the keys are those of `keysTouchedBy`. */

/** The kinds of things whose names decide which articles are in a list. */
export function namedKinds({ section, tag, tagAll, tagNone, source }: ArticleQuery): string[] {
  const tags = [tag, tagAll, tagNone].some((names) => names !== undefined)
  return [...(section ? ['sections'] : []), ...(tags ? ['tags'] : []), ...(source ? ['sources'] : [])]
}

/** What is made of the articles that the public can read is another when they are, by an editor or by the clock. */
export async function sawArticles(db: Read, keys: Iterable<string> = ['articles']): Promise<void> {
  if (db.sight === undefined) return
  db.sight.saw(keys)
  db.sight.ends(await findNextTurn(db))
}

/** What a card shows beside its article, whose own changes touch the list that it is in. */
export function sawCard(sight: Sight, { copy, section }: CopyRow, now: Instant): void {
  if (section !== null) sight.saw([`section:${section.id}`])
  sight.ends(copy.shownUntil)
  if (copy.breakingUntil !== null && copy.breakingUntil > now) sight.ends(copy.breakingUntil)
}
