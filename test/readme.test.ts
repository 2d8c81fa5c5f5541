import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import t from 'tap'
import { ArticleCreate } from '../src/articles/schema.ts'
import { settings } from '../src/settings.ts'
import { testApp } from './support/app.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
const run = promisify(execFile)

t.test('the six calls work as they are printed', async (t) => {
  const app = await testApp(t)
  const origin = await app.app.listen({ port: 0 })
  const [, script = ''] = /<!-- six calls[^\n]*\n```sh\n([\s\S]*?)```/.exec(readme) ?? []
  const calls = script.split(/^# \d\. .*\n/m).slice(1)
  t.equal(calls.length, 6)
  const answers = []
  for (const call of calls) {
    const { stdout } = await run('bash', ['-euc', call.replaceAll('http://localhost:3000', origin)], {
      env: { ...process.env, KEY: app.keys.admin },
    })
    answers.push(JSON.parse(stdout))
  }
  const [section, draft, published, page, list, found] = answers
  t.match(section, { slug: 'world', version: 1 })
  t.match(draft, {
    title: 'Ferries sail again across the strait',
    deck: 'Four days of storm had cut the islands off.',
    dateline: { place: 'BANYUWANGI', outlet: 'Antara' },
    state: 'draft',
    pageCount: 2,
  })
  t.ok(draft.parse.rules.length > 0)
  t.match(published, { state: 'published', version: 2 })
  t.match(page.pages, [{ number: 2, title: 'What the storm left behind', html: /Three piers/ }])
  t.equal(page.pages.length, 1)
  t.match(list.data, [{ title: 'Ferries sail again across the strait' }])
  t.match(found.data, [{ highlights: { title: /^<mark>Ferries<\/mark>/ } }], 'a form that stands nowhere finds it')
})

t.test('an article goes through its whole life as it is printed', async (t) => {
  const app = await testApp(t)
  const origin = await app.app.listen({ port: 0 })
  await app.call('POST', '/v1/sections', { as: 'admin', body: { name: 'World' } })
  const [, script = ''] = /<!-- an article's life[^\n]*\n```sh\n([\s\S]*?)```/.exec(readme) ?? []
  const [prelude = '', ...calls] = script.replaceAll('http://localhost:3000', origin).split(/^# \d+\.[^\n]*\n/m)
  t.equal(calls.length, 16)
  const answers = []
  for (const call of calls) {
    const env = { ...process.env, KEY: app.keys.admin }
    const { stdout } = await run('bash', ['-euc', `${prelude}\n${call}`], { env })
    answers.push(JSON.parse(stdout))
  }
  const [draft, validation, submitted, returned, saved, scheduled, calendar, published, again] = answers
  const [ahead, corrected, revisions, difference, withdrawn, gone, changes] = answers.slice(9)
  t.match(draft, { state: 'draft', version: 1 })
  t.match(validation, { ready: true, advice: [{ code: 'no_deck' }, { code: 'no_byline' }] })
  t.match([submitted.state, returned.state, saved.version], ['in_review', 'draft', 4])
  t.match(scheduled, { state: 'scheduled', scheduledAt: '2029-12-31T23:00:00.000Z', publishedAt: null })
  t.match(calendar.data, [{ at: '2029-12-31T23:00:00.000Z', event: 'publish', article: { id: draft.id } }])
  t.match(published, { state: 'published', version: 6, warnings: [{ code: 'schedule_replaced' }] })
  t.same(again, published)
  t.match(ahead, { state: 'published', changed: true, version: 7 })
  t.match(corrected, { changed: false, corrections: [{ text: 'The bridge reopened on Tuesday, not on Monday.' }] })
  t.match(revisions.data[0], { number: 8, kind: 'corrected', actor: { name: 'admin' } })
  t.match(difference.pages, [
    {
      lines: [
        { change: 'removed', text: /Monday/ },
        { change: 'added', text: /Tuesday/ },
      ],
    },
  ])
  t.match(withdrawn, { state: 'withdrawn', version: 9 })
  t.match(gone, { status: 410, code: 'article_withdrawn', reason: 'The ministry had not approved the bridge.' })
  t.equal(changes.data.length, 9)
})

t.test(
  'the article has every member that can be written, and the text below it names every other one that is read',
  async (t) => {
    const app = await testApp(t)
    const as = 'editor'
    await app.call('POST', '/v1/sections', { as, body: { name: 'World' } })
    await app.call('POST', '/v1/tags', { as, body: { name: 'Storm' } })
    await app.call('POST', '/v1/sources', { as, body: { name: 'Antara' } })
    const [, example = '', added = ''] =
      /\*\*An article\*\*[^\n]*\n\n```json\n([\s\S]*?)```\n\n[^\n]*? and (`id`[^\n]*)/.exec(readme) ?? []
    const written = JSON.parse(example)
    t.same(Object.keys(written).sort(), Object.keys(ArticleCreate.shape).sort())
    const { status, body } = await app.call('POST', '/v1/articles', { as, body: written })
    t.equal(status, 201)
    t.notOk(body.warnings)
    for (const name of ['section', 'tags', 'sources', 'pages', 'breakingUntil']) delete written[name]
    t.match(body, written)
    t.match(body, { section: { slug: 'world' }, tags: [{ slug: 'storm' }], sources: [{ source: { slug: 'antara' } }] })
    t.match(body.pages, [{ html: /<em>first<\/em>/ }, { title: 'What is left' }])
    const others = [...added.matchAll(/`(\w+)`/g)].map(([, name]) => name)
    t.same(
      others.sort(),
      Object.keys(body)
        .filter((name) => !(name in ArticleCreate.shape))
        .sort(),
    )
  },
)

t.test('the batch does what it says', async (t) => {
  const app = await testApp(t)
  await app.call('POST', '/v1/sections', { as: 'admin', body: { name: 'World' } })
  const [, batch = ''] = /articles\/batch`[^`]*```json\n([\s\S]*?)```/.exec(readme) ?? []
  const { status, body } = await app.call('POST', '/v1/articles/batch', { as: 'editor', body: JSON.parse(batch) })
  t.equal(status, 200)
  t.match(
    body.results.map(({ status }: { status: number }) => status),
    [201, 200, 200],
  )
})

t.test('every setting stands in the README with its flag and default', (t) => {
  for (const setting of settings) {
    const flag = 'flag' in setting ? ` \`--${setting.flag}\` ` : ' '
    const fallback = setting.fallback === '' ? ' ' : ` \`${setting.fallback}\` `
    t.ok(readme.includes(`| \`${setting.name}\` |${flag}|${fallback}| ${setting.about} |`), setting.name)
  }
  t.end()
})

t.test('every run-time dependency has its line', (t) => {
  const { dependencies } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  const [, table = ''] = /## Dependencies([\s\S]*?)##/.exec(readme) ?? []
  const named = [...table.matchAll(/^\| ([@\w/-]+) \| /gm)].map(([, name]) => name).filter((name) => name !== 'package')
  t.same(named.sort(), Object.keys(dependencies).sort())
  t.end()
})
