import type { z } from 'zod'
import { pointer } from './json.ts'

/** One fault and its place: a JSON pointer into the body, or the name of a parameter or header. */
export interface Fault {
  pointer?: string
  parameter?: string
  header?: string
  code: string
  message: string
  /** what would be right: one of these */
  choices?: string[]
}

export type Place = 'body' | 'querystring' | 'params' | 'headers'

/** Far more than a person mends at once; a hostile body could have a million. */
const mostFaults = 100

/** The issues of a zod schema as faults, each with its place and what would be right. */
export function faultsOf(issues: readonly z.core.$ZodIssue[], place: Place = 'body'): Fault[] {
  return issues
    .flatMap((issue) => flatten(issue))
    .flatMap((issue) => expand(issue, place))
    .slice(0, mostFaults)
}

/** Of a union the branch that came nearest says what is wrong. */
function flatten(issue: z.core.$ZodIssue): z.core.$ZodIssue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const near = issue.errors.find((branch) => branch.length > 0 && branch.every((one) => one.path.length > 0))
  if (near === undefined) return [issue]
  return near.flatMap((one) => flatten({ ...one, path: [...issue.path, ...one.path] } as z.core.$ZodIssue))
}

function expand(issue: z.core.$ZodIssue, place: Place): Fault[] {
  if (issue.code !== 'unrecognized_keys') {
    return [{ ...placed(issue.path, place), code: codeOf(issue), message: messageOf(issue) }]
  }
  const what = place === 'body' ? 'member' : 'parameter'
  return issue.keys.slice(0, mostFaults).map((key) => ({
    ...placed([...issue.path, key], place),
    code: 'unknown',
    message: `there is no ${what} of this name`,
  }))
}

function placed(path: readonly PropertyKey[], place: Place): Pick<Fault, 'pointer' | 'parameter' | 'header'> {
  if (place === 'body') return { pointer: pointer(path) }
  return place === 'headers' ? { header: String(path[0] ?? '') } : { parameter: String(path[0] ?? '') }
}

/** Of a union that is told apart by one member that member is wrong. */
function codeOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined) return 'wrong_value'
  return codes[issue.code] ?? 'invalid'
}

const codes: Record<string, string> = {
  invalid_type: 'wrong_type',
  invalid_union: 'wrong_type',
  too_big: 'too_large',
  too_small: 'too_small',
  invalid_format: 'wrong_format',
  invalid_value: 'wrong_value',
}

function messageOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'is required' : right(issue)
    case 'invalid_value':
      return `must be ${issue.values.length === 1 ? '' : 'one of '}${issue.values.map(String).join(', ')}`
    case 'too_big':
      return right(issue, `must ${bound(issue.origin, 'at most', Number(issue.maximum))}`)
    case 'too_small':
      return right(issue, `must ${bound(issue.origin, 'at least', Number(issue.minimum))}`)
    default:
      return right(issue)
  }
}

/** Our own schemas say what must be; zod's words stand in where they do not. */
function right(issue: z.core.$ZodIssue, otherwise?: string): string {
  if (issue.message.startsWith('must')) return issue.message
  if (otherwise !== undefined) return otherwise
  if (issue.code !== 'invalid_type') return issue.message.charAt(0).toLowerCase() + issue.message.slice(1)
  const expected = { int: 'whole number', record: 'object' }[issue.expected as string] ?? issue.expected
  return `must be ${/^[aeiou]/.test(expected) ? 'an' : 'a'} ${expected}`
}

function bound(origin: string, side: string, limit: number): string {
  const many = limit === 1 ? '' : 's'
  if (origin === 'string') return `have ${side} ${limit} character${many}`
  if (origin === 'array') return `have ${side} ${limit} item${many}`
  return `be ${side} ${limit}`
}
