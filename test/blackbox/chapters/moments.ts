import type { Desk } from '../desk.ts'

/** The instant itself, one millisecond before it and one after: the clock decides alike on both engines. */
export async function moments(desk: Desk): Promise<void> {
  const { clock } = desk
  const at = Date.parse('2026-12-01T00:00:00.000Z')
  const iso = (offset: number) => new Date(at + offset).toISOString()
  const base = { section: 'a', pages: [{ body: 'x' }], tags: ['rail'], sources: [{ source: 'reuters' }] }
  const make = async (slug: string, body: object) => {
    await desk.post('/v1/articles', { ...base, title: slug, slug, ...body })
    await desk.edit('POST', `/v1/articles/${slug}/publish`)
  }
  clock.set('2026-11-30T00:00:00.000Z')
  await make('embargo', { embargoUntil: iso(0) })
  await make('embargo-dated', { embargoUntil: iso(0), publishedAt: '2026-11-01T00:00:00Z' })
  await make('expiry', { expiresAt: iso(0) })
  await make('window', { embargoUntil: iso(-1), expiresAt: iso(1) })
  await make('breaking', { breaking: true, breakingUntil: iso(0) })
  await make('future', { publishedAt: iso(0) })
  await make('past-expiry', { expiresAt: '2026-11-30T00:00:10Z' })
  await make('renamed-before', { embargoUntil: iso(0) })
  await desk.edit('PATCH', '/v1/articles/renamed-before', { slug: 'renamed-after' })
  await desk.edit('POST', '/v1/articles/renamed-after/publish')
  // Live already: the old copy stays until the new one takes its place.
  for (const [slug, later] of [
    ['replaced', { title: 'replacement', embargoUntil: iso(0) }],
    ['replaced-at', { title: 'replacement' }],
  ] as const) {
    await make(slug, {})
    await desk.edit('PATCH', `/v1/articles/${slug}`, later)
    await desk.edit('POST', `/v1/articles/${slug}/publish`, slug === 'replaced' ? undefined : { at: iso(1) })
  }
  const slugs = [
    ...['replaced', 'replaced-at'],
    'embargo',
    'embargo-dated',
    'expiry',
    'window',
    'breaking',
    'future',
    'renamed-before',
    'renamed-after',
  ]
  const ids = slugs.join(',')
  for (const offset of [-3_600_000, -1, 0, 1, 3_600_000]) {
    await desk.standing(async () => {
      clock.set(iso(offset))
      for (const slug of slugs) await desk.get(`/v1/articles/${slug}`)
      for (const breaking of ['true', 'false'])
        await desk.get(`/v1/articles?ids=${ids}&breaking=${breaking}&fields=slug,breaking&count=exact`)
      await desk.walk(`/v1/articles?ids=${ids}&limit=2&count=exact`)
      await desk.get(`/v1/articles?ids=${ids}&publishedAfter=${iso(0)}&fields=slug`)
      await desk.get(`/v1/articles?ids=${ids}&publishedBefore=${iso(0)}&fields=slug`)
      await desk.get(`/v1/articles?ids=${ids}&updatedAfter=${iso(0)}&fields=slug`)
      await desk.get('/v1/tags/rail')
      await desk.get('/v1/sources/reuters')
      await desk.get('/v1/articles/breaking/related')
    })
  }
  for (const slug of ['embargo', 'window', 'expiry', 'replaced']) {
    await desk.edit('POST', `/v1/articles/${slug}/unpublish`)
    await desk.get(`/v1/articles/${slug}`)
    await desk.edit('POST', `/v1/articles/${slug}/publish`)
    await desk.get(`/v1/articles/${slug}`)
  }
}
