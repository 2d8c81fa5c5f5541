/** What a read costs beside a bare Fastify that answers a constant of the same size. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  articles,
  folder,
  median,
  read,
  requestsPerSecond,
  root,
  rounds,
  seed,
  startChild,
  startService,
  tidy,
} from './ground.ts'

try {
  const file = join(folder, 'warta.db')
  seed(file)
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
  tidy()
}

/** The ceiling: the same Fastify, answering one buffer. */
function startConstant(body: string) {
  const code = `
    import Fastify from 'fastify'
    const body = Buffer.from(process.env.BODY)
    const app = Fastify()
    app.get('/', (request, reply) => reply.type('application/json; charset=utf-8').send(body))
    await app.listen({ port: 0 })
    console.log('listening at ' + app.listeningOrigin)`
  return startChild(['--input-type=module', '-e', code], { ...process.env, BODY: body })
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
