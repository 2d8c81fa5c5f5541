import { readFileSync } from 'node:fs'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import type { OpenApiDocument } from '../../src/http/document.ts'

/** The committed document: what the tests hold every answer against. */
export const document = JSON.parse(
  readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'),
) as OpenApiDocument

// The document itself is linted. Most schemas see few values: what would make their code faster takes longer than it saves.
const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false, code: { optimize: false } })
formats.default(ajv)
// Under a name of their own, so that what several answers share is compiled once.
ajv.addSchema({ $id: 'document', $defs: rewrite(document.components.schemas) })
/** Headers that an answer may have. */
const occasional = new Set(['Retry-After', 'Idempotency-Replayed', 'Surrogate-Key', 'Cache-Groups'])
const validators = new Map<string, ValidateFunction>()

export interface Answered {
  method: string
  url: string
  status: number
  headers: Record<string, unknown>
  body: unknown
}

/** Why an answer is not what the document says, or nothing when it is. */
export function breaches({ method, url, status, headers, body }: Answered): string[] {
  const path = templateOf(url.replace(/\?.*/s, ''))
  const operation =
    path === undefined ? undefined : document.paths[path]?.[method === 'HEAD' ? 'get' : method.toLowerCase()]
  if (operation === undefined) {
    // No operation: only what says so may be answered, and the document and its page.
    if (status < 400) return []
    return problems(method, headers, body)
  }
  const found = operation.responses[String(status)]
  const answer = follow(found)
  if (answer === undefined) return [`${method} ${path} answered ${status}, which is not documented`]
  const faults = Object.entries(answer.headers ?? {})
    .filter(([name]) => !occasional.has(name) && headers[name.toLowerCase()] === undefined)
    .map(([name]) => `${method} ${path} ${status} lacks the header ${name}`)
  if (method === 'HEAD' || answer.content === undefined)
    return body === undefined ? faults : [...faults, 'a body where none is documented']
  const type = String(headers['content-type']).replace(/;.*/, '')
  const media = answer.content[type]
  if (media === undefined) return [...faults, `${method} ${path} ${status} answered ${type}, which is not documented`]
  const name = `${path} ${method} ${status} ${type}`
  // The schema of NDJSON is of each of its lines.
  const values = type === 'application/x-ndjson' ? ((body ?? []) as unknown[]) : [body]
  return [...faults, ...values.flatMap((value) => check(name, media.schema, value))]
}

/** Why a value is not what one of the document's schemas says. */
export function check(name: string, schema: unknown, value: unknown): string[] {
  let validate = validators.get(name)
  if (validate === undefined) {
    validate = ajv.compile(rewrite(schema))
    validators.set(name, validate)
  }
  if (validate(value)) return []
  return (validate.errors ?? []).map(
    (error) => `${name}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`,
  )
}

function problems(method: string, headers: Record<string, unknown>, body: unknown): string[] {
  const type = String(headers['content-type'])
  if (!type.startsWith('application/problem+json')) return [`a ${type} where a problem should be`]
  return method === 'HEAD' ? [] : check('Problem', { $ref: '#/components/schemas/Problem' }, body)
}

function follow(answer: unknown) {
  const reference = (answer as { $ref?: string } | undefined)?.$ref?.split('/').at(-1)
  const shared = document.components.responses as Record<string, unknown>
  return (reference === undefined ? answer : shared[reference]) as
    | { headers?: Record<string, unknown>; content?: Record<string, { schema: unknown }> }
    | undefined
}

const templates = Object.keys(document.paths)
  .sort((a, b) => (a.includes('{') ? 1 : 0) - (b.includes('{') ? 1 : 0))
  .map((path) => [path, new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]+')}$`)] as const)

function templateOf(path: string): string | undefined {
  return templates.find(([, pattern]) => pattern.test(path))?.[0]
}

/** For the tests every schema is closed: a member that the document does not name is a breach, though clients must bear it. */
function rewrite(schema: unknown): Record<string, unknown> {
  const closed = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/schemas/', '"document#/$defs/'))
  close(closed)
  return closed
}

function close(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  const schema = value as Record<string, unknown>
  const isObject = schema.type === 'object' && schema.properties !== undefined
  if (isObject && schema.additionalProperties === undefined) schema.additionalProperties = false
  for (const member of Object.values(schema)) close(member)
}
