import type { Read, Write } from '../../storage/store.ts'
import { findParts } from '../parts/store.ts'
import { sawCard } from '../sight.ts'
import { findCopy } from '../store.ts'
import type { Stage } from '../vocabulary.ts'
import { type Card, endOf, fillCard, readCard, writeCard } from './card.ts'
import { namesAt } from './names.ts'
import { findCardArticle, listWithoutCard, type StoredRow, setCard } from './store.ts'

/** The cards of copies that the public reads, as JSON: what `presentCards` makes of their rows. */
export async function finishCards(db: Read, rows: readonly StoredRow[]): Promise<string[]> {
  const [first] = rows
  if (first === undefined) return []
  const cards: Card[] = []
  for (const { copy } of rows) cards.push(readCard(copy.card ?? (await cardOf(db, copy.articleId, copy.stage))))
  const names = namesAt(first.names)
  const fill = () => cards.map((card) => fillCard(card, (used, id) => names.of(used, id), db.now))
  const filled = fill()
  return ((await names.learn(db)) ? fill() : filled).map(({ json, keys }, i) => {
    const [row, card] = [rows[i], cards[i]]
    if (row !== undefined && card !== undefined) sawCard(db.sight, keys, [row.copy.shownUntil, endOf(card, db.now)])
    return json
  })
}

async function cardOf(db: Read, id: string, stage: Stage): Promise<string> {
  const [copy, article, parts] = await Promise.all([
    findCopy(db, id, stage),
    findCardArticle(db, id),
    findParts(db, id, stage),
  ])
  if (copy === undefined || article === undefined) throw new Error('A copy that was read is not there.')
  return writeCard(copy, article, parts)
}

/** Written in one transaction; some ten milliseconds, so that editors who wait for their turn hardly notice. */
const writtenAtOnce = 50

/** Whether copies for the public are without a card: what they use was merged, or what a card shows is another since. */
export async function areCardsMissing(db: Read): Promise<boolean> {
  return (await listWithoutCard(db, 1)).length > 0
}

/** Writes some of the cards that are missing; answers whether there may be more of them. Until then they are made for each reader. */
export async function writeCards(db: Write): Promise<boolean> {
  const copies = await listWithoutCard(db, writtenAtOnce)
  for (const { articleId, stage } of copies) await setCard(db, articleId, stage, await cardOf(db, articleId, stage))
  return copies.length === writtenAtOnce
}
