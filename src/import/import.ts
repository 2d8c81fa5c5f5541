import { stat } from 'node:fs/promises'
import type { Actor } from '../access.ts'
import {
  createArticle,
  findArticleByExternalId,
  publishArticle,
  type Renderings,
  reviseArticle,
} from '../articles/articles.ts'
import type { ArticleInput } from '../articles/schema.ts'
import { Problem } from '../errors.ts'
import { IllFormed } from '../lib/text.ts'
import type { Renderer } from '../markdown/renderer.ts'
import type { Store, Write } from '../storage/store.ts'
import { Catalog, type Lookup, type Made } from './catalog.ts'
import { type CheckedRecord, checkRecord } from './checking.ts'
import { BadRecord, type RawRecord, readRecords } from './records.ts'

export interface ImportOptions {
  store: Store
  renderer: Renderer
  /** who does it: what is made or changed is theirs in the history */
  actor: Actor
  /** of an article that names none */
  lang: string
  /** make the sections, tags and sources that there are not */
  createMissing: boolean
  publish: boolean
  /** do everything, and undo it */
  dryRun: boolean
  /** change also what somebody else has changed since it was imported */
  overwrite: boolean
  /** of records that name none */
  section: string | undefined
  /** that the `url` of a record belongs to; without it the host of the URL */
  source: string | undefined
}

export interface ImportReport {
  created: number
  updated: number
  unchanged: number
  /** left as somebody made them since they were imported */
  kept: number
  published: number
  failed: number
  /** sections, tags and sources that were made */
  made: number
}

export interface ImportEvents {
  /** one record is done; `share` of the file, from 0 to 1 */
  progress(report: ImportReport, share: number): void
  failure(place: string, reason: string): void
}

export interface Result {
  what: 'created' | 'updated' | 'unchanged' | 'kept'
  /** not of one that a dry run made and undid */
  article: { id: string; slug: string } | undefined
  published: boolean
  made: readonly Made[]
}

/** What became of one record, or why nothing did. */
export interface Outcome {
  record: RawRecord
  settled: PromiseSettledResult<Result>
}

/** Written between one BEGIN and one COMMIT; some tens of milliseconds, for which another process that writes waits. */
const chunkSize = 32

/** A chunk is over when it has this much; with it one line of 8 MiB is held at most. */
const chunkBytes = 2 * 1024 * 1024

/** After each chunk the write lock is free for longer than one who waits for it lets pass between two tries: 5 ms. */
const breathMs = 6

/** Brings one file in, and tells what became of it. */
export type ImportFile = (path: string, events: ImportEvents) => Promise<ImportReport>

/**
 * Brings articles in from files by the same doors as requests: drafts, or published ones. A record or a file that cannot
 * be taken is told and does not stop the rest; a record whose externalId is known changes that article, or nothing.
 */
export async function openImport(options: ImportOptions): Promise<ImportFile> {
  const catalog = await Catalog.load(options)
  const known = new Set<string>()
  return async (path, events) => {
    const report: ImportReport = { created: 0, updated: 0, unchanged: 0, kept: 0, published: 0, failed: 0, made: 0 }
    try {
      const records = readRecords(path, (await stat(path)).size)
      for await (const outcomes of importRecords(records, catalog, options)) {
        for (const { record, settled } of outcomes) {
          if (settled.status === 'fulfilled') count(report, known, settled.value)
          else fail(report, events, record.place, settled.reason)
        }
        events.progress(report, outcomes.at(-1)?.record.progress ?? 1)
      }
    } catch (error) {
      fail(report, events, path, error)
    }
    return report
  }
}

/**
 * Brings records in, some at a time, and tells of each in their order. While some are written the next are read, checked
 * and rendered, and none beyond those.
 */
export async function* importRecords(
  records: AsyncIterable<RawRecord>,
  catalog: Catalog,
  options: ImportOptions,
): AsyncGenerator<Outcome[]> {
  const seen = new Set<string>()
  const chunks = readyChunks(records, options)
  let coming = chunks.next()
  try {
    for (;;) {
      const { value: chunk, done } = await coming
      if (done === true) return
      coming = chunks.next()
      // Whoever waits for it hears of what went wrong.
      coming.catch(() => {})
      // Sent together, they are written together: the store commits those that wait as one.
      const all = await Promise.allSettled(
        chunk.map(({ ready }) => importRecord(ready, catalog.begin(), seen, options)),
      )
      yield chunk.flatMap(({ record }, i) => {
        const settled = all[i]
        return settled === undefined ? [] : [{ record, settled }]
      })
      await new Promise((resolve) => setTimeout(resolve, breathMs))
    }
  } finally {
    void chunks.return(undefined).catch(() => {})
  }
}

/** What a record says, checked and rendered, or why it cannot be taken. */
interface Ready {
  record: RawRecord
  ready: PromiseSettledResult<CheckedRecord>
}

async function* readyChunks(records: AsyncIterable<RawRecord>, options: ImportOptions): AsyncGenerator<Ready[]> {
  for await (const chunk of chunksOf(records)) {
    const all = await Promise.allSettled(chunk.map((record) => checkRecord(record, options)))
    yield chunk.flatMap((record, i) => {
      const ready = all[i]
      return ready === undefined ? [] : [{ record, ready }]
    })
  }
}

async function* chunksOf(records: AsyncIterable<RawRecord>): AsyncGenerator<RawRecord[]> {
  let chunk: RawRecord[] = []
  let bytes = 0
  for await (const record of records) {
    chunk.push(record)
    bytes += record.size
    if (chunk.length < chunkSize && bytes < chunkBytes) continue
    yield chunk
    chunk = []
    bytes = 0
  }
  if (chunk.length > 0) yield chunk
}

async function importRecord(
  ready: PromiseSettledResult<CheckedRecord>,
  lookup: Lookup,
  seen: Set<string>,
  options: ImportOptions,
): Promise<Result> {
  if (ready.status === 'rejected') throw ready.reason
  const { input, given, held } = ready.value
  if (input.externalId !== null) {
    if (seen.has(input.externalId))
      throw new BadRecord(`/externalId ${JSON.stringify(input.externalId)} stands in this file before`)
    seen.add(input.externalId)
  }
  if (ready.value.rendered.status === 'rejected') throw ready.value.rendered.reason
  const renderings = ready.value.rendered.value
  let result: Result | undefined
  try {
    return await options.store.transact(async (db) => {
      // What was made in a transaction that was lost is not there.
      lookup.forget()
      try {
        result = await write(db, input, given, renderings, lookup, { ...options, publish: options.publish && !held })
      } catch (error) {
        lookup.forget()
        throw error
      }
      if (options.dryRun) {
        lookup.forget()
        throw new Undo()
      }
      return result
    })
  } catch (error) {
    if (error instanceof Undo && result !== undefined) {
      return result.what === 'created' ? { ...result, article: undefined } : result
    }
    lookup.forget()
    throw error
  }
}

class Undo extends Error {}

async function write(
  db: Write,
  input: ArticleInput,
  given: readonly string[],
  renderings: Renderings,
  lookup: Lookup,
  { actor, lang, publish, overwrite }: ImportOptions,
): Promise<Result> {
  const edit = { actor, expected: 'any' } as const
  const known = input.externalId === null ? undefined : await findArticleByExternalId(db, input.externalId)
  if (known !== undefined && known.changedBy !== actor.id && !overwrite) {
    return { what: 'kept', article: known, published: false, made: [] }
  }
  const body = await withIds(db, input, lookup)
  let article: { id: string; slug: string; version: number; state: string; changed: boolean }
  let what: Result['what'] = 'created'
  if (known === undefined) {
    article = await createArticle(db, { body, renderings, lang }, actor)
  } else {
    const said = Object.fromEntries(Object.entries(body).filter(([name]) => given.includes(name)))
    // Known by an id of its own, it has none of another system.
    if (said.externalId === known.id) delete said.externalId
    article = await reviseArticle(db, known.id, edit, {
      revision: (current) => ({ ...body, ...current, ...said }),
      renderings,
      lang,
    })
    what = article.version === known.version ? 'unchanged' : 'updated'
  }
  const { publishing } = known ?? { publishing: 'free' }
  const may = publishing === 'free' || (overwrite && publishing === 'forced')
  const due = publish && may && (article.state !== 'published' || article.changed)
  if (due) await publishArticle(db, article.id, edit)
  // What a dry run undoes is forgotten there.
  const made = [...lookup.made]
  return { what, article, published: due, made }
}

/** Names become ids here, where what is missing can be made. */
async function withIds(db: Write, input: ArticleInput, lookup: Lookup): Promise<ArticleInput> {
  const tags = await lookup.find(db, 'tag', input.tags)
  const sources = await lookup.find(
    db,
    'source',
    input.sources.map(({ source }) => source),
  )
  const [section = null] = input.section === null ? [] : await lookup.find(db, 'section', [input.section])
  return {
    ...input,
    section,
    tags: [...new Set(tags)],
    sources: input.sources.map((use, i) => ({ ...use, source: sources[i] ?? use.source })),
  }
}

/**
 * @param known by what the things are called that were made before: a dry run makes them for each record anew, whatever it
 * calls them by
 */
function count(report: ImportReport, known: Set<string>, { what, published, made }: Result): void {
  report[what] += 1
  if (published) report.published += 1
  const things = made.map(({ kind, names }) => names.map((name) => `${kind} ${name}`))
  const anew = things.filter((names) => !names.some((name) => known.has(name)))
  report.made += anew.length
  for (const name of anew.flat()) known.add(name)
}

function fail(report: ImportReport, events: ImportEvents, place: string, reason: unknown): void {
  report.failed += 1
  events.failure(place, reasonOf(reason))
}

/** One line that says what is wrong, and where in the record. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Problem) && !(error instanceof IllFormed)) return (error as Error).message
  const errors = error instanceof Problem ? (error.details.errors ?? []) : error.errors
  if (errors.length === 0) return error.message
  return errors.map(({ pointer, message }) => `${pointer ?? ''} ${message}`.trim()).join('; ')
}
