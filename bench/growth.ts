/** The same reads among a million articles and among ten thousand; nothing comes out of a cache of answers. */
import { type Data, dataOf, hasData } from './data.ts'
import { askable, deepPage } from './documents.ts'
import { atMost, type Line } from './line.ts'
import { askOnce, connections, inTurn, type Mode, once } from './measure.ts'
import { sections, tags } from './newsroom.ts'
import { type Service, startService, stop } from './processes.ts'

export async function growth(mode: Mode): Promise<Line[]> {
  // The short mode builds nothing that takes minutes.
  const large = [mode.large, mode.middle].find((size) => mode.name === 'full' || hasData(size))
  if (large === undefined) {
    console.error(`growth: not measured, for there is no larger database; npm run bench -- --build makes it.`)
    return []
  }
  const few = await side(await dataOf(mode.small), mode)
  const many = await side(await dataOf(large), mode)
  const lines: Line[] = []
  for (const [what, paths] of Object.entries(few.reads)) {
    lines.push(await compare(what, [few.service, paths], [many.service, many.reads[what] ?? []], mode, large))
  }
  for (const { service } of [few, many]) await stop(service)
  return lines
}

/** Ten thousand, as far as the smaller database goes. */
const depth = 9_900

async function side(data: Data, mode: Mode) {
  const service = await startService(data.path, { WARTA_CACHE: '0' })
  const { ids, slugs } = await askable(service, data, mode.articles, 1)
  const list = (filter: string) => `/v1/articles?limit=20${filter}`
  const of = (name: string, slugs: readonly string[]) => slugs.map((slug) => list(`&${name}=${slug}`))
  const tagged = (from: number) =>
    of(
      'tag',
      tags.slice(from, from + 10).map(({ slug }) => slug),
    )
  const tops = sections.filter(({ parent }) => parent === null)
  const reads: Record<string, string[]> = {
    'by id': ids.map((id) => `/v1/articles/${id}`),
    'by slug': slugs.map((slug) => `/v1/articles/${slug}`),
    'a list of 20': [list('')],
    'a section with its sub-sections': of(
      'section',
      tops.map(({ slug }) => slug),
    ),
    'a common tag': tagged(0),
    // Among ten thousand articles it stands on some thirty, so that each page is full.
    'a rare tag': tagged(90),
    '10,000 articles deep': [await deepPage(service, depth)],
  }
  return { service, reads }
}

async function compare(
  what: string,
  [few, fewPaths]: [Service, string[]],
  [many, manyPaths]: [Service, string[]],
  mode: Mode,
  articles: number,
): Promise<Line> {
  const { warmMs, ms } = mode
  for (const [service, paths] of [
    [few, fewPaths],
    [many, manyPaths],
  ] as const)
    await askOnce(service, paths)
  const both = (at: number) =>
    inTurn(
      mode.fewRounds,
      (
        [
          [few, fewPaths],
          [many, manyPaths],
        ] as const
      ).map(
        ([service, paths]) =>
          () =>
            once(service, { paths, connections: at, warmMs: warmMs / 2, ms: ms / 2 }),
      ),
    )
  const [fewAlone, manyAlone] = await both(1)
  const [fewBusy, manyBusy] = await both(connections)
  if (!fewAlone || !manyAlone || !fewBusy || !manyBusy) throw new Error(`${what} was not measured.`)
  const alone = manyAlone.p50 / fewAlone.p50
  const busy = fewBusy.rate / manyBusy.rate
  return {
    what: `growth: ${what}`,
    articles,
    promised: atMost(1.5),
    unit: '×',
    // The worse of the two.
    measured: Math.max(alone, busy),
    ours: { value: manyAlone.p50, unit: 'ms', p50: manyBusy.p50, p99: manyBusy.p99, cpu: manyBusy.cpu },
    other: {
      name: `${mode.small.toLocaleString('en')} articles`,
      value: fewAlone.p50,
      unit: 'ms',
      p50: fewBusy.p50,
      p99: fewBusy.p99,
      cpu: fewBusy.cpu,
    },
    note: `one at a time ${alone.toFixed(2)} ×, ${connections} at once ${busy.toFixed(2)} ×`,
  }
}
