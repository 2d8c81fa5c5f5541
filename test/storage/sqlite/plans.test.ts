import Database from 'better-sqlite3'
import t from 'tap'
import { testApp } from '../../support/app.ts'
import { makePublished, makeTag } from '../../support/factories.ts'

t.test('what is related is looked up from what shares something, not by walking all articles', async (t) => {
  const app = await testApp(t)
  await makeTag(app, { name: 'a' })
  await makePublished(app, { slug: 'it', tags: ['a'] })
  app.statements.length = 0
  t.equal((await app.call('GET', '/v1/articles/it/related')).status, 200)
  const [query = ''] = app.statements.filter((sql) => sql.includes('candidate'))
  const db = new Database(app.database, { readonly: true })
  t.teardown(() => db.close())
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${query}`).all() as { detail: string }[]
  const steps = plan.map(({ detail }) => detail).filter((detail) => /\barticle_copies\b/.test(detail))
  t.ok(
    steps.some((step) => step.includes('(article_id=? AND stage=?)')),
    steps.join('; '),
  )
  t.notOk(
    steps.some((step) => step.startsWith('SCAN') || step.endsWith('(stage=?)')),
    steps.join('; '),
  )
})
