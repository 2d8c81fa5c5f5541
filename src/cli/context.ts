import { type ParseArgsConfig, parseArgs } from 'node:util'
import { loadConfig } from '../config.ts'
import { systemClock } from '../lib/clock.ts'
import { describeSettings } from '../settings.ts'
import type { OpenedStore } from '../storage/store.ts'

export interface Command {
  summary: string
  /** What stands after the command's name. */
  options: string
  run(args: string[]): Promise<void>
}

const settings = {
  host: { type: 'string' },
  port: { type: 'string' },
  database: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsConfig['options']

/**
 * The flags of a command, beside those that every command has. Undefined when only help was asked for, which is then
 * printed.
 */
export function readArgs<Options extends NonNullable<ParseArgsConfig['options']>>(
  command: string,
  about: string,
  args: string[],
  options: Options,
  allowPositionals = false,
) {
  const parsed = parseArgs({ args, options: { ...settings, ...options }, allowPositionals })
  if (!('help' in parsed.values) || parsed.values.help !== true) return parsed
  console.log(
    `Usage: npm run warta -- ${command}\n\n${about}\n\nSettings (variable, flag, default):\n${describeSettings()}`,
  )
  return undefined
}

export type Settings = ReturnType<typeof loadConfig>

/** The configuration: environment, and flags before it. */
export function readSettings(flags: Record<string, unknown>): Settings {
  const { host, port, database } = flags as Record<string, string | undefined>
  return loadConfig(undefined, { host, port, database })
}

/** The configuration and the store that it names, migrated. */
export async function openStore(flags: Record<string, unknown>) {
  const settings = readSettings(flags)
  return { ...settings, store: await openDatabaseOf(settings) }
}

/** Its code is loaded here: the process that only looks after workers has no use for it. */
export async function openDatabaseOf({ config, secrets }: Settings): Promise<OpenedStore> {
  const { openDatabase } = await import('../storage/open.ts')
  return openDatabase(secrets.database, { clock: systemClock, busyTimeoutMs: config.busyTimeoutMs })
}
