import type { Role } from '../access.ts'
import type { Columns } from '../storage/columns.ts'

export const keysTable = (c: Columns) =>
  c.table('keys', {
    id: c.text('id').primaryKey(),
    name: c.text('name').notNull(),
    role: c.text('role').$type<Role>().notNull(),
    /** the first characters of the secret, so that people can tell keys apart */
    hint: c.text('hint').notNull(),
    /** SHA-256 in hex: enough for a secret of 178 random bits, and cheap to look up */
    hash: c.text('hash').notNull().unique(),
    /** after a rotation, the secret before it, until previousUntil */
    previousHash: c.text('previous_hash').unique(),
    previousUntil: c.instant('previous_until'),
    version: c.integer('version').notNull(),
    createdAt: c.instant('created_at').notNull(),
    updatedAt: c.instant('updated_at').notNull(),
    expiresAt: c.instant('expires_at'),
    revokedAt: c.instant('revoked_at'),
  })
