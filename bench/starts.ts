/** How soon the service answers, what it holds while it waits, and what has to be installed for it. */
import { spawn } from 'node:child_process'
import { once as event } from 'node:events'
import { readFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { dataOf } from './data.ts'
import { atMost, type Line } from './line.ts'
import { type Mode, median } from './measure.ts'
import { knownGroup, residentMiB, root, startService, stop } from './processes.ts'

/** Long enough for what a start leaves to be collected. */
const restMs = 5_000
/** Fine enough beside hundreds of milliseconds, and no load. */
const lookEveryMs = 5

export async function starts(mode: Mode): Promise<Line[]> {
  const { path, articles } = await dataOf(mode.name === 'full' ? mode.middle : mode.small)
  const byNpm: number[] = []
  const byNode: number[] = []
  for (let round = 0; round < mode.starts; round += 1) {
    byNpm.push(await startMs('npm', ['start'], path))
    byNode.push(await startMs(process.execPath, ['bin/warta.js', 'serve'], path))
  }
  const service = await startService(path)
  await new Promise((resolve) => setTimeout(resolve, restMs))
  const resident = residentMiB(service.pid)
  await stop(service)
  return [
    {
      what: 'npm start to the first answer',
      articles,
      promised: atMost(700),
      unit: 'ms',
      measured: median(byNpm),
      note: `${Math.round(median(byNode))} ms without npm`,
    },
    { what: 'resident when idle', articles, promised: atMost(130), unit: 'MiB', measured: resident },
    { what: 'packages at run time', promised: atMost(120), unit: 'packages', measured: runtimePackages() },
  ]
}

async function startMs(command: string, args: string[], database: string): Promise<number> {
  const port = await freePort()
  const env = { ...process.env, WARTA_DATABASE: database, PORT: String(port), WARTA_LOG_FORMAT: 'json' }
  const started = performance.now()
  // In a group of its own, since npm starts a shell that starts the service.
  const child = spawn(command, args, { cwd: root, env, stdio: 'ignore', detached: true })
  const end = knownGroup(child)
  const ended = event(child, 'exit')
  while (!(await answers(port))) {
    if (child.exitCode !== null) throw new Error(`${command} ${args.join(' ')} ended with ${child.exitCode}.`)
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
  }
  const ms = performance.now() - started
  end('SIGTERM')
  await ended
  return ms
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/v1/articles?limit=1', agent: false }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode === 200))
    })
    request.once('error', () => resolve(false))
  })
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await event(server, 'listening')
  const address = server.address()
  server.close()
  await event(server, 'close')
  return address !== null && typeof address === 'object' ? address.port : 0
}

/** What `npm ci --omit=dev` installs on this machine or any other. */
function runtimePackages(): number {
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', root), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean; optional?: boolean }>
  }
  return Object.entries(lock.packages).filter(
    ([path, { dev, devOptional, optional }]) => path !== '' && !dev && !devOptional && !optional,
  ).length
}
