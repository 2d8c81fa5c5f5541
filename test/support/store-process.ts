import { writeSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { loadConfig } from '../../src/config.ts'
import { Problem } from '../../src/errors.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { count, eq, sql } from '../../src/storage/drizzle.ts'
import { openDatabase } from '../../src/storage/open.ts'
import type { Store, Write } from '../../src/storage/store.ts'
import { listSlugs, writeTag } from './stores.ts'

/**
 * A process of its own on a store, for tests of what several do at once and of what a killed one leaves behind. Each says
 * first `ran MIGRATIONS`.
 *
 *   open DATABASE                      opens and closes
 *   write DATABASE NAME COUNT CLIENTS  clients write so many tags in all, each as soon as its last one is acknowledged;
 *                                      says `acked SLUG` or `refused CODE` for each, and at the end `read N` tags
 *   hold DATABASE NAME MS              writes a tag, says `holding` in the middle of its transaction, and goes on after so
 *                                      long; then as `write`
 *   count DATABASE NAME TIMES          adds one to a number so often, by reading it and writing what comes after it
 *   doctors DATABASE NAME PEER ROUNDS  in each round goes off duty if both are on duty, when its peer has come to it too
 */
const [command, database = '', name = '', third = '0', fourth = '1'] = process.argv.slice(2)

/** At once, not when the event loop comes round: a killed process may not owe what it has acknowledged. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}

/** Says what became of a tag. */
async function keep(store: Store, slug: string, fn: (db: Write) => Promise<void>): Promise<void> {
  try {
    await store.transact(fn)
    say(`acked ${slug}`)
  } catch (error) {
    say(`refused ${error instanceof Problem ? error.code : String(error)}`)
  }
}

async function write(store: Store, total: number, clients: number): Promise<void> {
  let next = 0
  const client = async () => {
    while (next < total) {
      const slug = `${name}-${next++}`
      await keep(store, slug, (db) => writeTag(db, slug))
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  say(`read ${(await store.read(listSlugs)).length}`)
}

async function hold(store: Store, milliseconds: number): Promise<void> {
  await keep(store, name, async (db) => {
    await writeTag(db, name)
    say('holding')
    await sleep(milliseconds)
    await writeTag(db, `${name}-too`)
  })
}

async function countUp(store: Store, times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) {
    await store.transact(async (db) => {
      const { secrets } = db.tables
      const [row] = await db.select().from(secrets).where(eq(secrets.name, name))
      await db
        .update(secrets)
        .set({ value: String(Number(row?.value) + 1) })
        .where(eq(secrets.name, name))
    })
  }
}

/** Two doctors are on duty, and one may leave only while the other stays: the example of write skew. */
async function doctors(store: Store, peer: string, rounds: number): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const of = (who: string) => `round ${round}: ${who}`
    await store.transact((db) => db.insert(db.tables.secrets).values({ name: of(name), value: 'on duty' }))
    const both = (db: Pick<Write, 'select' | 'tables'>) =>
      db
        .select({ n: count() })
        .from(db.tables.secrets)
        .where(sql`${db.tables.secrets.name} like ${of('%')}`)
    while ((await store.read(both))[0]?.n !== 2) await sleep(1)
    await store.transact(async (db) => {
      const { secrets } = db.tables
      const [other] = await db
        .select()
        .from(secrets)
        .where(eq(secrets.name, of(peer)))
      if (other?.value === 'off') return
      await db
        .update(secrets)
        .set({ value: 'off' })
        .where(eq(secrets.name, of(name)))
    })
  }
}

try {
  const { secrets } = loadConfig({ WARTA_DATABASE: database }, {}, false)
  // Four times what a service waits, for machines that are as much slower: others have their turns meanwhile.
  const store = await openDatabase(secrets.database, { clock: systemClock, busyTimeoutMs: 20_000 })
  say(`ran ${store.migrated.join(' ')}`)
  if (command === 'write') await write(store, Number(third), Number(fourth))
  if (command === 'hold') await hold(store, Number(third))
  if (command === 'count') await countUp(store, Number(third))
  if (command === 'doctors') await doctors(store, third, Number(fourth))
  await store.close()
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
