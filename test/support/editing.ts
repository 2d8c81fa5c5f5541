import type { Test } from 'tap'
import { everyone, type TestApp, testApp } from './app.ts'
import type { Kind } from './kinds.ts'

const json = 'application/json'
const mergePatch = 'application/merge-patch+json'

export function countChanges(app: TestApp): Promise<number> {
  return app.store.read(async (db) => (await db.select().from(db.tables.changes)).length)
}

/** Create, read, replace, change, delete: what one resource owes to those who write it. */
export function provesEditing(t: Test, kind: Kind): void {
  const { path, noun, whole, defaults } = kind

  t.test(`a ${noun} of a name alone gets its defaults, and everybody reads what was saved`, async (t) => {
    const app = await testApp(t)
    const made = await app.call('POST', path, { as: 'editor', body: { name: 'Straits' } })
    t.equal(made.status, 201)
    t.equal(made.headers.location, `${path}/${made.body.id}`)
    t.match(made.headers.etag, /^"1-[\w-]{16}"$/)
    t.match(made.body, { ...defaults, name: 'Straits', slug: 'straits', version: 1 })
    t.equal(made.body.createdAt, '2026-11-22T09:00:00.000Z')
    for (const as of everyone) {
      for (const name of [made.body.id, 'straits']) {
        const read = await app.call('GET', `${path}/${name}`, { as })
        t.equal(read.status, 200)
        t.equal(read.text, made.text)
        t.equal(read.headers.etag, made.headers.etag)
      }
    }
  })

  t.test(`a ${noun} keeps every member as it was given`, async (t) => {
    const app = await testApp(t)
    const made = await app.call('POST', path, { as: 'editor', body: whole })
    t.equal(made.status, 201)
    t.match(made.body, whole)
  })

  t.test(`a ${noun} that is nowhere is a 404 for everybody, to read and to write`, async (t) => {
    const app = await testApp(t)
    const url = `${path}/nothing-here`
    for (const as of everyone) {
      const { status, body } = await app.call('GET', url, { as })
      t.match({ status, code: body.code }, { status: 404, code: `${noun}_not_found` })
    }
    for (const [method, body] of [
      ['PUT', { name: 'A' }],
      ['PATCH', {}],
      ['DELETE', undefined],
    ] as const) {
      const answer = await app.call(method, url, { as: 'editor', version: 1, body })
      t.match(answer, { status: 404, body: { code: `${noun}_not_found` } })
    }
  })

  t.test(`PUT of a ${noun} replaces all but the slug, which stays when it is left out`, async (t) => {
    const app = await testApp(t)
    const made = await app.call('POST', path, { as: 'editor', body: whole })
    app.clock.advance(60_000)
    const put = await app.call('PUT', `${path}/${whole.slug}`, { as: 'editor', version: 1, body: { name: 'New' } })
    t.equal(put.status, 200)
    t.match(put.body, { ...defaults, name: 'New', slug: whole.slug, version: 2, id: made.body.id })
    t.equal(put.body.createdAt, '2026-11-22T09:00:00.000Z')
    t.equal(put.body.updatedAt, '2026-11-22T09:01:00.000Z')
    t.equal((await app.call('GET', `${path}/${made.body.id}`)).text, put.text)
  })

  t.test(`what was read of a ${noun} can be sent back: GET, change, PUT`, async (t) => {
    const app = await testApp(t)
    await app.call('POST', path, { as: 'editor', body: whole })
    const read = await app.call('GET', `${path}/${whole.slug}`, { as: 'editor' })
    const put = await app.call('PUT', `${path}/${whole.slug}`, {
      as: 'editor',
      version: String(read.headers.etag),
      body: { ...read.body, name: 'Renamed' },
    })
    t.equal(put.status, 200)
    t.same(put.body, { ...read.body, name: 'Renamed', version: 2 })
  })

  for (const type of [json, mergePatch]) {
    t.test(`PATCH of a ${noun} as ${type}: null clears, what is absent stays, lists are replaced`, async (t) => {
      const app = await testApp(t)
      await app.call('POST', path, { as: 'editor', body: whole })
      const url = `${path}/${whole.slug}`
      const patch = (data: unknown, version: number) =>
        app.call('PATCH', url, { as: 'editor', version, raw: { type, data: JSON.stringify(data) } })
      const renamed = await patch({ name: 'Other' }, 1)
      t.equal(renamed.status, 200)
      t.match(renamed.body, { ...whole, name: 'Other', version: 2 })
      const clear = Object.fromEntries(Object.keys(defaults).map((name) => [name, null]))
      const cleared = await patch(clear, 2)
      t.match(cleared.body, { ...defaults, name: 'Other', slug: whole.slug, version: 3 })
      for (const [name, list] of Object.entries(whole).filter(([, value]) => Array.isArray(value))) {
        await patch({ [name]: list }, (await app.call('GET', url, { as: 'editor' })).body.version)
        const { body } = await app.call('GET', url, { as: 'editor' })
        const one = (list as unknown[]).slice(0, 1)
        t.same((await patch({ [name]: one }, body.version)).body[name], one)
      }
      const refused = await patch({ name: null }, (await app.call('GET', url, { as: 'editor' })).body.version)
      t.match(refused, { status: 400, body: { errors: [{ pointer: '/name', message: 'is required' }] } })
    })
  }

  t.test(`a ${noun} takes a merge patch with PATCH alone, and no other type at all`, async (t) => {
    const app = await testApp(t)
    await app.call('POST', path, { as: 'editor', body: whole })
    const url = `${path}/${whole.slug}`
    const data = JSON.stringify({ name: 'Other' })
    const put = await app.call('PUT', url, { as: 'editor', version: 1, raw: { type: mergePatch, data } })
    t.equal(put.status, 415)
    for (const type of ['text/plain', 'application/json-patch+json', 'application/x-www-form-urlencoded']) {
      t.equal((await app.call('PATCH', url, { as: 'editor', version: 1, raw: { type, data } })).status, 415, type)
    }
    t.equal((await app.call('GET', url, { as: 'editor' })).body.version, 1)
  })

  t.test(`a ${noun} with faults is refused with the pointer of each, and nothing is written`, async (t) => {
    const app = await testApp(t)
    const { body: made } = await app.call('POST', path, { as: 'editor', body: { name: 'Kept' } })
    const changes = await countChanges(app)
    for (const [fault, pointer] of kind.wrong) {
      const body = { name: 'Fine', ...fault }
      for (const [method, url, sent] of [
        ['POST', path, body],
        ['PUT', `${path}/${made.id}`, body],
        ['PATCH', `${path}/${made.id}`, fault],
      ] as const) {
        const answer = await app.call(method, url, {
          as: 'editor',
          body: sent,
          ...(method !== 'POST' && { version: 1 }),
        })
        t.equal(answer.status, 400, `${method} ${JSON.stringify(fault).slice(0, 60)}`)
        t.equal(answer.body.code, 'invalid_request')
        const pointers = answer.body.errors.map((error: { pointer: string }) => error.pointer)
        t.same([...new Set(pointers)], [pointer])
      }
    }
    t.equal(await countChanges(app), changes)
    t.same((await app.call('GET', `${path}/${made.id}`)).body, made)
  })

  t.test(`several faults of a ${noun} are answered at once`, async (t) => {
    const app = await testApp(t)
    const { status, body } = await app.call('POST', path, { as: 'editor', body: { slug: 'NO', x: 1, y: 2 } })
    t.equal(status, 400)
    const pointers = body.errors.map((error: { pointer: string }) => error.pointer)
    t.same(pointers.sort(), ['/name', '/slug', '/x', '/y'])
  })

  t.test(`members of a ${noun} that the server gives must say what is so, or all are named`, async (t) => {
    const app = await testApp(t)
    const { body: made } = await app.call('POST', path, { as: 'editor', body: { name: 'Kept' } })
    const url = `${path}/${made.id}`
    const all = Object.keys(kind.readOnly).map((name) => `/${name}`)
    for (const [method, body] of [
      ['PUT', { ...made, ...kind.readOnly }],
      ['PATCH', kind.readOnly],
    ] as const) {
      const answer = await app.call(method, url, { as: 'editor', version: 1, body })
      t.match(answer, { status: 422, body: { code: 'rule_broken' } })
      t.same(answer.body.errors.map((error: { pointer: string }) => error.pointer).sort(), all.toSorted())
      t.ok(answer.body.errors.every(({ code }: { code: string }) => code === 'read_only'))
    }
    const so = Object.fromEntries(Object.keys(kind.readOnly).map((name) => [name, made[name]]))
    t.match(await app.call('PATCH', url, { as: 'editor', version: 1, body: so }), { status: 200, body: made })
    t.equal((await app.call('POST', path, { as: 'editor', body: made })).status, 400, 'no id is given at creation')
  })

  t.test(`no version of a ${noun} is made when nothing changes`, async (t) => {
    const app = await testApp(t)
    const { body: made } = await app.call('POST', path, { as: 'editor', body: whole })
    const changes = await countChanges(app)
    app.clock.advance(60_000)
    const url = `${path}/${made.id}`
    for (const [method, body] of [
      ['PUT', made],
      ['PUT', whole],
      ['PATCH', {}],
      ['PATCH', whole],
    ] as const) {
      const answer = await app.call(method, url, { as: 'editor', version: 1, body })
      t.equal(answer.status, 200)
      t.same(answer.body, made)
    }
    t.equal(await countChanges(app), changes)
  })

  t.test(`a ${noun} that nothing uses can be deleted, and its names are free again`, async (t) => {
    const app = await testApp(t)
    const { body: made } = await app.call('POST', path, { as: 'editor', body: whole })
    await app.call('PATCH', `${path}/${made.id}`, { as: 'editor', version: 1, body: { slug: 'second' } })
    const gone = await app.call('DELETE', `${path}/second`, { as: 'editor', version: 2 })
    t.equal(gone.status, 204)
    t.equal(gone.text, '')
    for (const name of [made.id, made.slug, 'second']) t.equal((await app.call('GET', `${path}/${name}`)).status, 404)
    t.equal((await app.call('DELETE', `${path}/${made.id}`, { as: 'editor', version: 2 })).status, 404)
    const again = await app.call('POST', path, { as: 'editor', body: whole })
    t.match(again, { status: 201, body: { slug: made.slug, version: 1 } })
    t.not(again.body.id, made.id)
  })
}
