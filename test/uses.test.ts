import t from 'tap'
import { type TestApp, testApp } from './support/app.ts'
import { makeSection, makeSource, makeTag } from './support/factories.ts'
import { loopLag } from './support/stores.ts'

/** More than are moved by one statement, and not a multiple of it. */
const many = 450

async function makeMany(app: TestApp, bodyOf: (i: number) => object): Promise<void> {
  const operations = Array.from({ length: many }, (_, i) => ({
    op: 'create',
    body: { title: `Story ${i}`, pages: [{ body: 'Text.' }], ...bodyOf(i) },
  }))
  const { status, body } = await app.call('POST', '/v1/articles/batch', { as: 'editor', body: { operations } })
  if (status !== 200) throw new Error(JSON.stringify(body))
}

const working = async (app: TestApp, query: string): Promise<number> => {
  const { body } = await app.call('GET', `/v1/articles?stage=working&count=exact&${query}`, { as: 'editor' })
  return body.page.total
}

t.test('many articles get another tag, each once, and the event loop comes round meanwhile', async (t) => {
  const app = await testApp(t)
  for (const name of ['rail', 'train', 'other']) await makeTag(app, { name })
  // Some have both already, before or after the other.
  const tagsOf = [['rail'], ['other', 'rail', 'train'], ['train', 'rail'], ['other']]
  await makeMany(app, (i) => ({ tags: tagsOf[i % tagsOf.length] }))
  const { body: rail } = await app.call('GET', '/v1/tags/rail')
  const before = await working(app, 'tag=rail,train')
  const began = performance.now()
  const lag = await loopLag(async () => {
    const { status } = await app.call('POST', `/v1/tags/${rail.id}/merge`, {
      as: 'editor',
      version: rail.version,
      body: { into: 'train' },
    })
    t.equal(status, 200)
  })
  const took = performance.now() - began
  // Three parts, of which the longest is some 45 in a hundred; on a busy machine each takes longer.
  t.ok(lag < Math.max(250, 0.6 * took), `the event loop stood still for ${lag} of ${took} ms`)
  t.equal(await working(app, 'tag=train'), before)
  t.equal(await working(app, 'tag=other'), many / 2)
  const { body } = await app.call('GET', '/v1/articles?stage=working&limit=100', { as: 'editor' })
  for (const { tags } of body.data) {
    const slugs = tags.map(({ slug }: { slug: string }) => slug)
    t.equal(new Set(slugs).size, slugs.length)
    t.notOk(slugs.includes('rail'))
  }
})

t.test('many articles lose a source, or get another section', async (t) => {
  const app = await testApp(t)
  for (const name of ['cna', 'reuters']) await makeSource(app, { name })
  await makeSection(app, { name: 'World' })
  const sport = await makeSection(app, { name: 'Sport' })
  await makeMany(app, (i) => ({
    section: i % 3 === 0 ? 'world' : 'sport',
    sources: [
      { source: 'cna', role: 'origin' },
      { source: 'cna', role: 'photo' },
      { source: 'reuters', role: 'cited' },
    ],
  }))
  const { body: cna } = await app.call('GET', '/v1/sources/cna')
  const detached = await app.call('DELETE', `/v1/sources/${cna.id}?detach=true`, { as: 'editor', version: cna.version })
  t.equal(detached.status, 204)
  t.equal(await working(app, 'source=reuters'), many)
  t.equal(await working(app, 'sourceRole=origin,photo'), 0)
  const moved = await app.call('DELETE', `/v1/sections/${sport.id}?moveTo=world`, {
    as: 'editor',
    version: sport.version,
  })
  t.equal(moved.status, 204)
  t.equal(await working(app, 'section=world'), many)
})
