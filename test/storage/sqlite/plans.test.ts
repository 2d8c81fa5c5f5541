import Database from 'better-sqlite3'
import t from 'tap'
import { settleDue } from '../../../src/articles/articles.ts'
import { type TestApp, testApp } from '../../support/app.ts'
import { makePublished, makeTag } from '../../support/factories.ts'

t.test('what is related is looked up from what shares something, not by walking all articles', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  await makeTag(app, { name: 'a' })
  await makePublished(app, { slug: 'it', tags: ['a'] })
  app.statements.length = 0
  t.equal((await app.call('GET', '/v1/articles/it/related')).status, 200)
  const [query = ''] = app.statements.filter((sql) => sql.includes('candidate'))
  const db = new Database(app.database, { readonly: true })
  t.teardown(() => db.close())
  const steps = stepsOf(db, query).filter((detail) => /\barticle_copies\b/.test(detail))
  t.ok(
    steps.some((step) => step.includes('(article_id=? AND stage=?)')),
    steps.join('; '),
  )
  t.notOk(
    steps.some((step) => step.startsWith('SCAN') || step.endsWith('(stage=?)')),
    steps.join('; '),
  )
})

t.test(
  'a page of the log is not sorted out of all changes: a thing has its index, all else is walked by number',
  async (t) => {
    const app = await testApp(t, { WARTA_CACHE: '0' })
    const { id } = await makePublished(app)
    const db = new Database(app.database, { readonly: true })
    t.teardown(() => db.close())
    const cursorOf = async (url: string) => (await app.call('GET', url, { as: 'editor' })).body.page.next
    const expected: [string, RegExp][] = [
      ['/v1/changes?limit=1', /^SCAN changes$/],
      ['/v1/changes?limit=1&entity=article', /^SCAN changes$/],
      ['/v1/changes?limit=1&entity=article,section&sort=seq', /^SCAN changes$/],
      [
        `/v1/changes?limit=1&entity=article&id=${id}`,
        /^SEARCH changes USING INDEX changes_by_thing \(entity=\? AND id=\?/,
      ],
      [`/v1/articles/${id}/changes?limit=1`, /^SEARCH changes USING INDEX changes_by_thing \(entity=\? AND id=\?/],
    ]
    for (const [url, first] of expected) {
      const next = `${url}&cursor=${await cursorOf(url)}`
      for (const asked of [url, next]) {
        app.statements.length = 0
        t.equal((await app.call('GET', asked, { as: 'editor' })).status, 200)
        const [query = ''] = app.statements.filter((sql) => sql.includes('from "changes"'))
        const steps = stepsOf(db, query)
        const walks =
          asked === url || !first.source.includes('SCAN')
            ? first
            : /^SEARCH changes USING INTEGER PRIMARY KEY \(rowid[<>]\?\)$/
        t.match(steps[0], walks, asked)
        t.notOk(
          steps.some((step) => step.includes('TEMP B-TREE FOR ORDER BY')),
          steps.join('; '),
        )
      }
    }
  },
)

t.test('what is due is looked up: no copy is looked at that is not', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  const db = new Database(app.database, { readonly: true })
  t.teardown(() => db.close())
  const due = await planOf(app, db, () => app.store.transact(settleDue))
  for (const index of ['next_copies_by_start', 'public_copies_by_end']) {
    t.ok(
      due.some((step) => new RegExp(`^SEARCH article_copies USING (COVERING )?INDEX ${index} `).test(step)),
      due.join('; '),
    )
  }
})

/** The steps of the first query of copies that this work makes. */
async function planOf(app: TestApp, db: Database.Database, work: () => Promise<unknown>): Promise<string[]> {
  app.statements.length = 0
  await work()
  const [query = ''] = app.statements.filter((sql) => /from "article_copies"/.test(sql))
  return stepsOf(db, query)
}

/** Without those that hand an input to the others. Of what was read beside the inputs are not told; no plan depends on them. */
function stepsOf(db: Database.Database, query: string): string[] {
  const inputs = query.match(/'(?:[^']|'')*'|"[^"]*"|\?/g)?.filter((token) => token === '?') ?? []
  const plan = db.prepare(`EXPLAIN QUERY PLAN ${query}`).all(...inputs.map(() => null)) as { detail: string }[]
  return plan.map(({ detail }) => detail).filter((detail) => !/^(SCALAR SUBQUERY \d+|SCAN CONSTANT ROW)$/.test(detail))
}
