import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { type Kind, Problem, type ProblemCode, type ProblemDetails, problems } from '../errors.ts'

/** The one place that knows which status a kind of problem has (RFC 9110, RFC 4918, RFC 6585). */
const statuses: Record<Kind, number> = {
  moved: 301,
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  timeout: 408,
  conflict: 409,
  gone: 410,
  stale: 412,
  too_large: 413,
  uri_too_long: 414,
  unsupported_media_type: 415,
  rule_broken: 422,
  locked: 423,
  precondition_required: 428,
  headers_too_large: 431,
  internal: 500,
  unavailable: 503,
}

export const problemType = 'application/problem+json'

const codes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]]

export const ProblemCodeSchema = z.enum(codes).meta({ id: 'ProblemCode', description: 'The closed list of problems.' })

export const FaultSchema = z
  .object({
    pointer: z.string().optional().meta({ description: 'JSON pointer (RFC 6901) into the body.' }),
    parameter: z.string().optional().meta({ description: 'Name of a query or path parameter.' }),
    header: z.string().optional(),
    code: z.string(),
    message: z.string(),
    choices: z.array(z.string()).optional().meta({ description: 'What would be right: one of these.' }),
  })
  .meta({
    id: 'Fault',
    description: 'One fault and its place.',
    examples: [{ pointer: '/tags/2', code: 'unknown_tag', message: 'no tag has the id or slug "rusia"' }],
  })

const ProblemSchema = z
  .looseObject({
    type: z.string().meta({ description: 'Path of a page about the code.' }),
    title: z.string(),
    status: z.int(),
    code: ProblemCodeSchema,
    detail: z.string().optional(),
    instance: z.string().meta({ description: 'Path of the request.' }),
    requestId: z.string(),
    errors: z.array(FaultSchema).optional().meta({ description: 'Every fault at once.' }),
  })
  .meta({
    id: 'Problem',
    description: 'RFC 9457. Some codes add members, such as `currentVersion` or, of `moved`, `location`.',
    examples: [
      {
        type: '/problems/rule_broken',
        title: 'The content breaks a rule',
        status: 422,
        code: 'rule_broken',
        instance: '/v1/articles',
        requestId: 'req-1',
        errors: [{ pointer: '/tags/2', code: 'unknown_tag', message: 'no tag has the id or slug "rusia"' }],
      },
    ],
  })

/** A problem within another answer, which has the path and the id of the request. */
export const InnerProblem = ProblemSchema.omit({ instance: true, requestId: true }).meta({
  id: 'InnerProblem',
  description: 'RFC 9457, as the request of its own would have got it.',
  examples: [
    {
      type: '/problems/version_stale',
      title: 'Somebody changed it in the meantime',
      status: 412,
      code: 'version_stale',
      currentVersion: 8,
      changedFields: ['deck'],
    },
  ],
})
export type InnerProblem = z.infer<typeof InnerProblem>

export const ProblemKind = z
  .object({ code: ProblemCodeSchema, status: z.int(), title: z.string() })
  .meta({ id: 'ProblemKind', examples: [{ code: 'slug_taken', status: 409, title: 'The slug is taken' }] })

export function statusOf(code: ProblemCode): number {
  return statuses[problems[code].kind]
}

/** What a route answers for these codes, one entry a status, for its `schema.response`. */
export function problemResponses(given: readonly ProblemCode[]) {
  const byStatus = Map.groupBy(new Set(given), statusOf)
  return Object.fromEntries(
    [...byStatus].map(([status, some]) => [
      status,
      {
        description: some.map((code) => `\`${code}\`: ${problems[code].title}`).join('\n\n'),
        content: { [problemType]: { schema: ProblemSchema } },
      },
    ]),
  )
}

/** Errors become problems here and are logged here, once. */
export function answerProblems(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => sendError(error, request, reply))
}

export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(problemOf(error, request), request, reply)
}

/** What one of several things in a request failed with, to be told in its answer. */
export function innerProblem(error: unknown, request: FastifyRequest): InnerProblem {
  const { code, details } = problemOf(error, request)
  const { instance: _instance, requestId: _id, ...inner } = bodyOf(code, details, pathOf(request), request.id)
  return inner
}

/** Logs what failed. */
function problemOf(error: unknown, request: FastifyRequest): Problem {
  const problem = toProblem(error)
  if (problem.kind === 'internal') request.log.error({ err: error }, 'a request failed')
  else if (problem.kind === 'unavailable') request.log.warn({ err: error }, 'a request was refused')
  // Its code alone: messages and places quote what was sent.
  else if (problem.kind !== 'moved') request.log.debug({ problem: problem.code }, 'a request was refused')
  return problem
}

function sendProblem(problem: Problem, request: FastifyRequest, reply: FastifyReply): void {
  const { code, details } = problem
  const status = statusOf(code)
  reply
    .code(status)
    .headers({ ...cachingOf(problem), ...challengeOf(status), ...details.headers })
    .type(problemType)
    .serializer(JSON.stringify)
    .send(bodyOf(code, details, pathOf(request), request.id))
}

/** Where a former name leads may be kept as what is there may; the hook that serves both says how. */
function cachingOf({ kind }: Problem): Record<string, string> {
  return kind === 'moved' ? {} : { 'cache-control': 'no-store' }
}

/** RFC 9110 §11.6.1: every 401 says how to authenticate. */
function challengeOf(status: number): Record<string, string> {
  return status === 401 ? { 'www-authenticate': 'Bearer realm="warta"' } : {}
}

export function bodyOf(code: ProblemCode, details: ProblemDetails, instance: string, requestId: string) {
  return {
    type: `/problems/${code}`,
    title: problems[code].title,
    status: statusOf(code),
    code,
    ...(details.detail !== undefined && { detail: details.detail }),
    instance,
    requestId,
    ...(details.errors !== undefined && { errors: details.errors }),
    ...details.more,
  }
}

/** What Fastify, zod and the parsers throw, in our words; whatever else is a fault of ours and keeps its reason to itself. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  const { code, statusCode } = error as FastifyError
  const known = foreign[code]
  if (known !== undefined) return new Problem(known.code, { detail: known.detail, cause: error })
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    return new Problem('invalid_request', { cause: error })
  }
  return new Problem('internal_error', {
    detail: 'Nothing of the request was kept. Should it happen again, tell us the request id.',
    cause: error,
  })
}

const foreign: Record<string, { code: ProblemCode; detail: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'body_too_large',
    detail: 'At most WARTA_BODY_LIMIT_BYTES are read (1 MiB, unless set), of pasted copy at most 256 KiB.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    detail: 'Send application/json; for PATCH application/merge-patch+json too.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: {
    code: 'invalid_request',
    detail: 'The body is not as long as Content-Length says.',
  },
  // An answer that is sent piece by piece ends so when there is nobody to send it to; what fails in making it says why.
  ERR_STREAM_PREMATURE_CLOSE: { code: 'invalid_request', detail: 'The sender has left.' },
  FST_ERR_BAD_URL: { code: 'invalid_request', detail: 'The path is not well-formed: mind the percent signs.' },
}

/** Without the query, which may hold what somebody meant to keep to themselves. */
export function pathOf(request: FastifyRequest): string {
  return request.url.replace(/\?.*/s, '')
}
