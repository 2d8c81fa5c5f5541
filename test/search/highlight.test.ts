import fc from 'fast-check'
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5'
import t from 'tap'
import { createHighlighter, type HighlightedText, type Marked, toHtml } from '../../src/search/highlight.ts'
import { type Atom, parseQuery } from '../../src/search/query.ts'
import { stem, stemLanguageOf, stemLanguages } from '../../src/search/stems.ts'
import { wordsOf } from '../../src/search/words.ts'
import '../support/chance.ts'
import { growth, linear } from '../support/growth.ts'

function highlight(query: string, text: Partial<HighlightedText>, prefix = false) {
  return createHighlighter(parseQuery(query, prefix))({ lang: 'id', title: '', deck: null, bodies: [], ...text })
}

/** With its marks in brackets. */
function show({ text, marks }: Marked): string {
  return marks.toReversed().reduce((shown, [start, end]) => {
    return `${shown.slice(0, start)}[${shown.slice(start, end)}]${shown.slice(end)}`
  }, text)
}

/** A title with what is marked in it. */
function mark(query: string, title: string, lang = 'id'): string {
  return show(highlight(query, { lang, title }).title)
}

function passages(query: string, ...bodies: string[]): string[] {
  return highlight(query, { bodies }).body.map(show)
}

t.test('a word is marked however it is written', async (t) => {
  t.equal(mark('presiden', 'PRESIDEN, presiden dan Presidén'), '[PRESIDEN], [presiden] dan [Presidén]')
  t.equal(mark('cafe', 'Café, cafe\u0301 dan CAFE\u0301!'), '[Café], [cafe\u0301] dan [CAFE\u0301]!', 'accents')
  t.equal(mark('putin', "Putin's and Putin’s war", 'en'), "[Putin's] and [Putin’s] war", 'apostrophes')
  t.equal(mark("jum'at", 'Salat Jum’at, Jumat'), 'Salat [Jum’at], [Jumat]')
  t.equal(mark('us', 'U.S. troops leave US bases', 'en'), '[U.S.] troops leave [US] bases', 'initials')
  t.equal(mark('pemilu', 'Pemilukada'), 'Pemilukada', 'and not where it is a part of another')
})

t.test('its other forms are marked in the language of the text', async (t) => {
  t.equal(
    mark('pertemuan', 'Presiden bertemu gubernur dalam pertemuan'),
    'Presiden [bertemu] gubernur dalam [pertemuan]',
  )
  t.equal(mark('bertemu', 'Pertemuannya batal'), '[Pertemuannya] batal')
  t.equal(mark('elections', 'An election, two elections', 'en'), 'An [election], two [elections]')
  t.equal(mark('elections', 'An election, two elections', 'en-GB'), 'An [election], two [elections]')
  t.equal(mark('election', 'Two elections', 'id'), 'Two elections', 'an Indonesian text has no English stems')
  t.equal(mark('pertemuan', 'Bertemu', 'en'), 'Bertemu')
  t.equal(mark('protests', 'Aksi protest', 'id'), 'Aksi [protest]', 'but what is a stem is found in any')
  t.equal(mark('protests', 'Protests, protest, protesting', 'fr'), '[Protests], [protest], protesting')
})

t.test('a phrase in quotes is marked as it stands, and as one', async (t) => {
  t.equal(mark('"perdana menteri"', 'Perdana Menteri dan menteri perdana'), '[Perdana Menteri] dan menteri perdana')
  t.equal(mark('"perdana menteri"', 'Para perdana, menteri'), 'Para [perdana, menteri]')
  t.equal(mark('"pertemuan"', 'Pertemuan: mereka bertemu'), '[Pertemuan]: mereka bertemu', 'not in other forms')
  t.equal(mark('perdana menteri', 'Perdana menteri'), '[Perdana] [menteri]', 'without quotes neighbours stay apart')
  t.equal(mark('menteri "perdana menteri"', 'Perdana menteri, menteri'), '[Perdana menteri], [menteri]', 'the longest')
  t.equal(mark('"a b c" "a b"', 'a b c'), '[a b c]')
  t.equal(mark('"a b" "b c"', 'a b c'), '[a b] c', 'and of two that overlap the first')
})

t.test('words that are joined are marked as one', async (t) => {
  t.equal(mark('COVID-19', 'COVID-19, Covid 19, covid19 dan covid'), '[COVID-19], [Covid 19], [covid19] dan covid')
  t.equal(mark('covid', 'COVID-19'), '[COVID]-19')
  t.equal(
    mark('anak-anak', 'Anak-anak dan anaknya'),
    '[Anak-anak] dan [anaknya]',
    'twice the same is also the word itself',
  )
  t.equal(mark('C++', 'C++, C# dan C'), '[C++], C# dan C')
  t.equal(mark('1.000', 'Rp1.000 atau 1.000'), 'Rp1.000 atau [1.000]')
})

t.test('scripts without spaces are marked sign by sign or as a phrase', async (t) => {
  t.equal(mark('北京', '在北京的北部'), '在[北京]的北部')
  t.equal(mark('京', '在北京的'), '在北[京]的')
  t.equal(mark('ไทย', 'ประเทศไทย'), 'ประเทศ[ไทย]')
})

t.test('signs of two code units and of several code points stay whole', async (t) => {
  t.equal(mark('banjir', '🌊🌊 Banjir 👨‍👩‍👧 banjir🇮🇩'), '🌊🌊 [Banjir] 👨‍👩‍👧 [banjir]🇮🇩')
  t.equal(mark('𝐁anjir', 'Ini 𝐁anjir banjir'), 'Ini [𝐁anjir] [banjir]')
  t.same(highlight('banjir', { title: '🌊 banjir' }).title.marks, [[3, 9]], 'offsets are in UTF-16 code units')
})

t.test('a word that is still being typed marks what begins with it', async (t) => {
  const typed = (query: string, title: string) => show(highlight(query, { title }, true).title)
  t.equal(typed('harga pem', 'Harga pemilu dan pembeli, harganya'), '[Harga] [pemilu] dan [pembeli], [harganya]')
  t.equal(typed('pem ', 'Pemilu'), 'Pemilu', 'not when a space says that it is whole')
  t.equal(typed('pertemuan', 'Pertemuannya, bertemu'), '[Pertemuannya], bertemu', 'and not its other forms')
  t.equal(typed('timur-te', 'Timur-Tengah, Timur Tengah, timur-barat'), '[Timur-Tengah], [Timur Tengah], timur-barat')
  t.equal(mark('pem', 'Pemilu'), 'Pemilu', 'nor when nobody says so')
})

t.test('what must not be there is not marked, and what may be is', async (t) => {
  t.equal(mark('presiden -wakil', 'Wakil presiden'), 'Wakil [presiden]')
  t.equal(mark('-wakil', 'Wakil presiden'), 'Wakil presiden')
  t.equal(mark('gempa OR banjir', 'Banjir, gempa, longsor'), '[Banjir], [gempa], longsor')
  t.equal(
    mark('the election of', 'The election of the year', 'en'),
    'The [election] of the year',
    'nor what is in every text',
  )
  t.equal(mark('', 'Wakil presiden'), 'Wakil presiden')
})

t.test('a field marks where it says', async (t) => {
  const text = { title: 'Gempa', deck: 'Gempa', bodies: ['Gempa'] }
  const where = (query: string) => {
    const { title, deck, body } = highlight(query, text)
    return [title, deck ?? title, ...body].map(show)
  }
  t.same(where('gempa'), ['[Gempa]', '[Gempa]', '[Gempa]'])
  t.same(where('title:gempa'), ['[Gempa]', 'Gempa'])
  t.same(where('deck:gempa'), ['Gempa', '[Gempa]'])
  t.same(where('body:"gempa"'), ['Gempa', 'Gempa', '[Gempa]'])
  for (const field of ['byline', 'tag', 'source']) t.same(where(`${field}:gempa`), ['Gempa', 'Gempa'], field)
})

t.test('title and deck are whole, and a deck that is not there stays so', async (t) => {
  const title = `${'Judul yang panjang sekali '.repeat(20)}\n gempa`
  t.equal(mark('gempa', title), title.replace('gempa', '[gempa]'))
  t.equal(highlight('gempa', { title }).deck, null)
  t.same(highlight('gempa', { title, deck: '' }).deck, { text: '', marks: [] })
})

const filler = (letter: string, sentences: number) =>
  Array.from({ length: sentences }, (_, i) => `Kalimat ${letter}${i} tidak berkata apa pun tentang sesuatu.`).join(' ')

t.test('a short body is one passage, without what it has too much of', async (t) => {
  t.same(passages('gempa', '  Ada gempa.\n\nDi  Lombok\r\nkemarin. '), ['Ada [gempa]. Di Lombok kemarin.'])
  t.same(passages('"gempa di"', 'Ada gempa\n\n\n di Lombok'), ['Ada [gempa di] Lombok'])
})

t.test('a body without a match has no passage', async (t) => {
  t.same(passages('gempa', filler('a', 30), ''), [])
  t.same(passages('gempa'), [])
})

t.test('a passage of a long body begins with its sentence and says what was left out', async (t) => {
  const body = `${filler('a', 9)} Kemarin terjadi gempa di Lombok. ${filler('b', 9)}`
  t.same(passages('gempa', body), [
    '… Kemarin terjadi [gempa] di Lombok. ' +
      'Kalimat b0 tidak berkata apa pun tentang sesuatu. Kalimat b1 tidak berkata apa pun tentang sesuatu. ' +
      'Kalimat b2 tidak berkata apa pun tentang sesuatu. …',
  ])
})

t.test('a passage begins with its sentence, however often it says the same', async (t) => {
  const often = `Pada hari Selasa itu orang di Lombok berkata bahwa terjadi gempa ${'adalah gempa yang '.repeat(8)} besar.`
  t.match(
    passages('gempa banjir', `${filler('a', 9)} ${often} ${filler('b', 9)} Ada banjir.`)[0],
    /^… Pada hari Selasa itu orang di Lombok berkata bahwa terjadi \[gempa\]/,
  )
})

t.test('a match at the very end has more of what stands before it', async (t) => {
  const [passage = '', ...more] = passages('gempa', `${filler('a', 30)} Di sana ada gempa`)
  t.same(more, [])
  t.match(passage, /^… Kalimat a27 .* Kalimat a29 .* Di sana ada \[gempa\]$/)
  t.match(
    passages('gempa', `Ada gempa. ${filler('a', 30)}`)[0],
    /^Ada \[gempa\]\. Kalimat a0 .* …$/,
    'nor at the beginning',
  )
})

t.test('a passage in the middle of a long sentence begins and ends with whole words', async (t) => {
  const [passage = ''] = passages('gempa', `${'satu dua tiga '.repeat(50)}gempa ${'empat lima enam '.repeat(50)}`)
  t.match(passage, /^… (satu |dua |tiga )+\[gempa\]( empat| lima| enam)+ …$/)
  t.ok(passage.length > 160 && passage.length < 210, `${passage.length} long`)
})

t.test('a text without spaces is cut between signs', async (t) => {
  const [passage = ''] = passages(
    '地震',
    `${'这是一些没有意义的文字'.repeat(50)}地震${'（还有更多的文字）'.repeat(50)}`,
  )
  t.match(passage, /^…\p{sc=Han}+\[地震\](（还有更多的文字）)+(（还有?更?多?的?文?字?)?…$/u)
  t.ok(passage.length > 160 && passage.length < 210, `${passage.length} long`)
})

t.test('no sign and no phrase is cut in two', async (t) => {
  t.match(passages('banjir', `${'👨‍👩‍👧'.repeat(60)}banjir${'🇮🇩'.repeat(60)}`), [/^…(👨‍👩‍👧)+\[banjir\](🇮🇩)+…$/u])
  for (let n = 60; n < 120; n += 1) {
    const all = passages('gempa "perdana menteri"', `gempa ${'x '.repeat(n)}perdana menteri ${'x '.repeat(99)}`).join(
      '|',
    )
    if (!/^[^|]*\[gempa\].*\[perdana menteri\]/.test(all) || /[^[]perdana|menteri[^\]]/.test(all)) t.fail(all)
  }
})

t.test('passages are those that say the most of what is asked, in the order in which they stand', async (t) => {
  const body = `Ada gempa. ${filler('a', 9)} Ada banjir. ${filler('b', 9)} Ada gempa dan banjir. ${filler('c', 9)} Ada banjir.`
  t.same(
    passages('gempa banjir', body).map((passage) => passage.match(/Ada .*?\./)?.[0]),
    ['Ada [gempa].', 'Ada [banjir].', 'Ada [gempa] dan [banjir].'],
  )
  const apart = `${`Ada gempa. ${filler('a', 9)}`.repeat(9)} Ada banjir. ${filler('b', 9)}`
  t.match(passages('gempa banjir', apart).at(-1), /\[banjir\]/, 'one that says little, if no other does')
  t.equal(passages('gempa banjir', apart).length, 3)
})

t.test('a passage says on which page it is', async (t) => {
  const { body } = highlight('"ada gempa"', { bodies: ['Gempa. Ada', 'gempa. Ada gempa.', '', 'Ada gempa.'] })
  t.same(
    body.map((passage) => [passage.page, show(passage)]),
    [
      [2, 'gempa. [Ada gempa].'],
      [4, '[Ada gempa].'],
    ],
    'and no phrase goes from one to the next',
  )
})

t.test('a phrase longer than a passage is shown whole', async (t) => {
  const phrase = 'kata yang sangat panjang sekali untuk dicari '.repeat(5).trim()
  t.match(passages(`"${phrase}"`, `${filler('a', 9)} Ini ${phrase}, begitulah. ${filler('b', 9)}`), [`… [${phrase}]…`])
  t.same(passages('"satu dua"', `satu ${'-'.repeat(5_000)} dua`), [], 'but not what only has two words at its ends')
})

t.test('of an article the first 50,000 characters are looked at', async (t) => {
  const long = 'kata '.repeat(9_990)
  t.equal(passages('gempa', `${long}gempa${' kata'.repeat(500)}`).length, 1)
  t.same(passages('gempa', `${long}${'kata '.repeat(20)}gempa`), [])
  t.same(passages('gempa', long, 'kata '.repeat(20), 'gempa'), [])
  t.same(passages('ka', `${' '.repeat(49_900)}${'kata'.repeat(50)}`), [], 'nor is a part of a word at their end one')
  t.match(
    passages('gempa', `${' '.repeat(49_800)}gempa${' kata'.repeat(100)}`),
    [/^\[gempa\]( kata){20,} …$/],
    'however they are spent',
  )
})

t.test('in HTML only marks are tags', async (t) => {
  const html = (query: string, title: string) => toHtml(highlight(query, { title }).title)
  t.equal(html('presiden', 'Wakil Presiden'), 'Wakil <mark>Presiden</mark>')
  t.equal(
    html('script', `<script>alert("AT&T's")</script>`),
    '&lt;<mark>script</mark>&gt;alert(&quot;AT&amp;T&#39;s&quot;)&lt;/<mark>script</mark>&gt;',
  )
  t.equal(html("jum'at", "Jum'at & sabtu"), '<mark>Jum&#39;at</mark> &amp; sabtu')
  t.equal(html('mark', '</mark>'), '&lt;/<mark>mark</mark>&gt;')
})

const words =
  'presiden Pertemuan bertemu anak-anak COVID-19 covid19 election Elections the yang C++ C# U.S. Putin’s cafe\u0301 Café'
const signs =
  '北京 京 ไทย น้ำ मुख्यमंत्री 각 🌊 👨‍👩‍👧 🇮🇩 🇬🇧 ❤️ 1️⃣ 𝐁 \u0301 \u200d \u00ad . 。 ( ） - … " “ ” \' & &lt; <b> </mark> <!-- <script>'
const gaps = ['\n', '\n\n', '\r\n', '\u2028', '\t', '  ', '\u00a0']
/** Words with anything between them; without a gap; and hardly a place to cut at. */
const texts = (maxLength: number) =>
  fc.oneof(
    made([...words.split(' '), ...signs.split(' '), ...gaps], ['', ' ', ' ', ' ', '-', '. '], maxLength),
    made([...words.split(' '), ...signs.split(' ')], [''], maxLength),
    made(['presiden', 'x'.repeat(70), ...signs.split(' ')], ['', '', '', ' '], maxLength),
  )
const made = (pieces: readonly string[], separators: readonly string[], maxLength: number) =>
  fc
    .array(fc.tuple(fc.constantFrom(...pieces), fc.constantFrom(...separators)), { maxLength, size: 'max' })
    .map((all) => all.flat().join(''))
const queries = fc.oneof(
  texts(6),
  fc.constantFrom(
    'presiden',
    'Pertemuan -yang',
    'presiden "covid 19"',
    'title:anak-anak OR body:elections',
    '京 pertem',
  ),
)
const languages = fc.constantFrom('id', 'en', 'en-GB', 'fr')

/** Said a second time, word by word: whether some words are what an atom asks for. */
function answers({ forms, exact, prefix }: Atom, words: readonly string[], lang: string): boolean {
  const said = words.join('')
  const asked = forms.join('')
  if (said === asked || (prefix && said.startsWith(asked))) return !exact || words.length === forms.length
  const [form = ''] = forms
  if (exact || prefix || words.length !== 1 || forms.some((other) => other !== form)) return false
  const language = stemLanguageOf(lang)
  return (
    stemLanguages.some((one) => stem(form, one) === said) ||
    (language !== undefined && stem(form, language) === stem(said, language))
  )
}

t.test('whatever the text and the query, what is marked was asked for, and what was asked for is marked', async () => {
  fc.assert(
    fc.property(texts(30), queries, languages, fc.boolean(), (title, query, lang, prefix) => {
      const atoms = parseQuery(query, prefix)
        .flatMap(({ not, any }) => (not ? [] : any))
        .filter(({ field }) => field === undefined || field === 'title')
      const { text, marks } = highlight(query, { title, lang }, prefix).title
      if (text !== title) return false
      const words = wordsOf(title)
      let at = 0
      for (const [start, end] of marks) {
        if (start < at || end <= start || end > text.length) return false
        at = end
        const marked = words.filter((word) => word.start >= start && word.end <= end)
        if (marked[0]?.start !== start || marked.at(-1)?.end !== end) return false
        const said = marked.map(({ form }) => form)
        if (!atoms.some((atom) => answers(atom, said, lang))) return false
      }
      return words.every(
        ({ form, start, end }) =>
          marks.some((mark) => mark[0] <= start && end <= mark[1]) ||
          !atoms.some((atom) => answers(atom, [form], lang)),
      )
    }),
    { numRuns: 1000 },
  )
})

/** What was left out, with the gap beside it, unless that is the base of a combining mark. */
const edges = /^(…(?: (?![\p{M}\u200d]))?)?([^…]*?)( ?…)?$/u
const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

t.test('whatever the text, passages are short, apart, in order, and cut nothing in two', async () => {
  fc.assert(
    fc.property(texts(200), queries, languages, (text, query, lang) => {
      const whole = text.replaceAll('…', '')
      const body = whole
        .replace(/\s{2,}|\s/g, (gap) => (/[\n\u2028]/.test(gap) ? '\n' : gap.length > 1 ? ' ' : gap))
        .trim()
      const signs = new Set(Array.from(segmenter.segment(body), ({ index }) => index)).add(body.length)
      const words = wordsOf(body)
      const longestWord = Math.max(0, ...words.map(({ start, end }) => end - start))
      const isWhole = (at: number) => signs.has(at) && !words.some(({ start, end }) => start < at && at < end)
      const line = body.replaceAll('\n', ' ')
      /** Behind the first place after `from` where the text has a part that cuts nothing; -1 if it has not. */
      const endOf = (part: string, from: number) => {
        let start = line.indexOf(part, from)
        while (start >= 0 && !(isWhole(start) && isWhole(start + part.length))) start = line.indexOf(part, start + 1)
        return start < 0 ? -1 : start + part.length
      }
      let at = 0
      const passages = highlight(query, { bodies: [whole], lang }).body
      return (
        passages.length <= 3 &&
        passages.every(({ text, marks }) => {
          if (text !== text.trim() || /\s\s/.test(text)) return false
          const [, before = '', shown = '', after = ''] = edges.exec(text) ?? []
          at = endOf(shown, at)
          return (
            at >= 0 &&
            marks.length > 0 &&
            // Longer only by a match, and a word that goes on behind one without a place to cut at.
            (shown.length <= 200 + longestWord || marks.length === 1) &&
            marks.every(([start, end]) => start >= before.length && end <= text.length - after.length)
          )
        })
      )
    }),
    { numRuns: 1000 },
  )
})

function findTags(html: string): string[] {
  const found: string[] = []
  const visit = (node: DefaultTreeAdapterTypes.Node) => {
    if ('tagName' in node) found.push([node.tagName, ...node.attrs.map(({ name }) => name)].join(' '))
    else if (node.nodeName !== '#text' && node.nodeName !== '#document-fragment') found.push(node.nodeName)
    if ('childNodes' in node) node.childNodes.forEach(visit)
  }
  visit(parseFragment(html))
  return found
}

function textOf(node: DefaultTreeAdapterTypes.Node): string {
  if ('value' in node) return node.value
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : ''
}

t.test('whatever the text, its HTML has no tags but its marks, and says the same', async () => {
  const anything = fc.oneof(texts(20), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme-ascii' }))
  fc.assert(
    fc.property(anything, anything, queries, (title, body, query) => {
      const clean = (text: string) => text.replaceAll('\0', '')
      const highlights = highlight(`${query} ${title.slice(0, 20)}`, { title: clean(title), bodies: [clean(body)] })
      return [highlights.title, ...highlights.body].every((marked) => {
        const html = toHtml(marked)
        return (
          findTags(html).join() === marked.marks.map(() => 'mark').join() &&
          // HTML knows one kind of line break.
          textOf(parseFragment(html)) === marked.text.replace(/\r\n?/g, '\n')
        )
      })
    }),
    { numRuns: 1000 },
  )
})

t.test('a text is marked in time that grows with its length, whatever it is made of', async (t) => {
  const query = 'a b "a b" c-c pertemuan OR x body:"a a a a a b"'
  const strange = ['a ', 'a b ', 'a.', '."', ' ', '\n', 'a\u0301', '\u0301', "a'", '🇮🇩', '<', 'x', '京', '-']
  for (const piece of strange) {
    const mark = (size: number) => highlight(query, { title: piece.repeat(size), bodies: [piece.repeat(size)] })
    t.ok(growth(mark, 10_000) < linear, JSON.stringify(piece))
  }
})
