/** The processes that a bench starts: each is ended by it, however the bench ends. */
import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'

export const root = new URL('..', import.meta.url)

const children = new Set<ChildProcess>()
const groups = new Set<number>()
const scraps = new Set<string>()

/** A file or folder that is gone when the bench has ended. */
export function scrap(path: string): string {
  scraps.add(path)
  return path
}

/** Ends every process that was started and removes what was not to stay. */
export function tidy(): void {
  for (const child of children) child.kill('SIGKILL')
  for (const group of groups) signal(group, 'SIGKILL')
  for (const path of scraps) {
    for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { recursive: true, force: true })
  }
}

process.once('exit', tidy)
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
] as const) {
  // What a shell says of a process that a signal ended.
  process.once(signal, () => process.exit(128 + number))
}

export interface Service {
  origin: string
  pid: number
  child: ChildProcess
}

/** As `npm start` does. */
const [, ...start] = (
  JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { scripts: { start: string } }
).scripts.start.split(' ')

/** The service on a database, in a process of its own, when it answers. */
export async function startService(database: string, settings: Record<string, string> = {}): Promise<Service> {
  const env = { ...process.env, WARTA_DATABASE: database, PORT: '0', WARTA_LOG_FORMAT: 'json', ...settings }
  const service = await listening(spawn(process.execPath, start, { cwd: root, env, stdio }))
  await read(`${service.origin}/v1/articles?limit=1`)
  return service
}

const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']

/** One of the bench's own files in a process that also ends when this one is killed. */
export function startOwn(file: string, args: readonly string[] = []): ChildProcess {
  const child = fork(new URL(file, import.meta.url), args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
  return known(child)
}

/** Waits until a process says where it listens; what it says afterwards is read away, as a supervisor does. */
export function listening(child: ChildProcess): Promise<Service> {
  known(child)
  return new Promise((resolve, reject) => {
    let seen = ''
    const ended = (code: number | null) => reject(new Error(`ended with ${code} before it listened: ${seen}`))
    const hear = (chunk: Buffer) => {
      seen += chunk
      const [origin] = /http:\/\/[\w.[\]:]+:\d+/.exec(seen) ?? []
      if (origin === undefined) return
      child.off('exit', ended)
      child.stdout?.off('data', hear).resume()
      resolve({ origin: origin.replace('[::1]', '127.0.0.1'), pid: child.pid ?? 0, child })
    }
    child.stdout?.on('data', hear)
    child.once('exit', ended)
  })
}

/** One that is ended with the bench, if it has not ended before. */
export function known(child: ChildProcess): ChildProcess {
  children.add(child)
  child.once('exit', () => children.delete(child))
  return child
}

/** The same for one that was started as the first of a group; what is answered signals all of them. */
export function knownGroup(child: ChildProcess): (name: NodeJS.Signals) => void {
  const { pid } = child
  if (pid === undefined) throw new Error('It did not start.')
  groups.add(pid)
  child.once('exit', () => groups.delete(pid))
  return (name) => signal(pid, name)
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(-group, name)
  } catch {
    // It has ended already.
  }
}

/** Ends a process as a supervisor does, and waits for it. */
export async function stop({ child }: Pick<Service, 'child'>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

// biome-ignore lint/suspicious/noExplicitAny: the bench reads what the service answers
export async function read(url: string): Promise<any> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`)
  return response.json()
}

/** What a process has of the memory, in MiB. */
export function residentMiB(pid: number): number {
  const [, kib = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kib) / 1024
}

/** How long a process has had a core so far, in seconds; all its threads together. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // After the name, which may have blanks in it; user and system time in hundredths, as Linux counts for programs.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}
