import { Problem } from '../errors.ts'
import { IllFormed } from '../lib/text.ts'
import { Catalog } from './catalog.ts'
import { type ImportOptions, importRecords, type Outcome, reasonOf } from './import.ts'
import { BadRecord, readRecordLines } from './records.ts'
import type { ImportDone, ImportResult } from './schema.ts'

/**
 * Brings NDJSON in as it arrives, and tells of each line in its order; last of all that it is done. When the signal
 * comes, what was begun is finished and told, and nothing more. Reads no faster than its answers are taken.
 * @throws Problem of the server's own, such as database_unavailable: what it told of until then is kept
 */
export async function* importLines(
  chunks: AsyncIterable<Buffer>,
  options: ImportOptions,
  stopped: AbortSignal,
): AsyncGenerator<ImportResult | ImportDone> {
  const done: ImportDone = { done: true, created: 0, updated: 0, unchanged: 0, kept: 0, failed: 0, published: 0 }
  const catalog = await Catalog.load(options)
  try {
    for await (const outcomes of importRecords(readRecordLines(chunks), catalog, options)) {
      for (const outcome of outcomes) {
        const result = resultOf(outcome)
        done[result.status] += 1
        if (result.published) done.published += 1
        yield result
      }
      if (stopped.aborted) return
    }
  } catch (error) {
    if (stopped.aborted) return
    throw error
  }
  yield done
}

function resultOf({ record: { line }, settled }: Outcome): ImportResult {
  if (settled.status === 'rejected') return failureOf(line, settled.reason)
  const { what: status, article, published } = settled.value
  const known = article === undefined ? {} : { id: article.id, slug: article.slug }
  const reason = status === 'kept' ? { reason: 'Another key has changed it since it was imported.' } : {}
  return { line, status, ...known, published, ...reason }
}

/** Of the record's faults all is told; a fault of the server ends the import, and tells nothing of its reason. */
function failureOf(line: number, error: unknown): ImportResult {
  const failed = { line, status: 'failed', published: false } as const
  if (error instanceof BadRecord) return { ...failed, code: 'invalid_request', reason: error.message }
  const errors = error instanceof Problem ? error.details.errors : error instanceof IllFormed ? error.errors : undefined
  const faults = errors === undefined || errors.length === 0 ? {} : { errors }
  if (error instanceof IllFormed) return { ...failed, code: error.code, reason: error.message, ...faults }
  const isOurs = !(error instanceof Problem) || ['internal', 'unavailable'].includes(error.kind)
  if (isOurs && !(error instanceof Problem && error.code === 'too_busy')) throw error
  return { ...failed, code: error.code, reason: reasonOf(error), ...faults }
}
