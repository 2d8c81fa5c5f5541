import { setTimeout as sleep } from 'node:timers/promises'
import { Client } from 'pg'
import t, { type Test } from 'tap'
import type { Store } from '../../../src/storage/store.ts'
import { until } from '../../support/cli.ts'
import { openStore, together } from '../../support/nodes.ts'
import { type PostgresServer, startPostgres } from '../../support/postgres.ts'
import { listSeqs, listSlugs, writeTag } from '../../support/stores.ts'

/** Replicas that hold something else than the primary, and notifications that mean nothing: neither is believed. */

const name = 'warta'

async function startPrimary(t: Test): Promise<{ primary: PostgresServer; database: string }> {
  const primary = await startPostgres()
  t.teardown(() => primary.dispose())
  return { primary, database: await primary.createDatabase(name) }
}

async function follower(t: Test, primary: PostgresServer): Promise<PostgresServer> {
  const copy = await primary.standby()
  t.teardown(() => copy.dispose())
  return copy
}

const strangers = (store: Store) => store.read(listSlugs, { replica: true })

async function slugsOn(server: PostgresServer, database = name): Promise<string[]> {
  const rows = await server.query<{ slug: string }>('SELECT slug FROM tags ORDER BY slug', database)
  return rows.map(({ slug }) => slug)
}

/** Whether strangers are answered by the copy: it holds back a tag that is deleted past Warta. */
async function isFromCopy(store: Store, primary: PostgresServer, copy: PostgresServer): Promise<boolean> {
  const before = await store.read(listSlugs)
  await until(async () => `${await slugsOn(copy)}` === `${before}`)
  await copy.replay(true)
  try {
    await primary.query(`DELETE FROM tags WHERE slug = '${before.at(-1)}'`, name)
    return (await strangers(store)).length === before.length
  } finally {
    await copy.replay(false)
  }
}

/** A primary that is lost with a change that one standby has and the one that takes its place has not. */
async function startOrphan(t: Test) {
  const { primary, database } = await startPrimary(t)
  const [next, orphan] = await Promise.all([follower(t, primary), follower(t, primary)])
  const env = {
    WARTA_DATABASE: together(database, next.url(name)),
    WARTA_DATABASE_REPLICAS: orphan.url(name),
  }
  const [writer, reader] = [await openStore(t, env, 20_000), await openStore(t, env)]
  await writer.transact((db) => writeTag(db, 'kept'))
  await until(async () => {
    const both = await Promise.all([next, orphan].map((server) => slugsOn(server).catch(() => [])))
    return both.every((slugs) => slugs.length === 1)
  })
  await next.query("ALTER SYSTEM SET primary_conninfo = ''")
  await next.query('SELECT pg_reload_conf()')
  await until(async () => (await next.query('SELECT FROM pg_stat_wal_receiver')).length === 0)
  await writer.transact((db) => writeTag(db, 'lost'))
  await until(async () => (await slugsOn(orphan)).length === 2)
  for (const store of [writer, reader]) await until(async () => (await strangers(store)).length === 2)
  t.same(await slugsOn(next), ['kept'])
  const unknowns = [0, 0]
  for (const [i, store] of [writer, reader].entries()) {
    await store.follow((news) => {
      if (news === 'unknown') unknowns[i] = (unknowns[i] ?? 0) + 1
    })
  }
  await primary.kill()
  return { writer, reader, next, orphan, env, unknowns }
}

t.test('a standby that has what was lost with its primary is not believed', async (t) => {
  const { writer, reader, next, orphan, env, unknowns } = await startOrphan(t)
  await sleep(500)
  t.same(await strangers(reader), ['kept', 'lost'], 'while there is nobody to ask, it is all there is')
  const seen: { slugs: string; at: number }[] = []
  let over = false
  const reading = (async () => {
    while (!over) {
      const slugs = await strangers(reader).catch((error: { code: string }) => [error.code])
      seen.push({ slugs: `${slugs}`, at: performance.now() })
      await sleep(5)
    }
  })()
  await next.promote()
  const promoted = performance.now()
  const slugs = ['kept']
  for (const slug of ['new-1', 'new-2', 'new-3', 'new-4', 'new-5']) {
    await writer.transact((db) => writeTag(db, slug))
    slugs.push(slug)
    for (let i = 0; i < 5; i += 1) t.same(await strangers(writer), slugs, `whoever wrote ${slug} reads it`)
    if (slug === 'new-2') await sleep(1_500)
  }
  t.same(await writer.read(listSeqs), [1, 2, 3, 4, 5, 6], 'the number of what was lost was given again')
  await sleep(1_500)
  over = true
  await reading
  const turned = seen.findIndex(({ slugs, at }) => at > promoted && !slugs.includes('lost'))
  t.ok(turned >= 0)
  const ms = (seen[turned]?.at ?? 0) - promoted
  t.comment(`another process noticed ${ms.toFixed(0)} ms after the promotion`)
  // It looks each second, and connects anew; a busy machine needs some of them for that.
  t.ok(ms < 10_000)
  t.same(
    seen.slice(turned).filter(({ slugs }) => slugs.includes('lost')),
    [],
    'and never saw again what was lost',
  )
  t.equal(seen.at(-1)?.slugs, `${slugs}`)
  t.same(await slugsOn(orphan), ['kept', 'lost'], 'the standby has it to this day')
  t.same(unknowns, [1, 1], 'followers are told once, whether a reader or a writer found out')
  const late = await openStore(t, env)
  for (let i = 0; i < 20; i += 1) t.same(await strangers(late), slugs, 'nor does who comes later')
})

t.test('nobody needs to write for that', async (t) => {
  const { writer, reader, next, unknowns } = await startOrphan(t)
  await next.promote()
  for (const store of [writer, reader]) {
    await until(async () => `${await strangers(store)}` === 'kept')
    for (let n = 0; n < 100; n += 1) {
      if (`${await strangers(store)}` !== 'kept') t.fail('what was lost came back')
      await sleep(10)
    }
  }
  t.same(unknowns, [1, 1], 'followers are told once')
})

t.test('a replica that leads to another newsroom is never read from', async (t) => {
  const { primary, database } = await startPrimary(t)
  for (const [i, mine] of [1, 5].entries()) {
    const [own, elsewhere] = [`own_${i}`, `elsewhere_${i}`]
    const url = await primary.createDatabase(own)
    const otherUrl = await primary.createDatabase(elsewhere)
    const other = await openStore(t, { WARTA_DATABASE: otherUrl })
    for (const slug of ['x', 'y', 'z']) await other.transact((db) => writeTag(db, slug))
    const store = await openStore(t, { WARTA_DATABASE: url, WARTA_DATABASE_REPLICAS: otherUrl }, 1_000)
    t.same(await strangers(store), [], 'with nothing of its own')
    const slugs = Array.from({ length: mine }, (_, n) => `mine-${n}`)
    for (const [n, slug] of slugs.entries()) {
      await store.transact((db) => writeTag(db, slug))
      for (let times = 0; times < 5; times += 1) t.same(await strangers(store), slugs.slice(0, n + 1))
    }
    await other.transact((db) => writeTag(db, 'zz'))
    await sleep(1_200)
    const read = await Promise.all(Array.from({ length: 20 }, () => strangers(store)))
    t.ok(
      read.every((found) => `${found}` === `${slugs}`),
      'and after a rest',
    )
  }
  t.match(database, name)
  const second = await startPrimary(t)
  const other = await openStore(t, { WARTA_DATABASE: second.database })
  for (const slug of ['x', 'y', 'z']) await other.transact((db) => writeTag(db, slug))
  const env = { WARTA_DATABASE: database, WARTA_DATABASE_REPLICAS: second.database }
  const store = await openStore(t, env, 1_000)
  await store.transact((db) => writeTag(db, 'mine'))
  await primary.kill()
  for (let i = 0; i < 3; i += 1) await t.rejects(strangers(store), { code: 'database_unavailable' }, 'not even alone')
})

t.test('notifications of others, whatever they say, change nothing', async (t) => {
  const { primary, database } = await startPrimary(t)
  const copy = await follower(t, primary)
  const env = { WARTA_DATABASE: database, WARTA_DATABASE_REPLICAS: copy.url(name) }
  const [one, two] = [await openStore(t, env), await openStore(t, env)]
  const heard: string[][] = [[], []]
  for (const [i, store] of [one, two].entries()) {
    await store.follow((news) => {
      if (news === 'unknown') heard[i]?.push('unknown')
      else heard[i]?.push(...news.map(({ id }) => id))
    })
  }
  const client = new Client({ connectionString: database })
  await client.connect()
  t.teardown(() => client.end())
  let over = false
  let sent = 0
  const payloads = ['abc', '999', '', '-1', '1e400', '{"seq":1}', 'é'.repeat(3_000)]
  const noise = (async () => {
    while (!over) {
      const many = payloads.map((payload) => `NOTIFY warta_changes${payload === '' ? '' : `, '${payload}'`}`)
      for (let i = 0; i < 20; i += 1) await client.query(many[i % many.length] ?? '')
      await client.query(many.join(';'))
      sent += 20 + many.length
      await sleep(2)
    }
  })()
  const slugs: string[] = []
  let stale = 0
  for (let i = 100; i < 200; i += 1) {
    const slug = `tag-${i}`
    const store = i % 2 === 0 ? one : two
    await store.transact((db) => writeTag(db, slug))
    slugs.push(slug)
    const reads = await Promise.all([strangers(store), strangers(store), store.read(listSlugs)])
    stale += reads.filter((read) => read.length !== slugs.length).length
    await sleep(5)
  }
  t.equal(stale, 0, 'whoever wrote reads what they wrote')
  const end = performance.now() + 10_000
  while (heard.some((ids) => ids.length < slugs.length) && performance.now() < end) await sleep(10)
  over = true
  await noise
  t.comment(`${sent} notifications`)
  t.ok(sent > 500)
  await sleep(1_200)
  for (const ids of heard) t.same(ids, slugs, 'a follower hears each change once, in order')
  for (const store of [one, two]) await until(() => isFromCopy(store, primary, copy))
  t.pass('and the copy is used')
  let used = false
  await Promise.all([
    until(() => isFromCopy(one, primary, copy)).finally(() => {
      used = true
    }),
    (async () => {
      for (let i = 0; i < 50 || !used; i += 1) await client.query("NOTIFY warta_changes, '999'")
    })(),
  ])
  t.pass('even while they come')
})
