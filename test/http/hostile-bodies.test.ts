import { Buffer } from 'node:buffer'
import { gzipSync } from 'node:zlib'
import t from 'tap'
import { type Answer, type TestApp, testApp } from '../support/app.ts'
import { check } from '../support/contract.ts'
import { admitted, dump, makeWorld, type Operation, operations, resolve, urlOf } from '../support/operations.ts'
import { listen, sendChecked } from '../support/wire.ts'

/** A body that must be refused, and how: the pointers are those that the answer must name. */
interface Row {
  name: string
  data: string | Buffer
  status: number | readonly number[]
  code?: string
  pointer?: string
  type?: string
  headers?: Record<string, string>
}

const withBody = operations.filter(({ body }) => body !== undefined)
const json = 'application/json'

t.test(
  'a hostile body is refused at its place by every operation that takes one, and nothing is written',
  async (t) => {
    const app = await testApp(t)
    const world = await makeWorld(app)
    t.ok(withBody.length >= 10, 'the document has operations with bodies')
    for (const operation of withBody) {
      await t.test(`${operation.method} ${operation.path}`, async (t) => {
        const rows = rowsFor(operation)
        const before = await dump(app.store)
        const faults: string[] = []
        for (const row of rows) {
          const answer = await sendRow(app, operation, world, row)
          const fault = faultOf(row, answer)
          if (fault !== undefined) faults.push(`${row.name}: ${fault}, but it answered ${answer.text}`)
        }
        t.ok(rows.length > 40, `${rows.length} rows`)
        t.strictSame(faults, [])
        t.equal(await dump(app.store), before, 'nothing was written')
      })
    }
    t.strictSame(Object.keys(Object.prototype), [], 'Object.prototype is as it was')
    t.equal((await app.call('GET', '/livez')).status, 200)
  },
)

t.test('a body that an operation does not take is refused before it is read', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  const before = await dump(app.store)
  const bodies = [
    { type: json, data: '{}' },
    { type: json, data: '{broken' },
    { type: 'text/html', data: '<p>' },
    { type: json, data: 'x'.repeat(2_000_000) },
  ]
  for (const operation of operations.filter(({ types }) => types.length === 0)) {
    for (const raw of bodies) {
      const answer = await app.call(operation.method, urlOf(operation, world), admitted(operation, { raw }))
      t.match(
        { status: answer.status, code: answer.body?.code },
        { status: 400, code: 'unexpected_body' },
        operation.id,
      )
    }
  }
  t.equal(await dump(app.store), before, 'nothing was written')
})

t.test('a body above the limit is refused, whether its length was told or not', async (t) => {
  const app = await testApp(t, { WARTA_BODY_LIMIT_BYTES: '65536' })
  const world = await makeWorld(app)
  const port = await listen(app)
  const before = await dump(app.store)
  const large = Buffer.alloc(65_537, 0x20)
  for (const operation of withBody) {
    const headers = {
      authorization: `Bearer ${app.keys.admin}`,
      'content-type': json,
      ...(operation.edit && { 'if-match': '*' }),
    }
    for (const length of [{}, { 'content-length': String(large.length) }]) {
      const body = [large.subarray(0, 40_000), large.subarray(40_000)]
      const url = urlOf(operation, world)
      const {
        status,
        body: problem,
        faults,
      } = await sendChecked(port, operation.method, url, { ...headers, ...length }, body)
      t.same([status, problem?.code], [413, 'body_too_large'], `${operation.id} ${JSON.stringify(length)}`)
      t.strictSame(faults, [])
    }
  }
  t.equal(await dump(app.store), before, 'nothing was written')
})

t.test('what is unusual in JSON but right is taken', async (t) => {
  const app = await testApp(t)
  const bom = await app.call('POST', '/v1/tags', { as: 'editor', raw: { type: json, data: '\ufeff{"name":"BOM"}' } })
  t.match({ status: bom.status, body: bom.body }, { status: 201, body: { name: 'BOM' } })
  const raw = {
    type: 'application/json; charset=UTF-8',
    data: '{"name":"a","description":"line\u2028paragraph\u2029\\u00e9"}',
  }
  const separators = await app.call('POST', '/v1/tags', { as: 'editor', raw })
  t.equal(separators.body.description, 'line\u2028paragraph\u2029é')
  const twice = await app.call('POST', '/v1/tags', {
    as: 'editor',
    raw: { type: json, data: '{"name":"one","name":"two"}' },
  })
  t.equal(twice.body.name, 'two', 'of two members with one name the last counts')
})

function sendRow(app: TestApp, operation: Operation, world: Record<string, string>, row: Row): Promise<Answer> {
  const raw = { type: row.type ?? json, data: row.data }
  const headers = row.headers ?? {}
  return app.call(operation.method, urlOf(operation, world), admitted(operation, { raw, headers }))
}

function faultOf({ status, code, pointer }: Row, answer: Answer): string | undefined {
  if (![status].flat().includes(answer.status)) return `the status should be ${status}`
  if (code !== undefined && answer.body?.code !== code) return `the code should be ${code}`
  const places = ((answer.body?.errors ?? []) as { pointer?: string }[]).map((error) => error.pointer ?? '')
  const named = pointer === undefined || places.some((place) => place === pointer || place.startsWith(`${pointer}/`))
  return named ? undefined : `it should name ${pointer}`
}

function rowsFor({ id, method, body, types }: Operation): Row[] {
  if (body === undefined) return []
  const { example } = body
  const schema = resolve(body.schema)
  const whole = (value: unknown) => JSON.stringify(value)
  const rows: Row[] = [
    ...(body.required ? [{ name: 'no body', data: '', status: 400, pointer: '' }] : []),
    ...['{', '}', '{"a":}', '{"a" 1}', "{'a':1}", '{"a":1,}', '{}{}', 'undefined', 'NaN', '// x', '{"a":01}'].map(
      (data) => ({ name: `broken ${data}`, data, status: 400, code: 'invalid_json' }),
    ),
    ...['null', '[]', '"x"', '12', 'true', '[{}]'].map((data) => ({ name: data, data, status: 400, pointer: '' })),
    ...[1_000, 450_000].flatMap((depth) => [
      { name: `arrays ${depth} deep`, data: '['.repeat(depth) + ']'.repeat(depth), status: 400, code: 'invalid_json' },
      {
        name: `an open object ${depth} deep`,
        data: '{"a":'.repeat(Math.min(depth, 200_000)),
        status: 400,
        code: 'invalid_json',
      },
    ]),
    ...['__proto__', 'constructor', 'prototype', 'toString', 'surprise', '', 'a/b~c'].map((name) => ({
      name: `a member called ${name}`,
      data: `{${JSON.stringify(name)}:{"polluted":true},${whole(example).slice(1)}`,
      status: 400,
      pointer: `/${name.replace('~', '~0').replace('/', '~1')}`,
    })),
    {
      name: 'an escaped __proto__',
      data: `{"__pr\\u006fto__":{"a":1},${whole(example).slice(1)}`,
      status: 400,
      pointer: '/__proto__',
    },
    { name: 'a NUL in a name', data: `{"a\\u0000b":1}`, status: 400, code: 'invalid_text', pointer: '/a\0b' },
    {
      name: 'not UTF-8',
      data: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
      status: 400,
      code: 'invalid_text',
    },
    { name: 'UTF-16', data: Buffer.from(whole(example), 'utf16le'), type: `${json}; charset=utf-16`, status: 415 },
    { name: 'Latin 1', data: Buffer.from('{"a":"é"}', 'latin1'), type: `${json};charset="iso-8859-1"`, status: 415 },
    ...[gzipSync(whole(example)), Buffer.from(whole(example))].flatMap((data) =>
      ['gzip', 'br', 'identity'].map((encoding) => ({
        name: `Content-Encoding ${encoding}`,
        data,
        headers: { 'content-encoding': encoding },
        status: 415,
      })),
    ),
    ...mediaTypes
      .filter((type) => !types.some((known) => type.startsWith(known)) && !(method === 'PATCH' && type === mergePatch))
      .map((type) => ({
        name: `type ${type}`,
        data: whole(example),
        type,
        status: 415,
        code: 'unsupported_media_type',
      })),
  ]
  for (const [name, value] of Object.entries(example)) {
    if (typeof value !== 'string') continue
    for (const [what, escaped] of Object.entries({
      NUL: '\\u0000',
      'half a pair': '\\ud800',
      'the other half': '\\udc00x',
    })) {
      const data = whole({ ...example, [name]: '@' }).replace('"@"', `"a${escaped}"`)
      rows.push({ name: `${what} in ${name}`, data, status: 400, code: 'invalid_text', pointer: `/${name}` })
    }
  }
  for (const name of schema.required ?? []) {
    const { [name]: _, ...rest } = example
    rows.push({ name: `without ${name}`, data: whole(rest), status: 400, code: 'invalid_request', pointer: `/${name}` })
  }
  // What the document does not allow must be refused, and where it is.
  for (const name of Object.keys(schema.properties ?? {})) {
    for (const text of wrongValues) {
      const value = JSON.parse(text)
      if (text !== '1e400' && check(`${id} body`, body.schema, { ...example, [name]: value }).length === 0) continue
      const data = whole({ ...example, [name]: '@' }).replace('"@"', text)
      rows.push({
        name: `${name}: ${text.slice(0, 40)}`,
        data,
        // A read-only member that is not what is so breaks a rule instead.
        status: [400, 422],
        pointer: `/${name}`,
      })
    }
  }
  for (const [path, broken] of surprises(example)) {
    if (check(`${id} body`, body.schema, broken).length === 0) continue
    rows.push({ name: `an unknown member in ${path}`, data: whole(broken), status: 400, pointer: path })
  }
  return rows
}

const mergePatch = 'application/merge-patch+json'
const mediaTypes = [
  'text/html',
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/octet-stream',
  'application/jsonx',
  'application/ld+json',
  mergePatch,
  'json',
  ';',
]
const wrongValues = [
  'true',
  '[]',
  '{}',
  '[[]]',
  '[{}]',
  '[null]',
  '{"x":1}',
  '12.5',
  '-1',
  '9007199254740993',
  '1e400',
  '-1e400',
  '"9007199254740993"',
  '"0x10"',
  '""',
  'null',
  JSON.stringify('long '.repeat(4_000)),
  JSON.stringify(Array(2_000).fill('a')),
]

/** The example with an unknown member in each object below its top, and the pointer of that object. */
function surprises(value: unknown, path = ''): [string, unknown][] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => {
    const put = (broken: unknown): unknown =>
      Array.isArray(value) ? value.with(Number(key), broken) : { ...value, [key]: broken }
    const here = `${path}/${key}`
    const isObject = typeof member === 'object' && member !== null && !Array.isArray(member)
    const own: [string, unknown][] = isObject ? [[here, put({ ...member, surprise: 1 })]] : []
    return [...own, ...surprises(member, here).map(([at, broken]): [string, unknown] => [at, put(broken)])]
  })
}
