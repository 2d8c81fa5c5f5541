import { execFile } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import openapiTS, { astToString } from 'openapi-typescript'
import t from 'tap'
import { openImport } from '../src/import/import.ts'
import { operator } from '../src/keys/keys.ts'
import { createRenderer } from '../src/markdown/renderer.ts'
import { patience, testApp } from './support/app.ts'

const run = promisify(execFile)
const root = new URL('..', import.meta.url).pathname
const tool = (name: string): string => join(root, 'node_modules', name)
const newswire = new URL('fixtures/import/newswire.ndjson', import.meta.url).pathname

/** What an integrator writes: types from the document, and nothing else known of the service. */
const program = `
import createClient from 'openapi-fetch'
import type { paths } from './schema.d.ts'

const client = createClient<paths>({ baseUrl: process.argv[2] ?? '' })
const bodies: { externalId: string | null | undefined; body: string | undefined }[] = []
let cursor: string | undefined
do {
  const { data, error } = await client.GET('/v1/articles', {
    params: { query: { limit: 2, sort: 'publishedAt', include: ['pages'], render: ['body'], section: ['archive'], ...(cursor === undefined ? {} : { cursor }) } },
  })
  if (error !== undefined) throw new Error(error.code + ': ' + error.detail)
  for (const article of data.data) bodies.push({ externalId: article.externalId, body: article.pages?.[0]?.body })
  cursor = data.page.next ?? undefined
} while (cursor !== undefined)

const { error, response } = await client.GET('/v1/articles/{article}', { params: { path: { article: 'nowhere' } } })
if (error?.code !== 'article_not_found' || response.status !== 404) throw new Error('a typed problem was expected')
console.log(JSON.stringify(bodies))
`

t.test('a client generated from the document compiles and pages through an imported file', async (t) => {
  const app = await testApp(t)
  const folder = join(app.folder, 'client')
  mkdirSync(folder)
  writeFileSync(join(folder, 'walk.ts'), program)
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  const types = astToString(await openapiTS(new URL('../openapi/openapi.json', import.meta.url)))
  writeFileSync(join(folder, 'schema.d.ts'), types)
  const queries = [...types.matchAll(/query\?: \{[^}]*\}/g)].map(([query]) => query)
  t.ok(queries.length > 0)
  t.notMatch(queries.join('\n'), /: (?:unknown|never);/, 'every parameter has a type')

  const flags = [
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2024',
    '--types',
    'node',
  ]
  const compiled = await run(process.execPath, [tool('typescript/bin/tsc'), ...flags, 'walk.ts'], {
    cwd: folder,
  }).catch((error: { stdout: string }) => error)
  t.equal(compiled.stdout, '', 'it compiles')

  const renderer = createRenderer({ timeoutMs: Number(patience.WARTA_RENDER_TIMEOUT_MS) })
  const options = {
    createMissing: true,
    publish: true,
    dryRun: false,
    overwrite: false,
    section: 'archive',
    source: 'newswire',
    lang: 'en',
    actor: operator,
  }
  const importFile = await openImport({ store: app.store, renderer, ...options })
  await importFile(newswire, { progress: () => {}, failure: (_, why) => t.fail(why) })
  await renderer.close()
  const origin = await app.app.listen({ port: 0 })

  const { stdout } = await run(process.execPath, [join(folder, 'walk.ts'), origin])
  const records = readFileSync(newswire, 'utf8').trim().split('\n')
  t.same(
    JSON.parse(stdout),
    records.map((line) => JSON.parse(line)).map(({ url, text }) => ({ externalId: url, body: text })),
  )
})
