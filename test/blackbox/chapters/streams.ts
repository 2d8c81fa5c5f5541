import type { Desk } from '../desk.ts'

/** Articles in and out, one to a line: what comes in, what is refused of it, and who gets what. */
export async function streams(desk: Desk): Promise<void> {
  const type = 'application/x-ndjson'
  const send = (query: string, lines: readonly unknown[], as: 'reader' | 'writer' | 'editor' | 'admin' = 'editor') => {
    const data = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')
    return desk.call('POST', `/v1/articles/import${query}`, { as, raw: { type, data } })
  }
  // One line a request: those of one request are written at once, and which comes first is chance.
  const first = { externalId: 'stream-1', title: 'Streamed', section: 'Streams', tags: ['Stréams'], text: '*x*' }
  for (const as of ['reader', 'writer'] as const) await send('', [first], as)
  await desk.call('POST', '/v1/articles/import', { raw: { type, data: '{}' } })
  await desk.call('POST', '/v1/articles/import', { as: 'editor', body: first })
  await send('?createMissing=true&dryRun=true', [first])
  await send('', [first])
  await send('?createMissing=true&publish=true', [first])
  await send('?publish=true', [first])
  await send('?publish=true', [{ ...first, title: 'Streamed again' }])
  await send('?publish=true', [{ ...first, title: 'By another key' }], 'admin')
  await send('?publish=true&overwrite=true', [{ ...first, title: 'By another key' }], 'admin')
  for (const line of ['', '{', '[]', '{"title":"\\u0000"}', { title: '' }, { title: 'x', slug: 'export' }])
    await send('', [line])
  await send('?section=nowhere&source=wire', [{ title: 'x', url: 'https://a.example/1' }])
  await send('?limit=1', [])

  const path = '/v1/articles/export'
  for (const query of ['', '?section=streams', '?lang=id,tr&render=html', '?tag=none', '?limit=1', '?state=draft'])
    await desk.get(path + query)
  for (const as of [undefined, 'reader', 'writer', 'editor'] as const)
    for (const query of ['?stage=working', '?stage=working&state=trashed', '?stage=working&changed=true'])
      await desk.get(path + query, as)
  await desk.call('HEAD', path)
  await desk.call('GET', path, { headers: { accept: 'application/json' } })
}
