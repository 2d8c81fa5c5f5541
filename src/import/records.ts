import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { articleReadOnly, pageReadOnly } from '../articles/schema.ts'
import { decodeUtf8, parseJson } from '../lib/text.ts'
import { readLines } from './lines.ts'

/** One article of a file as it stands there, and where. */
export interface RawRecord {
  place: string
  /** counted from 1 */
  line: number
  /** bytes */
  size: number
  /** of the file, from 0 to 1 */
  progress: number
  /** what the record says, or why it cannot be read */
  read: () => { fields: Record<string, unknown> } | { copy: string; externalId: string }
}

/** What is wrong with a record that is not even JSON of the right kind, for people. */
export class BadRecord extends Error {
  override name = 'BadRecord'
}

const extensions = ['.ndjson', '.jsonl', '.txt', '.md']

/** The records of an NDJSON, .txt or .md file, in their order. */
export async function* readRecords(path: string, size: number): AsyncGenerator<RawRecord> {
  const extension = extname(path).toLowerCase()
  if (!extensions.includes(extension)) throw new Error(`it must end in ${extensions.join(', ')}`)
  if (extension === '.txt' || extension === '.md') {
    const bytes = await readFile(path)
    yield {
      place: path,
      line: 1,
      size: bytes.length,
      progress: 1,
      read: () => (extension === '.txt' ? readCopy(path, bytes) : { fields: readMarkdown(path, bytes) }),
    }
    return
  }
  yield* readRecordLines(createReadStream(path) as AsyncIterable<Buffer>, path, size)
}

/** The records of NDJSON as it arrives; lines of white space are none. */
export async function* readRecordLines(chunks: AsyncIterable<Buffer>, name = '', size = 0): AsyncGenerator<RawRecord> {
  for await (const { number, end, bytes } of readLines(chunks)) {
    if (bytes?.length === 0 || bytes?.toString('latin1').trim() === '') continue
    yield {
      place: `${name}:${number}`,
      line: number,
      size: bytes?.length ?? 0,
      progress: size === 0 ? 1 : Math.min(1, end / size),
      read: () => {
        if (bytes === undefined) throw new BadRecord('the line is longer than 8 MiB')
        return { fields: fieldsOf(asObject(parseJson(decodeUtf8(bytes)))) }
      },
    }
  }
}

/** A story as it was pasted; the file's name is what another import of it is known by. */
function readCopy(path: string, bytes: Buffer): { copy: string; externalId: string } {
  return { copy: decodeUtf8(bytes), externalId: basename(path) }
}

/** YAML front matter for the fields, then the body; without a title the first heading is it. */
function readMarkdown(path: string, bytes: Buffer): Record<string, unknown> {
  const text = decodeUtf8(bytes).replaceAll('\r\n', '\n')
  const [, front = '', body = text] = /^---\n([\s\S]*?)\n---\n?([\s\S]*)$/.exec(text) ?? []
  const fields = front === '' ? {} : asObject(parseYaml(front, { schema: 'core' }))
  const heading = fields.title === undefined ? /^\s*# +(.+?) *#* *(?:\n|$)/.exec(body) : null
  return fieldsOf({
    externalId: basename(path),
    ...(heading !== null && { title: heading[1] }),
    ...fields,
    text: (heading === null ? body : body.slice(heading[0].length)).trim(),
  })
}

function asObject(value: unknown): Record<string, unknown> {
  if (isObject(value)) return value
  throw new BadRecord('it must be an object')
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * The names that exports of other systems commonly use, beside our own: `text` is one page, `date` (a day or an instant)
 * is publishedAt, `url` is where the piece stands, and its externalId when it has no other. A record that says one thing
 * by both names is refused, because one of the two would be lost. What an export says besides is left out.
 */
function fieldsOf({ text, date, ...given }: Record<string, unknown>): Record<string, unknown> {
  const fields = withoutReadOnly(given)
  const both = (theirs: unknown, name: string, ours: string): void => {
    if (theirs !== undefined && fields[ours] !== undefined)
      throw new BadRecord(`it has both ${name} and ${ours}: leave one out`)
  }
  both(text, 'text', 'pages')
  both(date, 'date', 'publishedAt')
  const { url } = fields
  if (url !== undefined && typeof url !== 'string') throw new BadRecord('/url must be a string')
  return {
    ...(url !== undefined && { externalId: url }),
    ...(date !== undefined && { publishedAt: /^\d{4}-\d{2}-\d{2}$/.test(String(date)) ? `${date}T00:00:00Z` : date }),
    ...(text !== undefined && { pages: [{ body: text }] }),
    ...fields,
  }
}

/** An exported article as it can be written; one that has no id of another system is known by its own from then on. */
/** Whether a line of an export is of what was public is for the import to know. */
const notKept = articleReadOnly.filter((name) => name !== 'state' && name !== 'changed')

function withoutReadOnly(given: Record<string, unknown>): Record<string, unknown> {
  const fields = without(given, notKept)
  if (Array.isArray(fields.pages)) {
    fields.pages = fields.pages.map((page: unknown) => (isObject(page) ? without(page, pageReadOnly) : page))
  }
  if (typeof given.id === 'string' && given.url === undefined) fields.externalId ??= given.id
  return fields
}

function without(object: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}
