import type { Fault } from './lib/faults.ts'

/** What can go wrong, as the newsroom and the protocol would say it. Only `http/problems.ts` turns a kind into a status. */

export type Kind =
  | 'moved'
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'method_not_allowed'
  | 'not_acceptable'
  | 'timeout'
  | 'conflict'
  | 'gone'
  | 'stale'
  | 'locked'
  | 'too_large'
  | 'uri_too_long'
  | 'unsupported_media_type'
  | 'rule_broken'
  | 'precondition_required'
  | 'headers_too_large'
  | 'internal'
  | 'unavailable'

/** The closed list of problem codes. Clients branch on the code; the title is for people. */
export const problems = {
  moved: { kind: 'moved', title: 'It has another name now' },
  invalid_request: { kind: 'malformed', title: 'The request is not well formed' },
  invalid_json: { kind: 'malformed', title: 'The body is not valid JSON' },
  invalid_text: { kind: 'malformed', title: 'The text is not well-formed Unicode' },
  invalid_cursor: { kind: 'malformed', title: 'The cursor does not belong to this list' },
  unexpected_body: { kind: 'malformed', title: 'This operation takes no body' },
  key_required: { kind: 'unauthenticated', title: 'An API key is required' },
  invalid_key: { kind: 'unauthenticated', title: 'The API key is not valid' },
  forbidden: { kind: 'forbidden', title: 'The key may not do this' },
  route_not_found: { kind: 'not_found', title: 'There is nothing at this path' },
  article_not_found: { kind: 'not_found', title: 'Article not found' },
  page_not_found: { kind: 'not_found', title: 'The article has no such page' },
  revision_not_found: { kind: 'not_found', title: 'The article has no such revision' },
  slug_not_found: { kind: 'not_found', title: 'The article has no such slug' },
  section_not_found: { kind: 'not_found', title: 'Section not found' },
  tag_not_found: { kind: 'not_found', title: 'Tag not found' },
  source_not_found: { kind: 'not_found', title: 'Source not found' },
  lock_not_found: { kind: 'not_found', title: 'The article is not locked' },
  key_not_found: { kind: 'not_found', title: 'Key not found' },
  problem_not_found: { kind: 'not_found', title: 'There is no problem with this code' },
  method_not_allowed: { kind: 'method_not_allowed', title: 'The method is not allowed here' },
  not_acceptable: { kind: 'not_acceptable', title: 'No acceptable form of the answer' },
  request_timeout: { kind: 'timeout', title: 'The request took too long to arrive' },
  slug_taken: { kind: 'conflict', title: 'The slug is taken' },
  slug_in_use: { kind: 'conflict', title: 'The slug is in use' },
  external_id_taken: { kind: 'conflict', title: 'The external id is taken' },
  section_in_use: { kind: 'conflict', title: 'The section is in use' },
  tag_in_use: { kind: 'conflict', title: 'The tag is in use' },
  source_in_use: { kind: 'conflict', title: 'The source is in use' },
  replacement_scheduled: { kind: 'conflict', title: 'A new version is scheduled' },
  nothing_scheduled: { kind: 'conflict', title: 'Nothing is scheduled' },
  wrong_state: { kind: 'conflict', title: 'The article is in another state' },
  batch_failed: { kind: 'conflict', title: 'An operation of the batch failed, and nothing of it was done' },
  idempotency_in_flight: { kind: 'conflict', title: 'The first request with this Idempotency-Key is under way' },
  last_admin_key: { kind: 'conflict', title: 'The last admin key cannot be revoked' },
  article_gone: { kind: 'gone', title: 'The article is no longer public' },
  article_withdrawn: { kind: 'gone', title: 'The article has been withdrawn' },
  version_stale: { kind: 'stale', title: 'Somebody changed it in the meantime' },
  article_locked: { kind: 'locked', title: 'Somebody else works on the article' },
  body_too_large: { kind: 'too_large', title: 'The body is too large' },
  uri_too_long: { kind: 'uri_too_long', title: 'The URI is too long' },
  unsupported_media_type: { kind: 'unsupported_media_type', title: 'The media type is not supported' },
  rule_broken: { kind: 'rule_broken', title: 'The content breaks a rule' },
  not_ready: { kind: 'rule_broken', title: 'The article is not ready to be published' },
  schedule_in_past: { kind: 'rule_broken', title: 'The instant to publish at is past' },
  wrong_time: { kind: 'rule_broken', title: 'The time to publish at is not one instant' },
  expiry_before_publication: { kind: 'rule_broken', title: 'The article would expire before it is published' },
  correction_without_text: { kind: 'rule_broken', title: 'A correction needs a text' },
  title_missing: { kind: 'rule_broken', title: 'No title was found in the text' },
  text_too_complex: { kind: 'rule_broken', title: 'The text is too complex to render' },
  idempotency_key_reused: { kind: 'rule_broken', title: 'The Idempotency-Key was used for another request' },
  version_required: { kind: 'precondition_required', title: 'If-Match is required' },
  headers_too_large: { kind: 'headers_too_large', title: 'The headers are too large' },
  internal_error: { kind: 'internal', title: 'Something went wrong on our side' },
  database_unavailable: { kind: 'unavailable', title: 'The database cannot be used at the moment' },
  batch_too_slow: { kind: 'unavailable', title: 'The batch keeps others from writing for too long' },
  too_many_exports: { kind: 'unavailable', title: 'Too many exports are under way' },
  query_too_slow: { kind: 'unavailable', title: 'The query takes too long' },
  search_rebuilding: { kind: 'unavailable', title: 'What is found is being indexed anew' },
  too_busy: { kind: 'unavailable', title: 'Too much is under way at the moment' },
  shutting_down: { kind: 'unavailable', title: 'The server is shutting down' },
} as const satisfies Record<string, { kind: Kind; title: string }>

export type ProblemCode = keyof typeof problems

export interface ProblemDetails {
  /** One sentence on this very occurrence, with what would be right. */
  detail?: string
  errors?: Fault[]
  /** Members of the answer beside the standard ones, such as `currentVersion`. */
  more?: Record<string, unknown>
  headers?: Record<string, string>
  cause?: unknown
}

export class Problem extends Error {
  override name = 'Problem'
  readonly code: ProblemCode
  readonly details: ProblemDetails

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? problems[code].title, { cause: details.cause })
    this.code = code
    this.details = details
  }

  get kind(): Kind {
    return problems[this.code].kind
  }
}

export function raise(code: ProblemCode, details?: ProblemDetails): never {
  throw new Problem(code, details)
}

/** Collects the faults of one request, so that all are answered at once. */
export class Faults {
  readonly list: Fault[] = []

  add(fault: Fault): void {
    this.list.push(fault)
  }

  /** @throws Problem `code`, when there is a fault */
  raise(code: ProblemCode, detail?: string): void {
    if (this.list.length > 0) raise(code, { errors: this.list, ...(detail === undefined ? {} : { detail }) })
  }
}

/** A reason not to start, as one sentence for the operator. */
export class StartError extends Error {
  override name = 'StartError'
}
