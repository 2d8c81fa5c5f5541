/** What both sides of a read are to answer, and the paths to ask for it. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type Data, dataFolder } from './data.ts'
import { plans } from './newsroom.ts'
import { read, type Service, scrap } from './processes.ts'

export interface Asked {
  ids: string[]
  slugs: string[]
  /** paths of pages of 20, from the newest on, each with its cursor */
  pages: string[]
}

/** So many different articles from all over the archive, and the newest pages of the list. */
export async function askable(service: Service, data: Data, articles: number, pages: number): Promise<Asked> {
  const every = Math.max(1, Math.floor(data.articles / articles))
  const ids: string[] = []
  let i = 0
  for (const { id } of plans(data.articles)) {
    if (i % every === 0 && ids.length < articles) ids.push(id)
    i += 1
  }
  const slugs: string[] = []
  // As many as one request may name.
  for (let from = 0; from < ids.length; from += 100) {
    const some = ids.slice(from, from + 100)
    const { data: found } = await read(`${service.origin}/v1/articles?fields=slug&limit=100&ids=${some.join()}`)
    if (found.length !== some.length) throw new Error(`${some.length - found.length} articles are not there.`)
    for (const { slug } of found) slugs.push(slug)
  }
  return { ids, slugs, pages: await walk(service, pages) }
}

async function walk(service: Service, pages: number): Promise<string[]> {
  const paths: string[] = []
  for (let path = '/v1/articles?limit=20'; paths.length < pages; ) {
    paths.push(path)
    const { page } = await read(service.origin + path)
    if (page.next === null) break
    path = `/v1/articles?limit=20&cursor=${page.next}`
  }
  return paths
}

/** The path of the page so many articles after the newest. */
export async function deepPage(service: Service, depth: number): Promise<string> {
  let cursor = ''
  for (let passed = 0; passed < depth; passed += 100) {
    const { page } = await read(`${service.origin}/v1/articles?fields=id&limit=100${cursor}`)
    cursor = `&cursor=${page.next}`
  }
  return `/v1/articles?limit=20${cursor}`
}

/** A database in which what the service answers is stored, so that the other side sends the same bytes. */
export async function storeAnswers(service: Service, { ids, pages }: Asked): Promise<string> {
  const path = scrap(join(dataFolder, `documents-${process.pid}.db`))
  rmSync(path, { force: true })
  const db = new Database(path)
  db.pragma('journal_mode = WAL')
  db.exec(`
    CREATE TABLE documents (id TEXT NOT NULL PRIMARY KEY, json TEXT NOT NULL) STRICT;
    CREATE TABLE cards (n INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
    CREATE TABLE pages (n INTEGER PRIMARY KEY, json TEXT NOT NULL) STRICT;
    BEGIN`)
  const text = async (what: string) => (await fetch(service.origin + what)).text()
  const document = db.prepare('INSERT INTO documents VALUES (?, ?)')
  for (const id of ids) document.run(id, await text(`/v1/articles/${id}`))
  const card = db.prepare('INSERT INTO cards VALUES (?, ?)')
  const page = db.prepare('INSERT INTO pages VALUES (?, ?)')
  let n = 0
  for (const [i, path] of pages.entries()) {
    const json = await text(path)
    page.run(i, json)
    for (const one of (JSON.parse(json) as { data: unknown[] }).data) card.run(n++, JSON.stringify(one))
  }
  db.exec('COMMIT')
  db.close()
  return path
}
