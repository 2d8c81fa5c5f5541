import fc from 'fast-check'
import t from 'tap'
import { eq } from '../../src/storage/drizzle.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { engine } from '../support/engines.ts'
import { makeKey, makeSection } from '../support/factories.ts'
import { iso, Newsroom } from './model.ts'
import { actors, anyCommand, create } from './model-commands.ts'
import type { Real } from './model-compare.ts'
import { slugs } from './model-steps.ts'
import '../support/chance.ts'

/**
 * Any sequence of what editors do, and of what the clock and the job do meanwhile, against a model of a newsroom that is
 * far simpler than the code: after every step the public and the editors see what the model says. A failure prints the
 * shortest sequence that was found, with the seed, path and replayPath that lead to it again.
 */

const start = Date.parse('2026-11-22T09:00:00.000Z')
/** Less than twenty seconds on either engine; a round trip to a server takes longer than a call of a library. */
const numRuns = engine === 'sqlite' ? 45 : 18

/** Begins anew on the same database; answers the number of its last change. */
async function clear({ store }: TestApp): Promise<number> {
  return store.transact(async (db) => {
    const { articles, addresses, counters } = db.tables
    await db.delete(articles)
    await db.delete(addresses).where(eq(addresses.kind, 'article'))
    // Rows that go without a word stay in what is kept of them; after this nothing is kept.
    await db.record({ kind: 'source.deleted', id: 'none', version: 1, actor: 'operator', fields: [], tags: [] })
    const [row] = await db.select().from(counters).where(eq(counters.name, 'changes'))
    return row?.value ?? 0
  })
}

t.test('whatever editors and the clock do, everybody sees what a far simpler newsroom says', async (t) => {
  const app = await testApp(t)
  const keys = new Map([['a reader', app.keys.reader]])
  for (const { name, role } of actors.slice(0, 5)) keys.set(name, (await makeKey(app, { name, role })).secret)
  const section: string = (await makeSection(app)).id
  let steps = 0
  const setup = async () => {
    app.clock.set(iso(start))
    const real: Real = { app, keys, section, base: await clear(app), steps: 0 }
    const room = new Newsroom(start)
    for (const [i, slug] of slugs.slice(0, 2).entries()) {
      const actor = actors[i * 2]
      if (actor !== undefined) await create(actor, slug).run(room, real)
    }
    return { model: room, real }
  }
  const commands = fc.commands(
    anyCommand(() => section),
    { maxCommands: 60, size: 'max' },
  )
  await fc.assert(
    fc.asyncProperty(commands, async (commands) => {
      let real: Real | undefined
      await fc.asyncModelRun(async () => {
        const made = await setup()
        real = made.real
        return made
      }, commands)
      steps += real?.steps ?? 0
    }),
    { numRuns },
  )
  t.ok(steps > 100, `${steps} steps`)
})
