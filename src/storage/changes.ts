import { and, desc, eq, gt, ne, sql } from './drizzle.ts'
import { insertRow } from './rows.ts'
import type { Change, LoggedChange, Read, Write } from './store.ts'

/** `article.published` happened to an article. */
export function entityOf(kind: Change['kind']): string {
  return kind.slice(0, kind.indexOf('.'))
}

/** Writes a change down under the next number. */
export async function appendChange(db: Write, change: Change): Promise<LoggedChange> {
  const { changes, counters } = db.tables
  const [counter] = await db.prepared('changes.count', (q) =>
    q
      .update(counters)
      .set({ value: sql`${counters.value} + 1` })
      .where(eq(counters.name, 'changes'))
      .returning({ seq: counters.value }),
  )()
  if (counter === undefined) throw new Error('The counter of the changes is missing.')
  const { version, previous = version > 1 ? version - 1 : null, note = null, at = db.now } = change
  const logged = { ...change, previous, note, seq: counter.seq, entity: entityOf(change.kind), at }
  await insertRow(db, changes, logged)
  return logged
}

/** The number of the last change there is. */
export async function lastSeq(db: Read): Promise<number> {
  const { counters } = db.tables
  const [row] = await db.prepared('changes.last', (q) =>
    q.select({ value: counters.value }).from(counters).where(eq(counters.name, 'changes')),
  )()
  return row?.value ?? 0
}

/** The last change there is. */
export async function newestChange(db: Read): Promise<LoggedChange | undefined> {
  const { changes } = db.tables
  const [row] = await db.prepared('changes.newest', (q) =>
    q.select().from(changes).orderBy(desc(changes.seq)).limit(1),
  )()
  return row
}

/** Whether two are one: after a server was lost with what it had acknowledged, another gives its numbers again. */
export function isSameChange(a: LoggedChange, b: LoggedChange): boolean {
  return (['seq', 'at', 'kind', 'id', 'version', 'actor'] as const).every((part) => a[part] === b[part])
}

/** The changes after a number, in the order of their commits. */
export async function listChangesAfter(db: Read, seq: number, limit: number): Promise<LoggedChange[]> {
  const { changes } = db.tables
  return db.prepared('changes.after', (q) =>
    q
      .select()
      .from(changes)
      .where(gt(changes.seq, sql.placeholder('seq')))
      .orderBy(changes.seq)
      .limit(sql.placeholder('limit')),
  )({ seq, limit })
}

/** The id of the key that changed one thing last, but for one that does not count. */
export async function lastActor(db: Read, entity: string, id: string, except: string): Promise<string | undefined> {
  const { changes } = db.tables
  const [last] = await db.prepared('changes.lastActor', (q) =>
    q
      .select({ actor: changes.actor })
      .from(changes)
      .where(
        and(
          eq(changes.entity, sql.placeholder('entity')),
          eq(changes.id, sql.placeholder('id')),
          ne(changes.actor, sql.placeholder('except')),
        ),
      )
      .orderBy(desc(changes.seq))
      .limit(1),
  )({ entity, id, except })
  return last?.actor
}

/** The fields of one thing that any change after `version` touched, in the order of the alphabet. */
export async function fieldsChangedSince(db: Read, entity: string, id: string, version: number): Promise<string[]> {
  const { changes } = db.tables
  const rows = await db
    .select({ fields: changes.fields })
    .from(changes)
    .where(and(eq(changes.entity, entity), eq(changes.id, id), gt(changes.version, version)))
  return [...new Set(rows.flatMap((row) => row.fields))].sort()
}
