import { isStopWord } from './stop-words.ts'
import { wordsOf } from './words.ts'

/** What a reader types, understood: the same for every engine. Nothing that is typed is an error of grammar; what is no operator is text. */

/** Where a word may be asked to stand. */
export const fields = ['title', 'deck', 'body', 'byline', 'tag', 'source'] as const
export type Field = (typeof fields)[number]

/** One thing to look for. */
export interface Atom {
  /** folded forms: of a word one; of a phrase, and of a word with hyphens in it, those that must stand side by side */
  forms: readonly string[]
  /** a phrase in quotes is looked for as it stands, everything else in its other forms too */
  exact: boolean
  /** whether words that begin with the last form count */
  prefix: boolean
  field: Field | undefined
  /** a word that is in every text, so that it need not be there */
  isCommon: boolean
}

/** One thing that must be there, or must not: it is, when any of its atoms is. */
export interface Clause {
  any: readonly Atom[]
  not: boolean
}

/** As much as anybody types, and far below what would make a search slow. */
export const longestQuery = 256
export const mostTerms = 32

const chunks = /\s*(?:(-)?(?:([a-z]+):)?(?:"([^"]*)"|“([^”]*)”|«([^»]*)»|„([^“”]*)[“”])|(\S+))/giu

/**
 * Words, all of which must be there; `"a phrase"`; `-without`; `this OR that`; `title:word`. The last word may be a
 * beginning, when `prefix` says that its reader is still typing. Words that are in every text (*the*, *yang*) need not be
 * there, unless they are all that is asked.
 */
export function parseQuery(text: string, prefix = false): Clause[] {
  return withoutStopWords(readClauses(text, prefix))
}

/** A query of several words as it would stand in a title, with those that need not be there; undefined of any other. */
export function phraseOf(text: string, prefix = false): string | undefined {
  const wanted = readClauses(text, prefix).filter(({ not }) => !not)
  const atoms = wanted.flatMap(({ any }) => any)
  const isPlain = atoms.length === wanted.length && atoms.every(({ field, prefix }) => field === undefined && !prefix)
  return isPlain && atoms.length > 1 ? ` ${atoms.flatMap(({ forms }) => forms).join(' ')} ` : undefined
}

function readClauses(text: string, prefix: boolean): Clause[] {
  const clauses: Clause[] = []
  let joins = false
  const isLoud = isUpperCase(text)
  for (const match of text.matchAll(chunks)) {
    const [, minus, name, ...parts] = match
    const bare = parts.pop()
    if (bare === 'OR') {
      joins = clauses.length > 0
      continue
    }
    const quoted = parts.find((part) => part !== undefined)
    const isLast = match.index + match[0].length === text.length
    const [not, atoms] =
      quoted === undefined
        ? readWord(bare ?? '', prefix && isLast, isLoud)
        : [minus !== undefined, readPhrase(quoted, name?.toLowerCase())]
    for (const [i, atom] of atoms.entries()) {
      const before = clauses.at(-1)
      if (i === 0 && joins && before !== undefined && !not && !before.not) {
        clauses[clauses.length - 1] = { any: [...before.any, atom], not: false }
      } else clauses.push({ any: [atom], not })
    }
    if (atoms.length > 0) joins = false
  }
  return clauses
}

function readPhrase(quoted: string, name: string | undefined): Atom[] {
  const field = fields.find((one) => one === name)
  // A name that is no field is text beside the phrase.
  const beside = name === undefined || field !== undefined ? [] : readText(name, undefined, false)
  const forms = wordsOf(quoted).map(({ form }) => form)
  return forms.length === 0 ? beside : [...beside, { forms, exact: true, prefix: false, field, isCommon: false }]
}

function readWord(chunk: string, prefix: boolean, isLoud: boolean): [not: boolean, atoms: Atom[]] {
  const not = /^-[^-]/u.test(chunk)
  const text = not ? chunk.slice(1) : chunk
  const [, name = '', rest = ''] = /^([a-z]+):(.+)$/iu.exec(text) ?? []
  const field = fields.find((one) => one === name.toLowerCase())
  const atoms = readText(field === undefined ? text : rest, field, isLoud)
  const last = atoms.at(-1)
  // One letter begins too much of what there is.
  if (prefix && last !== undefined && (last.forms.at(-1)?.length ?? 0) > 1) {
    atoms[atoms.length - 1] = { ...last, prefix: true, isCommon: false }
  }
  return [not, atoms]
}

/** What joins words to one: COVID-19, 20/9/2023, 1.000, a_b, editor@example.org, and signs that have no space between them. */
const joint = /^[-‐‑–/._@:,]?$/u

/** Words that are joined to one without a space are looked for side by side. */
function readText(text: string, field: Field | undefined, isLoud: boolean): Atom[] {
  const groups: { forms: string[]; isCommon: boolean }[] = []
  let end = 0
  for (const { form, start, end: behind } of wordsOf(text)) {
    const last = groups.at(-1)
    if (last !== undefined && joint.test(text.slice(end, start))) {
      last.forms.push(form)
      last.isCommon = false
    } else {
      // AS is America and WHO is in Geneva, unless somebody types everything in capitals.
      const isName = !isLoud && !conjunctions.has(form) && behind - start > 1 && isUpperCase(text.slice(start, behind))
      groups.push({ forms: [form], isCommon: field === undefined && !isName && isStopWord(form) })
    }
    end = behind
  }
  return groups.map(({ forms, isCommon }) => ({ forms, exact: false, prefix: false, field, isCommon }))
}

/** Typed in capitals by those who know them from other searches. */
const conjunctions: ReadonlySet<string> = new Set(['and', 'or'])

function isUpperCase(text: string): boolean {
  return text !== text.toLowerCase() && text === text.toUpperCase()
}

function withoutStopWords(clauses: readonly Clause[]): Clause[] {
  const telling = clauses.filter(({ not, any }) => not || !any.every(({ isCommon }) => isCommon))
  return telling.some(({ not }) => !not) ? telling : [...clauses]
}

/** A word with a number behind it as it may be written too: COVID19 is COVID-19, and G20 is G-20. */
export function partsOf(form: string): string[] | undefined {
  return /^(\p{L}+)(\p{Nd}+)$/u.exec(form)?.slice(1)
}

/** How many things a query looks for. */
export function countTerms(clauses: readonly Clause[]): number {
  return clauses.reduce((sum, { any }) => sum + any.reduce((all, { forms }) => all + forms.length, 0), 0)
}
