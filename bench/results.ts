/** What a bench found, with the machine it was found on, as it is kept in bench/results/. */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { cpus, release, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { dataFolder } from './data.ts'
import type { Line } from './line.ts'
import { median } from './measure.ts'
import { root } from './processes.ts'

export const resultsFolder = fileURLToPath(new URL('bench/results/', root))

export interface Machine {
  cpu: string
  cores: number
  memoryGiB: number
  system: string
  node: string
  /** of 4 KiB to the disk that the databases are on */
  fsyncMs: number
}

export interface Results {
  command: string
  machine: Machine
  groups: Record<string, { at: string; lines: Line[] }>
}

export function readResults(mode: string): Results | undefined {
  try {
    return JSON.parse(readFileSync(join(resultsFolder, `${mode}.json`), 'utf8')) as Results
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Keeps what was measured in the place of what was before; groups that were not measured now stay, on the same machine. */
export function keepResults(mode: string, now: Results, order: readonly string[]): Results {
  const before = readResults(mode)
  const same = before !== undefined && isSameMachine(before.machine, now.machine)
  const all = { ...(same && before.groups), ...now.groups }
  const groups = Object.fromEntries(order.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]])))
  const results = { ...now, groups }
  mkdirSync(resultsFolder, { recursive: true })
  writeFileSync(join(resultsFolder, `${mode}.json`), `${JSON.stringify(results, rounded, 2)}\n`)
  return results
}

function isSameMachine(a: Machine, b: Machine): boolean {
  return a.cpu === b.cpu && a.cores === b.cores && a.node === b.node
}

/** Four digits are more than any two runs have in common. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release().split('-')[0]}`,
    node: process.version,
    fsyncMs: fsyncMs(),
  }
}

function fsyncMs(): number {
  mkdirSync(dataFolder, { recursive: true })
  const path = join(dataFolder, `fsync-${process.pid}`)
  const page = Buffer.alloc(4_096, 1)
  const file = openSync(path, 'w')
  const times = Array.from({ length: 101 }, () => {
    writeSync(file, page)
    const started = performance.now()
    fsyncSync(file)
    return performance.now() - started
  })
  closeSync(file)
  rmSync(path)
  return median(times)
}
