import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { loadConfig } from '../../src/config.ts'
import { newSecret } from '../../src/keys/secret.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Store } from '../../src/storage/store.ts'
import { type Service, type SpawnOptions, serve } from './cli.ts'
import { breaches } from './contract.ts'

/** Several services on one database, and what their clients see of them. */

/** The key of every service here. */
export const key = newSecret()

export interface Reply {
  status: number
  headers: Record<string, string>
  // biome-ignore lint/suspicious/noExplicitAny: a body is whatever the route answers
  body: any
  /** how long it took */
  ms: number
  /** what of it the document does not say */
  faults: string[]
}

interface Asking {
  /** with the key, and not as a stranger */
  keyed?: boolean
  /** a key of one's own */
  as?: string
  body?: unknown
  version?: number
  headers?: Record<string, string>
}

/** Nobody waits longer than this for an answer. */
const longestMs = 20_000

export function node(t: Test, database: string, env: Record<string, string> = {}, options: SpawnOptions = {}) {
  return serve(t, database, { ...options, env: { WARTA_ADMIN_KEY: key, WARTA_LOG_LEVEL: 'info', ...env } })
}

export async function ask(service: Service, method: string, url: string, asking: Asking = {}): Promise<Reply> {
  const { keyed = false, as = keyed ? key : undefined, body, version, headers: others } = asking
  const began = performance.now()
  const response = await fetch(`${service.origin}${url}`, {
    method,
    redirect: 'manual',
    signal: AbortSignal.timeout(longestMs),
    headers: {
      ...(as !== undefined && { authorization: `Bearer ${as}` }),
      ...(version !== undefined && { 'if-match': `"${version}"` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...others,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const headers = Object.fromEntries(response.headers)
  const answer = { status: response.status, headers, body: text === '' ? undefined : JSON.parse(text) }
  const ms = performance.now() - began
  return { ...answer, ms, faults: breaches({ method, url, ...answer }) }
}

/** The same, where only one status will do. */
export async function expect(
  status: number,
  service: Service,
  ...[method, url, asking]: [string, string, Asking?]
): Promise<Reply> {
  const reply = await ask(service, method, url, asking)
  if (reply.status === status && reply.faults.length === 0) return reply
  throw new Error(`${method} ${url} answered ${reply.status}, not ${status}: ${JSON.stringify(reply)}`)
}

/** A store in this process, by the settings that a service would be given. */
export async function openStore(t: Test, env: Record<string, string>, busyTimeoutMs = 5_000): Promise<Store> {
  const { secrets } = loadConfig(env, {}, false)
  const store = await openDatabase(secrets.database, { clock: systemClock, busyTimeoutMs })
  t.teardown(() => store.close())
  return store
}

/** The URL of several servers of which one is the primary. */
export function together(...urls: readonly string[]): string {
  const [first = ''] = urls
  const hosts = urls.map((url) => new URL(url).host)
  return first.replace(new URL(first).host, hosts.join(','))
}

export interface Load {
  /** the slugs of the tags that were acknowledged, and when */
  kept: Map<string, { node: number; at: number }>
  /** the slugs whose fate their writer was not told */
  open: Set<string>
  /** answers by what was asked: `write 201` */
  counts: Record<string, number>
  /** what may never be seen, whatever becomes of the database */
  faults: string[]
  /** the longest wait for an answer */
  slowestMs: number
}

interface LoadOptions {
  clients?: number
  /** Nodes from which no answer is expected any more. */
  gone?: ReadonlySet<number>
}

/**
 * Clients of every node that write a tag and read it at once: with the key from the next node, as a stranger from the
 * same. While the database is away they are told 503 and when to come back; anything else is a fault.
 */
export function load(services: readonly Service[], name: string, { clients = 2, gone = new Set() }: LoadOptions = {}) {
  const result: Load = { kept: new Map(), open: new Set(), counts: {}, faults: [], slowestMs: 0 }
  let over = false

  const send = async (what: string, expected: number, at: number, ...rest: [string, string, Asking?]) => {
    const service = services[at]
    if (service === undefined) throw new Error(`There is no node ${at}.`)
    try {
      const reply = await ask(service, ...rest)
      const { status, headers, faults, ms } = reply
      result.slowestMs = Math.max(result.slowestMs, ms)
      result.counts[`${what} ${status}`] = (result.counts[`${what} ${status}`] ?? 0) + 1
      const busy = status === 503 && headers['retry-after'] !== undefined
      if (status !== expected && !busy) faults.push(`${what} ${rest[1]} answered ${status}`)
      result.faults.push(...faults)
      return reply
    } catch (error) {
      if (!gone.has(at)) result.faults.push(`${what} of node ${at} was not answered: ${describe(error)}`)
      return undefined
    }
  }

  const client = async (at: number, number: number) => {
    for (let i = 0; !over && !gone.has(at); i += 1) {
      const slug = `${name}-${at}-${number}-${i}`
      result.open.add(slug)
      const written = await send('write', 201, at, 'POST', '/v1/tags', { keyed: true, body: { name: slug, slug } })
      if (written?.status === 201) {
        result.open.delete(slug)
        result.kept.set(slug, { node: at, at: performance.now() })
        const other = (at + 1) % services.length
        const reads = [send('stranger', 200, at, 'GET', `/v1/tags/${slug}`)]
        if (!gone.has(other)) reads.push(send('keyed', 200, other, 'GET', `/v1/tags/${slug}`, { keyed: true }))
        for (const reply of await Promise.all(reads)) {
          if (reply?.status === 200 && reply.body.slug !== slug) result.faults.push(`${slug} was answered otherwise`)
        }
      }
      await sleep(written?.status === 201 ? 10 : 50)
    }
  }

  const all = services.flatMap((_, at) => Array.from({ length: clients }, (_, number) => client(at, number)))
  const stop = async (): Promise<void> => {
    over = true
    await Promise.all(all)
  }
  return Object.assign(result, { stop })
}

/** Resolves when every node has kept something that was sent after this moment; answers how long that took. */
export async function writesAgain(load: Load, nodes: number, seconds: number): Promise<number> {
  const since = performance.now()
  for (;;) {
    const back = new Set([...load.kept.values()].filter(({ at }) => at > since).map(({ node }) => node))
    const ms = performance.now() - since
    if (back.size === nodes) return ms
    if (ms > seconds * 1_000) throw new Error(`Only nodes [${[...back]}] write again within ${seconds} s.`)
    await sleep(10)
  }
}

const keptSql = `SELECT slug,
  (SELECT count(*) FROM addresses WHERE kind = 'tag' AND target_id = tags.id) AS addresses,
  (SELECT count(*) FROM changes WHERE kind = 'tag.created' AND id = tags.id) AS changes
  FROM tags`

/** Half of a write: an address or a change without its tag, and numbers that the changes lack. */
const halvesSql = `SELECT
  (SELECT count(*) FROM addresses WHERE kind = 'tag' AND target_id NOT IN (SELECT id FROM tags))
  + (SELECT count(*) FROM changes WHERE kind = 'tag.created' AND id NOT IN (SELECT id FROM tags))
  + (SELECT max(seq) - count(*) FROM changes)
  + (SELECT value - (SELECT max(seq) FROM changes) FROM counters WHERE name = 'changes') AS halves`

type Query = <Row extends Record<string, unknown>>(sql: string) => Promise<Row[]>

/** What was acknowledged is there, once and whole; what was not is there whole or not at all; nothing else is. */
export async function checkKept(t: Test, { kept, open }: Load, query: Query): Promise<void> {
  const rows = await query<{ slug: string; addresses: string; changes: string }>(keptSql)
  const there = new Set(rows.map(({ slug }) => slug))
  const lost = [...kept.keys()].filter((slug) => !there.has(slug))
  t.same(lost, [], 'what was acknowledged is there')
  const unasked = [...there].filter((slug) => !kept.has(slug) && !open.has(slug))
  t.same(unasked, [], 'and nothing that nobody wrote')
  t.equal(there.size, rows.length, 'nothing is there twice')
  const odd = rows.filter(({ addresses, changes }) => Number(addresses) !== 2 || Number(changes) !== 1)
  t.same(odd, [], 'every tag has its two addresses, id and slug, and its one change')
  const [sum] = await query<{ halves: string }>(halvesSql)
  t.equal(Number(sum?.halves), 0, 'no half of a write, and no gap among the changes')
}

/** Asks again and again while something is done to the database; resolves when it was answered once. */
export async function watch(service: Service, url: string) {
  const { status } = await ask(service, 'GET', url)
  const seen = [status]
  let slowestMs = 0
  let over = false
  const asking = (async () => {
    while (!over) {
      const { status, ms } = await ask(service, 'GET', url)
      slowestMs = Math.max(slowestMs, ms)
      if (seen.at(-1) !== status) seen.push(status)
      await sleep(50)
    }
  })()
  return {
    last: () => seen.at(-1),
    /** Answers the statuses in their order, repeats left out. */
    stop: async () => {
      over = true
      await asking
      return { seen, slowestMs }
    },
  }
}

/**
 * What a cache does that follows the changes: it takes in each tag that is made, and begins anew when it is told that
 * something is unknown.
 */
export async function mirror(t: Test, env: Record<string, string>) {
  const store = await openStore(t, env)
  let ids = new Set<string>()
  let unknowns = 0
  const refill = async (): Promise<void> => {
    try {
      const rows = await store.read(async ({ select, tables: { tags } }) => select({ id: tags.id }).from(tags))
      for (const { id } of rows) ids.add(id)
    } catch {
      await sleep(100)
      await refill()
    }
  }
  await store.follow((news) => {
    if (news === 'unknown') {
      unknowns += 1
      ids = new Set()
      void refill()
    } else {
      for (const { kind, id } of news) if (kind === 'tag.created') ids.add(id)
    }
  })
  await refill()
  return { ids: () => ids, unknowns: () => unknowns }
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function describe(error: unknown): string {
  const { cause } = error as { cause?: unknown }
  return `${error}${cause === undefined ? '' : ` (${cause})`}`
}
