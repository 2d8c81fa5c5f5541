import { Buffer } from 'node:buffer'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makeSection, makeSource, makeTag } from '../support/factories.ts'
import '../support/chance.ts'

const story = [
  ...['Sukses', 'Wang Yi Temui Putin di Moskow'],
  'Menteri Luar Negeri China dan Presiden Rusia membahas kunjungan ke Beijing bulan depan.',
  'Liputan6.com, Moskow - Menteri Luar Negeri China Wang Yi bertemu dengan Presiden Rusia Vladimir Putin.',
  'Keduanya berbicara selama dua jam di sebuah ruang yang tertutup untuk wartawan.',
  'Dilansir CNA, Rabu (20/9/2023), pembicaraan itu juga menyinggung perdagangan gandum.',
  'Dilansir Harian Antah, Kamis (21/9/2023), keduanya akan bertemu lagi.',
  ...['2 dari 2 halaman', 'China dan Rusia Makin Mesra'],
  'Sepanjang tahun ini perdagangan kedua negara tumbuh lebih dari seperempat.',
].join('\n')

function paste(app: TestApp, data: string | Buffer, query = '', as: 'writer' | 'stranger' | 'reader' = 'writer') {
  return app.call('POST', `/v1/articles${query}`, { as, raw: { type: 'text/plain; charset=utf-8', data } })
}

async function total(app: TestApp): Promise<number> {
  const { body } = await app.call('GET', '/v1/articles?stage=working&count=exact&limit=1', { as: 'editor' })
  return body.page.total
}

t.test('a stranger’s paste is refused before it is read', async (t) => {
  const app = await testApp(t)
  t.equal((await paste(app, story, '', 'stranger')).status, 401)
  t.equal((await paste(app, story, '', 'reader')).status, 403)
  t.equal((await paste(app, Buffer.from([0xff]), '', 'stranger')).status, 401)
  t.equal(await total(app), 0)
})

t.test('a pasted story becomes a draft in parts, with what was done to it', async (t) => {
  const app = await testApp(t)
  await makeSource(app, { name: 'Channel NewsAsia', slug: 'cna', aliases: ['CNA'] })
  const { status, body, headers } = await paste(app, story)
  t.equal(status, 201)
  t.equal(headers.location, `/v1/articles/${body.id}?stage=working`)
  t.match(body, {
    ...{ title: 'Wang Yi Temui Putin di Moskow', slug: 'wang-yi-temui-putin-di-moskow', state: 'draft', lang: 'id' },
    deck: 'Menteri Luar Negeri China dan Presiden Rusia membahas kunjungan ke Beijing bulan depan.',
    dateline: { outlet: 'Liputan6.com', place: 'Moskow', text: 'Liputan6.com, Moskow' },
    pageCount: 2,
  })
  t.match(body.pages[0].body, /^Menteri Luar Negeri China Wang Yi bertemu/)
  t.match(body.pages[1], { number: 2, title: 'China dan Rusia Makin Mesra', body: /^Sepanjang tahun/ })
  t.strictSame(
    body.sources.map(({ source, ...use }: { source: { slug: string } }) => ({ source: source.slug, ...use })),
    [{ source: 'cna', role: 'cited', url: null, statedOn: '2023-09-20', mention: 'Dilansir CNA, Rabu (20/9/2023)' }],
  )
  t.strictSame(body.parse.unresolved, [{ line: 7, name: 'Harian Antah', statedOn: '2023-09-21' }])
  t.ok(body.parse.dropped.some(({ line, text }: { line: number; text: string }) => line === 1 && text === 'Sukses'))
  t.ok(body.parse.rules.some(({ rule }: { rule: string }) => rule === 'title'))
  const read = await app.call('GET', `/v1/articles/${body.id}?stage=working`, { as: 'writer' })
  const { parse: _, warnings: __, ...shown } = body
  t.strictSame(read.body, shown)
  t.equal((await app.call('GET', `/v1/articles/${body.id}`)).status, 404)
})

t.test('section, tags and language come with the query', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'Asia' })
  await makeTag(app, { name: 'Rusia' })
  await makeTag(app, { name: 'China' })
  const { status, body } = await paste(app, story, '?section=asia&tags=china,rusia&lang=en-gb')
  t.equal(status, 201)
  t.match(body, { section: { slug: 'asia' }, tags: [{ slug: 'china' }, { slug: 'rusia' }], lang: 'en-GB' })
  const unknown = await paste(app, story, '?section=nowhere&tags=china,nothing')
  t.equal(unknown.status, 422)
  t.equal(unknown.body.errors.length, 2)
  t.equal((await paste(app, story, '?lang=no language')).status, 400)
  t.equal((await paste(app, story, '?section=asia&colour=red')).status, 400)
  t.equal(await total(app), 1)
})

t.test('in JSON the body says it: such a query is 400', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'Asia' })
  const body = { title: 'Rain' }
  const { status, body: problem } = await app.call('POST', '/v1/articles?section=asia&lang=id', { as: 'editor', body })
  t.equal(status, 400)
  t.strictSame(
    problem.errors.map(({ parameter }: { parameter: string }) => parameter),
    ['section', 'lang'],
  )
  t.equal(await total(app), 0)
})

const memo = readFileSync(new URL('../fixtures/copy/memo-without-title.txt', import.meta.url), 'utf8')

t.test('a text without a title is 422, with what the parser did', async (t) => {
  const app = await testApp(t)
  for (const text of ['', ' \n\n \t', memo]) {
    const { status, body } = await paste(app, text)
    t.equal(status, 422, JSON.stringify(text))
    t.equal(body.code, 'title_missing')
    t.ok(Array.isArray(body.parse.dropped))
  }
  t.equal(await total(app), 0)
})

t.test('a part that is longer than its field is 422 at that field, with what the parser did', async (t) => {
  const app = await testApp(t)
  const { status, body } = await paste(app, `${'Panjang sekali '.repeat(30)}\n\nIsi.`)
  t.equal(status, 422)
  t.ok(['rule_broken', 'title_missing'].includes(body.code))
  t.ok(Array.isArray(body.parse.rules))
})

t.test('what is no text in UTF-8 of a sane size is refused', async (t) => {
  const app = await testApp(t)
  const expect = async (data: string | Buffer, status: number, code: string, type = 'text/plain') => {
    const answer = await app.call('POST', '/v1/articles', { as: 'writer', raw: { type, data } })
    t.equal(answer.status, status, code)
    t.equal(answer.body.code, code)
  }
  await expect(`Title\n\n${'x'.repeat(300_000)}`, 413, 'body_too_large')
  await expect('Title\0\n\nText', 400, 'invalid_text')
  await expect(Buffer.from([0x54, 0xc3, 0x28]), 400, 'invalid_text')
  await expect(Buffer.from([0xed, 0xa0, 0x80]), 400, 'invalid_text')
  await expect('Title\n\nText', 415, 'unsupported_media_type', 'text/plain; charset=iso-8859-1')
  await expect('Title\n\nText', 415, 'unsupported_media_type', 'text/plain; charset="utf-16"')
  await expect('Title\n\nText', 415, 'unsupported_media_type', 'text/html')
  await expect('Title\n\nText', 415, 'unsupported_media_type', 'application/xml')
  t.equal(await total(app), 0)
  const quoted = { type: 'text/plain;charset="UTF-8"', data: '\ufeffJudul Berita\n\nIsi berita.' }
  const { status, body } = await app.call('POST', '/v1/articles', { as: 'writer', raw: quoted })
  t.equal(status, 201)
  t.equal(body.title, 'Judul Berita', 'a byte order mark is no part of it')
})

t.test('pasted Markdown and HTML are sanitised like any other', async (t) => {
  const app = await testApp(t)
  const { body } = await paste(app, 'Judul Berita\n\nSatu <img src=x onerror=alert(1)> dua <script>alert(2)</script>.')
  t.equal(body.title, 'Judul Berita')
  t.notMatch(body.pages[0].html, /onerror|<script/)
  t.ok(body.warnings.length > 0)
})

t.test('any text at all becomes a draft or is refused, and is never our fault', async (t) => {
  const app = await testApp(t)
  await makeSource(app, { name: 'Channel NewsAsia', aliases: ['CNA'] })
  await makeSource(app, { name: 'Reuters', kind: 'agency' })
  const words = fc.constantFrom(...story.split(/[ \n]/), '# ', '* ', '<b>', '](', '|', '\t', '[x]: y', '```')
  const line = fc.array(words, { maxLength: 12 }).map((list) => list.join(' '))
  const newsy = fc.array(line, { maxLength: 25 }).map((lines) => lines.join('\n'))
  const text = fc.oneof(
    newsy,
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.tuple(newsy, fc.integer({ min: 1, max: 60 })).map(([some, n]) => `Judul\n${some}\n`.repeat(n)),
  )
  const anything = fc.oneof(
    { weight: 4, arbitrary: text.map((some) => Buffer.from(some.toWellFormed())) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  )
  const seen = new Set<number>()
  await fc.assert(
    fc.asyncProperty(anything, async (bytes) => {
      const { status } = await paste(app, bytes)
      seen.add(status)
      return status === 201 || (status >= 400 && status < 500)
    }),
    { numRuns: 400 },
  )
  t.ok(seen.has(201) && seen.has(422) && seen.has(400), `it met ${[...seen].sort()}`)
})
