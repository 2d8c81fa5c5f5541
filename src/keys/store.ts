import { and, count, eq, gt, isNull, or, sql } from '../storage/drizzle.ts'
import { keyset, type Paged, pageOf, type Window } from '../storage/keyset.ts'
import type { Read, Write } from '../storage/store.ts'

export type KeyRow = Read['tables']['keys']['$inferSelect']

/** The key of a secret, if it works at this moment. */
export async function findByHash(db: Read, hash: string): Promise<Pick<KeyRow, 'id' | 'name' | 'role'> | undefined> {
  const { keys } = db.tables
  const now = sql.placeholder('now')
  const given = sql.placeholder('hash')
  const [row] = await db.prepared('keys.findByHash', (q) =>
    q
      .select({ id: keys.id, name: keys.name, role: keys.role })
      .from(keys)
      .where(
        and(
          or(eq(keys.hash, given), and(eq(keys.previousHash, given), gt(keys.previousUntil, now))),
          isNull(keys.revokedAt),
          or(isNull(keys.expiresAt), gt(keys.expiresAt, now)),
        ),
      ),
  )({ hash, now: db.now })
  return row
}

export async function findKey(db: Read, id: string): Promise<KeyRow | undefined> {
  const { keys } = db.tables
  const [row] = await db.select().from(keys).where(eq(keys.id, id))
  return row
}

/** How many other keys of admins work at this moment and go on working. */
export async function countOtherAdmins(db: Read, id: string): Promise<number> {
  const { keys } = db.tables
  const [row] = await db
    .select({ n: count() })
    .from(keys)
    .where(and(eq(keys.role, 'admin'), isNull(keys.revokedAt), isNull(keys.expiresAt), sql`${keys.id} <> ${id}`))
  return row?.n ?? 0
}

export async function countKeys(db: Read): Promise<number> {
  const [row] = await db.select({ n: count() }).from(db.tables.keys)
  return row?.n ?? 0
}

/** Keys in the order in which they were made, the newest first. */
export async function listKeys(db: Read, window: Window): Promise<Paged<KeyRow>> {
  const { keys } = db.tables
  const page = keyset(keys.createdAt, keys.id, true, window)
  const rows = await db.prepared(`keys.list:${page.shape}`, (q) =>
    q
      .select()
      .from(keys)
      .where(page.where)
      .orderBy(...page.orderBy)
      .limit(page.limit),
  )(page.inputs)
  const found = pageOf(rows, window, ({ createdAt, id }) => ({ value: createdAt, id }))
  return window.count === undefined ? found : { ...found, total: await countKeys(db) }
}

export async function insertKey(db: Write, row: KeyRow): Promise<void> {
  await db.insert(db.tables.keys).values(row)
}

export async function updateKey(db: Write, row: Pick<KeyRow, 'id'> & Partial<KeyRow>): Promise<void> {
  const { keys } = db.tables
  await db.update(keys).set(row).where(eq(keys.id, row.id))
}
