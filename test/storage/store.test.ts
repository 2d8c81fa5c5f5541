import t from 'tap'
import { Problem, raise } from '../../src/errors.ts'
import { count, eq, sql } from '../../src/storage/drizzle.ts'
import type { Read, Write } from '../../src/storage/store.ts'
import { isQuery } from '../support/queries.ts'
import { gate, hasTag, listSlugs, openBeside, testStore, writeTag } from '../support/stores.ts'

/** One of the settings of the connection behind a handle. */
async function setting(db: Read, name: string): Promise<unknown> {
  const [row] = await db.select({ value: sql`*` }).from(sql.raw(`pragma_${name}`))
  return row?.value
}

const sleep = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

t.test('what a transaction wrote is read once its promise has resolved', async (t) => {
  const { store } = await testStore(t)
  const answer = await store.transact(async (db) => {
    await writeTag(db, 'rail')
    return 'written'
  })
  t.equal(answer, 'written')
  t.same(await store.read(listSlugs), ['rail'])
  t.equal(await store.read(async () => 7), 7)
})

t.test('uncommitted rows are seen by the transaction that wrote them and by nobody else', async (t) => {
  const { store } = await testStore(t)
  const wrote = gate()
  const looked = gate()
  const writing = store.transact(async (db) => {
    await writeTag(db, 'secret')
    t.same(await listSlugs(db), ['secret'])
    wrote.open()
    await looked.opened
  })
  await wrote.opened
  t.same(await store.read(listSlugs), [])
  t.same(
    await store.read((db) =>
      db.prepared('tests.changes', (q) => q.select({ id: db.tables.changes.id }).from(db.tables.changes))(),
    ),
    [],
  )
  looked.open()
  await writing
  t.same(await store.read(listSlugs), ['secret'])
})

t.test('a transaction whose callback throws leaves nothing, whether it throws at once or later', async (t) => {
  const { store } = await testStore(t)
  const bug = new Error('a bug')
  await t.rejects(
    store.transact(async (db) => {
      await writeTag(db, 'half')
      throw bug
    }),
    bug,
  )
  await t.rejects(
    store.transact(() => {
      throw bug
    }),
    bug,
  )
  await t.rejects(
    store.transact(async (db) => {
      await writeTag(db, 'half')
      raise('slug_taken')
    }),
    { name: 'Problem', code: 'slug_taken' },
  )
  t.same(await store.read(listSlugs), [])
  await store.transact((db) => writeTag(db, 'whole'))
  t.same(await store.read(listSlugs), ['whole'])
})

t.test('an error of a statement undoes the whole transaction, its change too', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  await t.rejects(
    store.transact(async (db) => {
      await writeTag(db, 'road')
      await writeTag(db, 'rail')
    }),
    /UNIQUE/,
  )
  t.same(await store.read(listSlugs), ['rail'])
  const changes = await store.read((db) => db.select({ n: count() }).from(db.tables.changes))
  t.same(changes, [{ n: 1 }])
})

t.test('a transaction that catches the error of a statement goes on with what it wrote before', async (t) => {
  const { store } = await testStore(t)
  await store.transact(async (db) => {
    await writeTag(db, 'rail')
    await t.rejects(writeTag(db, 'rail'), /UNIQUE/)
    await writeTag(db, 'road')
  })
  t.same(await store.read(listSlugs), ['rail', 'road'])
})

t.test('a read whose callback throws rejects with that very error, whether it throws at once or later', async (t) => {
  const { store } = await testStore(t)
  const problem = new Problem('tag_not_found')
  const late = await store.read(async () => Promise.reject(problem)).catch((error) => error)
  t.equal(late, problem)
  const early = await store
    .read(() => {
      throw problem
    })
    .catch((error) => error)
  t.equal(early, problem)
  t.same(await store.read(listSlugs), [])
})

t.test('a read sees one moment while others commit, and the next one sees what they wrote', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  await store.read(async (db) => {
    t.same(await listSlugs(db), ['rail'])
    await store.transact((other) => writeTag(other, 'road'))
    t.same(await listSlugs(db), ['rail'])
    t.equal(await hasTag(db, 'road'), false)
    const [changes] = await db.select({ n: count() }).from(db.tables.changes)
    t.same(changes, { n: 1 })
    t.same(await store.read(listSlugs), ['rail', 'road'], 'one that begins later sees the latest')
  })
  t.same(await store.read(listSlugs), ['rail', 'road'])
})

t.test('handles tell one time, the one at which their callback began', async (t) => {
  const { store, clock } = await testStore(t)
  await store.transact(async (db) => {
    const began = db.now
    clock.advance(60_000)
    await writeTag(db, 'rail')
    t.equal(db.now, began)
    t.equal(began, '2026-11-22T09:00:00.000Z')
    const [row] = await db.select({ at: db.tables.changes.at }).from(db.tables.changes)
    t.equal(row?.at, began)
  })
  t.equal(await store.read(async (db) => db.now), '2026-11-22T09:01:00.000Z')
})

t.test('record writes the change in the same transaction, in the order of the commits', async (t) => {
  const { store } = await testStore(t)
  const change = { version: 3, actor: 'key-1', fields: ['title', 'slug'], tags: ['article:a1', 'section:s1'] }
  await store.transact((db) => db.record({ ...change, kind: 'article.published', id: 'a1' }))
  await t.rejects(
    store.transact(async (db) => {
      await db.record({ ...change, kind: 'article.updated', id: 'a1' })
      throw new Error('undone')
    }),
    /undone/,
  )
  await store.transact((db) => db.record({ ...change, kind: 'article.retracted', id: 'a1', version: 4 }))
  const rows = await store.read((db) => db.select().from(db.tables.changes).orderBy(db.tables.changes.seq))
  const expected = { ...change, at: '2026-11-22T09:00:00.000Z', entity: 'article', id: 'a1' }
  t.match(rows, [
    { ...expected, kind: 'article.published' },
    { ...expected, kind: 'article.retracted', version: 4 },
  ])
  t.equal(rows.length, 2)
})

t.test('afterCommit hooks run once, in order, when the rows are there for everybody', async (t) => {
  const { store } = await testStore(t)
  const events: string[] = []
  let seen: Promise<string[]> | undefined
  await store.transact(async (db) => {
    db.afterCommit(() => {
      events.push('first')
      seen = store.read(listSlugs)
    })
    db.afterCommit(() => events.push('second'))
    await writeTag(db, 'rail')
    events.push('body')
  })
  t.same(events, ['body', 'first', 'second'])
  t.same(await seen, ['rail'])
})

t.test('an afterCommit hook never runs for a rollback', async (t) => {
  const { store } = await testStore(t)
  const events: string[] = []
  await t.rejects(
    store.transact(async (db) => {
      db.afterCommit(() => events.push('hook'))
      await writeTag(db, 'rail')
      throw new Error('undone')
    }),
    /undone/,
  )
  await store.transact((db) => writeTag(db, 'road'))
  t.same(events, [])
})

t.test('an afterCommit hook may write: that is a transaction of its own', async (t) => {
  const { store } = await testStore(t)
  let later: Promise<void> | undefined
  await store.transact(async (db) => {
    await writeTag(db, 'rail')
    db.afterCommit(() => {
      later = store.transact((other) => writeTag(other, 'road'))
    })
  })
  await later
  t.same(await store.read(listSlugs), ['rail', 'road'])
})

t.test('a hook that throws undoes nothing, is said aloud, and keeps nobody from running', async (t) => {
  const { store } = await testStore(t)
  const warnings: Error[] = []
  const listen = (warning: Error) => warnings.push(warning)
  process.on('warning', listen)
  t.teardown(() => process.off('warning', listen))
  const events: string[] = []
  const write = (slug: string) =>
    store.transact(async (db) => {
      await writeTag(db, slug)
      db.afterCommit(() => {
        throw new Error(`the hook of ${slug}`)
      })
      db.afterCommit(() => events.push(slug))
      return slug
    })
  t.same(await Promise.all([write('rail'), write('road')]), ['rail', 'road'])
  t.same(events, ['rail', 'road'])
  await store.transact((db) => writeTag(db, 'river'))
  t.same(await store.read(listSlugs), ['rail', 'river', 'road'])
  await sleep(1)
  t.same(
    warnings.map(({ message }) => message),
    ['the hook of rail', 'the hook of road'],
  )
})

t.test('a handle is dead once its callback has settled', async (t) => {
  const dead = /callback has ended/
  const { store } = await testStore(t)
  const reads: Read[] = []
  const keep = async (db: Read) => {
    reads.push(db)
    await listSlugs(db)
  }
  await store.read(keep)
  await store.read(keep)
  await store.transact(keep)
  await store
    .transact(async (db) => {
      await keep(db)
      throw new Error('undone')
    })
    .catch(() => {})
  t.equal(reads.length, 4)
  for (const db of reads) {
    await t.rejects(listSlugs(db), dead)
    await t.rejects(db.prepared('tests.slugs', (q) => q.select().from(db.tables.tags))(), dead)
  }
  const [db] = reads.slice(2) as Write[]
  if (db === undefined) return
  await t.rejects(writeTag(db, 'late'), dead)
  await t.rejects(async () => db.update(db.tables.tags).set({ name: 'late' }), dead)
  await t.rejects(async () => db.delete(db.tables.tags), dead)
  await t.rejects(db.record({ kind: 'tag.late', id: 'x', version: 1, actor: 'x', fields: [], tags: [] }), dead)
  t.throws(() => db.afterCommit(() => t.fail('a late hook ran')), dead)
  await store.transact((other) => writeTag(other, 'next'))
  t.same(await store.read(listSlugs), ['next'])
})

t.test('a query made while the handle lived does not run after it, not even into the next transaction', async (t) => {
  const { store } = await testStore(t)
  const kept = await store.transact(async (db) => {
    await writeTag(db, 'rail')
    const { tags } = db.tables
    return {
      built: db.delete(tags).where(eq(tags.slug, 'rail')),
      ready: db.delete(tags).where(eq(tags.slug, 'rail')).prepare(),
      rows: db.prepared('tests.rows', (q) => q.select({ id: tags.id }).from(tags)),
    }
  })
  await store.transact(async (db) => {
    await writeTag(db, 'road')
    await t.rejects(async () => kept.built, /callback has ended/)
    t.throws(() => kept.ready.run(), /callback has ended/)
    await t.rejects(kept.rows(), /callback has ended/)
  })
  t.same(await store.read(listSlugs), ['rail', 'road'])
})

t.test('a write through a reader is refused by the engine itself', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  await t.rejects(
    store.read((db) =>
      db.prepared('tests.delete', (q) =>
        // The type of a reader has no delete; whoever gets round it meets SQLite.
        (q as unknown as Write).delete(db.tables.tags).returning(),
      )(),
    ),
    { cause: { code: 'SQLITE_READONLY' } },
  )
  t.equal(await store.read((db) => setting(db, 'query_only')), 1)
  t.same(await store.read(listSlugs), ['rail'])
})

t.test('every connection keeps what it acknowledged, also after the file is opened again', async (t) => {
  const first = await testStore(t)
  const check = async ({ store }: typeof first, when: string) => {
    for (const [who, ask] of Object.entries({
      reader: (name: string) => store.read((db) => setting(db, name)),
      writer: (name: string) => store.transact((db) => setting(db, name)),
    })) {
      t.equal(await ask('synchronous'), 2, `${who}, ${when}: synchronous is FULL`)
      t.equal(await ask('journal_mode'), 'wal', `${who}, ${when}`)
      t.equal(await ask('foreign_keys'), 1, `${who}, ${when}`)
      t.equal(await ask('trusted_schema'), 0, `${who}, ${when}`)
    }
  }
  await check(first, 'on a new file')
  await first.store.close()
  for (const time of ['second', 'third']) {
    const again = await testStore(t, { path: first.file })
    await check(again, `opened a ${time} time`)
    await again.store.close()
  }
})

t.test('foreign keys hold in every transaction', async (t) => {
  const { store } = await testStore(t)
  await t.rejects(
    store.transact((db) =>
      db.insert(db.tables.articleTags).values({ articleId: 'none', stage: 'live', position: 0, tagId: 'none' }),
    ),
    /FOREIGN KEY/,
  )
})

t.test('a prepared query is built once, and takes new inputs each time', async (t) => {
  const { store, statements } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  await store.transact((db) => writeTag(db, 'road'))
  let built = 0
  const find = (db: Read, slug: string) => {
    const { tags } = db.tables
    return db.prepared('tests.find', (q) => {
      built += 1
      return q
        .select({ slug: tags.slug })
        .from(tags)
        .where(eq(tags.slug, sql.placeholder('slug')))
    })({ slug })
  }
  statements.length = 0
  for (const slug of ['rail', 'road', 'none']) {
    t.same(await store.read((db) => find(db, slug)), slug === 'none' ? [] : [{ slug }])
  }
  t.equal(built, 1)
  t.equal(statements.filter(isQuery).length, 3, 'one statement for each question')
})

t.test('queries of one text that want rows of different shapes do not disturb each other', async (t) => {
  const { store } = await testStore(t)
  await store.transact((db) => writeTag(db, 'rail'))
  await store.read(async (db) => {
    const { tags } = db.tables
    const asked = db.select({ slug: tags.slug }).from(tags).prepare()
    t.same(asked.all(), [{ slug: 'rail' }])
    t.same(asked.values(), [['rail']])
    t.same(asked.all(), [{ slug: 'rail' }])
    t.same(asked.get(), { slug: 'rail' })
    t.same(await listSlugs(db), ['rail'])
  })
})

t.test('what a callback gets is never another one’s: many at once each see their own rows', async (t) => {
  const { store } = await testStore(t)
  const slugs = Array.from({ length: 200 }, (_, i) => `tag-${i}`)
  await Promise.all(
    slugs.map((slug, i) =>
      store
        .transact(async (db) => {
          await writeTag(db, slug)
          if (i % 3 === 0) throw new Error('undone')
          t.equal(await hasTag(db, slug), true)
        })
        .catch(() => {}),
    ),
  )
  const kept = slugs.filter((_, i) => i % 3 !== 0).sort()
  t.same(await store.read(listSlugs), kept)
  const changes = await store.read((db) => db.select({ id: db.tables.changes.id }).from(db.tables.changes))
  t.same(changes.map(({ id }) => id).sort(), kept, 'each tag has its change and no other has')
})

t.test('close waits for the writes and reads that are under way or waiting', async (t) => {
  const { store, file } = await testStore(t)
  const began = gate()
  const held = gate()
  const events: string[] = []
  const reading = () =>
    store.read(async (db) => {
      await listSlugs(db)
      await held.opened
      events.push(`read ${(await listSlugs(db)).length}`)
    })
  const writing = store.transact(async (db) => {
    began.open()
    await held.opened
    await writeTag(db, 'rail')
  })
  const reads = [reading(), reading()]
  await began.opened
  const waiting = store.transact((db) => writeTag(db, 'road'))
  const closing = store.close().then(() => events.push('closed'))
  await sleep(20)
  t.same(events, [])
  held.open()
  await Promise.all([writing, waiting, ...reads, closing])
  t.equal(events.at(-1), 'closed')
  t.equal(events.length, 3)
  await t.rejects(store.read(listSlugs))
  await t.rejects(store.transact((db) => writeTag(db, 'late')))
  await store.close()
  t.same(await testStore(t, { path: file }).store.read(listSlugs), ['rail', 'road'])
})

t.test('writable says whether the next write can succeed', async (t) => {
  const { store, file } = await testStore(t)
  t.equal(await store.writable(), true)
  const other = openBeside(t, file)
  other.exec('BEGIN IMMEDIATE')
  t.equal(await store.writable(), true, 'another that writes shows that it can be done')
  other.exec('ROLLBACK')
  await store.close()
  t.equal(await store.writable(), false)
})
