import type { FastifyInstance } from 'fastify'
import { raise } from '../errors.ts'

/** Answers are data: nothing in them is to be run, framed or guessed at (OWASP ASVS 5.0, 3.4). */
export const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

/** Longer than any list of filters that a person writes. */
const longestQuery = 8_192

export function useHeaders(app: FastifyInstance): void {
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(securityHeaders)
    reply.header('x-request-id', request.id)
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1') {
      raise('invalid_request', { errors: [{ header: 'Host', code: 'wrong_type', message: 'is required' }] })
    }
    const query = request.url.indexOf('?')
    if (query >= 0 && request.url.length - query > longestQuery) {
      raise('uri_too_long', { detail: `The query is longer than ${longestQuery} characters.` })
    }
    if (isIllFormed(request.url))
      raise('invalid_text', { detail: 'The address has a NUL character or bytes that are not UTF-8.' })
    done()
  })
}

/** Percent-encoded bytes that no text has: a NUL, or what is not UTF-8. */
function isIllFormed(url: string): boolean {
  if (!url.includes('%')) return false
  if (/%00/.test(url)) return true
  try {
    decodeURIComponent(url.replace(/%(?![0-9a-f]{2})/gi, '%25'))
    return false
  } catch {
    return true
  }
}

/**
 * Whether an Accept header takes this media type (RFC 9110 §12.5.1); the most specific range decides.
 */
export function accepts(header: string | undefined, type: string): boolean {
  if (header === undefined || header.trim() === '') return true
  const [main = ''] = type.split('/')
  const ranges = header.split(',').map((range) => {
    const [name = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    return { name, taken: weight === undefined || Number(weight) > 0 }
  })
  for (const wanted of [type, `${main}/*`, '*/*']) {
    const range = ranges.find(({ name }) => name === wanted)
    if (range !== undefined) return range.taken
  }
  return false
}
