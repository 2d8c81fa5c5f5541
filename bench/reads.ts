/** Public reads beside what the same Fastify can do without Warta: those that were asked before, and those that were not. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Data, dataFolder, dataOf } from './data.ts'
import { type Asked, askable, storeAnswers } from './documents.ts'
import { atLeast, type Line, type Reading } from './line.ts'
import { askOnce, connections, inTurn, type Mode, once, type Side } from './measure.ts'
import { listening, type Service, scrap, startOwn, startService, stop } from './processes.ts'

export async function reads(mode: Mode): Promise<Line[]> {
  const lines: Line[] = []
  for (const size of sizesOf(mode)) lines.push(...(await readsOf(await dataOf(size), mode)))
  return lines
}

/** The short mode is for every day: it builds nothing that takes minutes. */
export function sizesOf({ name, small, large }: Mode): number[] {
  return name === 'full' ? [small, large] : [small]
}

async function readsOf(data: Data, mode: Mode): Promise<Line[]> {
  const uncached = await startService(data.path, { WARTA_CACHE: '0' })
  const asked = await askable(uncached, data, mode.articles, mode.pages)
  const documents = await startOther('documents', await storeAnswers(uncached, asked))
  const cached = await startService(data.path)
  const lines = [...(await askedBefore(cached, asked, mode)), ...(await askedFirst(uncached, documents, asked, mode))]
  for (const service of [uncached, documents, cached]) await stop(service)
  return lines.map((line) => ({ ...line, articles: data.articles }))
}

async function askedBefore(cached: Service, { slugs, pages }: Asked, mode: Mode): Promise<Line[]> {
  const lines: Line[] = []
  for (const [what, path] of [
    ['one article, read before', `/v1/articles/${slugs[0]}`],
    ['a list of 20, read before', pages[0] ?? ''],
  ] as const) {
    const file = scrap(join(dataFolder, `constant-${process.pid}.json`))
    writeFileSync(file, await (await fetch(cached.origin + path)).text())
    const constant = await startOther('constant', file)
    const [ours, other] = await compare(mode, [cached, [path]], [constant, ['/']])
    await stop(constant)
    lines.push(ratio(what, 0.9, ours, other, 'Fastify, one buffer of that size'))
  }
  return lines
}

async function askedFirst(uncached: Service, documents: Service, { ids, pages }: Asked, mode: Mode): Promise<Line[]> {
  const articles = ids.map((id) => `/v1/articles/${id}`)
  const stored = ids.map((id) => `/${id}`)
  const [one, document] = await compare(mode, [uncached, articles], [documents, stored])
  const [list, twenty, page] = await compare(
    mode,
    [uncached, pages],
    [documents, pages.map((_, i) => `/list/${i * 20}`)],
    [documents, pages.map((_, i) => `/page/${i}`)],
  )
  return [
    ratio('one article, for the first time', 0.5, one, document, 'Fastify, one statement, a stored document'),
    ratio('a list of 20, for the first time', 0.35, list, twenty, 'Fastify, one statement, 20 stored documents'),
    // Which articles a page holds depends on what was asked, so nobody can have stored it; but nothing is faster.
    ratio('the same list, beside a stored page', undefined, list, page, 'Fastify, one statement, a stored page'),
  ]
}

function startOther(what: 'constant' | 'documents', file: string): Promise<Service> {
  return listening(startOwn('ceilings.ts', [what, file]))
}

async function compare(mode: Mode, ...sides: readonly [Service, string[]][]): Promise<Side[]> {
  const { warmMs, ms } = mode
  for (const [service, paths] of sides) await askOnce(service, paths)
  return inTurn(
    mode.rounds,
    sides.map(
      ([service, paths]) =>
        () =>
          once(service, { paths, connections, warmMs, ms }),
    ),
  )
}

function ratio(
  what: string,
  figure: number | undefined,
  ours: Side | undefined,
  other: Side | undefined,
  name: string,
): Line {
  if (ours === undefined || other === undefined) throw new Error(`${what} was not measured.`)
  return {
    what,
    ...(figure !== undefined && { promised: atLeast(figure) }),
    unit: '×',
    measured: ours.rate / other.rate,
    ours: reading(ours),
    other: { name, ...reading(other) },
  }
}

export function reading({ rate, p50, p99, cpu }: Side): Reading {
  return { value: rate, unit: '/s', p50, p99, cpu }
}
