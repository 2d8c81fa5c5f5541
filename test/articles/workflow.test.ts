import t from 'tap'
import { type Action, editable, type State, states, statesFor, transition } from '../../src/articles/workflow.ts'

/** Where each action leads from each state; what is not here is refused. */
const allowed: Record<Action, Partial<Record<State, State>>> = {
  publish: { draft: 'published', published: 'published' },
  unpublish: { published: 'draft' },
  delete: { draft: 'trashed' },
  restore: { trashed: 'draft' },
}

t.test('every action leads from every state where the table says, or is refused', async (t) => {
  for (const [action, leads] of Object.entries(allowed) as [Action, Partial<Record<State, State>>][]) {
    for (const state of states) t.equal(transition(action, state)?.to, leads[state], `${action} from ${state}`)
    t.same([...statesFor(action)], Object.keys(leads), `${action}: what a refusal names`)
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

t.test('what is in the trash is not edited', async (t) => {
  t.same([...editable], ['draft', 'published'])
})
