import t from 'tap'
import { engine, newDatabase } from '../support/engines.ts'
import { ask } from '../support/postgres.ts'
import { escapeHtml } from './onlypg.ts'

t.test('it works', async (t) => {
  const url = await newDatabase(t)
  t.comment(engine, url, process.argv, t.testdir())
  if (engine === 'postgres') t.strictSame(await ask(url, 'select 1 as a'), [{ a: 1 }])
  t.equal(escapeHtml(engine), engine)
})
