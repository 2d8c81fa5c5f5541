import type { Desk } from '../desk.ts'

const versions = [
  '"0"',
  '"999999999999999"',
  '"9999999999999999"',
  '7',
  'W/"2"',
  '"1", "2"',
  '"1-abc"',
  '"x"',
  '',
  '**',
  '"2~x"',
]

/** Names that are taken, and versions that are old or none. */
export async function conflicts(desk: Desk): Promise<void> {
  for (const path of ['articles', 'tags', 'sources', 'sections']) {
    const named = path === 'articles' ? { title: 'Taken' } : { name: 'Taken' }
    for (const slug of ['taken', 'taken', undefined, undefined, 'Taken', 'taken-', '', null])
      await desk.post(`/v1/${path}`, { ...named, slug })
    await desk.edit('PATCH', `/v1/${path}/taken`, { slug: 'taken-2' })
    await desk.edit('PATCH', `/v1/${path}/taken`, { slug: 'taken' })
    await desk.call('PATCH', `/v1/${path}/taken`, { as: 'editor', version: 1, body: { slug: 'retaken' } })
    await desk.call('PATCH', `/v1/${path}/retaken`, { as: 'editor', version: 1, body: {} })
    await desk.edit('PATCH', `/v1/${path}/taken-2`, { slug: 'taken' })
    for (const version of versions) await desk.call('PATCH', `/v1/${path}/retaken`, { as: 'editor', version, body: {} })
    await desk.post(`/v1/${path}`, { ...named, slug: 'taken' })
    for (const name of ['taken', 'taken-2', 'retaken']) await desk.get(`/v1/${path}/${name}`, 'editor')
  }
  const live = { section: 'a', pages: [{ body: 'x' }] }
  // The external id of a live copy stays taken, though its working copy has another.
  await desk.post('/v1/articles', { ...live, title: 'First', slug: 'first', externalId: 'E' })
  await desk.edit('POST', '/v1/articles/first/publish')
  await desk.edit('PATCH', '/v1/articles/first', { externalId: 'F' })
  await desk.post('/v1/articles', { ...live, title: 'Second', slug: 'second', externalId: 'E' })
  await desk.edit('POST', '/v1/articles/second/publish')
  await desk.edit('POST', '/v1/articles/first/publish')
  await desk.edit('POST', '/v1/articles/second/publish')
  await desk.edit('PATCH', '/v1/articles/second', { externalId: 'F' })
  await desk.edit('PATCH', '/v1/articles/second', { externalId: 'e' })
  for (const id of ['E', 'e', 'F']) await desk.get(`/v1/articles?externalId=${id}&fields=slug,externalId`)
}
