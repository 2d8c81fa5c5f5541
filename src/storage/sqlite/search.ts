import { type Expression, type PlacedWords, places } from '../../search/expression.ts'
import { sql } from '../drizzle.ts'
import type { SearchDialect } from '../search.ts'
import { sqliteTable, text } from './drizzle.ts'

/** A word that nobody looks for: it keeps its neighbours apart. */
const gap = '~'

const name = 'article_search'
const table = sql.raw(name)
/** The hidden column of the table's own name takes commands. */
const commands = sqliteTable(name, { command: text(name) })

/** SQLite's FTS5 (https://sqlite.org/fts5.html). A phrase in quotes is no syntax; columns are named by us alone. */
export const sqliteSearch: SearchDialect = {
  rowOf: (id, words) => ({
    id,
    ...Object.fromEntries(places.map((place) => [place, textOfPlace(words[place])])),
    ids: words.ids.join(' '),
  }),
  textOf: render,
  from: table,
  id: sql`${table}.rowid`,
  matches: (text) => sql`${table} match ${text}`,
  position: (text, part) => sql<number>`instr(${text}, ${part})`,
  faults: sql`select integrity_check as fault from pragma_integrity_check('article_search') where integrity_check <> 'ok'`,
  clear: (db) => db.insert(commands).values({ command: 'delete-all' }),
}

function textOfPlace({ forms, stems }: PlacedWords): string {
  return [...forms.map((form) => (form === '' ? gap : form)), gap, ...stems].join(' ')
}

function render(expression: Expression): string {
  if ('any' in expression) return `(${expression.any.map(render).join(' OR ')})`
  if ('all' in expression) {
    const all = `(${expression.all.map(render).join(' AND ')})`
    return (expression.none ?? []).reduce<string>((text, one) => `(${text} NOT ${render(one)})`, all)
  }
  const words = 'word' in expression ? [expression.word] : expression.phrase
  const place = expression.place === undefined ? '' : `${expression.place} : `
  return `(${place}"${words.join(' ').replaceAll('"', '""')}"${expression.prefix ? '*' : ''})`
}
