/** Whether heavy reads hold up light ones: articles at a steady rate, alone and while something large is under way. */
import { get } from 'node:http'
import { type Data, dataOf } from './data.ts'
import { askable } from './documents.ts'
import { atMost, type Line } from './line.ts'
import { load, type Mode, median } from './measure.ts'
import { type Service, startService, stop } from './processes.ts'
import { sizesOf } from './reads.ts'

/** Far below what one core can do, so that what is measured is waiting and not the load itself. */
const perSecond = 200
const counters = 2

export async function beside(mode: Mode): Promise<Line[]> {
  const data = await dataOf(sizesOf(mode).at(-1) ?? mode.small)
  const service = await startService(data.path, { WARTA_CACHE: '0' })
  const { ids } = await askable(service, data, mode.pages, 1)
  const paths = ids.map((id) => `/v1/articles/${id}`)
  const lines: Line[] = []
  for (const [what, heavy] of [
    ['exact counts', countAll],
    ['an export', exportAll],
  ] as const) {
    lines.push(await compare(what, heavy, service, data, paths, mode))
  }
  await stop(service)
  return lines
}

type Heavy = (origin: string, until: () => boolean) => Promise<number>

async function compare(
  what: string,
  heavy: Heavy,
  { origin }: Service,
  data: Data,
  paths: string[],
  mode: Mode,
): Promise<Line> {
  const light = () => load({ kind: 'steady', origin, paths, perSecond, warmMs: mode.warmMs, ms: mode.ms * 2 })
  const alone: number[] = []
  const together: number[] = []
  let done = 0
  for (let round = 0; round < mode.fewRounds; round += 1) {
    alone.push((await light()).p99)
    let over = false
    const working = heavy(origin, () => over)
    // Where the light ones fail, what became of the heavy ones is nobody's matter.
    working.catch(() => undefined)
    try {
      together.push((await light()).p99)
    } finally {
      over = true
    }
    done += await working
  }
  if (done === 0) throw new Error(`Not one of ${what} was answered.`)
  const [p99, p99Alone] = [median(together), median(alone)]
  return {
    what: `p99 of others during ${what}`,
    articles: data.articles,
    promised: atMost(2),
    unit: '×',
    measured: p99 / p99Alone,
    ours: { value: p99, unit: 'ms' },
    other: { name: 'nothing else under way', value: p99Alone, unit: 'ms' },
    note: `${perSecond} articles a second; the load and whoever takes what is heavy have the same cores`,
  }
}

let asked = 0

/** Each count is of something else, so that none is known already. */
async function countAll(origin: string, over: () => boolean): Promise<number> {
  let done = 0
  const count = async () => {
    while (!over()) {
      asked += 1
      const before = new Date(Date.UTC(2100, 0, 1) + asked).toISOString()
      const response = await fetch(`${origin}/v1/articles?limit=1&fields=id&count=exact&publishedBefore=${before}`)
      await response.arrayBuffer()
      if (response.status >= 500 && response.status !== 503) throw new Error(`A count answered ${response.status}.`)
      if (response.ok) done += 1
      else await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  await Promise.all(Array.from({ length: counters }, count))
  return done
}

/** Takes whole exports as fast as they come; answers how many mebibytes came. */
async function exportAll(origin: string, over: () => boolean): Promise<number> {
  let bytes = 0
  while (!over()) {
    await new Promise<void>((resolve, reject) => {
      const request = get(`${origin}/v1/articles/export`, { agent: false }, (response) => {
        if (response.statusCode !== 200) return reject(new Error(`An export answered ${response.statusCode}.`))
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length
          if (over()) response.destroy()
        })
        response.once('close', resolve)
      })
      request.once('error', (error) => (over() ? resolve() : reject(error)))
    })
  }
  return bytes / 2 ** 20
}
