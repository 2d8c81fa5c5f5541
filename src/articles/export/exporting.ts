import type { Readable } from 'node:stream'
import { setImmediate as breathe, setTimeout as rest } from 'node:timers/promises'
import type { Actor } from '../../access.ts'
import type { Position } from '../../lib/cursor.ts'
import type { Paged } from '../../storage/keyset.ts'
import type { Read, ReadOptions, Store } from '../../storage/store.ts'
import { getArticles } from '../reading.ts'
import { Article } from '../schema.ts'
import { getPublicCards, isStored } from '../stored/answers.ts'
import type { ExportQuery } from './schema.ts'
import { Spool } from './spool.ts'

/** Of stories some hundred kilobytes, in a few milliseconds; a page of large ones is cut by their bytes. */
const pageSize = 20

interface Asked {
  query: ExportQuery
  actor: Actor | null
  options?: ReadOptions
  /** ms to rest between two pages, for whoever else asks this process; absent where nobody waits */
  restMs?: number
}

export interface Export {
  /** NDJSON; whoever does not read it to its end destroys it */
  text: Readable
  /** when all is read from the database, or nothing more will be; never rejects */
  read: Promise<void>
}

/**
 * All articles that a query finds, whole, one to a line, in the order of their ids, which is that of their making: as they
 * were at one moment. They are read without waiting for the reader, a page at a time so that others are answered between,
 * and kept in a folder for whoever takes them more slowly: so the moment is let go of soon. A failure before the first line
 * rejects, one after it destroys the text.
 * @throws Problem key_required | forbidden, for `stage=working`; invalid_request, for filters of another stage
 */
export async function exportArticles(store: Store, asked: Asked, folder: string): Promise<Export> {
  const text = new Spool(folder)
  const first = Promise.withResolvers<void>()
  let begun = false
  const reading = store.read(async (db) => {
    // The store reads again what was cut off; but that would be another moment.
    if (begun) throw new Error('The moment of an export was lost while it was being read.')
    for (let position: Position | undefined; !text.destroyed; ) {
      const { items, next } = await readPage(db, asked, position)
      begun = true
      await text.put(Buffer.from(items.map((article) => `${article}\n`).join('')))
      first.resolve()
      if (next === null) return
      position = next
      await (asked.restMs === undefined ? breathe() : rest(asked.restMs))
    }
  }, asked.options)
  const read = reading.then(
    () => text.finish(),
    (error: Error) => {
      first.reject(error)
      text.destroy(begun ? error : undefined)
    },
  )
  await first.promise
  return { text, read }
}

/** How many articles a query finds at this moment. */
export async function countArticles(store: Store, asked: Asked): Promise<number> {
  const { total = 0 } = await store.read((db) =>
    getArticles(db, { ...listOf(asked.query), fields: ['id'] }, { limit: 1, count: 'exact' }, asked.actor),
  )
  return total
}

/** Each article as JSON. */
async function readPage(db: Read, asked: Asked, position: Position | undefined): Promise<Paged<string>> {
  const query = { ...listOf(asked.query), include: ['pages' as const] }
  const window = { limit: pageSize, position }
  if (isStored(query)) return getPublicCards(db, query, window)
  const page = await getArticles(db, query, window, asked.actor)
  // What the contract does not name is nobody's to read.
  return { ...page, items: page.items.map((article) => JSON.stringify(Article.parse(article))) }
}

function listOf(query: ExportQuery) {
  return { ...query, sort: 'id' as const, limit: pageSize }
}
