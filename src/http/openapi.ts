import swagger from '@fastify/swagger'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import { stringify } from 'yaml'
import { z } from 'zod'
import { rolesFor } from '../access.ts'
import type { ProblemCode } from '../errors.ts'
import { codesOf } from './contract.ts'
import { bodyOf, statusOf } from './problems.ts'

/** The contract's own version (SemVer); it follows what is served, not the program. */
const version = '1.0.0'

const description = `A headless CMS for newsrooms: articles, sections, tags and sources.

Without a key you read what is public. Writers, editors and admins send \`Authorization: Bearer KEY\`.

- **Working copy and live copy.** Editors change the working copy (\`stage=working\`); the public reads the live one. Publishing puts the first in the place of the second.
- **Nobody overwrites silently.** What changes a thing needs \`If-Match\` with the ETag or the version that was read: 428 without, 412 when somebody was faster.
- **Errors** are RFC 9457 problems with a \`code\` from a closed list, and every fault at once with its place.
- **Unknown** parameters and members are refused, never ignored.
- **Instants** are RFC 3339 in UTC; times to come are decided when they are read.`

const tags = [
  { name: 'articles', description: 'Drafts, live copies and what leads from one to the other.' },
  { name: 'sections', description: 'The tree of the paper.' },
  { name: 'tags', description: 'What articles are about.' },
  { name: 'sources', description: 'On whose reporting articles rest.' },
  { name: 'keys', description: 'Who may do what.' },
  { name: 'operations', description: 'For those who run it.' },
]

interface Schema {
  $ref?: string
  type?: string | string[]
  examples?: unknown[]
  [key: string]: unknown
}
interface Media {
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

/** Collects the routes into the OpenAPI document; registered before them. */
export async function describe(app: FastifyInstance): Promise<void> {
  const routes = new Map<string, RouteOptions>()
  app.addHook('onRoute', (route) => {
    const path = route.url.replace(/:(\w+)/g, '{$1}')
    for (const method of [route.method].flat()) routes.set(`${method.toLowerCase()} ${path}`, route)
  })
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Warta', version, description, license: { name: 'MIT', identifier: 'MIT' } },
      servers: [{ url: '/', description: 'This server' }],
      tags,
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer', description: 'An API key: `warta_` and 36 letters and digits.' },
        },
      },
    },
    // A zod literal stays a const, as JSON Schema 2020-12 has it.
    convertConstToEnum: false,
    transform: toJsonSchema as never,
    transformObject: (input) => finish(jsonSchemaTransformObject(input as never) as never, routes) as never,
  })
}

/** The document as JSON and as YAML, the same bytes at each start of one version. */
export async function documentRoutes(app: FastifyInstance): Promise<void> {
  const hidden = { config: { allow: 'anyone' }, schema: { hide: true } } as const
  let json: string | undefined
  let yaml: string | undefined
  app.get('/openapi.json', hidden, async (_request, reply) => {
    json ??= JSON.stringify(documentOf(app))
    return reply.type('application/json').send(json)
  })
  app.get('/openapi.yaml', hidden, async (_request, reply) => {
    yaml ??= stringify(documentOf(app), { aliasDuplicateObjects: false })
    return reply.type('application/yaml').send(yaml)
  })
}

export function documentOf(app: FastifyInstance): OpenApiDocument {
  return app.swagger() as unknown as OpenApiDocument
}

type Transform = typeof jsonSchemaTransform
type TransformInput = Parameters<Transform>[0]

/** The provider's transform, for bodies of several media types too. */
function toJsonSchema(input: TransformInput): ReturnType<Transform> {
  const content = (input.schema?.body as { content?: Record<string, Media> } | undefined)?.content
  if (content === undefined) return jsonSchemaTransform(input)
  const { body: _, ...schema } = input.schema
  const transformed = jsonSchemaTransform({ ...input, schema })
  const media = Object.entries(content).map(([type, { schema: body }]) => {
    const one = jsonSchemaTransform({ ...input, schema: { ...schema, body } } as TransformInput)
    return [type, { schema: one.schema.body }]
  })
  return { ...transformed, schema: { ...transformed.schema, body: { content: Object.fromEntries(media) } } }
}

/** What the generator cannot know: audiences, conditions, headers, examples, and how lists stand in a query. */
function finish(document: OpenApiDocument, routes: ReadonlyMap<string, RouteOptions>): OpenApiDocument {
  document.components.headers = headers
  document.components.responses = {}
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      const route = routes.get(`${method} ${path}`)
      if (route === undefined) throw new Error(`${method} ${path} is described but not served.`)
      finishRequest(method, operation, route)
      finishResponses(document, operation, codesOf(route))
    }
  }
  pruneSchemas(document)
  return renameInputs(document)
}

function finishRequest(method: string, operation: Operation, { config, schema }: RouteOptions): void {
  const allow = config?.allow ?? 'anyone'
  operation.security = allow === 'anyone' ? [{}, { key: [] }] : [{ key: [] }]
  if (allow !== 'anyone') operation['x-roles'] = rolesFor(allow)
  const parameters = operation.parameters ?? []
  for (const parameter of parameters) {
    const isList = parameter.in === 'query' && parameter.schema?.type === 'array'
    if (isList) Object.assign(parameter, { style: 'form', explode: false })
  }
  if (config?.edit === true) parameters.push(ifMatch)
  if (method === 'get') {
    parameters.push(ifNoneMatch)
    operation.responses['304'] = { description: 'Not changed since the ETag that `If-None-Match` names.' }
  }
  if (parameters.length > 0) operation.parameters = parameters
  if (operation.requestBody === undefined) return
  operation.requestBody.required = !(schema?.body instanceof z.ZodDefault)
  for (const [type, one] of Object.entries(operation.requestBody.content)) one.example = exampleOf(schema?.body, type)
}

/** From zod itself: what it makes of a schema that transforms its input is without examples. */
function exampleOf(body: unknown, type: string): unknown {
  const { content } = body as { content?: Record<string, { schema: z.ZodType }> }
  const given = content === undefined ? (body as z.ZodType) : content[type]?.schema
  const schema = given instanceof z.ZodDefault ? (given.unwrap() as z.ZodType) : given
  return (schema?.meta()?.examples as unknown[] | undefined)?.[0]
}

function finishResponses(document: OpenApiDocument, operation: Operation, codes: readonly ProblemCode[]): void {
  const { responses } = operation
  const problemCodes = Map.groupBy(codes, (code) => String(statusOf(code)))
  const isList = operation.parameters?.some(({ name }) => name === 'cursor')
  for (const [status, answer] of Object.entries(responses)) {
    const named = [...(headersOf[status] ?? []), ...(status === '200' && isList ? ['Link'] : [])]
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
  const example = bodyOf(code, {}, '/v1/articles', '019bd2a4-0000-7000-8000-0000000000ff')
  for (const media of Object.values(answer.content ?? {})) media.example = example
  const shared = document.components.responses as Record<string, unknown>
  shared[name] ??= answer
  return { $ref: `#/components/responses/${name}` } as Answer
}

/** The example of a body is the one that its schema carries. */
function giveExample(document: OpenApiDocument, media: Media): void {
  const name = media.schema?.$ref?.split('/').at(-1)
  const schema = name === undefined ? media.schema : document.components.schemas[name]
  const first = schema?.examples?.[0] ?? firstOf(document, schema)
  if (first !== undefined) media.example = first
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

const text = { type: 'string' }

const ifMatch: Parameter = {
  name: 'If-Match',
  in: 'header',
  required: true,
  description: 'The ETag of any representation of what is changed, or its version.',
  schema: { ...text, examples: ['"7"'] },
}
const ifNoneMatch: Parameter = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  description: 'The ETag of an answer that you have: 304 when it still holds.',
  schema: text,
}

const headers: Record<string, unknown> = {
  ETag: { description: 'Strong: of the very bytes; begins with the version of a single thing.', schema: text },
  Link: { description: 'RFC 8288: `first`, `prev` and `next`.', schema: text },
  Location: { description: 'Where it is.', schema: text },
  'WWW-Authenticate': { description: 'RFC 6750', schema: text },
  'Retry-After': { description: 'Seconds to wait before another try.', schema: { type: 'integer' } },
}

const headersOf: Record<string, string[]> = {
  200: ['ETag'],
  201: ['ETag', 'Location'],
  301: ['Location'],
  401: ['WWW-Authenticate'],
  503: ['Retry-After'],
}

const descriptions: Record<string, string> = {
  200: 'OK',
  201: 'Created',
  204: 'Done; there is nothing more to say.',
  301: 'It has another name now.',
}
