import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** An import of one of our own files at run time; Node leaves out those that say `import type`. */
const statement = /^(?:import|export)\b(?!\s+type\b)[^'"]*?['"](\.[^'"\n]+)['"]/gm

/** Which of these files load the target, directly or by what they load. Paths are absolute. */
export function importersOf(target: string, files: readonly string[]): string[] {
  const known = new Map<string, boolean>([[target, true]])
  function loads(path: string): boolean {
    const answer = known.get(path)
    if (answer !== undefined) return answer
    // A ring of imports ends here; whether it leads to the target shows at its other files.
    known.set(path, false)
    // A file that is not there fails the test that wants it, and not the search.
    const text = path.endsWith('.ts') && existsSync(path) ? readFileSync(path, 'utf8') : ''
    const found = Array.from(text.matchAll(statement), ([, to = '']) => resolve(dirname(path), to)).some(loads)
    known.set(path, found)
    return found
  }
  return files.filter(loads)
}
