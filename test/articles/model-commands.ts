import fc from 'fast-check'
import { isDue, settleDue } from '../../src/articles/articles.ts'
import { type Actor, type Content, iso, type Newsroom, Refusal, refuse } from './model.ts'
import { call, compare, type Real, same } from './model-compare.ts'
import { anyStep, type Step, slugs } from './model-steps.ts'

/** What happens in a newsroom, done to the model and to the service, which are then compared. */

type Command = fc.AsyncCommand<Newsroom, Real>

export const actors: readonly Actor[] = [
  { name: 'Ana', role: 'writer' },
  { name: 'Budi', role: 'writer' },
  { name: 'Cita', role: 'editor' },
  { name: 'Dewi', role: 'editor' },
  { name: 'Eko', role: 'admin' },
  { name: 'a reader', role: 'reader' },
  { name: 'nobody', role: 'stranger' },
]
/** Mostly those who may do things. */
const anyActor = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...actors.slice(2, 5)) },
  { weight: 1, arbitrary: fc.constantFrom(...actors) },
)
const mostArticles = 3

/** What one actor does to one article, perhaps with a version that was never there, perhaps sent twice. */
class Act implements Command {
  private readonly step: Step
  private readonly actor: Actor
  private readonly place: number
  private readonly stale: boolean
  private readonly twice: boolean

  constructor(step: Step, actor: Actor, place: number, stale: boolean, twice: boolean) {
    this.step = step
    this.actor = actor
    this.place = place
    this.stale = stale
    this.twice = twice && step.once
  }

  check = (room: Readonly<Newsroom>): boolean => room.articles.size > 0

  async run(room: Newsroom, real: Real): Promise<void> {
    const { step, actor } = this
    const all = [...room.articles.values()]
    const article = all[this.place % all.length]
    if (article === undefined) return
    const version = article.version + (this.stale ? 7 : 0)
    const { method, path, body } = step.ask(room, article, all)
    const headers: Record<string, string> = this.twice ? { 'idempotency-key': crypto.randomUUID() } : {}
    const send = () =>
      call(real, actor, method, `/v1/articles/${article.id}${path}`, {
        headers,
        ...(path.startsWith('/lock') ? {} : { version }),
        ...(body !== undefined && { body }),
      })
    const wanted = attempt(() => step.take(room, article, actor, version, all))
    // Letting go of a lock looks at nothing else.
    if (wanted === 'done' && !(path.startsWith('/lock') && method === 'DELETE')) room.written(article)
    const first = await send()
    same(String(this), first.status < 300 ? 'done' : first.body.code, wanted)
    if (this.twice) {
      const second = await send()
      same(
        'the second answer',
        second.status < 300 ? second.text : second.body.code,
        first.status < 300 ? first.text : wanted,
      )
      same('a replay', second.headers['idempotency-replayed'], first.status < 300 ? 'true' : undefined)
    }
    await compare(room, real, room.articles.get(article.id))
    real.steps += 1
  }

  toString(): string {
    return `${this.actor.name}: ${this.step.name} of ${this.place}${this.stale ? ', stale' : ''}${this.twice ? ', twice' : ''}`
  }
}

/** What a step in the model comes to: `done`, or the code that refuses it. */
function attempt(take: () => void): string {
  try {
    take()
    return 'done'
  } catch (error) {
    if (error instanceof Refusal) return error.message
    throw error
  }
}

function command(name: string, run: Command['run'], check: Command['check'] = () => true): Command {
  return {
    check,
    run: async (room, real) => {
      await run(room, real)
      await compare(room, real)
      real.steps += 1
    },
    toString: () => name,
  }
}

const content: Content = {
  title: 'One',
  slug: '',
  section: true,
  embargoUntil: null,
  expiresAt: null,
  publishedAt: null,
}

export const create = (actor: Actor, slug: string): Command =>
  command(
    `${actor.name}: create ${slug}`,
    async (room, real) => {
      const pages = [{ body: 'The trains run again.' }]
      const input = { title: content.title, slug, section: real.section, pages }
      const answer = await call(real, actor, 'POST', '/v1/articles', { body: input })
      const id = answer.status === 201 ? answer.body.id : ''
      const wanted = attempt(() => {
        room.admit(actor, ['writer', 'editor', 'admin'])
        room.create(id, { ...content, slug }, actor)
      })
      same('to create', answer.status < 300 ? 'done' : answer.body.code, wanted)
    },
    ({ articles }) => articles.size < mostArticles,
  )

/** What was read is sent back and changes nothing. */
const putBack = (actor: Actor, place: number): Command =>
  command(
    `${actor.name}: put back ${place}`,
    async (room, real) => {
      const all = [...room.articles.values()]
      const id = all[place % all.length]?.id ?? ''
      const read = await call(real, actor, 'GET', `/v1/articles/${id}?stage=working`)
      const wanted = attempt(() => {
        room.admit(actor, ['writer', 'editor', 'admin'])
        const article = room.open(id, actor, room.find(id, actor).version)
        room.revise(article, actor, {})
        room.written(article)
      })
      if (read.status !== 200) return same('to read', read.body.code, wanted)
      const put = await call(real, actor, 'PUT', `/v1/articles/${id}`, { body: read.body, version: read.body.version })
      same('to put back', put.status < 300 ? 'done' : put.body.code, wanted)
      if (put.status === 200) same('what was put back', put.text, read.text)
    },
    ({ articles }) => articles.size > 0,
  )

const setClock = (name: string, to: (room: Readonly<Newsroom>) => number): Command =>
  command(name, async (room, { app }) => {
    room.setClock(Math.max(room.now, to(room)))
    app.clock.set(room.instant)
  })

const settle: Command = command('the job', async (room, { app }) => {
  while ((await app.store.read(isDue)) && (await app.store.transact(settleDue)));
  for (const article of room.articles.values()) room.written(article)
})

/** The clock is stepped back and forth again: meanwhile nothing is seen early, and no job writes down what is to come. */
const stepBack = (minutes: number): Command =>
  command(`the clock goes back ${minutes} min for a while`, async (room, { app }) => {
    const then = iso(room.now - minutes * 60_000)
    const released = new Map(
      [...room.articles.values()].flatMap((one) => one.released.map((it) => [`${one.id} ${it.version}`, it.from])),
    )
    app.clock.set(then)
    await app.store.transact(settleDue)
    const { body } = await app.call('GET', '/v1/articles?limit=100')
    for (const { id, version } of body.data) {
      const from = released.get(`${id} ${version}`)
      if (from === undefined || from > then) refuse(`at ${then} ${id} is shown as it is from ${from}`)
      const { status, body: one } = await app.call('GET', `/v1/articles/${id}`)
      same(`${id} at ${then}`, [status, one.version], [200, version])
    }
    for (const id of room.articles.keys()) {
      const { status } = await app.call('GET', `/v1/articles/${id}`)
      same(
        `${id} at ${then}, listed or not`,
        status === 200,
        body.data.some((item: { id: string }) => item.id === id),
      )
    }
    for (const article of room.articles.values()) room.written(article, then)
    app.clock.set(room.instant)
  })

/** Any commands, for a newsroom with this section. */
export const anyCommand = (section: () => string): fc.Arbitrary<Command>[] => {
  const acts = fc
    .tuple(anyStep(section), anyActor, fc.nat(mostArticles - 1), fc.nat(24), fc.boolean())
    .map(([step, actor, place, stale, twice]) => new Act(step, actor, place, stale === 0, twice))
  const ticks = fc.oneof(
    fc
      .integer({ min: 1, max: 4 })
      .map((minutes) => setClock(`${minutes} min pass`, ({ now }) => now + minutes * 60_000)),
    fc.constant(setClock('it is the next instant', (room) => Date.parse(room.nextInstant() ?? room.instant))),
    fc.constant(
      setClock('it is almost the next instant', (room) => Date.parse(room.nextInstant() ?? room.instant) - 1),
    ),
  )
  return [
    acts,
    acts,
    acts,
    acts,
    ticks,
    fc.tuple(anyActor, fc.constantFrom(...slugs)).map((all) => create(...all)),
    fc.tuple(anyActor, fc.nat(mostArticles - 1)).map((all) => putBack(...all)),
    fc.constant(settle),
    fc.integer({ min: 1, max: 4 }).map(stepBack),
  ]
}
