import { nearestTo, shortestGuess } from '../../search/nearness.ts'
import { parseQuery } from '../../search/query.ts'
import { isStopWord } from '../../search/stop-words.ts'
import { type Word, wordsOf } from '../../search/words.ts'
import type { Read } from '../../storage/store.ts'
import type { ListFilter } from '../names/store.ts'
import { seekFor } from './asking.ts'
import { findWordsLike, isFound } from './words/store.ts'

/** Words that are tried for one that finds nothing: each is a search. */
const mostTried = 8
/** Words of a query that are guessed at: who has more of them wrong meant something else. */
const mostGuessed = 3

/** Words of a query of which one may be left out: each way is a search. */
const mostLeftOut = 8

/**
 * What somebody may have meant with a query that finds nothing: with words that are written nearly so and find something,
 * or else without one of its words. Only what the asker may see is guessed: each guess has found something before it is
 * made.
 */
export async function guess(db: Read, q: string, filter: ListFilter): Promise<string | null> {
  const finds = async (text: string): Promise<boolean> => {
    const sought = await seekFor(db, text, false, filter.stage)
    return sought !== null && isFound(db, { ...filter, sought }, sought)
  }
  const unwanted = new Set(parseQuery(q).flatMap(({ not, any }) => (not ? any.flatMap(({ forms }) => forms) : [])))
  const words = wordsOf(q).filter(({ form }) => !isStopWord(form) && !unwanted.has(form))
  return (await correct(db, q, words, finds)) ?? (await leaveOut(q, words, finds))
}

type Finds = (text: string) => Promise<boolean>

/** The query with each word that finds nothing as it is written in what is found. */
async function correct(db: Read, q: string, words: readonly Word[], finds: Finds): Promise<string | null> {
  const wrong: { start: number; end: number; instead: string }[] = []
  for (const { form, start, end } of words) {
    if (form.length < shortestGuess || (await finds(form))) continue
    if (wrong.length === mostGuessed) return null
    const near = nearestTo(form, await findWordsLike(db, form), mostTried)
    const instead = await findFirst(near, finds)
    if (instead === undefined) return null
    wrong.push({ start, end, instead })
  }
  let text = q
  for (const { start, end, instead } of wrong.toReversed()) text = text.slice(0, start) + instead + text.slice(end)
  return wrong.length > 0 && (await finds(text)) ? text : null
}

/** The query without the first word that it is better without. */
async function leaveOut(q: string, words: readonly Word[], finds: Finds): Promise<string | null> {
  // What has operators in it means something else without one of its words.
  const isPlain = parseQuery(q).every(
    ({ not, any }) => !not && any.length === 1 && !any[0]?.exact && any[0]?.field === undefined,
  )
  if (!isPlain || words.length < 2 || words.length > mostLeftOut) return null
  const shorter = words.map(({ start, end }) => `${q.slice(0, start)}${q.slice(end)}`.replace(/\s+/g, ' ').trim())
  return (await findFirst(shorter, finds)) ?? null
}

async function findFirst(texts: readonly string[], finds: Finds): Promise<string | undefined> {
  for (const text of texts) if (await finds(text)) return text
  return undefined
}
