import { readFile } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { parse as parseYaml } from 'yaml'
import { decodeUtf8, parseJson } from '../lib/text.ts'
import { readLines } from './lines.ts'

/** One article of a file as it stands there, and where. */
export interface RawRecord {
  place: string
  /** of the file, from 0 to 1 */
  progress: number
  /** what the record says, or why it cannot be read */
  read: () => { fields: Record<string, unknown> } | { copy: string; externalId: string }
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
      progress: 1,
      read: () => (extension === '.txt' ? readCopy(path, bytes) : { fields: readMarkdown(path, bytes) }),
    }
    return
  }
  for await (const { number, end, bytes } of readLines(path)) {
    if (bytes?.length === 0 || bytes?.toString('latin1').trim() === '') continue
    yield {
      place: `${path}:${number}`,
      progress: size === 0 ? 1 : Math.min(1, end / size),
      read: () => {
        if (bytes === undefined) throw new Error('the line is longer than 8 MiB')
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
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>
  throw new Error('it must be an object')
}

/**
 * The names that exports of other systems commonly use, beside our own: `text` is one page, `date` (a day or an instant)
 * is publishedAt, `url` is where the piece stands, and its externalId when it has no other. A record that says one thing
 * by both names is refused, because one of the two would be lost.
 */
function fieldsOf({ text, date, ...fields }: Record<string, unknown>): Record<string, unknown> {
  const both = (theirs: unknown, name: string, ours: string): void => {
    if (theirs !== undefined && fields[ours] !== undefined)
      throw new Error(`it has both ${name} and ${ours}: leave one out`)
  }
  both(text, 'text', 'pages')
  both(date, 'date', 'publishedAt')
  const { url } = fields
  if (url !== undefined && typeof url !== 'string') throw new Error('/url must be a string')
  return {
    ...(url !== undefined && { externalId: url }),
    ...(date !== undefined && { publishedAt: /^\d{4}-\d{2}-\d{2}$/.test(String(date)) ? `${date}T00:00:00Z` : date }),
    ...(text !== undefined && { pages: [{ body: text }] }),
    ...fields,
  }
}
