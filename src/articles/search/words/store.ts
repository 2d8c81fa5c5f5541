import type { Expression } from '../../../search/expression.ts'
import { mostWrong } from '../../../search/nearness.ts'
import { and, asc, sql } from '../../../storage/drizzle.ts'
import type { Read } from '../../../storage/store.ts'
import type { ListFilter } from '../../names/store.ts'
import { matching } from '../matches/store.ts'

/** Far more than begin with one letter and have one length in a language; to go through so many takes some ten milliseconds. */
const mostWords = 20_000

/** Words of the index that begin alike and are about as long, those of drafts and of what is gone among them. */
export async function findWordsLike(db: Read, word: string): Promise<string[]> {
  const { searchWords } = db.tables
  const bound = (name: string) => sql.placeholder(name)
  const [first = ''] = word
  const most = mostWrong(word)
  const rows = await db.prepared('search.wordsLike', (q) =>
    q
      .select({ term: searchWords.term })
      .from(searchWords)
      .where(
        and(
          sql`${searchWords.term} >= ${bound('from')} and ${searchWords.term} < ${bound('until')}`,
          sql`length(${searchWords.term}) >= ${bound('least')} and length(${searchWords.term}) <= ${bound('most')}`,
        ),
      )
      .orderBy(asc(searchWords.term))
      .limit(sql.raw(String(mostWords)) as never),
  )({
    from: first,
    until: String.fromCodePoint((first.codePointAt(0) ?? 0) + 1),
    least: [...word].length - most,
    most: [...word].length + most,
  })
  return rows.map(({ term }) => term)
}

/** Whether somebody who asks so is shown anything. */
export async function isFound(db: Read, filter: ListFilter, expression: Expression): Promise<boolean> {
  const { from, where, inputs, shape } = matching(db, filter, expression)
  const rows = await db.prepared(
    `search.isFound:${shape}`,
    (q) => q.select({ one: sql<number>`1` }).from(from).where(where()).limit(1),
    'anew',
  )(inputs)
  return rows.length > 0
}
