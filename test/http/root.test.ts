import t from 'tap'
import { testApp } from '../support/app.ts'

t.test('the door tells where everything is', async (t) => {
  const app = await testApp(t)
  const { status, body, headers } = await app.call('GET', '/')
  t.equal(status, 200)
  t.match(headers.link, /rel="service-desc".*rel="service-doc"/)
  for (const url of Object.values(body).slice(1)) t.equal((await app.call('GET', String(url))).status, 200, String(url))
})
