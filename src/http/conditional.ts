import { hash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Edit } from '../editing.ts'
import { raise } from '../errors.ts'
import { actorOf } from './auth.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who writes and which version they have seen; on routes that say `edit`. */
    edit: Edit
  }
  interface FastifyReply {
    /** The version of the single thing that is answered; 0 for a list. */
    version: number
    /** When the single thing that is answered was changed last, in ms since the epoch. */
    lastModified: number | undefined
    /** The answer is the public's view of a thing that editors see more of. */
    publicView: boolean
  }
  interface FastifyContextConfig {
    /** The route changes one thing, and so needs If-Match. */
    edit?: boolean
  }
}

/** 96 bits of the hash: two bodies of one version never share it by chance. */
const hashLength = 16

/**
 * Strong ETags (RFC 9110 §8.8.3) on everything that can be read: `"VERSION-HASH"` for one thing, `"HASH"` for a list. The
 * hash is of the very bytes, so that a renamed section changes the tag of its articles too; the version is what If-Match
 * compares, so that any representation of a copy, or the bare number, names it. A tilde in the place of the hyphen says that
 * it was the public's view.
 */
export function useConditions(app: FastifyInstance): void {
  const nobody: Edit = { actor: { id: '', name: '', role: 'reader' }, expected: [] }
  app.decorateRequest('edit')
  app.decorateReply('version', 0)
  app.decorateReply('lastModified', undefined)
  app.decorateReply('publicView', false)
  app.addHook('preValidation', (request, _reply, done) => {
    request.edit = request.routeOptions.config.edit === true ? editOf(request) : nobody
    done()
  })
  app.addHook('preSerialization', (_request, reply, payload, done) => {
    reply.version = versionOf(payload)
    if (reply.version > 0) reply.lastModified = lastModifiedOf(payload as Dated)
    done()
  })
}

/** Answers a thing that is JSON already, with what else its ETag and its date are made of. */
export function answerJson<Thing>(
  reply: FastifyReply,
  json: string,
  { version, ...dated }: Dated & { version: number },
): Thing {
  reply.version = version
  reply.lastModified = lastModifiedOf(dated)
  return asJson(reply, json)
}

/** To Fastify a text of this type is as good as what it is the JSON of, and goes out as it is. */
export function asJson<Thing>(reply: FastifyReply, json: string): Thing {
  reply.type('application/json; charset=utf-8')
  return json as Thing
}

interface Dated {
  updatedAt?: string
  publishedAt?: string | null
}

/** What was written before it was published is as new as its publication. */
function lastModifiedOf({ updatedAt, publishedAt }: Dated): number | undefined {
  if (updatedAt === undefined) return undefined
  return Math.max(Date.parse(updatedAt), publishedAt ? Date.parse(publishedAt) : 0)
}

/** The version of the single thing that is answered; 0 for a list. */
export function versionOf(payload: unknown): number {
  const version = (payload as { version?: unknown } | null)?.version
  return typeof version === 'number' ? version : 0
}

/** The tag of a text, or of its bytes, without the quotes. */
export function etagOf(payload: string | Buffer, version: number, publicView = false): string {
  const digest = hash('sha256', payload, 'base64url').slice(0, hashLength)
  return version === 0 ? digest : `${version}${publicView ? '~' : '-'}${digest}`
}

/** Whether If-None-Match names this tag, in any encoding: what they have may be used either way. */
export function knows(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header.trim() === '*') return true
  // It compares weakly: a proxy that compresses may have weakened what we sent.
  return header.split(',').some((one) => /^(?:W\/)?"(.*?)(?:-(?:br|gzip))?"$/.exec(one.trim())?.[1] === etag)
}

/**
 * @throws Problem version_required; invalid_request, for what is no version
 */
function editOf(request: FastifyRequest): Edit {
  const actor = actorOf(request)
  const given = request.headers['if-match']
  if (given === undefined) {
    raise('version_required', {
      detail: 'Send If-Match with the ETag or the version that you have read, such as If-Match: "7".',
    })
  }
  if (given.trim() === '*') return { actor, expected: 'any' }
  const expected = given.split(',').map((tag) => {
    const [, version] = /^(?:W\/)?"?(\d{1,15})(?:[-~][\w-]*)?"?$/.exec(tag.trim()) ?? []
    return version === undefined ? undefined : Number(version)
  })
  const versions = expected.filter((version) => version !== undefined)
  if (versions.length < expected.length) {
    raise('invalid_request', {
      errors: [
        {
          header: 'If-Match',
          code: 'wrong_format',
          message: 'must be an ETag of this thing, or its version such as "7"',
        },
      ],
    })
  }
  // A bare number may have been read from either view.
  return { actor, expected: versions, seenWhole: /\d-/.test(given) && !given.includes('~') }
}
