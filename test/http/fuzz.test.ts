import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import t from 'tap'
import { everyone, testApp } from '../support/app.ts'
import '../support/chance.ts'
import { makeWorld, type Operation, operations, resolve, type Schema, urlOf } from '../support/operations.ts'

/** Enough that each operation is met some twenty-five times; a run takes some seconds. */
const numRuns = 1_600
/** What hangs is told with the request that hung; on a busy machine the seconds are minutes. */
const longestMs = 240_000

interface Format extends Schema {
  format?: string
  const?: unknown
  examples?: unknown[]
  oneOf?: Schema[]
}

const words = fc.constantFrom(
  'rail',
  'asia',
  'world',
  'Jakarta Kota',
  'https://news.example/a',
  'en-GB',
  'rail-strike',
  '![x](y)',
  '*a*',
)
const text = fc.oneof(
  { arbitrary: words, weight: 4 },
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom(
    '',
    ' ',
    'rail',
    'asia',
    'world',
    "'",
    '"',
    '%',
    '_',
    '../',
    'a\nb',
    '\u2028',
    'ﬁ',
    'İ',
    '‮',
    'NULL',
    '1e400',
  ),
)

/** What somebody searches, who knows the operators, or those of other engines, or none. */
const searches = fc.oneof(
  { arbitrary: fc.constantFrom('rail', 'strike', 'the', 'russia', 'cna', 'rail strike', 'trains'), weight: 3 },
  fc
    .array(
      fc.constantFrom(
        ...[
          'rail',
          'strike',
          '"',
          '“',
          '”',
          '-',
          'OR',
          'AND',
          'NOT',
          'NEAR(',
          '(',
          ')',
          '*',
          ':',
          '~',
          '#',
          '^',
          '+',
          "'",
        ],
        ...['title:', 'tag:', 'source:', 'body:', 'rowid:', '&', '|', '!', '<->', ':*', '\\', '\0', '日本', 'é', ' '],
      ),
      { maxLength: 12 },
    )
    .chain((parts) => fc.constantFrom(parts.join(''), parts.join(' '))),
  text,
)

const instants = fc
  .date({ noInvalidDate: true, min: new Date('1900-01-01'), max: new Date('2100-01-01') })
  .map((date) => date.toISOString())

/** What the schema allows, and now and then what it does not. */
function inputOf(schema: Format, depth = 0): fc.Arbitrary<unknown> {
  const right = rightInputOf(resolve(schema) as Format, depth)
  return fc.oneof({ arbitrary: right, weight: 60 }, { arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 1 })
}

function rightInputOf(schema: Format, depth: number): fc.Arbitrary<unknown> {
  const branches = schema.anyOf ?? schema.oneOf
  if (branches !== undefined) return fc.oneof(...branches.map((branch) => inputOf(branch, depth)))
  if (schema.const !== undefined) return fc.constant(schema.const)
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
  const type = [schema.type].flat()[0]
  if (type === 'null') return fc.constant(null)
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer' || type === 'number')
    return fc.oneof(fc.integer({ min: -2, max: 120 }), fc.double(), fc.maxSafeInteger())
  if (type === 'array') {
    return depth > 4 ? fc.constant([]) : fc.array(inputOf(schema.items ?? {}, depth + 1), { maxLength: 4 })
  }
  if (type === 'object' || schema.properties !== undefined) {
    const members = Object.entries(schema.properties ?? {}).map(([name, member]) => [name, inputOf(member, depth + 1)])
    const requiredKeys = schema.required ?? []
    return fc.record(Object.fromEntries(members) as Record<string, fc.Arbitrary<unknown>>, { requiredKeys })
  }
  const examples = schema.examples === undefined ? [] : [fc.constantFrom(...schema.examples)]
  if (schema.format === 'date-time') return fc.oneof({ arbitrary: instants, weight: 6 }, text, ...examples)
  if (schema.format === 'date') return fc.oneof(fc.constantFrom('2026-02-28', '2026-02-30', '0000-00-00'), text)
  if (schema.format === 'uri') return fc.oneof(fc.webUrl(), text)
  return fc.oneof(text, ...examples)
}

/** Objects may be without a prototype, and then without a text. */
const written = (value: unknown): string =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)

function queryOf({ parameters }: Operation): fc.Arbitrary<string> {
  const pairs = parameters
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, schema }) =>
      inputOf(schema).map((value) => `${name}=${encodeURIComponent([value].flat().map(written).join(','))}`),
    )
  const stray = fc.tuple(text, text).map((pair) => pair.map(encodeURIComponent).join('='))
  const weighed = [...pairs.map((arbitrary) => ({ arbitrary, weight: 20 })), { arbitrary: stray, weight: 1 }]
  const queries = fc.array(fc.oneof(...weighed), { minLength: 1, maxLength: 3 }).map((all) => `?${all.join('&')}`)
  // Half of what can be asked is about what is searched.
  const searched = fc
    .tuple(queries, searches)
    .map(([query, q]) => `${query.replaceAll(/\bq=[^&]*&?/g, '')}&q=${encodeURIComponent(q)}`)
  const isSearch = parameters.some(({ name }) => name === 'q')
  return fc.oneof(
    { arbitrary: fc.constant(''), weight: pairs.length === 0 ? 20 : 2 },
    queries,
    ...(isSearch ? [{ arbitrary: searched, weight: 4 }] : []),
  )
}

function requestOf(operation: Operation, world: Record<string, string>) {
  const json = 'application/json'
  const schema = operation.body?.schema
  const broken = fc.oneof(
    fc.json().map((data) => ({ type: json, data })),
    fc.string({ unit: 'binary' }).map((data) => ({ type: json, data })),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => ({ type: json, data: Buffer.from(bytes) })),
    fc.tuple(fc.constantFrom('text/plain', 'text/html', 'a/b', json), text).map(([type, data]) => ({ type, data })),
  )
  const right = schema && inputOf(schema).map((value) => ({ type: json, data: JSON.stringify(value) ?? '' }))
  const raw =
    right === undefined
      ? fc.oneof({ arbitrary: fc.constant(undefined), weight: 6 }, broken)
      : fc.oneof({ arbitrary: right, weight: 8 }, broken)
  const ids = fc.oneof(fc.constantFrom(...Object.values(world)), text.map(encodeURIComponent))
  return fc.record({
    operation: fc.constant(operation),
    values: fc.oneof(
      { arbitrary: fc.constant(world), weight: 3 },
      ids.map((id) => Object.fromEntries(Object.keys(world).map((key) => [key, id]))),
    ),
    query: queryOf(operation),
    raw,
    version: fc.constantFrom('*', '*', '"1"', '"2"', '3', 'x', undefined),
    as: fc.constantFrom(...everyone, 'admin', 'admin', 'editor', 'editor'),
    headers: fc.constantFrom(
      {},
      {},
      {},
      { accept: 'text/html' },
      { 'if-none-match': '*' },
      { 'x-request-id': 'a b' },
      { accept: '*/*' },
    ),
  })
}

t.test(
  'whatever is sent to any operation, the answer is one that the document knows and never a fault of ours',
  async (t) => {
    const app = await testApp(t)
    const world = await makeWorld(app)
    const statuses = new Map<number, number>()
    const requests = fc.oneof(...operations.map((operation) => requestOf(operation, world)))
    const property = fc.asyncProperty(requests, async ({ operation, values, query, raw, version, as, headers }) => {
      const options = { as, headers, ...(raw !== undefined && { raw }), ...(version !== undefined && { version }) }
      // The test app itself holds the answer against the document.
      const { status, text: body } = await app.call(operation.method, urlOf(operation, values) + query, options)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (status >= 500) throw new Error(`${status}: ${body}`)
    })
    await fc.assert(property, { numRuns, interruptAfterTimeLimit: longestMs, markInterruptAsFailure: true })
    t.comment(`answers: ${JSON.stringify(Object.fromEntries([...statuses].sort(([a], [b]) => a - b)))}`)
    for (const status of [200, 201, 400, 401, 403, 404, 406, 422])
      t.ok(statuses.has(status), `some were answered ${status}`)
    t.strictSame(Object.keys(Object.prototype), [])
    t.equal((await app.call('GET', '/readyz')).status, 200)
  },
)

t.test('whatever is searched, something is answered that the document knows', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  const searching = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'q'))
  t.same(searching.map(({ id }) => id).sort(), ['listArticles', 'listArticlesOfSource', 'suggest'])
  const statuses = new Map<number, number>()
  const requests = fc.oneof(
    ...searching.map((operation) =>
      fc.tuple(fc.constant(operation), queryOf(operation), searches, fc.constantFrom(...everyone, 'editor')),
    ),
  )
  const property = fc.asyncProperty(requests, async ([operation, more, q, as]) => {
    const others = more.replace('?', '').replaceAll(/\bq=[^&]*&?/g, '')
    const query = `?q=${encodeURIComponent(q)}${others === '' ? '' : `&${others}`}`
    const { status, text: body } = await app.call('GET', urlOf(operation, world) + query, { as })
    statuses.set(status, (statuses.get(status) ?? 0) + 1)
    if (status >= 500) throw new Error(`${status}: ${body}`)
  })
  await fc.assert(property, { numRuns: numRuns / 2, interruptAfterTimeLimit: longestMs, markInterruptAsFailure: true })
  t.comment(`answers: ${JSON.stringify(Object.fromEntries([...statuses].sort(([a], [b]) => a - b)))}`)
  t.ok((statuses.get(200) ?? 0) > numRuns / 8, 'many of them found something, or nothing')
})
