import type { Expression, IndexedWords } from '../search/expression.ts'
import type { SQL, SQLWrapper } from './drizzle.ts'
import type { Writes } from './store.ts'
import type { Tables } from './tables.ts'

/** How an engine keeps the index of words, and finds what is looked for. */
export interface SearchDialect {
  /** The row of the index for one text. */
  rowOf(id: number, words: IndexedWords): Record<string, unknown>
  /** An expression as the engine reads it. */
  textOf(expression: Expression): string
  /** The table of the index, its id, and what a row must be to match a text. */
  from: SQL
  id: SQL
  matches(text: SQLWrapper): SQL
  /** How many characters of a text stand before a part of it, and one; 0 when it has no such part. */
  position(text: SQLWrapper, part: SQLWrapper): SQL<number>
  /** `select` of what is wrong with the index by itself, no rows being nothing; undefined, where nothing can be. */
  faults: SQL | undefined
  /** Forgets the words of every text, as far as one statement does; also of an index that is damaged. */
  clear(db: Writes, index: Tables['articleSearch']): Promise<unknown>
}
