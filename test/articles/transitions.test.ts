import t from 'tap'
import { instant } from '../../src/lib/clock.ts'
import { type TestApp, testApp, type Who } from '../support/app.ts'
import { makeDraft, makeKey, makeSection } from '../support/factories.ts'
import { dump } from '../support/operations.ts'
import { minute, readWorking } from './acts.ts'

/**
 * Every action upon every state, as the newsroom was promised it: the state it leads to, `same` for one that stays, and
 * `no` for 409 wrong_state. Written by hand, and not taken from the code that it holds to account.
 */
const promised = `
                         | submit    | return | publish   | publish at | unschedule | correct   | unpublish | withdraw
draft                    | in_review | no     | published | scheduled  | no         | no        | no        | no
in_review                | no        | draft  | published | scheduled  | no         | no        | no        | no
scheduled                | no        | no     | published | scheduled  | draft      | no        | no        | withdrawn
scheduled over live      | no        | no     | published | published  | published  | no        | draft     | withdrawn
published                | no        | no     | published | published  | no         | published | draft     | withdrawn
withdrawn                | no        | no     | published | scheduled  | no         | no        | no        | no
trashed                  | no        | no     | no        | no         | no         | no        | no        | no
expired                  | in_review | no     | published | scheduled  | no         | no        | no        | no

                         | delete  | restore | purge  | PUT  | PATCH | restore revision | validate
draft                    | trashed | no      | no     | same | same  | same             | same
in_review                | trashed | no      | no     | same | same  | same             | same
scheduled                | no      | no      | no     | same | same  | same             | same
scheduled over live      | no      | no      | no     | same | same  | same             | same
published                | no      | no      | no     | same | same  | same             | same
withdrawn                | trashed | no      | no     | same | same  | same             | same
trashed                  | no      | draft   | purged | no   | no    | no               | same
expired                  | trashed | no      | no     | same | same  | same             | same
`

/** What editors see an article in such a condition as. */
const seenAs: Record<string, string> = { 'scheduled over live': 'published', expired: 'draft' }
const stateOf = (condition: string): string => seenAs[condition] ?? condition

/** Of an own article a writer may do these, while it is a draft or in the trash; validating is always allowed. */
const writersActs = ['submit', 'delete', 'restore', 'PUT', 'PATCH', 'restore revision', 'validate']
const writersStates = ['draft', 'trashed']

const replacedAt = '2026-11-24T09:00:00.000Z'
const scheduledAt = '2026-11-23T09:00:00.000Z'

interface Act {
  method: string
  path: string
  body?: unknown
  /** what the log of changes says of it */
  kind: string
  note: string | null
  /** the states that a refusal names */
  allowedFrom: string[]
}

const released = ['draft', 'in_review', 'scheduled', 'published', 'withdrawn']
const post = (path: string, body: unknown, kind: string, note: string | null, allowedFrom: string[]): Act => ({
  ...{ method: 'POST', path, kind: `article.${kind}`, note, allowedFrom },
  ...(body !== undefined && { body }),
})
const acts: Record<string, Act> = {
  submit: post('/submit', { note: 'Checked.' }, 'submitted', 'Checked.', ['draft']),
  return: post('/return', { note: 'Who says so?' }, 'returned', 'Who says so?', ['in_review']),
  publish: post('/publish', { note: 'Go.' }, 'published', 'Go.', released),
  'publish at': post('/publish', { at: replacedAt, note: 'For six.' }, 'scheduled', 'For six.', released),
  unschedule: post('/unschedule', undefined, 'unscheduled', null, ['scheduled']),
  correct: post('/correct', { text: 'It was Tuesday.' }, 'corrected', 'It was Tuesday.', ['published']),
  unpublish: post('/unpublish', undefined, 'unpublished', null, ['published']),
  withdraw: post('/withdraw', { reason: 'A forgery.' }, 'withdrawn', 'A forgery.', ['published', 'scheduled']),
  delete: {
    ...{ method: 'DELETE', path: '', kind: 'article.trashed', note: null },
    allowedFrom: ['draft', 'in_review', 'withdrawn'],
  },
  restore: post('/restore', undefined, 'restored', null, ['trashed']),
  purge: post('/purge', undefined, 'purged', null, ['trashed']),
  PUT: {
    ...{ method: 'PUT', path: '?note=New', body: { title: 'Replaced' }, kind: 'article.updated', note: 'New' },
    allowedFrom: released,
  },
  PATCH: {
    ...{ method: 'PATCH', path: '?note=Short', body: { deck: 'Third.' }, kind: 'article.updated', note: 'Short' },
    allowedFrom: released,
  },
  'restore revision': post('/revisions/1/restore', undefined, 'updated', null, released),
  validate: post('/validate', {}, 'none', null, []),
}

/** The cells of the tables above: what an action does to an article in such a condition. */
const table = promised
  .trim()
  .split('\n\n')
  .flatMap((part) => {
    const [names = [], ...rows] = part.split('\n').map((line) => line.split('|').map((cell) => cell.trim()))
    return rows.flatMap(([condition = '', ...cells]) =>
      cells.map((outcome, i) => ({ condition, action: names[i + 1] ?? '', outcome })),
    )
  })
const conditions = [...new Set(table.map(({ condition }) => condition))]
const people = ['stranger', 'reader', 'other writer', 'owner', 'editor', 'admin'] as const
type Person = (typeof people)[number]

/** Where the state would do, but what is scheduled beside it does not. */
const refusals: Record<string, string> = {
  'correct of scheduled over live': 'replacement_scheduled',
  'unschedule of published': 'nothing_scheduled',
}

/** What one person gets who tries it: the state it then has, or the status and code of the problem. */
function expectation(person: Person, action: string, condition: string, outcome: string): string | [number, string] {
  if (person === 'stranger') return [401, 'key_required']
  if (person === 'reader') return [403, 'forbidden']
  if (person === 'owner' || person === 'other writer') {
    if (!writersActs.includes(action)) return [403, 'forbidden']
    if (person === 'other writer') return [404, 'article_not_found']
  }
  if (action === 'purge' && person === 'editor') return [403, 'forbidden']
  if (outcome === 'no') return [409, refusals[`${action} of ${condition}`] ?? 'wrong_state']
  if (person === 'owner' && action !== 'validate' && !writersStates.includes(stateOf(condition))) {
    return [403, 'forbidden']
  }
  return outcome === 'same' ? stateOf(condition) : outcome
}

interface Seen {
  id: string
  version: number
}

interface World {
  app: TestApp
  otherKey: string
  section: string
}

async function makeWorld(app: TestApp): Promise<World> {
  const { secret } = await makeKey(app, { name: 'another writer', role: 'writer' })
  return { app, otherKey: secret, section: (await makeSection(app)).id }
}

function perform(
  { app, otherKey }: World,
  person: Person,
  action: string,
  seen: Seen,
  version: unknown = seen.version,
) {
  const { method, path, body } = acts[action] as Act
  const as: Who = person === 'owner' ? 'writer' : person === 'other writer' ? 'stranger' : person
  return app.call(method, `/v1/articles/${seen.id}${path}`, {
    as,
    ...(person === 'other writer' && { key: otherKey }),
    ...(typeof version === 'number' && action !== 'validate' && { version }),
    ...(body !== undefined && { body }),
  })
}

/** A writer's article with two revisions in it, brought into a condition; one that expires does so a minute later. */
async function make({ app, section }: World, condition: string): Promise<Seen> {
  const draft = await makeDraft(app, { section, deck: 'First.' }, 'writer')
  let seen: Seen = draft
  const step = async (method: string, path: string, body?: unknown) => {
    const { id, version } = seen
    const options = { as: 'editor', version, ...(body !== undefined && { body }) } as const
    const answer = await app.call(method, `/v1/articles/${id}${path}`, options)
    if (answer.status !== 200) throw new Error(`${condition}: ${answer.text}`)
    seen = answer.body
  }
  const expiresAt = condition === 'expired' ? instant(app.clock.now() + minute) : null
  await step('PATCH', '', { deck: 'Second.', expiresAt })
  if (condition === 'in_review') await step('POST', '/submit')
  if (condition === 'scheduled') await step('POST', '/publish', { at: scheduledAt })
  if (condition === 'trashed') await step('DELETE', '')
  if (['published', 'scheduled over live', 'withdrawn', 'expired'].includes(condition)) await step('POST', '/publish')
  // What is public and unchanged is published already: again is something only after a change.
  if (condition === 'published') await step('PATCH', '', { kicker: 'Rail' })
  if (condition === 'expired') await step('PATCH', '', { expiresAt: null })
  if (condition === 'scheduled over live') await step('POST', '/publish', { at: scheduledAt })
  if (condition === 'withdrawn') await step('POST', '/withdraw', { reason: 'A forgery.' })
  return seen
}

async function changesOf({ app }: World, { id }: Seen) {
  const { body } = await app.call('GET', `/v1/changes?id=${id}&limit=100`, { as: 'admin' })
  return body.data as { kind: string; actor: { name: string }; from: number; to: number; note: string | null }[]
}

const world = await makeWorld(await testApp(t))

t.test('the table names every action and every condition once', async (t) => {
  t.equal(table.length, 8 * 15)
  t.strictSame(new Set(table.map(({ action }) => action)), new Set(Object.keys(acts)))
  t.equal(new Set(table.map(({ condition, action }) => `${condition} ${action}`)).size, table.length)
})

t.test('whoever may not do something, or not now, gets the reason, and nothing changes', async (t) => {
  const made = new Map(await Promise.all(conditions.map(async (one) => [one, await make(world, one)] as const)))
  world.app.clock.advance(minute)
  let before = await dump(world.app.store)
  for (const { condition, action, outcome } of table) {
    const seen = made.get(condition) as Seen
    for (const person of people) {
      const expected = expectation(person, action, condition, outcome)
      if (typeof expected === 'string') continue
      const { status, body } = await perform(world, person, action, seen)
      t.strictSame([status, body.code], expected, `${person}: ${action} of what is ${condition}`)
      if (body.code !== 'wrong_state') continue
      t.strictSame(body.allowedFrom, acts[action]?.allowedFrom, `${action}: where it would be allowed`)
      t.equal(body.state, stateOf(condition))
    }
    const after = await dump(world.app.store)
    t.ok(after === before, `${action} of what is ${condition}: nothing was written by those who were refused`)
    before = after
  }
})

t.test(
  'whoever may do something now does it: one version on, and one change that says who, what and why',
  async (t) => {
    const cases = table.flatMap(({ condition, action, outcome }) =>
      people.flatMap((person) => {
        const expected = expectation(person, action, condition, outcome)
        return typeof expected === 'string' && action !== 'validate' ? [{ condition, action, person, expected }] : []
      }),
    )
    t.equal(
      cases.length,
      2 * 51 + 1 + 11,
      'what editors and admins may, what admins alone may, and what the writer may',
    )
    const made = await Promise.all(cases.map(async (one) => ({ ...one, seen: await make(world, one.condition) })))
    world.app.clock.advance(minute)
    const test = async ({ condition, action, person, expected, seen }: (typeof made)[number]) => {
      const what = `${person}: ${action} of what is ${condition}`
      const { kind, note } = acts[action] as Act
      const { version } = seen
      const answer = await perform(world, person, action, seen)
      t.equal(answer.status, action === 'purge' ? 204 : 200, what)
      const working = await readWorking(world.app, seen)
      if (action === 'purge') t.equal(working.status, 404, what)
      else {
        t.match(answer.body, { state: expected, version: version + 1 }, what)
        t.match(working.body, { state: expected, version: version + 1 }, `${what}, read again`)
      }
      const changes = await changesOf(world, seen)
      t.equal(changes.filter(({ to }) => to > version).length, 1, `${what}: one change`)
      const name = `the ${person === 'owner' ? 'writer' : person}`
      t.match(changes[0], { kind, actor: { name }, from: version, to: version + 1, note }, what)
      if (condition !== 'expired') return
      t.match(changes[1], { kind: 'article.expired', actor: { name: 'clock' } }, `${what}: after the clock’s own turn`)
      t.equal(changes.filter((change) => change.kind === 'article.expired').length, 1)
    }
    await Promise.all(made.map(test))
  },
)

t.test('whoever may see an article validates it in every state, and changes nothing by it', async (t) => {
  const made = await Promise.all(conditions.map((condition) => make(world, condition)))
  world.app.clock.advance(minute)
  const before = await dump(world.app.store)
  for (const [i, seen] of made.entries()) {
    for (const person of ['owner', 'editor', 'admin'] as const) {
      const { status, body } = await perform(world, person, 'validate', seen)
      t.match({ status, ready: body.ready }, { status: 200, ready: conditions[i] !== 'trashed' }, conditions[i] ?? '')
    }
  }
  t.ok((await dump(world.app.store)) === before)
})

t.test('each of them needs the version that was seen, and a stale one is told what changed', async (t) => {
  const { app } = world
  const cases = Object.keys(acts)
    .filter((action) => action !== 'validate')
    .map((action) => ({ action, ...table.find((cell) => cell.action === action && cell.outcome !== 'no') }))
  const made = await Promise.all(
    cases.map(async ({ action, condition = '' }) => ({ action, condition, seen: await make(world, condition) })),
  )
  app.clock.advance(minute)
  const before = await dump(app.store)
  for (const { action, seen } of made) {
    const without = await perform(world, 'admin', action, seen, null)
    t.strictSame([without.status, without.body.code], [428, 'version_required'], action)
    const stale = await perform(world, 'admin', action, seen, seen.version - 1)
    t.match(stale, { status: 412, body: { code: 'version_stale', currentVersion: seen.version } }, action)
  }
  t.ok((await dump(app.store)) === before, 'nothing was written')
  for (const { seen } of made) await app.call('PUT', `/v1/articles/${seen.id}/lock`, { as: 'editor' })
  const locked = await dump(app.store)
  for (const { action, seen } of made) {
    const { status, body } = await perform(world, 'admin', action, seen)
    t.match({ status, ...body }, { status: 423, code: 'article_locked', holder: { name: 'the editor' } }, action)
  }
  t.ok((await dump(app.store)) === locked, 'nothing was written')
})
