import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import t from 'tap'
import { exceptions, ruleNames, type SourceFile, violations } from './support/architecture.ts'

const root = join(import.meta.dirname, '..')
const tree: SourceFile[] = globSync('src/**/*.ts', { cwd: root })
  .sort()
  .map((path) => ({ path: path.replaceAll(sep, '/'), text: readFileSync(join(root, path), 'utf8') }))

t.test('the tree keeps the rules', async (t) => {
  t.ok(tree.length > 0, 'there are files to look at')
  t.strictSame(violations(tree), [])
})

t.test('every exception is still needed', async (t) => {
  for (const list of ['exit', 'long'] as const) {
    for (const path of Object.keys(exceptions[list])) {
      const { [path]: _, ...others } = exceptions[list]
      const found = violations(tree, { ...exceptions, [list]: others })
      t.ok(
        found.some((violation) => violation.path === path),
        `${list}: ${path}`,
      )
    }
  }
})

/** Made-up files: what breaks each rule, and what comes close to it and is allowed. A line is `path: text`. */
const examples: Record<string, { broken: string[]; kept: string[] }> = {
  'lib imports nothing of ours outside lib': {
    broken: [
      "src/lib/mutex.ts: import { config } from '../config.ts'",
      "src/lib/a.ts: export * from '../copy/copy.ts'",
    ],
    kept: ["src/lib/ids.ts: import { now } from './clock.ts'", "src/lib/ids.ts: import { v7 } from 'uuid'"],
  },
  'drivers only in storage': {
    broken: [
      "src/articles/store.ts: import Database from 'better-sqlite3'",
      "src/articles/store.ts: import type { Pool } from 'pg'",
      "src/articles/store.ts: import { drizzle } from 'drizzle-orm/better-sqlite3'",
      "src/cli/backup.ts: const { default: Database } = await import('better-sqlite3')",
    ],
    kept: [
      "src/storage/sqlite.ts: import Database from 'better-sqlite3'",
      "src/articles/table.ts: import { sqliteTable } from 'drizzle-orm/sqlite-core'",
    ],
  },
  'drizzle only in storage, store.ts and table.ts': {
    broken: [
      "src/articles/articles.ts: import { eq } from 'drizzle-orm'",
      "src/http/store.ts: import {\n  and,\n  eq,\n} from 'drizzle-orm'",
      "src/tags/routes.ts: import { sql } from 'drizzle-orm/sql'",
    ],
    kept: ["src/articles/store.ts: import { eq } from 'drizzle-orm'", "src/storage/dialect.ts: import 'drizzle-orm'"],
  },
  'fastify only in app.ts, http and routes.ts': {
    broken: [
      "src/articles/articles.ts: import type { FastifyRequest } from 'fastify'",
      "src/cli/serve.ts: import cors from '@fastify/cors'",
      "src/articles/schema.ts: import { x } from 'fastify-type-provider-zod'",
    ],
    kept: ['src/app.ts', 'src/http/problems.ts', 'src/tags/routes.ts'].map((path) => `${path}: import 'fastify'`),
  },
  "a feature uses another's front door or schema": {
    broken: ['store', 'table', 'routes', 'workflow'].map(
      (file) => `src/articles/articles.ts: import type { x } from '../sections/${file}.ts'`,
    ),
    kept: [
      "src/articles/articles.ts: import { findSection } from '../sections/sections.ts'",
      "src/articles/schema.ts: import { SectionRef } from '../sections/schema.ts'",
      "src/articles/articles.ts: import { findArticle } from './store.ts'",
      "src/app.ts: import { tagRoutes } from './tags/routes.ts'",
    ],
  },
  'http, cache, jobs and storage import no feature': {
    broken: [
      "src/http/auth.ts: import { findKey } from '../keys/keys.ts'",
      "src/storage/tables.ts: import { list } from '../tags/store.ts'",
      "src/storage/sqlite.ts: import { tags } from '../tags/table.ts'",
      "src/jobs/runner.ts: import type { Article } from '../articles/schema.ts'",
    ],
    kept: [
      "src/storage/tables.ts: import { tagTables } from '../tags/table.ts'",
      "src/http/auth.ts: import { Problem } from '../errors.ts'",
    ],
  },
  'process.env only in config.ts': {
    broken: ['src/cli/serve.ts: const port = process.env.PORT', "src/app.ts: import { env } from 'node:process'"],
    kept: ['src/config.ts: read(process.env)', 'src/app.ts: // process.env is read in config.ts\nconst a = 1'],
  },
  'the time only from lib/clock.ts': {
    broken: ['Date.now()', 'new Date()', 'new Date', 'new Date( )', 'list.map(Date.now)'].map(
      (text) => `src/jobs/lease.ts: const a = ${text}`,
    ),
    kept: ['src/lib/clock.ts: new Date(Date.now())', 'src/articles/schema.ts: new Date(at).toISOString()'],
  },
  'process.exit nowhere': {
    broken: ['src/cli/serve.ts: process.exit(1)'],
    kept: ['src/cli/serve.ts: process.exitCode = 1'],
  },
  'queries run only through storage': {
    broken: [
      'src/articles/store.ts: db.select().from(articles).all()',
      'src/articles/store.ts: db\n  .delete(tags)\n  .run()',
    ],
    kept: ['src/storage/sqlite.ts: db.select().get()', 'src/articles/store.ts: cache.get(id); byId.all()'],
  },
  'copy, markdown and search import only themselves and lib': {
    broken: [
      "src/copy/parse.ts: import { render } from '../markdown/render.ts'",
      "src/markdown/render.ts: import { config } from '../config.ts'",
    ],
    kept: ["src/copy/parse.ts: import { a } from './dateline.ts'\nimport { slug } from '../lib/slug.ts'"],
  },
  'no barrels': {
    broken: ["src/articles/index.ts: export * from './articles.ts'", 'src/cli/extra/index.ts: '],
    kept: ["src/cli/index.ts: import { serve } from './serve.ts'"],
  },
  'names say what is inside': {
    broken: ['lib/utils', 'http/types', 'tags/tag-service', 'helpers/text', 'keys/key.dto', 'jobs/manager'].map(
      (path) => `src/${path}.ts: `,
    ),
    kept: ['src/http/media-types.ts: ', 'src/http/services-down.ts: '],
  },
  'no file is too long': {
    broken: [`src/app.ts: ${'line()\n'.repeat(301)}`],
    kept: [`src/app.ts: ${'line()\n'.repeat(300)}`],
  },
  'no import cycles': {
    broken: ["src/lib/b.ts: import { c } from './c.ts'\n---src/lib/c.ts: import { type B } from './b.ts'"],
    kept: ["src/lib/b.ts: import { c } from './c.ts'\n---src/lib/c.ts: import type { B } from './b.ts'"],
  },
}

t.test('a broken rule is reported', async (t) => {
  t.strictSame(Object.keys(examples).sort(), [...ruleNames].sort(), 'every rule has its examples')
  const none = { exit: {}, long: {} }
  for (const [rule, { broken, kept }] of Object.entries(examples)) {
    const reported = (example: string) => violations(example.split('---').map(file), none).map((found) => found.rule)
    for (const example of broken) t.ok(reported(example).includes(rule), `${rule}: ${example.slice(0, 100)}`)
    for (const example of kept) t.strictSame(reported(example), [], `${rule}, kept: ${example.slice(0, 100)}`)
  }
})

function file(example: string): SourceFile {
  const colon = example.indexOf(': ')
  return { path: example.slice(0, colon), text: example.slice(colon + 2) }
}
