import t from 'tap'
import { type TestApp, testApp } from '../../support/app.ts'
import { makeDraft, makePublished, makeSection, makeSource, makeTag } from '../../support/factories.ts'
import { act, minute, patch } from '../acts.ts'

const text = (...bodies: string[]) => bodies.map((body) => ({ body }))

async function find(app: TestApp, q: string, more = ''): Promise<string> {
  const { status, body } = await app.call('GET', `/v1/articles?fields=slug&q=${encodeURIComponent(q)}${more}`)
  if (status !== 200) return `${status} ${body.code}`
  return body.data.map(({ slug }: { slug: string }) => slug).join(' ')
}

/** Stories whose slugs say where the word "ferry" stands. */
t.test('a title is above a deck, that above a body, and that above the rest', async (t) => {
  const app = await testApp(t)
  const section = (await makeSection(app)).id
  await makeTag(app, { name: 'Ferry' })
  const filler = 'Nothing of that is told here, at some length, so that the paragraph is full of other words than the one. '
  const stories: Record<string, object> = {
    tagged: { tags: ['ferry'] },
    body: { pages: text(`${filler.repeat(5)} The ferry came.`) },
    lead: { pages: text('The ferry came.') },
    deck: { deck: 'A ferry came' },
    kicker: { kicker: 'Ferry' },
    title: { title: 'A ferry came to the harbour of the island at last' },
  }
  for (const [slug, story] of Object.entries(stories)) {
    await makePublished(app, { slug, section, title: 'At last', lang: 'en', ...story })
    app.clock.advance(minute)
  }
  t.equal(await find(app, 'ferry'), 'title kicker deck lead body tagged')
  t.equal(await find(app, 'FERRY'), 'title kicker deck lead body tagged')
  t.equal(await find(app, 'ferries'), 'title kicker deck lead body')
})
