import { setTimeout as sleep } from 'node:timers/promises'
import Database from 'better-sqlite3'
import t from 'tap'
import { newSecret } from '../../src/keys/secret.ts'
import { refuses, serve, until } from '../support/cli.ts'
import { newDatabase } from '../support/engines.ts'
import { figureOf } from '../support/figures.ts'
import { send } from '../support/wire.ts'
import { beginPost, isGone, load, logOf, posted, wholeFigures, workersOf } from '../support/workers.ts'

/** What signals do to several processes behind one port. */

const key = newSecret()
const env = { WARTA_ADMIN_KEY: key, WARTA_WORKERS: '2' }

/** Several times what all the starts here take on a machine that is busy with others. */
const longestMs = 240_000

/** A request of which a worker has read the beginning: those that come after it are dealt out in turn, and are answered. */
async function beginUnderWay(port: number, name: string) {
  const post = beginPost(port, key, name)
  for (let i = 0; i < 4; i += 1) await send(port, 'GET', '/livez')
  return post
}

t.test('workers', { timeout: longestMs }, async (t) => {
  const database = await newDatabase(t)
  const service = await serve(t, database, { env })
  const { port } = service

  await t.test('are restarted one by one at SIGHUP, and no request fails', async (t) => {
    const before = workersOf(service)
    const clients = load(t, port, key)
    await sleep(200)
    service.process.kill('SIGHUP')
    await until(() => workersOf(service).length > before.length)
    // Once more, while it is still at it.
    service.process.kill('SIGHUP')
    await until(() => workersOf(service).length === before.length + 4)
    await until(async () => before.concat(workersOf(service).slice(-4, -2)).every(isGone))
    const { failures, answered } = await clients.stop()
    t.strictSame(failures, [], `none of ${answered}`)
    t.ok(answered > 50)
    const posts = (): number =>
      logOf(service).filter(({ msg, req }) => msg === 'request' && req?.method === 'POST').length
    const page = await wholeFigures(service, key)
    // The last lines about requests may be some moments late.
    await until(() => posts() >= (figureOf(page, posted) ?? 0)).catch(() => {})
    t.equal(figureOf(page, posted), posts(), 'nothing that they counted is forgotten')
    t.same([figureOf(page, 'warta_processes'), figureOf(page, 'warta_worker_deaths_total')], [2, 0])
  })

  await t.test('stay when the new one does not start', async (t) => {
    // As if another version had written to the database.
    const sql = "INSERT INTO migrations (name, checksum, applied_at) VALUES ('9999_later.sql', 'x', '2026-11-22')"
    new Database(database).exec(sql).close()
    const before = workersOf(service).slice(-2)
    service.process.kill('SIGHUP')
    await until(() => logOf(service).some(({ msg }) => msg === 'the new worker did not start: the old ones stay'))
    t.match(service.out(), '9999_later.sql')
    t.equal(figureOf(await wholeFigures(service, key), 'warta_worker_deaths_total'), 0)
    t.same(workersOf(service).slice(-2), before)
    t.notOk(before.some(isGone))
  })

  await t.test('finish what is under way when a terminal interrupts them all', async (t) => {
    const post = await beginUnderWay(port, 'in flight')
    for (const pid of [service.process.pid ?? 0, ...workersOf(service).slice(-2)]) process.kill(pid, 'SIGINT')
    await until(() => refuses(port))
    post.finish()
    t.equal(await post.status, 201)
    const { code, signal, err } = await service.ended
    t.same([code, signal, err], [0, null, ''])
  })
})

t.test('if the process that looks after them is killed, workers finish what is under way and end', async (t) => {
  const service = await serve(t, await newDatabase(t), { env })
  const post = await beginUnderWay(service.port, 'in flight')
  service.process.kill('SIGKILL')
  await until(() => refuses(service.port))
  post.finish()
  t.equal(await post.status, 201)
  // Their output ends when the last that could write to it is gone.
  t.equal((await service.ended).signal, 'SIGKILL')
})

t.test('a worker that dies again and again is started after ever longer waits', async (t) => {
  const service = await serve(t, await newDatabase(t), { env })
  // The other one stays, and with it the port.
  for (const started of [2, 3]) {
    await until(() => workersOf(service).length === started)
    process.kill(workersOf(service)[started - 1] ?? 0, 'SIGKILL')
  }
  await until(() => workersOf(service).length === 4)
  const deaths = logOf(service).filter(({ msg }) => /^a worker (died|did not start)/.test(msg))
  const last = logOf(service).findLast(({ msg }) => msg.startsWith('Worker listening'))
  t.equal(deaths.length, 2)
  t.ok((last?.time ?? 0) - (deaths[1]?.time ?? 0) >= 1_000, 'the second time after a second')

  const post = await beginUnderWay(service.port, 'never finished')
  post.status.catch(() => {})
  service.process.kill('SIGTERM')
  await until(() => refuses(service.port))
  service.process.kill('SIGTERM')
  t.equal((await service.ended).code, 1, 'a second signal does not wait for what is under way')
})

t.test('SIGHUP ends no service that has no workers, and says what it is for', async (t) => {
  const service = await serve(t, await newDatabase(t), { env: { WARTA_ADMIN_KEY: key } })
  service.process.kill('SIGHUP')
  await until(() => logOf(service).some(({ msg }) => msg.includes('WARTA_WORKERS')))
  t.equal((await send(service.port, 'GET', '/livez')).status, 200)
  service.process.kill('SIGTERM')
  t.equal((await service.ended).code, 0)
})
