import fc from 'fast-check'
import t from 'tap'
import { renderMarkdown } from '../../src/markdown/render.ts'
import '../support/chance.ts'

const html = (body: string) => renderMarkdown(body).html
const text = (body: string) => renderMarkdown(body).text
const words = (body: string) => renderMarkdown(body).words
const messages = (body: string) => renderMarkdown(body).removed.map(({ message }) => message)

t.test('CommonMark', async (t) => {
  const cases: [string, string][] = [
    ['', ''],
    ['a\nb', '<p>a\nb</p>\n'],
    ['a\n\nb', '<p>a</p>\n<p>b</p>\n'],
    ['# a\n\n###### b', '<h1>a</h1>\n<h6>b</h6>\n'],
    ['a\n===\nb\n---', '<h1>a</h1>\n<h2>b</h2>\n'],
    ['*a* **b** _c_ __d__', '<p><em>a</em> <strong>b</strong> <em>c</em> <strong>d</strong></p>\n'],
    ['snake_case_name 2*3*4', '<p>snake_case_name 2<em>3</em>4</p>\n'],
    ['~~a~~', '<p><s>a</s></p>\n'],
    ['`a < b`', '<p><code>a &lt; b</code></p>\n'],
    ['```js\na && b\n```', '<pre><code>a &amp;&amp; b\n</code></pre>\n'],
    ['    a', '<pre><code>a\n</code></pre>\n'],
    ['> a\n> > b', '<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>\n</blockquote>\n'],
    ['- a\n- b', '<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n'],
    ['3. a\n4. b', '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'],
    ['a  \nb\\\nc', '<p>a<br />\nb<br />\nc</p>\n'],
    ['a\n\n***\n\nb', '<p>a</p>\n<hr />\n<p>b</p>\n'],
    ['[a](https://a.test/?x=1&y=2 "t")', '<p><a href="https://a.test/?x=1&amp;y=2" title="t">a</a></p>\n'],
    ['[a][b]\n\n[b]: /c', '<p><a href="/c">a</a></p>\n'],
    ['[a](#b) [c](../d?e)', '<p><a href="#b">a</a> <a href="../d?e">c</a></p>\n'],
    [
      '<https://a.test> <x@a.test>',
      '<p><a href="https://a.test">https://a.test</a> <a href="mailto:x@a.test">x@a.test</a></p>\n',
    ],
    ['[a](tel:+62215551234)', '<p><a href="tel:+62215551234">a</a></p>\n'],
    ['![a *b*](/c.jpg "t")', '<p><img src="/c.jpg" alt="a b" title="t" /></p>\n'],
    ['![](c.jpg)', '<p><img src="c.jpg" alt="" /></p>\n'],
    ['&copy; &amp; &#233; \\*a\\*', '<p>© &amp; é *a*</p>\n'],
    ['1 < 2 & 3 > "2"', '<p>1 &lt; 2 &amp; 3 &gt; "2"</p>\n'],
  ]
  for (const [body, expected] of cases) t.equal(html(body), expected, JSON.stringify(body))
})

t.test('addresses alone do not become links, and signs do not become other signs', async (t) => {
  t.equal(html('www.a.test https://a.test (c) -- ... "a"'), '<p>www.a.test https://a.test (c) -- ... "a"</p>\n')
})

t.test('tables, aligned by attribute', async (t) => {
  t.equal(
    html('| a | b | c |\n|---|:-:|--:|\n| 1 | *2* |'),
    '<table>\n<thead>\n<tr>\n<th>a</th>\n<th align="center">b</th>\n<th align="right">c</th>\n</tr>\n</thead>\n' +
      '<tbody>\n<tr>\n<td>1</td>\n<td align="center"><em>2</em></td>\n<td align="right"></td>\n</tr>\n</tbody>\n</table>\n',
  )
  t.equal(
    html('<table><tr><th scope="col" colspan="2" style="TEXT-ALIGN: Right;">a<td align="Center">b</table>'),
    '<table><tr><th scope="col" colspan="2" align="right">a</th><td align="center">b</td></tr></table>',
  )
  t.same(messages('|a|\n|:-|\n|b|'), [], 'and no removal is reported that no writer wrote')
})

t.test('the HTML that newsrooms write by hand stays', async (t) => {
  for (const kept of [
    'H<sub>2</sub>O m<sup>2</sup> <mark>a</mark> <small>b</small> <b>c</b> <i>d</i> <u>e</u> <del>f</del> <ins>g</ins>',
    '<abbr title="Komisi Pemilihan Umum">KPU</abbr> <cite>Tempo</cite> <q cite="https://a.test">a</q>',
    '<time datetime="2026-11-22">kemarin</time> <span>a</span>',
  ]) {
    t.equal(html(kept), `<p>${kept}</p>\n`)
    t.same(messages(kept), [])
  }
  const figure =
    '<figure><img src="/a.jpg" alt="b" width="800" height="600" /><figcaption>Foto: c</figcaption></figure>'
  t.equal(html(figure), figure)
  const list = '<dl><dt>a</dt><dd>b</dd></dl>'
  t.equal(html(list), list)
})

t.test('tags left open are closed, and strays go', async (t) => {
  t.equal(html('<div><b>a'), '<div><b>a</b></div>')
  t.equal(html('a</b></div></x>'), '<p>a</p>\n')
  t.equal(html('<div>\n\n*a*'), '<div>\n<p><em>a</em></p>\n</div>')
})

t.test('nothing is added to a link that the writer did not write', async (t) => {
  t.equal(html('<a href="https://a.test">a</a>'), '<p><a href="https://a.test">a</a></p>\n')
  t.equal(html('<a href="https://a.test" target="_blank" rel="noopener">a</a>'), html('<a href="https://a.test">a</a>'))
})

t.test('what was taken out is reported, one entry a kind', async (t) => {
  t.same(renderMarkdown('<script>a</script> b <script>c</script>').removed, [
    { code: 'html_removed', message: '<script> is not allowed' },
  ])
  t.same(renderMarkdown('<b onclick="a" onclick="b" class=c>d</b> <b onclick=e>f</b>').removed, [
    { code: 'attribute_removed', message: 'the attribute onclick of <b> is not allowed' },
    { code: 'attribute_removed', message: 'the attribute class of <b> is not allowed' },
  ])
  t.same(renderMarkdown('[a](javascript:alert(1)) ![b](data:image/png;base64,AAAA)').removed, [
    { code: 'link_removed', message: 'the link javascript:alert(1) was removed' },
    { code: 'link_removed', message: 'the image data:image/png;base64,AAAA was removed' },
  ])
  t.equal(html('[a](javascript:alert(1)) ![b](data:,c)'), '<p><a>a</a> <img alt="b" /></p>\n', 'the words stay')
  t.same(messages('[a](https:/a.test)'), ['the link https:/a.test was removed'], 'a slip of the pen is told too')
  t.same(messages('[a]()'), ['an empty link address was removed'])
  t.same(messages('<td colspan=500>a'), ['the value of colspan of <td> is not allowed'])
  t.same(messages('<td style="color:red">a'), ['the attribute style of <td> is not allowed'])
  t.same(messages('<!doctype html>\n\na <!-- b --> <?php c ?>\n\n<!-- d -->'), [
    '<!doctype> is not allowed',
    'comments (<!-- … -->) are not kept',
    '<?php> is not allowed',
  ])
  t.same(messages('# *a* [b](https://c.test)\n\n```js\nd\n```\n\n- e\n\n<!'), [], 'nothing when nothing went')
  t.same(messages('`<script>` and `<!-- a -->`'), [], 'code is not HTML')
})

t.test('the report is short, well-formed and fit for a log', async (t) => {
  const [long] = messages(`[a](javascript:${'x'.repeat(1000)})`)
  t.equal(long, `the link javascript:${'x'.repeat(69)}… was removed`)
  const [astral] = messages(`<a href="x:${'a'.repeat(77)}😀😀">b</a>`)
  t.ok(astral?.isWellFormed(), 'no half of a character')
  t.notMatch(messages('<a href="javascript:\n\u001b[31m">b</a>')[0], /\p{Cc}/u)
  const many = Array.from({ length: 100 }, (_, index) => `<x${index}>`).join('')
  t.equal(messages(many).length, 20)
  t.equal(messages(`${'<i>'.repeat(300)}a`).at(0), 'tags nested more than 200 deep are not kept')
})

t.test('the words inside what is taken out stay, but for scripts and styles', async (t) => {
  t.equal(text('<section>a <font color=red>b</font></section>'), 'a b')
  t.equal(text('a<script>b</script><style>c</style>d'), 'ad')
  t.equal(text('<option>a\n\nb'), 'a\n\nb')
})

t.test('text', async (t) => {
  const cases: [string, string][] = [
    ['', ''],
    ['# a\n\nb\nc   d\n\n\n\ne', 'a\n\nb c d\n\ne'],
    ['a  \nb', 'a\nb'],
    ['a<br><br><br>b', 'a\n\nb'],
    ['- a\n- b\n  - c\n  - d\n- e\n\nf', 'a\nb\nc\nd\ne\n\nf'],
    ['1. a\n\n2. b', 'a\n\nb'],
    ['> a\n>\n> b', 'a\n\nb'],
    ['| a | b |\n|---|---|\n| 1 | 2 |\n|   | 3 |\n| 4 |', 'a\tb\n1\t2\n\t3\n4'],
    ['```\na\n\n  b\n```\n\nc', 'a\n\n  b\n\nc'],
    ['a **b**c, *d*.', 'a bc, d.'],
    ['&copy; &lt;b&gt; &amp;amp; &nbsp; e', '© <b> &amp; e'],
    ['a ![b](c.jpg) d', 'a d'],
    ['<figure><img src=a alt=b><figcaption>c</figcaption></figure>\n\nd', 'c\n\nd'],
    ['<dl><dt>a<dd>b<dt>c<dd>d</dl>', 'a\nb\nc\nd'],
    ['[a](https://b.test "c")', 'a'],
    ['a\n\n---\n\nb', 'a\n\nb'],
    ['<div>a</div><div>b</div>', 'a\n\nb'],
  ]
  for (const [body, expected] of cases) t.equal(text(body), expected, JSON.stringify(body))
})

t.test('words', async (t) => {
  const cases: [string, number][] = [
    ['', 0],
    ['— … !? *** ', 0],
    ['Presiden membuka sidang di Jakarta.', 5],
    ['Anak-anak se-Indonesia ber-KTP', 3],
    ["Salat Jum'at, kata Ma’ruf", 4],
    ['Harga Rp10.000,50 naik 3,5 persen', 5],
    ['pukul 10.30 WIB di warta.id', 5],
    ['satu,dua', 2],
    ['e\u0301tude हिन्दी', 2],
    ['**a**b [c](https://d.test/e/f) ![g h](i.jpg)', 2],
    ['| a | b |\n|---|---|\n| 1 | 2 |', 4],
    ['<script>a b c</script> d', 1],
  ]
  for (const [body, expected] of cases) t.equal(words(body), expected, JSON.stringify(body))
})

t.test('any text at all gives well-formed HTML and text, the same each time', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (body) => {
      const first = renderMarkdown(body)
      const again = renderMarkdown(body)
      const all = [first.html, first.text, ...first.removed.map(({ message }) => message)].join()
      return JSON.stringify(first) === JSON.stringify(again) && all.isWellFormed() && !all.includes('\u0000')
    }),
    { numRuns: 2_000 },
  )
})

t.test('no word is lost, whatever signs stand between words', async () => {
  const signs = fc.constantFrom('*', '_', '`', '~~', '#', '>', '-', '1.', '|', '\n', '\n\n', '    ', '!', '\\', '&')
  fc.assert(
    fc.property(fc.array(fc.oneof(signs, fc.constant('kata')), { maxLength: 40 }), (parts) => {
      const wanted = parts.filter((part) => part === 'kata').length
      return text(parts.join(' ')).split('kata').length - 1 === wanted
    }),
    { numRuns: 2_000 },
  )
})
