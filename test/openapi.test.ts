import { execFile } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import type { FastifyInstance, RouteOptions } from 'fastify'
import t from 'tap'
import { parse } from 'yaml'
import { z } from 'zod'
import { makeDocument } from '../src/cli/openapi.ts'
import { testApp } from './support/app.ts'
import { check, document } from './support/contract.ts'
import { operations } from './support/operations.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..')
const committed = readFileSync(join(root, 'openapi/openapi.json'), 'utf8')

interface Described {
  operationId?: string
  summary?: string
  tags?: string[]
  security?: unknown[]
  parameters?: { name: string; in: string; schema: Record<string, unknown>; description?: string }[]
  requestBody?: { required?: boolean; content: Record<string, { schema: unknown; example?: unknown }> }
  responses: Record<string, { $ref?: string }>
}
const described = Object.entries(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({ method, path, operation: operation as unknown as Described })),
)

interface Shared {
  description: string
  content: Record<string, { example: unknown }>
}
const shared = document.components.responses as Record<string, Shared>

t.test('the committed document is what is served, as JSON and as YAML', async (t) => {
  const app = await testApp(t)
  const json = await app.call('GET', '/openapi.json')
  t.strictSame(json.body, JSON.parse(committed))
  t.match(json.headers['content-type'], /^application\/json/)
  const yaml = await app.call('GET', '/openapi.yaml')
  t.match(yaml.headers['content-type'], /^application\/yaml/)
  t.strictSame(parse(yaml.text), JSON.parse(committed))
  t.equal((await app.call('GET', '/openapi.json')).headers.etag, json.headers.etag)
})

t.test('each build of the document is the same, byte for byte', async (t) => {
  t.equal(await makeDocument(), committed)
  t.equal(await makeDocument(), committed)
})

t.test('the linter finds no fault and nothing to warn of', async (t) => {
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH}`
  const redocly = join(root, 'node_modules/.bin/redocly')
  const env = { ...process.env, PATH, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' }
  const { stdout } = await run(redocly, ['lint', '--format=json'], { cwd: root, env })
  const { totals, problems } = JSON.parse(stdout)
  t.same(totals, { errors: 0, warnings: 0, ignored: 0 })
  t.strictSame(problems, [])
})

t.test('every operation has its name, summary, tag and audience', async (t) => {
  const tags = (document.tags as { name: string }[]).map(({ name }) => name)
  const ids = described.map(({ operation }) => operation.operationId ?? '')
  t.equal(new Set(ids).size, ids.length, 'names are unique')
  for (const { path, method, operation } of described) {
    const name = `${method} ${path}`
    t.match(operation.operationId, /^[a-z][A-Za-z]+$/, name)
    t.match(operation.summary, /^[A-Z].{3,70}[^.]$/, name)
    t.ok(operation.tags?.length === 1 && tags.includes(operation.tags[0] ?? ''), `${name} has one tag`)
    t.ok((operation.security?.length ?? 0) > 0, `${name} says whether it needs a key`)
    for (const parameter of operation.parameters ?? []) {
      const { type, anyOf, enum: choices, $ref } = parameter.schema
      t.ok(type ?? anyOf ?? choices ?? $ref, `${name} ${parameter.name} has a type`)
      t.match(parameter.description, /^\S.*\.$/s, `${name} ${parameter.name} says what it is`)
    }
    for (const [, parameter = ''] of path.matchAll(/\{(\w+)\}/g)) {
      t.ok(
        operation.parameters?.some((one) => one.name === parameter && one.in === 'path'),
        `${name} ${parameter}`,
      )
    }
  }
})

t.test('every operation lists the statuses that follow from what it is', async (t) => {
  for (const { id, method, path, roles, edit, body, streams } of operations) {
    const { responses } = described.find((one) => one.path === path && one.method === method.toLowerCase())
      ?.operation ?? { responses: {} }
    const statuses = ['400', '401', '406', '414', '500', '503']
    if (method === 'GET') statuses.push('200')
    if (method === 'GET' && !streams) statuses.push('304')
    if (roles.length > 0) statuses.push('403')
    if (path.includes('{')) statuses.push('404')
    if (edit) statuses.push('412', '428')
    if (body !== undefined) statuses.push('413', '415')
    t.strictSame(
      statuses.filter((status) => responses[status] === undefined),
      [],
      id,
    )
    t.equal(Object.keys(responses).filter((status) => status.startsWith('2')).length, 1, `${id} succeeds in one way`)
    for (const [status, { $ref }] of Object.entries(responses)) {
      if (Number(status) < 400) continue
      const problem = shared[$ref?.split('/').at(-1) ?? '']
      t.match(problem?.description, /^`[a-z_]+`: /, `${id} ${status} names its problem codes`)
      t.match(problem?.content['application/problem+json']?.example, { status: Number(status) })
    }
  }
})

t.test('every body has an example, and each is what its schema says', async (t) => {
  for (const { path, method, operation } of described) {
    const name = `${method} ${path}`
    for (const [type, media] of Object.entries(operation.requestBody?.content ?? {})) {
      t.ok(media.example !== undefined, `${name} ${type}`)
      t.strictSame(check(`${name} request ${type}`, media.schema, media.example), [])
    }
    for (const [status, answer] of Object.entries(operation.responses)) {
      const { content = {} } = (
        answer.$ref === undefined ? answer : shared[answer.$ref.split('/').at(-1) ?? '']
      ) as Partial<Shared>
      for (const [type, media] of Object.entries(content) as [string, { schema?: unknown; example: unknown }][]) {
        t.ok(media.example !== undefined, `${name} ${status}`)
        t.strictSame(check(`${name} ${status} ${type} example`, media.schema, media.example), [])
      }
    }
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    for (const example of schema.examples ?? []) t.strictSame(check(`example of ${name}`, schema, example), [])
  }
})

t.test('no schema is empty, and each reference leads somewhere', async (t) => {
  const empty: string[] = []
  const walk = (schema: unknown, path: string): void => {
    if (typeof schema !== 'object' || schema === null) return
    if (Object.keys(schema).filter((key) => key !== 'description').length === 0) empty.push(path)
    const { properties = {}, items, anyOf = [], oneOf = [], allOf = [] } = schema as Record<string, object>
    for (const [name, member] of Object.entries(properties)) walk(member, `${path}.${name}`)
    if (items !== undefined) walk(items, `${path}[]`)
    for (const branch of [anyOf, oneOf, allOf].flat()) walk(branch, `${path}|`)
  }
  const find = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [key, member] of Object.entries(value)) {
      if (key === 'schema') walk(member, path)
      else if (key !== 'example' && key !== 'examples') find(member, `${path}/${key}`)
    }
  }
  for (const [name, schema] of Object.entries(document.components.schemas)) walk(schema, name)
  find(document.paths, '')
  find(document.components, '')
  t.strictSame(empty, [])
  for (const [, kind = '', name = ''] of committed.matchAll(/"#\/components\/(\w+)\/([^"]+)"/g)) {
    t.ok(document.components[kind]?.[name], `${kind}/${name}`)
  }
})

t.test('no schema of an answer changes in one way only: zod could not write what it answers', async (t) => {
  const routes: RouteOptions[] = []
  const collect = (message: unknown) => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', (route) => void routes.push(route))
  }
  subscribe('fastify.initialization', collect)
  await makeDocument()
  unsubscribe('fastify.initialization', collect)
  const answers = routes.flatMap(({ method, url, schema }) =>
    Object.entries((schema?.response ?? {}) as Record<string, unknown>)
      .filter(([status]) => status.startsWith('2'))
      .map(([status, answer]) => [`${method} ${url} ${status}`, schemaOf(answer)] as const),
  )
  t.ok(answers.length >= operations.length, `${answers.length} answers`)
  for (const [name, schema] of answers) {
    if (schema instanceof z.ZodUndefined) continue
    t.doesNotThrow(() => z.toJSONSchema(schema, { io: 'output', unrepresentable: 'throw' }), name)
  }
  const oneWay = z.object({ a: z.string().transform(Number) })
  t.throws(
    () => z.toJSONSchema(oneWay, { io: 'output', unrepresentable: 'throw' }),
    'the watch notices what it watches for',
  )
})

/** Of an answer whose media type is named, that one's. */
function schemaOf(answer: unknown): z.ZodType {
  const { content } = answer as { content?: Record<string, { schema: z.ZodType }> }
  const [media] = Object.values(content ?? {})
  return media?.schema ?? (answer as z.ZodType)
}
