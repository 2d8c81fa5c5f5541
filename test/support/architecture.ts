import { posix } from 'node:path'

/** A file of the tree. Its path is written from the root of the repository: src/articles/store.ts. */
export interface SourceFile {
  path: string
  text: string
}

export interface Violation {
  rule: string
  path: string
  /** What breaks the rule: an import, a piece of code, a count. */
  found: string
}

/** Files that may break a rule, each with the reason. An entry that is no longer needed fails the test. */
export interface Exceptions {
  exit: Record<string, string>
  long: Record<string, string>
}

export const exceptions: Exceptions = {
  exit: {},
  long: {},
}

/** More than this, and a second responsibility has usually arrived. */
const longestFile = 300

/** The folders that no newsroom would name. Every other folder of src is a feature. */
const technical = new Set(['lib', 'http', 'storage', 'cache', 'jobs', 'cli', 'copy', 'markdown', 'search'])

interface Module {
  path: string
  /** The folder of src that it is in; '' for the files beside the folders. */
  area: string
  /** Without comments: they may name what the code may not use. */
  code: string
  lines: number
  imports: Import[]
}

interface Import {
  /** As written for packages; for our own files the path from the root of the repository. */
  target: string
  /** As for a module; undefined for packages and for what lies outside src. */
  area: string | undefined
  typeOnly: boolean
}

/** A rule answers what in a module breaks it. */
type Rule = (module: Module, exceptions: Exceptions) => string[]

const rules: Record<string, Rule> = {
  'lib imports nothing of ours outside lib': (module) =>
    module.area === 'lib' ? ours(module, (to) => to.area !== 'lib') : [],

  'drivers only in storage': (module) =>
    module.area === 'storage'
      ? []
      : packages(module, /^(better-sqlite3|pg(-.*)?|node:sqlite|drizzle-orm\/(?!(sqlite|pg)-core$|sql$).*)$/),

  'drizzle only in storage, store.ts and table.ts': (module) =>
    module.area === 'storage' || role(module.path, 'store', 'table')
      ? []
      : [
          ...packages(module, /^drizzle-orm(\/|$)/),
          ...ours(module, ({ target }) => target === 'src/storage/drizzle.ts'),
        ],

  'fastify only in app.ts, http and routes.ts': (module) =>
    module.area === 'http' || module.path === 'src/app.ts' || role(module.path, 'routes')
      ? []
      : packages(module, /^(fastify|fastify-.*|@fastify\/.*)$/),

  "a feature uses another's front door or schema": (module) =>
    isFeature(module.area)
      ? ours(module, ({ area, target }) => isFeature(area) && area !== module.area && !isOpen(target, area))
      : [],

  'http, cache, jobs and storage import no feature': (module) =>
    ['http', 'cache', 'jobs', 'storage'].includes(module.area)
      ? ours(
          module,
          ({ area, target }) =>
            isFeature(area) && !(module.path === 'src/storage/tables.ts' && target === `src/${area}/table.ts`),
        )
      : [],

  'process.env only in config.ts': (module) =>
    module.path === 'src/config.ts' ? [] : code(module, /\bprocess\??\.env\b|\bprocess\[|from 'node:process'/g),

  'the time only from lib/clock.ts': (module) =>
    module.path === 'src/lib/clock.ts'
      ? []
      : code(module, /\bDate\.now\b|\bnew Date\b(?!\s*\(\s*[^\s)])|\bDate\(\s*\)/g),

  'process.exit nowhere': (module, { exit }) => (module.path in exit ? [] : code(module, /\bprocess\.exit\(/g)),

  'queries run only through storage': (module) =>
    module.area === 'storage' ? [] : code(module, /\)\s*\.(get|all|run)\(\)/g),

  'copy, markdown and search import only themselves and lib': (module) =>
    ['copy', 'markdown', 'search'].includes(module.area)
      ? ours(module, (to) => to.area !== module.area && to.area !== 'lib')
      : [],

  'no barrels': ({ path }) => (posix.basename(path) === 'index.ts' && path !== 'src/cli/index.ts' ? ['index.ts'] : []),

  'names say what is inside': ({ path }) =>
    path
      .replace(/\.ts$/, '')
      .split('/')
      .filter((name) => /^types?$|(^|[-.])(util|helper|service|manager|dto)s?$/.test(name)),

  'no file is too long': ({ path, lines }, { long }) =>
    lines > longestFile && !(path in long) ? [`${lines} lines`] : [],
}

/** What in these files breaks a rule of the architecture. */
export function violations(files: readonly SourceFile[], allowed: Exceptions = exceptions): Violation[] {
  const modules = files.map(parse)
  return [
    ...modules.flatMap((module) =>
      Object.entries(rules).flatMap(([rule, breaks]) =>
        breaks(module, allowed).map((found) => ({ rule, path: module.path, found })),
      ),
    ),
    ...cycles(modules).map((path) => ({ rule: 'no import cycles', path: path[0] ?? '', found: path.join(' → ') })),
  ]
}

export const ruleNames: readonly string[] = [...Object.keys(rules), 'no import cycles']

function ours(module: Module, breaks: (to: { area: string; target: string }) => boolean): string[] {
  return module.imports.flatMap(({ area, target }) => (area !== undefined && breaks({ area, target }) ? [target] : []))
}

function packages(module: Module, pattern: RegExp): string[] {
  return module.imports.filter((to) => to.area === undefined && pattern.test(to.target)).map((to) => to.target)
}

function code(module: Module, pattern: RegExp): string[] {
  return module.code.match(pattern) ?? []
}

function isFeature(area: string): boolean {
  return area !== '' && !technical.has(area)
}

function isOpen(target: string, area: string): boolean {
  return target === `src/${area}/${area}.ts` || target === `src/${area}/schema.ts`
}

/** A file in a feature's folder that has one of these roles. */
function role(path: string, ...roles: string[]): boolean {
  return isFeature(areaOf(path) ?? '') && roles.some((name) => posix.basename(path) === `${name}.ts`)
}

function areaOf(path: string): string | undefined {
  const [root, area, ...rest] = path.split('/')
  if (root !== 'src' || area === undefined) return undefined
  return rest.length > 0 ? area : ''
}

/**
 * `import … from`, `export … from`, `import '…'` at the beginning of a line, and `import('…')`, `require('…')` anywhere.
 * `import { type A } from` counts as a value: Node strips the name and still loads the module.
 */
const statements = /^[^\S\n]*(?:import|export)\b\s*(?:(type\b)?[\w$*{},\s]*?\bfrom\s*)?['"]([^'"\n]+)['"]/gm
const calls = /\b(?:import|require|import\.meta\.resolve)\(\s*['"]([^'"\n]+)['"]/g

function parse({ path, text }: SourceFile): Module {
  const bare = text.replace(/^[^\S\n]*(\/\/|\/?\*).*$/gm, '').replace(/[^\S\n]\/\/ .*$/gm, '')
  const found = [
    ...Array.from(bare.matchAll(statements), ([, type, target = '']) => ({ target, typeOnly: type !== undefined })),
    ...Array.from(bare.matchAll(calls), ([, target = '']) => ({ target, typeOnly: false })),
  ]
  const imports = found.map(({ target, typeOnly }) => {
    if (!target.startsWith('.')) return { target, area: undefined, typeOnly }
    const resolved = posix.join(posix.dirname(path), target)
    return { target: resolved, area: areaOf(resolved), typeOnly }
  })
  return { path, area: areaOf(path) ?? '', code: bare, lines: text.trimEnd().split('\n').length, imports }
}

/** Each ring of value imports once, from the file in it that is met first back to itself. */
function cycles(modules: readonly Module[]): string[][] {
  const byPath = new Map(modules.map((module) => [module.path, module]))
  const done = new Set<string>()
  const rings: string[][] = []
  function visit(path: string, trail: string[]): void {
    const start = trail.indexOf(path)
    if (start >= 0) rings.push([...trail.slice(start), path])
    if (start >= 0 || done.has(path)) return
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) {
      if (!typeOnly) visit(target, [...trail, path])
    }
    done.add(path)
  }
  for (const { path } of modules) visit(path, [])
  return rings
}
