import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { type ImportOptions, openImport } from '../../src/import/import.ts'
import { operator } from '../../src/keys/keys.ts'
import { createRenderer } from '../../src/markdown/renderer.ts'
import { patience, type TestApp, testApp } from '../support/app.ts'
import { makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'

const newswire = new URL('../fixtures/import/newswire.ndjson', import.meta.url).pathname
const records = readFileSync(newswire, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { url: string; date: string; title: string; text: string })

async function run(t: Test, app: TestApp, path: string, options: Partial<ImportOptions> = {}) {
  const renderer = createRenderer({ timeoutMs: Number(patience.WARTA_RENDER_TIMEOUT_MS) })
  const failures: string[] = []
  const shares: number[] = []
  const events = {
    progress: (_report: unknown, share: number) => shares.push(share),
    failure: (place: string, reason: string) => failures.push(`${place.replace(/^.*\//, '')}: ${reason}`),
  }
  const defaults = {
    createMissing: false,
    publish: false,
    dryRun: false,
    overwrite: false,
    actor: operator,
    section: undefined,
    source: undefined,
    lang: 'en',
  }
  const importFile = await openImport({ store: app.store, renderer, ...defaults, ...options })
  const report = await importFile(path, events)
  await renderer.close()
  if (report.created > 0) t.equal(shares.at(-1), 1, 'the progress ends at the end')
  return { report, failures }
}

/** testdir is emptied when it is made again, and the database lives in one: files go beside it. */
function besides(app: TestApp, name: string, content: string | Buffer): string {
  const path = join(app.folder, name)
  writeFileSync(path, content)
  return path
}

t.test('a file of another system comes in whole: each body intact, dated, linked and published', async (t) => {
  const app = await testApp(t)
  const { report, failures } = await run(t, app, newswire, {
    createMissing: true,
    publish: true,
    section: 'archive',
    source: 'newswire',
  })
  t.same(failures, [])
  t.match(report, { created: records.length, published: records.length, failed: 0, made: 2 })
  const { body } = await app.call('GET', '/v1/articles?include=pages&render=body&sort=publishedAt&count=exact')
  t.equal(body.page.total, records.length)
  records.forEach(({ url, date, title, text }, i) => {
    const article = body.data[i]
    t.match(article, {
      title,
      externalId: url,
      publishedAt: `${date}T00:00:00.000Z`,
      section: { slug: 'archive', name: 'Archive' },
    })
    t.match(article.sources, [{ source: { slug: 'newswire' }, role: 'origin', url }])
    t.equal(article.pages[0].body, text)
  })
})

t.test('the same file again changes nothing, and a changed line changes its article alone', async (t) => {
  const app = await testApp(t)
  const options = { createMissing: true, publish: true, section: 'archive', source: 'newswire' }
  await run(t, app, newswire, options)
  const before = await app.call('GET', '/v1/articles')
  const again = await run(t, app, newswire, options)
  t.match(again.report, { created: 0, updated: 0, unchanged: records.length, published: 0, made: 0 })
  t.equal((await app.call('GET', '/v1/articles')).text, before.text)

  const lines = records.map((record, i) =>
    JSON.stringify(i === 2 ? { ...record, title: 'Museum returns door' } : record),
  )
  const changed = await run(t, app, besides(app, 'changed.ndjson', lines.join('\n')), options)
  t.match(changed.report, { created: 0, updated: 1, unchanged: records.length - 1, published: 1 })
  const { body } = await app.call('GET', `/v1/articles?externalId=${encodeURIComponent(records[2]?.url ?? '')}`)
  t.match(body.data[0], { title: 'Museum returns door', version: 4 })
})

t.test('a bad line is told with its number and reason, and the rest comes in', async (t) => {
  const app = await testApp(t)
  const lines = [
    JSON.stringify({ title: 'Good' }),
    '{"title": "broken"',
    '',
    JSON.stringify({ title: '', urgency: 12, colour: 'red' }),
    JSON.stringify({ title: 'Unknown tag', tags: ['nowhere'] }),
    '[]',
    '{"title":"\\u0000"}',
    Buffer.from([0x7b, 0xff, 0x7d]).toString('latin1'),
    JSON.stringify({ title: 'Also good' }),
  ]
  const path = besides(app, 'mixed.ndjson', Buffer.from(lines.join('\r\n'), 'latin1'))
  const { report, failures } = await run(t, app, path)
  t.match(report, { created: 2, failed: 6 })
  t.match(failures, [
    /^mixed\.ndjson:2: .*JSON/,
    'mixed.ndjson:4: /title must not be empty; /urgency must be at most 9; /colour there is no member of this name',
    'mixed.ndjson:5: /tags/0 no tag has the id or slug "nowhere"',
    'mixed.ndjson:6: it must be an object',
    /^mixed\.ndjson:7: \/title must not have a NUL/,
    /^mixed\.ndjson:8: .*UTF-8/,
  ])
  const { body } = await app.call('GET', '/v1/articles?stage=working&sort=title', { as: 'editor' })
  t.same(
    body.data.map(({ title }: { title: string }) => title),
    ['Also good', 'Good'],
  )
})

t.test('a dry run tells the same and keeps nothing', async (t) => {
  const app = await testApp(t)
  const path = besides(
    app,
    'two.ndjson',
    `${JSON.stringify({ title: 'A', section: 'new', tags: ['fresh'] })}\n${JSON.stringify({ title: '' })}\n`,
  )
  const { report, failures } = await run(t, app, path, { createMissing: true, dryRun: true })
  t.match(report, { created: 1, failed: 1 })
  t.equal(failures.length, 1)
  t.same((await app.call('GET', '/v1/articles?stage=working', { as: 'editor' })).body.data, [])
  t.same((await app.call('GET', '/v1/sections')).body.data, [])
  t.same((await app.call('GET', '/v1/tags')).body.data, [])
})

t.test(
  'sections, tags and sources are found by id, slug, name in any case, and alias; what is missing is made once',
  async (t) => {
    const app = await testApp(t)
    const section = await makeSection(app, { name: 'Asia Pacific' })
    const tag = await makeTag(app, { name: 'Élections' })
    const source = await makeSource(app, { name: 'Channel NewsAsia', aliases: ['CNA'] })
    const lines = [
      { title: 'One', section: section.id, tags: ['elections', 'Brand New'], sources: [{ source: 'cna' }] },
      {
        title: 'Two',
        section: 'asia pacific',
        tags: ['ÉLECTIONS', 'brand new'],
        sources: [{ source: 'CNA', role: 'quoted' }],
      },
      { title: 'Three', section: 'Новости', tags: ['rail-strike'], sources: [{ source: source.slug }] },
      { title: 'Four', section: 'новости', tags: ['BRAND NEW'] },
    ]
    const path = besides(app, 'names.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'))
    const { report, failures } = await run(t, app, path, { createMissing: true })
    t.same(failures, [])
    t.match(report, { created: 4, made: 3 })
    const { body } = await app.call('GET', '/v1/articles?stage=working&sort=title', { as: 'editor' })
    const byTitle = Object.fromEntries(body.data.map((article: { title: string }) => [article.title, article]))
    t.match(byTitle.Two, {
      section: { id: section.id },
      tags: [{ id: tag.id }, { name: 'Brand New' }],
      sources: [{ source: { id: source.id } }],
    })
    t.equal(byTitle.One.tags[1].id, byTitle.Two.tags[1].id)
    t.equal(byTitle.Four.tags[0].id, byTitle.Two.tags[1].id)
    t.equal(byTitle.Three.section.id, byTitle.Four.section.id)
    t.match(byTitle.Three.tags, [{ slug: 'rail-strike', name: 'Rail strike' }])
  },
)

t.test('each thing that was made is counted once, by however many names a line calls it', async (t) => {
  const app = await testApp(t)
  const tag = { id: '019bd2a4-0000-7000-8000-000000000001', slug: 'rail', name: 'Rail', kind: 'topic' }
  const source = { id: '019bd2a4-0000-7000-8000-000000000002', slug: 'antara', name: 'Antara', kind: 'agency' }
  const lines = ['One', 'Two'].map((title) => JSON.stringify({ title, tags: [tag], sources: [{ source }] }))
  const path = besides(app, 'exported.ndjson', lines.join('\n'))
  const options = { createMissing: true }
  t.match((await run(t, app, path, { ...options, dryRun: true })).report, { created: 2, made: 2 })
  t.match((await run(t, app, path, options)).report, { created: 2, made: 2 })
  t.equal((await app.call('GET', '/v1/tags')).body.data.length, 1)
})

t.test(
  'a dry run counts what would be made, also where lines call it otherwise, and a section beside the one above it',
  async (t) => {
    const app = await testApp(t)
    const lines = [
      {
        title: 'One',
        tags: ['Rail strike', { slug: 'sea', name: 'Ports' }],
        section: { slug: 'jakarta', path: 'cities/jakarta', name: 'Cities' },
      },
      { title: 'Two', tags: ['rail-strike', 'ports'], section: 'Jakarta' },
    ]
    const path = besides(app, 'lines.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'))
    for (const dryRun of [true, false]) {
      const { report } = await run(t, app, path, { createMissing: true, dryRun })
      t.match(report, { created: 2, failed: 0, made: 4 })
    }
  },
)

t.test('a dry run makes of a name that leads to something else no thing of its own', async (t) => {
  const app = await testApp(t)
  const tags = [['Alpha'], [{ slug: 'beta', name: 'Alpha' }], ['beta']]
  const lines = tags.map((some, i) => JSON.stringify({ title: `Story ${i}`, tags: some }))
  const path = besides(app, 'lines.ndjson', lines.join('\n'))
  for (const dryRun of [true, false]) {
    t.match((await run(t, app, path, { createMissing: true, dryRun })).report, { created: 3, made: 2 })
  }
})

t.test('what a failed line made is not there, and a later line that needs it makes it', async (t) => {
  const app = await testApp(t)
  const lines = [
    {
      title: 'Bad',
      tags: ['fresh'],
      section: 'x',
      sources: [{ source: 'a' }],
      expiresAt: '2020-01-01T00:00:00Z',
      publishedAt: '2021-01-01T00:00:00Z',
    },
    { title: 'Good', tags: ['fresh'] },
  ]
  const path = besides(app, 'undone.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'))
  const { report } = await run(t, app, path, { createMissing: true })
  t.match(report, { created: 1, failed: 1, made: 1 })
  t.same((await app.call('GET', '/v1/sections')).body.data, [])
  t.match((await app.call('GET', '/v1/tags')).body.data, [{ slug: 'fresh' }])
})

t.test('a pasted story and a Markdown file with front matter are articles too', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'World' })
  const story = besides(app, 'story.txt', 'Harbour reopens\n\nJAKARTA, KOMPAS.com - The harbour reopened on Monday.\n')
  const note = besides(
    app,
    'note.md',
    '---\nsection: world\nurgency: 3\ndate: 2026-01-02\n---\n# Bridge closed #\n\nThe **old** bridge is closed.\n',
  )
  t.match((await run(t, app, story, { section: 'World' })).report, { created: 1, failed: 0 })
  t.match((await run(t, app, note, { publish: true })).report, { created: 1, published: 1 })
  const { body: drafts } = await app.call('GET', '/v1/articles?stage=working&externalId=story.txt&include=pages', {
    as: 'editor',
  })
  t.match(drafts.data[0], {
    title: 'Harbour reopens',
    dateline: { place: 'JAKARTA', outlet: 'KOMPAS.com' },
    section: { slug: 'world' },
  })
  const { body: live } = await app.call('GET', '/v1/articles/bridge-closed')
  t.match(live, {
    title: 'Bridge closed',
    urgency: 3,
    publishedAt: '2026-01-02T00:00:00.000Z',
    pages: [{ html: '<p>The <strong>old</strong> bridge is closed.</p>\n' }],
  })
  t.match((await run(t, app, story, { section: 'World' })).report, { unchanged: 1 })
})

t.test('an import leaves what it does not mention as editors made it', async (t) => {
  const app = await testApp(t)
  const article = await makePublished(app, { externalId: 'wire-1', deck: 'Written by hand.' })
  const path = besides(app, 'one.ndjson', JSON.stringify({ externalId: 'wire-1', title: 'New title' }))
  t.match((await run(t, app, path, { overwrite: true })).report, { updated: 1, published: 0 })
  const { body } = await app.call('GET', `/v1/articles/${article.id}?stage=working`, { as: 'editor' })
  t.match(body, {
    title: 'New title',
    deck: 'Written by hand.',
    slug: article.slug,
    changed: true,
    publishedAt: article.publishedAt,
  })
})

t.test(
  'a record that says one thing by two names is refused, and a link stands beside the other sources',
  async (t) => {
    const app = await testApp(t)
    await makeSource(app, { name: 'Antara' })
    const lines = [
      { title: 'A', text: 'x', pages: [{ body: 'y' }] },
      { title: 'B', date: '2020-01-01', publishedAt: '2020-01-02T00:00:00Z' },
      { title: 'C', url: 42 },
      { title: 'D', url: 'https://wire.example/d', sources: [{ source: 'antara', role: 'cited' }] },
    ]
    const path = besides(app, 'both.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'))
    const { report, failures } = await run(t, app, path, { createMissing: true })
    t.match(report, { created: 1, failed: 3 })
    t.match(failures, [/text and pages/, /date and publishedAt/, /url must be a string/])
    const { body } = await app.call('GET', '/v1/articles?stage=working', { as: 'editor' })
    t.match(body.data[0].sources, [
      { source: { name: 'wire.example' }, role: 'origin', url: 'https://wire.example/d' },
      { source: { slug: 'antara' }, role: 'cited' },
    ])
  },
)

t.test('a file that cannot be read is told, and the next one comes in', async (t) => {
  const app = await testApp(t)
  const folder = app.folder
  for (const path of [folder, join(folder, 'nowhere.ndjson'), besides(app, 'table.csv', 'a,b')]) {
    const { report, failures } = await run(t, app, path)
    t.match(report, { created: 0, failed: 1 })
    t.equal(failures.length, 1)
  }
  t.match((await run(t, app, newswire)).report, { created: 0, failed: 7 }, 'whose sources nobody knows')
})

t.test('what somebody has changed since it was imported is kept, unless the operator says otherwise', async (t) => {
  const app = await testApp(t)
  const path = besides(
    app,
    'again.ndjson',
    JSON.stringify({ externalId: 'again', title: 'Old', text: 'Old text.', section: 'x' }),
  )
  const options = { createMissing: true, publish: true }
  t.match((await run(t, app, path, options)).report, { created: 1, published: 1 })
  await app.call('PATCH', '/v1/articles/old', { as: 'editor', version: 2, body: { title: 'Corrected' } })
  await app.call('POST', '/v1/articles/old/publish', { as: 'editor', version: 3 })
  t.match((await run(t, app, path, options)).report, { kept: 1, updated: 0, published: 0 })
  t.match((await app.call('GET', '/v1/articles/old')).body, { title: 'Corrected' })
  await app.call('POST', '/v1/articles/old/unpublish', { as: 'editor', version: 4 })
  t.match((await run(t, app, path, options)).report, { kept: 1, published: 0 })
  t.equal((await app.call('GET', '/v1/articles/old')).status, 410)
  t.match((await run(t, app, path, { ...options, overwrite: true })).report, { updated: 1, published: 1 })
  t.match((await app.call('GET', '/v1/articles/old')).body, { title: 'Old' })
})

t.test(
  'an external id that stands twice in a file is told, and a tag that stands twice in a line is one',
  async (t) => {
    const app = await testApp(t)
    const lines = [
      { externalId: 'a', title: 'First', tags: ['x', 'x'] },
      { externalId: 'a', title: 'Second' },
    ]
    const path = besides(app, 'twice.ndjson', lines.map((line) => JSON.stringify(line)).join('\n'))
    const { report, failures } = await run(t, app, path, { createMissing: true })
    t.match(report, { created: 1, failed: 1 })
    t.match(failures, [/^twice\.ndjson:2: .*stands in this file before/])
    const { body } = await app.call('GET', '/v1/articles?stage=working', { as: 'editor' })
    t.match(body.data[0], { title: 'First', tags: [{ slug: 'x' }] })
  },
)
