import t from 'tap'
import {
  type Action,
  afterTurn,
  editable,
  firstTurn,
  type State,
  type Stored,
  standing,
  states,
  statesFor,
  transition,
  writable,
} from '../../src/articles/workflow.ts'

/** Where each action leads from each state; what is not here is refused. */
const allowed: Record<Action, Partial<Record<State, State>>> = {
  submit: { draft: 'in_review' },
  return: { in_review: 'draft' },
  publish: {
    draft: 'published',
    in_review: 'published',
    scheduled: 'published',
    published: 'published',
    withdrawn: 'published',
  },
  schedule: {
    draft: 'scheduled',
    in_review: 'scheduled',
    scheduled: 'scheduled',
    published: 'scheduled',
    withdrawn: 'scheduled',
  },
  unschedule: { scheduled: 'draft' },
  correct: { published: 'published' },
  unpublish: { published: 'draft' },
  withdraw: { published: 'withdrawn', scheduled: 'withdrawn' },
  delete: { draft: 'trashed', in_review: 'trashed', withdrawn: 'trashed' },
  restore: { trashed: 'draft' },
}

t.test('every action leads from every state where the table says, or is refused', async (t) => {
  for (const [action, leads] of Object.entries(allowed) as [Action, Partial<Record<State, State>>][]) {
    for (const state of states) t.equal(transition(action, state)?.to, leads[state], `${action} from ${state}`)
    t.same(new Set(statesFor(action)), new Set(Object.keys(leads)), `${action}: what a refusal names`)
  }
})

t.test('each action has a name of its own in the log of changes', async (t) => {
  const names = (Object.keys(allowed) as Action[]).map((action) => {
    const [from = 'draft'] = statesFor(action)
    return transition(action, from)?.change
  })
  t.equal(new Set(names).size, names.length)
  for (const name of names) t.match(name, /^article\.[a-z]+$/)
})

t.test('what is in the trash is not edited, and what is with the editors is not the writers’', async (t) => {
  t.same([...editable], ['draft', 'in_review', 'scheduled', 'published', 'withdrawn'])
  t.same([...writable], ['draft', 'trashed'])
})

const at = (hour: number): string => `2026-11-22T${String(hour).padStart(2, '0')}:00:00.000Z`

t.test('the clock publishes the next copy and ends the live one, each at its time and in their order', async (t) => {
  const live = (until: number | null) => ({ version: 2, shownUntil: until === null ? null : at(until) })
  const next = (from: number, until: number | null) => ({
    version: 4,
    shownFrom: at(from),
    shownUntil: until === null ? null : at(until),
  })
  const cases: [name: string, stored: Stored, byHour: [hour: number, state: State, scheduledAt: string | null][]][] = [
    ['nothing to come', { state: 'draft', live: null, next: null }, [[12, 'draft', null]]],
    [
      'scheduled, then expired',
      { state: 'scheduled', live: null, next: next(10, 14) },
      [
        [9, 'scheduled', at(10)],
        [10, 'published', null],
        [13, 'published', null],
        [14, 'draft', null],
      ],
    ],
    [
      'replaced without a gap',
      { state: 'published', live: live(10), next: next(10, null) },
      [
        [9, 'published', at(10)],
        [10, 'published', null],
      ],
    ],
    [
      'expired before its replacement',
      { state: 'published', live: live(9), next: next(11, null) },
      [
        [8, 'published', at(11)],
        [10, 'scheduled', at(11)],
        [11, 'published', null],
      ],
    ],
    [
      'expired',
      { state: 'published', live: live(9), next: null },
      [
        [8, 'published', null],
        [9, 'draft', null],
      ],
    ],
  ]
  for (const [name, stored, byHour] of cases) {
    for (const [hour, state, scheduledAt] of byHour) {
      const stands = standing(stored, at(hour))
      const told = { state: stands.state, scheduledAt: stands.next?.shownFrom ?? null }
      t.strictSame(told, { state, scheduledAt }, `${name}, at ${hour}`)
      // Whoever writes it down turn by turn comes to the same.
      let written = stored
      for (let turn = firstTurn(written); turn !== undefined && turn.at <= at(hour); turn = firstTurn(written)) {
        written = afterTurn(written, turn)
      }
      t.strictSame(written, stands, `${name}, written down at ${hour}`)
    }
  }
})
