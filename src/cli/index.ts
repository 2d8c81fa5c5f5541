import type { Command } from './context.ts'

/** Every command there is; loaded when it is called, so that none carries what the others need. */
export const commands = {
  serve: async () => (await import('./serve.ts')).serve,
  import: async () => (await import('./import.ts')).importArticles,
  export: async () => (await import('./export.ts')).exportToFile,
  migrate: async () => (await import('./migrate.ts')).migrate,
  copy: async () => (await import('./copy.ts')).copy,
  reindex: async () => (await import('./reindex.ts')).reindex,
  keys: async () => (await import('./keys.ts')).keys,
  openapi: async () => (await import('./openapi.ts')).openapi,
} satisfies Record<string, () => Promise<Command>>

export async function usage(): Promise<string> {
  const entries: [string, () => Promise<Command>][] = Object.entries(commands)
  const lines = await Promise.all(entries.map(async ([name, load]) => `  ${name.padEnd(10)}${(await load()).summary}`))
  return `Usage: npm run warta -- COMMAND\n\n${lines.join('\n')}\n\nnpm run warta -- COMMAND --help tells more.`
}
