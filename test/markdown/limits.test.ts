import t from 'tap'
import { renderMarkdown } from '../../src/markdown/render.ts'
import { createRenderer, RenderError } from '../../src/markdown/renderer.ts'

// The most that the tables below may be: a hundred kibibytes is forty pages, more than any article.
const SIZE = 100 * 1024
const fill = (piece: string, size = SIZE) => piece.repeat(Math.ceil(size / piece.length))

const HOSTILE: Record<string, string> = {
  'open div': '<div>'.repeat(50_000),
  'quote signs': '>'.repeat(50_000),
  'open brackets': '['.repeat(50_000),
  'open pictures': fill('!['),
  'open links': fill('[a]('),
  'links in links': `${'['.repeat(20_000)}a${'](b)'.repeat(20_000)}`,
  'mixed emphasis': '*a_ '.repeat(15_000),
  'open strong': fill('**a'),
  'nested emphasis': `${'*a '.repeat(16_000)}${'a* '.repeat(16_000)}`,
  'open strikethrough': fill('~~a'),
  'backticks of every length': Array.from({ length: 450 }, (_, length) => '`'.repeat(length)).join(' '),
  entities: fill('&amp;'),
  ampersands: fill('&'),
  'angle brackets': fill('<'),
  quotes: fill('"'),
  backslashes: fill('\\'),
  'nested lists': Array.from({ length: 300 }, (_, depth) => `${'  '.repeat(depth)}- a`).join('\n'),
  'lists on one line': '1. '.repeat(30_000),
  'list items': fill('- a\n'),
  'empty list items': fill('*\n'),
  'quotes in lists': '> - '.repeat(20_000),
  'open autolinks': fill('<http:'),
  'open comments': fill('<!--'),
  'open CDATA': fill('<![CDATA['),
  'open attributes': fill('<a b="'),
  'one tag with many attributes': `<a ${Array.from({ length: 15_000 }, (_, index) => `a${index}`).join(' ')}>`,
  'one long attribute': `<a href="javascript:${fill('a')}">`,
  'one long tag name': `<${fill('a')}>`,
  'end tags of nothing in deep HTML': `<div>${'<i>'.repeat(15_000)}${'</b>'.repeat(15_000)}`,
  'unknown tags ended by others': `${'<x>'.repeat(15_000)}${'</y>'.repeat(15_000)}`,
  'paragraphs in each other': fill('<p><b>'),
  'open svg': fill('<svg>'),
  'table rows': `|a|\n|-|\n${fill('|a|\n')}`,
  'a wide table of short rows': `${'|a'.repeat(3_000)}\n${'|-'.repeat(3_000)}\n${'|\n'.repeat(500)}`,
  'a wide aligned table of short rows': `${'|a'.repeat(3_000)}\n${'|-:'.repeat(3_000)}\n${'|\n'.repeat(40_000)}`,
  'a table of nothing but bars': `${fill('|', 50_000)}\n${'|-'.repeat(20_000)}`,
  references: `${Array.from({ length: 5_000 }, (_, index) => `[a${index}]: /u`).join('\n')}\n\n${'[a1]'.repeat(5_000)}`,
  'links without addresses': fill('[a](x:)'),
  'a line of spaces': `a${' '.repeat(SIZE)}b`,
  'one long paragraph': `${fill('a\n')}===`,
  'one long word': fill('a-'),
  'combining marks': `a${fill('\u0301')}`,
  'zero-width signs': fill('\u200b'),
}

t.test('hostile texts end within a second or are refused', async (t) => {
  renderMarkdown('warm')
  for (const [name, body] of Object.entries(HOSTILE)) {
    // The thread's own time, so that a busy machine does not count.
    const start = process.threadCpuUsage()
    let outcome: unknown
    try {
      outcome = renderMarkdown(body)
    } catch (error) {
      outcome = error
    }
    const { user, system } = process.threadCpuUsage(start)
    const took = (user + system) / 1_000
    t.ok(took < 1_000, `${name}: ${took.toFixed()} ms`)
    if (outcome instanceof Error) t.match(outcome, { name: 'RenderError', code: 'too_complex' }, `${name}: refused`)
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
  const outcomes = await Promise.allSettled(Object.values(HOSTILE).map((body) => renderer.render([body])))
  for (const outcome of outcomes) {
    if (outcome.status === 'rejected')
      t.ok(outcome.reason instanceof RenderError && outcome.reason.code === 'too_complex')
  }
  t.equal((await renderer.render(['kata']))[0]?.text, 'kata')
})
