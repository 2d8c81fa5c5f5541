import fc from 'fast-check'
import t from 'tap'
import { canonicalJson, equalJson, mergePatch, pointer } from '../../src/lib/json.ts'
import '../support/chance.ts'

t.test('mergePatch does what the examples of RFC 7396, appendix A, say', async (t) => {
  const examples: [unknown, unknown, unknown][] = [
    [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
    [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
    [{ a: 'b' }, { a: null }, {}],
    [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
    [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
    [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
    [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
    [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
    [
      ['a', 'b'],
      ['c', 'd'],
      ['c', 'd'],
    ],
    [{ a: 'b' }, ['c'], ['c']],
    [{ a: 'foo' }, null, null],
    [{ a: 'foo' }, 'bar', 'bar'],
    [{ e: null }, { a: 1 }, { e: null, a: 1 }],
    [[1, 2], { a: 'b', c: null }, { a: 'b' }],
    [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  ]
  for (const [target, patch, result] of examples) {
    const before = JSON.stringify([target, patch])
    t.strictSame(mergePatch(target, patch), result, JSON.stringify({ target, patch }))
    t.equal(JSON.stringify([target, patch]), before, 'neither is changed')
  }
})

t.test(
  'a patch leaves no null of its own, changes nothing it does not name, and has one effect if sent twice',
  async (t) => {
    const object = fc.dictionary(fc.string(), fc.jsonValue())
    fc.assert(
      fc.property(object, object, (target, patch) => {
        const merged = mergePatch(target, patch) as Record<string, unknown>
        const touched = Object.keys(patch)
        const kept = Object.keys(target).filter((key) => !touched.includes(key))
        return (
          kept.every((key) => equalJson(merged[key], target[key])) &&
          touched.every((key) => Object.hasOwn(merged, key) === (patch[key] !== null)) &&
          equalJson(mergePatch(merged, patch), merged)
        )
      }),
    )
    t.strictSame(mergePatch({ a: 1 }, {}), { a: 1 })
  },
)

t.test('a member named for the prototype is a member like any other', async (t) => {
  const patch = JSON.parse('{"__proto__":{"admin":true}}')
  const merged = mergePatch({ a: 1 }, patch) as Record<string, unknown>
  t.equal(merged.admin, undefined)
  t.equal(Object.getPrototypeOf(merged), Object.prototype)
  t.equal(JSON.stringify(merged), '{"a":1,"__proto__":{"admin":true}}')
  t.equal(equalJson(JSON.parse('{"__proto__":{}}'), { a: {} }), false)
  t.equal(equalJson({ toString: {} }, { a: {} }), false)
})

t.test('equal JSON is equal whatever the order of its keys and however it was copied', async (t) => {
  fc.assert(fc.property(fc.jsonValue(), (value) => equalJson(value, JSON.parse(JSON.stringify(value)))))
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) =>
      equalJson(value, Object.fromEntries(Object.entries(value).reverse())),
    ),
  )
  t.equal(equalJson({ a: 1, b: [{ c: null }] }, { b: [{ c: null }], a: 1 }), true)
  t.equal(equalJson(0, -0), true, 'JSON knows one zero')
})

t.test('equal JSON has one canonical text, and what differs another', async (t) => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => (canonicalJson(a) === canonicalJson(b)) === equalJson(a, b)),
  )
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).reverse())
      return canonicalJson([turned]) === canonicalJson([value])
    }),
  )
  t.equal(canonicalJson({ b: [{ d: null, c: 1 }], a: undefined }), '{"b":[{"c":1,"d":null}]}')
})

t.test('JSON that differs anywhere is not equal', async (t) => {
  const different = [
    null,
    false,
    true,
    0,
    1,
    '',
    '0',
    [],
    [null],
    [0, 1],
    [1, 0],
    {},
    { a: 1 },
    { a: null },
    { b: 1 },
    { a: 1, b: 2 },
    { a: [1] },
  ]
  for (const [i, a] of different.entries()) {
    for (const [j, b] of different.entries()) t.equal(equalJson(a, b), i === j, JSON.stringify([a, b]))
  }
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      const sorted = (value: unknown): unknown =>
        Array.isArray(value)
          ? value.map(sorted)
          : typeof value === 'object' && value !== null
            ? Object.entries(value)
                .map(([key, member]) => [key, sorted(member)] as const)
                .sort(([one], [other]) => (one < other ? -1 : 1))
                .concat([['', 'object']])
            : value
      return equalJson(a, b) === (JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)))
    }),
  )
})

t.test('a pointer names a place as RFC 6901 says', async (t) => {
  t.equal(pointer([]), '')
  t.equal(pointer(['pages', 0, 'body']), '/pages/0/body')
  t.equal(pointer(['']), '/')
  t.equal(pointer(['a/b', 'm~n', '~1', 'c%d', ' ']), '/a~1b/m~0n/~01/c%d/ ')
  fc.assert(
    fc.property(fc.array(fc.string()), (path) => {
      const steps = pointer(path).split('/').slice(1)
      t.same(
        steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
        path,
      )
    }),
  )
})
