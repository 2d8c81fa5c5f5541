import t, { type Test } from 'tap'
import { instant } from '../../src/lib/clock.ts'
import { eq } from '../../src/storage/drizzle.ts'
import { type Answer, type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { minute } from './acts.ts'

/** What articles use may be detached or merged under them, which leaves gaps among their rows. */

const names = ['one', 'two', 'three', 'four']
const usesOf = (...slugs: string[]) => ({ tags: slugs, sources: slugs.map((source) => ({ source })) })

const ways: Record<string, (app: TestApp) => Promise<Answer[]>> = {
  detached: (app) =>
    Promise.all(
      ['tags', 'sources'].map((kind) =>
        app.call('DELETE', `/v1/${kind}/two?detach=true`, { as: 'editor', version: '*' }),
      ),
    ),
  merged: (app) =>
    Promise.all([
      app.call('POST', '/v1/tags/two/merge', { as: 'editor', version: '*', body: { into: 'three' } }),
      app.call('DELETE', '/v1/sources/two?detach=true', { as: 'editor', version: '*' }),
    ]),
}

/** Each makes of one and three what it is named by. */
const acts: Record<string, { body: (app: TestApp) => object; path?: string; left?: string[] }> = {
  'one is added': { body: () => usesOf('one', 'three', 'four'), left: ['one', 'three', 'four'] },
  'one is put in the place of another': { body: () => usesOf('one', 'four'), left: ['one', 'four'] },
  'they change places': { body: () => usesOf('three', 'one'), left: ['three', 'one'] },
  'one is left': { body: () => usesOf('one'), left: ['one'] },
  'none is left': { body: () => usesOf(), left: [] },
  'something else is changed': { body: () => ({ deck: 'Other' }) },
  'it is published': { body: () => ({}), path: '/publish' },
  'it is scheduled': { body: (app) => ({ at: instant(app.clock.now() + minute) }), path: '/publish' },
}

for (const [way, remove] of Object.entries(ways)) {
  for (const [what, { body, path = '', left = ['one', 'three'] }] of Object.entries(acts)) {
    t.test(`a tag and a source between others are ${way}, and then ${what}`, async (t) => {
      const app = await testApp(t)
      await makeSection(app)
      for (const name of names) {
        await makeTag(app, { name })
        await makeSource(app, { name })
      }
      const { id } = await makeDraft(app, { section: 'world', ...usesOf('one', 'two', 'three') })
      for (const { status } of await remove(app)) t.ok(status < 300)
      const url = `/v1/articles/${id}`
      const method = path === '' ? 'PATCH' : 'POST'
      const answer = await app.call(method, url + path, { as: 'editor', version: '*', body: body(app) })
      t.equal(answer.status, 200)
      await expectUses(t, app, answer, left)
      // The clock publishes what was scheduled.
      app.clock.advance(2 * minute)
      await expectUses(t, app, await app.call('PATCH', url, edit({ kicker: 'Later' })), left)
      if (path !== '')
        await expectUses(t, app, await app.call('POST', `${url}/correct`, edit({ text: 'Wrong.' })), left)
      for (const slug of names) {
        const found = await app.call('GET', `/v1/articles?stage=working&tag=${slug}&count=exact`, { as: 'editor' })
        const isThere = left.includes(slug) || (way === 'merged' && slug === 'two' && left.includes('three'))
        t.equal(found.body.page.total, isThere ? 1 : 0, slug)
      }
    })
  }
}

const edit = (body: object) => ({ as: 'editor', version: '*', body }) as const

/** What a write answers, what is read, and what is stored are the same. */
async function expectUses(t: Test, app: TestApp, { status, body }: Answer, left: string[]): Promise<void> {
  t.equal(status, 200)
  const read = await app.call('GET', `/v1/articles/${body.id}?stage=working`, { as: 'editor' })
  t.equal(read.body.version, body.version)
  for (const { tags, sources } of [body, read.body]) {
    t.same(slugsOf(tags), left)
    t.same(slugsOf(sources.map(({ source }: { source: { slug: string } }) => source)), left)
  }
  const stored = await app.store.read(async (db) => {
    const { articleTags: tags, articleSources: sources } = db.tables
    return [
      await db.select().from(tags).where(eq(tags.stage, 'working')),
      await db.select().from(sources).where(eq(sources.stage, 'working')),
    ]
  })
  const listedAt = read.body.publishedAt ?? '9999'
  for (const rows of stored)
    t.same(
      rows.map((row) => row.listedAt),
      left.map(() => listedAt),
    )
}

const slugsOf = (things: { slug: string }[]) => things.map(({ slug }) => slug)
