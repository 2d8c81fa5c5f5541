import type { Instant } from '../lib/clock.ts'
import { isId } from '../lib/ids.ts'
import { and, eq, gt, isNull, ne, or, type SQL, sql } from '../storage/drizzle.ts'
import { deleteRows, insertRow } from '../storage/rows.ts'
import type { Read, Write } from '../storage/store.ts'
import type { AddressKind } from './table.ts'

export interface Address {
  address: string
  targetId: string
  publicFrom: string | null
}

export async function findAddresses(db: Read, kind: AddressKind, names: readonly string[]): Promise<Address[]> {
  const { addresses } = db.tables
  const query = db.prepared('addresses.find', (q) =>
    q
      .select({ address: addresses.address, targetId: addresses.targetId, publicFrom: addresses.publicFrom })
      .from(addresses)
      .where(
        and(
          eq(addresses.kind, sql.placeholder('kind')),
          db.dialect.isOneOf(addresses.address, sql.placeholder('names')),
        ),
      ),
  )
  return query({ kind, names: JSON.stringify(names) })
}

/** The ids that lead to these things: their own, and those of what was merged into them. */
export async function findIdsOf(db: Read, kind: AddressKind, targets: readonly string[]): Promise<string[]> {
  const { addresses } = db.tables
  const rows = await db.prepared('addresses.idsOf', (q) =>
    q
      .select({ id: addresses.address })
      .from(addresses)
      .where(
        and(
          db.dialect.isOneOf(addresses.targetId, sql.placeholder('targets')),
          eq(addresses.kind, sql.placeholder('kind')),
          // The other names of a thing are some few slugs.
          sql`length(${addresses.address}) = 36`,
        ),
      )
      .orderBy(addresses.address),
  )({ kind, targets: JSON.stringify(targets) })
  return rows.map(({ id }) => id).filter(isId)
}

export async function findAddressesOf(db: Read, targetId: string): Promise<Address[]> {
  const { addresses } = db.tables
  const { address, publicFrom } = addresses
  return db
    .select({ address, targetId: addresses.targetId, publicFrom })
    .from(addresses)
    .where(eq(addresses.targetId, targetId))
    .orderBy(address)
}

export async function insertAddress(db: Write, kind: AddressKind, address: Address): Promise<void> {
  await insertRow(db, db.tables.addresses, { kind, ...address }, 'taken')
}

/** Readers may know this name from then on, if they did not before; it stays the thing's own for good. */
export async function publishAddress(db: Write, kind: AddressKind, name: string, from: Instant): Promise<void> {
  const { addresses } = db.tables
  const at = sql.placeholder('from')
  const hidden = or(isNull(addresses.publicFrom), gt(addresses.publicFrom, at))
  await db.preparedWrite('addresses.publish', (q) =>
    q
      .update(addresses)
      .set({ publicFrom: sql`${at}` })
      .where(and(isName(addresses), hidden)),
  )({ kind, name, from })
}

/** Takes back a name, if readers have not come to know it yet. */
export async function hideComingAddress(db: Write, kind: AddressKind, name: string): Promise<void> {
  const { addresses } = db.tables
  await db
    .update(addresses)
    .set({ publicFrom: null })
    .where(and(eq(addresses.kind, kind), eq(addresses.address, name), gt(addresses.publicFrom, db.now)))
}

/** Readers know no name of one thing any more. */
export async function hideAddresses(db: Write, targetId: string): Promise<void> {
  const { addresses } = db.tables
  await db.update(addresses).set({ publicFrom: null }).where(eq(addresses.targetId, targetId))
}

/** Every name of one thing leads to another from now on. */
export async function retargetAddresses(db: Write, from: string, to: string): Promise<void> {
  const { addresses } = db.tables
  await db.update(addresses).set({ targetId: to }).where(eq(addresses.targetId, from))
}

export async function deleteAddress(db: Write, kind: AddressKind, name: string): Promise<void> {
  await deleteRows(db, db.tables.addresses, { kind, address: name })
}

/** Every name of one thing is free again. */
export async function deleteAddresses(db: Write, targetId: string): Promise<void> {
  const { addresses } = db.tables
  await db.delete(addresses).where(eq(addresses.targetId, targetId))
}

/** Lets go of a target's names that readers never knew, except this one. */
export async function deleteUnknownAddresses(
  db: Write,
  kind: AddressKind,
  targetId: string,
  keep: string,
): Promise<void> {
  const { addresses } = db.tables
  await db.preparedWrite('addresses.deleteUnknown', (q) =>
    q
      .delete(addresses)
      .where(
        and(
          eq(addresses.kind, sql.placeholder('kind')),
          eq(addresses.targetId, sql.placeholder('targetId')),
          isNull(addresses.publicFrom),
          ne(addresses.address, sql.placeholder('keep')),
          ne(addresses.address, sql.placeholder('targetId')),
        ),
      ),
  )({ kind, targetId, keep })
}

function isName({ kind, address }: Read['tables']['addresses']): SQL | undefined {
  return and(eq(kind, sql.placeholder('kind')), eq(address, sql.placeholder('name')))
}
