import t from 'tap'
import { z } from 'zod'
import { type Fault, faultsOf, type Place } from '../../src/lib/faults.ts'

function faults(schema: z.ZodType, input: unknown, place?: Place): Fault[] {
  const result = schema.safeParse(input)
  return result.success ? [] : faultsOf(result.error.issues, place)
}

const Article = z.strictObject({
  title: z.string().min(1).max(5),
  urgency: z.int().min(1).max(9),
  state: z.enum(['draft', 'published']),
  kind: z.literal('article'),
  flags: z.array(z.boolean()).min(1).max(2),
  pages: z.array(z.strictObject({ body: z.string() })),
  seo: z.record(z.string(), z.number()),
})

const right = {
  title: 'Rail',
  urgency: 5,
  state: 'draft',
  kind: 'article',
  flags: [true],
  pages: [{ body: 'x' }],
  seo: {},
}

t.test('what is right has no faults', async (t) => {
  t.same(faults(Article, right), [])
})

t.test('each fault says where it is and what would be right', async (t) => {
  const cases: [object, Fault][] = [
    [{ title: undefined }, { pointer: '/title', code: 'wrong_type', message: 'is required' }],
    [{ title: 7 }, { pointer: '/title', code: 'wrong_type', message: 'must be a string' }],
    [{ title: '' }, { pointer: '/title', code: 'too_small', message: 'must have at least 1 character' }],
    [{ title: 'longer' }, { pointer: '/title', code: 'too_large', message: 'must have at most 5 characters' }],
    [{ urgency: 'x' }, { pointer: '/urgency', code: 'wrong_type', message: 'must be a number' }],
    [{ urgency: 1.5 }, { pointer: '/urgency', code: 'wrong_type', message: 'must be a whole number' }],
    [{ urgency: 0 }, { pointer: '/urgency', code: 'too_small', message: 'must be at least 1' }],
    [{ urgency: 10 }, { pointer: '/urgency', code: 'too_large', message: 'must be at most 9' }],
    [{ state: 'gone' }, { pointer: '/state', code: 'wrong_value', message: 'must be one of draft, published' }],
    [{ kind: 'x' }, { pointer: '/kind', code: 'wrong_value', message: 'must be article' }],
    [{ flags: [] }, { pointer: '/flags', code: 'too_small', message: 'must have at least 1 item' }],
    [{ flags: [true, true, true] }, { pointer: '/flags', code: 'too_large', message: 'must have at most 2 items' }],
    [{ flags: ['yes'] }, { pointer: '/flags/0', code: 'wrong_type', message: 'must be a boolean' }],
    [{ flags: {} }, { pointer: '/flags', code: 'wrong_type', message: 'must be an array' }],
    [{ pages: [{}] }, { pointer: '/pages/0/body', code: 'wrong_type', message: 'is required' }],
    [{ pages: ['x'] }, { pointer: '/pages/0', code: 'wrong_type', message: 'must be an object' }],
    [{ seo: [] }, { pointer: '/seo', code: 'wrong_type', message: 'must be an object' }],
    [{ seo: { 'a/b~c': 'x' } }, { pointer: '/seo/a~1b~0c', code: 'wrong_type', message: 'must be a number' }],
  ]
  for (const [change, fault] of cases) t.same(faults(Article, { ...right, ...change }), [fault], JSON.stringify(change))
})

t.test('all faults are told at once, a hundred at most', async (t) => {
  const found = faults(Article, { ...right, title: 7, urgency: 10, state: 'gone' })
  t.same(
    found.map(({ pointer }) => pointer),
    ['/title', '/urgency', '/state'],
  )
  t.equal(
    faults(
      z.array(z.string()),
      Array.from({ length: 5_000 }, (_, i) => i),
    ).length,
    100,
  )
  t.equal(faults(z.strictObject({}), Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [i, i]))).length, 100)
})

t.test('every member that there is not is a fault of its own', async (t) => {
  t.same(faults(Article, { ...right, pages: [{ body: 'x', 'a/b': 1, c: 2 }] }), [
    { pointer: '/pages/0/a~1b', code: 'unknown', message: 'there is no member of this name' },
    { pointer: '/pages/0/c', code: 'unknown', message: 'there is no member of this name' },
  ])
  t.same(faults(z.strictObject({}), { offset: '1' }, 'querystring'), [
    { parameter: 'offset', code: 'unknown', message: 'there is no parameter of this name' },
  ])
})

t.test('a fault in an address or a header is named by the parameter or header', async (t) => {
  const schema = z.object({ limit: z.int().max(100), 'if-match': z.string().optional() })
  t.same(faults(schema, { limit: 101 }, 'querystring'), [
    { parameter: 'limit', code: 'too_large', message: 'must be at most 100' },
  ])
  t.match(faults(schema, { limit: 'x' }, 'params'), [{ parameter: 'limit' }])
  t.match(faults(schema, { limit: 1, 'if-match': 7 }, 'headers'), [{ header: 'if-match', message: 'must be a string' }])
})

t.test('of a union that branch speaks which came nearest, and the whole where none did', async (t) => {
  const schema = z.strictObject({
    section: z.union(
      [z.string().min(1), z.strictObject({ id: z.string(), at: z.union([z.null(), z.object({ n: z.int() })]) })],
      {
        error: 'must be a name or an object',
      },
    ),
  })
  t.same(faults(schema, { section: { id: 7, at: null } }), [
    { pointer: '/section/id', code: 'wrong_type', message: 'must be a string' },
  ])
  t.same(faults(schema, { section: { id: 'x', at: { n: 'x' } } }), [
    { pointer: '/section/at/n', code: 'wrong_type', message: 'must be a number' },
  ])
  t.same(faults(schema, { section: 7 }), [
    { pointer: '/section', code: 'wrong_type', message: 'must be a name or an object' },
  ])
})

t.test('a schema’s own words are kept', async (t) => {
  const schema = z.object({
    day: z.iso.date({ error: 'must be a day' }),
    even: z.number().refine((n) => n % 2 === 0, 'must be even'),
  })
  t.same(faults(schema, { day: 'x', even: 1 }), [
    { pointer: '/day', code: 'wrong_format', message: 'must be a day' },
    { pointer: '/even', code: 'invalid', message: 'must be even' },
  ])
})

t.test('a body that is nothing like what was asked for is one fault, at its root', async (t) => {
  for (const body of [null, 7, 'x', []]) {
    t.same(
      faults(Article, body),
      [{ pointer: '', code: 'wrong_type', message: 'must be an object' }],
      JSON.stringify(body),
    )
  }
})
