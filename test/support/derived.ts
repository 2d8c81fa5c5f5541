import type { TestApp } from './app.ts'

/**
 * What is written twice so that it can be read at once, where the two differ: the dates of what belongs to a copy, and how
 * many copies for the public use a tag or a source.
 */
export async function findDifferences({ store }: Pick<TestApp, 'store'>): Promise<string[]> {
  return store.read(async (db) => {
    const { articleCopies, articleTags, articleSources, articleBylines, uses } = db.tables
    const copies = await db.select().from(articleCopies)
    const tags = await db.select().from(articleTags)
    const sources = await db.select().from(articleSources)
    const bylines = await db.select().from(articleBylines)
    const nameOf = ({ articleId, stage }: { articleId: string; stage: string }) => `${articleId} ${stage}`
    const dates = new Map(copies.map((copy) => [nameOf(copy), copy.listedAt]))
    const misdated = [...tags, ...sources, ...bylines]
      .filter((row) => row.listedAt !== dates.get(nameOf(row)))
      .map((row) => `${nameOf(row)}: ${row.listedAt} and not ${dates.get(nameOf(row))}`)
    const used = [
      ...tags.map((row) => ({ id: row.tagId, ...row })),
      ...sources.map((row) => ({ id: row.sourceId, ...row })),
    ].filter(({ stage }) => stage !== 'working')
    const users = Map.groupBy(used, ({ id }) => id)
    const counted = new Map((await db.select().from(uses)).map(({ id, copies }) => [id, copies]))
    const miscounted = [...new Set([...users.keys(), ...counted.keys()])].flatMap((id) => {
      const n = new Set(users.get(id)?.map(nameOf)).size
      return n === (counted.get(id) ?? 0) ? [] : [`${id}: ${counted.get(id)} and not ${n}`]
    })
    return [...misdated, ...miscounted]
  })
}
