import type { Command } from './context.ts'
import { copy } from './copy.ts'
import { exportToFile } from './export.ts'
import { importArticles } from './import.ts'
import { keys } from './keys.ts'
import { migrate } from './migrate.ts'
import { openapi } from './openapi.ts'
import { serve } from './serve.ts'

/** Every command there is. */
export const commands = {
  serve,
  import: importArticles,
  export: exportToFile,
  migrate,
  copy,
  keys,
  openapi,
} satisfies Record<string, Command>

export function usage(): string {
  const entries: [string, Command][] = Object.entries(commands)
  const lines = entries.map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  return `Usage: npm run warta -- COMMAND\n\n${lines.join('\n')}\n\nnpm run warta -- COMMAND --help tells more.`
}
