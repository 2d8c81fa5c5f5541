import t from 'tap'
import { testApp } from '../support/app.ts'
import { makeDraft, makePublished, makeSection } from '../support/factories.ts'
import { testStore } from '../support/stores.ts'
import { act, minute, patch } from './acts.ts'
import { clock, scheduled, settle, turns } from './timetable.ts'

/** What the clock has done is written down later: once, and in its order. */

t.test('after an hour away all that is overdue is written down once, the longest overdue first', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  const due: [at: string, turn: string][] = []
  // More than one transaction takes; each begins, is replaced and ends in its own time, across each other.
  for (let i = 0; i < 13; i += 1) {
    const at = (minutes: number) =>
      new Date(Date.parse(clock('09:01:00.000')) + (minutes + ((i * 5) % 13)) * minute).toISOString()
    const draft = await makeDraft(app, { section, slug: `story-${i}`, expiresAt: at(17) })
    const body = await scheduled(app, draft, at(0))
    due.push([at(0), `${draft.id} article.published`], [at(17), `${draft.id} article.expired`])
    t.equal(body.state, 'scheduled')
    const live = await makePublished(app, { section, slug: `live-${i}`, expiresAt: at(30) })
    const { body: revised } = await patch(app, live, { title: 'New', expiresAt: at(25) })
    await scheduled(app, revised, at(20))
    due.push([at(20), `${live.id} article.published`], [at(25), `${live.id} article.expired`])
  }
  const before = (await turns(app)).length
  app.clock.advance(60 * minute)
  await settle(app)
  const written = (await turns(app)).slice(before).map(({ id, kind }) => `${id} ${kind}`)
  t.strictSame([...written].sort(), due.map(([, turn]) => turn).sort(), 'each once')
  const dates = new Map(due.map(([at, turn]) => [turn, at]))
  const order = written.map((turn) => dates.get(turn) ?? '')
  t.strictSame(order, [...order].sort(), 'in the order in which they were due')
  await settle(app)
  t.equal((await turns(app)).length, before + due.length)
})

t.test('two processes that find the same work write each of it down once', async (t) => {
  const app = await testApp(t)
  const other = await testStore(t, { database: app.database })
  const section = (await makeSection(app)).id
  const ids: string[] = []
  for (let i = 0; i < 30; i += 1) {
    const draft = await makeDraft(app, { section, slug: `story-${i}`, expiresAt: clock('11:00:00.000') })
    await scheduled(app, draft, clock('10:00:00.000'))
    ids.push(draft.id)
  }
  const before = (await turns(app)).length
  app.clock.set(clock('12:00:00.000'))
  other.clock.set(clock('12:00:00.000'))
  await Promise.all([settle(app), settle(other), settle(app), settle(other)])
  const written = (await turns(app)).slice(before)
  t.equal(written.length, 2 * ids.length)
  for (const id of ids) {
    const kinds = written.filter((turn) => turn.id === id).map(({ kind }) => kind)
    t.strictSame(kinds, ['article.published', 'article.expired'])
  }
  t.strictSame(
    written.map(({ seq }) => seq),
    written.map((_, i) => (written[0]?.seq ?? 0) + i),
    'without a gap',
  )
})

t.test('what an editor does after the instant comes after what the clock did, in the log too', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app, { section: (await makeSection(app)).id })
  const { version } = await scheduled(app, draft, clock('10:00:00.000'))
  app.clock.set(clock('10:05:00.000'))
  const stale = await act(app, { id: draft.id, version: 1 }, 'unpublish')
  t.equal(stale.status, 412)
  t.equal((await turns(app)).at(-1)?.kind, 'article.scheduled', 'what is refused writes nothing down')
  t.match(await act(app, { id: draft.id, version }, 'unpublish'), { status: 200, body: { state: 'draft' } })
  const kinds = (await turns(app)).map(({ kind }) => kind)
  t.strictSame(kinds.slice(-3), ['article.scheduled', 'article.published', 'article.unpublished'])
})
