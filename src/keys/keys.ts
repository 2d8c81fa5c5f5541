import type { Actor } from '../access.ts'
import { raise } from '../errors.ts'
import { instant } from '../lib/clock.ts'
import { newId } from '../lib/ids.ts'
import type { Paged, Window } from '../storage/keyset.ts'
import type { Read, Store, Write } from '../storage/store.ts'
import type { Key, KeyInput, KeyWithSecret } from './schema.ts'
import { hashSecret, hintOf, isSecret, newSecret } from './secret.ts'
import {
  countKeys,
  countOtherAdmins,
  findByHash,
  findKey,
  insertKey,
  type KeyRow,
  listKeys,
  updateKey,
} from './store.ts'

/** Who acts when no key does: the operator at the machine. */
export const operator: Actor = { id: 'operator', name: 'operator', role: 'admin' }

/** The holder of a secret; undefined for one that is unknown, revoked, expired or no secret at all. */
export async function authenticate(store: Store, secret: string): Promise<Actor | undefined> {
  if (!isSecret(secret)) return undefined
  return store.read((db) => findByHash(db, hashSecret(secret)))
}

/**
 * Gives a new database its first key: the one that the operator chose, or one that is made and answered, to be shown
 * once. A database that has a key keeps what it has.
 */
export async function ensureAdminKey(db: Write, chosen: string | undefined): Promise<string | undefined> {
  if ((await countKeys(db)) > 0) return undefined
  const input = { name: 'first admin', role: 'admin', expiresAt: null } as const
  const { secret } = await createKey(db, input, operator, chosen)
  return chosen === undefined ? secret : undefined
}

/**
 * Makes a key. Its secret is in this answer and nowhere else ever after.
 * @throws Problem rule_broken, for an expiry that is past
 */
export async function createKey(
  db: Write,
  input: KeyInput,
  actor: Actor,
  secret: string = newSecret(),
): Promise<KeyWithSecret> {
  if (input.expiresAt !== null && input.expiresAt <= db.now) {
    raise('rule_broken', {
      errors: [{ pointer: '/expiresAt', code: 'in_past', message: 'must be in the future: the key would never work' }],
    })
  }
  const row: KeyRow = {
    ...input,
    id: newId(),
    hint: hintOf(secret),
    hash: hashSecret(secret),
    previousHash: null,
    previousUntil: null,
    version: 1,
    createdAt: db.now,
    updatedAt: db.now,
    revokedAt: null,
  }
  await insertKey(db, row)
  await record(db, 'key.created', row, actor)
  return { ...present(row), secret }
}

/** @throws Problem key_not_found */
export async function getKey(db: Read, id: string): Promise<Key> {
  return present(await rowOf(db, id))
}

export async function getKeys(db: Read, window: Window): Promise<Paged<Key>> {
  const page = await listKeys(db, window)
  return { ...page, items: page.items.map(present) }
}

/**
 * Gives a key a new secret; the one before it works on for `overlapSeconds`.
 * @throws Problem key_not_found, for one that is revoked or expired too
 */
export async function rotateKey(db: Write, id: string, overlapSeconds: number, actor: Actor): Promise<KeyWithSecret> {
  const row = await rowOf(db, id)
  const expired = row.expiresAt !== null && row.expiresAt <= db.now
  if (row.revokedAt !== null || expired) {
    raise('key_not_found', { detail: `The key is ${expired ? 'expired' : 'revoked'}: make a new one.` })
  }
  const secret = newSecret()
  const rotated: KeyRow = {
    ...row,
    hint: hintOf(secret),
    hash: hashSecret(secret),
    previousHash: overlapSeconds === 0 ? null : row.hash,
    previousUntil: overlapSeconds === 0 ? null : instant(Date.parse(db.now) + overlapSeconds * 1_000),
    version: row.version + 1,
    updatedAt: db.now,
  }
  await updateKey(db, rotated)
  await record(db, 'key.rotated', rotated, actor)
  return { ...present(rotated), secret }
}

/**
 * Ends a key at once, everywhere. Asks for no version: whoever revokes a leaked key must never be told to try again.
 * @throws Problem key_not_found | last_admin_key
 */
export async function revokeKey(db: Write, id: string, actor: Actor): Promise<void> {
  const row = await rowOf(db, id)
  if (row.revokedAt !== null) return
  if (row.role === 'admin' && (await countOtherAdmins(db, id)) === 0) {
    raise('last_admin_key', { detail: 'Nobody could manage keys any more. Make another admin key first.' })
  }
  const revoked = { ...row, revokedAt: db.now, updatedAt: db.now, version: row.version + 1 }
  await updateKey(db, revoked)
  await record(db, 'key.revoked', revoked, actor)
}

async function rowOf(db: Read, id: string): Promise<KeyRow> {
  return (await findKey(db, id)) ?? raise('key_not_found', { detail: `No key has the id ${JSON.stringify(id)}.` })
}

function present(row: KeyRow): Key {
  const { id, name, role, hint, version, createdAt, updatedAt, expiresAt, revokedAt } = row
  return { id, name, role, hint, version, createdAt, updatedAt, expiresAt, revokedAt }
}

async function record(db: Write, kind: `key.${string}`, { id, version }: KeyRow, actor: Actor): Promise<void> {
  await db.record({ kind, id, version, actor: actor.id, fields: [], tags: [`key:${id}`] })
}
