import { open, rename, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { countArticles, exportArticles } from '../articles/articles.ts'
import { ExportQuery } from '../articles/export/schema.ts'
import { spoolFolder } from '../articles/export/spool.ts'
import { StartError } from '../errors.ts'
import { operator } from '../keys/keys.ts'
import { faultsOf } from '../lib/faults.ts'
import type { OpenedStore } from '../storage/store.ts'
import { createBar } from './bar.ts'
import { type Command, openStore, readArgs } from './context.ts'

const about = `Writes articles to a file, one JSON object a line, while the service runs or not: what GET /v1/articles/export
answers. FILE is made when all of it is on disk, and until then FILE.part; - is standard output.

"warta import FILE --create-missing --publish" brings it into another newsroom, with the sections, tags and sources that it
names. A public export names no confidential source; one of working copies does, without saying so: make those sources in
the other newsroom before, or they will be public there.

  --stage STAGE          live (what the public reads, the default) or working (all drafts too)
  --section NAMES        in any of these sections, or below
  --tag NAMES            with any of these tags
  --source NAMES         resting on any of these sources
  --lang LANGS           in any of these languages
  --updated-after TIME   changed at this instant or later`

export const exportToFile: Command = {
  summary: 'write articles to an NDJSON file',
  options:
    'export FILE [--stage live|working] [--section NAMES] [--tag NAMES] [--source NAMES] [--lang LANGS] [--updated-after TIME]',
  async run(args) {
    const parsed = readArgs(exportToFile.options, about, args, flags, true)
    if (parsed === undefined) return
    const { positionals, values } = parsed
    const [path] = positionals
    if (path === undefined || positionals.length > 1)
      throw new StartError('Name one file to write, or - for standard output; --help tells more.')
    const query = queryOf(values)
    const { config, store } = await openStore(values)
    try {
      const started = performance.now()
      const count = await write(store, query, path, spoolFolder(config.database))
      const seconds = ((performance.now() - started) / 1_000).toFixed(1)
      // Standard output is for the articles.
      if (path !== '-') console.log(`${path}: ${count} articles; ${seconds} s`)
    } catch (error) {
      throw isOfFile(error) ? new StartError(`${path}: ${error.message}.`) : error
    } finally {
      await store.close()
    }
  },
}

const flags = {
  stage: { type: 'string' },
  section: { type: 'string' },
  tag: { type: 'string' },
  source: { type: 'string' },
  lang: { type: 'string' },
  'updated-after': { type: 'string' },
} as const

/** @throws StartError, with every flag that is wrong */
function queryOf(values: Record<string, unknown>): ExportQuery {
  const list = (name: string) => (typeof values[name] === 'string' ? { [name]: values[name].split(',') } : {})
  const { stage, 'updated-after': updatedAfter } = values
  const given = {
    ...(stage !== undefined && { stage }),
    ...(updatedAfter !== undefined && { updatedAfter }),
    ...list('section'),
    ...list('tag'),
    ...list('source'),
    ...list('lang'),
  }
  const result = ExportQuery.safeParse(given)
  if (result.success) return result.data
  const faults = faultsOf(result.error.issues, 'querystring')
  const sentences = faults.map(({ parameter = '', message }) => `--${kebab(parameter)} ${message}.`)
  throw new StartError(sentences.join('\n'))
}

/** Answers how many articles it wrote. */
async function write(store: OpenedStore, query: ExportQuery, path: string, folder: string): Promise<number> {
  const asked = { query, actor: operator }
  const total = await countArticles(store, asked)
  const bar = createBar()
  let count = 0
  const told = async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      yield chunk
      for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, at + 1)) count += 1
      // Some more may have been published since they were counted.
      bar.draw(Math.min(1, count / Math.max(1, total)), `${count} articles  ${path}`)
    }
  }
  const { text } = await exportArticles(store, asked, folder)
  try {
    if (path === '-') await pipeline(text, told, process.stdout, { end: false })
    else await writeWhole(told(text), path)
  } finally {
    text.destroy()
    bar.clear()
  }
  return count
}

const lineFeed = 0x0a

/** Nothing stands under the path before all of it is on disk. */
async function writeWhole(lines: AsyncIterable<Buffer>, path: string): Promise<void> {
  const part = `${path}.part`
  // Drafts are nobody's to read but the operator's.
  const file = await open(part, 'w', 0o600)
  try {
    for await (const chunk of lines) await file.appendFile(chunk)
    await file.sync()
    await file.close()
    await rename(part, path)
  } catch (error) {
    await file.close()
    await rm(part, { force: true })
    throw error
  }
}

function isOfFile(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
