import type { Desk, Say } from '../desk.ts'

/** Locks: taken, renewed, taken over, let go, and ended by the clock; and what they keep others from. */
export async function leases(desk: Desk): Promise<void> {
  const [to, at] = ['/v1/articles/leased', '/v1/articles/leased/lock']
  const live = { title: 'Leased', slug: 'leased', section: 'a', pages: [{ body: 'x' }] }
  const call = (method: string, url: string, as: Say['as'], body?: unknown) =>
    desk.call(method, url, { ...(as && { as }), ...(body !== undefined && { body }) })
  await desk.post('/v1/articles', live)
  for (const as of [undefined, 'reader', 'writer', 'editor'] as const)
    for (const method of ['GET', 'PUT', 'DELETE']) await call(method, at, as)
  for (const method of ['GET', 'PUT', 'DELETE']) await call(method, '/v1/articles/none/lock', 'editor')
  for (const body of [{ seconds: 9 }, { seconds: 3_601 }, { takeOver: 'yes', since: 1 }, []])
    await call('PUT', at, 'editor', body)

  await call('PUT', at, 'admin', { seconds: 60 })
  await call('PUT', at, 'admin', { seconds: 30 })
  await call('GET', at, 'editor')
  await call('PUT', at, 'editor')
  await call('DELETE', at, 'editor')
  await desk.edit('PUT', to, live)
  await desk.edit('PATCH', to, { title: 'Mine' })
  await desk.edit('DELETE', to)
  for (const action of ['publish', 'unpublish', 'restore']) await desk.edit('POST', `${to}/${action}`)
  await desk.call('POST', `${to}/publish`, { as: 'admin', version: '*' })
  for (const as of [undefined, 'editor'] as const) await desk.get(to, as)
  await desk.edit('POST', `${to}/unpublish`)

  await call('PUT', at, 'editor', { seconds: 10, takeOver: true })
  const { body } = await call('GET', at, 'admin')
  await call('DELETE', `${at}?takeOver=1`, 'admin')
  await call('DELETE', `${at}?takeOver=false`, 'admin')
  // Each request is a second after the one before it.
  for (const before of [1_001, 1_000]) {
    desk.clock.set(new Date(Date.parse(body.until) - before).toISOString())
    await call('PUT', at, 'admin', { seconds: 10 })
  }
  await call('DELETE', `${at}?takeOver=true`, 'editor')
  await call('DELETE', at, 'admin')
  await desk.together(
    'PUT',
    at,
    (['editor', 'admin'] as const).map((as) => ({ as })),
  )
  await call('DELETE', `${at}?takeOver=true`, 'editor')
  await desk.edit('DELETE', to)
}
