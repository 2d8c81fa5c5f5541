import type { CallOptions, TestApp } from './app.ts'

/** Things that tests need before they begin, made through the API as an editor makes them. Each answers its body. */

export async function makeSection(app: TestApp, body: Record<string, unknown> = {}) {
  return expect201(await app.call('POST', '/v1/sections', { as: 'editor', body: { name: 'World', ...body } }))
}

export async function makeTag(app: TestApp, body: Record<string, unknown> = {}) {
  return expect201(await app.call('POST', '/v1/tags', { as: 'editor', body: { name: 'Rail', ...body } }))
}

export async function makeSource(app: TestApp, body: Record<string, unknown> = {}) {
  return expect201(await app.call('POST', '/v1/sources', { as: 'editor', body: { name: 'Antara', ...body } }))
}

export async function makeDraft(app: TestApp, body: Record<string, unknown> = {}, as: CallOptions['as'] = 'editor') {
  const whole = { title: 'Rail strike ends', pages: [{ body: 'The trains run again.' }], ...body }
  return expect201(await app.call('POST', '/v1/articles', { as: as ?? 'editor', body: whole }))
}

/** A published article; it gets a section of its own when it names none. */
export async function makePublished(app: TestApp, body: Record<string, unknown> = {}) {
  const section = body.section ?? (await makeSection(app)).id
  const draft = await makeDraft(app, { ...body, section })
  const { status, body: published } = await app.call('POST', `/v1/articles/${draft.id}/publish`, {
    as: 'editor',
    version: draft.version,
  })
  if (status !== 200) throw new Error(`not published: ${JSON.stringify(published)}`)
  return published
}

/** A key of its own, with its secret. */
export async function makeKey(app: TestApp, body: Record<string, unknown> = {}) {
  return expect201(await app.call('POST', '/v1/keys', { as: 'admin', body: { name: 'desk', role: 'editor', ...body } }))
}

function expect201({ status, body }: { status: number; body: unknown }) {
  if (status !== 201) throw new Error(`not made: ${JSON.stringify(body)}`)
  // biome-ignore lint/suspicious/noExplicitAny: a body is whatever the route answers
  return body as any
}
