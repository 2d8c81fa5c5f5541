import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { type ParsedCopy, parseCopy } from '../../src/copy/parse.ts'
import { growth, linear } from '../support/growth.ts'
import { findLostLine } from './conservation.ts'
import { sources } from './sources.ts'
import '../support/chance.ts'

const today = '2023-09-21'
const folder = join(import.meta.dirname, '../fixtures/copy')
const storyLines = readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), 'utf8').split('\n'))

const datelines = [
  'Liputan6.com, Moskow -',
  'JAKARTA, KOMPAS.com –',
  'Kupang (ANTARA) -',
  'VIVA –',
  'Solo -',
  'KPK, - -',
]
const furniture = ['Sukses', 'Baca juga:', 'Baca juga: Lain', 'Halaman Selanjutnya', 'Perbesar', 'Iklan', '(azr/haf)']
const credits = [
  'Penulis: Ratna Dewi',
  'Editor: Bagus | Reporter: Sari',
  'By Jane Doe',
  '(Reporting by A B; Editing by C D)',
]
const markers = [
  '1 dari 2 halaman',
  '2 dari 2 halaman',
  'Halaman 2',
  'Page 3 of 3',
  '<!--nextpage-->',
  '9 dari 2 halaman',
]

const words = fc.constantFrom(
  ...'Dilansir CNA Rabu (20/9/2023), Reuters melaporkan pada dari Jakarta - Hal-hal “kata” told Budi. https://a.id / # * 1.'.split(
    ' ',
  ),
)
const sentence = fc.array(words, { minLength: 1, maxLength: 12 }).map((list) => list.join(' '))
const newsLine = fc.oneof(
  fc.constantFrom(...storyLines),
  fc.constantFrom(...furniture, ...credits, ...markers),
  fc.tuple(fc.constantFrom(...datelines), sentence).map(([dateline, rest]) => `${dateline} ${rest}`),
  sentence,
  fc.string({ unit: 'binary', maxLength: 20 }),
)
const lineBreak = fc.constantFrom('\n', '\n', '\n\n', '\r\n', '\r\n\r\n', '\n \u00a0\t\n', '\r', '\u2028')
const newsText = fc
  .array(fc.tuple(newsLine, lineBreak), { maxLength: 30 })
  .map((lines) => lines.map(([line, end]) => line + end).join(''))

const anyText = fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'grapheme', maxLength: 400 }))

t.test('no line of any text is lost, and no word comes from nowhere', async (t) => {
  fc.assert(
    fc.property(anyText, (text) => findLostLine(text, parse(text)) === null),
    { numRuns: 2000 },
  )
  t.pass()
})

t.test('no line of a news text is lost, whatever order its parts come in', async (t) => {
  fc.assert(
    fc.property(newsText, (text) => {
      const lost = findLostLine(text, parse(text))
      if (lost !== null) throw new Error(lost)
    }),
    { numRuns: 3000 },
  )
  t.pass()
})

t.test('the check of lost lines sees a lost line, a moved one and an invented one', async (t) => {
  const text = 'Judul\n\nKalimat satu. Kalimat dua.\n\nKalimat tiga.\n'
  const copy = parse(text)
  t.equal(findLostLine(text, copy), null)
  for (const body of [
    'Kalimat satu. Kalimat dua.',
    'Kalimat tiga.\n\nKalimat satu. Kalimat dua.',
    `${textOf(copy)} Lagi.`,
  ]) {
    t.type(findLostLine(text, { ...copy, pages: [{ title: null, body }] }), 'string', body)
  }
})

t.test('a body has no blank page, no stray space and no code block', async (t) => {
  fc.assert(
    fc.property(newsText, (text) => {
      const { pages } = parse(text)
      if (pages.length === 0) throw new Error('no page')
      for (const { title, body } of pages) {
        if (pages.length > 1 && title === null && body === '') throw new Error('a blank page')
        if (/\n{3}/.test(body) || body.split('\n').some((line) => line !== line.trim())) throw new Error(body)
      }
    }),
    { numRuns: 1000 },
  )
  t.pass()
})

t.test('what is reported points at the line that says it', async (t) => {
  fc.assert(
    fc.property(newsText, (text) => {
      const copy = parse(text)
      const lines = text.split(/\r\n|[\r\n\u0085\u2028\u2029]/)
      const { rules, dropped, unresolved, warnings } = copy.parse
      for (const { line } of [...rules, ...unresolved, ...warnings]) {
        if ((lines[line - 1] ?? '').trim() === '') throw new Error(`line ${line} is blank`)
      }
      for (const drop of dropped) {
        if (!rules.some(({ rule, line }) => rule === drop.rule && line === drop.line)) throw new Error(drop.text)
      }
    }),
    { numRuns: 1000 },
  )
  t.pass()
})

t.test('a source is cited once and only when it is known', async (t) => {
  const ids = new Set(sources.map(({ id }) => id))
  fc.assert(
    fc.property(newsText, (text) => {
      const found = parse(text).sources.map(({ source, role }) => `${role} ${source}`)
      if (new Set(found).size !== found.length) throw new Error(found.join())
      if (parse(text).sources.some(({ source }) => !ids.has(source))) throw new Error(found.join())
    }),
    { numRuns: 1000 },
  )
  t.pass()
})

t.test('a text of anything costs as much as its length, and no more', async (t) => {
  const hostile = [
    'a',
    '- ',
    '(',
    '\n',
    'Dilansir ',
    'Dilansir\n',
    'Dilansir CNA, Rabu (20/9/2023)\n',
    'Reuters reported ',
    ' \n',
    'x\n\n',
    'Dilansir dari laman ',
    'told Jakarta, ',
    '2 dari 2 halaman\n',
    'Editor: Budi Santoso\n',
    '(ab/cd)\n',
    'Baca juga:\n',
    'Iklan\n',
    'Sukses\n',
    '/a',
    'Kementerian ',
    'Dilansir Kementerian Laut\n',
  ]
  const many = Array.from({ length: 5000 }, (_, i) => ({
    id: `ministry-${i}`,
    name: `Kementerian ${'x'.repeat(i % 50)}${i}`,
    aliases: [],
    kind: 'official',
  }))
  for (const unit of hostile) {
    const textOf = (size: number): string => unit.repeat(Math.ceil(size / Buffer.byteLength(unit)))
    const options = { sources: [...sources, ...many], today }
    const grown = growth((size) => void parseCopy(textOf(size), options), 1 << 16)
    t.ok(grown < linear, `${JSON.stringify(unit)} grows ${grown.toFixed(1)} times over four`)
    const text = textOf(1 << 18)
    t.ok(findLostLine(text, parseCopy(text, options)) === null, `${JSON.stringify(unit)} is all there`)
  }
})

t.test('a letter with endless marks is kept as it was typed, in good time', async (t) => {
  const textOf = (size: number): string => `a${'\u0301\u0323'.repeat(size)}`
  t.ok(parse(textOf(1 << 16)).pages[0]?.body === textOf(1 << 16))
  t.ok(growth((size) => void parse(textOf(size)), 1 << 14) < linear)
  t.equal(parse('cafe\u0301').title, 'caf\u00e9')
})

function parse(text: string): ParsedCopy {
  return parseCopy(text, { sources, today })
}

function textOf(copy: ParsedCopy): string {
  return copy.pages.map(({ body }) => body).join('\n\n')
}
