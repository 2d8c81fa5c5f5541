import { type ChildProcess, spawn } from 'node:child_process'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'

/** Runs the program as its users do: a process of its own, that knows no settings but those that a test gives it. */

export const program = join(import.meta.dirname, '../../bin/warta.js')

export interface Ended {
  code: number | null
  signal: NodeJS.Signals | null
  out: string
  err: string
}

export interface Running {
  process: ChildProcess
  ended: Promise<Ended>
  /** what it has printed so far */
  out(): string
}

export interface SpawnOptions {
  env?: Record<string, string>
  cwd?: string
  node?: string
}

export function start(t: Test, args: string[], { env = {}, cwd, node = process.execPath }: SpawnOptions = {}): Running {
  const child = spawn(node, [program, ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
  })
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    out += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk
  })
  const ended = new Promise<Ended>((resolve) => {
    child.on('close', (code, signal) => resolve({ code, signal, out, err }))
  })
  t.teardown(async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL')
    await ended
  })
  return { process: child, ended, out: () => out + err }
}

export function run(t: Test, args: string[], options?: SpawnOptions): Promise<Ended> {
  return start(t, args, options).ended
}

export interface Service extends Running {
  origin: string
  port: number
}

/** A service on a port that the system chooses; resolves when it listens. */
export async function serve(t: Test, database: string, options: SpawnOptions = {}): Promise<Service> {
  // A text that a busy machine renders slowly is not refused for it, but where a test is about just that.
  const env = { WARTA_LOG_FORMAT: 'json', WARTA_RENDER_TIMEOUT_MS: '60000', ...options.env }
  const running = start(t, ['serve', '--port', '0', '--database', database], { ...options, env })
  for (;;) {
    const [, origin] = /Server listening at (http:\/\/[\d.]+:\d+)/.exec(running.out()) ?? []
    if (origin !== undefined) return { ...running, origin, port: Number(new URL(origin).port) }
    const early = await Promise.race([running.ended, sleep(20)])
    if (early !== undefined) throw new Error(`The service ended: ${JSON.stringify(early)}`)
  }
}

/** Far more than any of it takes: a process starts in a third of a second, or in ten seconds where a machine is very busy. */
const longestMs = 60_000

/** Waits until something is so, for as long as a busy machine may take. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + longestMs
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('It took too long.')
    await sleep(20)
  }
}

/** Whether the port lets nobody in. */
export function refuses(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => resolve(false)).on('error', () => resolve(true))
    socket.on('connect', () => socket.destroy())
  })
}

/** The key that a first start prints. */
export function keyIn(text: string): string | undefined {
  return /\bwarta_[0-9A-Za-z]{36}\b/.exec(text)?.[0]
}
