import fc from 'fast-check'
import t from 'tap'
import { settleDue } from '../../src/articles/articles.ts'
import { cardFields } from '../../src/articles/schema.ts'
import { beginReindexing, type IndexPosition, reindexSome } from '../../src/articles/search/reindexing.ts'
import { writeCards } from '../../src/articles/stored/cards.ts'
import { instant } from '../../src/lib/clock.ts'
import { type Answer, type TestApp, testApp } from '../support/app.ts'
import { findDifferences } from '../support/derived.ts'
import { engine } from '../support/engines.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { type Act, act, minute, patch, readWorking } from './acts.ts'
import '../support/chance.ts'

/**
 * What is written twice stays the same, and what is counted is what one would count: whatever editors and the clock do to
 * articles, tags and sources.
 */

const tags = ['a', 'b', 'c'] as const
const sources = ['p', 'q'] as const

const content = fc.record({
  tags: fc.subarray([...tags]),
  sources: fc.array(fc.record({ source: fc.constantFrom(...sources), role: fc.constantFrom('origin', 'cited') }), {
    maxLength: 3,
  }),
  bylines: fc.subarray([{ name: 'Joko' }, { name: 'Sari' }]),
  section: fc.constantFrom('top', 'below'),
  breaking: fc.boolean(),
  publishedAt: fc.constantFrom(null, '2020-01-01T00:00:00.000Z', '2021-01-01T00:00:00.000Z'),
})
type Content = typeof content extends fc.Arbitrary<infer Body> ? Body : never

/** Each is some hundred round trips to a server. */
const runs = engine === 'sqlite' ? 15 : 5

/** Names lead somewhere for good, so each run has its own. */
let run = 0
const own = (name: string): string => `${name}-${run}`
const ofRun = (body: Content) => ({
  ...body,
  tags: body.tags.map(own),
  section: own(body.section),
  sources: body.sources.map((use) => ({ ...use, source: own(use.source) })),
})

type Step = (app: TestApp, articles: { id: string }[]) => Promise<unknown>

const change = (which: number, body: () => object): Step =>
  async function changes(app, articles) {
    const { body: now } = await readWorking(app, articles[which] ?? { id: '' })
    await expectAsRead(app, await patch(app, now, body()))
  }
const does = (which: number, action: Act, body?: (now: number) => object): Step =>
  async function acts(app, articles) {
    const { body: now } = await readWorking(app, articles[which] ?? { id: '' })
    await expectAsRead(app, await act(app, now, action, 'admin', body?.(app.clock.now())))
  }

/** What was written is answered as it is read. */
async function expectAsRead(app: TestApp, { status, body }: Answer): Promise<void> {
  if (status >= 300 || body?.id === undefined) return
  const { warnings: _, ...answered } = body
  const { text } = await app.call('GET', `/v1/articles/${body.id}?stage=working`, { as: 'admin' })
  if (JSON.stringify(answered) !== text) throw new Error(`${JSON.stringify(answered)}\n is read as\n${text}`)
  answers += 1
}
let answers = 0

const which = fc.nat(2)
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(which, content).map(([i, body]) => change(i, () => ofRun(body))),
  fc
    .tuple(which, fc.constantFrom<Act>('publish', 'publish', 'unpublish', 'unschedule', 'delete', 'restore', 'purge'))
    .map(([i, action]) => does(i, action)),
  which.map((i) => does(i, 'correct', () => ({ text: 'It was wrong.' }))),
  which.map((i) => does(i, 'withdraw', () => ({ reason: 'It was wrong.' }))),
  fc
    .tuple(which, fc.nat(3))
    .map(([i, ahead]) => does(i, 'publish', (now) => ({ at: instant(now + (ahead + 1) * minute) }))),
  fc.tuple(which, fc.nat(3)).map(
    ([i, ahead]): Step =>
      (app, articles) => {
        const expiresAt = instant(app.clock.now() + (ahead + 1) * minute)
        return change(i, () => ({ expiresAt }))(app, articles)
      },
  ),
  fc.nat(3).map(
    (ahead): Step =>
      async (app) =>
        app.clock.advance(ahead * minute),
  ),
  fc.constant<Step>((app) => app.store.transact(settleDue)),
  fc.constant<Step>((app) => app.store.transact(writeCards)),
  fc.constant<Step>((app) =>
    app.call('POST', `/v1/tags/${own('a')}/merge`, { as: 'editor', version: '*', body: { into: own('b') } }),
  ),
  fc.constant<Step>((app) =>
    app.call('DELETE', `/v1/sources/${own('p')}?moveTo=${own('q')}`, { as: 'editor', version: '*' }),
  ),
  fc.constant<Step>((app) => app.call('DELETE', `/v1/tags/${own('c')}?detach=true`, { as: 'editor', version: '*' })),
  fc
    .tuple(fc.constantFrom('tags/a', 'tags/b', 'sources/p', 'sources/q'), fc.subarray(['Ferry', 'Bus stop', 'Tram']))
    .map(([path, others]): Step => {
      const names = path.startsWith('tags') ? { synonyms: others } : { aliases: others }
      const body = { name: `${others[0] ?? 'Quay'} ${path.at(-1)}`, ...names }
      return (app) => app.call('PATCH', `/v1/${own(path)}`, { as: 'editor', version: '*', body })
    }),
  fc.tuple(fc.constantFrom('top', 'below'), fc.constantFrom('Harbour', 'Bay')).map(
    ([name, other]): Step =>
      (app) =>
        app.call('PATCH', `/v1/sections/${own(name)}`, { as: 'editor', version: '*', body: { name: other } }),
  ),
  fc.constantFrom('world', null).map(
    (parent): Step =>
      (app) =>
        app.call('PATCH', `/v1/sections/${own('top')}`, { as: 'editor', version: '*', body: { parent } }),
  ),
  fc.constant<Step>((app) =>
    app.call('DELETE', `/v1/sections/${own('below')}?moveTo=${own('top')}`, { as: 'editor', version: '*' }),
  ),
  fc.constantFrom('public', 'editors').map(
    (visibility): Step =>
      (app) =>
        app.call('PATCH', `/v1/sources/${own('p')}`, { as: 'editor', version: '*', body: { visibility } }),
  ),
)

/** All that articles are found by here. Whatever was renamed or merged may be found by another. */
const words = [
  'joko',
  'sari',
  'rail strike',
  'ferry',
  'bus',
  'tram',
  'source:tram',
  'tag:ferry',
  'quay -ferry',
  'a',
  'q',
]

async function searchAll(app: TestApp): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {}
  for (const q of [...words, ...tags.map(own), ...sources.map(own)]) {
    for (const stage of ['live', 'working']) {
      const url = `/v1/articles?sort=-updatedAt&fields=title&limit=100&stage=${stage}&q=${encodeURIComponent(q)}`
      const { body } = await app.call('GET', url, { as: 'admin' })
      found[`${stage} ${q}`] = body.data.map(({ id }: { id: string }) => id)
    }
  }
  return found
}

/** As after a copy, a restored backup or damage. */
async function reindex(app: TestApp): Promise<void> {
  let position: IndexPosition | string | undefined = await app.store.transact((db) => beginReindexing(db, true))
  while (typeof position === 'object') {
    const from: IndexPosition = position
    position = await app.store.transact((db) => reindexSome(db, from, 7))
  }
}

t.test(
  'what is derived of what is written is what it would be if it were made anew, after anything at all',
  async (t) => {
    const app = await testApp(t)
    await makeSection(app)
    let counted = 0
    let shown = 0
    let met = 0
    await fc.assert(
      fc.asyncProperty(
        fc.tuple(content, content, content),
        fc.array(step, { minLength: 5, maxLength: 25 }),
        async (bodies, steps) => {
          run += 1
          await makeSection(app, { name: own('top') })
          await makeSection(app, { name: own('below'), parent: own('top') })
          for (const name of tags) await makeTag(app, { name: own(name) })
          for (const name of sources) await makeSource(app, { name: own(name) })
          const articles: { id: string }[] = []
          for (const body of bodies) articles.push(await makeDraft(app, ofRun(body)))
          // One is there to be counted, whatever else is drawn.
          const uses = { tags: ['a', 'b'].map(own), sources: [{ source: own('q') }] }
          await makePublished(app, { ...uses, section: own('below') })
          for (const one of steps) {
            await one(app, articles)
            const wrong = await findDifferences(app)
            if (wrong.length > 0) throw new Error(wrong.join('; '))
            counted += (await expectCounts(app, 'tag')) + (await expectCounts(app, 'source'))
            shown += await expectCards(app)
          }
          const found = await searchAll(app)
          met += Object.values(found).filter((ids) => ids.length > 0).length
          await reindex(app)
          const wrong = await findDifferences(app)
          if (wrong.length > 0) throw new Error(wrong.join('; '))
          const anew = await searchAll(app)
          for (const [query, ids] of Object.entries(found)) {
            if (ids.join() !== anew[query]?.join()) throw new Error(`${query}: ${ids}, and made anew ${anew[query]}`)
          }
        },
      ),
      { numRuns: runs },
    )
    // In each run five steps at least, after each of which two of its uses at least are left.
    t.ok(counted >= 10 * runs, `${counted} articles were counted`)
    t.ok(shown >= 5 * runs, `${shown} cards were shown`)
    t.ok(met >= 5 * runs, `${met} searches found something`)
    t.ok(answers >= runs, `${answers} answers were read again`)
  },
)

/** Holds cards as they are stored against those that are made of the rows, as for whoever chooses all fields; answers how many. */
async function expectCards(app: TestApp): Promise<number> {
  const url = `/v1/articles?limit=100&sort=-updatedAt`
  const [stored, made] = [await app.call('GET', url), await app.call('GET', `${url}&fields=${cardFields}`)]
  if (stored.text !== made.text) throw new Error(`${stored.text}\n and not\n${made.text}`)
  for (const { id } of stored.body.data) {
    const [one, other] = [
      await app.call('GET', `/v1/articles/${id}`),
      await app.call('GET', `/v1/articles?ids=${id}&include=pages`),
    ]
    const alone = /^\{"data":\[(.*)\],"page":/.exec(other.text)?.[1]
    if (one.text !== alone) throw new Error(`${one.text}\n and not\n${alone}`)
  }
  return stored.body.data.length
}

/** Holds what each of them counts against the list of its articles; answers the sum. */
async function expectCounts(app: TestApp, used: 'tag' | 'source'): Promise<number> {
  const { body } = await app.call('GET', `/v1/${used}s?limit=8&sort=-updatedAt`)
  let sum = 0
  for (const { slug, articleCount } of body.data) {
    const list = await app.call('GET', `/v1/articles?${used}=${slug}&limit=1&count=exact`)
    if (list.body.page.total !== articleCount)
      throw new Error(`${slug}: ${articleCount} and not ${list.body.page.total}`)
    sum += articleCount
  }
  return sum
}
