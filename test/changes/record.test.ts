import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { changeKinds } from '../../src/changes/schema.ts'
import { type Answer, type TestApp, testApp } from '../support/app.ts'
import { makeDraft, makeKey, makePublished, makeSection, makeSource, makeTag } from '../support/factories.ts'

const path = '/v1/changes'

interface Item {
  seq: number
  at: string
  kind: string
  entity: string
  id: string
  actor: { id: string; name: string }
  from: number | null
  to: number
  fields: string[]
  note: string | null
}

/** What a request added to the log, the oldest first. */
async function added(app: TestApp, request: () => Promise<Answer>): Promise<{ answer: Answer; items: Item[] }> {
  const [last] = (await app.call('GET', `${path}?limit=1`, { as: 'editor' })).body.data
  const answer = await request()
  const { body } = await app.call('GET', `${path}?limit=100`, { as: 'editor' })
  return { answer, items: body.data.filter(({ seq }: Item) => seq > last.seq).reverse() }
}

t.test(
  'each thing that is done is written down once: who, what, from which version to which, and the fields',
  async (t) => {
    const app = await testApp(t)
    const desk = await makeKey(app, { name: 'night desk' })
    /** One request by the night desk; answers what it answered. */
    const once = async (
      [method, url, version, body]: [string, string, (number | undefined)?, unknown?],
      expected: { kind: string; id?: string; from: number | null; to: number; fields: string[] },
    ) => {
      app.clock.advance(1_000)
      const { answer, items } = await added(app, () =>
        app.call(method, url, { key: desk.secret, ...(version !== undefined && { version }), body }),
      )
      t.ok(answer.status < 300, `${method} ${url}: ${answer.text}`)
      t.equal(items.length, 1, `${method} ${url} is one change`)
      const [{ seq: _, fields, ...item } = { fields: [], seq: 0 }] = items
      t.match(item, {
        at: new Date(app.clock.now()).toISOString(),
        entity: expected.kind.replace(/\..*/, ''),
        id: expected.id ?? answer.body.id,
        kind: expected.kind,
        actor: { id: desk.id, name: 'night desk' },
        from: expected.from,
        to: expected.to,
        note: null,
      })
      t.strictSame([...fields].sort(), expected.fields, expected.kind)
      return answer.body
    }
    const made = (kind: string, fields: string[]) => ({ kind, from: null, to: 1, fields })

    const section = await once(
      ['POST', '/v1/sections', undefined, { name: 'World', slug: 'world' }],
      made('section.created', ['description', 'lang', 'name', 'parent', 'position', 'slug']),
    )
    await once(['PATCH', '/v1/sections/world', 1, { position: 3 }], {
      ...{ kind: 'section.updated', id: section.id, from: 1, to: 2, fields: ['position'] },
    })
    const tag = await once(
      ['POST', '/v1/tags', undefined, { name: 'Rail' }],
      made('tag.created', ['description', 'kind', 'name', 'sameAs', 'synonyms']),
    )
    await once(['PUT', `/v1/tags/${tag.id}`, 1, { name: 'Trains', kind: 'place' }], {
      ...{ kind: 'tag.updated', id: tag.id, from: 1, to: 2, fields: ['kind', 'name'] },
    })
    const source = await once(
      ['POST', '/v1/sources', undefined, { name: 'Antara' }],
      made(
        'source.created',
        'aliases country creditLine homepage kind lang licenceUrl name usageTerms visibility'.split(' '),
      ),
    )
    await once(['PATCH', `/v1/sources/${source.id}`, 1, { visibility: 'editors' }], {
      ...{ kind: 'source.updated', id: source.id, from: 1, to: 2, fields: ['visibility'] },
    })
    const all =
      'access breaking breakingUntil bylines dateline deck embargoUntil expiresAt externalId genre image kicker lang pages publishedAt section seo slug sources tags title urgency'
    const { id } = await once(
      ['POST', '/v1/articles', undefined, { title: 'Rail strike', section: 'world', pages: [{ body: 'Over.' }] }],
      made('article.created', all.split(' ')),
    )
    const step = (kind: string, from: number, fields: string[]) => ({ kind, id, from, to: from + 1, fields })
    const to = `/v1/articles/${id}`
    await once(['PATCH', to, 1, { deck: 'It is over.', tags: [tag.id] }], step('article.updated', 1, ['deck', 'tags']))
    await once(['POST', `${to}/publish`, 2], step('article.published', 2, ['publishedAt', 'state']))
    await once(['PUT', to, 3, { title: 'Other', section: 'world', pages: [{ body: 'New.' }] }], {
      ...step('article.updated', 3, ['deck', 'pages', 'tags', 'title']),
    })
    await once(['POST', `${to}/publish`, 4], step('article.published', 4, []))
    await once(['POST', `${to}/unpublish`, 5], step('article.unpublished', 5, ['state']))
    await once(['DELETE', to, 6], step('article.trashed', 6, ['state']))
    await once(['POST', `${to}/restore`, 7], step('article.restored', 7, ['state']))
    const other = await makeTag(app, { name: 'Steel' })
    await once(['POST', `/v1/tags/${tag.id}/merge`, 2, { into: other.id }], {
      ...{ kind: 'tag.merged', id: tag.id, from: 2, to: 3, fields: [] },
    })
    await once(['DELETE', `/v1/tags/${other.id}`, 1], {
      ...{ kind: 'tag.deleted', id: other.id, from: 1, to: 2, fields: [] },
    })
    await once(['DELETE', `/v1/sources/${source.id}`, 2], {
      ...{ kind: 'source.deleted', id: source.id, from: 2, to: 3, fields: [] },
    })
    const empty = await makeSection(app, { name: 'Empty' })
    await once(['DELETE', `/v1/sections/${empty.id}`, 1], {
      ...{ kind: 'section.deleted', id: empty.id, from: 1, to: 2, fields: [] },
    })
  },
)

t.test('what is done to keys is written down too, and nothing of their secrets', async (t) => {
  const app = await testApp(t)
  const key = await makeKey(app, { name: 'desk' })
  const rotated = await app.call('POST', `/v1/keys/${key.id}/rotate`, { as: 'admin', body: {} })
  await app.call('DELETE', `/v1/keys/${key.id}`, { as: 'admin' })
  const { body, text } = await app.call('GET', `${path}?id=${key.id}`, { as: 'editor' })
  const actor = { name: 'the admin' }
  t.match(body.data, [
    { kind: 'key.revoked', entity: 'key', from: 2, to: 3, fields: [], actor },
    { kind: 'key.rotated', entity: 'key', from: 1, to: 2, fields: [], actor },
    { kind: 'key.created', entity: 'key', from: null, to: 1, fields: [], actor },
  ])
  for (const secret of [key.secret, rotated.body.secret]) t.notOk(text.includes(secret.slice('warta_'.length)))
})

t.test(
  'history calls everybody by the name of their key, also when it is revoked, and the operator operator',
  async (t) => {
    const app = await testApp(t)
    const desk = await makeKey(app, { name: 'Ünal’s desk 新聞' })
    await app.call('POST', '/v1/tags', { key: desk.secret, body: { name: 'Rail' } })
    await app.call('DELETE', `/v1/keys/${desk.id}`, { as: 'admin' })
    const names = async (query: string) =>
      (await app.call('GET', `${path}?${query}`, { as: 'editor' })).body.data.map(({ actor }: Item) => actor)
    t.strictSame(await names('entity=tag'), [{ id: desk.id, name: 'Ünal’s desk 新聞' }])
    const operator = { id: 'operator', name: 'operator' }
    t.strictSame(await names('kind=key.created&sort=seq&limit=4'), Array(4).fill(operator))
  },
)

t.test('what came of it elsewhere is written down with whoever caused it', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'World' })
  const asia = await makeSection(app, { name: 'Asia', parent: 'world' })
  const { items } = await added(app, () =>
    app.call('PATCH', '/v1/sections/world', { as: 'editor', version: 1, body: { slug: 'global' } }),
  )
  t.match(items, [
    { kind: 'section.updated', actor: { name: 'the editor' }, from: 1, to: 2 },
    { kind: 'section.updated', id: asia.id, actor: { name: 'the editor' }, from: 1, to: 2, fields: ['path'] },
  ])
})

t.test('what is refused, or changes nothing, is not written down', async (t) => {
  const app = await testApp(t)
  const article = await makePublished(app)
  const url = `/v1/articles/${article.id}`
  const { version } = article
  const requests: [string, string, number | undefined, unknown][] = [
    ['PATCH', url, version, { title: article.title }],
    ['POST', `${url}/publish`, version, undefined],
    ['PATCH', url, 1, { title: 'Stale' }],
    ['DELETE', url, version, undefined],
    ['POST', '/v1/articles', undefined, { title: '' }],
    ['POST', '/v1/articles', undefined, { title: 'A', tags: ['nowhere'] }],
  ]
  for (const [method, to, seen, body] of requests) {
    const { items } = await added(app, () =>
      app.call(method, to, { as: 'editor', ...(seen !== undefined && { version: seen }), body }),
    )
    t.strictSame(items, [], `${method} ${to}`)
  }
})

t.test(
  'a note is shown, the version before is the one that was recorded, and who is unknown goes by the id',
  async (t) => {
    const app = await testApp(t)
    const draft = await makeDraft(app)
    const note = 'Legal has read it.\nSee "page 2".'
    await app.store.transact((db) =>
      db.record({
        ...{ kind: 'article.updated', id: draft.id, version: 9, previous: 4, actor: 'somebody', note },
        ...{ fields: ['title'], tags: [`article:${draft.id}`] },
      }),
    )
    for (const url of [`${path}?actor=somebody`, `/v1/articles/${draft.id}/changes?limit=1`]) {
      const { body } = await app.call('GET', url, { as: 'editor' })
      t.strictSame(body.data, [
        {
          seq: 6,
          at: '2026-11-22T09:00:00.000Z',
          ...{ kind: 'article.updated', entity: 'article', id: draft.id },
          actor: { id: 'somebody', name: 'somebody' },
          ...{ from: 4, to: 9, fields: ['title'], note },
        },
      ])
    }
  },
)

t.test('nothing of what a thing says is in the log', async (t) => {
  const app = await testApp(t)
  const canary = 'zqcanary'
  const tag = await makeTag(app, { name: canary, synonyms: [`${canary} too`] })
  const source = await makeSource(app, { name: canary, visibility: 'editors' })
  const section = await makeSection(app, { name: canary, description: canary })
  const draft = await makeDraft(app, {
    ...{ title: canary, slug: canary, deck: canary, externalId: canary, section: section.id, tags: [tag.id] },
    ...{ sources: [{ source: source.id, mention: canary }], bylines: [{ name: canary }] },
    pages: [{ title: canary, body: canary }],
  })
  const url = `/v1/articles/${draft.id}`
  await app.call('PATCH', url, { as: 'editor', version: 1, body: { title: `${canary} again`, slug: `${canary}-2` } })
  await app.call('POST', `${url}/publish`, { as: 'editor', version: 2 })
  await app.call('DELETE', `/v1/tags/${tag.id}?detach=true`, { as: 'editor', version: 1 })
  for (const asked of [`${path}?limit=100&count=exact`, `${path}?id=${draft.id}`, `${url}/changes`]) {
    const { status, text, headers } = await app.call('GET', asked, { as: 'editor' })
    t.equal(status, 200)
    t.notMatch(text + JSON.stringify(headers), canary, asked)
  }
})

t.test('whatever the program writes down is a kind that the log can be asked for', async (t) => {
  const root = join(import.meta.dirname, '../..')
  const texts = globSync('src/**/*.ts', { cwd: root }).map((file) => readFileSync(join(root, file), 'utf8'))
  const kinds = texts.flatMap((text) => text.match(/(?<=')(?:article|section|tag|source|key)\.[a-z_]+(?=')/g) ?? [])
  t.strictSame([...new Set(kinds)].sort(), [...changeKinds].sort(), 'they are listed in src/changes/schema.ts')
})
