import { and, eq, ne, sql } from '../storage/drizzle.ts'
import type { Read, Write } from '../storage/store.ts'
import type { AddressKind } from './table.ts'

export interface Address {
  address: string
  targetId: string
  public: boolean
}

export async function findAddresses(db: Read, kind: AddressKind, names: readonly string[]): Promise<Address[]> {
  const { addresses } = db.tables
  const query = db.prepared('addresses.find', (q) =>
    q
      .select({ address: addresses.address, targetId: addresses.targetId, public: addresses.public })
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

export async function insertAddress(db: Write, kind: AddressKind, address: Address): Promise<void> {
  await db
    .insert(db.tables.addresses)
    .values({ kind, ...address })
    .onConflictDoNothing()
}

/** From now on readers may know this name, and it stays the thing's own for good. */
export async function publishAddress(db: Write, kind: AddressKind, name: string): Promise<void> {
  const { addresses } = db.tables
  await db
    .update(addresses)
    .set({ public: true })
    .where(and(eq(addresses.kind, kind), eq(addresses.address, name)))
}

/** Whether readers may know the names of one thing. */
export async function setAddressesPublic(db: Write, targetId: string, isPublic: boolean): Promise<void> {
  const { addresses } = db.tables
  await db.update(addresses).set({ public: isPublic }).where(eq(addresses.targetId, targetId))
}

/** Every name of one thing leads to another from now on. */
export async function retargetAddresses(db: Write, from: string, to: string): Promise<void> {
  const { addresses } = db.tables
  await db.update(addresses).set({ targetId: to }).where(eq(addresses.targetId, from))
}

export async function deleteAddress(db: Write, kind: AddressKind, name: string): Promise<void> {
  const { addresses } = db.tables
  await db.delete(addresses).where(and(eq(addresses.kind, kind), eq(addresses.address, name)))
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
  await db
    .delete(addresses)
    .where(
      and(
        eq(addresses.kind, kind),
        eq(addresses.targetId, targetId),
        eq(addresses.public, false),
        ne(addresses.address, keep),
        ne(addresses.address, targetId),
      ),
    )
}
