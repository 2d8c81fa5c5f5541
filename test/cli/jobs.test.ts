import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { publishArticle } from '../../src/articles/articles.ts'
import { eq } from '../../src/storage/drizzle.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type Service, serve, until } from '../support/cli.ts'
import { makeDraft, makeSection } from '../support/factories.ts'

/** What comes round by itself, in processes as operators run them. The clock is the machine’s. */

const now = (): string => new Date().toISOString()

const desk = { id: 'tests', name: 'the desk', role: 'editor' } as const

/** So many drafts that can be published; their ids. */
async function makeDrafts(app: TestApp, count: number): Promise<string[]> {
  const section: string = (await makeSection(app)).id
  const ids: string[] = []
  for (let i = 0; i < count; i += 1) ids.push((await makeDraft(app, { section, slug: `story-${i}` })).id)
  return ids
}

/** Has them published one by one within `ms` from an instant on; by id when. */
async function schedule(app: TestApp, ids: readonly string[], first: number, ms: number): Promise<Map<string, number>> {
  const due = new Map(ids.map((id, i) => [id, Math.floor(first + (i * ms) / ids.length)]))
  app.clock.set(now())
  // In one transaction: the first must not be due before the last is scheduled.
  await app.store.transact(async (db) => {
    for (const [id, at] of due) {
      await publishArticle(db, id, { actor: desk, expected: 'any' }, { at: new Date(at).toISOString() })
    }
  })
  return due
}

function publications(app: TestApp): Promise<{ id: string; at: string }[]> {
  return app.store.read((db) => {
    const { changes } = db.tables
    return db.select({ id: changes.id, at: changes.at }).from(changes).where(eq(changes.kind, 'article.published'))
  })
}

/** What became of a request; undefined when the server was away. */
async function statusOf({ origin }: Service, path: string, options: RequestInit = {}): Promise<number | undefined> {
  try {
    const response = await fetch(`${origin}${path}`, { ...options, signal: AbortSignal.timeout(5_000) })
    await response.arrayBuffer()
    return response.status
  } catch {
    return undefined
  }
}

/** Three servers; from `begin` on, one after the other is killed without warning and started again. */
async function startFragile(t: Test, database: string) {
  const services = await Promise.all([0, 1, 2].map(() => serve(t, database)))
  let over = false
  const kills: { at: number; startedAt: number }[] = []
  const kill = async () => {
    for (let i = 0; !over; i = (i + 1) % services.length) {
      const at = Date.now()
      services[i]?.process.kill('SIGKILL')
      await services[i]?.ended
      // Where it takes longer to start one, the next waits: the other two are what goes on.
      const [started] = await Promise.all([serve(t, database), sleep(700)])
      services[i] = started
      kills.push({ at, startedAt: Date.now() })
    }
  }
  let killing: Promise<void> | undefined
  const any = (): Service => {
    const service = services[Math.floor(Math.random() * services.length)]
    if (service === undefined) throw new Error('There is no server.')
    return service
  }
  return {
    any,
    begin: () => {
      killing = kill()
    },
    stop: async () => {
      over = true
      await killing
      return kills
    },
  }
}

t.test('200 articles that fall due while servers are killed are each published once, and none early', async (t) => {
  const app = await testApp(t)
  const began = Date.now()
  const ids = await makeDrafts(app, 200)
  const took = Date.now() - began
  const fragile = await startFragile(t, app.database)
  // To schedule them takes less than to make them took, and the servers that run by now slow it down by as much again.
  const first = Date.now() + 2_000 + 2 * took
  const last = first + 3_000
  const due = await schedule(app, ids, first, last - first)
  t.ok(Date.now() < first, 'all was prepared before the first was due')
  // Not before: a server that starts while all is scheduled would wait for its turn to write, and give up.
  fragile.begin()
  const faults: string[] = []
  const counts = { read: 0, written: 0 }
  let over = false

  const reader = async () => {
    while (!over) {
      const id = ids[Math.floor(Math.random() * ids.length)] ?? ''
      const at = due.get(id) ?? 0
      const asked = Date.now()
      const status = await statusOf(fragile.any(), `/v1/articles/${id}`)
      const answered = Date.now()
      counts.read += status === undefined ? 0 : 1
      if (answered < at && status !== undefined && status !== 404) faults.push(`${status} ${at - answered} ms early`)
      if (asked > at && status !== undefined && status !== 200) faults.push(`${status} ${asked - at} ms late`)
      await sleep(10)
    }
  }
  const writer = async (name: string) => {
    for (let i = 0; !over; i += 1) {
      const status = await statusOf(fragile.any(), '/v1/tags', {
        method: 'POST',
        headers: { authorization: `Bearer ${app.keys.editor}`, 'content-type': 'application/json' },
        body: JSON.stringify({ name: `${name} ${i}` }),
      })
      if (status === 201) counts.written += 1
      else if (status !== undefined) faults.push(`a tag was answered ${status}`)
      await sleep(20)
    }
  }
  const clients = [reader(), reader(), writer('Ana'), writer('Budi')]
  await sleep(last - Date.now())
  const kills = await fragile.stop()
  while (Date.now() < last + 10_000 && (await publications(app)).length < due.size) await sleep(100)
  over = true
  await Promise.all(clients)

  const published = await publications(app)
  t.equal(published.length, due.size)
  t.equal(new Set(published.map(({ id }) => id)).size, due.size, 'each once')
  const delays = published.map(({ id, at }) => Date.parse(at) - (due.get(id) ?? Number.NaN))
  t.ok(Math.min(...delays) >= 0, 'none before it was due')
  t.ok(Math.max(...delays) < 10_000, `${Math.max(...delays)} ms after it was due, at most`)
  t.strictSame(faults, [], 'and readers saw each from its instant on')
  const meanwhile = kills.filter(({ at, startedAt }) => at < last && startedAt > first)
  t.ok(meanwhile.length > 0, 'while one server or another was dead')
  t.ok(counts.read > 20 && counts.written > 5, JSON.stringify({ kills: kills.length, ...counts }))
})

t.test('without jobs an article is public at its instant all the same, and nobody writes it down', async (t) => {
  const app = await testApp(t)
  const service = await serve(t, app.database, { env: { WARTA_JOBS: 'off' } })
  const [id = ''] = await makeDrafts(app, 1)
  // Long enough for a first answer before it, on a machine where that takes seconds.
  const at = Date.now() + 5_000
  await schedule(app, [id], at, 0)
  const seen: { asked: number; answered: number; status: number | undefined }[] = []
  while ((seen.at(-1)?.asked ?? 0) < at + 1_000) {
    const asked = Date.now()
    const status = await statusOf(service, `/v1/articles/${id}`)
    seen.push({ asked, answered: Date.now(), status })
    await sleep(20)
  }
  const early = seen.filter(({ answered }) => answered < at)
  const late = seen.filter(({ asked }) => asked > at)
  t.same(new Set(early.map(({ status }) => status)), new Set([404]), 'not before it')
  t.same(new Set(late.map(({ status }) => status)), new Set([200]), 'whoever asks after it sees it')
  // Another round of the job, if there were one.
  await sleep(1_500)
  t.same(await publications(app), [])

  await serve(t, app.database)
  await until(async () => (await publications(app)).length > 0)
  t.match(await publications(app), [{ id }], 'the first process that does jobs writes it down')
})

t.test('old plain saves are forgotten when the operator says so, and nothing else of the history', async (t) => {
  const app = await testApp(t, { WARTA_REVISION_WINDOW: '0' })
  const daysAgo = (days: number) => app.clock.set(new Date(Date.now() - days * 86_400_000).toISOString())
  const save = async ({ id }: { id: string }, title: string, query = '') => {
    const options = { as: 'editor', version: '*', body: { title } } as const
    const { status } = await app.call('PATCH', `/v1/articles/${id}${query}`, options)
    t.equal(status, 200)
  }
  const revisions = async ({ id }: { id: string }): Promise<[number, string, string | null][]> => {
    const { body } = await app.call('GET', `/v1/articles/${id}/revisions`, { as: 'editor' })
    return body.data.map(({ number, kind, note }: { number: number; kind: string; note: string | null }) => [
      number,
      kind,
      note,
    ])
  }
  daysAgo(10)
  const section: string = (await makeSection(app)).id
  const story = await makeDraft(app, { section })
  const quiet = await makeDraft(app, { slug: 'quiet' })
  await save(story, 'Two')
  await save(story, 'Three', '?note=Checked')
  await app.call('POST', `/v1/articles/${story.id}/publish`, { as: 'editor', version: 3 })
  await save(story, 'Five')
  await app.call('POST', `/v1/articles/${story.id}/revisions/1/restore`, { as: 'editor', version: 5 })
  await save(quiet, 'Two')
  await save(quiet, 'Three')
  daysAgo(1)
  await save(story, 'Seven')
  await save(story, 'Eight')
  app.clock.set(now())
  const before = await app.call('GET', `/v1/articles/${story.id}?stage=working`, { as: 'editor' })
  const all = await revisions(story)
  t.equal(all.length, 8)

  const keeping = await serve(t, app.database)
  await sleep(500)
  t.strictSame(await revisions(story), all, 'none is, unless it is said')
  keeping.process.kill('SIGTERM')
  await keeping.ended
  await serve(t, app.database, { env: { WARTA_REVISION_DAYS: '7' } })
  await until(async () => (await revisions(story)).length < 8 && (await revisions(quiet)).length < 3)
  t.strictSame(await revisions(story), [
    [8, 'saved', null],
    [7, 'saved', null],
    [6, 'restored', null],
    [4, 'published', null],
    [3, 'saved', 'Checked'],
    [1, 'created', null],
  ])
  t.strictSame(
    await revisions(quiet),
    [
      [3, 'saved', null],
      [1, 'created', null],
    ],
    'what an article is now stays, however old',
  )
  const after = await app.call('GET', `/v1/articles/${story.id}?stage=working`, { as: 'editor' })
  t.equal(after.text, before.text)
})
