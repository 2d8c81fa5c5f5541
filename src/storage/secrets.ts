import { randomBytes } from 'node:crypto'
import { eq } from './drizzle.ts'
import type { Store } from './store.ts'

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
