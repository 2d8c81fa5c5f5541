import t from 'tap'
import { type Answer, testApp } from '../support/app.ts'
import { makeTag } from '../support/factories.ts'
import { admitted, dump, makeWorld, type Operation, operations, type Parameter, urlOf } from '../support/operations.ts'
import { listen, sendChecked } from '../support/wire.ts'

const json = 'application/json'

/** With a right body, so that what is refused is the address. */
function complete(operation: Operation) {
  return admitted(operation, operation.right)
}

t.test('unknown, repeated and wrong parameters are refused by name on every operation', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  const before = await dump(app.store)
  for (const operation of operations) {
    const faults: string[] = []
    for (const { query, parameter } of rowsFor(operation)) {
      const answer = await app.call(operation.method, `${urlOf(operation, world)}?${query}`, complete(operation))
      if (answer.status !== 400 || !namesOf(answer).includes(parameter)) {
        faults.push(`?${query.slice(0, 60)} should name ${parameter}: ${answer.text}`)
      }
    }
    t.strictSame(faults, [], operation.id)
  }
  t.equal(await dump(app.store), before, 'nothing was written')
})

t.test('all faults of a query are answered at once', async (t) => {
  const app = await testApp(t)
  const { body } = await app.call('GET', '/v1/tags?limit=1e2&limit=3&sort=x&kind=a,b&surprise=1&__proto__=2')
  t.strictSame([...new Set(namesOf({ body } as Answer))].sort(), ['__proto__', 'kind', 'limit', 'sort', 'surprise'])
})

t.test('a cursor that was not made for this very list is refused', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  await makeTag(app, { name: 'Rail' })
  const { body: first } = await app.call('GET', '/v1/tags?limit=1')
  const good: string = first.page.next
  t.equal((await app.call('GET', `/v1/tags?limit=2&cursor=${good}`)).status, 200, 'another limit is still this list')
  const flipped = `${good.slice(0, 5)}${good[5] === 'A' ? 'B' : 'A'}${good.slice(6)}`
  const bad = ['x', '!!!', 'a'.repeat(500), flipped, `${good}A`, good.slice(0, -1), `${good}=`, '%F0%9F%98%80']
  const lists = operations.filter(({ parameters }) => parameters.some(({ name }) => name === 'cursor'))
  t.ok(lists.length >= 4)
  for (const operation of lists) {
    for (const cursor of [...bad, ...(operation.id === 'listTags' ? [] : [good])]) {
      const url = `${urlOf(operation, world)}?cursor=${cursor}`
      const { status, body } = await app.call('GET', url, admitted(operation))
      t.match(
        { status, body },
        { status: 400, body: { code: 'invalid_cursor', errors: [{ parameter: 'cursor' }] } },
        url,
      )
    }
    const url = `${urlOf(operation, world)}?cursor=${'a'.repeat(5_000)}`
    t.match((await app.call('GET', url, admitted(operation))).body.errors, [{ parameter: 'cursor', code: 'too_large' }])
  }
  for (const query of ['sort=-name', 'kind=place', 'sort=updatedAt']) {
    t.equal((await app.call('GET', `/v1/tags?limit=1&${query}&cursor=${good}`)).body.code, 'invalid_cursor', query)
  }
})

t.test('an id that is none never leads to anything, and is refused by name when it cannot be one', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  const port = await listen(app)
  const before = await dump(app.store)
  for (const operation of operations.filter(({ path }) => path.includes('{'))) {
    const [, name = ''] = /\{(\w+)\}/.exec(operation.path) ?? []
    const { body, edit, method } = operation
    const headers = {
      authorization: `Bearer ${app.keys.admin}`,
      ...(edit && { 'if-match': '*' }),
      ...(body !== undefined && { 'content-type': json }),
    }
    for (const [id, expected] of badIds(world[name] ?? '')) {
      const url = urlOf(operation, { ...world, [name]: id })
      const pieces = body === undefined ? [] : [JSON.stringify(body.example)]
      const answer = await sendChecked(port, method, url, headers, pieces)
      t.ok(expected.includes(answer.status), `${operation.id} ${id.slice(0, 40)}: ${answer.status}`)
      t.strictSame(answer.faults, [])
      if (id.length > 1_000) t.strictSame(namesOf(answer), [name], `names ${name}`)
    }
  }
  t.equal(await dump(app.store), before, 'nothing was written')
})

t.test('paths are taken as they are: no dots, doubled or trailing slashes lead elsewhere', async (t) => {
  const app = await testApp(t)
  const port = await listen(app)
  const paths = [
    '/v1/../livez',
    '/v1/%2e%2e/livez',
    '//livez',
    '/livez/',
    '/v1//tags',
    '/LIVEZ',
    '/v1/tags;x=1',
    '/livez%20',
  ]
  for (const path of [
    ...paths,
    '/livez%00',
    '/%ff',
    '/%',
    '/%zz',
    '/v1/..;/keys',
    '/v1/tags/../keys',
    '/.git/config',
  ]) {
    const { status, faults } = await sendChecked(port, 'GET', path)
    t.ok(status === 404 || (status === 400 && path.includes('%')), `${path}: ${status}`)
    t.strictSame(faults, [])
  }
})

t.test('a query longer than any of ours is refused by every operation', async (t) => {
  const app = await testApp(t)
  const world = await makeWorld(app)
  for (const operation of operations) {
    const url = `${urlOf(operation, world)}?limit=${'1'.repeat(8_192)}`
    const { status, body } = await app.call(operation.method, url, complete(operation))
    t.same([status, body.code], [414, 'uri_too_long'], operation.id)
  }
})

t.test('text that no engine can keep is refused in a query and in a path', async (t) => {
  const app = await testApp(t)
  for (const bad of ['%00', 'a%00b', '%ff', '%c3%28', '%ed%a0%80', '%e0%80%af']) {
    for (const url of [`/v1/tags?ids=${bad}`, `/v1/articles?byline=${bad}`, `/v1/tags/${bad}`]) {
      const { status, body } = await app.call('GET', url)
      t.equal(status, 400, url)
      t.match(body.code, /^invalid_(text|request)$/)
    }
  }
})

function namesOf(answer: Pick<Answer, 'body'>): string[] {
  const errors = (answer.body?.errors ?? []) as { parameter?: string }[]
  return errors.map(({ parameter = '' }) => parameter)
}

function badIds(real: string): [string, number[]][] {
  return [
    // Digits have no case, so an id without a letter in it is the same in capitals.
    [/[a-z]/.test(real) ? real.toUpperCase() : 'NONE', [404]],
    [`${real}x`, [404]],
    [`${real}%20`, [404]],
    [real.replace(/^./, '%20$&'), [404]],
    ['00000000-0000-0000-0000-000000000000', [404]],
    ['..%2f', [404]],
    ['%2e%2e', [404]],
    ['..%5c', [404]],
    ['%00', [400]],
    ['%ff', [400]],
    ['%E0%A4%A', [400]],
    ["'%20OR%201=1--", [404]],
    ['*', [404]],
    ['__proto__', [404]],
    ['constructor', [404]],
    ['%F0%9F%98%80', [404]],
    ['a'.repeat(10_240), [400]],
  ]
}

function rowsFor({ parameters }: Operation): { query: string; parameter: string }[] {
  const query = parameters.filter((parameter) => parameter.in === 'query')
  const unknown = [
    'surprise',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'limit[]',
    'filters[a][$ne]',
    '$where',
  ]
  return [
    ...unknown.map((name) => ({ query: `${encodeURIComponent(name)}=1`, parameter: name })),
    { query: 'Limit=1', parameter: 'Limit' },
    ...query.flatMap((parameter) => {
      const { name } = parameter
      const twice = ['a', '1', 'true', ''].map((value) => `${name}=${value}&${name}=${value}`)
      return [...twice, ...wrong(parameter).map((value) => `${name}=${value}`)].map((one) => ({
        query: one,
        parameter: name,
      }))
    }),
  ]
}

/** Text that a parameter of this schema must not take. */
function wrong({ name, schema }: Parameter): string[] {
  const { type, maximum = 100 } = schema.anyOf?.[0] ?? schema
  if (type === 'integer') {
    return [
      '1e2',
      '0x10',
      '-1',
      '',
      '+5',
      '1.0',
      '1.5',
      '%201',
      '1,2',
      'NaN',
      'Infinity',
      '9007199254740993',
      '0',
      String(maximum + 1),
      '%D9%A1',
    ]
  }
  if (type === 'boolean') return ['yes', '1', 'TRUE', '', 'null', 'true,false']
  if (type === 'array') {
    const items = schema.items ?? {}
    const long = Array(150).fill('a').join(',')
    return [long, ...(items.enum === undefined ? [] : ['bogus', `${items.enum[0]},bogus`, `${items.enum[0]},`]), '']
  }
  if (schema.enum !== undefined)
    return ['bogus', '', schema.enum[0]?.toUpperCase() ?? '', `${schema.enum[0]},${schema.enum[0]}`]
  return [...(name === 'cursor' ? [] : ['']), 'a'.repeat(1_500)]
}
