import type { Desk } from '../desk.ts'

/** The log of changes, walked, filtered and refused; and that of single articles, for each who may see them or not. */
export async function history(desk: Desk): Promise<void> {
  const log = '/v1/changes'
  const { body } = await desk.get(`${log}?limit=100&count=exact`, 'editor')
  const { id, actor } = body.data[0]
  for (const query of ['limit=100', 'limit=100&sort=seq', 'kind=tag.merged,key.revoked,article.trashed&limit=3'])
    await desk.walk(`${log}?${query}&count=exact`, 'admin')
  const instants = ['2026-11-22T09:00:10Z', '2026-11-22T16:01:00%2B07:00', '2026-11-22T11:00:00.001Z']
  const filters = [
    ...['article', 'section', 'tag', 'source', 'key', 'key,tag', 'page', ''].map((entity) => `entity=${entity}`),
    ...['article.published', 'tag.merged,tag.deleted', 'article.praised', 'article'].map((kind) => `kind=${kind}`),
    ...[actor.id, 'operator', 'nobody', '%00', '%F0%9F%91%8D'].map((who) => `actor=${who}`),
    ...[id, id.toUpperCase(), 'rail-strike', '019bd2a4-0000-7000-8000-00000000dead'].map((thing) => `id=${thing}`),
    ...instants.flatMap((at) => [`after=${at}`, `before=${at}`, `after=${instants[0]}&before=${at}`]),
    ...[`id=${id}&entity=article,tag`, `id=${id}&sort=seq&actor=${actor.id}`, 'entity=tag&kind=tag.created&sort=seq'],
    ...['sort=at', 'sort=-seq&cursor=x', 'after=2026-11-22', 'limit=0&entity=x&kind=y&id=z', 'note=x'],
  ]
  for (const filter of filters) await desk.get(`${log}?limit=5&count=exact&${filter}`, 'editor')

  // A PATCH a second by one, a few by others, and the same article under each of its names.
  await desk.call('POST', '/v1/articles', { as: 'writer', body: { title: 'Watched', slug: 'watched' } })
  for (const deck of ['a', 'b', 'c', 'c', 'd'])
    await desk.call('PATCH', '/v1/articles/watched', { as: 'writer', version: '*', body: { deck } })
  await desk.edit('PATCH', '/v1/articles/watched', { section: 'a', pages: [{ body: 'x' }], slug: 'seen' })
  await desk.edit('POST', '/v1/articles/seen/publish')
  await desk.edit('PATCH', '/v1/articles/seen', { slug: 'looked-at' })
  for (const name of ['watched', 'seen', 'looked-at', 'strike-over', 'nowhere']) {
    for (const as of [undefined, 'reader', 'writer', 'editor', 'admin'] as const)
      await desk.get(`/v1/articles/${name}/changes?limit=2&count=exact`, as)
  }
  for (const query of ['limit=1', 'limit=3&sort=seq'])
    await desk.walk(`/v1/articles/watched/changes?${query}&count=exact`, 'writer')
  for (const query of ['entity=article', 'sort=', 'limit=101', 'cursor=x'])
    await desk.get(`/v1/articles/seen/changes?${query}`, 'editor')
}
