/** A small newsroom made by the program itself: all sections, tags and sources, and some articles to be multiplied. */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type Database from 'better-sqlite3'
import { bodyOf, type Named, reporters, sections, sources, tags, tagsEach, titleOf } from './newsroom.ts'
import { root, type Service, startService, stop } from './processes.ts'
import { type Form, takeForms } from './rows.ts'

/** So many texts there are of each kind of article. */
const texts = 25

/** In the place of a number, where nothing else looks like it. */
const numberOf = (i: number) => String(9_000_001 + i)
const publishedAt = (i: number) => new Date(Date.UTC(2001, 1, 3, 4, 5, 6, i)).toISOString()

/** The forms of the articles of one kind: those of a section at the top, or of one below. */
export interface Templates {
  top: Form[][]
  below: Form[][]
}

/** Makes a database with the sections, tags and sources of the newsroom, and the articles that forms are taken from. */
export async function makeTemplate(database: string, key: string): Promise<void> {
  const service = await startService(database, { WARTA_ADMIN_KEY: key })
  try {
    for (const { parent, ...section } of sections) {
      await create(service, key, 'sections', parent === null ? section : { ...section, parent })
    }
    for (const tag of tags) await create(service, key, 'tags', tag)
    for (const source of sources) await create(service, key, 'sources', source)
  } finally {
    await stop(service)
  }
  const lines = Array.from({ length: 2 * texts }, (_, i) => JSON.stringify(recordOf(planOf(i), i)))
  const input = `${database}.ndjson`
  writeFileSync(input, lines.join('\n'))
  importFile(database, input)
}

/** Brings a file in by the command that everybody uses, and answers what it said. */
export function importFile(database: string, input: string): string {
  const args = ['bin/warta.js', 'import', input, '--create-missing', '--publish']
  const env = { ...process.env, WARTA_DATABASE: database }
  const said = execFileSync(process.execPath, args, { cwd: root, env, encoding: 'utf8' })
  return said.trim().split('\n').at(-1)?.replace(`${input}: `, '') ?? ''
}

async function create({ origin }: Service, key: string, what: string, thing: object): Promise<void> {
  const response = await fetch(`${origin}/v1/${what}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(thing),
  })
  if (response.status !== 201) throw new Error(`${what}: ${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}

interface Relations {
  section: number
  tags: number[]
  source: number
  reporter: number
}

function planOf(i: number) {
  // The first section has no parent, the second is below it.
  return {
    number: numberOf(i),
    publishedAt: publishedAt(i),
    section: i % 2,
    tags: Array.from({ length: tagsEach }, (_, t) => t),
    source: 0,
    reporter: 0,
  }
}

/** An article as a line of an import has it; `text` chooses what it says. */
export function recordOf(plan: Relations & { number: string; publishedAt: string }, text: number) {
  const { number, section, tags: chosen, source, reporter, publishedAt } = plan
  return {
    externalId: `archive-${number}`,
    title: titleOf(text, number),
    deck: `What happened in part ${number}, and what it means.`,
    section: sections[section]?.slug,
    tags: chosen.map((tag) => tags[tag]?.slug),
    sources: [{ source: sources[source]?.slug }],
    bylines: [{ name: reporters[reporter] }],
    publishedAt,
    pages: [{ body: bodyOf(text, number) }],
  }
}

/** Ids and paths by slug. */
export interface Catalog {
  sections: Map<string, Row>
  tags: Map<string, Row>
  sources: Map<string, Row>
}
type Row = Record<string, string>

export function readCatalog(db: Database.Database): Catalog {
  const bySlug = (table: string) =>
    new Map((db.prepare(`SELECT * FROM ${table}`).all() as Row[]).map((row) => [row.slug ?? '', row]))
  return { sections: bySlug('sections'), tags: bySlug('tags'), sources: bySlug('sources') }
}

/** Takes the articles out of the database as forms. */
export function takeTemplates(db: Database.Database, catalog: Catalog): Templates {
  const found = db.prepare('SELECT id FROM articles ORDER BY id').pluck().all() as string[]
  if (found.length !== 2 * texts) throw new Error(`${found.length} articles are there to be multiplied.`)
  const all = found.map((id) => {
    const externalId = db.prepare('SELECT external_id FROM article_copies WHERE article_id = ?').pluck().get(id)
    const i = Number(String(externalId).slice(-7)) - Number(numberOf(0))
    const plan = planOf(i)
    const values = fillOf(catalog, { ...plan, id, at: '' })
    const gaps = Object.entries(values).filter(([gap]) => gap !== 'at')
    return { below: plan.section === 1, forms: takeForms(db, id, new Map(gaps.map(([gap, text]) => [text, gap]))) }
  })
  const of = (below: boolean) => all.filter((one) => one.below === below).map(({ forms }) => forms)
  return { top: of(false), below: of(true) }
}

/** What belongs into the gaps of one article. */
export function fillOf(
  catalog: Catalog,
  plan: Relations & { number: string; id: string; publishedAt: string; at: string },
): Record<string, string> {
  const { number, id, publishedAt, at } = plan
  const reporter = reporters[plan.reporter] ?? ''
  const fill: Record<string, string> = { number, id, publishedAt, at, reporter, folded: reporter.toLowerCase() }
  const add = (gap: string, things: Map<string, Row>, named: Named | undefined) => {
    const row = things.get(named?.slug ?? '')
    if (row === undefined) throw new Error(`There is no ${named?.slug}.`)
    for (const part of ['id', 'slug', 'name']) fill[`${gap}.${part}`] = row[part] ?? ''
    return row
  }
  const section = sections[plan.section]
  const { path = '' } = add('section', catalog.sections, section)
  const parent = sections.find(({ slug }) => slug === section?.parent)
  if (parent !== undefined) {
    // A path at the top is the slug itself.
    fill['section.path'] = path
    add('parent', catalog.sections, parent)
  }
  for (const [i, tag] of plan.tags.entries()) add(`tag${i}`, catalog.tags, tags[tag])
  add('source', catalog.sources, sources[plan.source])
  return fill
}
