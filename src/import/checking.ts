import { draftFromCopy, type Renderings, renderPages } from '../articles/articles.ts'
import { ArticleCreate, type ArticleInput } from '../articles/schema.ts'
import { raise } from '../errors.ts'
import { faultsOf } from '../lib/faults.ts'
import { getKnownSources } from '../sources/sources.ts'
import type { ImportOptions } from './import.ts'
import type { RawRecord } from './records.ts'

/** What a record says. */
export interface CheckedRecord {
  input: ArticleInput
  /** the fields that it names */
  given: string[]
  /** it says of itself that it is not what the public sees, as lines of an export of working copies do */
  held: boolean
  rendered: PromiseSettledResult<Renderings>
}

/**
 * Holds a record against the contract and renders it, before any transaction.
 * @throws Problem invalid_request; BadRecord, for what cannot be read
 */
export async function checkRecord(record: RawRecord, options: ImportOptions): Promise<CheckedRecord> {
  const checked = await inputOf(record, options)
  const [rendered] = await Promise.allSettled([renderPages(options.renderer, checked.input.pages)])
  return { ...checked, rendered }
}

async function inputOf(record: RawRecord, options: ImportOptions): Promise<Omit<CheckedRecord, 'rendered'>> {
  const read = record.read()
  if ('copy' in read) {
    const [sources, today] = await options.store.read(
      async (db) => [await getKnownSources(db), db.now.slice(0, 10)] as const,
    )
    const { body } = draftFromCopy(read.copy, {}, sources, today)
    const input = {
      ...body,
      externalId: read.externalId,
      ...(options.section !== undefined && { section: options.section }),
    }
    return { input, given: Object.keys(input), held: false }
  }
  const { url, state, changed, ...fields } = read.fields
  const held = (state !== undefined && state !== 'published') || changed === true
  const source = options.source ?? (typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname : undefined)
  const origin = url === undefined || source === undefined ? [] : [{ source, role: 'origin', url }]
  const { sources } = fields
  const whole = {
    ...(options.section !== undefined && { section: options.section }),
    ...fields,
    // What is no list stays as it is, for the contract to refuse.
    ...(origin.length > 0 && { sources: Array.isArray(sources) ? [...origin, ...sources] : (sources ?? origin) }),
  }
  const checked = ArticleCreate.safeParse(whole)
  if (!checked.success) raise('invalid_request', { errors: faultsOf(checked.error.issues) })
  return { input: checked.data, given: Object.keys(whole), held }
}
