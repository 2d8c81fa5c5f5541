import type { Desk } from '../desk.ts'
import { disguises, letters, signs } from '../words.ts'

/** Articles of every kind and script, for the lists: public ones, drafts, coming ones, past ones, without section or date. */
export async function corpus(desk: Desk): Promise<void> {
  for (const slug of ['rail', 'sea', 'air']) await desk.post('/v1/tags', { name: slug, slug })
  for (const slug of ['reuters', 'afp']) await desk.post('/v1/sources', { name: slug, slug })
  await desk.post('/v1/sources', { name: 'whistle', slug: 'whistle', visibility: 'editors' })
  const pick = <T>(list: readonly T[], i: number): T => list[i % list.length] as T
  const sections = ['a', 'a-b', 'ab', 'a0', 'c', 'd', 'e', 'h', '0', 'aa', null]
  const tags = [[], ['rail'], ['sea', 'rail'], ['air'], ['rail', 'sea', 'air']]
  const sources = [
    [],
    [['reuters', 'origin']],
    [
      ['afp', 'quoted'],
      ['reuters', 'cited'],
    ],
    [['whistle', 'based_on']],
  ]
  const titles = [...letters, ...signs].filter((title) => title.trim() !== '')
  const one = async (title: string, i: number): Promise<void> => {
    const until = i % 13 === 5 ? '2026-11-23T00:00:00Z' : null
    const { body } = await desk.post('/v1/articles', {
      title,
      externalId: i % 4 === 0 ? null : `${title}#${i}`,
      section: pick(sections, i),
      tags: pick(tags, i),
      sources: pick(sources, i).map(([source, role]) => ({ source, role })),
      bylines: i % 3 === 0 ? [] : [{ name: title.trim() }, { name: pick(disguises, i), role: 'photographer' }],
      kicker: i % 5 === 0 ? title : null,
      deck: i % 6 === 0 ? `${title}\n${title}` : null,
      pages: i % 17 === 3 ? [] : [{ title, body: `${title}\n\n*${title}*` }],
      lang: pick(['id', 'en', 'tr', 'de-AT', 'zh-Hant', 'ar'], i),
      genre: pick([null, 'analysis', 'opinion', 'wrap'], i),
      urgency: pick([null, 1, 9, 5], i),
      breaking: i % 7 === 0,
      breakingUntil: i % 14 === 0 ? '2026-11-24T00:00:00Z' : null,
      publishedAt:
        i % 5 === 2
          ? pick(['2020-02-29T23:59:59.999Z', '0001-01-01T00:00:00Z', '1999-12-31T23:59:59.5-11:30'], i)
          : null,
      embargoUntil: until,
      expiresAt: i % 11 === 4 ? '2026-11-25T00:00:00Z' : null,
    })
    if (i % 9 === 8 || body?.id === undefined) return
    await desk.edit('POST', `/v1/articles/${body.id}/publish`)
    if (i % 10 === 1) await desk.edit('PATCH', `/v1/articles/${body.id}`, { title: `${title} ahead`.slice(0, 300) })
    if (i % 12 === 3) await desk.edit('POST', `/v1/articles/${body.id}/unpublish`)
    if (i % 24 === 3) await desk.edit('DELETE', `/v1/articles/${body.id}`)
  }
  for (const [i, title] of titles.entries()) {
    // A third of them at the same instant.
    if (i % 3 === 0) await desk.standing(() => one(title, i))
    else await one(title, i)
  }
}
