import { writeSync } from 'node:fs'
import { loadConfig } from '../../src/config.ts'
import { Problem } from '../../src/errors.ts'
import { systemClock } from '../../src/lib/clock.ts'
import { openDatabase } from '../../src/storage/open.ts'
import { listSlugs, writeTag } from './stores.ts'

/**
 * A process of its own on a store, for tests of what several do at once and of what a killed one leaves behind.
 *
 *   open DATABASE                      opens, says which migrations it ran, closes
 *   write DATABASE NAME COUNT CLIENTS  clients write so many tags in all, each as soon as its last one is acknowledged;
 *                                  says `acked SLUG` or `refused CODE` for each, and at the end `read N` tags
 */
const [command, database = '', name = '', count = '0', clients = '1'] = process.argv.slice(2)

/** At once, not when the event loop comes round: a killed process may not owe what it has acknowledged. */
function say(line: string): void {
  writeSync(1, `${line}\n`)
}

try {
  const { secrets } = loadConfig({ WARTA_DATABASE: database }, {}, false)
  const store = await openDatabase(secrets.database, { clock: systemClock, busyTimeoutMs: 5_000 })
  say(`ran ${store.migrated.join(' ')}`)
  if (command === 'write') {
    let next = 0
    const client = async () => {
      while (next < Number(count)) {
        const slug = `${name}-${next++}`
        try {
          await store.transact((db) => writeTag(db, slug))
          say(`acked ${slug}`)
        } catch (error) {
          say(`refused ${error instanceof Problem ? error.code : String(error)}`)
        }
      }
    }
    await Promise.all(Array.from({ length: Number(clients) }, client))
    say(`read ${(await store.read(listSlugs)).length}`)
  }
  await store.close()
} catch (error) {
  console.error(String(error))
  process.exitCode = 1
}
