import type { Desk } from '../desk.ts'

/** Keys: made, told apart, given a new secret, ended by hand and by the clock. */
export async function keyring(desk: Desk): Promise<void> {
  const { clock } = desk
  const admin = { as: 'admin' } as const
  await desk.get('/v1/keys', 'admin')
  const make = (body: object) => desk.call('POST', '/v1/keys', { ...admin, body })
  await desk.standing(async () => {
    for (const role of ['reader', 'writer', 'editor', 'admin']) await make({ name: `night ${role}`, role })
  })
  for (const name of ['Ærø', '新聞 デスク', '👍', 'O\'Brien \\ "desk" %_$1', 'x'.repeat(120)])
    await make({ name, role: 'reader' })
  await make({ name: 'x'.repeat(121), role: 'reader' })
  await make({ name: 'past', role: 'reader', expiresAt: '2026-11-22T08:00:00Z' })
  await make({ name: 'now', role: 'reader', expiresAt: new Date(clock.now() + 1_000).toISOString() })
  await make({ name: 'no role', role: 'owner' })
  for (const limit of [1, 4, 100]) await desk.walk(`/v1/keys?limit=${limit}&count=exact`, 'admin')

  const soon = await make({ name: 'soon over', role: 'editor', expiresAt: '2026-11-22T18:00:00+07:00' })
  const use = (key: string) => desk.call('GET', '/v1/articles?stage=working', { key })
  await use(soon.body.secret)
  clock.set('2026-11-22T10:59:58.999Z')
  await use(soon.body.secret)
  clock.set('2026-11-22T10:59:59.000Z')
  await use(soon.body.secret)
  await desk.call('POST', `/v1/keys/${soon.body.id}/rotate`, admin)

  const rolled = await make({ name: 'rolled', role: 'editor' })
  const again = await desk.call('POST', `/v1/keys/${rolled.body.id}/rotate`, { ...admin, body: { overlapSeconds: 60 } })
  const until = clock.now() + 60_000
  await use(rolled.body.secret)
  await use(again.body.secret)
  for (const before of [1_001, 1_000, 0]) {
    clock.set(new Date(until - before).toISOString())
    await use(rolled.body.secret)
  }
  await desk.call('POST', `/v1/keys/${rolled.body.id}/rotate`, { ...admin, body: { overlapSeconds: 604_800 } })
  await desk.call('POST', `/v1/keys/${rolled.body.id}/rotate`, { ...admin, body: { overlapSeconds: 604_801 } })
  const third = await desk.call('POST', `/v1/keys/${rolled.body.id}/rotate`, admin)
  await use(again.body.secret)
  await use(third.body.secret)
  await desk.call('GET', `/v1/keys/${rolled.body.id}`, admin)
  await desk.call('DELETE', `/v1/keys/${rolled.body.id}`, admin)
  await use(third.body.secret)
  await desk.call('DELETE', `/v1/keys/${rolled.body.id}`, admin)
  await desk.call('POST', `/v1/keys/${rolled.body.id}/rotate`, admin)
  await desk.call('GET', `/v1/keys/${rolled.body.id}`, admin)

  const all = await desk.get('/v1/keys?limit=100', 'admin')
  const admins = all.body.data.filter((key: { role: string }) => key.role === 'admin')
  for (const { id } of admins) await desk.call('DELETE', `/v1/keys/${id}`, admin)
  await desk.get('/v1/keys', 'admin')
}
