import { createHash } from 'node:crypto'
import { timeOf } from '../../lib/ids.ts'
import { analyse, idWord, type SearchedText, searchVersion } from '../../search/analysis.ts'
import type { Write } from '../../storage/store.ts'
import type { Parts } from '../parts/store.ts'
import type { Copy } from '../store.ts'
import { type Stage, stages } from '../vocabulary.ts'
import {
  deleteEntry,
  findEntries,
  findFreeId,
  forgetWords,
  idsOfSecond,
  insertEntry,
  updateEntry,
} from './entries/store.ts'

/** What of a copy is searched, and when it belongs. */
export const indexedColumns = ['publishedAt', 'lang', 'title', 'kicker', 'deck', 'sectionId', 'genre'] as const
export type IndexedColumn = (typeof indexedColumns)[number]
export type Indexed = Pick<Copy, 'articleId' | 'stage' | IndexedColumn>

/**
 * Makes a copy found by what it says now, and by nothing that it said before; in the transaction that writes it. Copies
 * of an article that say the same are indexed once.
 */
export async function indexCopy(db: Write, copy: Indexed, parts: Parts): Promise<void> {
  const { articleId, stage } = copy
  const text = textOf(copy, parts)
  const at = copy.publishedAt === null ? timeOf(articleId) : Date.parse(copy.publishedAt)
  const second = Math.floor(at / 1_000)
  const digest = digestOf(text, second)
  const entries = await findEntries(db, articleId)
  if (entries.some((entry) => entry[stage] && entry.digest === digest)) return
  await forget(db, entries, stage)
  const same = entries.find(
    (entry) => entry.digest === digest && stages.some((other) => other !== stage && entry[other]),
  )
  if (same !== undefined) return updateEntry(db, same.id, { [stage]: true })
  const id = await findFreeId(db, entryId(second, articleId))
  await insertEntry(db, { id, articleId, digest, stage }, analyse(text))
}

/** Makes a copy found by nothing; in the transaction that takes it away. */
export async function unindexCopy(db: Write, articleId: string, stage: Stage): Promise<void> {
  await forget(db, await findEntries(db, articleId), stage)
}

/**
 * Leaves no word behind of an article that is gone for good, unless another has it. What it said in earlier versions alone is
 * forgotten with the words that no text has any more: see findUnusedWords.
 */
export async function forgetWordsOf(db: Write, copies: readonly { copy: Indexed; parts: Parts }[]): Promise<void> {
  const forms = copies.flatMap(({ copy, parts }) => {
    const { title, deck, body, byline } = analyse(textOf(copy, parts)).words
    return [title, deck, body, byline].flatMap((place) => place.forms)
  })
  await forgetWords(db, new Set(forms.filter((form) => form !== '')))
}

async function forget(db: Write, entries: Awaited<ReturnType<typeof findEntries>>, stage: Stage): Promise<void> {
  for (const entry of entries.filter((one) => one[stage])) {
    const isAlone = stages.every((other) => other === stage || !entry[other])
    await (isAlone ? deleteEntry(db, entry.id) : updateEntry(db, entry.id, { [stage]: false }))
  }
}

function textOf(
  { lang, title, kicker, deck, sectionId, genre }: Indexed,
  { pages, bylines, tagIds, sources }: Parts,
): SearchedText {
  const ids = [
    ...(sectionId === null ? [] : [idWord('section', sectionId)]),
    ...(genre === null ? [] : [idWord('genre', genre)]),
    ...tagIds.map((id) => idWord('tag', id)),
    ...sources.map(({ sourceId }) => idWord('source', sourceId)),
    idWord('lang', lang),
  ]
  const bodies = pages.flatMap(({ title: heading, text }) => (heading === null ? [text] : [heading, text]))
  return { lang, title, kicker, deck, bodies, bylines: bylines.map(({ name }) => name), ids: [...new Set(ids)] }
}

function digestOf(text: SearchedText, second: number): string {
  return createHash('sha256')
    .update(JSON.stringify([searchVersion, second, text]))
    .digest('base64url')
}

/**
 * Where the id of a text is looked for: ids go by date, so that the newest are found first; of one second they lie apart,
 * by chance that is the same everywhere. Years of four digits and these fifteen bits are together an exact number.
 */
function entryId(second: number, articleId: string): number {
  return second * idsOfSecond + (Number.parseInt(articleId.slice(-4), 16) % idsOfSecond)
}
