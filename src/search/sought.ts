import { type Expression, type Place, stemWord } from './expression.ts'
import { type Atom, type Clause, type Field, partsOf } from './query.ts'
import { stem, stemLanguages } from './stems.ts'

/** What a query looks for, in the words of the index. */
export interface Sought {
  clauses: readonly Clause[]
  /** what a text must be to be found at all */
  match: Expression
  /** … and to have all that is asked in its title */
  inTitle: Expression
  /** for each thing that must be there, what makes its rank */
  parts: readonly SoughtPart[]
  /** the query as it would stand in a title, when it is of several words */
  phrase: string | undefined
}

/** Places whose words are kept beside the index: of the body those that it is about. */
type KeptPlace = 'title' | 'deck' | 'body'

/** One thing that must be there, as it stands in the lists of words that are kept beside the index. */
export interface SoughtPart {
  /** as it was typed */
  exact: Record<KeptPlace, readonly string[]>
  /** in another form */
  stems: Record<KeptPlace, readonly string[]>
  /** in the body as it was typed; undefined where that cannot be, or does not count */
  inBody: Expression | undefined
  /** in the body in another form */
  inBodyOtherwise: Expression | undefined
}

/** The ids of what is called so, as words of the index: of tags, and of sources. */
export interface Labelled {
  tags: readonly string[]
  sources: readonly string[]
}

/** The words of an atom as a tag or source may be called. */
export const labelOf = ({ forms }: Pick<Atom, 'forms'>): string => forms.join(' ')

const placeOf: Partial<Record<Field, Place>> = { title: 'title', deck: 'deck', body: 'body', byline: 'byline' }

/**
 * Undefined when nothing is asked for, and so nothing is found.
 * @param labelled the ids of what is called as an atom says
 * @param phrase see phraseOf
 */
export function seek(
  clauses: readonly Clause[],
  labelled: (atom: Atom) => Labelled,
  phrase: string | undefined,
): Sought | undefined {
  const wanted = clauses.filter(({ not }) => !not)
  if (wanted.length === 0) return undefined
  const unwanted = clauses.filter(({ not }) => not)
  const none = unwanted.map(({ any }) => join(any.map((atom) => anywhere(atom, labelled(atom)))))
  const all = (of: (atom: Atom) => Expression): Expression => ({
    all: wanted.map(({ any }) => join(any.map(of))),
    none,
  })
  return {
    clauses,
    match: all((atom) => anywhere(atom, labelled(atom))),
    inTitle: all((atom) => inTitle(atom, labelled(atom))),
    parts: wanted.map(({ any }) => partOf(any)),
    phrase,
  }
}

function join(expressions: readonly Expression[]): Expression {
  const [first] = expressions
  return expressions.length === 1 && first !== undefined ? first : { any: expressions }
}

/** Everything that an atom is found by, where it may stand. */
function anywhere(atom: Atom, { tags, sources }: Labelled): Expression {
  const ids = (words: readonly string[]): Expression[] => words.map((word) => ({ word }))
  // Nothing has this word, so that what nothing is called finds nothing.
  if (atom.field === 'tag') return join(tags.length === 0 ? [{ word: '#' }] : ids(tags))
  if (atom.field === 'source') return join(sources.length === 0 ? [{ word: '#' }] : ids(sources))
  const place = atom.field && placeOf[atom.field]
  const labels = place === undefined ? ids([...tags, ...sources]) : []
  return join([...inWords(atom, place), ...labels])
}

function inTitle(atom: Atom, labelled: Labelled): Expression {
  const isOfTitle = atom.field === undefined || atom.field === 'title'
  return isOfTitle ? join(inWords(atom, 'title')) : anywhere(atom, labelled)
}

function inWords(atom: Atom, place: Place | undefined): Expression[] {
  return [...asTyped(atom, place), ...otherForms(atom).map((word) => ({ word, place }))]
}

function asTyped({ forms, exact, prefix }: Atom, place: Place | undefined): Expression[] {
  const [word = '', ...more] = forms
  const parts = exact ? undefined : partsOf(word)
  if (more.length === 0) {
    const typed = { word, place, prefix }
    return parts === undefined ? [typed] : [typed, { phrase: parts, place, prefix }]
  }
  const phrase = { phrase: forms, place, prefix }
  // COVID-19 is written COVID19 as well.
  return exact ? [phrase] : [phrase, { word: forms.join(''), place, prefix }]
}

/**
 * Other forms of a word: what has the same stem, in the language of its text. A text has no stem of a word that is one
 * itself, so the stem is looked for as a word too. Of anak-anak the other forms are those of anak.
 */
function otherForms({ forms, exact, prefix }: Atom): string[] {
  const [form = ''] = forms
  if (exact || prefix || forms.some((other) => other !== form)) return []
  const words = stemLanguages.flatMap((language) => {
    const root = stem(form, language)
    return [root, stemWord(root, language)]
  })
  const isTyped = forms.length === 1
  return [...new Set(words)].filter((word) => !(isTyped && word === form))
}

function partOf(any: readonly Atom[]): SoughtPart {
  const inPlace = (place: KeptPlace): readonly Atom[] =>
    any.filter(({ field }) => field === undefined || field === place)
  const ofEach = (words: (atom: Atom) => readonly string[]): Record<KeptPlace, readonly string[]> => ({
    title: inPlace('title').flatMap(words),
    deck: inPlace('deck').flatMap(words),
    body: inPlace('body').flatMap(words),
  })
  const inBody = (words: (atom: Atom) => readonly Expression[]): Expression | undefined => {
    const expressions = inPlace('body').flatMap(words)
    return expressions.length === 0 ? undefined : join(expressions)
  }
  return {
    exact: ofEach(asListed),
    stems: ofEach((atom) => otherForms(atom).map((word) => ` ${word} `)),
    inBody: inBody((atom) => asTyped(atom, 'body')),
    inBodyOtherwise: inBody((atom) => otherForms(atom).map((word) => ({ word, place: 'body' }))),
  }
}

/** How an atom stands in a list of words, as it was typed. */
function asListed({ forms, exact, prefix }: Atom): string[] {
  const end = prefix ? '' : ' '
  const typed = ` ${forms.join(' ')}${end}`
  const [form = ''] = forms
  const parts = forms.length > 1 ? [forms.join('')] : partsOf(form)
  return exact || parts === undefined ? [typed] : [typed, ` ${parts.join(' ')}${end}`]
}
