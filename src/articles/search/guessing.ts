import { nearestTo, shortestGuess } from '../../search/nearness.ts'
import { parseQuery } from '../../search/query.ts'
import { isStopWord } from '../../search/stop-words.ts'
import { wordsOf } from '../../search/words.ts'
import type { Read } from '../../storage/store.ts'
import type { ListFilter } from '../names/store.ts'
import { seekFor } from './asking.ts'
import { findWordsLike, isFound } from './words/store.ts'

/** Words that are tried for one that finds nothing: each is a search. */
const mostTried = 8
/** Words of a query that are guessed at: who has more of them wrong meant something else. */
const mostGuessed = 3

/**
 * What somebody may have meant with a query that finds nothing: with words that are written nearly so and find something.
 * Only what the asker may see is guessed: each guess has found something before it is made.
 */
export async function guess(db: Read, q: string, filter: ListFilter): Promise<string | null> {
  const finds = async (text: string): Promise<boolean> => {
    const sought = await seekFor(db, text, false, filter.stage)
    return sought !== null && isFound(db, { ...filter, sought }, sought)
  }
  const unwanted = new Set(parseQuery(q).flatMap(({ not, any }) => (not ? any.flatMap(({ forms }) => forms) : [])))
  const wrong: { start: number; end: number; instead: string }[] = []
  for (const { form, start, end } of wordsOf(q)) {
    if (form.length < shortestGuess || isStopWord(form) || unwanted.has(form) || (await finds(form))) continue
    if (wrong.length === mostGuessed) return null
    let instead: string | undefined
    for (const word of nearestTo(form, await findWordsLike(db, form), mostTried)) {
      if (!(await finds(word))) continue
      instead = word
      break
    }
    if (instead === undefined) return null
    wrong.push({ start, end, instead })
  }
  if (wrong.length === 0) return null
  let text = q
  for (const { start, end, instead } of wrong.toReversed()) text = text.slice(0, start) + instead + text.slice(end)
  return (await finds(text)) ? text : null
}
