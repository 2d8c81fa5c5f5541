import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { run } from '../support/cli.ts'
import { engine, newDatabase } from '../support/engines.ts'

/** A database, and a folder for files beside it: of SQLite it lies in the very folder that t.testdir() would make anew. */
async function places(t: Test): Promise<{ database: string; folder: string }> {
  const database = await newDatabase(t)
  const folder = join(t.testdirName, 'files')
  mkdirSync(folder, { recursive: true })
  return { database, folder }
}

/** What an article says in any newsroom. */
function essence(text: string): unknown[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .map(({ title, slug, publishedAt, section, tags, sources, bylines, pages }) => ({
      ...{ title, slug, publishedAt, bylines, pages },
      section: [section.path, section.name],
      tags: tags.map((tag: { slug: string; name: string }) => [tag.slug, tag.name]),
      sources: sources.map(({ source, role }: { source: { name: string }; role: string }) => [source.name, role]),
    }))
}

t.test('what was exported can be imported into an empty newsroom, and is the same', async (t) => {
  const { database, folder } = await places(t)
  const other = engine === 'sqlite' ? join(folder, 'other.db') : await newDatabase(t)
  const records = Array.from({ length: 120 }, (_, i) => ({
    externalId: i % 2 === 0 ? `x-${i}` : null,
    title: `Strike ${i}`,
    date: `2020-01-${String((i % 28) + 1).padStart(2, '0')}`,
    section: 'Asia Pacific',
    tags: ['Élections', 'Rail'],
    sources: [{ source: 'Antara', role: 'quoted' }],
    bylines: [{ name: 'Ana Širć' }],
    pages: [{ title: 'One', body: `*${i}* 日本` }, { body: 'Two' }],
  }))
  const first = join(folder, 'in.ndjson')
  writeFileSync(first, records.map((record) => JSON.stringify(record)).join('\n'))
  const bring = (file: string, to: string) =>
    run(t, ['import', file, '--database', to, '--create-missing', '--publish'])
  t.match(await bring(first, database), { code: 0, out: /120 created/ })
  const file = join(folder, 'out.ndjson')
  t.match(await run(t, ['export', file, '--database', database]), {
    code: 0,
    out: /out\.ndjson: 120 articles/,
    err: '',
  })
  t.notOk(existsSync(`${file}.part`))
  t.equal(statSync(file).mode & 0o077, 0, 'nobody else’s to read')
  t.match(await bring(file, other), { code: 0, out: /120 created, .* 120 published/ })
  const again = await run(t, ['export', '-', '--database', other])
  t.equal(again.code, 0)
  const out = readFileSync(file, 'utf8')
  const byTitle = (all: unknown[]) => all.map((one) => JSON.stringify(one)).sort()
  t.same(byTitle(essence(again.out)), byTitle(essence(out)))
  t.match(await bring(file, other), { code: 0, out: /0 created, 0 updated, 120 unchanged/ })
  const some = await run(t, ['export', '-', '--database', other, '--stage', 'working', '--tag', 'rail', '--lang', 'id'])
  t.same([some.code, some.out], [0, ''], 'filters are those of the API')
})

t.test('a wrong flag or place is told in a sentence, and no file is left', async (t) => {
  const { database, folder } = await places(t)
  const file = join(folder, 'out.ndjson')
  for (const [args, message] of [
    [[], /Name one file/],
    [['a', 'b'], /Name one file/],
    [[file, '--stage', 'next', '--updated-after', 'soon'], /^--stage .*\n--updated-after .*\n$/],
    [[join(folder, 'none/out.ndjson')], /none\/out\.ndjson: ENOENT/],
  ] as const) {
    const { code, out, err } = await run(t, ['export', ...args, '--database', database])
    t.same([code, out], [1, ''], args.join(' '))
    t.match(err, message)
    t.notMatch(err, /\n\s+at /)
  }
  t.notOk(existsSync(file) || existsSync(`${file}.part`))
})
