import { statSync } from 'node:fs'
import { connect } from 'node:net'
import { setImmediate as breathe } from 'node:timers/promises'
import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { until } from '../support/cli.ts'
import { engine } from '../support/engines.ts'
import { makeSection } from '../support/factories.ts'
import { ask } from '../support/postgres.ts'
import { listen } from '../support/wire.ts'

/** Published articles of some bytes; answers their ids in the order of their making. */
async function fill(app: TestApp, count: number, bytes: number): Promise<string[]> {
  await makeSection(app)
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({ externalId: `e${i}`, title: 'first', section: 'world', text: 'x'.repeat(bytes) }),
  )
  const raw = { type: 'application/x-ndjson', data: lines.join('\n') }
  const { body } = await app.call('POST', '/v1/articles/import?publish=true', { as: 'editor', raw })
  if (body.at(-1).created !== count) throw new Error(JSON.stringify(body.at(-1)))
  return body.flatMap(({ id }: { id?: string }) => (id === undefined ? [] : [id]))
}

/** Gives articles one new title in one transaction. */
async function retitle(app: TestApp, ids: readonly string[], title: string): Promise<void> {
  const operations = ids.map((article) => ({ op: 'patch', article, version: '*', body: { title } }))
  const { status, body } = await app.call('POST', '/v1/articles/batch', {
    as: 'editor',
    body: { atomic: true, operations },
  })
  if (status !== 200) throw new Error(JSON.stringify(body))
}

t.test('an export is of one moment: what is changed together meanwhile is old together, or new', async (t) => {
  const app = await testApp(t)
  const ids = await fill(app, 200, 200)
  let round = 0
  let done = false
  // The first is read long before the last.
  const writing = (async () => {
    for (; !done; round += 1) {
      const at = round % 100
      const pair = [ids[at] ?? '', ids.at(-1 - at) ?? '']
      await retitle(app, pair, `round ${round}`)
    }
  })()
  let before = 0
  for (let i = 0; i < 8; i += 1) {
    const { status, body } = await app.call('GET', '/v1/articles/export?stage=working', { as: 'editor' })
    t.equal(status, 200)
    const titles = new Map(body.map(({ id, title }: { id: string; title: string }) => [id, title]))
    t.equal(titles.size, ids.length)
    const torn = ids.filter((id, at) => titles.get(id) !== titles.get(ids.at(-1 - at) ?? ''))
    t.same(torn, [], `export ${i}`)
    const now = Math.max(0, ...[...titles.values()].map((title) => Number(String(title).split(' ')[1] ?? 0)))
    t.ok(now >= before, 'and no older than the one before')
    before = now
    await breathe()
  }
  done = true
  await writing
  t.ok(round > 8, `${round} pairs were written meanwhile`)
})

t.test('who reads a kilobyte a second holds no snapshot: what is written meanwhile is cleared away', async (t) => {
  const app = await testApp(t)
  const ids = await fill(app, 400, 20_000)
  const port = await listen(app)
  const path = '/v1/articles/export'
  const pagesRead = () => app.statements.filter((sql) => sql.includes('"article_pages"')).length
  app.statements.length = 0
  await app.call('GET', path)
  const ofAll = pagesRead()
  app.statements.length = 0
  const reader = connect(port, '127.0.0.1')
  reader.on('error', () => {})
  reader.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  let taken = 0
  reader.on('readable', () => {})
  const taking = setInterval(() => {
    taken += reader.read(256)?.length ?? 0
  }, 250)
  t.teardown(() => {
    clearInterval(taking)
    reader.destroy()
  })
  await until(() => taken > 0)
  // It lets go of its moment when it has read all for him; on a machine that is slow that takes its time.
  await until(() => pagesRead() >= ofAll)
  const sizes: number[] = []
  let written = 0
  // On PostgreSQL nothing grows that could be measured: whether a transaction stands open is asked.
  const most = engine === 'sqlite' ? 5_000 : 500
  for (; written < most; written += 250) {
    const chunk = Array.from({ length: 250 }, (_, i) => ids[(written + i) % ids.length] ?? '')
    await app.store.transact(async (db) => {
      for (const [i, id] of chunk.entries()) {
        await db.record({
          kind: 'article.updated',
          id,
          version: written + i,
          actor: 'a',
          fields: [],
          tags: ['x'.repeat(4_000)],
        })
      }
    })
    if (engine === 'sqlite') sizes.push(statSync(`${app.database}-wal`).size)
  }
  t.notOk(reader.destroyed, 'it is still there')
  if (engine === 'sqlite') {
    const largest = Math.max(...sizes)
    t.ok(largest <= 16 * 1024 * 1024, `the log had ${largest} bytes at most`)
    for (let i = 0; i < 10; i += 1) await retitle(app, ids.slice(0, 2), `after ${i}`)
    const now = statSync(`${app.database}-wal`).size
    t.ok(now <= 5 * 1024 * 1024, `and has ${now} in the end`)
  } else {
    const open =
      "select count(*)::int as n from pg_stat_activity where state like 'idle in transaction%' and datname = current_database()"
    t.same(await ask(app.database, open), [{ n: 0 }])
  }
})
