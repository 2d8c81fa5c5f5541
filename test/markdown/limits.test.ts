import t from 'tap'
import { renderMarkdown } from '../../src/markdown/render.ts'
import { createRenderer, RenderError } from '../../src/markdown/renderer.ts'
import { growth, linear } from '../support/growth.ts'

// A hundred kibibytes is forty pages, more than any article; the shapes below grow up to that.
const SIZE = 100 * 1024

/** Hostile texts; `part` of their full size. */
function hostile(part: number): Record<string, string> {
  const times = (piece: string, count: number) => piece.repeat(Math.ceil(count * part))
  const fill = (piece: string, size = SIZE) => times(piece, size / piece.length)
  return {
    'open div': times('<div>', 50_000),
    'quote signs': times('>', 50_000),
    'open brackets': times('[', 50_000),
    'open pictures': fill('!['),
    'open links': fill('[a]('),
    'links in links': `${times('[', 20_000)}a${times('](b)', 20_000)}`,
    'mixed emphasis': times('*a_ ', 15_000),
    'open strong': fill('**a'),
    'nested emphasis': `${times('*a ', 16_000)}${times('a* ', 16_000)}`,
    'open strikethrough': fill('~~a'),
    'backticks of every length': Array.from({ length: Math.ceil(450 * part) }, (_, length) => '`'.repeat(length)).join(
      ' ',
    ),
    entities: fill('&amp;'),
    ampersands: fill('&'),
    'angle brackets': fill('<'),
    quotes: fill('"'),
    backslashes: fill('\\'),
    'nested lists': Array.from({ length: Math.ceil(300 * part) }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
    'lists on one line': times('1. ', 30_000),
    'list items': fill('- a\n'),
    'empty list items': fill('*\n'),
    'quotes in lists': times('> - ', 20_000),
    'open autolinks': fill('<http:'),
    'open comments': fill('<!--'),
    'open CDATA': fill('<![CDATA['),
    'open attributes': fill('<a b="'),
    'one tag with many attributes': `<a ${Array.from({ length: Math.ceil(15_000 * part) }, (_, index) => `a${index}`).join(' ')}>`,
    'one long attribute': `<a href="javascript:${fill('a')}">`,
    'one long tag name': `<${fill('a')}>`,
    'end tags of nothing in deep HTML': `<div>${times('<i>', 15_000)}${times('</b>', 15_000)}`,
    'unknown tags ended by others': `${times('<x>', 15_000)}${times('</y>', 15_000)}`,
    'paragraphs in each other': fill('<p><b>'),
    'open svg': fill('<svg>'),
    'table rows': `|a|\n|-|\n${fill('|a|\n')}`,
    'a wide table of short rows': `${times('|a', 3_000)}\n${times('|-', 3_000)}\n${times('|\n', 500)}`,
    'a wide aligned table of short rows': `${times('|a', 3_000)}\n${times('|-:', 3_000)}\n${times('|\n', 40_000)}`,
    'a table of nothing but bars': `${fill('|', 50_000)}\n${times('|-', 20_000)}`,
    references: `${Array.from({ length: Math.ceil(5_000 * part) }, (_, index) => `[a${index}]: /u`).join('\n')}\n\n${times('[a1]', 5_000)}`,
    'links without addresses': fill('[a](x:)'),
    'a line of spaces': `a${times(' ', SIZE)}b`,
    'one long paragraph': `${fill('a\n')}===`,
    'one long word': fill('a-'),
    'combining marks': `a${fill('\u0301')}`,
    'zero-width signs': fill('\u200b'),
  }
}

t.test('a hostile text costs as much as its length, or is refused', async (t) => {
  renderMarkdown('warm')
  for (const name of Object.keys(hostile(1))) {
    const work = (part: number): void => {
      try {
        renderMarkdown(hostile(part)[name] ?? '')
      } catch (error) {
        t.match(error, { name: 'RenderError', code: 'too_complex' }, `${name}: refused`)
      }
    }
    const grown = growth(work, 1 / 4)
    t.ok(grown < linear, `${name} grows ${grown.toFixed(1)} times over four`)
  }
})

t.test('what nests deeper than a text needs is refused, not cut off', async (t) => {
  for (const body of ['> '.repeat(101), '- '.repeat(60)]) {
    t.throws(() => renderMarkdown(`${body}kata`), { name: 'RenderError', code: 'too_complex' })
  }
  t.match(renderMarkdown(`${'> '.repeat(90)}kata`).text, 'kata')
  t.match(renderMarkdown(`${'<div>'.repeat(10_000)}kata`).text, 'kata', 'deep HTML only loses its tags')
  t.match(renderMarkdown(`${'*a '.repeat(10_000)}kata${' a*'.repeat(10_000)}`).text, 'kata')
})

t.test('more than 4 MiB of HTML is refused, before it is sanitised too', async (t) => {
  t.throws(() => renderMarkdown('<'.repeat(1024 * 1024 + 1)), { name: 'RenderError', code: 'too_complex' })
  t.throws(() => renderMarkdown('é'.repeat(2 * 1024 * 1024)), { code: 'too_complex' }, 'bytes, not characters')
  t.equal(renderMarkdown('a'.repeat(1024 * 1024)).words, 1)
})

t.test('a renderer survives them all, one after another', async (t) => {
  const renderer = createRenderer({ timeoutMs: 5_000 })
  t.teardown(() => renderer.close())
  const outcomes = await Promise.allSettled(Object.values(hostile(1)).map((body) => renderer.render([body])))
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected')
      t.ok(outcome.reason instanceof RenderError && outcome.reason.code === 'too_complex')
  }
  t.equal((await renderer.render(['kata']))[0]?.text, 'kata')
})
