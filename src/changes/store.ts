import { and, count, eq, gte, lt, sql } from '../storage/drizzle.ts'
import { keyset, type Paged, pageOf, type Window } from '../storage/keyset.ts'
import type { LoggedChange, Read } from '../storage/store.ts'
import { entities } from './schema.ts'

/** A change, with the name of the key that did it, when it was a key. */
export interface ChangeRow {
  change: LoggedChange
  name: string | null
}

export interface ChangeFilter {
  entity?: readonly string[] | undefined
  kind?: readonly string[] | undefined
  actor?: string | undefined
  id?: string | undefined
  after?: string | undefined
  before?: string | undefined
  sort: '-seq' | 'seq'
}

/**
 * Changes in the order of their numbers, in one statement; with `count` one more. Those of one thing come from the index
 * `changes_by_thing`; all others walk the primary key, and what does not fit is passed over.
 */
export async function listChanges(db: Read, filter: ChangeFilter, window: Window): Promise<Paged<ChangeRow>> {
  const { changes, keys } = db.tables
  const page = keyset(changes.seq, changes.id, filter.sort === '-seq', window)
  const { shape, where, inputs } = conditionOf(db, filter)
  // A cursor carries text; numbers are compared with a number.
  const bounds = { ...page.inputs, atValue: Number(page.inputs.atValue) }
  const rows = await db.prepared(`changes.list:${shape};${page.shape}`, (q) =>
    q
      .select({ change: changes, name: keys.name })
      .from(changes)
      .leftJoin(keys, eq(keys.id, changes.actor))
      .where(and(where, page.where))
      .orderBy(...page.orderBy)
      .limit(page.limit),
  )({ ...inputs, ...bounds })
  const found = pageOf(rows, window, ({ change }) => ({ value: String(change.seq), id: change.id }))
  if (window.count === undefined) return found
  const [total] = await db.prepared(`changes.count:${shape}`, (q) =>
    q.select({ n: count() }).from(changes).where(where),
  )(inputs)
  return { ...found, total: total?.n ?? 0 }
}

/** What the filters ask for: the part of a prepared query's name that says which, and the values of their placeholders. */
function conditionOf(db: Read, { sort: _, ...filter }: ChangeFilter) {
  const { changes } = db.tables
  const { isOneOf } = db.dialect
  const { entity = filter.id === undefined ? undefined : entities, kind, actor, id, after, before } = filter
  // The index of things begins with their entity, so an id is looked for in each. Without an id SQLite would take that
  // index too, to gather and sort all of an entity: an expression keeps it to the walk by number.
  const ofEntity = id === undefined ? sql`${changes.entity} || ''` : sql`${changes.entity}`
  const [only, ...others] = entity ?? []
  const isOf =
    others.length === 0
      ? { name: 'entity', value: only, sql: eq(ofEntity, sql.placeholder('entity')) }
      : { name: 'entities', value: JSON.stringify(entity), sql: isOneOf(ofEntity, sql.placeholder('entities')) }
  const asked = [
    isOf,
    { name: 'kind', value: kind && JSON.stringify(kind), sql: isOneOf(changes.kind, sql.placeholder('kind')) },
    { name: 'actor', value: actor, sql: eq(changes.actor, sql.placeholder('actor')) },
    { name: 'id', value: id, sql: eq(changes.id, sql.placeholder('id')) },
    { name: 'after', value: after, sql: gte(changes.at, sql.placeholder('after')) },
    { name: 'before', value: before, sql: lt(changes.at, sql.placeholder('before')) },
  ].filter(({ value }) => value !== undefined)
  return {
    shape: asked.map(({ name }) => name).join(),
    where: and(...asked.map((one) => one.sql)),
    inputs: Object.fromEntries(asked.map(({ name, value }) => [name, value])),
  }
}
