import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import t from 'tap'
import { testApp } from '../support/app.ts'
import { until } from '../support/cli.ts'
import { newDatabase } from '../support/engines.ts'
import { makeDraft, makeSection } from '../support/factories.ts'
import { ask, expect, node } from '../support/nodes.ts'
import { dump } from '../support/operations.ts'

/** What an Idempotency-Key is for: whoever was cut off sends again, to whatever process is there. */

t.test(
  'killed between the commit and its answer, the retry gets the first answer, and nothing is done twice',
  async (t) => {
    const app = await testApp(t)
    const draft = await makeDraft(app, { section: (await makeSection(app)).id })
    const script = new URL('../support/cut-off-process.ts', import.meta.url).pathname
    const child = spawn(process.execPath, [script, app.database], { stdio: ['ignore', 'pipe', 'inherit'] })
    t.teardown(() => child.kill('SIGKILL'))
    const said: string[] = []
    createInterface({ input: child.stdout }).on('line', (line) => said.push(line))
    await until(() => said.length === 1)
    const [origin] = said

    const requests = [
      { url: '/v1/tags', body: { name: 'Rail' } },
      { url: '/v1/articles', body: { title: 'Ferries', pages: [{ body: 'They sail.' }] } },
      { url: `/v1/articles/${draft.id}/publish`, version: '1' },
      { url: '/v1/keys', body: { name: 'desk', role: 'reader' } },
    ]
    const cutOff = requests.map(({ url, body, version }) =>
      fetch(`${origin}${url}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${app.keys.admin}`,
          'idempotency-key': url,
          ...(version !== undefined && { 'if-match': version }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      }).then(
        ({ status }) => `answered ${status}`,
        () => 'cut off',
      ),
    )
    await until(() => said.length === 1 + requests.length)
    child.kill('SIGKILL')
    await once(child, 'exit')
    t.same(
      await Promise.all(cutOff),
      requests.map(() => 'cut off'),
    )

    const before = await dump(app.store)
    for (const { url, body, version } of requests) {
      const headers = { 'idempotency-key': url, ...(version !== undefined && { 'if-match': version }) }
      const retry = await app.call('POST', url, { as: 'admin', headers, ...(body !== undefined && { body }) })
      t.equal(retry.status, url.endsWith('/publish') ? 200 : 201)
      t.equal(retry.headers['idempotency-replayed'], 'true')
      t.ok(before.includes(retry.body.id), 'it tells of what was made then')
      if (url === '/v1/keys') t.equal((await app.call('GET', '/v1/tags', { key: retry.body.secret })).status, 200)
    }
    t.equal(await dump(app.store), before)
  },
)

t.test(
  'of many sent at once to two processes one has an effect, and all who are answered get its answer',
  async (t) => {
    const database = await newDatabase(t)
    // One after the other: both give a new database its first key.
    const services = [await node(t, database), await node(t, database)]
    const asking = { keyed: true, headers: { 'idempotency-key': 'all' }, body: { name: 'Rail' } }
    const sent = services.flatMap((service) =>
      Array.from({ length: 20 }, () => ask(service, 'POST', '/v1/tags', asking)),
    )
    const answers = await Promise.all(sent)
    t.same(
      answers.filter(({ status, faults }) => ![201, 409].includes(status) || faults.length > 0),
      [],
    )
    const made = answers.filter(({ status }) => status === 201)
    t.equal(made.filter(({ headers }) => headers['idempotency-replayed'] === undefined).length, 1)
    t.equal(new Set(made.map(({ body, headers }) => `${body.id} ${headers.etag} ${headers.location}`)).size, 1)
    for (const service of services) {
      const { body } = await expect(201, service, 'POST', '/v1/tags', asking)
      t.equal(body.id, made[0]?.body.id, 'and so does whoever comes later, of either process')
      t.equal((await expect(200, service, 'GET', '/v1/tags?count=exact')).body.page.total, 1)
    }
  },
)
