/** The stories that are searched: brought in by the program itself, and read back from it, so that all search the same. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataFolder } from '../data.ts'
import { read, root, type Service, scrap, startService } from '../processes.ts'
import { stories } from './stories.ts'

/** A story as the service tells it. */
export interface Told {
  title: string
  deck: string
  body: string
  lang: string
  published: string
}

const copyFolder = fileURLToPath(new URL('test/fixtures/copy/', root))
/** A memo that has no title, which the import refuses as it should. */
const untitled = 'memo-without-title.txt'

/** The files of copy as it was pasted. */
export function pastedFiles(): string[] {
  return readdirSync(copyFolder)
    .filter((name) => name !== untitled)
    .sort()
    .map((name) => join(copyFolder, name))
}

interface Wikinews {
  url: string
  date: string
  title: string
  text: string
}

/**
 * A service on a database of its own with all stories in it.
 * @param wikinews an NDJSON file of articles with url, date, title and text, in English
 */
export async function serveStories(wikinews: string | undefined): Promise<Service> {
  mkdirSync(dataFolder, { recursive: true })
  const database = scrap(join(dataFolder, `search-${process.pid}.db`))
  const own = stories.map(({ title, deck, date, paragraphs }) => ({
    title,
    ...(deck !== undefined && { deck }),
    date,
    lang: 'id',
    text: paragraphs.join('\n\n'),
  }))
  const inputs = [...pastedFiles(), keep('own', own)]
  if (wikinews !== undefined) {
    const lines = readFileSync(wikinews, 'utf8').split('\n').filter(Boolean)
    const articles = lines.map((line) => JSON.parse(line) as Wikinews)
    const english = articles.map(({ url, date, title, text }) => ({ url, date, title, text, lang: 'en' }))
    inputs.push(keep('wikinews', english))
  }
  // Each file has its line of report, which nobody need read: a record that is refused ends it with 1, and throws.
  execFileSync(
    process.execPath,
    ['bin/warta.js', 'import', ...inputs, '--create-missing', '--publish', '--section', 'News'],
    { cwd: root, env: { ...process.env, WARTA_DATABASE: database }, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  return startService(database)
}

function keep(name: string, records: readonly object[]): string {
  const path = scrap(join(dataFolder, `search-${process.pid}-${name}.ndjson`))
  writeFileSync(path, records.map((record) => JSON.stringify(record)).join('\n'))
  return path
}

/** All stories that are there. Titles name them, so each must be the only one of its name. */
export async function tellAll({ origin }: Service): Promise<Told[]> {
  const told: Told[] = []
  let cursor = ''
  do {
    const { data, page } = await read(`${origin}/v1/articles?limit=100&include=pages&render=text${cursor}`)
    for (const { title, deck, lang, publishedAt, pages } of data) {
      const body = pages.map((one: { title: string | null; text: string }) => `${one.title ?? ''}\n${one.text}`)
      told.push({ title, deck: deck ?? '', body: body.join('\n'), lang, published: publishedAt })
    }
    cursor = page.next === null ? '' : `&cursor=${page.next}`
  } while (cursor !== '')
  const titles = told.map(({ title }) => title)
  const twice = titles.find((title, i) => titles.indexOf(title) !== i)
  if (twice !== undefined) throw new Error(`Two stories are called ${twice}.`)
  return told
}
