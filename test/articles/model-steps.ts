import fc from 'fast-check'
import { type Actor, type Article, iso, type Newsroom, refuse } from './model.ts'

/** What anybody may do to an article, as a request and as the model tells it. */

export interface Request {
  method: string
  /** below the article's own address */
  path: string
  body?: unknown
}

export interface Step {
  name: string
  /** what is asked for, when the clock says so much; of a body that was read before, for PUT */
  ask(room: Newsroom, article: Article, others: readonly Article[]): Request
  /** What becomes of it. @throws Refusal */
  take(room: Newsroom, article: Article, actor: Actor, version: number, others: readonly Article[]): void
  /** a POST, which an Idempotency-Key makes safe to send twice */
  once: boolean
}

const writing = ['writer', 'editor', 'admin'] as const
const editing = ['editor', 'admin'] as const
const released = ['draft', 'in_review', 'scheduled', 'published', 'withdrawn']

export const slugs = ['ana', 'budi', 'cita', 'dewi', 'eko']
const minute = 60_000
/** In minutes from now; few, so that several things fall on one instant. */
const ahead = fc.integer({ min: 1, max: 5 })
const perhaps = fc.option(ahead, { freq: 3 })

const later = (room: Newsroom, minutes: number | null): string | null =>
  minutes === null ? null : iso(room.now - (room.now % minute) + minutes * minute)

const post = (action: string, take: Step['take'], body?: Step['ask']): Step => ({
  name: action,
  once: true,
  ask: (...all) => body?.(...all) ?? { method: 'POST', path: `/${action}` },
  take,
})

/** A step from one of these states to one that shows nothing new. */
function moving(
  action: string,
  roles: readonly Actor['role'][],
  from: readonly string[],
  log: string,
  change: Partial<Article>,
): Step {
  return post(action, (room, { id }, actor, version) => {
    room.admit(actor, roles)
    const article = room.open(id, actor, version)
    room.expect(article, actor, from)
    room.move(article, log, change)
  })
}

const nothing = { live: null, next: null }
const unschedule: Step = post('unschedule', (room, { id }, actor, version) => {
  room.admit(actor, editing)
  const article = room.open(id, actor, version)
  if (article.next === null) refuse(room.stateOf(article) === 'published' ? 'nothing_scheduled' : 'wrong_state')
  const base = article.withdrawal === null ? 'draft' : 'withdrawn'
  room.move(article, 'article.unscheduled', { next: null, ...(article.live === null && { base }) })
})

const plainMoves: readonly Step[] = [
  moving('submit', writing, ['draft'], 'article.submitted', { base: 'in_review' }),
  moving('unpublish', editing, ['published'], 'article.unpublished', { base: 'draft', ...nothing }),
  moving('restore', writing, ['trashed'], 'article.restored', { base: 'draft' }),
  {
    ...moving('trash', writing, ['draft', 'in_review', 'withdrawn'], 'article.trashed', { base: 'trashed' }),
    once: false,
    ask: () => ({ method: 'DELETE', path: '' }),
  },
  {
    ...moving('return', editing, ['in_review'], 'article.returned', { base: 'draft' }),
    ask: () => ({ method: 'POST', path: '/return', body: { note: 'Who says so?' } }),
  },
  post('purge', (room, { id }, actor, version) => {
    room.admit(actor, ['admin'])
    const article = room.open(id, actor, version)
    room.expect(article, actor, ['trashed'])
    room.articles.delete(id)
    room.purged.push(id)
    article.log.push('article.purged')
  }),
]

const publish = (minutes: number | null): Step => ({
  ...post('publish', (room, { id }, actor, version) => {
    room.admit(actor, editing)
    const article = room.open(id, actor, version)
    const at = later(room, minutes) ?? room.instant
    if (minutes !== null && at <= room.instant) refuse('schedule_in_past')
    const { embargoUntil, expiresAt } = article.content
    const from = embargoUntil !== null && embargoUntil > at ? embargoUntil : at
    room.expect(article, actor, released)
    const isLater = from > room.instant
    const same = isLater
      ? article.next?.from === from && article.next.version
      : article.next === null && article.live?.version
    if (same === version) return
    room.expectReady(article.content, from)
    if (expiresAt !== null && expiresAt <= from) refuse('expiry_before_publication')
    room.release(article, actor, from, isLater ? 'article.scheduled' : 'article.published')
  }),
  name: minutes === null ? 'publish' : `publish in ${minutes} min`,
  ask: (room) => ({
    method: 'POST',
    path: '/publish',
    ...(minutes !== null && { body: { at: later(room, minutes) } }),
  }),
})

const correct = (text: string): Step => ({
  ...post('correct', (room, { id }, actor, version) => {
    room.admit(actor, editing)
    const article = room.open(id, actor, version)
    room.expect(article, actor, ['published'])
    if (text === '') refuse('correction_without_text')
    if (article.next !== null) refuse('replacement_scheduled')
    // Not even a correction is seen before the embargo of the working copy ends.
    const { embargoUntil } = article.content
    if (embargoUntil !== null && embargoUntil > room.instant) refuse('not_ready')
    room.expectReady(article.content, room.instant)
    article.corrections = [...article.corrections, text]
    room.release(article, actor, room.instant, 'article.corrected')
  }),
  ask: () => ({ method: 'POST', path: '/correct', body: { text } }),
})

/** With the article at this place in its stead, which may be itself. */
const withdraw = (stand: number | null): Step => {
  const replacementOf = (others: readonly Article[]) => (stand === null ? null : others[stand % others.length]?.id)
  return {
    ...post('withdraw', (room, { id }, actor, version, others) => {
      room.admit(actor, editing)
      const article = room.open(id, actor, version)
      room.expect(article, actor, ['published', 'scheduled'])
      const replacement = replacementOf(others) ?? null
      if (replacement === id) refuse('rule_broken')
      const withdrawal = { reason: 'It is a forgery.', withdrawnAt: room.instant, replacement }
      room.move(article, 'article.withdrawn', { base: 'withdrawn', ...nothing, withdrawal })
    }),
    name: `withdraw${stand === null ? '' : ` for ${stand}`}`,
    ask: (_room, _article, others) => {
      const replacement = replacementOf(others)
      return {
        method: 'POST',
        path: '/withdraw',
        body: { reason: 'It is a forgery.', ...(typeof replacement === 'string' && { replacement }) },
      }
    },
  }
}

interface Change {
  title?: string
  slug?: string
  section?: null | string
  expires?: number | null
  embargo?: number | null
}

const patch = (change: Change): Step => {
  const { expires, embargo, section, ...texts } = change
  const dates = (room: Newsroom) => ({
    ...(expires !== undefined && { expiresAt: later(room, expires) }),
    ...(embargo !== undefined && { embargoUntil: later(room, embargo) }),
  })
  return {
    name: `patch ${JSON.stringify(change)}`,
    once: false,
    ask: (room) => ({
      method: 'PATCH',
      path: '',
      body: { ...texts, ...dates(room), ...(section !== undefined && { section }) },
    }),
    take: (room, { id }, actor, version) => {
      room.admit(actor, writing)
      const article = room.open(id, actor, version)
      room.revise(article, actor, { ...texts, ...dates(room), ...(section !== undefined && { section: !!section }) })
    },
  }
}

const restoreRevision = (place: number): Step => {
  const of = ({ revisions }: Article) => revisions[place % (revisions.length + 1)]
  // One past the last, and so far that it is none.
  const numberOf = (article: Article) => of(article)?.number ?? 9_999
  return {
    ...post('restore revision', (room, { id }, actor, version) => {
      room.admit(actor, writing)
      const revision = of(room.find(id, actor))
      if (revision === undefined) refuse('revision_not_found')
      const article = room.open(id, actor, version)
      const { slug } = revision.content
      const taken = [...room.articles.values()].some((other) => other !== article && other.names.has(slug))
      room.revise(article, actor, { ...revision.content, ...(taken && { slug: article.content.slug }) }, false)
    }),
    name: `restore revision ${place}`,
    ask: (_room, article) => ({ method: 'POST', path: `/revisions/${numberOf(article)}/restore` }),
  }
}

const lockSeconds = 90

const lock = (takeOver: boolean): Step => ({
  name: takeOver ? 'take over the lock' : 'lock',
  once: false,
  ask: () => ({ method: 'PUT', path: '/lock', body: { seconds: lockSeconds, takeOver } }),
  take: (room, { id }, actor) => {
    room.admit(actor, writing)
    const article = room.find(id, actor)
    if (actor.role === 'writer' && !room.isWriters(article)) refuse('forbidden')
    if (room.isLocked(article, actor) && !takeOver) refuse('article_locked')
    article.lock = { holder: actor.name, until: room.now + lockSeconds * 1_000 }
  },
})

const unlock = (takeOver: boolean): Step => ({
  name: takeOver ? 'end the lock' : 'unlock',
  once: false,
  ask: () => ({ method: 'DELETE', path: `/lock${takeOver ? '?takeOver=true' : ''}` }),
  take: (room, { id }, actor) => {
    room.admit(actor, writing)
    const article = room.find(id, actor)
    if (room.isLocked(article, actor) && !takeOver) refuse('article_locked')
    article.lock = null
  },
})

/** Any step; `section` is one that there is. */
export const anyStep = (section: () => string): fc.Arbitrary<Step> => {
  const change = fc.oneof(
    fc.record({ title: fc.constantFrom('One', 'Two', 'Three') }),
    fc.record({ slug: fc.constantFrom(...slugs) }),
    fc.record({ expires: perhaps }),
    fc.record({ embargo: perhaps }),
    fc.record({ title: fc.constantFrom('Four', 'Five'), expires: perhaps, embargo: perhaps }, { requiredKeys: [] }),
    fc.nat(4).map((n) => ({ section: n === 0 ? null : section() })),
  )
  return fc.oneof(
    { weight: 6, arbitrary: change.map(patch) },
    { weight: 4, arbitrary: fc.constantFrom(...plainMoves) },
    { weight: 4, arbitrary: fc.constant(null).map(publish) },
    { weight: 4, arbitrary: fc.integer({ min: -1, max: 5 }).map(publish) },
    { weight: 2, arbitrary: fc.constantFrom('It was Tuesday.', 'It was Monday.', '').map(correct) },
    { weight: 2, arbitrary: fc.constant(unschedule) },
    { weight: 1, arbitrary: fc.option(fc.nat(3)).map(withdraw) },
    { weight: 2, arbitrary: fc.nat(6).map(restoreRevision) },
    { weight: 1, arbitrary: fc.boolean().map(lock) },
    { weight: 1, arbitrary: fc.boolean().map(unlock) },
  )
}
