import t from 'tap'
import { engine, newDatabase } from '../support/engines.ts'

t.test('it fails on one engine', async (t) => {
  await newDatabase(t)
  t.equal(engine, 'sqlite')
})
