import type { RouteOptions } from 'fastify'
import { z } from 'zod'
import { rolesFor } from '../access.ts'
import type { ProblemCode } from '../errors.ts'
import { codesOf } from './contract.ts'
import { descriptions, headers, headersOf, idempotencyKey, ifMatch, ifNoneMatch } from './document-words.ts'
import { bodyOf, statusOf } from './problems.ts'

interface Schema {
  $ref?: string
  type?: string | string[]
  examples?: unknown[]
  [key: string]: unknown
}
export interface Media {
  schema?: Schema
  example?: unknown
}
interface Answer {
  description?: string
  headers?: Record<string, unknown>
  content?: Record<string, Media>
}
interface Parameter {
  name: string
  in: string
  schema?: Schema
  style?: string
  explode?: boolean
  [key: string]: unknown
}
interface Operation {
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Media>; required?: boolean }
  responses: Record<string, Answer>
  security?: Record<string, string[]>[]
  [key: string]: unknown
}
export interface OpenApiDocument {
  openapi: string
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema>; [kind: string]: Record<string, unknown> }
  [key: string]: unknown
}

/** What the generator cannot know: audiences, conditions, headers, examples, and how lists stand in a query. */
export function finish(document: OpenApiDocument, routes: ReadonlyMap<string, RouteOptions>): OpenApiDocument {
  document.components.headers = headers
  document.components.responses = {}
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const route = routes.get(`${method} ${path}`)
      if (route === undefined) throw new Error(`${method} ${path} is described but not served.`)
      finishRequest(document, method, operation, route)
      finishResponses(document, operation, codesOf(route), route.config?.shared === true)
    }
  }
  pruneSchemas(document)
  openAnswers(document)
  return renameInputs(document)
}

function finishRequest(
  document: OpenApiDocument,
  method: string,
  operation: Operation,
  { config, schema }: RouteOptions,
): void {
  const allow = config?.allow ?? 'anyone'
  operation.security = allow === 'anyone' ? [{}, { key: [] }] : [{ key: [] }]
  if (allow !== 'anyone') operation['x-roles'] = rolesFor(allow)
  const parameters = operation.parameters ?? []
  for (const parameter of parameters) {
    const isList = parameter.in === 'query' && parameter.schema?.type === 'array'
    if (isList) Object.assign(parameter, { style: 'form', explode: false })
    // The reference page would fill a filter with its example, and find nothing.
    if (parameter.in === 'query') delete parameter.schema?.examples
  }
  if (config?.edit === true) parameters.push(ifMatch)
  if (config?.once === true) parameters.push(idempotencyKey)
  if (method === 'get' && !isMomentary(operation)) {
    parameters.push(ifNoneMatch)
    operation.responses['304'] = {
      description: 'Not changed since the ETag that `If-None-Match` names.',
      headers: { ETag: { $ref: '#/components/headers/ETag' } },
    }
  }
  if (parameters.length > 0) operation.parameters = parameters
  if (operation.requestBody === undefined) return
  operation.requestBody.required = !(schema?.body instanceof z.ZodDefault)
  for (const [type, media] of Object.entries(operation.requestBody.content)) {
    const body = bodySchema(schema?.body, type)
    media.example = (body?.meta()?.examples as unknown[] | undefined)?.[0]
    if (body instanceof z.ZodObject) restoreDefaults(componentOf(document, media.schema), body)
  }
}

/** Whether the answer is of a moment: lines whose bytes nobody knows before they are sent, figures that never are the same. */
function isMomentary({ responses }: Operation): boolean {
  const content = responses['200']?.content
  return content !== undefined && content['application/json'] === undefined
}

function bodySchema(body: unknown, type: string): z.ZodType | undefined {
  const { content } = body as { content?: Record<string, { schema: z.ZodType }> }
  const given = content === undefined ? (body as z.ZodType) : content[type]?.schema
  return given instanceof z.ZodDefault ? (given.unwrap() as z.ZodType) : given
}

/** Zod leaves the default of what transforms its input out of the document; from zod itself it comes back. */
function restoreDefaults(component: Schema | undefined, body: z.ZodObject): void {
  for (const [name, member] of Object.entries(body.shape)) {
    const property = (component?.properties as Record<string, Schema> | undefined)?.[name]
    if (property !== undefined && member instanceof z.ZodDefault) property.default ??= member.def.defaultValue
  }
}

function finishResponses(
  document: OpenApiDocument,
  operation: Operation,
  codes: readonly ProblemCode[],
  isShared: boolean,
): void {
  const { responses } = operation
  const problemCodes = Map.groupBy(codes, (code) => String(statusOf(code)))
  const isList = operation.parameters?.some(({ name }) => name === 'cursor')
  const isOnce = codes.includes('idempotency_in_flight')
  for (const [status, answer] of Object.entries(responses)) {
    const own = (headersOf[status] ?? []).filter((name) => name !== 'ETag' || !isMomentary(operation))
    const named = [...own, ...(status === '200' && isList ? ['Link'] : [])]
    if (isShared && status === '200') named.push('Cache-Control', 'Surrogate-Key', 'Cache-Groups')
    if (isOnce && status.startsWith('2')) named.push('Idempotency-Replayed')
    if (isOnce && status === '409') named.push('Retry-After')
    if (named.length > 0) {
      answer.headers = Object.fromEntries(named.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
    }
    const [code] = problemCodes.get(status) ?? []
    if (code !== undefined) {
      responses[status] = shareProblem(document, answer, problemCodes.get(status)?.join('.') ?? '', code)
      continue
    }
    answer.description = descriptions[status] ?? answer.description ?? ''
    if (status === '204') delete answer.content
    for (const media of Object.values(answer.content ?? {})) giveExample(document, media)
  }
}

/** The same problems are described once, under the names of their codes. */
function shareProblem(document: OpenApiDocument, answer: Answer, name: string, code: ProblemCode): Answer {
  const more = code === 'moved' ? { location: '/v1/articles/rail-strike' } : {}
  const example = bodyOf(code, { more }, '/v1/articles', '019bd2a4-0000-7000-8000-0000000000ff')
  for (const media of Object.values(answer.content ?? {})) media.example = example
  const shared = document.components.responses as Record<string, unknown>
  shared[name] ??= answer
  return { $ref: `#/components/responses/${name}` } as Answer
}

/** The example of a body is the one that its schema carries. */
function giveExample(document: OpenApiDocument, media: Media): void {
  const schema = componentOf(document, media.schema)
  const first = schema?.examples?.[0] ?? firstOf(document, schema)
  if (first !== undefined) media.example = first
}

function componentOf(document: OpenApiDocument, schema: Schema | undefined): Schema | undefined {
  const name = schema?.$ref?.split('/').at(-1)
  return name === undefined ? schema : document.components.schemas[name]
}

/** Of alternatives the first one's; of a list one with its item's. */
function firstOf(document: OpenApiDocument, schema: Schema | undefined): unknown {
  const [first] = (schema?.anyOf as Schema[] | undefined) ?? []
  if (first !== undefined) {
    const media: Media = { schema: first }
    giveExample(document, media)
    return media.example
  }
  const properties = schema?.properties as Record<string, Schema> | undefined
  const item = properties?.data?.items as Schema | undefined
  if (item === undefined) return undefined
  const media: Media = { schema: item }
  giveExample(document, media)
  const page = properties?.page === undefined ? {} : { page: { limit: 20, next: null, prev: null } }
  return media.example === undefined ? undefined : { data: [media.example], ...page }
}

/** Leaves out what the generator made of a schema in a form (input or output) that nothing refers to. */
function pruneSchemas(document: OpenApiDocument): void {
  const { schemas, responses } = document.components
  const used = new Set<string>()
  const visit = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (used.has(name) || schemas[name] === undefined) continue
      used.add(name)
      visit(schemas[name])
    }
  }
  visit([document.paths, responses])
  document.components.schemas = Object.fromEntries(
    Object.entries(schemas)
      .filter(([name]) => used.has(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )
}

/**
 * Answers may get new members one day, which is no break to who reads them; requests stay closed. And a bound that only
 * says what a number in JavaScript can be says nothing.
 */
function openAnswers(document: OpenApiDocument): void {
  const tidy = (value: unknown, open: boolean): void => {
    if (typeof value !== 'object' || value === null) return
    const schema = value as Schema
    if (open && schema.additionalProperties === false) delete schema.additionalProperties
    if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum
    if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
    for (const member of Object.values(schema)) tidy(member, open)
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) tidy(schema, !name.endsWith('Input'))
  tidy(document.components.responses, true)
  for (const operations of Object.values(document.paths)) {
    for (const operation of Object.values(operations)) {
      tidy(operation.responses, true)
      tidy(operation.parameters, false)
    }
  }
}

/** The generator calls each schema of a request `…Input`, which says something only where an answer has the same name. */
function renameInputs(document: OpenApiDocument): OpenApiDocument {
  const names = Object.keys(document.components.schemas)
  const renamed = names.filter((name) => name.endsWith('Input') && !names.includes(name.slice(0, -'Input'.length)))
  let text = JSON.stringify(document)
  for (const name of renamed) {
    const short = name.slice(0, -'Input'.length)
    text = text
      .replaceAll(`"#/components/schemas/${name}"`, `"#/components/schemas/${short}"`)
      .replaceAll(`"${name}":{`, `"${short}":{`)
  }
  return JSON.parse(text) as OpenApiDocument
}
