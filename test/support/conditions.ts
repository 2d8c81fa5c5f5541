import type { Test } from 'tap'
import { testApp } from './app.ts'
import type { Kind } from './kinds.ts'

/** If-Match: nobody overwrites anybody silently. */
export function provesConditions(t: Test, { path, noun, whole }: Kind): void {
  const url = `${path}/${whole.slug}`
  const writes = [
    ['PUT', { name: 'Changed' }],
    ['PATCH', { name: 'Changed' }],
    ['DELETE', undefined],
  ] as const

  t.test(`a write to a ${noun} without If-Match is 428, and writes nothing`, async (t) => {
    const app = await testApp(t)
    const { body: made } = await app.call('POST', path, { as: 'editor', body: whole })
    for (const [method, body] of writes) {
      const answer = await app.call(method, url, { as: 'editor', body })
      t.match(answer, { status: 428, body: { code: 'version_required' } })
    }
    t.same((await app.call('GET', url, { as: 'editor' })).body, made)
  })

  t.test(
    `a stale write to a ${noun} is 412 with the version and what changed since the one that was seen`,
    async (t) => {
      const app = await testApp(t)
      await app.call('POST', path, { as: 'editor', body: whole })
      await app.call('PATCH', url, { as: 'editor', version: 1, body: { name: 'Two' } })
      await app.call('PATCH', url, { as: 'editor', version: 2, body: { description: 'D', usageTerms: 'D' } })
      const [field] = ['description', 'usageTerms'].filter((name) => name in whole)
      const third = await app.call('PATCH', url, { as: 'editor', version: 2, body: { [String(field)]: 'Three' } })
      t.match(third, { status: 200, body: { version: 3 } })
      for (const [method, body] of writes) {
        const far = await app.call(method, url, { as: 'editor', version: 1, body })
        t.match(far, { status: 412, body: { code: 'version_stale', currentVersion: 3 } })
        t.same(far.body.changedFields, [String(field), 'name'].sort())
        const near = await app.call(method, url, { as: 'editor', version: 2, body })
        t.match(near.body, { code: 'version_stale', currentVersion: 3 })
        t.same(near.body.changedFields, [field])
        const ahead = await app.call(method, url, { as: 'editor', version: 99, body })
        t.match(ahead, { status: 412, body: { currentVersion: 3, changedFields: [] } })
      }
      t.same((await app.call('GET', url, { as: 'editor' })).body, third.body)
    },
  )

  t.test(`If-Match of a ${noun} takes the version as a person types it, any ETag of it, a list, or *`, async (t) => {
    const app = await testApp(t)
    let { headers } = await app.call('POST', path, { as: 'editor', body: whole })
    const forms = [
      () => '1',
      () => '"2"',
      () => String(headers.etag),
      () => `W/${headers.etag}`,
      () => 'W/"5"',
      () => '"1", "4-stale", "6"',
      () => '7, 99',
      () => ' * ',
      () => '"9-AbCdEfGhIjKlMnOp"',
    ]
    for (const [i, form] of forms.entries()) {
      const version = form()
      const answer = await app.call('PATCH', url, { as: 'editor', version, body: { name: `Name ${i}` } })
      t.match(answer, { status: 200, body: { version: i + 2, name: `Name ${i}` } }, version)
      headers = answer.headers
    }
    const none = await app.call('PATCH', url, { as: 'editor', version: '"1", "2"', body: { name: 'No' } })
    t.match(none, { status: 412, body: { currentVersion: forms.length + 1 } })
  })

  t.test(`an If-Match of a ${noun} that is no version is 400 and names the header`, async (t) => {
    const app = await testApp(t)
    const { body: made } = await app.call('POST', path, { as: 'editor', body: whole })
    const garbage = ['latest', '"abc"', '', '-1', '1.0', '"1", soon', '1 2', '0x1', '**', '"1"x', ',', '9'.repeat(16)]
    for (const version of garbage) {
      for (const [method, body] of writes) {
        const answer = await app.call(method, url, { as: 'editor', version, body })
        t.match(answer, { status: 400, body: { errors: [{ header: 'If-Match' }] } }, JSON.stringify(version))
      }
    }
    t.same((await app.call('GET', url, { as: 'editor' })).body, made)
  })

  t.test(`of many writers to a ${noun} with one If-Match exactly one is heard`, async (t) => {
    const app = await testApp(t)
    await app.call('POST', path, { as: 'editor', body: whole })
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, i) => {
        const method = i % 2 === 0 ? 'PUT' : 'PATCH'
        return app.call(method, url, { as: 'editor', version: 1, body: { name: `Writer ${i}` } })
      }),
    )
    const heard = answers.filter(({ status }) => status === 200)
    t.equal(heard.length, 1)
    t.equal(answers.filter(({ status }) => status === 412).length, 39)
    const { body } = await app.call('GET', url, { as: 'editor' })
    t.same(body, heard[0]?.body)
    t.equal(body.version, 2)
  })

  t.test(`If-None-Match of a ${noun} gives 304 until it changes`, async (t) => {
    const app = await testApp(t)
    const { body: made } = await app.call('POST', path, { as: 'editor', body: { name: 'Open' } })
    const one = `${path}/${made.id}`
    for (const address of [one, path]) {
      const { headers } = await app.call('GET', address)
      const known = { headers: { 'if-none-match': String(headers.etag) } }
      const same = await app.call('GET', address, known)
      t.match(same, { status: 304, text: '' })
      t.equal(same.headers.etag, headers.etag)
    }
    const before = (await app.call('GET', one)).headers.etag
    await app.call('PATCH', one, { as: 'editor', version: 1, body: { name: 'Opened' } })
    const after = await app.call('GET', one, { headers: { 'if-none-match': String(before) } })
    t.match(after, { status: 200, body: { name: 'Opened' } })
  })
}
