import t from 'tap'
import { createKey, operator } from '../../src/keys/keys.ts'
import { withoutNames } from '../articles/acts.ts'
import { everyone, type TestApp, testApp } from '../support/app.ts'
import { countChanges } from '../support/editing.ts'
import { makeDraft, makeKey, makePublished } from '../support/factories.ts'
import { dump } from '../support/operations.ts'

const lockOf = ({ id }: { id: string }) => `/v1/articles/${id}/lock`
const seconds = 1_000

/** Whose lock it is: the keys of the tests are named after their roles. */
const nameOf = async (app: TestApp, { id }: { id: string }) =>
  (await app.call('GET', lockOf({ id }), { as: 'admin' })).body?.holder?.name

t.test('a stranger and a reader learn nothing of a lock, not even whether there is an article', async (t) => {
  const app = await testApp(t)
  const locked = await makePublished(app)
  const free = await makeDraft(app)
  await app.call('PUT', lockOf(locked), { as: 'editor' })
  const before = await dump(app.store)
  for (const [as, status, code] of [
    ['stranger', 401, 'key_required'],
    ['reader', 403, 'forbidden'],
  ] as const) {
    for (const method of ['GET', 'PUT', 'DELETE']) {
      const answers = []
      for (const id of [locked.id, free.id, 'nothing']) {
        const answer = await app.call(method, lockOf({ id }), { as })
        t.match(answer, { status, body: { code } })
        answers.push(withoutNames(answer, id))
      }
      t.equal(new Set(answers).size, 1)
    }
  }
  t.equal(await dump(app.store), before)
})

t.test('to a writer another’s article is as unknown as any id, locked or not; their own they lock', async (t) => {
  const app = await testApp(t)
  const [theirs, own] = [await makeDraft(app), await makeDraft(app, { slug: 'own' }, 'writer')]
  const answers = async (id: string) => {
    const all = []
    for (const method of ['GET', 'PUT', 'DELETE'])
      all.push(withoutNames(await app.call(method, lockOf({ id }), { as: 'writer' }), id))
    return all
  }
  const unknown = await answers('019bd2a4-0000-7000-8000-0000000000a1')
  t.ok(unknown.every((answer) => /^404 .*"article_not_found"/.test(answer)))
  t.strictSame(await answers(theirs.id), unknown)
  await app.call('PUT', lockOf(theirs), { as: 'editor' })
  t.strictSame(await answers(theirs.id), unknown)
  t.equal(await nameOf(app, theirs), 'the editor')

  t.equal((await app.call('PUT', '/v1/articles/own/lock', { as: 'writer' })).status, 200)
  t.equal(await nameOf(app, own), 'the writer')
})

t.test('a lock is for five minutes unless it says for how long, and a renewal keeps its beginning', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const none = await app.call('GET', lockOf(draft), { as: 'editor' })
  t.match(none, { status: 404, body: { code: 'lock_not_found' } })

  const key = await makeKey(app, { name: 'night desk' })
  const taken = await app.call('PUT', lockOf(draft), { key: key.secret })
  const lock = {
    holder: { id: key.id, name: 'night desk' },
    since: '2026-11-22T09:00:00.000Z',
    until: '2026-11-22T09:05:00.000Z',
  }
  t.strictSame([taken.status, taken.body], [200, lock])
  for (const as of ['editor', 'admin'] as const)
    t.strictSame((await app.call('GET', lockOf(draft), { as })).body, lock, `the ${as} sees whose it is`)

  app.clock.advance(60 * seconds)
  const renewed = await app.call('PUT', lockOf(draft), { key: key.secret, body: { seconds: 3_600 } })
  t.strictSame(renewed.body, { ...lock, until: '2026-11-22T10:01:00.000Z' })
  const shortened = await app.call('PUT', lockOf(draft), { key: key.secret, body: { seconds: 10 } })
  t.strictSame(shortened.body, { ...lock, until: '2026-11-22T09:01:10.000Z' })
})

t.test('a lock is over at its instant and not a moment before, with nothing having to run', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  await app.call('PUT', lockOf(draft), { as: 'editor', body: { seconds: 10 } })
  app.clock.advance(10 * seconds - 1)
  t.equal((await app.call('PUT', lockOf(draft), { as: 'admin' })).status, 423)
  t.equal(await nameOf(app, draft), 'the editor')
  app.clock.advance(1)
  t.equal((await app.call('GET', lockOf(draft), { as: 'editor' })).body.code, 'lock_not_found')
  const taken = await app.call('PUT', lockOf(draft), { as: 'admin' })
  t.match(taken, { status: 200, body: { since: '2026-11-22T09:00:10.000Z', holder: { name: 'the admin' } } })
  app.clock.advance(300 * seconds)
  const anew = await app.call('PUT', lockOf(draft), { as: 'admin' })
  t.equal(anew.body.since, '2026-11-22T09:05:10.000Z', 'who comes back after the end begins anew')
})

t.test('what another key holds is taken by who says so alone; the answer tells whose it is', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const held = await app.call('PUT', lockOf(draft), { as: 'editor' })
  app.clock.advance(seconds)
  const before = await dump(app.store)
  for (const body of [undefined, {}, { seconds: 60 }, { takeOver: false }]) {
    const { status, body: problem } = await app.call('PUT', lockOf(draft), { as: 'admin', body })
    const { holder, until } = held.body
    t.match({ status, ...problem }, { status: 423, code: 'article_locked', holder, until })
    t.match(problem.detail, /"the editor" works on it until 2026-11-22T09:05:00.000Z.*takeOver/)
  }
  for (const query of ['', '?takeOver=false']) {
    const refused = await app.call('DELETE', lockOf(draft) + query, { as: 'admin' })
    t.match(refused, { status: 423, body: { code: 'article_locked', detail: /\?takeOver=true/ } })
  }
  t.equal(await dump(app.store), before)

  const taken = await app.call('PUT', lockOf(draft), { as: 'admin', body: { takeOver: true } })
  t.match(taken, { status: 200, body: { holder: { name: 'the admin' }, since: '2026-11-22T09:00:01.000Z' } })
  t.equal((await app.call('PUT', lockOf(draft), { as: 'editor' })).status, 423, 'who held it holds it no more')
})

t.test('letting go is 204 with a lock or without; another’s is ended by who says so alone', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  t.equal((await app.call('DELETE', lockOf(draft), { as: 'editor' })).status, 204)
  await app.call('PUT', lockOf(draft), { as: 'editor' })
  t.strictSame(await app.call('DELETE', lockOf(draft), { as: 'editor' }).then(({ status, text }) => [status, text]), [
    204,
    '',
  ])
  t.equal(await nameOf(app, draft), undefined)
  await app.call('PUT', lockOf(draft), { as: 'editor' })
  t.equal((await app.call('DELETE', `${lockOf(draft)}?takeOver=true`, { as: 'admin' })).status, 204)
  t.equal(await nameOf(app, draft), undefined)
})

t.test('what is wrong with a request for a lock is told all at once, and none is taken', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const body = { seconds: 9, takeOver: 'yes', forever: true }
  const { status, body: problem } = await app.call('PUT', lockOf(draft), { as: 'editor', body })
  t.equal(status, 400)
  t.strictSame(
    problem.errors.map(({ pointer, code }: { pointer: string; code: string }) => [pointer, code]),
    [
      ['/seconds', 'too_small'],
      ['/takeOver', 'wrong_type'],
      ['/forever', 'unknown'],
    ],
  )
  for (const seconds of [3_601, 60.5, null])
    t.equal((await app.call('PUT', lockOf(draft), { as: 'editor', body: { seconds } })).status, 400)
  t.match((await app.call('DELETE', `${lockOf(draft)}?takeOver=1`, { as: 'editor' })).body, {
    errors: [{ parameter: 'takeOver' }],
  })
  t.equal(await nameOf(app, draft), undefined)
})

t.test('of fifty keys that ask at once one gets the lock, and the others are told which', async (t) => {
  const app = await testApp(t)
  const draft = await makeDraft(app)
  const keys = await app.store.transact(async (db) => {
    const made = []
    for (let i = 0; i < 50; i += 1)
      made.push(await createKey(db, { name: `desk ${i}`, role: 'editor', expiresAt: null }, operator))
    return made
  })
  const answers = await Promise.all(keys.map(({ secret }) => app.call('PUT', lockOf(draft), { key: secret })))
  const taken = answers.filter(({ status }) => status === 200)
  t.equal(taken.length, 1)
  t.equal(answers.filter(({ status }) => status === 423).length, 49)
  const { holder } = taken[0]?.body ?? {}
  t.strictSame([...new Set(answers.map(({ body }) => body.holder.id))], [holder.id])
  t.strictSame((await app.call('GET', lockOf(draft), { as: 'editor' })).body.holder, holder)
})

t.test('the public is answered the same bytes while locks come and go, and no version or change is made', async (t) => {
  const app = await testApp(t, { WARTA_MAX_AGE: '0' })
  const live = await makePublished(app, { slug: 'live' })
  const draft = await makeDraft(app, { slug: 'draft' })
  const paths = ['live', 'live/related', 'draft', 'live/lock', 'draft/lock', 'nothing/lock'].map((path) => `/${path}`)
  const ask = async () => {
    const answers = []
    for (const as of everyone.slice(0, 2)) {
      for (const path of [...paths, '', '?count=exact&include=pages', '?stage=working']) {
        const { status, headers, text } = await app.call('GET', `/v1/articles${path}`, {
          as,
          headers: { 'x-request-id': 'same' },
        })
        const { date: _, ...sent } = headers
        answers.push({ as, path, status, sent, text })
      }
    }
    return answers
  }
  const working = async () => {
    const read = [live, draft].map(({ id }) => app.call('GET', `/v1/articles/${id}?stage=working`, { as: 'editor' }))
    return (await Promise.all(read)).map(({ text, headers }) => [text, headers.etag])
  }
  const [before, copies, changes] = [await ask(), await working(), await countChanges(app)]
  t.match(before[0], { path: '/live', status: 200, text: /Rail strike ends/ })
  const calls = [
    [200, 'PUT', 'editor', { seconds: 10 }],
    [423, 'PUT', 'admin', undefined],
    [200, 'PUT', 'admin', { takeOver: true }],
    [204, 'DELETE', 'admin', undefined],
    [200, 'PUT', 'editor', {}],
  ] as const
  for (const [status, method, as, body] of calls) {
    for (const article of [live, draft]) t.equal((await app.call(method, lockOf(article), { as, body })).status, status)
    t.strictSame(await ask(), before)
    app.clock.advance(seconds)
  }
  t.strictSame(await working(), copies)
  t.equal(await countChanges(app), changes)
})
