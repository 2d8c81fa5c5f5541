import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import type { LoggedChange } from '../../../src/storage/store.ts'
import { type Service, until } from '../../support/cli.ts'
import {
  ask,
  checkKept,
  expect,
  type Load,
  load,
  mirror,
  node,
  openStore,
  together,
  watch,
  writesAgain,
} from '../../support/nodes.ts'
import { type PostgresServer, startPostgres } from '../../support/postgres.ts'
import { gate, listSlugs, writeTag } from '../../support/stores.ts'

/** Servers that fail, hang, restart and are replaced, under services that nobody restarts. */

// They mostly wait, each for servers of its own.
t.jobs = 3

const name = 'warta'

/** Seconds after which writes succeed again, where a machine that is busy with others takes several times as long. */
const soon = 20

/**
 * Whoever waited for the database would wait longer: for the three seconds of a connection, or the four for which it hangs.
 * Three tests at once share the machine, and one process all their clients.
 */
const freeMs = 2_500

/** What a busy machine may add to the longest wait that the settings allow. */
const slackMs = 7_000

async function startPrimary(t: Test, settings: Record<string, string> = {}): Promise<PostgresServer> {
  const primary = await startPostgres({ settings })
  t.teardown(() => primary.dispose())
  await primary.createDatabase(name)
  return primary
}

async function startPair(t: Test): Promise<[PostgresServer, PostgresServer]> {
  const primary = await startPrimary(t)
  const standby = await primary.standby()
  t.teardown(() => standby.dispose())
  return [primary, standby]
}

/** Two nodes with steady readers and writers, who have begun. */
async function underLoad(t: Test, database: string, env: Record<string, string> = {}) {
  const nodes = await Promise.all([node(t, database, env), node(t, database, env)])
  const writing = load(nodes, 'load', { clients: 4 })
  t.teardown(() => writing.stop())
  await writesAgain(writing, nodes.length, soon)
  return { nodes, writing, first: nodes[0] as Service }
}

/** Nobody saw anything but success or a 503 with Retry-After, and every node is still the process that it was. */
async function checkCalm(
  t: Test,
  writing: Load & { stop(): Promise<void> },
  nodes: readonly Service[],
  longestMs: number,
): Promise<void> {
  await writing.stop()
  t.comment(JSON.stringify(writing.counts), `the slowest took ${writing.slowestMs.toFixed(0)} ms`)
  t.same(writing.faults, [], 'nobody sees anything but success or a 503 with Retry-After')
  t.ok(writing.slowestMs < longestMs + slackMs, `nobody waits longer than ${longestMs + slackMs} ms`)
  for (const { process, origin, out } of nodes) {
    t.same([process.exitCode, process.signalCode], [null, null], `${origin} runs on`)
    t.notMatch(out(), /"level":(50|60)|Warning:/, 'and logged nothing that is our fault')
  }
}

/** From now on the primary acknowledges nothing that the standby does not have. */
async function waitForStandby(primary: PostgresServer): Promise<void> {
  await primary.query("ALTER SYSTEM SET synchronous_standby_names = '*'")
  await primary.query('SELECT pg_reload_conf()')
  const isSynchronous = "SELECT FROM pg_stat_replication WHERE sync_state = 'sync'"
  await until(async () => (await primary.query(isSynchronous)).length === 1)
}

/** Who followed the changes all the while has every tag, and was told when to begin anew. */
async function checkMirror(
  t: Test,
  cache: Awaited<ReturnType<typeof mirror>>,
  server: PostgresServer,
  unknowns: number,
): Promise<void> {
  const rows = await server.query<{ id: string }>('SELECT id FROM tags ORDER BY id COLLATE "C"', name)
  await until(() => cache.ids().size >= rows.length)
  t.same(
    [...cache.ids()].sort(),
    rows.map(({ id }) => id),
    'a follower has heard of all',
  )
  t.equal(cache.unknowns(), unknowns, 'and was told when to begin anew')
}

t.test(
  'a primary that dies is followed to its standby, with all that was acknowledged',
  { buffered: true },
  async (t) => {
    const [primary, standby] = await startPair(t)
    await waitForStandby(primary)
    const database = together(primary.url(name), standby.url(name))
    const { nodes, writing, first } = await underLoad(t, database)
    const ready = await watch(first, '/readyz')
    const live = await watch(first, '/livez')
    const cache = await mirror(t, { WARTA_DATABASE: database })
    await sleep(500)
    await primary.kill()
    await until(() => ready.last() === 503)
    await standby.promote()
    const back = await writesAgain(writing, nodes.length, soon)
    t.comment(`writes succeed on both nodes ${back.toFixed(0)} ms after the promotion`)
    await sleep(1_000)
    const { seen } = await ready.stop()
    t.same(seen, [200, 503, 200], '/readyz told of it')
    const lively = await live.stop()
    t.same(lively.seen, [200], '/livez did not')
    t.ok(lively.slowestMs < freeMs, `/livez took ${lively.slowestMs.toFixed(0)} ms at most`)
    await checkCalm(t, writing, nodes, 10_000)
    await checkKept(t, writing, (sql) => standby.query(sql, name))
    await checkMirror(t, cache, standby, 1)
  },
)

t.test('a primary that hangs is given up for the standby that replaces it', { buffered: true }, async (t) => {
  const [primary, standby] = await startPair(t)
  await waitForStandby(primary)
  // The standby comes first: it is passed over until it is the primary.
  const database = together(standby.url(name), primary.url(name))
  const { nodes, writing } = await underLoad(t, database, { WARTA_BUSY_TIMEOUT_MS: '1000' })
  primary.pause()
  await sleep(1_000)
  await standby.promote()
  const back = await writesAgain(writing, nodes.length, soon)
  t.comment(`writes succeed on both nodes ${back.toFixed(0)} ms after the promotion`)
  await primary.kill()
  await sleep(500)
  await checkCalm(t, writing, nodes, 12_000)
  await checkKept(t, writing, (sql) => standby.query(sql, name))
})

t.test(
  'followers are told that another server took over, and then of every change there',
  { buffered: true },
  async (t) => {
    const [primary, standby] = await startPair(t)
    const database = together(primary.url(name), standby.url(name))
    const settings = { WARTA_DATABASE: database, WARTA_DATABASE_REPLICAS: standby.url(name) }
    const [writer, follower] = [await openStore(t, settings), await openStore(t, settings)]
    const heard: (LoggedChange | 'unknown')[] = []
    await follower.follow((news) => (news === 'unknown' ? heard.push(news) : heard.push(...news)))
    const ids = () => heard.map((one) => (one === 'unknown' ? one : `${one.seq} ${one.id}`))
    await writer.transact((db) => writeTag(db, 'one'))
    await until(async () => (await standby.query('SELECT FROM tags', name)).length === 1)
    // What it does not receive, it will not have.
    await standby.query("ALTER SYSTEM SET primary_conninfo = ''")
    await standby.query('SELECT pg_reload_conf()')
    await until(async () => (await standby.query('SELECT FROM pg_stat_wal_receiver')).length === 0)
    await writer.transact((db) => writeTag(db, 'lost'))
    await until(() => heard.length === 2)
    t.same(ids(), ['1 one', '2 lost'])
    await primary.kill()
    await standby.promote()
    const promoted = performance.now()
    await until(() => heard.includes('unknown'))
    t.comment(`told ${(performance.now() - promoted).toFixed(0)} ms after the promotion`)
    t.same(ids(), ['1 one', '2 lost', 'unknown'])
    await writer.transact((db) => writeTag(db, 'two'))
    await writer.transact((db) => writeTag(db, 'three'))
    await until(() => heard.length >= 5)
    await sleep(1_500)
    t.same(ids().slice(3), ['2 two', '3 three'], 'the numbers of what was lost are given again')
    for (const store of [writer, follower]) {
      t.same(await store.read(listSlugs), ['one', 'three', 'two'])
      t.same(await store.read(listSlugs, { replica: true }), ['one', 'three', 'two'], 'for strangers too')
    }
  },
)

t.test('a restart of the server is survived', { buffered: true }, async (t) => {
  const primary = await startPrimary(t)
  const { nodes, writing, first } = await underLoad(t, primary.url(name))
  const ready = await watch(first, '/readyz')
  const cache = await mirror(t, { WARTA_DATABASE: primary.url(name) })
  for (const [i, how] of (['fast', 'immediate'] as const).entries()) {
    await primary.stop(how)
    await until(() => ready.last() === 503)
    await primary.start()
    const back = await writesAgain(writing, nodes.length, soon)
    t.comment(`writes succeed ${back.toFixed(0)} ms after the ${how} restart`)
    await until(() => cache.unknowns() > i && ready.last() === 200)
  }
  t.same((await ready.stop()).seen, [200, 503, 200, 503, 200])
  await checkCalm(t, writing, nodes, 8_000)
  await checkKept(t, writing, (sql) => primary.query(sql, name))
  await checkMirror(t, cache, primary, 2)
})

t.test(
  'connections that are cut in the middle leave no write lost, doubled or halved',
  { buffered: true },
  async (t) => {
    const primary = await startPrimary(t)
    const { nodes, writing } = await underLoad(t, primary.url(name))
    const cache = await mirror(t, { WARTA_DATABASE: primary.url(name) })
    let cuts = 0
    // Where they are slow to come back there are few to cut each time.
    for (let i = 0; i < 25 || (cuts <= 50 && i < 250); i += 1) {
      const cut = await primary.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'warta'",
      )
      cuts += cut.length
      await sleep(200)
    }
    const back = await writesAgain(writing, nodes.length, soon)
    t.comment(`${cuts} connections were cut; writes succeed ${back.toFixed(0)} ms after the last`)
    t.ok(cuts > 50, `${cuts} connections were cut`)
    await checkCalm(t, writing, nodes, 8_000)
    await checkKept(t, writing, (sql) => primary.query(sql, name))
    await checkMirror(t, cache, primary, 0)
  },
)

t.test('a commit whose answer is lost is neither acknowledged nor done again', { buffered: true }, async (t) => {
  const [primary, standby] = await startPair(t)
  await waitForStandby(primary)
  const service = await node(t, primary.url(name))
  const write = (slug: string) => ask(service, 'POST', '/v1/tags', { keyed: true, body: { name: slug, slug } })
  const cutOff = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
  for (const [slug, cut] of [
    ['cut', true],
    ['late', false],
  ] as const) {
    await expect(201, service, 'POST', '/v1/tags', { keyed: true, body: { name: `before ${slug}` } })
    // It is on the primary's disk and not answered, as the standby does not say that it has it too.
    standby.pause()
    const writing = write(slug)
    if (cut) await until(async () => (await primary.query(cutOff)).length === 1)
    const reply = await writing
    t.match(reply, { status: 503, body: { detail: /Look whether it was/ }, faults: [] })
    t.ok(reply.ms < 19_000, `${reply.ms.toFixed(0)} ms`)
    standby.resume()
    await until(async () => (await write(slug)).status === 409)
  }
  const rows = await primary.query<{ slug: string }>('SELECT slug FROM tags ORDER BY slug', name)
  t.same(
    rows.map(({ slug }) => slug),
    ['before-cut', 'before-late', 'cut', 'late'],
    'each is there once',
  )
  const changes = await primary.query("SELECT FROM changes WHERE kind = 'tag.created'", name)
  t.equal(changes.length, 4, 'with its one change')
})

t.test(
  'a process that stalls in the middle of a write loses its turn after ten seconds',
  { buffered: true },
  async (t) => {
    const primary = await startPrimary(t)
    const settings = { WARTA_DATABASE: primary.url(name) }
    const [stalled, other] = [await openStore(t, settings), await openStore(t, settings, 20_000)]
    const [wrote, woken] = [gate(), gate()]
    const writing = stalled.transact(async (db) => {
      await writeTag(db, 'stalled')
      wrote.open()
      await woken.opened
      await writeTag(db, 'never')
    })
    const refused = t.rejects(writing, { code: 'database_unavailable' })
    await wrote.opened
    const began = performance.now()
    await other.transact((db) => writeTag(db, 'other'))
    const ms = performance.now() - began
    t.comment(`the other wrote after ${ms.toFixed(0)} ms`)
    t.ok(ms > 5_000 && ms < 19_000, 'the other waited for its turn to be over')
    woken.open()
    await refused
    t.same(await stalled.read(listSlugs), ['other'], 'and nothing is left of the stalled one')
    await stalled.transact((db) => writeTag(db, 'again'))
  },
)

t.test(
  'a server that hangs, or a table that another program locks, costs nobody more than a moment',
  { buffered: true },
  async (t) => {
    const primary = await startPrimary(t)
    const { nodes, writing, first } = await underLoad(t, primary.url(name), { WARTA_BUSY_TIMEOUT_MS: '1000' })
    const live = await watch(first, '/livez')
    primary.pause()
    await sleep(4_000)
    primary.resume()
    const resumed = await writesAgain(writing, nodes.length, soon)
    t.comment(`writes succeed ${resumed.toFixed(0)} ms after a hang of 4 s`)
    const refusedOnce = writing.counts['write 503'] ?? 0
    t.ok(refusedOnce > 0, 'writers were refused meanwhile')
    await primary.query('BEGIN; LOCK TABLE tags IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(4); COMMIT', name)
    const unlocked = await writesAgain(writing, nodes.length, soon)
    t.comment(`writes succeed ${unlocked.toFixed(0)} ms after a lock of 4 s`)
    t.ok((writing.counts['write 503'] ?? 0) > refusedOnce, 'and again')
    const { seen, slowestMs } = await live.stop()
    t.same(seen, [200])
    t.ok(slowestMs < freeMs, `/livez took ${slowestMs.toFixed(0)} ms at most: the event loop is not held up`)
    await checkCalm(t, writing, nodes, 7_000)
    await checkKept(t, writing, (sql) => primary.query(sql, name))
  },
)

t.test('a server that lets nobody in is waited for', { buffered: true }, async (t) => {
  const most = 30
  const primary = await startPrimary(t, { max_connections: String(most) })
  const { nodes, writing, first } = await underLoad(t, primary.url(name))
  const cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'warta'"
  const hogs: Client[] = []
  const hog = async (): Promise<void> => {
    const client = new Client({ connectionString: primary.url(name) })
    client.on('error', () => {})
    await client.connect().then(
      () => hogs.push(client),
      () => {},
    )
  }
  try {
    // Each that lets go is replaced at once, by one of these or by a node that comes back.
    await until(async () => {
      await hogs[0]?.query(cut)
      await Promise.all(Array.from({ length: 10 }, hog))
      return hogs.length === most
    })
    const before = writing.counts['write 503'] ?? 0
    await until(() => (writing.counts['write 503'] ?? 0) > before + 5)
    const refused = await ask(first, 'GET', '/readyz')
    t.equal(refused.status, 503, '/readyz says so')
    await expect(200, first, 'GET', '/livez')
  } finally {
    await Promise.all(hogs.map((client) => client.end()))
  }
  const back = await writesAgain(writing, nodes.length, soon)
  t.comment(`with ${hogs.length} hogs; writes succeed ${back.toFixed(0)} ms after they left`)
  await checkCalm(t, writing, nodes, 8_000)
  await checkKept(t, writing, (sql) => primary.query(sql, name))
})

t.test('a password that the server no longer takes is a 503, until it is put back', { buffered: true }, async (t) => {
  const primary = await startPrimary(t)
  await primary.query("CREATE ROLE desk LOGIN PASSWORD 'one'")
  await primary.query(`ALTER DATABASE ${name} OWNER TO desk`)
  const url = new URL(primary.url(name))
  ;[url.username, url.password] = ['desk', 'one']
  const { nodes, writing } = await underLoad(t, url.href)
  await primary.query("ALTER ROLE desk PASSWORD 'two'")
  await primary.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'desk'")
  await sleep(1_000)
  await primary.query("ALTER ROLE desk PASSWORD 'one'")
  await writesAgain(writing, nodes.length, soon)
  await checkCalm(t, writing, nodes, 8_000)
  await checkKept(t, writing, (sql) => primary.query(sql, name))
})
