import type { Sight } from '../storage/store.ts'

/** What one answer is made of, and until when it stays so by itself. */
export class Seen implements Sight {
  readonly keys = new Set<string>()
  /** in ms since the epoch */
  until = Number.POSITIVE_INFINITY

  saw(keys: Iterable<string>): void {
    for (const key of keys) this.keys.add(key)
  }

  ends(at: string | null): void {
    if (at !== null) this.until = Math.min(this.until, Date.parse(at))
  }
}

/**
 * How long others may keep what everyone gets: to the next full `maxAge` seconds on the clock, the same for everything, so
 * that it tells nobody what is scheduled; and never past an instant that is not on that grid.
 */
export function cacheControl(maxAge: number, now: number, until: number): string {
  if (maxAge === 0) return 'public, max-age=0, must-revalidate'
  const gridMs = maxAge * 1_000
  const end = Math.min((Math.floor(now / gridMs) + 1) * gridMs, until)
  return `public, max-age=${Math.max(0, Math.floor((end - now) / 1_000))}, must-revalidate`
}

/** A kilobyte of each kind at most: with more, the headers weigh more than what they say. They are named as a kind then. */
const mostOfKind = 20

/** The keys by which a CDN can be told to forget an answer; what touches one of a kind touches the kind. */
export function surrogateKeys(keys: ReadonlySet<string>): string[] {
  // Of `tag:ID:articles` too: what touches the articles with a tag touches `articles`, and not `tags`.
  const kinds = Map.groupBy(keys, (key) => {
    if (key.endsWith(':articles')) return 'articles'
    const end = key.indexOf(':')
    return end < 0 ? key : key.slice(0, end)
  })
  const names = [...kinds].flatMap(([kind, some]) => {
    if (some.length <= mostOfKind) return some
    return [kind.endsWith('s') ? kind : `${kind}s`]
  })
  return [...new Set(names)]
}
