import type { Instant } from '../lib/clock.ts'
import type { Read, Sight } from '../storage/store.ts'
import type { Named } from './names/store.ts'
import { findNextTurn } from './turns/store.ts'

/** What answers about articles are made of; the keys are those of `keysTouchedBy`. */

/** More than a screen of sections below one: from there on any article is as good as those. */
const mostKeys = 100

/**
 * What decides which articles are on a list: those of one of its filters, since whatever comes or goes is of each of them;
 * and, where things are named, which of their kind there are and what they are called.
 */
export function keysOfList(named: Named): string[] {
  const { sections, tags, allTags, noTags, sources, sought } = named
  const isNamed = { sections, tags: tags ?? allTags ?? noTags, sources }
  const kinds = Object.entries(isNamed).flatMap(([kind, ids]) => (ids === undefined ? [] : [kind]))
  const [kind, ids] =
    Object.entries({ tag: tags ?? allTags, source: sources, section: sections }).find(
      ([, some]) => some !== undefined,
    ) ?? []
  const isFew = ids !== undefined && ids.length <= mostKeys
  // In an order of their own, so that both engines say the same.
  // Articles are found by what their tags and sources are called.
  const names = sought === undefined ? [] : ['tags', 'sources']
  return [
    ...new Set([...kinds, ...names]),
    ...(isFew ? ids.toSorted().map((id) => `${kind}:${id}:articles`) : ['articles']),
  ]
}

/** What is made of the articles that the public can read is another when they are, by an editor or by the clock. */
export async function sawArticles(db: Read, keys: Iterable<string> = ['articles']): Promise<void> {
  if (db.sight === undefined) return
  db.sight.saw(keys)
  db.sight.ends(await findNextTurn(db))
}

/**
 * What a card shows beside its article, whose own changes touch the list that it is in.
 * @param keys of what it uses
 * @param ends when it becomes another by itself
 */
export function sawCard(sight: Sight | undefined, keys: readonly string[], ends: readonly (Instant | null)[]): void {
  if (sight === undefined) return
  sight.saw(keys)
  for (const end of ends) sight.ends(end)
}
