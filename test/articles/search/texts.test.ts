import t, { type Test } from 'tap'
import { letters, signs } from '../../blackbox/words.ts'
import { type TestApp, testApp } from '../../support/app.ts'
import { makePublished, makeSection, makeSource, makeTag } from '../../support/factories.ts'
import { act, patch } from '../acts.ts'
import { find, findWorking, pages } from './find.ts'
import { askAll, named, strings } from './odd.ts'

/** Articles may say anything, at any length: they are written all the same, and found by it. */

/** A text that can be a title: one line, of 300 characters at most, with something in it. */
const asTitle = (text: string): string =>
  Array.from(text.replace(/[\r\n\u2028\u2029]/g, ' ').trim())
    .slice(0, 300)
    .join('') || 'x'

t.test('articles of any texts can be written, found, changed and taken away', { timeout: 12 * 60_000 }, async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const texts = [...named, ...letters, ...signs, ...strings(2, 300)].filter((text) => text.isWellFormed())
  const faults: string[] = []
  for (const [i, text] of texts.entries()) {
    const title = `${asTitle(text)}`
    const body = {
      title,
      slug: `s${i}`,
      kicker: asTitle(text).slice(0, 60).toWellFormed().trim(),
      deck: title,
      section,
      bylines: [{ name: 'Ana' }],
    }
    const made = await app.call('POST', '/v1/articles', {
      as: 'editor',
      body: { ...body, lang: ['id', 'en', 'fr'][i % 3], pages: [{ body: `Zqmark ${text}` }] },
    })
    // What no article may say is refused, and says why.
    if (made.status === 400) continue
    const published = await app.call('POST', `/v1/articles/s${i}/publish`, { as: 'editor', version: '*' })
    if (made.status !== 201 || published.status !== 200)
      faults.push(`${made.status} ${published.status} ${JSON.stringify(text)}`)
  }
  t.strictSame(faults, [])
  const { body: all } = await app.call('GET', '/v1/articles?q=zqmark&count=exact&limit=1')
  t.ok(all.page.total > 400, `${all.page.total} of ${texts.length}`)
  const { faults: wrong, found } = await askAll(
    app,
    texts.slice(0, 150).map((text) => encodeURIComponent(Array.from(text).slice(0, 60).join('') || 'x')),
  )
  t.strictSame(wrong, [])
  t.ok(found > 150, `${found}`)
  for (const i of [0, 1, 2, 50, 150, 200]) {
    await patch(app, { id: `s${i}`, version: 2 }, { title: 'Zqother' })
    await app.call('POST', `/v1/articles/s${i}/unpublish`, { as: 'editor', version: '*' })
  }
  const { body: rest } = await app.call('GET', '/v1/articles?q=zqmark&count=exact&limit=1')
  t.equal(rest.page.total, all.page.total - 6)
})

const searchable = async (t: Test, app: TestApp, story: object, queries: Record<string, boolean>) => {
  const published = await makePublished(app, { slug: 'long', ...story })
  for (const [q, isFound] of Object.entries(queries)) {
    t.equal(await find(app, q), isFound ? 'long' : '', q.slice(0, 80))
    t.equal(await findWorking(app, q), isFound ? 'long' : '')
  }
  const { status } = await app.call(
    'GET',
    `/v1/articles?q=${encodeURIComponent(Object.keys(queries)[0] ?? '')}&highlight=true&facets=lang`,
  )
  t.equal(status, 200)
  const { body } = await act(app, published, 'unpublish')
  for (const q of Object.keys(queries)) t.equal(await find(app, q), '')
  await act(app, (await act(app, body, 'delete')).body, 'purge', 'admin')
}

t.test('an article of 300,000 characters of one word is found', async (t) => {
  const app = await testApp(t)
  const word = 'rail '
  await searchable(
    t,
    app,
    { title: 'Once', lang: 'en', pages: pages(word.repeat(60_000), 'the end') },
    { rail: true, '"rail rail"': true, once: true, rails: true, nothing: false },
  )
  const long = 'x'.repeat(300_000)
  await searchable(
    t,
    app,
    { title: 'Once', pages: pages(long) },
    { [long.slice(0, 200)]: true, [long.slice(0, 64)]: true, [long.slice(0, 63)]: false, once: true },
  )
})

t.test('an article of 20,000 different words is found by its first ten thousand', async (t) => {
  const app = await testApp(t)
  const words = Array.from({ length: 20_000 }, (_, i) => `kata${i}`)
  await searchable(
    t,
    app,
    { title: 'Once', lang: 'id', bylines: [{ name: 'Ana Last' }], pages: pages(words.join(' ')) },
    {
      kata0: true,
      kata9999: true,
      '"kata9998 kata9999"': true,
      kata10000: false,
      kata19999: false,
      once: true,
      'byline:last': true,
      '"ana last"': true,
    },
  )
})

t.test('an article of words of 64 code points is found, whatever their script', async (t) => {
  const app = await testApp(t)
  const long = (sign: string, i: number) => `${sign.repeat(60)}${String(i).padStart(4, '0')}`
  for (const sign of ['x', 'é', 'ж', '𐐨', 'ह']) {
    const words = Array.from({ length: 3_000 }, (_, i) => long(sign, i))
    const title = `${long(sign, 9_990)} ${long(sign, 9_991)}`
    await searchable(
      t,
      app,
      { title, lang: 'en', pages: pages(words.join(' ')) },
      {
        [long(sign, 0)]: true,
        [long(sign, 1_000)]: true,
        [long(sign, 9_991)]: true,
        [long(sign, 9_992)]: false,
        [`${long(sign, 0)}y`]: true,
      },
    )
  }
})

t.test('an article with everything at its limit is found in all of its places', async (t) => {
  const app = await testApp(t)
  const sign = (i: number) => String.fromCodePoint(0x4e00 + i)
  const run = (from: number, length: number) => Array.from({ length }, (_, i) => sign(from + i)).join('')
  const bylines = Array.from({ length: 50 }, (_, i) => ({ name: run(12_000 + i * 120, 120) }))
  const story = {
    ...{ title: run(0, 300), kicker: run(300, 120), deck: run(420, 1_000), bylines, lang: 'zh' },
    pages: Array.from({ length: 50 }, (_, i) => ({ title: run(1_500 + i, 300), body: run(2_000 + i * 200, 400) })),
  }
  await searchable(t, app, story, {
    [run(0, 3)]: true,
    [run(297, 3)]: true,
    [`title:"${run(298, 2)}"`]: true,
    [run(417, 3)]: true,
    [run(1_417, 3)]: true,
    [`body:"${run(2_000, 30)}"`]: true,
    [`byline:"${run(12_000, 5)}"`]: true,
    [`byline:"${run(12_000 + 49 * 120 + 115, 5)}"`]: true,
    [`byline:"${run(12_000 + 49 * 120 + 115, 2)}${sign(3)}"`]: false,
    [`byline:"${run(12_000 + 49 * 120 + 117, 1)}${run(12_000 + 49 * 120 + 119, 1)}"`]: false,
  })
})

t.test('a tag and a source of any name are found by it', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const names = [
    "It's",
    'C++',
    '日本',
    'a"b',
    "O'Neill & Söhne",
    '%_\\',
    'NEAR(',
    '20/9/2023',
    'İstanbul',
    '𐐀𐐁',
    'x'.repeat(120),
    '日'.repeat(120),
  ]
  for (const [i, name] of names.entries()) {
    await makeTag(app, { name, slug: `t${i}` })
    await makeSource(app, { name, slug: `q${i}` })
    await makePublished(app, { slug: `s${i}`, section, title: 'Zq', tags: [`t${i}`], sources: [{ source: `q${i}` }] })
  }
  for (const [i, name] of names.entries()) {
    if (name === '%_\\') continue
    // A long name is found by its beginning.
    const asked = Array.from(name.replaceAll('"', ' ')).slice(0, 20).join('')
    const isWhole = name.length <= 64
    const q = isWhole ? `"${asked}"` : asked
    t.match(` ${await find(app, q, isWhole ? '' : '&prefix=true')} `, ` s${i} `, name.slice(0, 20))
  }
})
