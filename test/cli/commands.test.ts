import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import t from 'tap'
import { commands } from '../../src/cli/index.ts'
import { settings } from '../../src/settings.ts'
import { run } from '../support/cli.ts'

t.test('help tells the commands, and each command all settings', async (t) => {
  for (const args of [['--help'], ['-h'], ['help'], []]) {
    const { code, out, err } = await run(t, args)
    t.same([code, err], [0, ''], args.join(' '))
    for (const name of Object.keys(commands)) t.match(out, new RegExp(`^  ${name} `, 'm'))
  }
  for (const name of Object.keys(commands)) {
    const { code, out, err } = await run(t, [name, '--help'])
    t.same([code, err], [0, ''], name)
    for (const setting of settings)
      t.ok(out.includes(setting.name) && out.includes(setting.about), `${name}: ${setting.name}`)
  }
})

t.test('an unknown command, flag or argument is one sentence and exit code 2', async (t) => {
  for (const args of [
    ['frobnicate'],
    ['__proto__'],
    ['constructor'],
    ['serve', '--bogus'],
    ['migrate', 'now'],
    ['serve', '--port'],
  ]) {
    const { code, out, err } = await run(t, args, { cwd: t.testdir() })
    t.equal(code, 2, args.join(' '))
    t.equal(out, '')
    t.ok(err.includes(args[0] === 'serve' || args[0] === 'migrate' ? (args[1] ?? '') : JSON.stringify(args[0])))
    t.notMatch(err, /\n\s+at /, 'without a stack')
  }
})

t.test('all settings that are wrong are named at once, and nothing is made', async (t) => {
  const cwd = t.testdir()
  const env = {
    PORT: '99999',
    WARTA_ADMIN_KEY: 'warta_nokey',
    WARTA_LANG: 'not a language',
    WARTA_LOG_LEVEL: 'loud',
    WARTA_LOG_FORMAT: 'xml',
    WARTA_CORS_ORIGINS: 'news.example',
    WARTA_BODY_LIMIT_BYTES: '1e6',
    WARTA_DATABASE: 'postgres://x',
    WARTA_PROT: '1',
  }
  const { code, out, err } = await run(t, ['serve'], { env, cwd })
  t.equal(code, 1)
  t.equal(out, '')
  for (const name of Object.keys(env)) t.match(err, new RegExp(`^- ${name} is `, 'm'))
  t.notMatch(err, 'warta_nokey', 'what may be a secret is not repeated')
  t.notMatch(err, /\n\s+at /)
  t.notOk(existsSync(join(cwd, 'data')))
  const one = await run(t, ['serve', '--port', 'x'], { cwd })
  t.equal(one.err, 'PORT is "x", but must be a whole number from 0 to 65535.\n')
})

/** A Node that is too old, when this machine has one. */
const oldNode = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin']
  .map((folder) => join(folder, 'node'))
  .filter((path) => existsSync(path))
  .find((path) => Number(execFileSync(path, ['-p', 'process.versions.node.split(".")[0]'])) < 24)
const skip = oldNode === undefined && 'there is no older Node on this machine'

t.test('an older Node gets one sentence', { skip }, async (t) => {
  const { code, out, err } = await run(t, ['serve'], { node: oldNode ?? '', cwd: t.testdir() })
  t.same([code, out], [1, ''])
  t.match(err, /^Warta needs Node 24 or newer, and this is \d+\.\d+\.\d+\. .*\n$/)
})

t.test('openapi prints the document, writes it, and says when the committed one is another', async (t) => {
  const folder = t.testdir()
  const printed = await run(t, ['openapi'], { cwd: folder })
  t.equal(JSON.parse(printed.out).openapi, '3.1.0')
  const file = join(folder, 'openapi.json')
  t.equal((await run(t, ['openapi', '--out', file])).code, 0)
  t.equal(readFileSync(file, 'utf8'), printed.out)
  const same = await run(t, ['openapi', '--check', file])
  t.same([same.code, same.out], [0, `${file} is what is served.\n`])
  const committed = join(import.meta.dirname, '../../openapi/openapi.json')
  t.equal((await run(t, ['openapi', '--check', committed])).code, 0)
  writeFileSync(file, printed.out.replace('"Warta"', '"Other"'))
  const other = await run(t, ['openapi', '--check', file])
  t.same([other.code, other.err], [1, `${file} is not what is served: npm run openapi writes it anew.\n`])
  for (const args of [
    ['--check', join(folder, 'none.json')],
    ['--out', join(folder, 'none/openapi.json')],
  ]) {
    const { code, err } = await run(t, ['openapi', ...args])
    t.equal(code, 1)
    t.match(err, /^.*none.*ENOENT.*\.\n$/)
  }
  t.notOk(existsSync(join(folder, 'data')), 'no database was made')
})
