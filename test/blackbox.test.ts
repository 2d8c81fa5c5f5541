import { Buffer } from 'node:buffer'
import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import t, { type Test } from 'tap'
import type { Entry } from './blackbox/desk.ts'
import { bodyOf } from './support/bodies.ts'
import { breaches } from './support/contract.ts'
import { uncounted } from './support/coverage.ts'
import { operations } from './support/operations.ts'
import { ask, startPostgres } from './support/postgres.ts'

/**
 * What goes in is HTTP, what comes out are bytes: the same thousands of requests to both engines, in worlds without
 * chance, must be answered to the byte alike. It starts both engines itself, whichever this process tests.
 */

const minute = 60_000
const script = join(import.meta.dirname, 'blackbox/process.ts')
const wanted = (process.env.WARTA_TEST_ENGINES ?? 'sqlite,postgres').split(',')
/** One alone is held against itself: it shows at least that nothing is left to chance. */
const sides = wanted.length === 1 ? [...wanted, ...wanted] : wanted

/** Four minutes is what the two took together on a machine that had twice as much to do as it has cores. */
const longest = 30 * minute
// Longer than .taprc gives to a file, for machines that are busy with others.
t.setTimeout(longest)

t.test('both engines answer every request with the same bytes', { timeout: longest }, async (t) => {
  const folder = t.testdir()
  const paths = await Promise.all(
    sides.map(async (engine, i) => {
      const path = join(folder, `${i}-${engine}.ndjson`)
      const said = await runOn(await newDatabase(t, engine, join(folder, `${i}.db`)), path)
      t.strictSame(said, { code: 0, said: '' }, `${engine}: nothing failed and nothing was logged`)
      return path
    }),
  )
  const [one = '', other = ''] = paths
  const found = await compare(one, other)
  t.equal(found.difference, undefined, `${found.requests} requests, ${sides.join(' and ')}`)
  t.comment(`${found.requests} requests`)
  await expectWorth(t, one)
})

interface Compared {
  requests: number
  /** the first, for people */
  difference?: string
}

async function compare(one: string, other: string): Promise<Compared> {
  const others = linesOf(other)[Symbol.asyncIterator]()
  let requests = 0
  for await (const line of linesOf(one)) {
    const { value } = await others.next()
    if (line !== value) return { requests, difference: describe(line, value) }
    requests += 1
  }
  const { value } = await others.next()
  return value === undefined ? { requests } : { requests, difference: describe(undefined, value) }
}

/** How much is shown before and after the first byte that differs. */
const around = 300

function describe(...lines: (string | undefined)[]): string {
  const [one, other] = lines.map((line) => (line === undefined ? undefined : (JSON.parse(line) as Entry)))
  if (one === undefined || other === undefined) return `only one has ${JSON.stringify((one ?? other)?.request)}`
  const shown = [one, other].map(({ n: _n, chapter: _c, at: _a, request: _r, body, ...answer }) => ({
    ...answer,
    body: body.slice(Math.max(0, firstDifference(one.body, other.body) - around)).slice(0, 2 * around),
  }))
  const { n, chapter, at, request } = one
  const asked = JSON.stringify({ n, chapter, at, request })
  const same =
    asked === JSON.stringify({ n, chapter, at, request: other.request }) ? '' : `\n${JSON.stringify(other.request)}`
  return [`${asked}${same}`, ...shown.map((answer, i) => `${sides[i]}: ${JSON.stringify(answer)}`)].join('\n')
}

function firstDifference(one: string, other: string): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at += 1
  return at
}

/** Two empty transcripts are alike too. */
async function expectWorth(t: Test, path: string): Promise<void> {
  const patterns = operations.map(({ id, method, path }) => {
    const pattern = new RegExp(`^${path.replace(/\{\w+\}/g, '[^/?]+')}(\\?|$)`)
    return { id, matches: (request: Entry['request']) => method === request.method && pattern.test(request.url) }
  })
  const [answered, refused, statuses, codes] = [new Set(), new Set(), new Set<number>(), new Set<string>()]
  const faults: string[] = []
  let [requests, sorted] = [0, 0]
  for await (const line of linesOf(path)) {
    const { n, request, status, statuses: together = [status], headers, body: text } = JSON.parse(line) as Entry
    requests += 1
    const operation = patterns.find(({ matches }) => matches(request))
    for (const one of together) {
      statuses.add(one)
      if (operation !== undefined) (one < 400 ? answered : refused).add(operation.id)
    }
    if (status === 0) continue
    const named = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]))
    const body = bodyOf(named['content-type'], text)
    if (status >= 400 && body?.code !== undefined) codes.add(body.code)
    faults.push(...breaches({ method: request.method, url: request.url, status, headers: named, body }))
    const order = orderOf(request.url)
    if (status !== 200 || order === undefined) continue
    const values = body.data.map((item: Record<string, string>) => Buffer.from(item[order.by] ?? ''))
    if (order.down) values.reverse()
    sorted += values.length
    const wrong = values.findIndex((value: Buffer, i: number) => i > 0 && Buffer.compare(values[i - 1], value) > 0)
    if (wrong >= 0) faults.push(`${n} ${request.url} is not in the order of code points at ${wrong}`)
  }
  t.strictSame(faults, [], 'every answer keeps the contract, and names are in the order of code points')
  t.ok(requests > 5_000, `${requests} requests`)
  t.ok(sorted > 2_000, `${sorted} names were sorted`)
  const ids = operations.map(({ id }) => id)
  t.strictSame(
    ids.filter((id) => !answered.has(id)),
    [],
    'every operation is answered at least once',
  )
  t.strictSame(
    ids.filter((id) => !refused.has(id)),
    [],
    'every operation is refused at least once',
  )
  const expected = [200, 201, 204, 301, 304, 400, 401, 403, 404, 405, 406, 409, 410, 412, 413, 415, 422, 423, 428]
  t.strictSame([...statuses].sort(), expected, 'every status but those of a server in need')
  t.ok(codes.size >= 30, `${codes.size} codes of problems`)
}

/** What a list is sorted by, when that is a name or a title. */
function orderOf(url: string): { by: string; down: boolean } | undefined {
  const [, path = '', query = ''] = /^\/v1\/(\w+)(?:\?(.*))?$/.exec(url) ?? []
  const parameters = new URLSearchParams(query)
  const usual = path === 'tags' || path === 'sources' ? 'name' : ''
  const sort = parameters.get('sort') ?? usual
  const by = sort.replace('-', '')
  if (!['name', 'title'].includes(by) || !(parameters.get('fields') ?? by).includes(by)) return undefined
  return { by, down: sort.startsWith('-') }
}

function linesOf(path: string): AsyncIterable<string> {
  return createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })
}

async function newDatabase(t: Test, engine: string, path: string): Promise<string> {
  if (engine === 'sqlite') return path
  const name = `blackbox_${randomUUID().replaceAll('-', '')}`
  const server = process.env.WARTA_TEST_POSTGRES ?? (await ownServer(t))
  await ask(server, `create database ${name}`)
  if (server === process.env.WARTA_TEST_POSTGRES) t.teardown(() => ask(server, `drop database ${name} with (force)`))
  const url = new URL(server)
  url.pathname = name
  return url.href
}

async function ownServer(t: Test): Promise<string> {
  const server = await startPostgres()
  t.teardown(() => server.dispose())
  return server.url()
}

/** Resolves with its exit code and all that it said, which should be nothing. */
function runOn(database: string, path: string): Promise<{ code: number | null; said: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; said: string }>()
  const env = { ...process.env, ...uncounted }
  const child = spawn(process.execPath, [script, database, path], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  }
  child.on('error', reject)
  child.on('close', (code) => resolve({ code, said }))
  return promise
}
