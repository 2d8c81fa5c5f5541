import { ndjson } from '../../src/http/lines.ts'
import type { Store } from '../../src/storage/store.ts'
import type { CallOptions, TestApp, Who } from './app.ts'
import { document } from './contract.ts'
import { makePublished, makeSection, makeSource, makeTag } from './factories.ts'

/** What the document says of one parameter, its schema without the references that no parameter has. */
export interface Parameter {
  name: string
  in: string
  required: boolean
  schema: Schema
}

export interface Schema {
  type?: string
  items?: Schema
  enum?: string[]
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
  minLength?: number
  maximum?: number
  $ref?: string
}

export interface Operation {
  id: string
  method: string
  path: string
  /** nobody's when anyone may call it */
  roles: readonly Who[]
  parameters: Parameter[]
  /** its JSON body, when it takes one */
  body: { schema: Schema; example: Record<string, unknown>; required: boolean } | undefined
  /** every type that a body may have */
  types: string[]
  /** a body that is right, as it is sent: JSON, or a line of NDJSON; nothing when it takes none */
  right: { raw?: { type: string; data: string } }
  /** answers no JSON but what is of a moment, and so without an ETag */
  streams: boolean
  /** needs If-Match */
  edit: boolean
}

/** Every operation of the document: what is not made from this list is not tested for what is new. */
export const operations: readonly Operation[] = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => {
    const parameters = (operation.parameters ?? []) as unknown as Parameter[]
    const content = operation.requestBody?.content ?? {}
    const json = content['application/json']
    const type = ['application/json', ndjson].find((one) => content[one] !== undefined)
    return {
      id: String(operation.operationId),
      method: method.toUpperCase(),
      path,
      roles: (operation['x-roles'] ?? []) as Who[],
      parameters,
      body:
        json === undefined
          ? undefined
          : {
              schema: json.schema as Schema,
              example: json.example as Record<string, unknown>,
              required: operation.requestBody?.required === true,
            },
      types: Object.keys(content),
      right: type === undefined ? {} : { raw: { type, data: JSON.stringify(content[type]?.example) } },
      streams: isMomentary(operation.responses['200']?.content),
      edit: parameters.some(({ name }) => name === 'If-Match'),
    }
  }),
)

function isMomentary(content: object | undefined): boolean {
  return content !== undefined && !('application/json' in content)
}

/** The schema itself, where a reference stands for it. */
export function resolve(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1)
  return name === undefined ? schema : (document.components.schemas[name] as unknown as Schema)
}

/** One thing of each kind, by the name that path parameters give it. The article is locked by the admin, who may all. */
export async function makeWorld(app: TestApp): Promise<Record<string, string>> {
  const section = await makeSection(app, { name: 'Asia' })
  const tag = await makeTag(app, { name: 'Russia' })
  const source = await makeSource(app, { name: 'CNA' })
  const article = await makePublished(app, { section: section.id, tags: [tag.id], sources: [{ source: source.id }] })
  await app.call('PUT', `/v1/articles/${article.id}/lock`, { as: 'admin' })
  const key = await app.call('POST', '/v1/keys', { as: 'admin', body: { name: 'night desk', role: 'reader' } })
  return {
    section: section.id,
    tag: tag.id,
    source: source.id,
    article: article.id,
    number: '1',
    id: key.body.id,
    code: 'forbidden',
  }
}

/** Who passes the guard of an operation. */
export function whoMay({ roles }: Operation): Who {
  return roles.at(-1) ?? 'stranger'
}

export function urlOf({ path }: Operation, world: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => world[name] ?? 'unknown')
}

/** The same with what the operation needs in its query: a word, whatever it is for. */
export function completeUrlOf(operation: Operation, world: Record<string, string>): string {
  const needed = operation.parameters.filter((one) => one.in === 'query' && one.required)
  const query = new URLSearchParams(needed.map(({ name }): [string, string] => [name, 'russia']))
  return needed.length === 0 ? urlOf(operation, world) : `${urlOf(operation, world)}?${query}`
}

/** What lets a request reach the check of its content: the right key and If-Match. */
export function admitted(operation: Operation, options: CallOptions = {}): CallOptions {
  return { as: whoMay(operation), ...(operation.edit && { version: '*' }), ...options }
}

/** Every row of every table, to see that nothing was written. */
export function dump(store: Store): Promise<string> {
  return store.read(async (db) => {
    const tables = []
    for (const [name, table] of Object.entries(db.tables)) {
      const rows = await db.select().from(table)
      tables.push([name, rows.map((row) => JSON.stringify(row)).sort()])
    }
    return JSON.stringify(tables)
  })
}
