import { randomBytes } from 'node:crypto'
import type { Columns } from './columns.ts'
import { eq } from './drizzle.ts'
import type { Store } from './store.ts'

/** What all processes on one database must share, such as the key that signs cursors. */
export const secretsTable = (c: Columns) =>
  c.table('secrets', { name: c.text('name').primaryKey(), value: c.text('value').notNull() })

/** 256 random bits under a name: made by whoever asks first, the same for all who ask later. */
export async function sharedSecret(store: Store, name: string): Promise<Buffer> {
  const value = await store.transact(async (db) => {
    const { secrets } = db.tables
    const made = randomBytes(32).toString('base64')
    await db.insert(secrets).values({ name, value: made }).onConflictDoNothing()
    const [row] = await db.select().from(secrets).where(eq(secrets.name, name))
    return row?.value ?? made
  })
  return Buffer.from(value, 'base64')
}
