/**
 * The same reads and writes on SQLite and on PostgreSQL, and two nodes on one PostgreSQL against one. Both engines sync
 * every commit to a disk; service, server and load share the cores.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { newSecret } from '../src/keys/secret.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { dataFolder } from './data.ts'
import { type Ask, connections, load, type Mode, median } from './measure.ts'
import { plans } from './newsroom.ts'
import { read, type Service, scrap, startService } from './processes.ts'
import { short } from './table.ts'
import { importFile, recordOf } from './template.ts'

const articles = 1_000
const editors = 8

type Setup = [name: string, nodes: Service[]]

export async function engines(mode: Mode): Promise<void> {
  const server = await startPostgres({ fsync: true, settings: { full_page_writes: 'on' } })
  try {
    await compare(await setUp(await server.createDatabase('bench')), mode)
  } finally {
    await server.dispose()
  }
}

const key = newSecret()

async function setUp(url: string): Promise<Setup[]> {
  mkdirSync(dataFolder, { recursive: true })
  const file = scrap(join(dataFolder, `engines-${process.pid}.db`))
  const input = scrap(join(dataFolder, `engines-${process.pid}.ndjson`))
  writeFileSync(input, Array.from(plans(articles), (plan, i) => JSON.stringify(recordOf(plan, i))).join('\n'))
  // What is measured are the engines; with answers kept in memory both would be asked for nothing.
  const settings = { WARTA_ADMIN_KEY: key, WARTA_CACHE: '0' }
  // Started once before the import, so that the database has its key.
  const sqlite = await startService(file, settings)
  const first = await startService(url, settings)
  const second = await startService(url, settings)
  for (const database of [file, url]) console.error(importFile(database, input))
  return [
    ['SQLite', [sqlite]],
    ['PostgreSQL', [first]],
    ['PostgreSQL, two nodes', [first, second]],
  ]
}

async function compare(setups: readonly Setup[], mode: Mode): Promise<void> {
  // The same on both engines, unlike ids.
  const { data } = await read(`${setups[0]?.[1][0]?.origin}/v1/articles?limit=${editors}&fields=slug`)
  const paths = data.map(({ slug }: { slug: string }) => `/v1/articles/${slug}`)
  const write = { headers: { authorization: `Bearer ${key}` } }
  await table('reads/s', setups, mode, [
    ['one article', { paths, connections }],
    ['a list of 20', { paths: ['/v1/articles?limit=20'], connections }],
  ])
  await table('writes/s', setups, mode, [
    ['one editor', { paths, connections: 1, write }],
    [`${editors} editors`, { paths, connections: editors, write }],
  ])
}

type Work = Pick<Ask, 'paths' | 'connections' | 'write'>

/** Medians of rounds in which each setup has its turn, and their ratio to the first. */
async function table(
  unit: string,
  setups: readonly Setup[],
  { rounds, warmMs, ms }: Mode,
  works: readonly [string, Work][],
): Promise<void> {
  const rows = []
  for (const [what, work] of works) {
    const figures = setups.map((): number[] => [])
    for (let round = 0; round < rounds; round += 1) {
      for (const [i, [, nodes]] of setups.entries()) figures[i]?.push(await ask(nodes, { ...work, warmMs, ms }))
    }
    const [sqlite = 0, one = 0, two = 0] = figures.map(median)
    rows.push({
      [unit]: what,
      ...Object.fromEntries(setups.map(([name], i) => [name, short([sqlite, one, two][i] ?? 0)])),
      'PostgreSQL / SQLite': short(one / sqlite),
      'two nodes / one': short(two / one),
    })
  }
  console.table(rows)
}

/** Each node gets its share of the connections, and of what they ask for. */
async function ask(nodes: readonly Service[], { paths, connections, ...rest }: Ask): Promise<number> {
  const asked = connections === 1 ? nodes.slice(0, 1) : nodes
  const shares = await Promise.all(
    asked.map(({ origin }, i) => {
      const own = paths.filter((_, j) => paths.length === 1 || j % asked.length === i)
      const job = { kind: 'most' as const, origin, paths: own, connections: connections / asked.length, ...rest }
      return load(job, i > 0)
    }),
  )
  return shares.reduce((sum, { rate }) => sum + rate, 0)
}
