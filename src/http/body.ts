import type { FastifyInstance, FastifyRequest } from 'fastify'
import { raise } from '../errors.ts'
import type { Fault } from '../lib/faults.ts'
import { pointer } from '../lib/json.ts'

/** Deeper than any body of ours by far; far less than what overflows a stack. */
const deepest = 64

/** What a person pastes is a tenth of this; a hostile text of this size is still read within a quarter of a second. */
const longestCopyBytes = 262_144

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** JSON and nothing else, in UTF-8, of limited depth, with text that every engine can keep. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  for (const type of ['application/json', 'application/merge-patch+json']) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) => {
      expectUtf8(request.headers['content-type'])
      if (type !== 'application/json' && request.method !== 'PATCH') {
        raise('unsupported_media_type', { detail: 'application/merge-patch+json goes with PATCH.' })
      }
      return bytes.length === 0 ? undefined : parseJson(decode(bytes))
    })
  }
  app.addHook('onRequest', async (request) => {
    if (request.headers['content-encoding'] !== undefined) {
      raise('unsupported_media_type', {
        detail: 'Compressed bodies are not read. Send it as it is.',
        headers: { 'accept-encoding': 'identity' },
      })
    }
  })
  app.addHook('preValidation', async (request) => {
    const takesBody = request.routeOptions.schema?.body !== undefined
    if (takesBody || request.body === undefined || request.body === null) return
    raise('unexpected_body', { detail: 'Leave the body out.' })
  })
}

/** Pasted copy, for the routes of one plugin. */
export function acceptCopy(app: FastifyInstance): void {
  const limits = { parseAs: 'buffer', bodyLimit: longestCopyBytes } as const
  app.addContentTypeParser('text/plain', limits, async (request: FastifyRequest, bytes: Buffer) => {
    expectUtf8(request.headers['content-type'])
    const text = decode(bytes)
    if (text.includes('\0')) raise('invalid_text', { detail: 'The text has a NUL character in it.' })
    return text
  })
}

function expectUtf8(contentType: string | undefined): void {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType ?? '') ?? []
  if (!/^utf-?8$/i.test(charset)) raise('unsupported_media_type', { detail: `Send UTF-8, not ${charset}.` })
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    return raise('invalid_text', { detail: 'The body is not UTF-8.', cause })
  }
}

function parseJson(text: string): unknown {
  expectShallow(text)
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    raise('invalid_json', { detail: cause instanceof Error ? `${cause.message}.` : 'It cannot be parsed.', cause })
  }
  // Escapes are the only way in which JSON in UTF-8 can hold a NUL or half of a surrogate pair, and a forbidden key is rare.
  if (text.includes('\\u') || text.includes('__proto__') || text.includes('constructor')) expectCleanText(value)
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
      if (depth > deepest) raise('invalid_json', { detail: `It is nested more than ${deepest} deep.` })
    } else if (code === 0x7d || code === 0x5d) depth -= 1
  }
}

function expectCleanText(value: unknown): void {
  const errors: Fault[] = []
  walk(value, [], errors)
  if (errors.length > 0) raise('invalid_text', { errors })
}

function walk(value: unknown, path: PropertyKey[], errors: Fault[]): void {
  const fault = (code: string, message: string): void => {
    if (errors.length < 100) errors.push({ pointer: pointer(path), code, message })
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
