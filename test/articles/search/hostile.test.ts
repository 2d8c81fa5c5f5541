import t from 'tap'
import { type TestApp, testApp } from '../../support/app.ts'
import { makeDraft, makeSource, makeTag } from '../../support/factories.ts'
import { find, findAny, pages, publishAll } from './find.ts'
import { askAll, named, strings, wrongIn } from './odd.ts'

/** Any string at all is a query that is answered, or refused with what is wrong of it. */

/** What a query may meet: words in every place, and things that are called so. */
async function makeWorld(app: TestApp): Promise<void> {
  await makeTag(app, { name: 'C++ & co-op', slug: 't', synonyms: ['日本', 'NEAR'] })
  await makeSource(app, { name: "It's what?", slug: 's', aliases: ['AND', 'col'] })
  await publishAll(app, {
    one: {
      title: 'C++, co-op and 2026-11-22',
      deck: "it's what?",
      pages: pages('NEAR( col: AND a b c x y z'),
      tags: ['t'],
    },
    two: { title: '日本 É ß 19', sources: [{ source: 's' }], pages: pages('a'), lang: 'id' },
  })
}

/** What no string encodes, and yet can stand in a URL. */
const raw = [
  ...[
    '%ED%A0%80',
    '%ED%B0%80',
    'a%ED%A0%BDb',
    '%FF',
    '%C0%80',
    '%F4%90%80%80',
    '%80',
    'a%',
    '%',
    '%2',
    '%zz',
    '%u0041',
    '+',
    '+a+',
    'a%2Bb',
    '%00',
    '%0a',
    '%25',
  ],
]

t.test('strings that mean something to an engine are text', async (t) => {
  const app = await testApp(t)
  await makeWorld(app)
  const { faults, found } = await askAll(app, named.map(encodeURIComponent))
  t.strictSame(faults, [])
  t.ok(found > 60, `${found} searches found something`)
  const cases = {
    'C++': 'one',
    'co-op': 'one',
    '2026-11-22': 'one',
    "it's": 'one two',
    'what?': 'one two',
    'NEAR(': 'one',
    'col:': 'one two',
  }
  for (const [q, slugs] of Object.entries(cases)) t.equal(await findAny(app, q), slugs, q)
  t.equal(await findAny(app, '"it is"'), '')
})

t.test('what stands in a URL and is no text is text or refused', async (t) => {
  const app = await testApp(t)
  await makeWorld(app)
  t.strictSame((await askAll(app, raw)).faults, [])
})

t.test('no URL has a NUL in it, and every other sign is text', async (t) => {
  const app = await testApp(t)
  await makeWorld(app)
  const answers = await Promise.all(
    ['%00', 'a%00', '%0aa', '%01', '%7f', 'a%c2%85', '%ef%bf%bd'].map((q) => app.call('GET', `/v1/articles?q=${q}`)),
  )
  t.strictSame(
    answers.map(({ status, body }) => (status === 200 ? status : body.code)),
    ['invalid_text', 'invalid_text', 200, 200, 200, 200, 200],
  )
})

t.test('a query of ten thousand words is refused', async (t) => {
  const app = await testApp(t)
  for (const q of [
    'x '.repeat(10_000),
    'x'.repeat(10_000),
    '"x" '.repeat(5_000),
    'x OR '.repeat(3_000),
    '('.repeat(20_000),
  ]) {
    const { status, body } = await app.call('GET', `/v1/articles?q=${encodeURIComponent(q)}`)
    t.ok(status === 400 || status === 414, `${status} ${body.code}`)
  }
  const { status, body } = await app.call('GET', `/v1/articles?q=${'x+'.repeat(1_000)}`)
  t.match({ status, body }, { status: 400, body: { errors: [{ parameter: 'q' }] } })
})

t.test(
  '2,000 strings of any kind are each answered with a page, or refused for what is wrong of them',
  { timeout: 12 * 60_000 },
  async (t) => {
    const app = await testApp(t)
    await makeWorld(app)
    const { faults, found, refused } = await askAll(app, strings(1, 2_000).map(encodeURIComponent))
    t.strictSame(faults.slice(0, 20), [], `${faults.length} of 6,000`)
    t.ok(found > 300 && refused > 20, `${found} found something, ${refused} were refused`)
  },
)

t.test('nothing that is asked keeps the next from being answered', async (t) => {
  const app = await testApp(t)
  await makeDraft(app, { title: 'Zq' })
  await makeWorld(app)
  const all = await Promise.all(strings(3, 60).map((q) => app.call('GET', `/v1/articles?q=${encodeURIComponent(q)}`)))
  // Of many at once some may be told to come later.
  t.strictSame(
    all.map(wrongIn).filter((wrong) => wrong !== undefined && !/^503 too_busy/.test(wrong)),
    [],
  )
  t.equal(await find(app, 'C++'), 'one')
})
