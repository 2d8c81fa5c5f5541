import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import type { Read } from '../../../src/storage/store.ts'
import { type Service, until } from '../../support/cli.ts'
import { ask, expect, median, node, openStore, type Reply } from '../../support/nodes.ts'
import { type PostgresServer, startPostgres } from '../../support/postgres.ts'
import { listSlugs, writeTag } from '../../support/stores.ts'

/** Read-only copies that answer the public: what they may answer, and what becomes of it when they cannot. */

interface Pair {
  primary: PostgresServer
  copy: PostgresServer
}

async function startPair(t: Test, settings: Record<string, string> = {}): Promise<Pair> {
  const primary = await startPostgres({ settings })
  t.teardown(() => primary.dispose())
  const copy = await primary.standby()
  t.teardown(() => copy.dispose())
  return { primary, copy }
}

const { primary, copy } = await startPair(t)
let databases = 0

/** A database of the test's own, and what a service is told of it. */
async function newDatabase(pair: Pair = { primary, copy }) {
  const name = `replicas_${databases++}`
  const database = await pair.primary.createDatabase(name)
  // Kept answers would come from neither server.
  const env = { WARTA_DATABASE_REPLICAS: pair.copy.url(name), WARTA_CACHE: '0' }
  return { name, database, env, settings: { WARTA_DATABASE: database, ...env } }
}

async function makeTag(service: Service, name: string): Promise<{ id: string; path: string }> {
  const { body } = await expect(201, service, 'POST', '/v1/tags', { keyed: true, body: { name } })
  return { id: body.id, path: `/v1/tags/${body.id}` }
}

async function caughtUp(pair: Pair): Promise<void> {
  // Its commit takes to the disk what VACUUM, say, has left in memory.
  const [at] = await pair.primary.query<{ lsn: string }>("SELECT pg_logical_emit_message(true, 'tests', '') AS lsn")
  const isThere = `SELECT pg_last_wal_replay_lsn() >= '${at?.lsn}'::pg_lsn AS there`
  await until(async () => (await pair.copy.query<{ there: boolean }>(isThere))[0]?.there === true)
}

/**
 * Whether strangers are answered by the copy: while it holds back what it receives, a name is changed on the primary
 * past Warta, so that no change tells of it. The copy then still has the old one.
 */
async function isFromCopy(t: Test, service: Service, name: string, path: string): Promise<boolean> {
  const { body: before } = await expect(200, service, 'GET', path, { keyed: true })
  await caughtUp({ primary, copy })
  await copy.replay(true)
  try {
    await primary.query(`UPDATE tags SET name = name || '!' WHERE id = '${before.id}'`, name)
    const { body: keyed } = await expect(200, service, 'GET', path, { keyed: true })
    if (keyed.name !== `${before.name}!`) t.fail('a holder of a key is answered by the copy')
    const { body: stranger } = await expect(200, service, 'GET', path)
    return stranger.name === before.name
  } finally {
    await copy.replay(false)
  }
}

/** Strangers who ask without a pause, each as soon as the last answer is there. */
async function strangers(services: readonly Service[], path: string, ms: number): Promise<Reply[]> {
  const replies: Reply[] = []
  const end = performance.now() + ms
  const clients = Array.from({ length: 8 }, async (_, i) => {
    const service = services[i % services.length] as Service
    while (performance.now() < end) {
      replies.push(await ask(service, 'GET', path))
      await sleep(20)
    }
  })
  await Promise.all(clients)
  return replies
}

const statuses = (replies: readonly Reply[]) => [...new Set(replies.map(({ status }) => status))].sort()
const isRefused = ({ status, headers }: Reply) => status === 503 && headers['retry-after'] !== undefined

t.test('strangers are answered by the copy, whoever has a key by the primary', async (t) => {
  const { name, database, env } = await newDatabase()
  const service = await node(t, database, env)
  const { path } = await makeTag(service, 'Rail')
  // A copy that takes longer than half a second to let a first reader in is left alone for a second.
  await until(() => isFromCopy(t, service, name, path))
  t.pass('and nobody else by the copy')
})

t.test('whoever just wrote reads what they wrote while the copy is behind', async (t) => {
  const { name, database, env } = await newDatabase()
  const nodes = await Promise.all([node(t, database, env), node(t, database, env)])
  const [one, two] = nodes
  const { path } = await makeTag(one, 'Version 1')
  await caughtUp({ primary, copy })
  await copy.replay(true)
  const heardMs: number[] = []
  let stale = 0
  try {
    for (let version = 1; version <= 100; version += 1) {
      const body = { name: `Version ${version + 1}` }
      await expect(200, one, 'PATCH', path, { keyed: true, version, body })
      const written = performance.now()
      const readers: [Service, boolean][] = [
        [one, false],
        [one, true],
        [two, true],
      ]
      for (const [service, keyed] of readers) {
        const { body: read } = await expect(200, service, 'GET', path, { keyed })
        if (read.name !== body.name) stale += 1
      }
      // Strangers of the other node have to wait until it has heard; from then on they never see the old one again.
      await until(async () => (await expect(200, two, 'GET', path)).body.name === body.name)
      heardMs.push(performance.now() - written)
      const { body: again } = await expect(200, two, 'GET', path)
      if (again.name !== body.name) stale += 1
    }
  } finally {
    await copy.replay(false)
  }
  t.equal(stale, 0, 'of 400 reads none is stale')
  t.comment(
    `another node's strangers: ${median(heardMs).toFixed(0)} ms (median), ${Math.max(...heardMs).toFixed(0)} ms`,
  )
  t.ok(median(heardMs) < 300 && Math.max(...heardMs) < 5_000, 'and a stranger elsewhere sees it soon')
  await caughtUp({ primary, copy })
  await sleep(300)
  for (const service of nodes) await until(() => isFromCopy(t, service, name, path))
  t.pass('a copy that caught up answers again')
})

t.test('a store reads from the copy what nothing newer is known of', async (t) => {
  const { name, settings } = await newDatabase()
  const store = await openStore(t, settings)
  await store.transact((db) => writeTag(db, 'rail'))
  await caughtUp({ primary, copy })
  await store.read(listSlugs)
  // A connection to the copy is there by then.
  await store.read(listSlugs, { replica: true })
  await copy.replay(true)
  try {
    await primary.query(`DELETE FROM tags WHERE slug = 'rail'`, name)
    t.same(await store.read(listSlugs, { replica: true }), ['rail'], 'the copy')
    t.same(await store.read(listSlugs), [], 'the primary')
    await store.transact((db) => writeTag(db, 'road'))
    t.same(await store.read(listSlugs, { replica: true }), ['road'], 'the primary, as the copy lacks a change')
  } finally {
    await copy.replay(false)
  }
})

t.test('a copy that stops or hangs leaves the public to the primary, and comes back', async (t) => {
  const { name, database, env } = await newDatabase()
  const service = await node(t, database, { ...env, WARTA_BUSY_TIMEOUT_MS: '1000' })
  const { path } = await makeTag(service, 'Rail')
  await until(() => isFromCopy(t, service, name, path))
  const report = (how: string, replies: readonly Reply[]) => {
    const ms = replies.map(({ ms }) => ms)
    const slow = ms.filter((ms) => ms > 1_000).length
    t.same(statuses(replies), [200], `${how}: everybody is answered`)
    t.comment(`${how}: ${ms.length} answers, ${median(ms).toFixed(0)} ms (median), ${slow} took more than 1 s`)
    t.comment(`${how}: the slowest took ${Math.max(...ms).toFixed(0)} ms`)
    t.ok(Math.max(...ms) < 8_000, `${how}: nobody waits for long`)
    t.ok(median(ms) < 500, `${how}: most do not wait at all`)
    // Those who asked when it began to hang, and then one at a time: if each waited, there would be forty.
    t.ok(slow < 20, `${how}: ${slow} waited for the copy`)
  }

  const asking = strangers([service], path, 2_000)
  await sleep(500)
  await copy.stop('immediate')
  report('stopped', await asking)
  await copy.start()
  await until(async () => isFromCopy(t, service, name, path))

  const waiting = strangers([service], path, 6_000)
  await sleep(500)
  copy.pause()
  try {
    report('hung', await waiting)
  } finally {
    copy.resume()
  }
  await until(async () => isFromCopy(t, service, name, path))
  t.pass('the copy answers again')
})

t.test('a replica that cannot be used keeps no service from serving', async (t) => {
  const { name, database, env } = await newDatabase()
  const right = env.WARTA_DATABASE_REPLICAS
  const wrong = (change: (url: URL) => void) => {
    const url = new URL(right)
    change(url)
    return url.href
  }
  const cases: Record<string, string> = {
    'a port on which nobody listens': wrong((url) => {
      url.port = '1'
    }),
    'a host that does not exist': wrong((url) => {
      url.hostname = 'nowhere.invalid'
    }),
    'a wrong password': wrong((url) => {
      url.password = 'wrong'
    }),
    'a database that does not exist': wrong((url) => {
      url.pathname = 'nothing'
    }),
    'a database that holds nothing of Warta': wrong((url) => {
      url.pathname = 'postgres'
    }),
    'TLS, which the server does not speak': wrong((url) => {
      url.searchParams.set('sslmode', 'require')
    }),
  }
  for (const [what, replica] of Object.entries(cases)) {
    const store = await openStore(t, { WARTA_DATABASE: database, WARTA_DATABASE_REPLICAS: `${replica}` })
    await store.read(async () => undefined)
    await sleep(50)
    const read = store.read(listSlugs, { replica: true }).then(
      (slugs) => slugs.length,
      (error) => `${error} ${(error as Error).cause}`,
    )
    t.equal(await read, 0, what)
  }
  const service = await node(t, database, { WARTA_DATABASE_REPLICAS: [...Object.values(cases), right].join(',') })
  const { path } = await makeTag(service, 'Rail')
  for (let i = 0; i < 10; i += 1) await expect(200, service, 'GET', path)
  await until(async () => isFromCopy(t, service, name, path))
  t.pass('the one that is right answers')
})

t.test('what the copy cancels because its replay stands in the way is answered by the primary', async (t) => {
  const own = await startPair(t, { max_standby_streaming_delay: '0', autovacuum: 'off' })
  const { name, settings } = await newDatabase(own)
  const store = await openStore(t, settings)
  await store.transact(async (db) => {
    for (let i = 0; i < 50; i += 1) await writeTag(db, `tag-${i}`)
  })
  await caughtUp(own)
  await store.read(listSlugs)
  // A connection to the copy is there by then.
  await store.read(listSlugs, { replica: true })
  const seen: number[] = []
  const read = async (db: Read) => {
    const before = (await listSlugs(db)).length
    seen.push(before)
    if (seen.length > 1) return before
    await own.primary.query(`DELETE FROM tags WHERE slug <> 'tag-0'`, name)
    await own.primary.query('VACUUM tags', name)
    await caughtUp(own)
    return (await listSlugs(db)).length
  }
  t.equal(await store.read(read, { replica: true }), 1)
  t.same(seen, [50, 1], 'asked on the copy first, then on the primary')
})

t.test('with the primary away the public is served by the copy, and nobody else is', async (t) => {
  const { name, database, env } = await newDatabase()
  const nodes = await Promise.all([1, 2].map(() => node(t, database, { ...env, WARTA_BUSY_TIMEOUT_MS: '1000' })))
  const one = nodes[0] as Service
  const { path } = await makeTag(one, 'Rail')
  for (const service of nodes) await until(async () => (await ask(service, 'GET', path)).status === 200)
  await caughtUp({ primary, copy })
  await primary.kill()
  const replies = strangers(nodes, path, 4_000)
  await sleep(500)
  for (const service of nodes) {
    const body = { name: 'Road' }
    for (const refused of [
      await ask(service, 'GET', path, { keyed: true }),
      await ask(service, 'POST', '/v1/tags', { keyed: true, body }),
      await ask(service, 'GET', '/readyz'),
    ]) {
      t.ok(isRefused(refused), `${refused.status}, with Retry-After`)
      t.same(refused.faults, [])
      t.ok(refused.ms < 15_000, `${refused.ms} ms`)
    }
    // Whoever waited for the primary would wait for the three seconds of a connection.
    t.ok((await expect(200, service, 'GET', '/livez')).ms < 2_500)
  }
  const answers = await replies
  t.same(statuses(answers), [200], 'strangers are answered all the while')
  t.ok(answers.every(({ body }) => body.name === 'Rail'))
  const usual = median(answers.map(({ ms }) => ms))
  const slowest = Math.max(...answers.map(({ ms }) => ms))
  t.comment(`${answers.length} answers, ${usual.toFixed(0)} ms, at most ${slowest.toFixed(0)}`)
  // A wait for the primary would take the second that is this client's patience.
  t.ok(usual < 500, 'without a wait for the primary')
  t.ok(slowest < 6_000, 'and nobody for long')
  await primary.start()
  const back = performance.now()
  for (const service of nodes) {
    await until(async () => (await ask(service, 'GET', path, { keyed: true })).status === 200)
    await until(async () => (await ask(service, 'GET', '/readyz')).status === 200)
    await makeTag(service, 'Road')
  }
  const ms = performance.now() - back
  t.comment(`all is well ${ms.toFixed(0)} ms after the primary came back`)
  t.ok(ms < 20_000)
  await until(async () => (await copy.query('SELECT FROM pg_stat_wal_receiver')).length === 1)
  await until(() => isFromCopy(t, one, name, path))
})
