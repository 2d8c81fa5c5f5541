/** What the benches share: a newsroom of a thousand articles, the service in a process of its own, and how to measure. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'

export const root = new URL('..', import.meta.url)
export const seconds = Number(process.env.BENCH_SECONDS ?? 5)
/** Odd, so that the median is one of them. */
export const rounds = 3
export const articles = 1_000
const connections = 32

export const folder = mkdtempSync(join(tmpdir(), 'warta-bench-'))
const children: ChildProcess[] = []

/** Ends every process that was started and removes what they wrote. */
export function tidy(): void {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true, force: true })
}

/** Articles of some 2 KB, by the import that everybody uses. */
export function seed(database: string): void {
  const paragraph = 'The trains run again after three days of strike, and the minister thanked those who waited. '
  const lines = Array.from({ length: articles }, (_, i) =>
    JSON.stringify({
      externalId: `bench-${i}`,
      title: `Rail strike ends, part ${i}`,
      deck: 'The trains run again.',
      section: `section-${i % 10}`,
      tags: [`tag-${i % 200}`, `tag-${(i * 7) % 200}`, `tag-${(i * 13) % 200}`].filter(
        (tag, j, all) => all.indexOf(tag) === j,
      ),
      sources: [{ source: `source-${i % 50}` }],
      bylines: [{ name: 'A. Reporter' }],
      date: new Date(Date.UTC(2026, 0, 1) + i * 60_000).toISOString(),
      text: paragraph.repeat(20),
    }),
  )
  const input = join(folder, 'articles.ndjson')
  writeFileSync(input, lines.join('\n'))
  const args = ['bin/warta.js', 'import', input, '--create-missing', '--publish']
  const env = { ...process.env, WARTA_DATABASE: database }
  console.log(execFileSync(process.execPath, args, { cwd: root, env }).toString().replace(folder, '…').trim())
}

export async function startService(
  database: string,
  settings: Record<string, string> = {},
): Promise<{ origin: string; pid: number }> {
  const env = { ...process.env, WARTA_DATABASE: database, PORT: '0', WARTA_LOG_FORMAT: 'json', ...settings }
  const { child, origin } = await startChild(['bin/warta.js', 'serve'], env)
  await read(`${origin}/v1/articles?limit=1`)
  // What is logged is read away, as a supervisor does.
  child.stdout?.resume()
  return { origin, pid: child.pid ?? 0 }
}

/** A process of Node that says where it listens. */
export async function startChild(args: readonly string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return { child, origin: await originOf(child) }
}

function originOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      seen += chunk
      const [origin] = /http:\/\/[\w.[\]:]+:\d+/.exec(seen) ?? []
      if (origin !== undefined) resolve(origin)
    })
    child.once('exit', (code) => reject(new Error(`ended with ${code} before it listened: ${seen}`)))
  })
}

/** Answers a second, with all connections busy, after a second of warming up. */
export async function requestsPerSecond(url: string, share = 1): Promise<number> {
  const amount = connections * share
  await autocannon({ url, connections: amount, duration: 1 })
  const { requests, non2xx, errors } = await autocannon({ url, connections: amount, duration: seconds })
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} answers were not 2xx, ${errors} failed`)
  return requests.average
}

// biome-ignore lint/suspicious/noExplicitAny: the bench reads what the service answers
export async function read(url: string): Promise<any> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.json()
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}
