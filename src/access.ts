import { raise } from './errors.ts'

/** Who may do what: the one table. A role may do what its row says and nothing else. */

export const roles = ['reader', 'writer', 'editor', 'admin'] as const
export type Role = (typeof roles)[number]

const permissions = {
  /** See working copies: writers their own, the rest all. */
  'drafts:read': ['writer', 'editor', 'admin'],
  /** Create and change articles: writers their own drafts, the rest all. */
  'articles:write': ['writer', 'editor', 'admin'],
  /** Publish, schedule, correct, take back: whatever the public sees of it. */
  'articles:publish': ['editor', 'admin'],
  /** Bring in many at once, published or not. */
  'articles:import': ['editor', 'admin'],
  /** Delete for good. */
  'articles:purge': ['admin'],
  /** Sections, tags and sources. */
  'taxonomy:write': ['editor', 'admin'],
  /** Who did what: the whole log of changes. */
  'changes:read': ['editor', 'admin'],
  /** How much of what is done, and how long it takes: it tells of work that nobody has published. */
  'metrics:read': ['admin'],
  'keys:manage': ['admin'],
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof permissions

/** What a route declares: a permission, or that anyone may call it. */
export type Allow = Permission | 'anyone'

/** The holder of a key. Its name is what history shows. */
export interface Actor {
  id: string
  name: string
  role: Role
}

export function may(actor: Actor | null, allow: Allow): boolean {
  if (allow === 'anyone') return true
  return actor !== null && rolesFor(allow).includes(actor.role)
}

/** @throws Problem forbidden */
export function expectMay(actor: Actor, permission: Permission): void {
  if (may(actor, permission)) return
  const needed = rolesFor(permission).join(' or ')
  raise('forbidden', { detail: `The key is of a ${actor.role}; this needs ${needed}.` })
}

export function rolesFor(permission: Permission): readonly Role[] {
  return permissions[permission]
}

/** Writers act on what they created; editors and admins on everything. */
export function ownOnly(actor: Actor): boolean {
  return actor.role === 'writer'
}
