import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** An import of one of our own files at run time; Node leaves out those that say `import type`. */
const statement = /^(?:import|export)\b(?!\s+type\b)[^'"]*?['"](\.[^'"\n]+)['"]/gm

/** Which of these files load the target, directly or by what they load. Paths are absolute. */
export function importersOf(target: string, files: readonly string[]): string[] {
  const known = new Map<string, string[]>()
  function importsOf(path: string): string[] {
    const read = known.get(path)
    if (read !== undefined) return read
    // A file that is not there fails the test that wants it, and not the search.
    const text = path.endsWith('.ts') && existsSync(path) ? readFileSync(path, 'utf8') : ''
    const found = Array.from(text.matchAll(statement), ([, to = '']) => resolve(dirname(path), to))
    known.set(path, found)
    return found
  }
  /** `seen` is of one search: what a ring of imports leads to depends on where one came in. */
  function loads(path: string, seen: Set<string>): boolean {
    if (path === target) return true
    if (seen.has(path)) return false
    seen.add(path)
    return importsOf(path).some((next) => loads(next, seen))
  }
  return files.filter((file) => loads(file, new Set()))
}
