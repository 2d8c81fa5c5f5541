import { z } from 'zod'
import type { Actor } from './access.ts'
import { Faults, raise } from './errors.ts'
import { faultsOf } from './lib/faults.ts'
import { equalJson, mergePatch, pointer } from './lib/json.ts'
import { fieldsChangedSince } from './storage/changes.ts'
import type { Read } from './storage/store.ts'

/** Who writes, and which version they have seen: `any` is `If-Match: *`. */
export interface Edit {
  actor: Actor
  expected: readonly number[] | 'any'
  /** They have shown that they saw it as editors do; the public's view leaves out what is confidential. */
  seenWhole?: boolean
}

/** @throws Problem version_stale, with the current version and what changed since the one that was seen */
export async function expectVersion(
  db: Read,
  entity: string,
  current: { id: string; version: number },
  edit: Edit,
): Promise<void> {
  if (edit.expected === 'any' || edit.expected.includes(current.version)) return
  const seen = Math.max(...edit.expected)
  const changedFields = await fieldsChangedSince(db, entity, current.id, seen)
  raise('version_stale', {
    detail: `The version is ${current.version} now. Read it again, apply your change to that, and send If-Match: "${current.version}".`,
    more: { currentVersion: current.version, changedFields },
  })
}

/** What was read may be sent back: a read-only member of a body must say what is so. */
export function checkReadOnly(
  faults: Faults,
  body: object,
  current: object,
  names: readonly string[],
  path: readonly PropertyKey[] = [],
): void {
  const is = current as Readonly<Record<string, unknown>>
  for (const name of names) {
    const given = (body as Readonly<Record<string, unknown>>)[name]
    if (given === undefined || equalJson(given, is[name])) continue
    faults.add({
      pointer: pointer([...path, name]),
      code: 'read_only',
      message:
        is[name] === undefined
          ? 'is given by the server and is not there now: leave it out'
          : `is given by the server and is ${JSON.stringify(is[name])} now: leave it out or send that`,
    })
  }
}

/** The names of the members in which two versions differ. */
export function changedFields<T extends object>(before: T, after: T): (keyof T & string)[] {
  const names = Object.keys(after) as (keyof T & string)[]
  return names.filter((name) => !equalJson(before[name], after[name]))
}

/** PUT: the body stands for all that can be written, but what a server gives when absent (`kept`) stays as it is. */
export function replacing<Body extends object>(body: Body, kept: readonly (keyof Body)[]) {
  return (current: Partial<Body>): Body => {
    const whole = { ...body }
    for (const name of kept) if (whole[name] === undefined && current[name] !== undefined) whole[name] = current[name]
    return whole
  }
}

/**
 * PATCH (RFC 7396): the body is merged into what can be written, and the whole is held against its contract. What is read
 * only stays in it as it was sent, for `checkReadOnly`: there a null is no deletion.
 * @throws Problem invalid_request, for a whole that breaks it; rule_broken, for a null where the server decides
 */
export function patching<Body extends object>(
  contract: z.ZodType<Body> & Pick<z.ZodObject, 'shape'>,
  patch: object,
  readOnly: readonly string[],
) {
  return (current: object): Body => {
    const faults = new Faults()
    const sent = Object.fromEntries(Object.entries(patch).filter(([name]) => readOnly.includes(name)))
    for (const [name, value] of Object.entries(sent)) {
      if (value !== null || z.safeParse(contract.shape[name] ?? z.never(), null).success) continue
      faults.add({ pointer: pointer([name]), code: 'read_only', message: 'is given by the server: leave it out' })
    }
    faults.raise('rule_broken')
    const whole = contract.safeParse({ ...(mergePatch(current, patch) as object), ...sent })
    if (!whole.success) raise('invalid_request', { errors: faultsOf(whole.error.issues) })
    return whole.data
  }
}
