import fc from 'fast-check'
import t from 'tap'
import type { Expression } from '../../src/search/expression.ts'
import { type Atom, parseQuery, phraseOf } from '../../src/search/query.ts'
import { type Labelled, labelOf, seek } from '../../src/search/sought.ts'

/** What a query looks for in the words of the index. */

const nobody: Labelled = { tags: [], sources: [] }
const sought = (query: string, labelled: (atom: Atom) => Labelled = () => nobody, prefix = false) =>
  seek(parseQuery(query, prefix), labelled, phraseOf(query, prefix))

/** An expression in one line: `title:word`, "a phrase", a beginning*, (any | of) and [all & of ! none]. */
function told(expression: Expression | undefined): string {
  if (expression === undefined) return ''
  if ('any' in expression) return `(${expression.any.map(told).join(' | ')})`
  if ('all' in expression) {
    const none = (expression.none ?? []).map((one) => ` ! ${told(one)}`)
    return `[${expression.all.map(told).join(' & ')}${none.join('')}]`
  }
  const words = 'word' in expression ? expression.word : `"${expression.phrase.join(' ')}"`
  return `${expression.place === undefined ? '' : `${expression.place}:`}${words}${expression.prefix ? '*' : ''}`
}

const match = (...asked: Parameters<typeof sought>): string => told(sought(...asked)?.match)

t.test('what asks for nothing looks for nothing', async (t) => {
  for (const query of ['', '"', '-x', '-x -"y z"', '…']) t.equal(sought(query), undefined, query)
})

t.test('a word is looked for as it is typed, by its stems and by itself as a stem', async (t) => {
  t.equal(match('elections'), '[(elections | ~idelections | elect | ~enelect)]')
  t.equal(match('pertemuan'), '[(pertemuan | temu | ~idtemu | ~enpertemuan)]')
  t.equal(match('19'), '[(19 | ~id19 | ~en19)]')
  t.equal(match('"elections"'), '[elections]', 'in quotes as it stands')
  t.equal(match('elections', undefined, true), '[elections*]', 'still being typed, as what begins so')
})

t.test('words that are joined are a phrase, or one word; their stems are of none', async (t) => {
  t.equal(match('COVID-19'), '[("covid 19" | covid19)]')
  t.equal(match('"COVID-19"'), '["covid 19"]')
  t.equal(match('COVID-19', undefined, true), '[("covid 19"* | covid19*)]')
  t.equal(match('anak-anak'), '[("anak anak" | anakanak | anak | ~idanak | ~enanak)]', 'unless it is one word twice')
})

t.test('all that is asked must be there, any of what OR joins, and nothing of what is excluded', async (t) => {
  t.equal(match('"a" "b"'), '[a & b]')
  t.equal(match('"a" OR "b" "c"'), '[(a | b) & c]')
  t.equal(match('"a" -"b" -"c d"'), '[a ! b ! "c d"]')
  t.equal(match('-"b" "a"'), '[a ! b]')
})

t.test('a place is a place of the index, and that of a tag or a source is its name', async (t) => {
  for (const place of ['title', 'deck', 'body', 'byline']) {
    t.equal(match(`${place}:"x y"`), `[${place}:"x y"]`)
    t.equal(match(`${place}:19`), `[(${place}:19 | ${place}:~id19 | ${place}:~en19)]`)
  }
  const called = (atom: Atom): Labelled =>
    labelOf(atom) === 'kereta api' ? { tags: ['#t1'], sources: ['#s1', '#s2'] } : nobody
  t.equal(match('"kereta api"', called), '[("kereta api" | #t1 | #s1 | #s2)]')
  t.equal(match('title:"kereta api"', called), '[title:"kereta api"]')
  t.equal(match('tag:"kereta api"', called), '[#t1]')
  t.equal(match('source:"kereta api"', called), '[(#s1 | #s2)]')
  t.equal(match('tag:kereta-api', called), '[#t1]')
  t.equal(match('tag:nothing', called), '[#]', 'what nothing is called finds nothing')
  t.equal(match('x -tag:"kereta api" -source:nothing', called).replace(/.* &/, ''), '[(x | ~idx | ~enx) ! #t1 ! #]')
})

t.test('in a title means all of it there, but for what has another place', async (t) => {
  t.equal(told(sought('"a" deck:"b" title:"c"')?.inTitle), '[title:a & deck:b & title:c]')
  t.equal(told(sought('"a" -"b"')?.inTitle), '[title:a ! b]', 'and what is excluded nowhere')
  const called = (): Labelled => ({ tags: ['#t1'], sources: [] })
  t.equal(told(sought('"a" tag:b', called)?.inTitle), '[title:a & #t1]')
})

t.test('the rank looks for each thing between spaces, as it was typed and in other forms', async (t) => {
  const everywhere = (...words: string[]) => ({ title: words, deck: words, body: words })
  const [one, other] = sought('elections "kerja sama"')?.parts ?? []
  t.strictSame(one?.exact, everywhere(' elections '))
  t.strictSame(one?.stems, everywhere(' ~idelections ', ' elect ', ' ~enelect '))
  t.equal(told(one?.inBody), 'body:elections')
  t.equal(told(one?.inBodyOtherwise), '(body:~idelections | body:elect | body:~enelect)')
  t.strictSame([other?.exact, other?.stems], [everywhere(' kerja sama '), everywhere()])
  const [typed] = sought('elec', undefined, true)?.parts ?? []
  t.strictSame([typed?.exact, typed?.stems], [everywhere(' elec'), everywhere()])
  const [covid] = sought('COVID-19')?.parts ?? []
  t.strictSame(covid?.exact, everywhere(' covid 19 ', ' covid19 '))
  const either = sought('"a" OR "b" -"c"')?.parts ?? []
  t.equal(either.length, 1, 'what is excluded has no rank')
  t.strictSame(either[0]?.exact, everywhere(' a ', ' b '))
  const [titled] = sought('title:"x"')?.parts ?? []
  t.strictSame(titled?.exact, { title: [' x '], deck: [], body: [] }, 'where it is asked to stand')
})

t.test('what is asked of a title, a deck or a name is not looked for in the body', async (t) => {
  for (const query of ['title:x', 'deck:x', 'byline:x', 'tag:x', 'source:x'])
    t.equal(sought(query)?.parts[0]?.inBody, undefined)
  t.equal(told(sought('body:"x"')?.parts[0]?.inBody), 'body:x')
  t.equal(told(sought('title:x OR "y"')?.parts[0]?.inBody), 'body:y')
})

t.test('several plain words have an order in which they may stand', async (t) => {
  t.equal(sought('gempa lombok')?.phrase, ' gempa lombok ')
  t.equal(sought('gempa "di lombok" -x')?.phrase, ' gempa di lombok ')
  t.equal(sought('gempa di lombok')?.phrase, ' gempa di lombok ', 'a title has the words that need not be there')
  t.equal(sought('the economist')?.phrase, ' the economist ')
  for (const query of ['gempa', 'a OR b c', 'title:gempa lombok']) t.equal(sought(query)?.phrase, undefined, query)
  t.equal(sought('gempa lom', undefined, true)?.phrase, undefined)
})

t.test(
  'property: whatever is asked, no word that is looked for is empty or has a space or a quote in it',
  async (t) => {
    const words = (expression: Expression): readonly string[] => {
      if ('any' in expression) return expression.any.flatMap(words)
      if ('all' in expression) return [...expression.all, ...(expression.none ?? [])].flatMap(words)
      return 'word' in expression ? [expression.word] : expression.phrase
    }
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.boolean(), (query, prefix) => {
        const found = sought(query, () => ({ tags: ['#t1'], sources: [] }), prefix)
        if (found === undefined) return parseQuery(query).every(({ not }) => not)
        const all = [found.match, found.inTitle, ...found.parts.flatMap(({ inBody }) => inBody ?? [])].flatMap(words)
        return all.every((word) => /^[\p{L}\p{N}\p{M}+#~]+$/u.test(word))
      }),
      { seed: 1, numRuns: 5_000 },
    )
    t.pass('never')
  },
)
