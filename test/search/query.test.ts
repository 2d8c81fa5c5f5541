import fc from 'fast-check'
import t, { type Test } from 'tap'
import {
  type Atom,
  type Clause,
  countTerms,
  fields,
  longestQuery,
  mostTerms,
  parseQuery,
} from '../../src/search/query.ts'
import { isStopWord } from '../../src/search/stop-words.ts'

/** A query in the way that the tests write it down: `a|b c !d`, phrases as "a b", words joined to one as a~b, beginnings as a*. */
function told(clauses: readonly Clause[]): string {
  return clauses.map(({ any, not }) => `${not ? '!' : ''}${any.map(atomTold).join('|')}`).join(' ')
}

function atomTold({ forms, exact, prefix, field }: Atom): string {
  const words = exact ? `"${forms.join(' ')}"` : forms.join('~')
  return `${field === undefined ? '' : `${field}:`}${words}${prefix ? '*' : ''}`
}

/** Queries, and what each asks for. */
function expectAll(t: Test, cases: Record<string, string>, prefix = false): void {
  for (const [text, asked] of Object.entries(cases))
    t.equal(told(parseQuery(text, prefix)), asked, JSON.stringify(text))
}

t.test('a query without words asks for nothing', async (t) => {
  for (const text of [
    '',
    ' ',
    '\t\n',
    '"',
    '""',
    '-',
    '- -',
    '--',
    '-""',
    'OR',
    'OR OR',
    '*',
    '()',
    '“”',
    '👍',
    '\u0000',
    '":"',
    '…',
  ]) {
    t.strictSame(parseQuery(text), [], JSON.stringify(text))
    t.strictSame(parseQuery(text, true), [], JSON.stringify(text))
  }
})

t.test('each word is asked for, folded', async (t) => {
  expectAll(t, {
    gempa: 'gempa',
    '  Gempa   LOMBOK\n': 'gempa lombok',
    'Élysée, Žižek!': 'elysee zizek',
    'C++ (C#)': 'c++ c#',
    'gempa gempa': 'gempa gempa',
  })
})

t.test('words that are joined to one are looked for side by side', async (t) => {
  expectAll(t, {
    'COVID-19': 'covid~19',
    '20/9/2023': '20~9~2023',
    '2026-11-22': '2026~11~22',
    '1.000,50': '1~000~50',
    'co-op anak-anak': 'co~op anak~anak',
    'a_b editor@example.org': 'a~b editor~example~org',
    'Asia–Pacific 7‑8': 'asia~pacific 7~8',
    東京: '東~京',
    G7広島: 'g7~広~島',
    'b--c b+c b&c': 'b c b c b c',
    '-COVID-19 x': '!covid~19 x',
    '12:30': '12~30',
  })
})

t.test('what stands in quotes is a phrase, whatever quotes they are', async (t) => {
  expectAll(t, {
    '"Kerja Sama"': '"kerja sama"',
    '“kerja sama” «kerja sama» „kerja sama“ „kerja sama”': '"kerja sama" "kerja sama" "kerja sama" "kerja sama"',
    '"gempa"': '"gempa"',
    '"the end of the world"': '"the end of the world"',
    '"a, b - c"': '"a b c"',
    '"one""two"three': '"one" "two" three',
    '"-not OR title:x"': '"not or title x"',
    '"a OR b" OR c': '"a or b"|c',
  })
})

t.test('a quote that is not closed, and one within a word, are no quotes', async (t) => {
  expectAll(t, {
    '"kerja sama': 'kerja sama',
    'kerja sama"': 'kerja sama',
    'kerja" sama': 'kerja sama',
    'kerja"sama lagi"': 'kerja sama lagi',
    '“kerja sama"': 'kerja sama',
    '"" gempa': 'gempa',
  })
})

t.test('a minus before a word, a phrase or a field excludes it', async (t) => {
  expectAll(t, {
    'rail -metro': 'rail !metro',
    '-metro rail': '!metro rail',
    'rail -"metro line"': 'rail !"metro line"',
    'rail -title:metro -title:"metro line"': 'rail !title:metro !title:"metro line"',
    '-metro': '!metro',
    '-metro -tram': '!metro !tram',
  })
})

t.test('a minus that stands alone, twice or within a word excludes nothing', async (t) => {
  expectAll(t, {
    'rail - metro': 'rail metro',
    'rail --metro': 'rail metro',
    'rail-metro': 'rail~metro',
    'rail− metro': 'rail metro',
    'title:-metro': 'title:metro',
    'rail —metro –tram': 'rail metro tram',
  })
})

t.test('OR in capitals joins what stands before and behind it', async (t) => {
  expectAll(t, {
    'rusia OR ukraina': 'rusia|ukraina',
    'rusia OR ukraina OR belarus': 'rusia|ukraina|belarus',
    'rusia OR ukraina perang': 'rusia|ukraina perang',
    'perang rusia OR ukraina': 'perang rusia|ukraina',
    '"dua kata" OR title:satu': '"dua kata"|title:satu',
    'rusia OR "" ukraina': 'rusia|ukraina',
    'COVID-19 OR corona': 'covid~19|corona',
  })
})

t.test('OR that joins nothing, or is not in capitals, is no operator', async (t) => {
  expectAll(t, {
    'OR rusia': 'rusia',
    'rusia OR': 'rusia',
    OR: '',
    'rusia OR OR ukraina': 'rusia|ukraina',
    'rusia OR -ukraina': 'rusia !ukraina',
    '-rusia OR ukraina': '!rusia ukraina',
    'rusia OR -ukraina belarus': 'rusia !ukraina belarus',
    'rusia Or ukraina': 'rusia ukraina',
    'rusia OR, ukraina': 'rusia ukraina',
    'AND NOT NEAR rusia': 'not near rusia',
  })
})

t.test('the name of a place before a colon says where a word is to stand', async (t) => {
  for (const field of fields) {
    expectAll(t, {
      [`${field}:gempa`]: `${field}:gempa`,
      [`${field.toUpperCase()}:gempa`]: `${field}:gempa`,
      [`${field}:"gempa bumi"`]: `${field}:"gempa bumi"`,
      [`${field}:COVID-19 x`]: `${field}:covid~19 x`,
      [`${field}:gempa,bumi`]: `${field}:gempa~bumi`,
    })
  }
})

t.test('a name that is of no place, and one with nothing behind it, is text', async (t) => {
  expectAll(t, {
    'col:gempa': 'col~gempa',
    'kicker:gempa': 'kicker~gempa',
    'col:"gempa bumi"': 'col "gempa bumi"',
    'https://x.test': 'https x~test',
    'title:': 'title',
    'title: gempa': 'title gempa',
    'title:""': '',
    'title:title:gempa': 'title:title~gempa',
    ':gempa': 'gempa',
    'section:x': 'section~x',
  })
})

t.test(
  'words that say nothing need not be there, unless nothing else is asked or they were asked for just so',
  async (t) => {
    expectAll(t, {
      'the end of yang gempa': 'end gempa',
      'the of': 'the of',
      'the -gempa': 'the !gempa',
      'gempa -the': 'gempa !the',
      '"the" gempa': '"the" gempa',
      'title:the gempa': 'title:the gempa',
      'the OR gempa': 'the|gempa',
      'the OR of gempa': 'gempa',
      'the-end x': 'the~end x',
    })
    expectAll(t, { 'gempa the': 'gempa the*' }, true)
  },
)

t.test('with prefix the last word stands for all that begin so, and no other does', async (t) => {
  expectAll(
    t,
    {
      'gempa lom': 'gempa lom*',
      'gempa lom ': 'gempa lom',
      'gempa l': 'gempa l',
      'gempa -lom': 'gempa !lom*',
      'gempa title:lom': 'gempa title:lom*',
      'gempa OR lom': 'gempa|lom*',
      '"gempa lom"': '"gempa lom"',
      'gempa "lom': 'gempa lom*',
      'COVID-19': 'covid~19*',
      'COVID-': 'covid*',
      'gempa lom…': 'gempa lom*',
      'c++': 'c++*',
      a東: 'a~東',
      東京: '東~京',
    },
    true,
  )
})

t.test('hostile strings are text', async (t) => {
  expectAll(t, {
    'NEAR(a b, 5)': 'near b 5',
    'col: * ^x {a}': 'col x',
    "it's what?": 'it what',
    "'; DROP TABLE articles; --": 'drop table articles',
    'a & b | !c <-> d:*': 'b c d',
    [`${'('.repeat(100)}x${')'.repeat(100)}`]: 'x',
    'x\u0000y\ud800z': 'x y z',
    '\ufeffgempa\u202e': 'gempa',
    '%_\\ $1 {}': '1',
  })
  const many = parseQuery('x '.repeat(10_000))
  t.equal(countTerms(many), 10_000, 'and nothing is left out before it is counted')
})

t.test('every form counts as a word, whatever it is joined to', async (t) => {
  const counts: Record<string, number> = {
    '': 0,
    gempa: 1,
    'gempa lombok': 2,
    '"gempa bumi" lombok': 3,
    'COVID-19': 2,
    a東京: 3,
    'x OR y -z': 3,
    'the gempa': 1,
  }
  for (const [text, count] of Object.entries(counts)) t.equal(countTerms(parseQuery(text)), count, text)
  t.same([longestQuery, mostTerms], [256, 32])
})

const pieces = [
  ...[
    'gempa',
    'The',
    'OR',
    '-',
    '"',
    '“',
    '”',
    '«',
    '»',
    '„',
    ':',
    'title:',
    'tag:',
    'col:',
    ' ',
    ' ',
    '(',
    ')',
    '*',
    '/',
  ],
  ...['.', "'", '\u0000', '\u0301', '\ud800', '日', 'ก', 'C++', '19', '\n', '👍', 'É', '—', ',', '@'],
]
const anyQuery = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 })), { maxLength: 60 })
  .map((parts) => parts.join(''))

t.test('property: any string at all is understood, and asks for no more words than it has characters', async (t) => {
  fc.assert(
    fc.property(anyQuery, fc.boolean(), (text, prefix) => {
      const clauses = parseQuery(text, prefix)
      const atoms = clauses.flatMap(({ any }) => any)
      if (clauses.some(({ any, not }) => any.length === 0 || (not && any.length > 1))) return false
      if (atoms.some(({ forms }) => forms.length === 0 || forms.includes(''))) return false
      if (atoms.slice(0, -1).some((atom) => atom.prefix) || (!prefix && atoms.some((atom) => atom.prefix))) return false
      return countTerms(clauses) <= text.length
    }),
    { seed: 1, numRuns: 10_000 },
  )
  t.pass('all were')
})

t.test('property: the same words are asked for in capitals, but for OR', async (t) => {
  fc.assert(
    fc.property(
      anyQuery.filter((text) => !/or/i.test(text) && text.isWellFormed()),
      (text) => told(parseQuery(text.toUpperCase())) === told(parseQuery(text)),
    ),
    { seed: 2, numRuns: 3_000 },
  )
  t.pass('they were')
})

const word = fc.constantFrom('gempa', 'lombok', 'rusia', 'perang', 'c++', '2023', 'elysee', 'title', 'near')
const atom: fc.Arbitrary<{ text: string; told: string }> = fc
  .record({
    field: fc.option(fc.constantFrom(...fields), { nil: undefined }),
    words: fc.array(word, { minLength: 1, maxLength: 3 }),
    quotes: fc.constantFrom(['"', '"'], ['“', '”'], ['«', '»'], ['„', '“'], undefined),
  })
  .map(({ field, words, quotes }) => {
    const place = field === undefined ? '' : `${field}:`
    if (quotes !== undefined) {
      return { text: `${place}${quotes[0]}${words.join(' ')}${quotes[1]}`, told: `${place}"${words.join(' ')}"` }
    }
    return { text: `${place}${words.join('-')}`, told: `${place}${words.join('~')}` }
  })
const clause = fc.oneof(
  { weight: 3, arbitrary: fc.array(atom, { minLength: 1, maxLength: 3 }).map((any) => ({ any, not: false })) },
  { weight: 1, arbitrary: atom.map((one) => ({ any: [one], not: true })) },
)

t.test('property: what is written by the rules is understood as it was meant', async (t) => {
  fc.assert(
    fc.property(fc.array(clause, { minLength: 1, maxLength: 6 }), (clauses) => {
      const text = clauses
        .map(({ any, not }) => `${not ? '-' : ''}${any.map((one) => one.text).join(' OR ')}`)
        .join(' ')
      const meant = clauses.map(({ any, not }) => `${not ? '!' : ''}${any.map((one) => one.told).join('|')}`).join(' ')
      return told(parseQuery(text)) === meant
    }),
    { seed: 3, numRuns: 3_000 },
  )
  t.pass('all was')
})

t.test('a word that says nothing is of no language alone, and no name', async (t) => {
  for (const form of ['the', 'of', 'and', 'yang', 'di', 'dan']) t.equal(isStopWord(form), true, form)
  for (const form of ['', 'gempa', 'not', 'no', 'tidak', 'bukan', 'tanpa', 'who1', 'us', 'it1', 'mei'])
    t.equal(isStopWord(form), false, form)
})
