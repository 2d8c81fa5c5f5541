/**
 * The same reads and writes on SQLite and on PostgreSQL, and two nodes on one PostgreSQL against one. Both engines sync
 * every commit to the folder for temporary files, which should be on a disk; service, server and load share the cores.
 */
import { join } from 'node:path'
import { newSecret } from '../src/keys/secret.ts'
import { startPostgres } from '../test/support/postgres.ts'
import {
  articles,
  folder,
  median,
  read,
  requestsPerSecond,
  rounds,
  seconds,
  seed,
  startService,
  tidy,
} from './ground.ts'

type Node = string
const key = newSecret()
const headers = { authorization: `Bearer ${key}` }
const server = await startPostgres({ fsync: true, settings: { full_page_writes: 'on' } })

try {
  const file = join(folder, 'warta.db')
  const url = await server.createDatabase('bench')
  const settings = { WARTA_ADMIN_KEY: key }
  // Started once before the import, so that the database has its key.
  const sqlite = (await startService(file, settings)).origin
  const first = (await startService(url, settings)).origin
  const second = (await startService(url, settings)).origin
  seed(file)
  seed(url)

  const setups: [string, Node[]][] = [
    ['SQLite', [sqlite]],
    ['PostgreSQL', [first]],
    ['PostgreSQL, two nodes', [first, second]],
  ]
  const slug = (await read(`${sqlite}/v1/articles?limit=1&fields=slug`)).data[0].slug as string
  await table('reads/s', setups, [
    ['one article', (nodes) => readAll(nodes, `/v1/articles/${slug}`)],
    ['a list of 20', (nodes) => readAll(nodes, '/v1/articles?limit=20')],
  ])
  await table('writes/s', setups, [
    ['one editor', (nodes) => writeAll(nodes, 1)],
    ['8 editors', (nodes) => writeAll(nodes, 8)],
  ])
} finally {
  tidy()
  await server.dispose()
}

/** Medians of rounds in which each setup has its turn, and their ratio to the first. */
async function table(
  unit: string,
  setups: readonly [string, Node[]][],
  works: readonly [string, (nodes: Node[]) => Promise<number>][],
): Promise<void> {
  const rows = []
  for (const [what, work] of works) {
    const figures = setups.map((): number[] => [])
    for (let round = 0; round < rounds; round += 1) {
      for (const [i, [, nodes]] of setups.entries()) figures[i]?.push(await work(nodes))
    }
    const medians = figures.map(median)
    rows.push({
      [unit]: what,
      ...Object.fromEntries(setups.map(([name], i) => [name, Math.round(medians[i] ?? 0)])),
      'PostgreSQL / SQLite': ratio(medians[1], medians[0]),
      'two nodes / one': ratio(medians[2], medians[1]),
    })
  }
  console.table(rows)
}

function ratio(a = 0, b = 0): number {
  return Number((a / b).toFixed(2))
}

async function readAll(nodes: readonly Node[], path: string): Promise<number> {
  const shares = await Promise.all(nodes.map((node) => requestsPerSecond(node + path, 1 / nodes.length)))
  return shares.reduce((sum, share) => sum + share, 0)
}

/** Each editor saves an article of his own, again as soon as the last save is acknowledged; their nodes take turns. */
async function writeAll(nodes: readonly Node[], editors: number): Promise<number> {
  const [first = ''] = nodes
  const { data } = await read(`${first}/v1/articles?limit=${editors}&fields=id`)
  const ends = performance.now() + seconds * 1_000
  let saves = 0
  const edit = async ({ id }: { id: string }, i: number) => {
    const node = nodes[i % nodes.length] ?? first
    while (performance.now() < ends) {
      const response = await fetch(`${node}/v1/articles/${id}`, {
        method: 'PATCH',
        headers: { ...headers, 'content-type': 'application/merge-patch+json', 'if-match': '*' },
        body: JSON.stringify({ kicker: `save ${performance.now()}` }),
      })
      if (response.status !== 200) throw new Error(`a save answered ${response.status}: ${await response.text()}`)
      await response.arrayBuffer()
      saves += 1
    }
  }
  if (data.length !== editors) throw new Error(`${articles} articles were imported, ${data.length} are there`)
  await Promise.all(data.map(edit))
  return saves / seconds
}
