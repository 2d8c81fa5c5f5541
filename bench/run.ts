/**
 * `npm run bench`: what it prints are ratios, both sides measured in this run on this machine. Loopback only, bounded in
 * time, and it stops by itself.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'

const connections = 32
const seconds = Number(process.env.BENCH_SECONDS ?? 5)
/** Odd, so that the median is one of them. */
const rounds = 3
const articles = 1_000

const folder = mkdtempSync(join(tmpdir(), 'warta-bench-'))
const root = new URL('..', import.meta.url)
const children: ChildProcess[] = []

try {
  const file = join(folder, 'warta.db')
  await seed(file)
  const started = performance.now()
  const { origin, pid } = await startService(file)
  const startMs = performance.now() - started
  const idleMiB = await residentMiB(pid)

  const slug = (await read(`${origin}/v1/articles?limit=1&fields=slug`)).data[0].slug as string
  const rows = []
  for (const [name, path] of [
    ['one article', `/v1/articles/${slug}`],
    ['a list of 20', '/v1/articles?limit=20'],
  ] as const) {
    const body = await (await fetch(origin + path)).text()
    const constant = await startConstant(body)
    const ours: number[] = []
    const theirs: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      theirs.push(await requestsPerSecond(constant.origin))
      ours.push(await requestsPerSecond(origin + path))
    }
    constant.child.kill()
    rows.push({
      read: name,
      bytes: Buffer.byteLength(body),
      'requests/s': Math.round(median(ours)),
      'bare Fastify, a constant of that size': Math.round(median(theirs)),
      ratio: Number((median(ours) / median(theirs)).toFixed(2)),
    })
  }
  console.table(rows)
  console.table([
    { what: `start to first answer, ${articles} articles, ms`, figure: Math.round(startMs) },
    { what: 'resident when idle, MiB', figure: Math.round(idleMiB) },
    { what: 'packages at run time', figure: runtimePackages() },
  ])
} finally {
  for (const child of children) child.kill()
  rmSync(folder, { recursive: true, force: true })
}

/** Articles of some 2 KB, by the import that everybody uses. */
async function seed(file: string): Promise<void> {
  const { writeFileSync } = await import('node:fs')
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
  console.log(
    execFileSync(process.execPath, args, { cwd: root, env: { ...process.env, WARTA_DATABASE: file } })
      .toString()
      .replace(folder, '…')
      .trim(),
  )
}

async function startService(file: string): Promise<{ origin: string; pid: number }> {
  const env = { ...process.env, WARTA_DATABASE: file, PORT: '0', WARTA_LOG_FORMAT: 'json' }
  const child = spawn(process.execPath, ['bin/warta.js', 'serve'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const origin = await originOf(child)
  await read(`${origin}/v1/articles?limit=1`)
  // What is logged is read away, as a supervisor does.
  child.stdout.resume()
  return { origin, pid: child.pid ?? 0 }
}

/** The ceiling: the same Fastify, answering one buffer. */
async function startConstant(body: string): Promise<{ origin: string; child: ChildProcess }> {
  const code = `
    import Fastify from 'fastify'
    const body = Buffer.from(process.env.BODY)
    const app = Fastify()
    app.get('/', (request, reply) => reply.type('application/json; charset=utf-8').send(body))
    await app.listen({ port: 0 })
    console.log('listening at ' + app.listeningOrigin)`
  const env = { ...process.env, BODY: body }
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  return { origin: await originOf(child), child }
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

async function requestsPerSecond(url: string): Promise<number> {
  await autocannon({ url, connections, duration: 1 })
  const { requests, non2xx, errors } = await autocannon({ url, connections, duration: seconds })
  if (non2xx + errors > 0) throw new Error(`${url}: ${non2xx} answers were not 2xx, ${errors} failed`)
  return requests.average
}

async function residentMiB(pid: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) / 1024
}

function runtimePackages(): number {
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }>
  }
  return Object.entries(lock.packages).filter(
    ([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional,
  ).length
}

// biome-ignore lint/suspicious/noExplicitAny: the bench reads what the service answers
async function read(url: string): Promise<any> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return response.json()
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}
