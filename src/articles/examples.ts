/** What the document shows: one article, as it is read and as it is written. */

const at = '2026-11-22T09:30:00.000Z'
export const exampleCard = {
  id: '019bd2a4-0000-7000-8000-0000000000a1',
  slug: 'putin-receives-wang-yi-in-moscow',
  externalId: null,
  lang: 'en',
  title: 'Putin receives Wang Yi in Moscow',
  kicker: null,
  deck: 'The talks come weeks before a visit to Beijing.',
  dateline: { outlet: 'Liputan6.com', place: 'Moscow', text: 'Liputan6.com, Moscow' },
  section: { id: '019bd2a4-0000-7000-8000-000000000002', slug: 'asia', name: 'Asia', path: 'global/asia' },
  tags: [{ id: '019bd2a4-0000-7000-8000-000000000011', slug: 'russia', name: 'Russia', kind: 'place' }],
  sources: [
    {
      source: { id: '019bd2a4-0000-7000-8000-000000000021', slug: 'cna', name: 'Channel NewsAsia', kind: 'outlet' },
      role: 'cited',
      url: null,
      statedOn: '2023-09-20',
      mention: 'CNA',
    },
  ],
  bylines: [{ name: 'Tanti Yulianingsih', role: 'author' }],
  image: null,
  genre: 'current',
  urgency: 4,
  breaking: false,
  breakingUntil: null,
  seo: null,
  access: 'free',
  corrections: [],
  wordCount: 5,
  readingMinutes: 1,
  pageCount: 1,
  state: 'published',
  changed: false,
  version: 2,
  publishedAt: at,
  firstPublishedAt: at,
  scheduledAt: null,
  withdrawal: null,
  updatedAt: at,
  createdAt: at,
  embargoUntil: null,
  expiresAt: null,
}
export const examplePage = {
  number: 1,
  title: null,
  body: 'They met in the *Kremlin*.',
  html: '<p>They met in the <em>Kremlin</em>.</p>',
}

export const exampleInput = {
  title: 'Putin receives Wang Yi in Moscow',
  deck: 'The talks come weeks before a visit to Beijing.',
  section: 'asia',
  tags: ['russia'],
  sources: [{ source: 'cna', role: 'cited', statedOn: '2023-09-20', mention: 'CNA' }],
  bylines: [{ name: 'Tanti Yulianingsih' }],
  pages: [{ body: 'They met in the *Kremlin*.' }],
}
