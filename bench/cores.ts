/** The same reads from two processes and from one. */
import { cpus } from 'node:os'
import { dataOf } from './data.ts'
import { askable } from './documents.ts'
import type { Line } from './line.ts'
import { connections, inTurn, type Mode, once } from './measure.ts'
import { startService, stop } from './processes.ts'

const workers = 2

export async function cores(mode: Mode): Promise<Line[]> {
  const data = await dataOf(mode.small)
  const settings = (count: number) => ({ WARTA_CACHE: '0', WARTA_WORKERS: String(count) })
  const one = await startService(data.path, settings(1))
  const two = await startService(data.path, settings(workers))
  const { ids } = await askable(one, data, mode.articles, 1)
  const paths = ids.map((id) => `/v1/articles/${id}`)
  const { warmMs, ms } = mode
  const [fewer, more] = await inTurn(
    mode.rounds,
    [one, two].map((service) => () => once(service, { paths, connections, warmMs, ms })),
  )
  for (const service of [one, two]) await stop(service)
  if (!fewer || !more) throw new Error('Workers were not measured.')
  const rate = ({ rate: value, p50, p99 }: typeof fewer) => ({ value, unit: '/s' as const, p50, p99 })
  return [
    {
      what: `one article, for the first time, from ${workers} processes`,
      articles: data.articles,
      unit: '×',
      measured: more.rate / fewer.rate,
      ours: rate(more),
      other: { name: 'one process', ...rate(fewer) },
      note: `the load is made on the same ${cpus().length} cores`,
    },
  ]
}
