import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript'
import t from 'tap'
import { document } from './support/contract.ts'
import { operations } from './support/operations.ts'

const run = promisify(execFile)
const tsc = join(import.meta.dirname, '../node_modules/typescript/bin/tsc')

/** A type is one of these when an editor can no longer help with it. */
const probes = `
type IsAny<T> = 0 extends 1 & T ? true : false
type IsVague<T> = IsAny<T> extends true ? true : [T] extends [never] ? true : unknown extends T ? true : false
type Vague<T> = { [K in keyof T]-?: IsVague<Exclude<T[K], undefined>> extends true ? K : never }[keyof T]
type Nothing<T extends never> = T
`

t.test('a generated client knows the type of every parameter, body and answer', async (t) => {
  const folder = t.testdir()
  const types = astToString(await openapiTS(structuredClone(document) as unknown as OpenAPI3))
  writeFileSync(join(folder, 'api.ts'), types)
  const checks = operations.flatMap(({ id, parameters, body }) => {
    const own = `operations['${id}']`
    const places = new Set(parameters.map((parameter) => parameter.in))
    return [
      ...[...places].map((place) => `Nothing<Vague<NonNullable<${own}['parameters']['${place}']>>>`),
      ...(body === undefined
        ? []
        : [`Nothing<Vague<NonNullable<${own}['requestBody']>['content']['application/json']>>`]),
      `Nothing<Vague<${own}['responses']>>`,
    ]
  })
  const lines = checks.map((type, i) => `export type C${i} = ${type}`)
  const head = `import type { operations } from './api.ts'\n${probes}`
  writeFileSync(join(folder, 'checks.ts'), `${head}\n${lines.join('\n')}\n`)
  t.ok(lines.length > operations.length, `${lines.length} checks`)
  t.equal(await compile(folder, 'checks.ts'), '')

  const broken = `${head}\nexport type A = Nothing<Vague<{ a: unknown }>>\nexport type B = Nothing<Vague<{ b?: never }>>\n`
  writeFileSync(join(folder, 'broken.ts'), broken)
  const found = await compile(folder, 'broken.ts')
  t.equal(found.match(/error TS2344/g)?.length, 2, 'the watch notices what it watches for')
})

async function compile(folder: string, file: string): Promise<string> {
  const flags = [
    '--noEmit',
    '--strict',
    '--exactOptionalPropertyTypes',
    '--allowImportingTsExtensions',
    '--module',
    'nodenext',
  ]
  try {
    await run(process.execPath, [tsc, ...flags, file], { cwd: folder })
    return ''
  } catch (error) {
    return (error as { stdout: string }).stdout
  }
}
