import t from 'tap'
import { type TestApp, testApp, type Who } from '../support/app.ts'
import { makeDraft, makeSection, makeSource, makeTag } from '../support/factories.ts'
import { act, minute, patch } from './acts.ts'

const hour = 60 * minute

async function listAll(app: TestApp, url: string, as: Who): Promise<{ ids: string[]; total: number }> {
  const ids: string[] = []
  for (let cursor = ''; ; ) {
    const { status, body } = await app.call('GET', `${url}&limit=3&count=exact${cursor}`, { as })
    if (status !== 200) throw new Error(JSON.stringify(body))
    ids.push(...body.data.map(({ id }: { id: string }) => id))
    if (body.page.next === null) return { ids, total: body.page.total }
    cursor = `&cursor=${body.page.next}`
  }
}

t.test('a count is what a walk through the list finds, whatever the clock has shown or ended', async (t) => {
  const app = await testApp(t)
  const at = (hours: number) => new Date(app.clock.now() + hours * hour).toISOString()
  await makeSection(app, { name: 'World' })
  await makeSection(app, { name: 'Asia', parent: 'world' })
  await makeSection(app, { name: 'Sport' })
  for (const name of ['rail', 'strike']) await makeTag(app, { name })
  for (const name of ['cna', 'reuters']) await makeSource(app, { name })
  const both = {
    section: 'asia',
    tags: ['rail', 'strike'],
    genre: 'opinion',
    sources: [
      { source: 'cna', role: 'origin' },
      { source: 'reuters', role: 'cited' },
      { source: 'cna', role: 'photo' },
    ],
    bylines: [
      { name: 'Sari Utami', role: 'author' },
      { name: 'SARI UTAMI', role: 'photographer' },
    ],
  }
  const make = async (body: object, ...actions: Parameters<typeof act>[2][]) => {
    let now = await makeDraft(app, { section: 'world', ...body })
    for (const action of actions) ({ body: now } = await act(app, now, action))
    return now
  }
  await make({ title: 'Draft' })
  await make({ title: 'Trash', ...both }, 'delete')
  await make({ title: 'Withdrawn', ...both }, 'publish', 'unpublish')
  for (let i = 0; i < 4; i += 1) await make({ title: `Public ${i}`, ...(i % 2 === 0 && both) }, 'publish')
  await make({ title: 'Old', publishedAt: '2001-01-01T00:00:00.000Z', lang: 'id', ...both }, 'publish')
  await make({ title: 'Ends', expiresAt: at(2), ...both }, 'publish')
  const publishAt = async (article: { id: string; version: number }, hours: number) => {
    const { status, body } = await app.call('POST', `/v1/articles/${article.id}/publish`, {
      as: 'editor',
      version: article.version,
      body: { at: at(hours) },
    })
    t.equal(status, 200, JSON.stringify(body))
  }
  await publishAt(await make({ title: 'Scheduled', ...both }), 1)
  await publishAt(await make({ title: 'Comes and goes', expiresAt: at(3), ...both }), 1)
  // A new version, which is filed otherwise, takes the place of the public one.
  const changed = await make({ title: 'Changes', ...both }, 'publish')
  const { body: ahead } = await patch(app, changed, {
    section: 'sport',
    tags: ['strike'],
    sources: [],
    bylines: [],
    genre: null,
  })
  await publishAt(ahead, 1)

  const queries = [
    ...['', 'section=world', 'section=world&subsections=false', 'section=asia,sport', 'section=world,asia'],
    ...[
      'tag=rail',
      'tag=rail,strike',
      'source=cna',
      'source=cna,reuters',
      'byline=sari+utami',
      'lang=en',
      'lang=en,id',
    ],
    ...[
      'genre=opinion',
      'genre=opinion,analysis',
      'publishedAfter=2002-01-01T00:00:00Z',
      'publishedBefore=2002-01-01T00:00:00Z',
    ],
    ...['tag=strike&publishedAfter=2002-01-01T00:00:00Z', 'publishedBefore=9999-12-31T00:00:00Z'],
    ...['tag=rail&lang=en', 'tagAll=rail,strike', 'tagNone=rail', 'source=cna&sourceRole=photo', 'tag=nothing'],
  ]
  const met = new Set<string>()
  for (const hours of [0, 1, 1, 1]) {
    app.clock.advance(hours * hour)
    for (const query of queries) {
      for (const [as, view] of [
        ['stranger', 'live'],
        ['editor', 'working'],
        ['writer', 'working'],
      ] as const) {
        const { ids, total } = await listAll(app, `/v1/articles?stage=${view}&${query}`, as)
        t.equal(total, ids.length, `${view} as ${as}: ${query}`)
        t.equal(new Set(ids).size, ids.length)
        if (as === 'stranger') met.add(`${query} ${total}`)
      }
    }
  }
  t.ok(met.size > queries.length * 1.5, `${met.size} different counts: time tells on them`)
})
