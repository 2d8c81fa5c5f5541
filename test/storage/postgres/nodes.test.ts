import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import t, { type Test } from 'tap'
import type { LoggedChange, Store } from '../../../src/storage/store.ts'
import { type Service, until } from '../../support/cli.ts'
import { engines, folderOf } from '../../support/engines.ts'
import { ask, checkKept, expect, load, median, node, openStore } from '../../support/nodes.ts'
import { startPostgres } from '../../support/postgres.ts'
import { writeTag } from '../../support/stores.ts'

/** Several processes on one database. They know of each other only what the database says. */

const server = await startPostgres()
t.teardown(() => server.dispose())
t.jobs = 2

interface Place {
  database: string
  /** one statement of SQL that reads, past Warta */
  query<Row extends Record<string, unknown>>(sql: string): Promise<Row[]>
}

let places = 0

const newPlace = {
  sqlite: async (t: Test): Promise<Place> => {
    const database = join(folderOf(t), 'warta.db')
    const query: Place['query'] = async <Row>(sql: string) => {
      const db = new Database(database, { readonly: true })
      try {
        return db.prepare(sql).all() as Row[]
      } finally {
        db.close()
      }
    }
    return { database, query }
  },
  postgres: async (): Promise<Place> => {
    const name = `nodes_${places++}`
    return { database: await server.createDatabase(name), query: (sql) => server.query(sql, name) }
  },
}

const first = ([one]: readonly Service[]) => one as Service
const pick = (nodes: readonly Service[], i: number) => nodes[i % nodes.length] as Service
const tagged = (changes: readonly LoggedChange[]) => changes.filter(({ kind }) => kind === 'tag.created')

for (const engine of engines) {
  t.test(`three nodes on one database (${engine})`, { buffered: true }, async (t) => {
    const { database, query } = await newPlace[engine](t)
    const nodes = await Promise.all([1, 2, 3].map(() => node(t, database)))

    await t.test('what is written through one is read through the others at once', async (t) => {
      const { body: made } = await expect(201, first(nodes), 'POST', '/v1/tags', {
        keyed: true,
        body: { name: 'Version 1' },
      })
      let stale = 0
      for (let version = 1; version <= 200; version += 1) {
        const name = `Version ${version + 1}`
        const path = `/v1/tags/${made.id}`
        await expect(200, pick(nodes, version), 'PATCH', path, { keyed: true, version, body: { name } })
        const keyed = version % 2 === 0
        const { body } = await expect(200, pick(nodes, version + 1), 'GET', path, { keyed })
        if (body.version !== version + 1 || body.name !== name) stale += 1
      }
      t.equal(stale, 0)
    })

    await t.test('a key that is revoked or rotated through one is refused by the others', async (t) => {
      const body = { name: 'desk', role: 'writer' }
      const { body: made } = await expect(201, first(nodes), 'POST', '/v1/keys', { keyed: true, body })
      const path = '/v1/articles?stage=working'
      for (const one of nodes) await expect(200, one, 'GET', path, { as: made.secret })
      const { body: rotated } = await expect(200, pick(nodes, 1), 'POST', `/v1/keys/${made.id}/rotate`, {
        keyed: true,
        body: { overlapSeconds: 0 },
      })
      for (const one of nodes) {
        await expect(401, one, 'GET', path, { as: made.secret })
        await expect(200, one, 'GET', path, { as: rotated.secret })
      }
      await expect(204, pick(nodes, 2), 'DELETE', `/v1/keys/${made.id}`, { keyed: true })
      for (const one of nodes) await expect(401, one, 'GET', path, { as: rotated.secret })
      t.pass('each at the first request after the answer')
    })

    await t.test('of forty edits of one version through two nodes exactly one wins', async (t) => {
      const body = { title: 'Rail strike', pages: [{ body: 'The trains stand.' }] }
      const { body: article } = await expect(201, first(nodes), 'POST', '/v1/articles', { keyed: true, body })
      const path = `/v1/articles/${article.id}`
      for (let version = article.version; version < article.version + 5; version += 1) {
        const replies = await Promise.all(
          Array.from({ length: 40 }, (_, i) =>
            ask(pick(nodes, i % 2), 'PATCH', path, {
              ...{ keyed: true, version },
              body: { title: `Version ${version}, edit ${i}` },
            }),
          ),
        )
        const won = replies.filter(({ status }) => status === 200)
        t.equal(won.length, 1, 'one wins')
        t.equal(replies.filter(({ status }) => status === 412).length, 39, 'all others are told of it')
        const { body: now } = await expect(200, pick(nodes, 2), 'GET', `${path}?stage=working`, { keyed: true })
        t.match(now, { title: won[0]?.body.title, version: version + 1 }, 'and theirs is what is there')
      }
    })

    await t.test('a slug that is claimed through two nodes at once is given once', async (t) => {
      const outcomes = new Set<string>()
      for (let i = 0; i < 20; i += 1) {
        const claim = (at: number) =>
          ask(pick(nodes, at), 'POST', '/v1/tags', { keyed: true, body: { name: `Claim ${at}`, slug: `claim-${i}` } })
        const replies = await Promise.all([claim(i), claim(i + 1)])
        outcomes.add(String(replies.map(({ status }) => status).sort()))
      }
      t.same([...outcomes], ['201,409'])
    })

    await t.test('the changes are numbered without a gap in the order of the commits', async (t) => {
      const store = await openStore(t, { WARTA_DATABASE: database })
      const seqs = (store: Store) =>
        store.read(async (db) => {
          const { changes } = db.tables
          return (await db.select({ seq: changes.seq }).from(changes).orderBy(changes.seq)).map(({ seq }) => seq)
        })
      const heard: LoggedChange[] = []
      const before = (await seqs(store)).length
      await store.follow((news) => (news === 'unknown' ? t.fail('nothing is unknown') : heard.push(...news)))
      const shared = await Promise.all(
        [0, 1, 2, 3].map(async (i) => {
          const body = { name: `Shared ${i}` }
          return (await expect(201, first(nodes), 'POST', '/v1/tags', { keyed: true, body })).body.id as string
        }),
      )
      let over = false
      let looks = 0
      const looking = (async () => {
        while (!over) {
          const all = await seqs(store)
          const gap = all.findIndex((seq, at) => seq !== at + 1)
          if (gap >= 0) t.fail(`a snapshot had ${all[gap]} where ${gap + 1} belongs`)
          looks += 1
          await sleep(5)
        }
      })()
      // All three edit all four: whoever is too late looks at the version and tries again.
      const writing = nodes.flatMap((one, at) =>
        shared.map(async (id) => {
          for (let kept = 0; kept < 15; ) {
            const { body: now } = await expect(200, one, 'GET', `/v1/tags/${id}`, { keyed: true })
            const { status } = await ask(one, 'PATCH', `/v1/tags/${id}`, {
              ...{ keyed: true, version: now.version },
              body: { name: `Node ${at}, version ${now.version + 1}` },
            })
            if (status === 200) kept += 1
            else if (status !== 412) t.fail(`an edit was answered ${status}`)
          }
        }),
      )
      await Promise.all(writing)
      over = true
      await looking
      t.ok(looks > 10, `${looks} snapshots`)
      const total = before + shared.length + nodes.length * shared.length * 15
      await until(() => heard.length >= total - before)
      await sleep(500)
      t.same(
        heard.map(({ seq }) => seq),
        Array.from({ length: total - before }, (_, i) => before + i + 1),
        'a follower heard each once and in order',
      )
      const rows = await query<{ id: string; version: string }>('SELECT id, version FROM changes ORDER BY seq')
      t.equal(rows.length, total)
      const versions = new Map<string, number>()
      for (const { id, version } of rows) {
        if (Number(version) !== (versions.get(id) ?? 0) + 1) t.fail(`version ${version} of ${id} has another place`)
        versions.set(id, Number(version))
      }
      for (const id of shared) t.equal(versions.get(id), 46, 'every edit made the next version')
    })

    await t.test('a follower hears at once what another process wrote', async (t) => {
      const store = await openStore(t, { WARTA_DATABASE: database })
      const at = new Map<string, number>()
      await store.follow((news) => {
        for (const { id } of news === 'unknown' ? [] : tagged(news)) at.set(id, performance.now())
      })
      await sleep(300)
      const waits: number[] = []
      for (let i = 0; i < 15; i += 1) {
        const body = { name: `Heard ${i}` }
        const { body: made } = await expect(201, pick(nodes, i), 'POST', '/v1/tags', { keyed: true, body })
        const answered = performance.now()
        await until(() => at.has(made.id))
        waits.push(Math.max(0, (at.get(made.id) ?? 0) - answered))
        await sleep(i % 7)
      }
      t.comment(`heard after ${median(waits).toFixed(1)} ms (median), ${Math.max(...waits).toFixed(0)} ms at most`)
      t.ok(median(waits) < 300, `${median(waits)} ms in the middle`)
      // Who is not told looks after a second at most, on a machine that lets it.
      t.ok(Math.max(...waits) < 5_000, `${Math.max(...waits)} ms at most`)
    })

    await t.test('when one is killed the others go on, and nothing that was acknowledged is lost', async (t) => {
      const gone = new Set<number>()
      const { database, query } = await newPlace[engine](t)
      const pair = await Promise.all([node(t, database), node(t, database)])
      const writing = load(pair, 'killed', { clients: 4, gone })
      await sleep(700)
      gone.add(1)
      const killed = performance.now()
      pair[1]?.process.kill('SIGKILL')
      await until(() => [...writing.kept.values()].some(({ at }) => at > killed + 300))
      await writing.stop()
      const next = [...writing.kept.values()].filter(({ node, at }) => node === 0 && at > killed).map(({ at }) => at)
      t.comment(`the next write was kept ${(Math.min(...next) - killed).toFixed(0)} ms after the kill`)
      // A turn in which nothing is done is taken away after ten seconds.
      t.ok(Math.min(...next) - killed < 7_000, 'the other goes on')
      t.same(writing.faults, [])
      t.equal(writing.counts['write 503'], undefined, 'and nobody is refused')
      await checkKept(t, writing, query)
    })
  })
}

t.test('followers whose connection is cut again and again hear every change once, and soon', async (t) => {
  const name = 'nodes_cut'
  const database = await server.createDatabase(name)
  const writer = await openStore(t, { WARTA_DATABASE: database })
  const followers = await Promise.all(
    [1, 2, 3, 4, 5].map(async () => {
      const store = await openStore(t, { WARTA_DATABASE: database })
      const heard: { id: string; at: number }[] = []
      await store.follow((news) => {
        if (news === 'unknown') return t.fail('nothing is unknown')
        for (const { id } of news) heard.push({ id, at: performance.now() })
      })
      return heard
    }),
  )
  const written: { id: string; at: number }[] = []
  let cuts = 0
  let over = false
  const writing = (async () => {
    while (!over) {
      const id = `cut-${written.length}`
      await writer.transact((db) => writeTag(db, id))
      written.push({ id, at: performance.now() })
      await sleep(15)
    }
  })()
  const end = performance.now() + 60_000
  while (cuts < 20 && performance.now() < end) {
    const cut = await server.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = '${name}'`,
    )
    cuts += cut.length
    await sleep(100)
  }
  over = true
  await writing
  t.ok(cuts >= 20, `${cuts} were cut`)
  for (const heard of followers) {
    await until(() => heard.length >= written.length)
    t.same(
      heard.map(({ id }) => id),
      written.map(({ id }) => id),
      'each once and in order',
    )
    const waits = heard.map(({ at }, i) => Math.max(0, at - (written[i]?.at ?? 0)))
    t.comment(
      `${waits.length} heard: ${median(waits).toFixed(0)} ms (median), ${Math.max(...waits).toFixed(0)} at most`,
    )
    // Who is not told looks after a second at most, on a machine that lets it.
    t.ok(Math.max(...waits) < 5_000, `${Math.max(...waits)} ms at most`)
  }
})
