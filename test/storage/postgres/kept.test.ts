import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { until } from '../../support/cli.ts'
import { ask, expect, node } from '../../support/nodes.ts'
import { startPostgres } from '../../support/postgres.ts'
import { startProxy } from '../../support/proxy.ts'

/** Answers that a service keeps while its database says nothing, or is away. */

/** Three looks, of a second each: whoever has not been told by then that all is as it was does not say so. */
const longestUntold = 3_000

const primary = await startPostgres()
t.teardown(() => primary.dispose())

// It mostly waits.
t.jobs = 2

for (const [what, is] of [
  ['says nothing', 'silent'],
  ['is away', 'away'],
] as const) {
  t.test(`of a database that ${what} nothing is told that may be over`, { buffered: true }, async (t) => {
    const database = await primary.createDatabase(`kept_${is}`)
    const proxy = await startProxy(t, database)
    // A request is refused after a second of waiting, and not after five.
    const settings = { WARTA_BUSY_TIMEOUT_MS: '1000' }
    const near = await node(t, database)
    const far = await node(t, proxy.url, settings)
    const { body: tag } = await expect(201, near, 'POST', '/v1/tags', { keyed: true, body: { name: 'Before' } })
    const url = `/v1/tags/${tag.id}`
    const name = async () => (await ask(far, 'GET', url)).body.name
    await until(async () => (await name()) === 'Before')

    proxy[is](true)
    const { body } = await expect(200, near, 'PATCH', url, {
      keyed: true,
      version: tag.version,
      body: { name: 'After' },
    })
    t.equal(body.name, 'After')
    await sleep(longestUntold)
    const late = await Promise.all([ask(far, 'GET', url), ask(far, 'GET', url), ask(far, 'GET', '/v1/tags')])
    for (const { status, headers, faults } of late) {
      t.equal(status, 503)
      t.ok(headers['retry-after'])
      t.same(faults, [])
    }
    proxy[is](false)
    await until(async () => (await name()) === 'After')
    t.equal(far.process.exitCode, null, 'and it runs on')
    t.notMatch(far.out(), /"level":(50|60)/)
  })
}
