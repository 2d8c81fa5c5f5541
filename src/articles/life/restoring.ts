import { resolveName, resolveNames } from '../../addresses/addresses.ts'
import { getRevision } from '../../revisions/revisions.ts'
import type { Read } from '../../storage/store.ts'
import type { ArticleReplacement, Snapshot, Warning } from '../schema.ts'
import { type Copy, findByExternalId } from '../store.ts'

/**
 * A revision as the body of a new one. Tags, sources and a section that are not there any more are left out, and a slug or
 * an external id that is another's now stays as it is: each with a warning.
 * @throws Problem revision_not_found
 */
export async function bodyOfRevision(
  db: Read,
  copy: Pick<Copy, 'articleId' | 'slug' | 'externalId'>,
  number: number,
): Promise<{ body: ArticleReplacement; warnings: Warning[] }> {
  const { content } = await getRevision(db, copy.articleId, number)
  const warnings: Warning[] = []
  const left = (pointer: string, kind: string, name: string): void => {
    const message = `the ${kind} ${name} is not there any more and was left out`
    warnings.push({ pointer, code: `unknown_${kind}`, message })
  }
  // Corrections are added by their own action alone.
  const { section, tags, sources, corrections: _, ...rest } = content
  const [sectionIds, tagIds, sourceIds] = await Promise.all([
    resolveNames(db, 'section', section === null ? [] : [section.id]),
    resolveNames(
      db,
      'tag',
      tags.map(({ id }) => id),
    ),
    resolveNames(
      db,
      'source',
      sources.map(({ source }) => source.id),
    ),
  ])
  if (section !== null && !sectionIds.has(section.id)) left('/section', 'section', section.name)
  for (const [i, tag] of tags.entries()) if (!tagIds.has(tag.id)) left(`/tags/${i}`, 'tag', tag.name)
  for (const [i, { source }] of sources.entries()) {
    if (!sourceIds.has(source.id)) left(`/sources/${i}`, 'source', source.name)
  }
  const own = await ownNames(db, copy, content, warnings)
  const body = {
    ...rest,
    ...own,
    section: (section && sectionIds.get(section.id)) ?? null,
    // Two that have been merged since are one.
    tags: [...new Set(tags.flatMap(({ id }) => tagIds.get(id) ?? []))],
    sources: sources.flatMap(({ source, ...use }) => {
      const id = sourceIds.get(source.id)
      return id === undefined ? [] : [{ ...use, source: id }]
    }),
  }
  return { body, warnings }
}

/** The slug and the external id, unless another article has them by now. */
async function ownNames(
  db: Read,
  { articleId, slug, externalId }: Pick<Copy, 'articleId' | 'slug' | 'externalId'>,
  content: Snapshot,
  warnings: Warning[],
): Promise<Pick<Snapshot, 'slug' | 'externalId'>> {
  const taken = (pointer: string, code: string, value: string): void => {
    warnings.push({ pointer, code, message: `${JSON.stringify(value)} is another article’s now, and was not restored` })
  }
  const own = { slug: content.slug, externalId: content.externalId }
  const holder = await resolveName(db, 'article', content.slug)
  if (holder !== undefined && holder.id !== articleId) {
    taken('/slug', 'slug_taken', content.slug)
    own.slug = slug
  }
  if (content.externalId === null) return own
  const holders = await findByExternalId(db, content.externalId, 'working')
  if (holders.some((id) => id !== articleId)) {
    taken('/externalId', 'external_id_taken', content.externalId)
    own.externalId = externalId
  }
  return own
}
