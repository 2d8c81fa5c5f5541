import { raise } from '../errors.ts'
import type { Fault } from '../lib/faults.ts'
import { isId } from '../lib/ids.ts'
import { numberedSlug, slugify } from '../lib/slug.ts'
import type { Read, Write } from '../storage/store.ts'
import {
  type Address,
  deleteAddress,
  deleteUnknownAddresses,
  findAddresses,
  findAddressesOf,
  insertAddress,
} from './store.ts'
import type { AddressKind } from './table.ts'

export {
  deleteAddress as releaseName,
  deleteAddresses as releaseNames,
  deleteUnknownAddresses as forgetUnknownNames,
  findIdsOf as listIds,
  hideAddresses as hideNames,
  hideComingAddress as hideComingName,
  publishAddress as publishName,
  retargetAddresses as redirectNames,
} from './store.ts'
export type { AddressKind }

/**
 * The ids behind names (ids, slugs, former slugs); a name that nothing answers to is not in the map, and of `known` ones
 * neither is a name that readers may not know.
 */
export async function resolveNames(
  db: Read,
  kind: AddressKind,
  names: readonly string[],
  which: 'all' | 'known' = 'all',
): Promise<Map<string, string>> {
  if (names.length === 0) return new Map()
  const found = await findAddresses(db, kind, names)
  const told = which === 'all' ? found : found.filter((address) => isKnown(db, address))
  return new Map(told.map(({ address, targetId }) => [address, targetId]))
}

/** The id behind one name, and whether readers may know the name. */
export async function resolveName(
  db: Read,
  kind: AddressKind,
  name: string,
): Promise<{ id: string; known: boolean } | undefined> {
  const [found] = await findAddresses(db, kind, [name])
  return found === undefined ? undefined : { id: found.targetId, known: isKnown(db, found) }
}

/** Every name of one thing, in the order of the alphabet, and whether readers may know it. */
export async function listNames(db: Read, targetId: string): Promise<{ address: string; known: boolean }[]> {
  const found = await findAddressesOf(db, targetId)
  return found.map((address) => ({ address: address.address, known: isKnown(db, address) }))
}

/** Names that paths of operations have: `/articles/export` is no article's. */
const reserved: Partial<Record<AddressKind, readonly string[]>> = { article: ['export', 'import', 'batch'] }

export interface Claim {
  kind: AddressKind
  id: string
  /** the slug that was asked for; without one it is derived from `title` */
  slug: string | undefined
  title: string
  /** whether readers may know the slug at once */
  public: boolean
}

/**
 * Makes a thing answer to its id and to a slug, and answers that slug. A derived slug that is taken or reserved gets `-2`,
 * `-3` …
 * @throws Problem slug_taken, for one that was asked for
 */
export async function claimSlug(db: Write, claim: Claim): Promise<string> {
  const { kind, id } = claim
  const slug = claim.slug === undefined ? await freeSlug(db, claim) : await ownSlug(db, claim, claim.slug)
  const publicFrom = claim.public ? db.now : null
  // An article's id says nothing, and its live copy decides.
  await Promise.all([
    insertAddress(db, kind, { address: id, targetId: id, publicFrom: kind === 'article' ? db.now : publicFrom }),
    insertAddress(db, kind, { address: slug, targetId: id, publicFrom }),
    deleteUnknownAddresses(db, kind, id, slug),
  ])
  return slug
}

/** Makes a section answer to its path as well. A path of a former section goes to the one that has it now. */
export async function claimPath(db: Write, kind: AddressKind, id: string, path: string): Promise<void> {
  const taken = await resolveName(db, kind, path)
  if (taken?.id === id) return
  if (taken !== undefined) await deleteAddress(db, kind, path)
  await insertAddress(db, kind, { address: path, targetId: id, publicFrom: db.now })
}

/** A body names something that nothing answers to. */
export function unknownFault(kind: AddressKind, name: string, pointer: string): Fault {
  return { pointer, code: `unknown_${kind}`, message: `no ${kind} has the id or slug ${JSON.stringify(name)}` }
}

export type Reference = string | { id?: unknown; slug?: unknown }

/** What a body calls a thing by: text is a name itself; of an embedded object the id decides, else the slug. */
export function nameOf(reference: Reference): string {
  if (typeof reference === 'string') return reference
  return typeof reference.id === 'string' ? reference.id : typeof reference.slug === 'string' ? reference.slug : ''
}

function isKnown(db: Read, { publicFrom }: Address): boolean {
  return publicFrom !== null && publicFrom <= db.now
}

async function ownSlug(db: Write, { kind, id }: Claim, slug: string): Promise<string> {
  if (reserved[kind]?.includes(slug)) refuseSlug(`The slug ${slug} is reserved for an operation of this name.`)
  const taken = await resolveName(db, kind, slug)
  if (taken !== undefined && taken.id !== id) {
    const until = kind === 'article' ? ' and until it is let go of (DELETE …/slugs/SLUG)' : ''
    refuseSlug(`Another ${kind} has the slug ${slug}, or had it when readers could see it${until}.`)
  }
  return slug
}

function refuseSlug(detail: string): never {
  const message = 'is taken: choose another, or leave it out to get a free one'
  raise('slug_taken', { detail, errors: [{ pointer: '/slug', code: 'slug_taken', message }] })
}

async function freeSlug(db: Write, { kind, id, title }: Claim): Promise<string> {
  // A title in a script that does not fold to ASCII gets a slug that at least says what it is; so does one that is a UUID.
  const words = slugify(title)
  const slug = words === '' || isId(words) ? `${kind}-${id.slice(-8)}` : words
  // Most are free at once; of a title that comes every day a hundred are looked up at a time.
  for (let first = 1, some = 4; ; first += some, some = 100) {
    const numbered = Array.from({ length: some }, (_, i) => numberedSlug(slug, first + i))
    const candidates = numbered.filter((candidate) => !reserved[kind]?.includes(candidate))
    const taken = await resolveNames(db, kind, candidates)
    const free = candidates.find((candidate) => !taken.has(candidate) || taken.get(candidate) === id)
    if (free !== undefined) return free
  }
}
