import { asc, gt, type SQL, type SQLWrapper, sql } from '../storage/drizzle.ts'
import { deleteRows, insertRow } from '../storage/rows.ts'
import type { Read, Write } from '../storage/store.ts'

type Labels = Read['tables']['labels']['$inferSelect']
export type LabelKind = Labels['kind']

/** Texts from the first of them up to the second, which is none of them. */
export interface TextRange {
  from: string
  until: string
}

/** Which texts these things have, some hundred of them at once. */
export async function listTexts(db: Read, ids: readonly string[]): Promise<Map<string, string[]>> {
  const { labels } = db.tables
  const rows = await db.prepared('labels.texts', (q) =>
    q
      .select({ id: labels.targetId, text: labels.text })
      .from(labels)
      .where(db.dialect.isOneOf(labels.targetId, sql.placeholder('ids'))),
  )({ ids: JSON.stringify(ids) })
  const texts = new Map<string, string[]>(ids.map((id) => [id, []]))
  for (const { id, text } of rows) texts.get(id)?.push(text)
  return texts
}

export async function insertLabel(db: Write, label: Labels): Promise<void> {
  await insertRow(db, db.tables.labels, label)
}

export async function deleteLabel(db: Write, label: Labels): Promise<void> {
  await deleteRows(db, db.tables.labels, label)
}

export async function deleteLabels(db: Write, targetId: string): Promise<void> {
  await deleteRows(db, db.tables.labels, { targetId })
}

/** Names of tags, and of sources, that one word finds: more would make a query slow, and say nothing of what is meant. */
const mostNames = 50

/**
 * The ids that tags and sources answer to whose texts are within a range: their own and those of what was merged into
 * them; and some slugs, which are no ids. Of each range the first 50 texts of tags, and of sources, in the order of the
 * texts and then of the ids. `n` tells which range it was. One statement for all of them, since each is searched in the
 * index by itself.
 */
export async function findTargets(
  db: Read,
  ranges: readonly TextRange[],
  view: 'live' | 'working',
): Promise<{ n: number; kind: 'tag' | 'source'; id: string }[]> {
  const { labels, sources, addresses } = db.tables
  // What is hidden is left out before they are counted: it must not take the place of what is not.
  const open = sql`cross join ${sources}`
  const isOpen = sql`and ${sources.id} = ${labels.targetId} and ${sources.visibility} = 'public'`
  // The kind is compared row by row: else SQLite does not see that the index has them in this order.
  const first = (n: number, kind: 'tag' | 'source'): SQL => {
    const hides = kind === 'source' && view === 'live'
    return sql`select * from (
      select ${sql.raw(String(n))} as n, ${labels.kind} as kind, ${labels.targetId} as id
      from ${labels} ${hides ? open : sql``}
      where ${labels.text} >= ${sql.placeholder(`from${n}`)} and ${labels.text} < ${sql.placeholder(`until${n}`)}
      and ${db.dialect.byRow(labels.kind)} = ${sql.raw(`'${kind}'`)} ${hides ? isOpen : sql``}
      order by ${labels.text}, ${labels.kind}, ${labels.targetId} limit ${sql.raw(String(mostNames))}) ${sql.raw(kind)}`
  }
  const found = sql.join(
    ranges.flatMap((_, n) => [first(n, 'tag'), first(n, 'source')]),
    sql` union all `,
  )
  // The names of a thing are some few slugs beside its ids.
  const isLikeId = sql`length(${addresses.address}) = 36`
  const { n, kind } = { n: sql<number>`found.n`, kind: sql<'tag' | 'source'>`found.kind` }
  return db.prepared(`labels.find:${ranges.length},${view}`, (q) =>
    q
      .select({ n, kind, id: addresses.address })
      .from(sql`(${found}) found`)
      // SQLite keeps the order of a cross join: from what is called so to its names.
      .crossJoin(addresses)
      .where(sql`${addresses.targetId} = found.id and ${addresses.kind} = found.kind and ${isLikeId}`),
  )(
    Object.fromEntries(
      ranges.flatMap(({ from, until }, i) => [
        [`from${i}`, from],
        [`until${i}`, until],
      ]),
    ),
  )
}

/** What a thing is called. */
export interface NamedThing {
  id: string
  names: readonly string[]
}

/** Things of one kind in the order of their ids. */
export async function listThings(db: Read, kind: LabelKind, after: string, limit: number): Promise<NamedThing[]> {
  const { sections, tags, sources } = db.tables
  const walks = {
    section: () => {
      const { id, name } = sections
      return db.select({ id, name }).from(sections).where(gt(id, after)).orderBy(asc(id)).limit(limit)
    },
    tag: () => {
      const { id, name, synonyms: others } = tags
      return db.select({ id, name, others }).from(tags).where(gt(id, after)).orderBy(asc(id)).limit(limit)
    },
    source: () => {
      const { id, name, aliases: others } = sources
      return db.select({ id, name, others }).from(sources).where(gt(id, after)).orderBy(asc(id)).limit(limit)
    },
  }
  const rows: { id: string; name: string; others?: string[] }[] = await walks[kind]()
  return rows.map(({ id, name, others = [] }) => ({ id, names: [name, ...others] }))
}

/** The names of what has no label: some of them, of each kind. */
export async function findUnlabelled(db: Read, limit: number): Promise<string[]> {
  const { sections, tags, sources, labels } = db.tables
  const isWithout = (id: SQLWrapper): SQL => sql`not exists (select 1 from ${labels} where ${labels.targetId} = ${id})`
  const rows = await Promise.all([
    db.select({ name: sections.name }).from(sections).where(isWithout(sections.id)).limit(limit),
    db.select({ name: tags.name }).from(tags).where(isWithout(tags.id)).limit(limit),
    db.select({ name: sources.name }).from(sources).where(isWithout(sources.id)).limit(limit),
  ])
  return rows.flat().map(({ name }) => name)
}
