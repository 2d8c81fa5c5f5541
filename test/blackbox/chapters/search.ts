import type { Role } from '../../../src/access.ts'
import type { Desk } from '../desk.ts'
import { disguises, letters, signs } from '../words.ts'

/** Stories that are told apart by where their words stand, in which form, in which language and when. */
const stories: Record<string, object> = {
  'ferry-title': { title: 'A ferry sinks off Lombok', lang: 'en', publishedAt: '2026-10-01T00:00:00Z' },
  'ferries-title': { title: 'Ferries sink off Bali', lang: 'en', publishedAt: '2026-09-01T00:00:00Z' },
  'ferry-old': { title: 'A ferry sinks off Lombok', lang: 'en', publishedAt: '2016-10-01T00:00:00Z' },
  'ferry-ancient': { title: 'A ferry sinks off Lombok', lang: 'en', publishedAt: '0066-10-01T00:00:00Z' },
  'ferry-1969': { title: 'A ferry sinks off Lombok', lang: 'en', publishedAt: '1969-12-31T23:59:59.999Z' },
  'ferry-kicker': { title: 'News', kicker: 'Ferry', lang: 'en' },
  'ferry-deck': { title: 'News', deck: 'Ferries, and no ferry in sight', lang: 'en-GB' },
  'ferry-lead': { title: 'News', pages: [{ body: 'The *ferry* came.' }], lang: 'en' },
  'ferry-body': {
    title: 'News',
    pages: [{ body: `${'Nothing of it is told here. '.repeat(20)}The ferry came.` }],
    lang: 'en',
  },
  'ferry-pages': {
    title: 'News',
    pages: [{ title: 'Ferry', body: 'x' }, { body: 'y ferry' }, { body: 'sinks z' }],
    lang: 'en',
  },
  'ferry-byline': { title: 'News', bylines: [{ name: 'Ana Ferry' }, { name: 'Sinks, Bob' }], lang: 'en' },
  'ferry-tag': { title: 'News', tags: ['search-ferry'], lang: 'en' },
  'ferry-source': {
    title: 'News',
    sources: [{ source: 'search-ferry' }, { source: 'search-whistle', role: 'based_on' }],
    lang: 'en',
  },
  bertemu: { title: 'Presiden bertemu menteri di Jakarta', lang: 'id', deck: 'Pertemuan itu tentang gempa Lombok' },
  pertemuan: {
    title: 'Pertemuan presiden dan menteri',
    lang: 'id-ID',
    pages: [{ body: 'Mereka bertemu, bertemu, dan bertemu lagi.' }],
  },
  temu: { title: 'Temu', lang: 'en', deck: 'Elections, an election, the elected' },
  elections: { title: 'Des élections', lang: 'fr', deck: 'Une élection' },
  covid: { title: 'COVID-19 in 2023', lang: 'en', deck: 'From 20/9/2023: 1.250 cases of COVID19' },
  languages: { title: 'C++, C# and the U.S.', lang: 'en', deck: 'editor@example.org, co-op, a_b' },
  tokyo: { title: '東京都で地震', lang: 'ja', deck: '京都は無事' },
  bangkok: { title: 'แผ่นดินไหวในกรุงเทพ', lang: 'th' },
  seoul: { title: '서울 지진', lang: 'ko' },
  accents: { title: 'Élysée Łódź Žižek Ærø straße İstanbul Σίσυφος', lang: 'tr' },
}

const queries = [
  ...[
    'ferry',
    'FERRIES',
    '"ferry"',
    '"ferry sinks"',
    'sinks ferry',
    'ferry sinks lombok',
    'ferry -lombok',
    'ferry -"off lombok"',
    'ferry OR gempa',
  ],
  ...[
    'title:ferry',
    'deck:ferry',
    'body:ferry',
    'byline:ferry',
    'tag:ferry',
    'source:ferry',
    'tag:"search boat"',
    'source:boats',
    'tag:fer',
    'ferry -tag:ferry',
  ],
  ...[
    'pertemuan',
    'bertemu',
    'temu',
    'title:bertemu',
    'election',
    'elections',
    'élection',
    'elected',
    'presiden menteri',
    'menteri presiden dan',
  ],
  ...[
    'COVID-19',
    'covid19',
    'covid 19',
    '"covid 19"',
    '20/9/2023',
    '2023',
    '1.250',
    'C++',
    'c#',
    'US',
    'U.S.',
    'editor@example.org',
    'co-op',
    'a_b',
    'a b',
  ],
  ...[
    '東京',
    '京都',
    '"京都で"',
    'กรุงเทพ',
    '지진',
    'elysee',
    'ÉLYSÉE',
    'lodz',
    'zizek',
    'aero',
    'strasse',
    'istanbul',
    'σισυφοσ',
    'ΣΊΣΥΦΟΣ',
  ],
  ...[
    'the',
    'yang',
    'the ferry',
    'news',
    'news ferry',
    'x',
    'whistle',
    'source:whistle',
    'nothing',
    'ferry nothing',
    'zzz OR ferry',
    'search',
  ],
  ...[
    '-ferry',
    '-a -b',
    '""',
    '"',
    '-',
    'OR',
    'ferry OR',
    'OR ferry',
    'ferry OR -lombok',
    'title:',
    'title:"',
    'col:ferry',
    '(ferry',
    'ferry*',
    'NEAR(ferry)',
    "ferry's",
  ],
]

/** Written nearly as what there is, and what there is not. */
const mistaken = [
  'ferri',
  'lombik',
  'presidn',
  'pertemuam',
  'mentri jakata',
  'title:ferri',
  'whistel',
  'electionz',
  'zzzzzz',
  'elisee',
  '"ferry sinkz"',
  'ferry -lombik nothin',
]

const q = (text: string): string => `q=${encodeURIComponent(text)}`

const everyFacet = 'facets=section,tag,source,lang,year'
const sorts = ['-publishedAt', 'publishedAt', '-updatedAt', 'updatedAt', 'title', '-title', 'relevance']
const filters = [
  'section=search',
  'section=nowhere',
  'lang=en',
  'lang=id,en-GB',
  'tag=search-ferry',
  'tagNone=search-ferry',
  'source=search-ferry',
  'publishedBefore=2020-01-01T00:00:00Z',
  'publishedAfter=2026-01-01T00:00:00Z',
  'breaking=false',
  'byline=Ana+Ferry',
  'ids=ferry-title,ferry-old,bertemu',
  'genre=analysis',
]

/** What is found, in which order, how it is marked, counted and guessed. */
export async function search(desk: Desk): Promise<void> {
  await desk.post('/v1/sections', { name: 'Search', slug: 'search' })
  await desk.post('/v1/tags', { name: 'Ferry', slug: 'search-ferry', synonyms: ['Search boat', 'Kapal'] })
  await desk.post('/v1/sources', { name: 'Ferry News', slug: 'search-ferry', aliases: ['Boats'] })
  await desk.post('/v1/sources', { name: 'Whistle', slug: 'search-whistle', visibility: 'editors' })
  for (const [slug, story] of Object.entries(stories)) {
    const made = await desk.post('/v1/articles', { slug, section: 'search', pages: [{ body: 'x' }], ...story })
    await desk.edit('POST', `/v1/articles/${made.body.id}/publish`)
  }
  const draft = { slug: 'search-draft', title: 'A ferry that nobody knows', lang: 'en', section: 'search' }
  await desk.call('POST', '/v1/articles', { as: 'writer', body: draft })
  await desk.edit('PATCH', '/v1/articles/ferry-lead', { pages: [{ body: 'Nothing of it any more.' }] })

  for (const query of queries) {
    await desk.get(`/v1/articles?${q(query)}&fields=slug&count=exact`)
    await desk.get(`/v1/articles?${q(query)}&fields=slug&count=exact&prefix=true&sort=title`)
    await desk.get(`/v1/articles?${q(query)}&fields=slug&highlight=true&${everyFacet}&limit=100`)
    await desk.get(`/v1/articles?${q(query)}&fields=slug&highlight=offsets&stage=working&${everyFacet}`, 'editor')
    await desk.get(`/v1/articles?${q(query)}&fields=slug&stage=working`, 'writer')
  }
  for (const query of mistaken) {
    for (const as of [undefined, 'writer', 'editor'] as (Role | undefined)[]) {
      await desk.get(`/v1/articles?${q(query)}&fields=slug${as === undefined ? '' : '&stage=working'}`, as)
    }
    await desk.get(`/v1/articles?${q(query)}&fields=slug&lang=en&prefix=true`)
  }
  for (const begun of [
    'fe',
    'ferr',
    'ferry si',
    'lom',
    'presi',
    'title:ber',
    'tag:sea',
    'source:bo',
    'covid-',
    'c+',
    '東',
    '東京',
    'kap',
    'news fer',
  ]) {
    await desk.get(`/v1/articles?${q(begun)}&prefix=true&fields=slug`)
    await desk.get(`/v1/suggest?${q(begun)}`)
  }
  for (const sort of sorts) {
    await desk.walk(`/v1/articles?${q('ferry OR presiden OR news')}&fields=slug&limit=4&count=exact&sort=${sort}`)
    await desk.walk(`/v1/articles?${q('ferry OR news')}&fields=slug&limit=7&stage=working&sort=${sort}`, 'editor')
  }
  for (const filter of filters) {
    await desk.walk(`/v1/articles?${q('ferry')}&fields=slug&limit=3&count=exact&${filter}&${everyFacet}`)
    await desk.get(`/v1/articles?${q('ferri')}&fields=slug&${filter}`)
    await desk.get(`/v1/articles?${q('ferry')}&fields=slug&stage=working&count=exact&sort=title&${filter}`, 'editor')
  }
  await desk.walk(`/v1/articles?${q('ferry OR x')}&include=pages&render=text&limit=5`)
  await desk.walk(`/v1/sources/search-ferry/articles?${q('ferry OR news')}&limit=1`)

  // What every other chapter has left, by any of its words.
  for (const word of [...letters, ...signs, ...disguises]) {
    await desk.get(`/v1/articles?${q(word)}&fields=title&count=exact&highlight=true`)
    await desk.get(`/v1/articles?${q(`title:"${word}"`)}&fields=title&count=exact&prefix=true`)
  }
  for (const word of letters)
    await desk.get(`/v1/articles?${q(word)}&stage=working&fields=title&sort=title&prefix=true&limit=50`, 'editor')

  for (const wrong of [
    'q=',
    'prefix=true',
    'highlight=true',
    'facets=tag',
    'sort=relevance',
    `${q('x')}&facets=colour`,
    `${q('x')}&highlight=yes`,
    `${q('x')}&q=y`,
    q('x '.repeat(33)),
    q('x'.repeat(257)),
    q('𐐨'.repeat(256)),
    q('日'.repeat(33)),
  ]) {
    await desk.get(`/v1/articles?${wrong}`)
  }
  const { next } = (await desk.get(`/v1/articles?${q('ferry')}&limit=1&fields=slug`)).body.page
  for (const other of [
    q('ferry'),
    `${q('ferry')}&highlight=true`,
    `${q('ferry')}&sort=title`,
    q('ferries'),
    'limit=1',
  ]) {
    await desk.get(`/v1/articles?${other}&limit=2&fields=slug&cursor=${next}`)
  }

  // From write to write exactly the right things are found.
  let looks = 0
  const look = async () => {
    // Never the same address twice: each is looked for, and none answered from what was kept.
    looks += 1
    for (const word of ['ferry', 'nobody', 'gempa', 'kapal', 'boats', 'tag:ferry', 'zqlater']) {
      const url = `/v1/articles?${q(word)}&fields=slug&count=exact&section=search&limit=${50 + looks}`
      await desk.get(url)
      await desk.get(`${url}&stage=working`, 'editor')
    }
  }
  const soon = new Date(desk.clock.now() + 3_600_000).toISOString()
  const steps: [method: string, url: string, body?: object][] = [
    ['POST', '/v1/articles/search-draft/publish'],
    ['PATCH', '/v1/articles/bertemu', { deck: null }],
    ['POST', '/v1/articles/bertemu/publish'],
    ['PATCH', '/v1/articles/ferry-title', { title: 'Zqlater' }],
    ['POST', '/v1/articles/ferry-title/publish', { at: soon }],
    ['POST', '/v1/articles/ferry-old/withdraw', { reason: 'It was another ferry.' }],
    ['POST', '/v1/articles/ferry-kicker/unpublish'],
    ['DELETE', '/v1/articles/ferry-kicker'],
    ['PATCH', '/v1/tags/search-ferry', { synonyms: [] }],
    ['PATCH', '/v1/sources/search-ferry', { visibility: 'editors' }],
    ['PATCH', '/v1/sources/search-ferry', { visibility: 'public', aliases: ['Ships'] }],
    ['POST', '/v1/tags/search-ferry/merge', { into: 'rail' }],
    ['DELETE', '/v1/sources/search-ferry?detach=true'],
  ]
  for (const [method, url, body] of steps) {
    await desk.edit(method, url, body)
    await look()
  }
  desk.clock.set(soon)
  await look()
}
