import t from 'tap'
import { type TestApp, testApp } from '../support/app.ts'
import { makePublished, makeSection } from '../support/factories.ts'

const path = '/v1/sections'

/** global > asia > jakarta > senayan, and world beside it. */
async function makeTree(app: TestApp) {
  const world = await makeSection(app, { name: 'World' })
  const global = await makeSection(app, { name: 'Global' })
  const asia = await makeSection(app, { name: 'Asia', parent: 'global' })
  const jakarta = await makeSection(app, { name: 'Jakarta', parent: 'asia' })
  const senayan = await makeSection(app, { name: 'Senayan', parent: 'jakarta' })
  return { world, global, asia, jakarta, senayan }
}

async function paths(app: TestApp): Promise<string[]> {
  const { body } = await app.call('GET', `${path}?limit=100`)
  return body.data.map((section: { path: string }) => section.path)
}

/** A chain of sections, each below the one before. */
async function chain(app: TestApp, name: string, length: number): Promise<string[]> {
  const slugs: string[] = []
  for (let i = 1; i <= length; i += 1) {
    const { slug } = await makeSection(app, { name: `${name} ${i}`, parent: slugs.at(-1) ?? null })
    slugs.push(slug)
  }
  return slugs
}

t.test('tree=true answers all sections nested, by position and then by name, to a stranger too', async (t) => {
  const app = await testApp(t)
  const second = await makeSection(app, { name: 'Second', position: 2 })
  await makeSection(app, { name: 'First', position: 1 })
  await makeSection(app, { name: 'B', parent: second.id })
  await makeSection(app, { name: 'A', parent: second.id })
  await makeSection(app, { name: 'Deep', parent: 'a' })
  const { status, body } = await app.call('GET', `${path}?tree=true`)
  t.equal(status, 200)
  type Branch = { slug: string; path: string; children: Branch[]; parent?: unknown }
  const shape = ({ slug, children }: Branch): unknown => [slug, ...children.map(shape)]
  t.same(body.data.map(shape), [['first'], ['second', ['a', ['deep']], ['b']]])
  t.equal(body.data[1].children[0].children[0].path, 'second/a/deep')
  t.notOk('parent' in body.data[1].children[0])
  t.notOk('page' in body)
})

t.test('tree=true stands alone', async (t) => {
  const app = await testApp(t)
  for (const other of ['parent=a', 'count=exact', 'cursor=abc']) {
    const answer = await app.call('GET', `${path}?tree=true&${other}`)
    t.match(answer, { status: 400, body: { errors: [{ parameter: 'tree' }] } }, other)
  }
})

t.test('the tree costs one statement, however many sections there are', async (t) => {
  const app = await testApp(t, { WARTA_CACHE: '0' })
  const cost = async (): Promise<number> => {
    const before = app.statements.length
    await app.call('GET', `${path}?tree=true`)
    return app.statements.length - before
  }
  await makeSection(app)
  t.equal(await cost(), 1)
  await chain(app, 'Level', 8)
  t.equal(await cost(), 1)
})

t.test('a section is found by its id, its slug and its path, and under no part of a path', async (t) => {
  const app = await testApp(t)
  const { jakarta } = await makeTree(app)
  for (const name of [jakarta.id, 'jakarta', 'global%2Fasia%2Fjakarta']) {
    const { status, body } = await app.call('GET', `${path}/${name}`)
    t.equal(status, 200)
    t.match(body, { id: jakarta.id, path: 'global/asia/jakarta', parent: { slug: 'asia', path: 'global/asia' } })
  }
  for (const name of ['asia%2Fjakarta', 'global%2Fjakarta', 'global%2Fasia%2F', '%2Fglobal', 'GLOBAL', 'global/asia']) {
    t.equal((await app.call('GET', `${path}/${name}`)).status, 404, name)
  }
})

t.test('the longest path finds its section', async (t) => {
  const app = await testApp(t)
  const slugs: string[] = []
  for (let i = 0; i < 8; i += 1) {
    const slug = `${i}${'x'.repeat(99)}`
    await makeSection(app, { name: 'Long', slug, parent: slugs.at(-1) ?? null })
    slugs.push(slug)
  }
  const { status, body } = await app.call('GET', `${path}/${slugs.join('%2F')}`)
  t.equal(status, 200)
  t.equal(body.slug, slugs[7])
})

t.test('a section moves with all that is below it, and every old path leads to the new place', async (t) => {
  const app = await testApp(t)
  const { asia, jakarta, senayan } = await makeTree(app)
  const article = await makePublished(app, { section: 'jakarta' })
  app.clock.advance(60_000)
  const moved = await app.call('PATCH', `${path}/asia`, { as: 'editor', version: 1, body: { parent: 'world' } })
  t.match(moved, { status: 200, body: { id: asia.id, path: 'world/asia', version: 2, parent: { slug: 'world' } } })
  t.same(await paths(app), ['global', 'world', 'world/asia', 'world/asia/jakarta', 'world/asia/jakarta/senayan'])
  for (const { id, slug } of [jakarta, senayan]) {
    const { body } = await app.call('GET', `${path}/${id}`)
    t.match(body, { slug, version: 2, updatedAt: '2026-11-22T09:01:00.000Z' })
  }
  for (const [old, slug] of [
    ['global%2Fasia', 'asia'],
    ['global%2Fasia%2Fjakarta', 'jakarta'],
    ['global%2Fasia%2Fjakarta%2Fsenayan', 'senayan'],
  ]) {
    const answer = await app.call('GET', `${path}/${old}`)
    t.match(answer, {
      status: 301,
      headers: { location: `${path}/${slug}` },
      body: { code: 'moved', location: `${path}/${slug}` },
    })
  }
  const read = await app.call('GET', `/v1/articles/${article.id}`)
  t.match(read.body.section, { slug: 'jakarta', path: 'world/asia/jakarta' })
  for (const [section, total] of [
    ['world', 1],
    ['global', 0],
    ['global%2Fasia', 1],
    ['asia', 1],
  ] as const) {
    const { body } = await app.call('GET', `/v1/articles?section=${section}&count=exact`)
    t.equal(body.page.total, total, section)
  }
})

t.test('a new slug gives all that is below new paths, and to the root and back loses nothing', async (t) => {
  const app = await testApp(t)
  await makeTree(app)
  await app.call('PATCH', `${path}/asia`, { as: 'editor', version: 1, body: { slug: 'orient' } })
  t.same(await paths(app), [
    'global',
    'global/orient',
    'global/orient/jakarta',
    'global/orient/jakarta/senayan',
    'world',
  ])
  const root = await app.call('PATCH', `${path}/orient`, { as: 'editor', version: 2, body: { parent: null } })
  t.match(root.body, { path: 'orient', parent: null, version: 3 })
  const both = { parent: 'global', slug: 'asia' }
  const back = await app.call('PATCH', `${path}/orient`, { as: 'editor', version: 3, body: both })
  t.match(back.body, { path: 'global/asia', version: 4 })
  for (const name of ['global%2Forient', 'orient', 'orient%2Fjakarta%2Fsenayan', 'global%2Forient%2Fjakarta']) {
    t.equal((await app.call('GET', `${path}/${name}`)).status, 301, name)
  }
  for (const name of ['global%2Fasia', 'asia', 'global%2Fasia%2Fjakarta%2Fsenayan']) {
    t.equal((await app.call('GET', `${path}/${name}`)).status, 200, name)
  }
})

t.test('a name that another name begins with does not move along', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'Asia' })
  await makeSection(app, { name: 'Asia Pacific', slug: 'asia-pacific' })
  await makeSection(app, { name: 'Asia 0', slug: 'asia0' })
  await makeSection(app, { name: 'Fiji', parent: 'asia-pacific' })
  await makeSection(app, { name: 'Laos', parent: 'asia' })
  await app.call('PATCH', `${path}/asia`, { as: 'editor', version: 1, body: { slug: 'east' } })
  t.same(await paths(app), ['asia-pacific', 'asia-pacific/fiji', 'asia0', 'east', 'east/laos'])
})

t.test('a section moves neither below itself nor below what is below it', async (t) => {
  const app = await testApp(t)
  await makeTree(app)
  const before = (await app.call('GET', path)).text
  for (const parent of ['asia', 'jakarta', 'senayan', 'global/asia/jakarta']) {
    for (const [method, body] of [
      ['PATCH', { parent }],
      ['PUT', { name: 'Asia', parent }],
    ] as const) {
      const answer = await app.call(method, `${path}/asia`, { as: 'editor', version: 1, body })
      t.match(answer, { status: 422, body: { errors: [{ pointer: '/parent', code: 'cycle' }] } }, parent)
    }
  }
  t.equal((await app.call('GET', path)).text, before)
})

t.test('two moves at once that would close a ring: one is refused', async (t) => {
  const app = await testApp(t)
  await makeSection(app, { name: 'A' })
  await makeSection(app, { name: 'B' })
  const [a, b] = await Promise.all([
    app.call('PATCH', `${path}/a`, { as: 'editor', version: 1, body: { parent: 'b' } }),
    app.call('PATCH', `${path}/b`, { as: 'editor', version: '*', body: { parent: 'a' } }),
  ])
  t.same([a.status, b.status].sort(), [200, 422])
})

t.test('the tree is at most eight deep, whether a section is made or moved', async (t) => {
  const app = await testApp(t)
  const [, , , , fifth, , , eighth] = await chain(app, 'Level', 8)
  const ninth = await app.call('POST', path, { as: 'editor', body: { name: 'Ninth', parent: eighth } })
  t.match(ninth, { status: 422, body: { errors: [{ pointer: '/parent', code: 'too_deep' }] } })
  const [top] = await chain(app, 'Other', 4)
  const moved = await app.call('PATCH', `${path}/${top}`, { as: 'editor', version: 1, body: { parent: fifth } })
  t.match(moved, { status: 422, body: { errors: [{ pointer: '/parent', code: 'too_deep' }] } })
  const fits = await app.call('PATCH', `${path}/${top}`, { as: 'editor', version: 1, body: { parent: 'level-4' } })
  t.equal(fits.status, 200)
  t.equal(Math.max(...(await paths(app)).map((one) => one.split('/').length)), 8)
  t.notOk((await paths(app)).some((one) => one.includes('ninth')))
})

t.test('the parent is given by id, slug, path or former slug, or as it was read', async (t) => {
  const app = await testApp(t)
  const { asia } = await makeTree(app)
  await app.call('PATCH', `${path}/global`, { as: 'editor', version: 1, body: { slug: 'globe' } })
  const parent = { id: asia.id, slug: 'asia', name: 'Asia', path: 'globe/asia' }
  const { slug, id } = parent
  for (const [i, form] of [asia.id, 'asia', 'globe/asia', 'global/asia', parent, { slug }, { id }].entries()) {
    const made = await app.call('POST', path, { as: 'editor', body: { name: `N${i}`, parent: form } })
    t.match(made, { status: 201, body: { parent } })
  }
})

t.test('a parent that is none, and one that is not as it is given, are named with all other faults', async (t) => {
  const app = await testApp(t)
  const { asia } = await makeTree(app)
  const unknown = await app.call('POST', path, { as: 'editor', body: { name: 'A', parent: 'nowhere' } })
  t.match(unknown, { status: 422, body: { errors: [{ pointer: '/parent', code: 'unknown_section' }] } })
  const empty = await app.call('POST', path, { as: 'editor', body: { name: 'A', parent: {} } })
  t.match(empty, { status: 422, body: { errors: [{ pointer: '/parent', code: 'unknown_section' }] } })
  const lie = { id: asia.id, slug: 'europe', name: 'Europe', path: 'global/asia' }
  const put = { name: 'Jakarta', parent: lie, version: 9, path: 'elsewhere' }
  const answer = await app.call('PUT', `${path}/jakarta`, { as: 'editor', version: 1, body: put })
  t.equal(answer.status, 422)
  const pointers = answer.body.errors.map((fault: { pointer: string }) => fault.pointer)
  t.same(pointers.sort(), ['/parent/name', '/parent/slug', '/path', '/version'])
  t.match((await app.call('GET', `${path}/jakarta`)).body, { version: 1, parent: { slug: 'asia' } })
})

t.test('who edits a section that was moved meanwhile learns what changed, below it too', async (t) => {
  const app = await testApp(t)
  await makeTree(app)
  await app.call('PATCH', `${path}/asia`, { as: 'editor', version: 1, body: { parent: 'world' } })
  const stale = (slug: string) =>
    app.call('PATCH', `${path}/${slug}`, { as: 'editor', version: 1, body: { name: 'New' } })
  t.same((await stale('asia')).body.changedFields, ['parent', 'path'])
  for (const slug of ['jakarta', 'senayan']) {
    const answer = await stale(slug)
    t.match(answer, { status: 412, body: { currentVersion: 2 } })
    t.same(answer.body.changedFields, ['path'])
  }
})

t.test('what was read of a section with a parent can be sent back, and moved by its parent alone', async (t) => {
  const app = await testApp(t)
  await makeTree(app)
  const { body: read } = await app.call('GET', `${path}/asia`)
  const same = await app.call('PUT', `${path}/asia`, { as: 'editor', version: 1, body: read })
  t.same(same.body, read)
  const moved = await app.call('PUT', `${path}/asia`, { as: 'editor', version: 1, body: { ...read, parent: 'world' } })
  t.match(moved, { status: 200, body: { path: 'world/asia', version: 2 } })
})
