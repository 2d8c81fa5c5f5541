/**
 * `npm run bench -- search [--stories FILE]`: whether a reader finds what he looks for, judged on stories and questions of
 * our own, and beside them what plain FTS5 and LIKE find. FILE is of Wikinews: NDJSON with url, date, title and text.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { read, stop } from './processes.ts'
import { resultsFolder } from './results.ts'
import { like, plainFts5 } from './search/baselines.ts'
import { serveStories, tellAll } from './search/corpus.ts'
import { type Judged, judged, type Kind, kinds } from './search/judged.ts'
import { type Asked, looked, missesOf, rankOf, rowsOf, seen } from './search/measures.ts'
import { missList, scoreTable } from './search/report.ts'

/** What of the service's answers is judged: the names of the columns. */
const warta = 'Warta'

export async function searchQuality(wikinews: string | undefined): Promise<void> {
  const service = await serveStories(wikinews)
  const told = await tellAll(service)
  const asked = wikinews === undefined ? judged.filter((one) => !one.wikinews) : judged
  const strange = asked.flatMap(({ answers }) => answers).find((title) => !told.some((story) => story.title === title))
  if (strange !== undefined) throw new Error(`There is no story ${strange}.`)
  const [fts5, contained] = [plainFts5(told), like(told)]
  const answered: Asked[] = []
  for (const one of asked) {
    const found = { [warta]: await ask(service.origin, one), FTS5: fts5.find(one.q), LIKE: contained.find(one.q) }
    answered.push({ ...one, found })
  }
  await stop(service)
  const of = (lang: string) => told.filter((story) => story.lang === lang).length
  const stories = { all: told.length, id: of('id'), en: of('en') }
  console.log(`\n${told.length} stories, ${stories.id} of them in Indonesian; ${asked.length} questions`)
  if (wikinews === undefined) {
    const left = judged.length - asked.length
    console.log(`The ${left} questions over Wikinews were left out: --stories FILE names its stories.`)
  }
  // What comes first says little where there is nothing else.
  const choices = answered.filter(({ found }) => (found[warta]?.length ?? 0) > 1).length
  console.log(`${choices} of them left ${warta} a choice of more than one story.`)
  const rows = rowsOf(answered, Object.keys(kinds) as Kind[])
  const misses = missesOf(answered, warta)
  console.log(`\n${scoreTable(rows)}\n`)
  for (const [kind, what] of Object.entries(kinds)) console.log(`${kind}: ${what}`)
  console.log(
    `\n${misses.length} questions with no story that answers among the first ${seen}:\n${missList(misses, warta)}`,
  )
  // Figures of a part never stand in the place of those of the whole.
  if (wikinews !== undefined) keep({ at: new Date().toISOString(), stories, rows, misses: misses.map(kept) })
}

async function ask(origin: string, { q }: Judged): Promise<string[]> {
  const { data } = await read(`${origin}/v1/articles?q=${encodeURIComponent(q)}&limit=${looked}&fields=title`)
  return data.map(({ title }: { title: string }) => title)
}

/** A miss as it is kept: lists as one text, since Biome and JSON.stringify lay out short lists differently. */
function kept({ kind, lang, q, answers, found }: Asked) {
  const ranks = Object.entries(found).map(([name, titles]) => [name, rankOf(titles, answers) ?? null])
  const instead = found[warta]?.slice(0, seen).join(' / ')
  return { kind, lang, q, answers: answers.join(' / '), ranks: Object.fromEntries(ranks), instead }
}

function keep(results: object): void {
  mkdirSync(resultsFolder, { recursive: true })
  const rounded = (_: string, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value)
  writeFileSync(join(resultsFolder, 'search.json'), `${JSON.stringify(results, rounded, 2)}\n`)
}
