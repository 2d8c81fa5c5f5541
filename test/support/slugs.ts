import type { Test } from 'tap'
import { testApp } from './app.ts'
import type { Kind } from './kinds.ts'

/** What a thing is called, and was called. */
export function provesSlugs(t: Test, { path, noun }: Kind): void {
  t.test(`the slug of a ${noun} is derived from its name, whatever the script`, async (t) => {
    const app = await testApp(t)
    const expected = {
      'Économie & Société': 'economie-societe',
      Łódź: 'lodz',
      Straße: 'strasse',
      'Ærø – Ørsted': 'aero-orsted',
      "O'Brien’s pub": 'obriens-pub',
      'ﬁre ①': 'fire-1',
      'Việt Nam': 'viet-nam',
      G20: 'g20',
      İstanbul: 'istanbul',
    }
    for (const [name, slug] of Object.entries(expected)) {
      const { body } = await app.call('POST', path, { as: 'editor', body: { name } })
      t.match(body, { name, slug })
    }
    for (const name of ['Россия', '日本', 'إندونيسيا', '🚆', '…', '019bd2a4-0000-7000-8000-000000000001']) {
      const { body } = await app.call('POST', path, { as: 'editor', body: { name } })
      t.match(body.slug, new RegExp(`^${noun}-[0-9a-f]{8}$`), name)
      const put = await app.call('PUT', `${path}/${body.slug}`, { as: 'editor', version: 1, body })
      t.match(put, { status: 200, body }, `${name} can be sent back`)
    }
    const long = await app.call('POST', path, { as: 'editor', body: { name: `${'word '.repeat(23)}end` } })
    t.ok(long.body.slug.length <= 100)
    t.match(long.body.slug, /^word(-word)+$/)
  })

  t.test(`a derived slug of a ${noun} that is taken gets -2, -3; one that was asked for is refused`, async (t) => {
    const app = await testApp(t)
    const slugs = []
    for (const name of ['Asia', 'ASIA', 'asia!']) {
      slugs.push((await app.call('POST', path, { as: 'editor', body: { name } })).body.slug)
    }
    t.same(slugs, ['asia', 'asia-2', 'asia-3'])
    const refused = await app.call('POST', path, { as: 'editor', body: { name: 'Other', slug: 'asia-2' } })
    t.match(refused, { status: 409, body: { code: 'slug_taken', errors: [{ pointer: '/slug', code: 'slug_taken' }] } })
    const renamed = await app.call('PATCH', `${path}/asia-3`, { as: 'editor', version: 1, body: { slug: 'asia' } })
    t.match(renamed, { status: 409, body: { code: 'slug_taken' } })
    t.match((await app.call('GET', `${path}/asia-3`)).body, { version: 1, slug: 'asia-3' })
    const name = 'x'.repeat(100)
    const long = [name, name].map((name) => app.call('POST', path, { as: 'editor', body: { name } }))
    const made = (await Promise.all(long)).map(({ body }) => body.slug)
    t.same(made.sort(), [`${'x'.repeat(98)}-2`, 'x'.repeat(100)], 'whichever came first')
  })

  t.test(`of a hundred that ask for one slug of a ${noun} at once, one gets it`, async (t) => {
    const app = await testApp(t)
    const body = { name: 'Asia', slug: 'asia' }
    const answers = await Promise.all(Array.from({ length: 100 }, () => app.call('POST', path, { as: 'editor', body })))
    t.equal(answers.filter(({ status }) => status === 201).length, 1)
    t.equal(answers.filter(({ status, body }) => status === 409 && body.code === 'slug_taken').length, 99)
    t.equal((await app.call('GET', `${path}?count=exact`)).body.page.total, 1)
  })

  t.test(`a hundred ${noun}s of one name made at once get a hundred slugs`, async (t) => {
    const app = await testApp(t)
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => app.call('POST', path, { as: 'editor', body: { name: 'Asia' } })),
    )
    t.ok(answers.every(({ status }) => status === 201))
    const slugs = new Set(answers.map(({ body }) => body.slug))
    const expected = ['asia', ...Array.from({ length: 99 }, (_, i) => `asia-${i + 2}`)]
    t.same([...slugs].sort(), expected.sort())
  })

  t.test(`a former slug of a ${noun} redirects, stays reserved, and can be taken back by it`, async (t) => {
    const app = await testApp(t)
    const { body: made } = await app.call('POST', path, { as: 'editor', body: { name: 'Burma' } })
    await app.call('PATCH', `${path}/burma`, { as: 'editor', version: 1, body: { slug: 'myanmar' } })
    for (const method of ['GET', 'HEAD']) {
      const moved = await app.call(method, `${path}/burma`)
      t.equal(moved.status, 301)
      t.equal(moved.headers.location, `${path}/myanmar`)
      t.match(moved.headers['cache-control'], /^public, max-age=\d+/, 'it may be kept as what it leads to may')
    }
    const problem = { type: '/problems/moved', title: 'It has another name now', status: 301, code: 'moved' }
    const answer = await app.call('GET', `${path}/burma`, { as: 'editor', headers: { 'x-request-id': 'mine' } })
    t.same(answer.body, { ...problem, instance: `${path}/burma`, requestId: 'mine', location: `${path}/myanmar` })
    t.match(answer.headers, { 'content-type': /^application\/problem\+json/, 'cache-control': 'private, no-store' })
    t.equal((await app.call('GET', `${path}/${made.id}`)).status, 200)
    const asked = await app.call('POST', path, { as: 'editor', body: { name: 'Other', slug: 'burma' } })
    t.match(asked, { status: 409, body: { code: 'slug_taken' } })
    const derived = await app.call('POST', path, { as: 'editor', body: { name: 'Burma' } })
    t.equal(derived.body.slug, 'burma-2')
    const back = await app.call('PATCH', `${path}/${made.id}`, { as: 'editor', version: 2, body: { slug: 'burma' } })
    t.match(back, { status: 200, body: { slug: 'burma', version: 3 } })
    const [now, before] = await Promise.all([app.call('GET', `${path}/burma`), app.call('GET', `${path}/myanmar`)])
    t.same([now.status, before.status, before.headers.location], [200, 301, `${path}/burma`])
  })

  t.test(`a former name of a ${noun} is there to read: what was read is written under its own`, async (t) => {
    const app = await testApp(t)
    const { body: made } = await app.call('POST', path, { as: 'editor', body: { name: 'Burma' } })
    await app.call('PATCH', `${path}/burma`, { as: 'editor', version: 1, body: { slug: 'myanmar' } })
    const before = (await app.call('GET', `${path}/${made.id}`)).text
    for (const [method, body] of [
      ['PUT', { name: 'A' }],
      ['PATCH', { name: 'A' }],
      ['DELETE', undefined],
    ] as const) {
      const answer = await app.call(method, `${path}/burma`, { as: 'editor', version: 2, body })
      t.match(answer, { status: 404, body: { code: `${noun}_not_found`, detail: /leads to the .* myanmar now/ } })
    }
    t.equal((await app.call('GET', `${path}/${made.id}`)).text, before)
  })

  t.test(`a new name of a ${noun} leaves the slug; asking for no slug derives it anew`, async (t) => {
    const app = await testApp(t)
    await app.call('POST', path, { as: 'editor', body: { name: 'Burma' } })
    const url = `${path}/burma`
    const named = await app.call('PATCH', url, { as: 'editor', version: 1, body: { name: 'Myanmar' } })
    t.match(named.body, { name: 'Myanmar', slug: 'burma', version: 2 })
    const derived = await app.call('PATCH', url, { as: 'editor', version: 2, body: { slug: null } })
    t.match(derived.body, { slug: 'myanmar', version: 3 })
    const again = await app.call('PATCH', `${path}/myanmar`, { as: 'editor', version: 3, body: { slug: null } })
    t.match(again.body, { slug: 'myanmar', version: 3 })
  })
}
