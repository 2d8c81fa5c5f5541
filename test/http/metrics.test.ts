import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createMetrics } from '../../src/http/metrics.ts'
import { pageOf } from '../../src/lib/figures.ts'
import { everyone, testApp } from '../support/app.ts'
import { figureOf, readFigures } from '../support/figures.ts'

t.test('only admins read the figures, which tell of work that is not published', async (t) => {
  const app = await testApp(t)
  for (const as of everyone) {
    const { status, text } = await app.call('GET', '/metrics', { as })
    t.equal(status, as === 'stranger' ? 401 : as === 'admin' ? 200 : 403, as)
    if (as !== 'admin') t.notMatch(text, 'warta_http')
  }
  const { headers } = await app.call('GET', '/metrics', { as: 'admin' })
  t.equal(headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8')
  t.equal(headers['cache-control'], 'private, no-store')
  t.equal(headers.etag, undefined, 'no two of them are the same')
  const accept =
    'application/openmetrics-text;version=1.0.0;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2'
  t.equal((await app.call('GET', '/metrics', { as: 'admin', headers: { accept } })).status, 200, 'as Prometheus asks')
})

t.test('every answer is counted by the pattern of its route, and by nothing that strangers can choose', async (t) => {
  const app = await testApp(t)
  await app.call('POST', '/v1/tags', { as: 'editor', body: { name: 'Rail' } })
  for (const slug of ['rail', 'rail', 'none', 'other"\\\n'])
    await app.call('GET', `/v1/tags/${encodeURIComponent(slug)}`)
  await app.call('HEAD', '/v1/tags/rail')
  await app.call('PUT', '/v1/tags', { as: 'editor' })
  await app.call('OPTIONS', '/v1/tags')
  for (const path of ['/none', '/v1/none?a=b', '/%zz', `/${'x'.repeat(20_000)}`]) await app.call('GET', path)
  const { text } = await app.call('GET', '/metrics', { as: 'admin' })
  const { samples } = readFigures(text).get('warta_http_requests_total') ?? { samples: new Map() }
  t.same(Object.fromEntries(samples), {
    'warta_http_requests_total{method="POST",route="/v1/tags",status="2xx"}': 1,
    'warta_http_requests_total{method="GET",route="/v1/tags/:tag",status="2xx"}': 2,
    'warta_http_requests_total{method="GET",route="/v1/tags/:tag",status="4xx"}': 2,
    'warta_http_requests_total{method="HEAD",route="/v1/tags/:tag",status="2xx"}': 1,
    'warta_http_requests_total{method="PUT",route="other",status="4xx"}': 1,
    'warta_http_requests_total{method="OPTIONS",route="other",status="2xx"}': 1,
    'warta_http_requests_total{method="GET",route="other",status="4xx"}': 4,
  })
})

t.test('times are counted in buckets that contain each other, to the last of all', async (t) => {
  const metrics = createMetrics()
  for (const ms of [0, 0.2, 0.5, 0.6, 40, 50, 51, 60_000]) metrics.observe('/v1/tags', 'GET', 200, ms)
  const page = pageOf(await metrics.collect())
  metrics.close()
  const name = 'warta_http_request_duration_seconds'
  const labels = 'method="GET",route="/v1/tags"'
  const within = (le: string) => figureOf(page, `${name}_bucket{${labels},le="${le}"}`)
  t.same([within('0.0005'), within('0.001'), within('0.025'), within('0.05'), within('0.1')], [3, 4, 4, 6, 7])
  t.same([within('10'), within('+Inf'), figureOf(page, `${name}_count{${labels}}`)], [7, 8, 8])
  t.ok(Math.abs((figureOf(page, `${name}_sum{${labels}}`) ?? 0) - 60.1423) < 1e-9)
})

t.test('they tell the last change, what the process uses, and when its event loop was held up', async (t) => {
  const app = await testApp(t)
  const read = async () => (await app.call('GET', '/metrics', { as: 'admin' })).text
  const first = await read()
  await app.call('POST', '/v1/tags', { as: 'editor', body: { name: 'Rail' } })
  await sleep(50)
  const until = performance.now() + 150
  while (performance.now() < until);
  await sleep(50)
  const page = await read()
  t.equal(figureOf(page, 'warta_last_change'), (figureOf(first, 'warta_last_change') ?? 0) + 1)
  t.equal(figureOf(page, 'warta_processes'), 1)
  for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_heap_size_used_bytes'])
    t.ok((figureOf(page, name) ?? 0) > 0, name)
  const delays = 'warta_event_loop_delay_seconds'
  const late = (figureOf(page, `${delays}_count`) ?? 0) - (figureOf(page, `${delays}_bucket{le="0.1"}`) ?? 0)
  t.ok(late >= 1, `${late} times by more than 100 ms`)
  t.equal(figureOf(first, `${delays}_count`), 0, 'nothing is measured where nobody looks')
})
