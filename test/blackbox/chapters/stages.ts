import type { Role } from '../../../src/access.ts'
import type { Desk } from '../desk.ts'

/** From the writer's desk to readers and back: review, schedules, corrections, withdrawals, the trash and its end. */
export async function stages(desk: Desk): Promise<void> {
  const to = '/v1/articles/staged'
  const live = { section: 'a', pages: [{ body: 'One.\n\nTwo.' }], tags: ['rail'], sources: [{ source: 'reuters' }] }
  const act = (action: string, body?: unknown, url = to) => desk.edit('POST', `${url}/${action}`, body)
  const look = async (url = to) => {
    for (const as of [undefined, 'writer', 'editor'] as const) await desk.get(url, as)
    await desk.get(`${url}?stage=working`, 'editor')
  }
  const bodies: Record<string, unknown> = {
    ...{ submit: { note: 'Checked.' }, return: { note: 'Who says so?' }, publish: { note: 'Out.' } },
    ...{ correct: { text: 'It was on Tuesday.' }, withdraw: { reason: 'A forgery.' } },
  }
  const actions = ['submit', 'return', 'unschedule', 'correct', 'unpublish', 'withdraw', 'restore', 'purge']
  /** Everything that this state does not allow, and how that is said. */
  const refuse = async (names: readonly string[], as: Role = 'editor') => {
    for (const name of names) await desk.call('POST', `${to}/${name}`, { as, version: '*', body: bodies[name] })
  }

  await desk.call('POST', '/v1/articles', { as: 'writer', body: { title: 'Staged', slug: 'staged', ...live } })
  for (const as of [undefined, 'reader', 'writer'] as const)
    for (const name of [...actions, 'publish'])
      await desk.call('POST', `${to}/${name}`, { ...(as && { as }), version: '*', body: bodies[name] })
  await refuse(['publish', 'submit'], 'reader')
  for (const name of [...actions, 'publish', 'validate'])
    await desk.call('POST', `/v1/articles/nowhere/${name}`, { as: 'admin', version: '*', body: bodies[name] })
  for (const body of [{}, { note: '' }, { note: 1 }, { why: 'x' }]) await act('return', body)
  await look()
  await desk.call('PATCH', to, { as: 'writer', version: '*', body: { deck: 'While it is with the editors' } })
  await desk.call('DELETE', to, { as: 'writer', version: '*' })
  await refuse(actions.filter((name) => name !== 'return'))
  await act('return', bodies.return)
  await desk.call('PATCH', `${to}?note=Named`, { as: 'writer', version: '*', body: { deck: 'Named' } })
  await desk.call('POST', `${to}/submit`, { as: 'writer', version: '*' })

  // What keeps it from being published, and when it may be.
  const day = Math.floor(desk.clock.now() / 86_400_000) * 86_400_000
  const on = (days: number) => new Date(day + days * 86_400_000).toISOString()
  const times = [
    ...[{ at: on(-1) }, { at: 'noon' }, { zone: 'Asia/Jakarta' }, { at: '2027-03-28T02:30', zone: 'Europe/Berlin' }],
    ...[
      { at: '2027-10-31T02:30', zone: 'Europe/Berlin' },
      { at: '2026-12-24T18:00' },
      { at: on(2), zone: 'Nowhere/At' },
    ],
    ...[{ at: on(2), when: 1 }, { at: 7 }, {}],
  ]
  for (const body of times) {
    await desk.call('POST', `${to}/validate`, { as: 'editor', body })
    if (Object.keys(body).length > 0) await act('publish', body)
  }
  await desk.edit('PATCH', to, { expiresAt: on(1) })
  await act('publish', { at: on(2) })
  await desk.edit('PATCH', to, { section: null })
  await act('publish', { at: on(2) })
  await desk.edit('PATCH', to, { section: 'a', expiresAt: null })

  // Scheduled, taken back, scheduled anew; its hour comes.
  await act('publish', { at: on(2), note: 'For the morning.' })
  await refuse(['submit', 'return', 'correct', 'unpublish', 'restore', 'purge'], 'admin')
  await desk.edit('DELETE', to)
  await look()
  await act('unschedule')
  await act('unschedule')
  await act('publish', { at: '2027-01-01T06:00', zone: 'Asia/Jakarta' })
  await act('publish', { at: on(2) })
  await desk.edit('PATCH', to, { title: 'Staged, later' })
  const calendar = async () => {
    for (const query of ['', 'event=publish', 'section=a&limit=2', 'section=none', `from=${on(1)}&until=${on(3)}`])
      await desk.get(`/v1/schedule?${query}`, 'editor')
    for (const as of [undefined, 'reader', 'writer'] as const) await desk.get('/v1/schedule', as)
    await desk.walk('/v1/schedule?limit=3', 'admin')
  }
  await calendar()
  for (const moment of [-1, 0, 1]) {
    await desk.standing(async () => {
      desk.clock.set(new Date(Date.parse(on(2)) + moment).toISOString())
      await look()
      await desk.get('/v1/articles?ids=staged&stage=working&state=scheduled,published&fields=slug,state', 'editor')
      await desk.get('/v1/tags/rail')
    })
  }

  // Live: corrected, replaced at an instant, and the replacement taken back.
  await refuse(['submit', 'return', 'restore', 'purge', 'unschedule'], 'admin')
  for (const body of [undefined, {}, { text: ' ' }, { note: 'x' }]) await act('correct', body)
  await act('correct', bodies.correct)
  await look()
  await desk.edit('PATCH', to, { title: 'Staged anew', slug: 'staged-anew' })
  await act('publish', { at: on(4) })
  await act('correct', bodies.correct)
  await look()
  await desk.get('/v1/articles/staged-anew')
  await calendar()
  await act('unschedule')
  await act('publish', { at: on(4) })
  await desk.edit('PATCH', to, { expiresAt: on(6), embargoUntil: on(5) })
  await act('publish', { at: on(4) })
  await desk.edit('PATCH', to, { deck: 'Beside what is scheduled' })
  for (const days of [4, 5, 6]) {
    for (const moment of [-1, 0]) {
      await desk.standing(async () => {
        desk.clock.set(new Date(Date.parse(on(days)) + moment).toISOString())
        await look()
        await look('/v1/articles/staged-anew')
      })
    }
  }
  await act('publish')
  await act('unpublish')

  // A former name is let go of by its editors alone.
  for (const as of [undefined, 'writer', 'editor'] as const) await desk.get(`${to}/slugs`, as)
  for (const slug of ['nowhere', 'staged-anew', 'staged'])
    await desk.edit('DELETE', `/v1/articles/staged-anew/slugs/${slug}`)
  await desk.edit('PATCH', '/v1/articles/staged-anew', { slug: 'staged' })

  // What expired is a draft again. Published once more, it is withdrawn, and another stands in for it.
  await desk.edit('PATCH', to, { expiresAt: null, embargoUntil: null })
  await act('publish')
  await desk.post('/v1/articles', { title: 'Stand-in', slug: 'stand-in', ...live })
  for (const body of [
    {},
    { reason: '' },
    { reason: 'x', replacement: 'nowhere' },
    { reason: 'x', replacement: 'staged' },
  ])
    await act('withdraw', body)
  await act('withdraw', { reason: 'A forgery.', replacement: 'stand-in' })
  await look()
  await act('publish', undefined, '/v1/articles/stand-in')
  await look()
  await refuse(['withdraw', 'unpublish', 'submit', 'correct', 'purge'], 'admin')
  const history = `${to}/revisions`
  for (const as of [undefined, 'writer', 'editor'] as const) await desk.get(`${history}?count=exact`, as)
  await desk.walk(`${history}?limit=2`, 'editor')
  for (const number of ['1', '2', '3', '999', '0', 'x']) {
    await desk.get(`${history}/${number}`, 'editor')
    for (const query of ['', '?to=3', '?to=999', '?to=x']) await desk.get(`${history}/${number}/diff${query}`, 'editor')
  }
  for (const number of ['1', '999']) await desk.edit('POST', `${history}/${number}/restore`)
  await desk.call('POST', `${history}/1/restore`, { as: 'reader', version: '*' })
  await act('publish')
  await act('withdraw', { reason: 'Again.' })

  // The trash, and its end.
  await desk.edit('DELETE', to)
  await look()
  await refuse(actions.filter((name) => !['restore', 'purge'].includes(name)))
  await act('purge')
  await desk.call('POST', `${to}/purge`, { as: 'admin', version: 1 })
  await desk.call('POST', `${to}/purge`, { as: 'admin' })
  await desk.call('POST', `${to}/purge`, { as: 'admin', version: '*', body: {} })
  await desk.call('POST', `${to}/purge`, { as: 'admin', version: '*' })
  await look()
  await desk.get(history, 'editor')
  await desk.post('/v1/articles', { title: 'Staged', slug: 'staged' })
  await desk.get(
    '/v1/changes?kind=article.purged,article.withdrawn,article.expired,article.scheduled&limit=50',
    'admin',
  )
}
