import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { type Role, roles } from '../../src/access.ts'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createKey, operator } from '../../src/keys/keys.ts'
import { createLog } from '../../src/log.ts'
import { createRenderer } from '../../src/markdown/renderer.ts'
import { openDatabase } from '../../src/storage/open.ts'
import { sharedSecret } from '../../src/storage/secrets.ts'
import { createClock } from '../support/clock.ts'
import { chapters } from './chapters.ts'
import { Desk, type Entry } from './desk.ts'
import { fixChanceAndTime } from './fixed.ts'

/**
 * A process that asks the whole service, over real HTTP, a fixed list of things in a world without chance, and writes down
 * what it answers: `process.ts DATABASE TRANSCRIPT`. On standard output are only failures of the service.
 */
const [database = '', path = ''] = process.argv.slice(2)
const clock = createClock()
const { reseed } = fixChanceAndTime(clock.now)
const { config, secrets } = loadConfig({ WARTA_DATABASE: database, WARTA_RENDER_TIMEOUT_MS: '60000' }, {}, false)
const store = await openDatabase(secrets.database, { clock, busyTimeoutMs: 60_000 })
const renderer = createRenderer({ timeoutMs: config.renderTimeoutMs })
const keys = await store.transact(async (db) => {
  const made = []
  for (const role of roles) {
    const { secret } = await createKey(db, { name: `the ${role}`, role, expiresAt: null }, operator)
    made.push([role, secret])
  }
  return Object.fromEntries(made) as Record<Role, string>
})
const secret = await sharedSecret(store, 'cursors')
const log = createLog({ level: 'error', format: 'json' })
const app = await buildApp({ config, store, renderer, secret, log, clock })
await app.listen({ host: '127.0.0.1', port: 0 })
const address = app.server.address()
const port = typeof address === 'object' && address !== null ? address.port : 0

const transcript = createWriteStream(path)
/** An entry a line; what counts as the end of one in some readers is escaped. */
const write = (entry: Entry): void => {
  const line = JSON.stringify(entry).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`)
  transcript.write(`${line}\n`)
}
/** Each looks for as long as a request waits for the news; a busy machine has some seconds for what takes a millisecond. */
const mostLooks = 200
/**
 * PostgreSQL tells of a write a moment after it. A request that is told too late keeps no answer, and the next one like it
 * gets its headers in another order, which would be a difference of moments and not of engines.
 */
const settled = async (): Promise<void> => {
  for (let looks = 0; !store.isCurrent(); looks += 1) {
    if (looks === mostLooks) throw new Error('What was written is not heard of.')
    await store.catchUp()
  }
}
const desk = new Desk({ port, clock, keys, reseed, settled, write })
for (const [name, chapter] of Object.entries(chapters)) {
  desk.chapter = name
  await chapter(desk)
}
transcript.end()
await finished(transcript)
await app.close()
await renderer.close()
await store.close()
