import type { TestApp } from '../support/app.ts'
import { makeSection, makeSource, makeTag } from '../support/factories.ts'

/** An article with something in every field: what is sent, and what is to be read back, all but its id. */
export async function wholeArticle(app: TestApp) {
  const parent = await makeSection(app, { name: 'Global' })
  const section = await makeSection(app, { name: 'Asia', parent: parent.slug })
  const tag = await makeTag(app, { name: 'Russia', kind: 'place' })
  const source = await makeSource(app, { name: 'Channel NewsAsia', slug: 'cna' })
  const content = {
    ...{ slug: 'wang-yi-in-moscow', externalId: 'liputan6:5403', lang: 'id', title: 'Wang Yi Temui Putin' },
    ...{ kicker: 'Diplomasi', deck: 'Keduanya membahas kunjungan ke Beijing.' },
    dateline: { outlet: 'Liputan6.com', place: 'Moskow', text: 'Liputan6.com, Moskow' },
    bylines: [
      { name: 'Tanti Yulianingsih', role: 'author' },
      { name: 'Sari Utami', role: 'photographer' },
    ],
    image: {
      ...{ url: 'https://images.example.org/kremlin.jpg', alt: 'The Kremlin', caption: 'At dusk', credit: 'Reuters' },
      ...{ width: 1600, height: 900 },
    },
    ...{ genre: 'analysis', urgency: 2, breaking: true, breakingUntil: '2026-11-22T12:00:00.000Z' },
    seo: { title: 'Wang in Moscow', description: 'What was said', canonicalUrl: 'https://www.example.org/wang' },
    ...{ access: 'metered', publishedAt: '2026-11-21T08:00:00.000Z' },
    ...{ embargoUntil: '2026-11-22T10:00:00.000Z', expiresAt: '2027-01-01T00:00:00.000Z' },
  }
  const use = { role: 'based_on', url: 'https://www.channelnewsasia.com/1', statedOn: '2023-09-20', mention: 'CNA' }
  const input = {
    ...content,
    section: section.slug,
    tags: [tag.slug],
    sources: [{ source: source.slug, ...use }],
    pages: [{ body: 'Mereka bertemu di *Kremlin*.' }, { title: 'Makin mesra', body: 'Dua.' }],
  }
  const expected = {
    ...content,
    section: { id: section.id, slug: 'asia', name: 'Asia', path: 'global/asia' },
    tags: [{ id: tag.id, slug: 'russia', name: 'Russia', kind: 'place' }],
    sources: [{ source: { id: source.id, slug: 'cna', name: 'Channel NewsAsia', kind: 'outlet' }, ...use }],
    pages: [
      {
        ...{ number: 1, title: null, body: 'Mereka bertemu di *Kremlin*.' },
        html: '<p>Mereka bertemu di <em>Kremlin</em>.</p>\n',
      },
      { number: 2, title: 'Makin mesra', body: 'Dua.', html: '<p>Dua.</p>\n' },
    ],
    ...{ corrections: [], wordCount: 5, readingMinutes: 1, pageCount: 2 },
    ...{ state: 'draft', changed: false, version: 1, firstPublishedAt: null, scheduledAt: null },
    withdrawal: null,
    ...{ createdAt: '2026-11-22T09:00:00.000Z', updatedAt: '2026-11-22T09:00:00.000Z' },
  }
  return { input, expected, section, parent, tag, source }
}
