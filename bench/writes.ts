/** Saves that are answered when the disk has them: by one editor, and by eight at once. */
import { constants, copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { dataFolder, dataOf } from './data.ts'
import { askable } from './documents.ts'
import { atLeast, type Line } from './line.ts'
import { inTurn, type Mode, once } from './measure.ts'
import { scrap, startService, stop } from './processes.ts'
import { reading } from './reads.ts'

const editors = 8

export async function writes(mode: Mode): Promise<Line[]> {
  const data = await dataOf(mode.small)
  const path = scrap(join(dataFolder, `writes-${process.pid}.db`))
  copyFileSync(data.path, path, constants.COPYFILE_FICLONE)
  const service = await startService(path)
  const { ids } = await askable(service, data, editors, 1)
  const paths = ids.map((id) => `/v1/articles/${id}`)
  const write = { headers: { authorization: `Bearer ${data.key}` } }
  const { warmMs, ms } = mode
  const [one, all] = await inTurn(
    mode.rounds,
    [1, editors].map((connections) => () => once(service, { paths, connections, warmMs, ms, write })),
  )
  await stop(service)
  if (!one || !all) throw new Error('Saves were not measured.')
  return [
    {
      what: `${editors} editors who save at once, beside one`,
      articles: data.articles,
      promised: atLeast(3),
      unit: '×',
      measured: all.rate / one.rate,
      ours: reading(all),
      other: { name: 'one editor', ...reading(one) },
    },
  ]
}
