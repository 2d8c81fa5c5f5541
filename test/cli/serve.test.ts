import { createServer } from 'node:net'
import t from 'tap'
import { newSecret } from '../../src/keys/secret.ts'
import { keyIn, run, serve, until } from '../support/cli.ts'
import { newDatabase } from '../support/engines.ts'
import { send } from '../support/wire.ts'

t.test('a first start prints the admin key once, and no later one', async (t) => {
  const database = await newDatabase(t)
  const first = await serve(t, database)
  await until(() => first.out().includes('Try it:'))
  const key = keyIn(first.out()) ?? ''
  t.match(first.out(), `curl -H "Authorization: Bearer ${key}" ${first.origin}/v1/keys`)
  t.equal((await send(first.port, 'GET', '/v1/keys', { authorization: `Bearer ${key}` })).status, 200)
  t.equal(first.out().split(key).length - 1, 2, 'once to keep and once to try')
  first.process.kill('SIGTERM')
  const { code, err, out } = await first.ended
  t.same([code, err], [0, ''], 'nothing is deprecated, nothing is complained of')
  for (const line of out.split('\n').filter((line) => line.startsWith('{'))) t.notMatch(line, key, 'not in the log')

  const second = await serve(t, database)
  t.equal(keyIn(second.out()), undefined)
  t.equal((await send(second.port, 'GET', '/v1/keys', { authorization: `Bearer ${key}` })).status, 200)
})

t.test('the admin key may be chosen, and is then not printed', async (t) => {
  const key = newSecret()
  const service = await serve(t, await newDatabase(t), { env: { WARTA_ADMIN_KEY: key } })
  t.equal((await send(service.port, 'GET', '/v1/keys', { authorization: `Bearer ${key}` })).status, 200)
  t.notMatch(service.out(), key)
})

t.test('a port in use is one sentence, and the key of the new database is shown nevertheless', async (t) => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  t.teardown(() => other.close())
  const address = other.address()
  const port = String(typeof address === 'object' ? address?.port : 0)
  const database = await newDatabase(t)
  const args = ['serve', '--port', port, '--database', database]
  const first = await run(t, args)
  t.equal(first.code, 1)
  t.match(first.err, /^Cannot listen on 127\.0\.0\.1:\d+: .*EADDRINUSE.*\.\n$/)
  const key = keyIn(first.out) ?? ''
  t.ok(key)
  // The tests' own PostgreSQL syncs nothing, which is warned of.
  const again = await run(t, args, { env: { WARTA_LOG_LEVEL: 'error' } })
  t.same([again.code, again.out], [1, ''], 'and only once')
  const service = await serve(t, database)
  t.equal((await send(service.port, 'GET', '/v1/keys', { authorization: `Bearer ${key}` })).status, 200)
})

t.test('the log is lines of JSON or lines for people', async (t) => {
  const database = await newDatabase(t)
  const [json, pretty] = await Promise.all(
    ['json', 'pretty'].map((format) => serve(t, database, { env: { WARTA_LOG_FORMAT: format } })),
  )
  for (const service of [json, pretty]) if (service !== undefined) await send(service.port, 'GET', '/none?secret=1')
  for (const service of [json, pretty]) service?.process.kill('SIGINT')
  const lines = (await json?.ended)?.out.split('\n').filter((line) => line.startsWith('{')) ?? []
  const request = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'request')
  t.match(request, { level: 30, req: { method: 'GET', path: '/none' }, res: { status: 404 } })
  const text = (await pretty?.ended)?.out ?? ''
  t.match(text, /INFO.*request/)
  t.match(text, '/none')
  t.notMatch(text, 'secret')
  t.notMatch(text, /^\{"level"/m)
})
