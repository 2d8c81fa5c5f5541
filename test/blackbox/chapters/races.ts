import type { Desk, Say } from '../desk.ts'

/** Ten who want the same thing at the same moment. Whose id wins is chance, so of these the statuses and names alone count. */
export async function races(desk: Desk): Promise<void> {
  const ten = (say: (i: number) => Say): Say[] => Array.from({ length: 10 }, (_, i) => ({ as: 'editor', ...say(i) }))
  for (const path of ['articles', 'tags', 'sources', 'sections']) {
    const named = path === 'articles' ? { title: 'Race' } : { name: 'Race' }
    const change = (i: number) => (path === 'articles' ? { deck: `d${i}` } : { name: `n${i}` })
    await desk.together(
      'POST',
      `/v1/${path}`,
      ten(() => ({ body: { ...named, slug: 'race' } })),
    )
    await desk.together(
      'POST',
      `/v1/${path}`,
      ten(() => ({ body: named })),
    )
    await desk.together(
      'PATCH',
      `/v1/${path}/race`,
      ten((i) => ({ version: 1, body: change(i) })),
    )
    await desk.together(
      'PATCH',
      `/v1/${path}/race`,
      ten(() => ({ version: 2, body: {} })),
    )
    for (const n of [2, 5, 10, 11])
      await desk.together(
        'GET',
        `/v1/${path}/race-${n}${path === 'articles' ? '?stage=working' : ''}`,
        ten(() => ({})),
      )
  }
  await desk.together(
    'POST',
    '/v1/articles',
    ten(() => ({ body: { title: 'External', externalId: 'the same' } })),
  )
  await desk.together(
    'POST',
    '/v1/articles',
    ten((i) => ({ body: { title: 'External', externalId: `id ${i % 3}` } })),
  )
  await desk.post('/v1/articles', { title: 'Ready', slug: 'ready', section: 'a', pages: [{ body: 'x' }] })
  for (const action of ['submit', 'publish', 'unpublish', 'publish']) {
    await desk.together(
      'POST',
      `/v1/articles/ready/${action}`,
      ten(() => ({ version: '*' })),
    )
    await desk.get('/v1/articles/ready?stage=working', 'editor')
    await desk.get('/v1/articles/ready')
  }
  const { body } = await desk.get('/v1/articles/ready?stage=working', 'editor')
  await desk.together(
    'POST',
    '/v1/articles/ready/unpublish',
    ten(() => ({ version: body.version })),
  )
  await desk.together(
    'DELETE',
    '/v1/articles/ready',
    ten(() => ({ version: '*' })),
  )
  await desk.together(
    'POST',
    '/v1/articles/ready/restore',
    ten(() => ({ version: '*' })),
  )
  await desk.together(
    'DELETE',
    '/v1/tags/race',
    ten(() => ({ version: '*' })),
  )
  await desk.post('/v1/tags', { name: 'one', slug: 'one' })
  await desk.post('/v1/tags', { name: 'two', slug: 'two' })
  await desk.together(
    'POST',
    '/v1/tags/one/merge',
    ten(() => ({ version: '*', body: { into: 'two' } })),
  )
  await desk.get('/v1/tags/one')
  await desk.together(
    'POST',
    '/v1/keys',
    ten((i) => ({ as: 'admin', body: { name: `key ${i}`, role: 'reader' } })),
  )
  await desk.get('/v1/sections?tree=true&surprise', 'editor')
  await desk.get('/readyz')
}
