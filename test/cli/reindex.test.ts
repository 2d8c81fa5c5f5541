import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { pino } from 'pino'
import t from 'tap'
import { findFaults, isIndexed } from '../../src/articles/search/reindexing.ts'
import { indexing } from '../../src/cli/serve/indexing.ts'
import { find, findAny, publishAll } from '../articles/search/find.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { run, type Service, serve, start, until } from '../support/cli.ts'
import { engine, newDatabase } from '../support/engines.ts'
import { makeDraft, makeSection, makeTag } from '../support/factories.ts'
import { ask } from '../support/postgres.ts'

/** The index of words is made anew by an operator with `warta reindex`, and by the service where it has to be. */

// Longer than .taprc gives to a file, for machines that are busy with others.
t.setTimeout(20 * 60_000)

/** What is found is looked for each time. */
const uncached = { WARTA_CACHE: '0' }

/** What messages call a database: of PostgreSQL nothing that says who may use it. */
const nameOf = (database: string): string => (engine === 'sqlite' ? database : database.replace(/\/\/.*@/, '//'))

const reindex = (t: Parameters<typeof run>[0], { database }: Pick<TestApp, 'database'>, ...args: string[]) =>
  run(t, ['reindex', ...args, '--database', database])

/** As another program, or a fault of a disk, would change the database. */
async function meddle({ database }: Pick<TestApp, 'database'>, statement: string): Promise<void> {
  if (engine === 'postgres') return void (await ask(database, statement))
  const db = new Database(database)
  db.pragma('busy_timeout = 5000')
  // As a disk would: else SQLite guards the pages of an index.
  db.unsafeMode(true)
  db.exec(statement)
  db.close()
}

async function makeNewsroom(app: TestApp): Promise<void> {
  await makeTag(app, { name: 'Rail' })
  await publishAll(app, { one: { title: 'Alpha', tags: ['rail'] }, two: { deck: 'Alpha', lang: 'id' } })
  await makeDraft(app, { slug: 'three', title: 'Alpha beta' })
}

/** As a copy of a database, or one that was just migrated, has it: nothing is indexed, and it is known that nothing is. */
async function forgetIndex(app: TestApp): Promise<void> {
  const texts = engine === 'postgres' ? '' : ' where rowid in (select id from search_entries)'
  await meddle(app, `delete from article_search${texts}`)
  await meddle(app, 'delete from search_entries')
  await meddle(app, 'update search_state set version = 0')
}

/** So many more articles, so that to index them takes a while. */
async function makeMany(app: TestApp, count: number): Promise<void> {
  const section = (await makeSection(app, { name: 'Many' })).slug
  const text = 'Kata yang tidak dicari siapa pun berdiri di sini, agak panjang. '.repeat(12)
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({
      externalId: `x:${i}`,
      title: `Berita ${i}`,
      lang: 'id',
      section,
      pages: [{ body: `Zqmark w${i} ${text}` }],
    }),
  )
  const raw = { type: 'application/x-ndjson', data: `${lines.join('\n')}\n` }
  const { status, text: said } = await app.call('POST', '/v1/articles/import?publish=true', { as: 'editor', raw })
  if (status !== 200) throw new Error(said)
}

async function expectWhole(t: Parameters<typeof run>[0], app: TestApp, many = 0): Promise<void> {
  t.equal(await app.store.read(isIndexed), true)
  t.strictSame(await app.store.read(findFaults), [])
  t.equal(await findAny(app, 'alpha'), 'one two')
  t.equal(await find(app, 'tag:rail'), 'one')
  t.equal(await find(app, 'beta', '&stage=working', 'editor'), 'three')
  if (many === 0) return
  const { body } = await app.call('GET', '/v1/articles?q=zqmark&count=exact&limit=1&fields=id')
  t.equal(body.page.total, many)
}

t.test('reindex says what it did, and --check what it would have to do', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  const name = nameOf(app.database)
  const whole = await reindex(t, app, '--check')
  t.strictSame([whole.code, whole.out, whole.err], [0, `${name}: everything is indexed.\n`, ''])
  // Of each published article two copies say one thing, and a draft has one.
  const made = await reindex(t, app)
  t.strictSame([made.code, made.err], [0, ''])
  t.match(
    made.out,
    new RegExp(`^${name.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}: 5 copies of articles indexed in \\d+\\.\\d s\\.\n$`),
  )
  await expectWhole(t, app)
  t.equal((await reindex(t, app, '--check')).code, 0)
})

t.test('a database without articles is indexed', async (t) => {
  const database = await newDatabase(t)
  t.equal((await run(t, ['migrate', '--database', database])).code, 0)
  const check = await reindex(t, { database }, '--check')
  t.strictSame([check.code, check.out], [0, `${nameOf(database)}: everything is indexed.\n`])
  const made = await reindex(t, { database })
  t.equal(made.code, 0)
  t.match(made.out, /: 0 copies of articles indexed in /)
  t.equal((await reindex(t, { database }, '--check')).code, 0)
})

t.test('reindex refuses what it does not know, and changes nothing then', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  for (const args of [['--force'], ['articles'], ['--check=yes']]) {
    const { code, out, err } = await reindex(t, app, ...args)
    t.equal(code, 2, String(args))
    t.equal(out, '')
    t.match(err, args[0]?.replace(/=.*/, '') ?? '')
    t.notMatch(err, /\n\s+at /)
  }
  await expectWhole(t, app)
  const { code, out } = await run(t, ['reindex', '--help'])
  t.equal(code, 0)
  t.match(out, /--check/)
})

const id = engine === 'postgres' ? 'id' : 'rowid'
const damages: [what: string, statement: string, said: RegExp][] = [
  [
    'a copy is not indexed',
    'delete from search_entries where live and id = (select max(id) from search_entries where live)',
    /5 copies of articles are there, and 3 of them indexed/,
  ],
  [
    'the words of a text are gone',
    `delete from article_search where ${id} = (select max(id) from search_entries)`,
    /3 texts are listed, and 2 are in the index/,
  ],
  ['everything is gone', 'delete from search_entries', /5 copies of articles are there, and 0 of them indexed/],
  ['it is not finished', 'update search_state set version = 0', /not everything is indexed yet/],
  ...(engine === 'sqlite'
    ? [
        ['its pages are damaged', 'delete from article_search_data where id > 10', /the index is damaged: /] as [
          string,
          string,
          RegExp,
        ],
      ]
    : []),
]

for (const [what, statement, said] of damages) {
  t.test(`reindex --check finds out that ${what}, and changes nothing; reindex mends it`, async (t) => {
    const app = await testApp(t, uncached)
    await makeNewsroom(app)
    await meddle(app, statement)
    for (const _ of [1, 2]) {
      const { code, out, err } = await reindex(t, app, '--check')
      t.equal(code, 1)
      t.equal(out, '')
      t.match(err, said)
      t.match(err, nameOf(app.database))
      t.notMatch(err, /\n\s+at /)
    }
    t.equal((await reindex(t, app)).code, 0)
    await expectWhole(t, app)
    t.equal((await reindex(t, app, '--check')).code, 0)
  })

  t.test(`the job of the service mends it by itself when ${what}, and searches are refused meanwhile`, async (t) => {
    const app = await testApp(t, uncached)
    await makeNewsroom(app)
    await makeMany(app, 30)
    const logged: { msg: string; faults?: string[] }[] = []
    const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(JSON.parse(line)) })
    t.equal(await indexing(app.store, log)(), false, 'there is nothing to do')
    t.strictSame(logged, [])
    // It looks when it starts.
    const job = indexing(app.store, log)
    await meddle(app, statement)
    let rounds = 0
    for (let more = await job(); more; more = await job()) {
      rounds += 1
      const { status, headers, body } = await app.call('GET', '/v1/articles?q=alpha')
      t.match(
        { status, headers, body },
        { status: 503, headers: { 'retry-after': '30' }, body: { code: 'search_rebuilding' } },
      )
      t.equal((await app.call('GET', '/v1/articles?limit=1')).status, 200, 'lists are answered')
    }
    t.ok(rounds > 2, `it took ${rounds} rounds`)
    t.strictSame(
      logged.map(({ msg }) => msg),
      ['articles are being indexed anew; until it is done, searches are refused', 'all articles are indexed'],
    )
    await expectWhole(t, app, 30)
    t.equal(await job(), false)
  })
}

/** To index so much takes a busy machine longer than anything else that is waited for. */
async function untilIndexed(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await until(isSo)
    } catch (error) {
      if (tries === 6) throw error
    }
  }
}

/** As if so much time had passed since anybody was at it, after which a run counts as broken off. */
const waitHalfAMinute = (app: TestApp): Promise<void> =>
  meddle(app, "update search_state set seen_at = '2026-01-01T00:00:00.000Z'")

/** As if another process were at it, and for long: whoever comes leaves it to that. */
const pretendUnderWay = (app: TestApp): Promise<void> =>
  meddle(app, "update search_state set seen_at = '2999-01-01T00:00:00.000Z'")

const searchOf = async ({ origin }: Service): Promise<string> => {
  const response = await fetch(`${origin}/v1/articles?q=alpha&fields=slug&sort=publishedAt`)
  const body = (await response.json()) as { code?: string; data?: { slug: string }[] }
  return (
    body.data?.map(({ slug }) => slug).join(' ') ??
    `${response.status} ${body.code} ${response.headers.get('retry-after')}`
  )
}

t.test(
  'a service that starts on an index that is not whole mends it, and searches are refused until it has',
  async (t) => {
    const app = await testApp(t, uncached)
    await makeNewsroom(app)
    await makeMany(app, 200)
    await forgetIndex(app)
    // Otherwise it would be done before the first search on some machines.
    await pretendUnderWay(app)
    const service = await serve(t, app.database)
    const said = new Set([await searchOf(service)])
    await waitHalfAMinute(app)
    await untilIndexed(async () => {
      const now = await searchOf(service)
      said.add(now)
      return !now.startsWith('503')
    })
    t.strictSame([...said], ['503 search_rebuilding 30', 'one two'], 'first that, then all of it, and nothing between')
    await expectWhole(t, app, 200)
    service.process.kill('SIGTERM')
    t.equal((await service.ended).code, 0)
  },
)

t.test('a service that is damaged while it stands is mended after its next start', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  const first = await serve(t, app.database)
  await until(async () => (await searchOf(first)) === 'one two')
  first.process.kill('SIGTERM')
  await first.ended
  await meddle(app, `delete from article_search where ${id} in (select id from search_entries)`)
  const service = await serve(t, app.database)
  await untilIndexed(async () => (await app.store.read(findFaults)).length === 0 && (await app.store.read(isIndexed)))
  t.equal(await searchOf(service), 'one two')
  t.match(service.out(), 'articles are being indexed anew')
  await expectWhole(t, app)
})

t.test('of two that index everything at once the later one has it to do, and the index is whole', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  await makeMany(app, 200)
  const ended = await Promise.all([reindex(t, app), reindex(t, app)])
  const failed = ended.filter(({ code }) => code !== 0)
  t.ok(failed.length < 2, 'one of them has done it')
  for (const { code, err } of failed) {
    t.equal(code, 1)
    t.match(err, /^Another process has begun to index everything anew\.\n$/)
  }
  await expectWhole(t, app, 200)
  t.equal((await reindex(t, app, '--check')).code, 0)
})

t.test('the service goes on beside a reindex: what is written meanwhile is found when it has finished', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  await makeMany(app, 200)
  const section = (await makeSection(app, { name: 'Meanwhile' })).id
  const running = start(t, ['reindex', '--database', app.database])
  let over = false
  void running.ended.then(() => {
    over = true
  })
  const written: string[] = []
  for (let i = 0; !over; i += 1) {
    const slug = `meanwhile-${i}`
    const draft = await makeDraft(app, { slug, title: 'Meanwhile', section })
    const { status } = await app.call('POST', `/v1/articles/${draft.id}/publish`, { as: 'editor', version: 1 })
    t.equal(status, 200)
    written.push(slug)
    await sleep(10)
  }
  t.equal((await running.ended).code, 0)
  await expectWhole(t, app, 200)
  const { body } = await app.call('GET', '/v1/articles?q=meanwhile&count=exact&limit=1')
  t.equal(body.page.total, written.length)
  t.ok(written.length > 0)
})

/** How often a run is started in the hope of killing it midway: on a busy machine it may be over before that is noticed. */
const mostTries = 5

/** Kills a reindex that is at it, without warning; answers what it ended with. */
async function killMidway(t: Parameters<typeof run>[0], app: TestApp): Promise<NodeJS.Signals | null> {
  for (let tries = 1; ; tries += 1) {
    const running = start(t, ['reindex', '--database', app.database])
    let over = false
    void running.ended.then(() => {
      over = true
    })
    while (!over && (await app.store.read(isIndexed))) await sleep(5)
    running.process.kill('SIGKILL')
    const { signal } = await running.ended
    if (tries === mostTries || !(await app.store.read(isIndexed))) return signal
  }
}

t.test('what is killed while it indexes leaves an index that says so, and the next ends it', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  await makeMany(app, 400)
  for (const next of ['reindex', 'serve'] as const) {
    t.equal(await killMidway(t, app), 'SIGKILL')
    t.equal(await app.store.read(isIndexed), false)
    t.match(await find(app, 'alpha'), '503 search_rebuilding')
    const check = await reindex(t, app, '--check')
    t.equal(check.code, 1)
    t.match(check.err, 'not everything is indexed yet')
    if (next === 'reindex') t.equal((await reindex(t, app)).code, 0)
    else {
      await waitHalfAMinute(app)
      const service = await serve(t, app.database)
      await untilIndexed(async () => !(await searchOf(service)).startsWith('503'))
      service.process.kill('SIGTERM')
      await service.ended
    }
    await expectWhole(t, app, 400)
  }
})

t.test('a service that is killed while it indexes is followed by one that ends it', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  await makeMany(app, 200)
  await forgetIndex(app)
  const first = await serve(t, app.database)
  await until(
    async () =>
      (await app.store.read(async (db) => (await db.select().from(db.tables.searchEntries).limit(1)).length)) > 0,
  )
  first.process.kill('SIGKILL')
  await first.ended
  await waitHalfAMinute(app)
  const second = await serve(t, app.database)
  await untilIndexed(async () => !(await searchOf(second)).startsWith('503'))
  t.equal(await searchOf(second), 'one two')
  await expectWhole(t, app, 200)
})

t.test('several services on one database mend its index together', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  await makeMany(app, 200)
  await meddle(app, 'delete from search_entries')
  const services = await Promise.all([serve(t, app.database), serve(t, app.database)])
  // One that has seen the damage may begin when the other has just finished: until it has, too, searches are refused.
  await untilIndexed(async () => {
    // Nor is it asked before: what is found in a damaged index is kept for a minute.
    if ((await app.store.read(findFaults)).length > 0 || !(await app.store.read(isIndexed))) return false
    const found = await Promise.all(services.map(searchOf))
    return found.every((slugs) => !slugs.startsWith('503'))
  })
  for (const service of services) t.equal(await searchOf(service), 'one two')
  for (const service of services) service.process.kill('SIGTERM')
  for (const service of services) t.equal((await service.ended).code, 0)
  await expectWhole(t, app, 200)
})

t.test('an index that is damaged while it is made anew is mended nevertheless', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  await meddle(app, 'update search_state set version = 0')
  await meddle(app, 'delete from search_entries')
  const job = indexing(app.store, pino({ level: 'silent' }))
  for (let rounds = 0; rounds < 20 && (await job()); rounds += 1) {
    // Again, until there is no more.
  }
  await expectWhole(t, app)
})

t.test('what a later version of the program has indexed is left to it, and not asked', async (t) => {
  const app = await testApp(t, uncached)
  await makeNewsroom(app)
  await meddle(app, 'update search_state set version = 999')
  t.equal(await indexing(app.store, pino({ level: 'silent' }))(), false)
  t.equal(await find(app, 'alpha'), '503 search_rebuilding')
  t.equal((await reindex(t, app, '--check')).code, 0)
  t.equal((await reindex(t, app)).code, 0, 'unless an operator says so')
  await expectWhole(t, app)
})
