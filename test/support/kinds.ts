/** What sections, tags and sources have in common, so that what must be true of all three is written once. */
export interface Kind {
  noun: 'section' | 'tag' | 'source'
  path: string
  /** every member that can be written, none of them as it is when left out */
  whole: Readonly<Record<string, unknown>>
  /** what those that are left out become; slug and name aside */
  defaults: Readonly<Record<string, unknown>>
  /** members that the server gives, each with a value that is not so */
  readOnly: Readonly<Record<string, unknown>>
  /** bodies that break the contract, each with the pointer of its fault */
  wrong: readonly (readonly [Record<string, unknown>, string])[]
}

const readOnly = {
  id: '019bd2a4-0000-7000-8000-00000000dead',
  version: 77,
  createdAt: '2001-01-01T00:00:00.000Z',
  updatedAt: '2001-01-01T00:00:00.000Z',
}

const wrongNames: readonly (readonly [Record<string, unknown>, string])[] = [
  [{ name: '' }, '/name'],
  [{ name: '   ' }, '/name'],
  [{ name: 'two\nlines' }, '/name'],
  [{ name: 'x'.repeat(121) }, '/name'],
  [{ name: 7 }, '/name'],
  [{ slug: 'Upper-Case' }, '/slug'],
  [{ slug: 'a--b' }, '/slug'],
  [{ slug: '-a' }, '/slug'],
  [{ slug: 'a/b' }, '/slug'],
  [{ slug: 'x'.repeat(101) }, '/slug'],
  [{ slug: '019bd2a4-0000-7000-8000-000000000001' }, '/slug'],
  [{ nonsense: 1 }, '/nonsense'],
]

export const sections: Kind = {
  noun: 'section',
  path: '/v1/sections',
  whole: { slug: 'asia', name: 'Asia', description: 'News from Asia', lang: 'en-GB', position: 7 },
  defaults: { description: null, lang: null, parent: null, position: 0 },
  readOnly: { ...readOnly, path: 'some/where/else' },
  wrong: [
    ...wrongNames,
    [{ lang: 'no language' }, '/lang'],
    [{ position: -1 }, '/position'],
    [{ position: 1.5 }, '/position'],
    [{ position: '1' }, '/position'],
    [{ parent: 7 }, '/parent'],
    [{ parent: { id: 7 } }, '/parent/id'],
  ],
}

export const tags: Kind = {
  noun: 'tag',
  path: '/v1/tags',
  whole: {
    slug: 'russia',
    name: 'Russia',
    kind: 'place',
    description: 'The country',
    synonyms: ['Rusia', 'Россия'],
    sameAs: ['https://www.wikidata.org/wiki/Q159'],
  },
  defaults: { kind: 'topic', description: null, synonyms: [], sameAs: [] },
  readOnly,
  wrong: [
    ...wrongNames,
    [{ kind: 'animal' }, '/kind'],
    [{ synonyms: 'Rusia' }, '/synonyms'],
    [{ synonyms: ['fine', ''] }, '/synonyms/1'],
    [{ sameAs: ['javascript:alert(1)'] }, '/sameAs/0'],
  ],
}

export const sources: Kind = {
  noun: 'source',
  path: '/v1/sources',
  whole: {
    slug: 'cna',
    name: 'Channel NewsAsia',
    aliases: ['CNA', 'Channel News Asia'],
    kind: 'agency',
    homepage: 'https://www.channelnewsasia.com/',
    country: 'SG',
    lang: 'en',
    usageTerms: 'Name it',
    licenceUrl: 'https://www.example.org/licence',
    creditLine: 'CNA',
    visibility: 'editors',
  },
  defaults: {
    aliases: [],
    kind: 'outlet',
    homepage: null,
    country: null,
    lang: null,
    usageTerms: null,
    licenceUrl: null,
    creditLine: null,
    visibility: 'public',
  },
  readOnly,
  wrong: [
    ...wrongNames,
    [{ kind: 'place' }, '/kind'],
    [{ visibility: 'nobody' }, '/visibility'],
    [{ country: 'sg' }, '/country'],
    [{ homepage: 'ftp://example.org' }, '/homepage'],
    [{ aliases: ['fine', 'two\nlines'] }, '/aliases/1'],
    [{ licenceUrl: '/licence' }, '/licenceUrl'],
  ],
}
