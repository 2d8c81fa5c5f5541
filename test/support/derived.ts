import { findParts } from '../../src/articles/parts/store.ts'
import { findCopy } from '../../src/articles/store.ts'
import { writeCard } from '../../src/articles/stored/card.ts'
import { textsOf } from '../../src/labels/labels.ts'
import { eq } from '../../src/storage/drizzle.ts'
import type { Read } from '../../src/storage/store.ts'
import type { TestApp } from './app.ts'

/**
 * What is written twice so that it can be read at once, where the two differ: the dates of what belongs to a copy, how many
 * copies for the public use a tag or a source, which copies the index of words stands for, what things are called, and cards.
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
    const written = [...(await findUnindexed(db)), ...(await findMislabelled(db)), ...(await findMiswritten(db))]
    return [...misdated, ...miscounted, ...written]
  })
}

/** Each copy has one text in the index, and each text there a copy; and its words, which lie beside it. */
async function findUnindexed(db: Read): Promise<string[]> {
  const { articleCopies, searchEntries, articleSearch } = db.tables
  const copies = await db.select().from(articleCopies)
  const entries = await db.select().from(searchEntries)
  const told = entries.flatMap(({ articleId, ...entry }) => {
    const stages = (['working', 'live', 'next'] as const).filter((stage) => entry[stage])
    return stages.length === 0 ? [`${articleId} none`] : stages.map((stage) => `${articleId} ${stage}`)
  })
  const ids = await db.select({ id: articleSearch.id }).from(articleSearch)
  return [
    ...differing(
      'in the index',
      copies.map(({ articleId, stage }) => `${articleId} ${stage}`),
      told,
    ),
    ...differing(
      'words',
      entries.map(({ id }) => String(id)),
      ids.map(({ id }) => String(id)),
    ),
  ]
}

/** What stands on cards is what it would be if they were written now; working copies have none. */
async function findMiswritten(db: Read): Promise<string[]> {
  const { articleCopies, articles } = db.tables
  const wrong: string[] = []
  for (const { articleId, stage, card } of await db.select().from(articleCopies)) {
    if (card === null) continue
    const [article] = await db.select().from(articles).where(eq(articles.id, articleId))
    const copy = await findCopy(db, articleId, stage)
    if (article === undefined || copy === undefined) throw new Error(`${articleId} is not there.`)
    const due = stage === 'working' ? null : writeCard(copy, article, await findParts(db, articleId, stage))
    if (card !== due) wrong.push(`${articleId} ${stage}: ${card} and not ${due}`)
  }
  return wrong
}

/** Whatever a section, tag or source is called leads to it, and nothing else does. */
async function findMislabelled(db: Read): Promise<string[]> {
  const { sections, tags, sources, labels } = db.tables
  const things = [
    ...(await db.select().from(sections)).map(({ id, name }) => ({ kind: 'section', id, names: [name] })),
    ...(await db.select().from(tags)).map(({ id, name, synonyms }) => ({
      kind: 'tag',
      id,
      names: [name, ...synonyms],
    })),
    ...(await db.select().from(sources)).map(({ id, name, aliases }) => ({
      ...{ kind: 'source', id, names: [name, ...aliases] },
    })),
  ]
  const due = things.flatMap(({ kind, id, names }) =>
    [...new Set(names.flatMap(textsOf))].map((text) => `${kind} ${id} ${text}`),
  )
  const there = await db.select().from(labels)
  return differing(
    'labelled',
    due,
    there.map(({ kind, targetId, text }) => `${kind} ${targetId} ${text}`),
  )
}

/** What is due and is not there once, and what is there and is not due. */
function differing(what: string, due: readonly string[], there: readonly string[]): string[] {
  const times = Map.groupBy(there, (one) => one)
  const wrong = due.filter((one) => times.get(one)?.length !== 1)
  const known = new Set(due)
  return [...wrong, ...there.filter((one) => !known.has(one))].map(
    (one) => `${one} is ${times.get(one)?.length ?? 0} times ${what}`,
  )
}
