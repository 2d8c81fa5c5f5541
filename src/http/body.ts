import type { FastifyInstance, FastifyRequest } from 'fastify'
import { raise } from '../errors.ts'
import { decodeUtf8, IllFormed, parseJson } from '../lib/text.ts'

/** What a person pastes is a tenth of this; a hostile text of this size is still read within a quarter of a second. */
const longestCopyBytes = 262_144

/** JSON and nothing else, in UTF-8, of limited depth, with text that every engine can keep. */
export function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  for (const type of ['application/json', 'application/merge-patch+json']) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, async (request: FastifyRequest, bytes: Buffer) => {
      expectUtf8(request.headers['content-type'])
      if (type !== 'application/json' && request.method !== 'PATCH') {
        raise('unsupported_media_type', { detail: 'application/merge-patch+json goes with PATCH.' })
      }
      if (bytes.length === 0) return undefined
      const value = read(() => parseJson(decodeUtf8(bytes)))
      // To Fastify null is the absence of a body, which some operations take.
      if (value === null)
        raise('invalid_request', { errors: [{ pointer: '', code: 'wrong_type', message: 'must be an object' }] })
      return value
    })
  }
  // Before anything of it is read.
  app.addHook('onRequest', (request, _reply, done) => {
    const { schema, config } = request.routeOptions
    if (config.allow === undefined || schema?.hide === true || !hasBody(request)) return done()
    if (schema?.body === undefined) raise('unexpected_body', { detail: 'Leave the body out.' })
    if (request.headers['content-encoding'] !== undefined) {
      raise('unsupported_media_type', {
        detail: 'Compressed bodies are not read. Send it as it is.',
        headers: { 'accept-encoding': 'identity' },
      })
    }
    done()
  })
}

/** RFC 9112 §6: one of the two says so. */
function hasBody({ headers }: FastifyRequest): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0
}

/** Pasted copy, for those routes of one plugin that say so. */
export function acceptCopy(app: FastifyInstance): void {
  const bodyLimit = Math.min(longestCopyBytes, app.initialConfig.bodyLimit ?? longestCopyBytes)
  const limits = { parseAs: 'buffer', bodyLimit } as const
  app.addContentTypeParser('text/plain', limits, async (request: FastifyRequest, bytes: Buffer) => {
    expectUtf8(request.headers['content-type'])
    const { content } = (request.routeOptions.schema?.body ?? {}) as { content?: Record<string, unknown> }
    if (content?.['text/plain'] === undefined) raise('unsupported_media_type', { detail: 'Send application/json.' })
    const text = read(() => decodeUtf8(bytes))
    if (text.includes('\0')) raise('invalid_text', { detail: 'The text has a NUL character in it.' })
    return text
  })
}

/** @throws Problem unsupported_media_type */
export function expectUtf8(contentType: string | undefined): void {
  const [, charset = 'utf-8'] = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(contentType ?? '') ?? []
  if (!/^utf-?8$/i.test(charset)) raise('unsupported_media_type', { detail: `Send UTF-8, not ${charset}.` })
}

/** Runs a reader of text and answers what it refuses. */
function read<T>(reader: () => T): T {
  try {
    return reader()
  } catch (error) {
    if (!(error instanceof IllFormed)) throw error
    return raise(error.code, { detail: error.message, ...(error.errors.length > 0 && { errors: error.errors }) })
  }
}
