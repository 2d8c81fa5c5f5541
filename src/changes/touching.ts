import type { LoggedChange } from '../storage/store.ts'

/** What editors do among themselves: no answer that the public gets is another for it. */
const behindTheScenes: readonly string[] = [
  ...['article.created', 'article.updated', 'article.submitted', 'article.returned'],
  ...['article.trashed', 'article.restored', 'article.purged'],
  ...['key.created', 'key.rotated', 'key.revoked'],
]

/**
 * The keys of the public answers that may be others after a change; undefined when it may be any of them.
 *
 * An answer has `article:ID`, `section:ID`, `tag:ID` or `source:ID` for each thing that it shows; `articles` or
 * `tag:ID:articles` when it depends on which articles there are, at all or with that tag; `tags` when it depends on which
 * tags there are and what they are called. Alike for sections and sources.
 */
export function keysTouchedBy({ kind, entity, fields, tags }: LoggedChange): ReadonlySet<string> | undefined {
  if (behindTheScenes.includes(kind)) return new Set()
  // Answers that did not show a confidential source know nothing of it, and may have to show it, or another in its place.
  if (kind === 'source.deleted' || (entity === 'source' && fields.includes('visibility'))) return undefined
  if (entity !== 'article') return new Set([...tags, `${entity}s`])
  const [article = '', ...uses] = tags
  return new Set([article, 'articles', ...uses.map((use) => `${use}:articles`)])
}
