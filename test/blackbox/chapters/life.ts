import type { Desk } from '../desk.ts'

/** One article through all of its states, with what stands in the way of each step. */
export async function life(desk: Desk): Promise<void> {
  const whole = {
    ...{
      title: 'Rail strike ends',
      slug: 'rail-strike',
      externalId: 'wp:1,2;"3"',
      lang: 'en-gb',
      kicker: 'Rail',
      deck: 'It is over.',
    },
    dateline: { text: 'JAKARTA, Antara', place: 'Jakarta', outlet: null },
    pages: [
      {
        body: '# One\n\nTwo *three* `four`\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>x</script> <b>kept</b>',
        title: null,
      },
      { body: 'Ends.\r\n\r\nWith CR LF\u2028 and "quotes" \\ $1 ?', title: 'The end' },
      { body: '' },
    ],
    section: 'a',
    tags: ['z', 'a-b', 'ss'],
    sources: [
      { source: 'antara', role: 'origin', url: 'https://antara.test/ä', statedOn: '2026-11-21', mention: '(Antara)' },
      { source: 'felt', role: 'quoted' },
      { source: 'antara' },
    ],
    bylines: [{ name: 'Tanti', role: 'author' }, { role: 'editor', name: 'Ünal' }, { name: 'Tanti' }],
    image: { height: 1, width: 100_000, credit: null, caption: 'c', alt: 'a', url: 'https://images.test/x.jpg' },
    ...{ genre: 'analysis', urgency: 9, breaking: true, breakingUntil: '2026-11-22T19:00:00+07:00' },
    seo: { canonicalUrl: 'https://example.org/', title: 'S', description: null },
    access: 'metered',
  }
  const to = '/v1/articles/rail-strike'
  await desk.post('/v1/articles', whole)
  await desk.post('/v1/articles', whole)
  await desk.post('/v1/articles', { ...whole, slug: undefined })
  await desk.post('/v1/articles', { ...whole, slug: undefined, externalId: null })
  await desk.post('/v1/articles', { title: 'Bare' })
  await desk.post('/v1/articles', {
    ...whole,
    slug: 'x',
    externalId: 'y',
    section: 'nowhere',
    tags: ['no', 'a', 'a'],
    sources: [{ source: 'no' }],
  })
  await desk.post('/v1/articles', {
    title: 'Late',
    expiresAt: '2026-01-01T00:00:00Z',
    embargoUntil: '2026-01-01T00:00:00Z',
  })
  for (const as of [undefined, 'reader', 'writer', 'editor'] as const) {
    await desk.get(to, as)
    await desk.get(`${to}?stage=working`, as)
  }
  await desk.edit('POST', '/v1/articles/bare/publish')
  await desk.edit('POST', `${to}/unpublish`)
  await desk.edit('POST', `${to}/restore`)
  await desk.call('POST', `${to}/publish`, { as: 'editor', version: 7 })
  await desk.call('POST', `${to}/publish`, { as: 'editor', version: 1 })
  await desk.edit('POST', `${to}/publish`)
  await desk.edit('DELETE', to)
  const etag = (await desk.get(to)).header('etag') ?? ''
  for (const known of [etag, `W/${etag}`, '*', '"x"', `"x", ${etag}`]) {
    await desk.call('GET', to, { headers: { 'if-none-match': known } })
    await desk.call('HEAD', to, { headers: { 'if-none-match': known } })
  }
  for (const render of ['body', 'html', 'text', 'text,body', 'body,html,text', 'text,text', 'pdf', ''])
    await desk.get(`${to}?render=${render}`)
  for (const page of [1, 2, 3, 4, 0, 51, 'x']) await desk.get(`${to}?page=${page}`)
  await desk.edit('PATCH', to, {
    title: 'Changed',
    image: { alt: null, width: 5 },
    seo: { title: null },
    dateline: { place: null },
  })
  await desk.edit('PATCH', to, {
    image: null,
    seo: null,
    dateline: null,
    genre: null,
    urgency: null,
    tags: [],
    sources: [],
    bylines: [],
  })
  await desk.get(to)
  await desk.get(`${to}?stage=working`, 'editor')
  await desk.edit('PATCH', to, { title: 'Changed' })
  await desk.edit('PATCH', to, { slug: 'strike-over', tags: ['ss', 'z'] })
  await desk.edit('POST', `${to}/publish`)
  for (const name of ['rail-strike', 'strike-over']) await desk.get(`/v1/articles/${name}`)
  const read = await desk.get('/v1/articles/strike-over?stage=working&render=body,html,text', 'editor')
  await desk.call('PUT', to, { as: 'editor', version: read.header('etag') ?? '', body: read.body })
  await desk.call('PUT', to, {
    as: 'editor',
    version: read.header('etag') ?? '',
    body: { ...read.body, urgency: 1, wordCount: 3 },
  })
  await desk.call('PUT', to, { as: 'editor', version: read.header('etag') ?? '', body: { ...read.body, urgency: 1 } })
  await desk.call('PUT', to, { as: 'editor', version: read.header('etag') ?? '', body: { ...read.body, urgency: 2 } })
  await desk.edit('PUT', to, { title: 'Only a title' })
  await desk.edit('POST', `${to}/publish`)
  await desk.edit('POST', `${to}/unpublish`)
  await desk.get(to)
  await desk.get('/v1/articles/strike-over')
  await desk.get(to, 'editor')
  await desk.edit('DELETE', to)
  await desk.edit('PATCH', to, { title: 'In the trash' })
  await desk.edit('POST', `${to}/publish`)
  await desk.edit('POST', `${to}/restore`)
  await desk.edit('PATCH', to, { section: 'a', pages: [{ body: 'Again' }] })
  await desk.edit('POST', `${to}/publish`)
  await desk.get('/v1/articles/strike-over')

  // A writer's own, and somebody else's.
  await desk.call('POST', '/v1/articles', {
    as: 'writer',
    body: { title: 'Mine', slug: 'mine', pages: [{ body: 'x' }] },
  })
  for (const name of ['mine', 'bare', 'strike-over']) {
    await desk.call('PATCH', `/v1/articles/${name}`, { as: 'writer', version: '*', body: { deck: 'd' } })
    await desk.call('DELETE', `/v1/articles/${name}`, { as: 'writer', version: '*' })
    await desk.call('POST', `/v1/articles/${name}/restore`, { as: 'writer', version: '*' })
    await desk.call('POST', `/v1/articles/${name}/publish`, { as: 'writer', version: '*' })
  }
  await desk.walk('/v1/articles?stage=working&count=exact&limit=1', 'writer')

  // What is in use stays, until it is said where its articles go.
  await desk.edit('PATCH', to, { sources: [{ source: 'cna' }, { source: 'felt' }], tags: ['z', 'ss'] })
  await desk.edit('POST', `${to}/publish`)
  for (const path of ['sections/a', 'tags/z', 'sources/cna']) await desk.edit('DELETE', `/v1/${path}`)
  for (const path of ['tags/z', 'tags/ss', 'sources/cna', 'sources/felt']) await desk.get(`/v1/${path}`, 'editor')
  await desk.edit('POST', '/v1/tags/z/merge', { into: 'ss' })
  await desk.edit('DELETE', '/v1/sources/felt?moveTo=cna')
  await desk.get('/v1/articles/strike-over?stage=working', 'editor')
  await desk.get('/v1/articles/strike-over')
  await desk.edit('DELETE', '/v1/tags/ss?detach=true')
  await desk.get('/v1/articles/strike-over')
  await desk.get('/v1/tags/z')
  for (const path of ['/', '/livez', '/readyz', '/problems', '/problems/slug_taken', '/problems/none', '/openapi.json'])
    await desk.get(path)
}
