import type { Desk, Say } from '../desk.ts'

/** Many operations in one request: done, refused, undone, and sent again. */
export async function batches(desk: Desk): Promise<void> {
  const url = '/v1/articles/batch'
  const send = (operations: unknown, more: object = {}, say: Say = { as: 'editor' }) =>
    desk.call('POST', url, { ...say, body: { ...more, operations } })
  const on = (op: string, article: string, more: object = {}) => ({ op, article, version: '*', ...more })
  const create = (slug: string, more: object = {}) => ({
    op: 'create',
    body: { title: `Of ${slug}`, slug, section: 'a', pages: [{ body: `*${slug}* <b>x</b>` }], ...more },
  })
  for (const name of ['Bulk 1', 'Bulk 2', 'Bulk 3']) await desk.post('/v1/tags', { name })

  const life = [
    create('bulk-a', { tags: ['bulk-1'] }),
    { op: 'tag', article: 'bulk-a', version: 1, add: ['bulk-2', 'bulk-3', 'bulk-1'], remove: ['bulk-1'] },
    on('submit', 'bulk-a', { note: 'checked' }),
    on('return', 'bulk-a', { note: 'Who says so?' }),
    { op: 'publish', article: 'bulk-a', version: 99 },
    on('publish', 'bulk-a'),
    on('patch', 'bulk-a', { body: { deck: 'New', tags: null }, note: 'a deck' }),
    on('correct', 'bulk-a', { text: 'On Tuesday.' }),
    on('correct', 'bulk-a'),
    on('publish', 'bulk-a', { at: '2999-01-01T00:00', zone: 'Asia/Jakarta' }),
    on('publish', 'bulk-a', { at: '2026-03-29T02:30', zone: 'Europe/Berlin' }),
    on('unschedule', 'bulk-a'),
    on('move', 'bulk-a', { section: 'none' }),
    on('move', 'bulk-a', { section: 'a' }),
    on('withdraw', 'bulk-a', { reason: 'A forgery.', replacement: 'none' }),
    on('unpublish', 'bulk-a'),
    on('delete', 'bulk-a'),
    on('restore', 'bulk-a'),
    create('bulk-a'),
  ]
  for (const as of [undefined, 'reader'] as const) await send(life, {}, { ...(as && { as }) })
  await send(life)
  await send(life, {}, { as: 'writer' })
  await desk.get('/v1/articles/bulk-a?stage=working', 'editor')
  await desk.get('/v1/articles/bulk-a')
  await desk.get('/v1/changes?limit=15', 'editor')

  for (const atomic of [true, false]) {
    const [one, two] = [`bulk-${atomic}-1`, `bulk-${atomic}-2`]
    const operations = [create(one), on('publish', one), create(one), create(two), on('publish', two, { at: 'never' })]
    const say = { as: 'editor', headers: { 'idempotency-key': `bulk-${atomic}` } } as const
    for (const sent of [operations, operations, operations.toSpliced(2, 1).slice(0, 3)])
      await send(sent, { atomic }, say)
    for (let i = 0; i < 2; i += 1) await send(operations.toSpliced(2, 1).slice(0, 3), { atomic }, say)
    for (const slug of [one, two]) await desk.get(`/v1/articles/${slug}`)
  }
  for (const operations of [
    [],
    [{}],
    [7],
    [on('purge', 'bulk-a')],
    [{ op: 'delete', article: 'bulk-a' }],
    {},
    [on('tag', 'x')],
  ])
    await send(operations)
  await send(
    Array.from({ length: 501 }, () => on('delete', 'bulk-a')),
    { atomic: 'yes' },
  )
  for (const method of ['GET', 'OPTIONS', 'DELETE', 'TRACE'])
    await desk.call(method, url, { as: 'editor', version: '*' })
}
