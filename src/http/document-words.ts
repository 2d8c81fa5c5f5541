/** What the document says of headers and statuses that many operations share. */

const text = { type: 'string' }

export const ifMatch = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'The ETag of any representation of what is changed, or its version.',
  schema: { ...text, examples: ['"7"'] },
}
export const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The ETag of an answer that you have: 304 when it still holds.',
  schema: text,
}

export const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description:
    'With it the request has its effect once. Sent again as it was within 24 hours, by the same API key, it gets the first answer: status, body, `ETag` and `Location`. What counts is the method, the address with its query, and the content of the body; not its white space, the order of its keys, or `If-Match`. What was refused had no effect and is not kept. 1 to 255 visible ASCII characters, bare or in double quotes.',
  schema: { ...text, examples: ['8e03978e-40d5-43e8-bc93-6894a57f9324'] },
}

export const headers: Record<string, unknown> = {
  ETag: { description: 'Strong: of the very bytes; begins with the version of a single thing.', schema: text },
  'Cache-Control': {
    description:
      'Without a key `public`, never past the next instant at which the clock changes it; else `private, no-store`.',
    schema: text,
  },
  'Surrogate-Key': {
    description:
      'Without a key: what the answer depends on, such as `article:ID`, `tag:ID`, `section:ID:articles`, or a whole kind: `articles`, `tags`.',
    schema: text,
  },
  'Cache-Groups': { description: 'RFC 9875: the same as `Surrogate-Key`.', schema: text },
  'Idempotency-Replayed': {
    description: 'Only when this is the first answer to the `Idempotency-Key` once more, and nothing was done.',
    schema: { type: 'string', enum: ['true'] },
  },
  Link: { description: 'RFC 8288: `first`, `prev` and `next`.', schema: text },
  Location: { description: 'Where it is.', schema: text },
  'WWW-Authenticate': { description: 'RFC 6750', schema: text },
  'Retry-After': { description: 'Seconds to wait before another try.', schema: { type: 'integer' } },
}

export const headersOf: Record<string, string[]> = {
  200: ['ETag'],
  201: ['ETag', 'Location'],
  301: ['Location'],
  401: ['WWW-Authenticate'],
  503: ['Retry-After'],
}

export const descriptions: Record<string, string> = {
  200: 'OK',
  201: 'Created',
  204: 'Done; there is nothing more to say.',
}
