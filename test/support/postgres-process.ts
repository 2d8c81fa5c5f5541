import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { findInstall, type Home } from './postgres-files.ts'

/** A server as a process: what can be done to it from outside, without a word of SQL. */
export interface PostgresProcess {
  port: number
  /** its data directory */
  folder: string
  /** The last lines of its log. */
  log(): string
  /** Starts it, again if need be: on the same folder and port. Resolves when it answers. */
  start(): Promise<void>
  /** smart: when the last client has left; fast: clients are cut off; immediate: without a checkpoint, as in a crash. */
  stop(how: 'smart' | 'fast' | 'immediate'): Promise<void>
  /** Kills it and all its processes, as a machine that fails would. What it had not synced is still in the files. */
  kill(): Promise<void>
  /** It stops answering, and its connections stay open. */
  pause(): void
  resume(): void
  /** Ends it and takes its folder away. */
  dispose(): Promise<void>
}

const keptLines = 200
const signals = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const

/** A server that does not run yet. `answers` says whether it does what it was started for. */
export async function postgresProcess(
  { data, guard }: Home,
  port: number,
  answers: () => Promise<boolean>,
): Promise<PostgresProcess> {
  const { postgres, as } = await findInstall()
  let child: ChildProcess | undefined
  let lines: string[] = []
  const isOver = () => child === undefined || child.exitCode !== null || child.signalCode !== null

  const start = async () => {
    if (!isOver()) throw new Error(`The server on port ${port} runs already.`)
    lines = []
    const started = spawn(postgres, ['-D', data, '-c', `port=${port}`], {
      ...as,
      cwd: data,
      detached: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    child = started
    started.on('error', (error) => lines.push(String(error)))
    started.on('exit', () => guard.watch(undefined))
    guard.watch(started.pid)
    createInterface({ input: started.stderr }).on('line', (line) => {
      lines = [...lines, line].slice(-keptLines)
    })
    // Whoever forgets to end it is not kept running by it: the guard ends it then.
    started.unref()
    ;(started.stderr as unknown as Socket).unref()
    try {
      await waitFor(`The server on port ${port} did not start`, 60, () => {
        if (isOver() || started.pid === undefined) throw new Error(`The server on port ${port} ended`)
        return answers()
      })
    } catch (error) {
      throw new Error(`${error instanceof Error ? error.message : error}. Its log:\n${lines.join('\n')}`)
    }
  }

  const stop = async (how: keyof typeof signals) => {
    if (child === undefined || isOver()) return
    child.kill(signals[how])
    await waitFor(`The server on port ${port} did not stop (${how})`, 60, isOver)
  }

  const kill = async () => {
    if (child?.pid === undefined || isOver()) return
    // It would start its children anew, so it is halted before they are counted.
    signal(child.pid, 'SIGSTOP')
    const all = [child.pid, ...childrenOf(child.pid)]
    for (const pid of all) signal(pid, 'SIGKILL')
    await waitFor(`The server on port ${port} outlived SIGKILL`, 20, () => isOver() && !all.some(isRunning))
    await waitFor(`The port ${port} did not become free`, 20, () => isFree(port))
  }

  const pause = () => {
    if (child?.pid === undefined || isOver()) return
    signal(child.pid, 'SIGSTOP')
    for (const pid of childrenOf(child.pid)) signal(pid, 'SIGSTOP')
  }

  const resume = () => {
    if (child?.pid === undefined || isOver()) return
    for (const pid of [...childrenOf(child.pid), child.pid]) signal(pid, 'SIGCONT')
  }

  const dispose = async () => {
    resume()
    await stop('immediate')
    await guard.end()
  }

  return { port, folder: data, log: () => lines.join('\n'), start, stop, kill, pause, resume, dispose }
}

/** Waits until something is so, or says what did not come about. */
export async function waitFor(
  otherwise: string,
  seconds: number,
  isSo: () => boolean | Promise<boolean>,
): Promise<void> {
  const end = performance.now() + seconds * 1000
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`${otherwise} within ${seconds} s`)
    await sleep(10)
  }
}

/**
 * A port that nobody listens on, below those that systems hand out to clients (from 32768 on Linux): a client that
 * tries to reach a dead server there may be given that very port for its own end, connect to itself and keep the
 * server from coming back.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = randomInt(15_000, 30_000)
    if (await isFree(port)) return port
  }
  throw new Error('No port is free.')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.on('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/** Small images of Linux have no `ps`, and other systems no `/proc`. */
function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  const text = existsSync(file)
    ? readFileSync(file, 'utf8')
    : spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' }).stdout
  return text.trim().split(/\s+/).filter(Boolean).map(Number)
}

/** Not so for one that has ended and that nobody has asked about since, a zombie. */
function isRunning(pid: number): boolean {
  if (!existsSync('/proc/self/stat')) return spawnSync('ps', ['-p', String(pid)]).status === 0
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))
  } catch {
    return false
  }
}
