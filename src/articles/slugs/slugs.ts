import type { Actor } from '../../access.ts'
import { listNames, releaseName } from '../../addresses/addresses.ts'
import type { Edit } from '../../editing.ts'
import { raise } from '../../errors.ts'
import { isId } from '../../lib/ids.ts'
import type { Read, Write } from '../../storage/store.ts'
import { findUses } from '../parts/store.ts'
import { getWorkingCopy } from '../reading.ts'
import { record } from '../recording.ts'
import { openArticle } from '../saving.ts'
import { findSlugs } from '../store.ts'
import type { ArticleSlug } from './schema.ts'

/** @throws Problem article_not_found */
export async function getSlugs(db: Read, name: string, actor: Actor): Promise<ArticleSlug[]> {
  const { article } = await getWorkingCopy(db, name, actor)
  return slugsOf(db, article.id)
}

/**
 * Lets go of a former slug: it leads nowhere from now on, and another article may have it.
 * @throws Problem article_not_found | article_locked | version_stale | slug_not_found | slug_in_use
 */
export async function releaseSlug(db: Write, name: string, slug: string, edit: Edit): Promise<void> {
  const { article, copy } = await openArticle(db, name, edit)
  const found = (await slugsOf(db, article.id)).find((one) => one.slug === slug)
  if (found === undefined) raise('slug_not_found', { detail: `${JSON.stringify(slug)} does not lead to this article.` })
  if (found.current) raise('slug_in_use', { detail: 'The article has it: give the article another first.' })
  await releaseName(db, 'article', slug)
  const { version } = copy
  await record(
    db,
    'article.slug_released',
    { articleId: article.id, version },
    { actor: edit.actor, fields: [], uses: await findUses(db, article.id), previous: version, note: slug },
  )
}

async function slugsOf(db: Read, id: string): Promise<ArticleSlug[]> {
  const [names, current] = await Promise.all([listNames(db, id), findSlugs(db, id)])
  return names
    .filter(({ address }) => !isId(address))
    .map(({ address, known }) => ({ slug: address, current: current.includes(address), public: known }))
}
