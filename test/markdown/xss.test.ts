import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parseFragment, serialize } from 'parse5'
import t from 'tap'
import { renderMarkdown } from '../../src/markdown/render.ts'
import { sanitize } from '../../src/markdown/sanitize.ts'
import { VECTORS } from './vectors.ts'
import '../support/chance.ts'

// Written out a second time, so that a slip in the sanitiser's own list is seen here.
const ELEMENTS = new Set(
  (
    'p h1 h2 h3 h4 h5 h6 blockquote ul ol li pre code em strong a img br hr s del ins table caption thead tbody tfoot tr ' +
    'th td sub sup mark small b i u abbr cite q time figure figcaption dl dt dd span div'
  ).split(' '),
)
const ATTRIBUTES = new Set(
  (
    'a.href a.title img.src img.alt img.title img.width img.height blockquote.cite q.cite ol.start abbr.title ' +
    'time.datetime th.align th.colspan th.rowspan th.scope td.align td.colspan td.rowspan'
  ).split(' '),
)
const ADDRESSES = new Set(['href', 'src', 'cite'])

/** What a browser would find amiss in the HTML, read with the parsing algorithm of the HTML standard. */
function findDanger(html: string): string[] {
  const found: string[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node) => {
    if ('tagName' in node) {
      if (!ELEMENTS.has(node.tagName) || node.namespaceURI !== 'http://www.w3.org/1999/xhtml') found.push(node.tagName)
      for (const { name, value } of node.attrs) {
        if (!ATTRIBUTES.has(`${node.tagName}.${name}`)) found.push(`${node.tagName} ${name}`)
        if (ADDRESSES.has(name) && !isHarmless(node.tagName, value)) found.push(`${node.tagName} ${name}=${value}`)
      }
    } else if (node.nodeName !== '#text' && node.nodeName !== '#document-fragment') found.push(node.nodeName)
    if ('childNodes' in node) node.childNodes.forEach(visit)
  }
  visit(parseFragment(html))
  return found
}

function isHarmless(tagName: string, address: string): boolean {
  // On two kinds of page, for what is no scheme on one can be one on the other.
  return ['https://page.test/', 'http://page.test/'].every((page) => {
    const url = URL.parse(address, page)
    if (url === null) return false
    const allowed = tagName === 'a' ? ['http:', 'https:', 'mailto:', 'tel:'] : ['http:', 'https:']
    if (!allowed.includes(url.protocol)) return false
    const elsewhere = url.protocol.startsWith('http') && url.host !== 'page.test'
    return !elsewhere || /^\s*https?:\/\//i.test(address.replace(/[\t\n\r]/g, ''))
  })
}

function check(body: string) {
  const { html } = renderMarkdown(body)
  const dangers = findDanger(html)
  // What a browser reads and an editor writes back must not come alive on the way.
  const again = findDanger(serialize(parseFragment(html)))
  const second = sanitize(html)
  return { html, dangers: [...dangers, ...again], second }
}

t.test('the check itself sees what it should', async (t) => {
  for (const html of [
    '<script>x</script>',
    '<b onclick=x>',
    '<a href="java\nscript:x">a</a>',
    '<a href="//x.test">a</a>',
    '<img src="\\/x.test">',
    '<svg></svg>',
    '<!-- x -->',
    '<p style="color:red">',
  ]) {
    t.not(findDanger(html).length, 0, html)
  }
  t.same(findDanger('<p>a <a href="https://x.test" title="javascript:x">b</a> <a href="/x">c</a></p>'), [])
})

t.test(`none of ${VECTORS.length} vectors leaves anything that runs`, async (t) => {
  t.ok(VECTORS.length >= 150)
  t.equal(new Set(VECTORS).size, VECTORS.length, 'each is there once')
  for (const vector of VECTORS) {
    const name = JSON.stringify(vector)
    const { html, dangers, second } = check(vector)
    t.same(dangers, [], name)
    t.equal(second.html, html, `${name}: sanitising again changes nothing`)
    t.same(second.removed, [], `${name}: and takes nothing out`)
  }
})

t.test('the vectors as HTML alone, without Markdown before them', async (t) => {
  for (const vector of VECTORS) {
    const name = JSON.stringify(vector)
    const { html } = sanitize(vector)
    t.same(findDanger(html), [], name)
    t.equal(sanitize(html).html, html, `${name}: sanitising again changes nothing`)
  }
})

const PIECES = [
  ...[
    '<',
    '>',
    '"',
    "'",
    '`',
    '=',
    '/',
    '&',
    ';',
    ':',
    '#',
    '(',
    ')',
    '[',
    ']',
    '!',
    '\\',
    '|',
    '-',
    '\n',
    '\n\n',
    '\t',
  ],
  ...[
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<p>',
    '</p>',
    '<table>',
    '<tr>',
    '<td>',
    '<li>',
    '<b>',
    '</b>',
    '<x>',
    '</x>',
  ],
  ...[
    '<svg>',
    '<math>',
    '<style>',
    '</style>',
    '<script>',
    '</script>',
    '<a href="',
    '" onclick="',
    'javascript:',
    '//',
  ],
  ...['<template>', '<noscript>', '</noscript>', '<textarea>', '<title>', '</title>', '<select>', '<option>', '<dd>'],
  ...['\u0000', '\u00a0', '\ufeff', '\u2028', '&#106;', '&Tab;', '&colon;', '    ', '```', '> ', '- ', '1. ', '<xmp>'],
]

/** A vector with pieces put in, cut out, doubled, or another vector put in the middle. */
const mutated = fc
  .tuple(
    fc.constantFrom(...VECTORS),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(6),
        put: fc.oneof(fc.constantFrom(...PIECES), fc.constantFrom(...VECTORS), fc.string({ unit: 'binary' })),
      }),
      { minLength: 1, maxLength: 6 },
    ),
  )
  .map(([vector, edits]) =>
    edits.reduce((body, { at, cut, put }) => {
      const index = Math.floor(at * body.length)
      return body.slice(0, index) + put + body.slice(index + cut)
    }, vector),
  )

t.test('nor does any mutation of them', async () => {
  fc.assert(
    fc.property(mutated, (body) => {
      const { html, dangers, second } = check(body)
      return dangers.length === 0 && second.html === html && second.removed.length === 0
    }),
    // About four seconds.
    { numRuns: 5_000 },
  )
})

t.test('nor any pile of tags and signs', async () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...PIECES, 'a', ' '), { maxLength: 40 }), (pieces) => {
      const { html, dangers, second } = check(pieces.join(''))
      return dangers.length === 0 && second.html === html && second.removed.length === 0
    }),
    { numRuns: 5_000 },
  )
})
