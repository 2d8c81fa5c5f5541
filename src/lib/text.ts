import type { Fault } from './faults.ts'
import { pointer } from './json.ts'

/** Deeper than any body of ours by far; far less than what overflows a stack. */
const deepest = 64

/** As many faults as an answer shows. */
const mostFaults = 100

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** Text from outside that no engine could keep and give back as it was, or that is not the JSON it should be. */
export class IllFormed extends Error {
  override name = 'IllFormed'
  readonly code: 'invalid_json' | 'invalid_text'
  readonly errors: Fault[]

  constructor(code: IllFormed['code'], message: string, errors: Fault[] = []) {
    super(message)
    this.code = code
    this.errors = errors
  }
}

/** @throws IllFormed, for bytes that are not UTF-8 */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new IllFormed('invalid_text', 'It is not UTF-8.')
  }
}

/**
 * JSON of limited depth whose strings every engine can keep: no NUL, no half of a surrogate pair.
 * @throws IllFormed
 */
export function parseJson(text: string): unknown {
  expectShallow(text)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new IllFormed('invalid_json', `${error instanceof Error ? error.message : 'It cannot be parsed'}.`)
  }
  // In JSON that is UTF-8 only an escape can stand for a NUL or half a pair, and a name for the prototype is rare.
  if (text.includes('\\u') || text.includes('__proto__')) expectCleanText(value)
  return value
}

/** Counts brackets before anything is built. */
function expectShallow(text: string): void {
  let depth = 0
  let inString = false
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (inString) {
      if (code === 0x5c) i += 1
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x7b || code === 0x5b) {
      depth += 1
      if (depth > deepest) throw new IllFormed('invalid_json', `It is nested more than ${deepest} deep.`)
    } else if (code === 0x7d || code === 0x5d) depth -= 1
  }
}

function expectCleanText(value: unknown): void {
  const errors: Fault[] = []
  walk(value, [], errors)
  if (errors.length > 0) throw new IllFormed('invalid_text', 'Some of its text is not well-formed.', errors)
}

function walk(value: unknown, path: PropertyKey[], errors: Fault[]): void {
  const fault = (code: string, message: string): void => {
    if (errors.length < mostFaults) errors.push({ pointer: pointer(path), code, message })
  }
  if (typeof value === 'string') {
    if (value.includes('\0')) fault('nul', 'must not have a NUL character in it')
    if (!value.isWellFormed()) fault('lone_surrogate', 'must not have half of a surrogate pair in it')
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      path.push(key)
      if (!key.isWellFormed() || key.includes('\0')) fault('ill_formed_name', 'must have a well-formed name')
      if (key === '__proto__') fault('unknown', 'there is no member of this name')
      walk(member, path, errors)
      path.pop()
    }
  }
}
