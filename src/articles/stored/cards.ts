import type { Read, Write } from '../../storage/store.ts'
import { group } from '../cards.ts'
import { bylinesOf } from '../parts/store.ts'
import { sawCard } from '../sight.ts'
import { type Card, endOf, fillCard, readCard, writeCard } from './card.ts'
import { namesOf } from './names.ts'
import { findCardRows, findSourceUses, findTagIds, listWithoutCard, type StoredRow, setCard } from './store.ts'

/** The cards of copies that the public reads, as JSON: what `presentCards` makes of their rows. */
export async function finishCards(db: Read, rows: readonly StoredRow[]): Promise<string[]> {
  const [first] = rows
  if (first === undefined) return []
  const cards = (await storedCards(db, rows)).map(readCard)
  const names = await namesOf(db, first.names, cards)
  return rows.map(({ copy }, i) => {
    const card = cards[i] as Card
    const { json, keys } = fillCard(card, names, db.now)
    sawCard(db.sight, keys, [copy.shownUntil, endOf(card, db.now)])
    return json
  })
}

/** What is still to be written is made for this once: one statement for the copies, and one for each relation. */
async function storedCards(db: Read, rows: readonly StoredRow[]): Promise<string[]> {
  const missing = rows.filter(({ copy }) => copy.card === null).map(({ copy }) => copy)
  const made = missing.length === 0 ? undefined : await makeCards(db, missing)
  return rows.map(({ copy }) => copy.card ?? made?.get(nameOf(copy)) ?? absent(copy))
}

type CopyName = Pick<StoredRow['copy'], 'articleId' | 'stage'>

const nameOf = ({ articleId, stage }: CopyName): string => `${articleId} ${stage}`

function absent(copy: CopyName): never {
  throw new Error(`The copy ${nameOf(copy)} was read and is not there.`)
}

/** The cards of these copies, as they are to be stored. */
async function makeCards(db: Read, copies: readonly CopyName[]): Promise<Map<string, string>> {
  const ids = [...new Set(copies.map(({ articleId }) => articleId))]
  const [rows, allTags, allSources, allBylines] = await Promise.all([
    findCardRows(db, ids),
    findTagIds(db, ids),
    findSourceUses(db, ids),
    bylinesOf(db, 'live', ids),
  ])
  const [tags, sources, bylines] = [group(allTags), group(allSources), group(allBylines)]
  return new Map(
    rows.map((row) => {
      const parts = {
        tagIds: tags.of(row).map(({ tagId }) => tagId),
        sources: sources.of(row).map(({ use }) => use),
        bylines: bylines.of(row).map(({ value }) => value),
      }
      return [nameOf(row.copy), writeCard(row.copy, row.article, parts)]
    }),
  )
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
  const made = await makeCards(db, copies)
  for (const copy of copies) await setCard(db, copy, made.get(nameOf(copy)) ?? absent(copy))
  return copies.length === writtenAtOnce
}
