import { writeSync } from 'node:fs'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import { createLog } from '../../src/log.ts'
import { createRenderer } from '../../src/markdown/renderer.ts'
import { openDatabase } from '../../src/storage/open.ts'
import { sharedSecret } from '../../src/storage/secrets.ts'
import { createClock } from './clock.ts'

/**
 * A service that commits what it is asked for and never comes to answer, but for its first writes, as many as are given:
 * says first where it listens, then `committed` for each write that is on disk.
 */
const [database = '', answered = '0'] = process.argv.slice(2)
const { config, secrets } = loadConfig({ WARTA_DATABASE: database }, {}, false)
const clock = createClock()
const store = await openDatabase(secrets.database, { clock, busyTimeoutMs: 20_000 })
const secret = await sharedSecret(store, 'cursors')
const transact = store.transact.bind(store)
let left = Number(answered)
store.transact = async (fn) => {
  const result = await transact(fn)
  writeSync(1, 'committed\n')
  left -= 1
  return left >= 0 ? result : new Promise<never>(() => {})
}
const renderer = createRenderer({ timeoutMs: config.renderTimeoutMs })
const log = createLog({ level: 'silent', format: 'json' })
const app = await buildApp({ config, store, renderer, secret, log, clock })
writeSync(1, `${await app.listen({ host: '127.0.0.1', port: 0 })}\n`)
