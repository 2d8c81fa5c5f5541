import { and, eq, sql } from '../../storage/drizzle.ts'
import type { Read } from '../../storage/store.ts'
import type { Article } from '../schema.ts'

/** What an article uses, as it embeds it to editors. */
export interface Embedded {
  section: NonNullable<Article['section']>
  tag: Article['tags'][number]
  source: Article['sources'][number]['source']
}

/** What names lead to, by the names: ids, slugs, former slugs. */
export async function findEmbedded<Kind extends keyof Embedded>(
  db: Read,
  kind: Kind,
  names: readonly string[],
): Promise<Map<string, Embedded[Kind]>>
export async function findEmbedded(
  db: Read,
  kind: keyof Embedded,
  names: readonly string[],
): Promise<Map<string, Embedded[keyof Embedded]>> {
  if (names.length === 0) return new Map()
  const { addresses, sections, tags, sources } = db.tables
  const { address, targetId } = addresses
  const leads = and(eq(addresses.kind, sql.raw(`'${kind}'`)), db.dialect.isOneOf(address, sql.placeholder('names')))
  const finders = {
    section: () =>
      db.prepared('articles.embeddedSections', (q) => {
        const { id, slug, name, path } = sections
        const value = { id, slug, name, path }
        return q.select({ address, value }).from(addresses).innerJoin(sections, eq(id, targetId)).where(leads)
      }),
    tag: () =>
      db.prepared('articles.embeddedTags', (q) => {
        const { id, slug, name, kind } = tags
        const value = { id, slug, name, kind }
        return q.select({ address, value }).from(addresses).innerJoin(tags, eq(id, targetId)).where(leads)
      }),
    source: () =>
      db.prepared('articles.embeddedSources', (q) => {
        const { id, slug, name, kind, visibility } = sources
        const value = { id, slug, name, kind }
        return q
          .select({ address, value, visibility })
          .from(addresses)
          .innerJoin(sources, eq(id, targetId))
          .where(leads)
      }),
  }
  const rows: { address: string; value: Embedded[keyof Embedded]; visibility?: 'public' | 'editors' }[] = await finders[
    kind
  ]()({ names: JSON.stringify(names) })
  return new Map(rows.map(({ address, value, visibility = 'public' }) => [address, toEditors(value, visibility)]))
}

/** As editors see it: they are told of a source that it is confidential. */
export function toEditors<Value extends object>(value: Value, visibility: 'public' | 'editors') {
  return visibility === 'editors' ? { ...value, visibility } : value
}
