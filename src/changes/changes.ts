import type { Actor } from '../access.ts'
import { getWorkingCopy } from '../articles/articles.ts'
import type { Paged, Window } from '../storage/keyset.ts'
import type { Read } from '../storage/store.ts'
import type { ArticleChangeQuery, Change, ChangeQuery } from './schema.ts'
import { type ChangeFilter, type ChangeRow, listChanges } from './store.ts'

export { keysTouchedBy } from './touching.ts'

/** The log of changes, of everything that anybody did. */
export function getChanges(db: Read, query: ChangeQuery, window: Window): Promise<Paged<Change>> {
  return pageOfChanges(db, query, window)
}

/**
 * What was done to one article, for whoever may see its working copy: writers of their own alone.
 * @throws Problem article_not_found | key_required | forbidden
 */
export async function getArticleChanges(
  db: Read,
  name: string,
  query: ArticleChangeQuery,
  window: Window,
  actor: Actor,
): Promise<Paged<Change>> {
  const { article } = await getWorkingCopy(db, name, actor)
  return pageOfChanges(db, { entity: ['article'], id: article.id, sort: query.sort }, window)
}

async function pageOfChanges(db: Read, filter: ChangeFilter, window: Window): Promise<Paged<Change>> {
  const page = await listChanges(db, filter, window)
  return { ...page, items: page.items.map(present) }
}

/** Who acts without a key, as the operator does, is called by the id. */
function present({ change, name }: ChangeRow): Change {
  const { seq, at, kind, entity, id, version, previous, actor, fields, note } = change
  return {
    ...{ seq, at, kind, entity, id },
    actor: { id: actor, name: name ?? actor },
    from: previous,
    to: version,
    fields: [...fields],
    note,
  }
}
