import { type Expression, type IndexedWords, type Place, places } from '../../search/expression.ts'
import { sql } from '../drizzle.ts'
import type { SearchDialect } from '../search.ts'

const table = sql.raw('article_search')

/** A place is a weight: PostgreSQL knows four. */
const weights: Record<Place, string> = { title: 'A', deck: 'B', body: 'C', byline: 'D' }

/** A second's work: each has a hundred entries in the index. */
const clearedAtOnce = 2_000

/** No phrase goes from one place to the next. */
const gap = 2

/** PostgreSQL's own text search (https://www.postgresql.org/docs/18/datatype-textsearch.html), without its parsers and dictionaries. */
export const postgresSearch: SearchDialect = {
  rowOf: (id, words) => ({ id, words: vectorOf(words) }),
  textOf: render,
  from: table,
  id: sql`${table}.id`,
  matches: (text) => sql`${table}.words @@ cast(${text} as tsquery)`,
  position: (text, part) => sql<number>`strpos(${text}, ${part})`,
  faults: undefined,
  // Some at a time: a statement that writes has seconds.
  clear: (db, index) =>
    db.delete(index).where(sql`${index.id} in (select id from ${table} limit ${sql.raw(String(clearedAtOnce))})`),
}

function vectorOf(words: IndexedWords): string {
  const lexemes = new Map<string, string[]>()
  let at = 1
  for (const place of places) {
    const { forms, stems } = words[place]
    const add = (word: string, position: number): void => {
      const positions = lexemes.get(word)
      if (positions === undefined) lexemes.set(word, [`${position}${weights[place]}`])
      else positions.push(`${position}${weights[place]}`)
    }
    for (const [i, form] of forms.entries()) if (form !== '') add(form, at + i)
    // Where they stand is asked of nobody, but a weight needs a position.
    for (const stem of stems) add(stem, at)
    at += forms.length + gap
  }
  const placed = Array.from(lexemes, ([word, positions]) => `${quote(word)}:${positions.join(',')}`)
  return [...placed, ...words.ids.map(quote)].join(' ')
}

function quote(word: string): string {
  return `'${word.replace(/['\\]/g, (sign) => sign + sign)}'`
}

function render(expression: Expression): string {
  if ('any' in expression) return `(${expression.any.map(render).join(' | ')})`
  if ('all' in expression) {
    const none = (expression.none ?? []).map((one) => `!${render(one)}`)
    return `(${[...expression.all.map(render), ...none].join(' & ')})`
  }
  const words = 'word' in expression ? [expression.word] : expression.phrase
  const weight = expression.place === undefined ? '' : weights[expression.place]
  const marked = words.map((word, i) => {
    const marks = (expression.prefix && i === words.length - 1 ? '*' : '') + weight
    return marks === '' ? quote(word) : `${quote(word)}:${marks}`
  })
  return `(${marked.join(' <-> ')})`
}
