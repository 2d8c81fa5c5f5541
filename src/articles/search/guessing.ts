import { nearestTo, shortestGuess } from '../../search/nearness.ts'
import { fields, parseQuery } from '../../search/query.ts'
import { isStopWord } from '../../search/stop-words.ts'
import { type Word, wordsOf } from '../../search/words.ts'
import type { Read } from '../../storage/store.ts'
import type { ListFilter } from '../names/store.ts'
import { findIdsOf, seekFor, within } from './asking.ts'
import { findWordsLike, isFound } from './words/store.ts'

/**
 * Words that are tried for one that finds nothing, each a search of a millisecond. Drafts have words as well, which nobody
 * is told: far more than there are near to one word, so that they take no other's place.
 */
const mostTried = 500
/** Words of a query that are guessed at: who has more of them wrong meant something else. */
const mostGuessed = 3
/** Words of a query of which one may be left out: each way is a search. */
const mostLeftOut = 8
/** As long as a reader waits for help who has found nothing. */
const patienceMs = 1_000

/**
 * What somebody may have meant with a query that finds nothing: with words that are written nearly so and find something,
 * or else without one of its words. Only what the asker may see is guessed: each guess has found something before it is
 * made.
 */
export async function guess(db: Read, q: string, filter: ListFilter): Promise<string | null> {
  const until = performance.now() + patienceMs
  const among = await findIdsOf(db, filter)
  const hasTime = (): boolean => {
    if (performance.now() <= until) return true
    // Another time there may be more: that there is no guess is not to be kept.
    db.sight?.ends(db.now)
    return false
  }
  const finds = async (text: string): Promise<boolean> => {
    if (!hasTime()) return false
    const sought = await seekFor(db, text, false, filter.stage)
    return sought !== null && isFound(db, { ...filter, sought }, within(sought.match, among))
  }
  // In a text, and as it is: the form that a draft has is not told because another form is public, or a tag is called so.
  const stands = async (word: string): Promise<boolean> => hasTime() && isFound(db, filter, within({ word }, among))
  return (await correct(db, q, finds, stands)) ?? (await leaveOut(q, finds))
}

type Finds = (text: string) => Promise<boolean>

/** The query with each word that finds nothing as it is written in what is found. */
async function correct(db: Read, q: string, finds: Finds, stands: Finds): Promise<string | null> {
  const wrong: { start: number; end: number; instead: string }[] = []
  for (const { form, start, end } of guessable(q)) {
    if (await finds(form)) continue
    if (wrong.length === mostGuessed) return null
    const near = nearestTo(form, await findWordsLike(db, form), mostTried)
    const instead = await findFirst(near, stands)
    if (instead === undefined) return null
    wrong.push({ start, end, instead })
  }
  let text = q
  for (const { start, end, instead } of wrong.toReversed()) text = text.slice(0, start) + instead + text.slice(end)
  return wrong.length > 0 && (await finds(text)) ? text : null
}

/** The words that say what is looked for; of `title:word` the name of the field is none. */
function guessable(q: string): Word[] {
  const unwanted = new Set(parseQuery(q).flatMap(({ not, any }) => (not ? any.flatMap(({ forms }) => forms) : [])))
  const isField = ({ form, end }: Word): boolean => q.charAt(end) === ':' && fields.some((field) => field === form)
  return wordsOf(q).filter(
    (word) => word.form.length >= shortestGuess && !isStopWord(word.form) && !unwanted.has(word.form) && !isField(word),
  )
}

/** The query without one of its words; a short one sooner, which tells less. */
async function leaveOut(q: string, finds: Finds): Promise<string | null> {
  // What has operators in it means something else without one of its words.
  const isPlain = parseQuery(q).every(
    ({ not, any }) => !not && any.length === 1 && any[0]?.exact === false && any[0].field === undefined,
  )
  const words = q.trim().split(/\s+/u)
  if (!isPlain || words.length < 2 || words.length > mostLeftOut) return null
  const shorter = [...words.keys()]
    .sort((a, b) => (words[a]?.length ?? 0) - (words[b]?.length ?? 0))
    .map((left) => words.filter((_, i) => i !== left).join(' '))
  return (await findFirst(shorter, finds)) ?? null
}

async function findFirst(texts: readonly string[], finds: Finds): Promise<string | undefined> {
  for (const text of texts) if (await finds(text)) return text
  return undefined
}
