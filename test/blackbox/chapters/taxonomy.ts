import type { Desk } from '../desk.ts'
import { letters, signs } from '../words.ts'

/** Sections, tags and sources: the tree and its siblings, names of every script, moves, merges and former names. */
export async function taxonomy(desk: Desk): Promise<void> {
  await sections(desk)
  await tags(desk)
  await sources(desk)
}

async function sections(desk: Desk): Promise<void> {
  for (const slug of ['a', 'a-b', 'ab', 'a0', 'aa', 'b', 'z']) {
    await desk.post('/v1/sections', { name: `Section ${slug}`, slug, position: slug.length })
  }
  for (const [slug, parent] of [
    ...[
      ['c', 'a'],
      ['d', 'a'],
      ['a-c', 'a'],
      ['e', 'a-b'],
      ['f', 'ab'],
      ['g', 'a0'],
      ['h', 'c'],
      ['0', 'a'],
      ['zz', 'c'],
    ],
  ]) {
    await desk.post('/v1/sections', { name: `Section ${slug}`, slug, parent, position: 3 })
  }
  await desk.standing(async () => {
    // All of one position: the name decides, by code point.
    for (const name of ['Å', 'A', 'a', 'Z', 'z', 'é', '𝒜', '\uffff', '北京', 'ß', 'İ']) {
      await desk.post('/v1/sections', { name, parent: 'z', position: 5 })
    }
    for (const position of [1_000_000, 0, 10, 9, 2, 100_000]) {
      await desk.post('/v1/sections', { name: `At ${position}`, parent: 'z', position })
    }
  })
  for (const position of [1_000_001, -1, 1.5, 1e21, '3', null]) {
    await desk.post('/v1/sections', { name: 'Nowhere', position })
  }
  let parent: string | null = null
  for (let depth = 1; depth <= 9; depth += 1) {
    const slug = `level-${depth}-`.padEnd(100, 'abcdefghij'.slice(depth))
    const body: object = {
      name: `Level ${depth}`,
      slug,
      parent,
      lang: 'EN-gb',
      description: depth === 1 ? '' : `depth ${depth}`,
    }
    const made = await desk.post('/v1/sections', body)
    parent = made.body.id ?? parent
  }
  const deep = await desk.get(`/v1/sections/${parent}`)
  await desk.get(`/v1/sections/${encodeURIComponent(deep.body.path)}`)
  await desk.get('/v1/sections?tree=true')
  await desk.get('/v1/sections?tree=true&limit=3')
  for (const limit of [1, 5, 100]) await desk.walk(`/v1/sections?limit=${limit}&count=exact`)
  for (const name of ['a', 'z', 'a%2Fc', 'nowhere']) await desk.walk(`/v1/sections?limit=4&count=exact&parent=${name}`)
  for (const name of ['a', 'a%2Fc', 'a%2Fc%2Fh', 'A', 'a%2F', '%2Fa', 'a-c', 'a%2Fa-c'])
    await desk.get(`/v1/sections/${name}`)

  // Moves and new names, with all below; the old paths redirect.
  await desk.edit('PATCH', '/v1/sections/c', { parent: 'b', description: null })
  for (const name of ['a%2Fc', 'a%2Fc%2Fh', 'b%2Fc%2Fh']) await desk.get(`/v1/sections/${name}`)
  await desk.edit('PATCH', '/v1/sections/b', { slug: 'bb' })
  await desk.edit('PATCH', '/v1/sections/a', { parent: 'd' })
  await desk.edit('PATCH', '/v1/sections/a', { parent: 'h' })
  await desk.get('/v1/sections?tree=true')
  await desk.edit('PATCH', '/v1/sections/a', { parent: null })
  await desk.edit('PATCH', '/v1/sections/bb', { parent: 'h' })
  await desk.edit('PATCH', '/v1/sections/bb', { parent: 'nowhere' })
  await desk.edit('PATCH', '/v1/sections/bb', { parent: 'bb' })
  for (const name of ['b', 'b%2Fc', 'b%2Fc%2Fh', 'a%2Fc%2Fh', 'bb%2Fc%2Fh']) await desk.get(`/v1/sections/${name}`)
  const read = await desk.get('/v1/sections/bb')
  await desk.call('PUT', '/v1/sections/bb', {
    as: 'editor',
    version: read.header('etag') ?? '',
    body: { ...read.body, position: 1_000_000 },
  })
  await desk.call('PUT', '/v1/sections/bb', {
    as: 'editor',
    version: read.header('etag') ?? '',
    body: { ...read.body, name: 'Late' },
  })
  await desk.edit('PUT', '/v1/sections/bb', { ...read.body, path: 'elsewhere' })
  await desk.edit('PUT', '/v1/sections/bb', { name: 'Bare' })
  await desk.edit('DELETE', '/v1/sections/bb')
  await desk.edit('DELETE', '/v1/sections/bb?moveTo=bb')
  await desk.edit('DELETE', '/v1/sections/bb?moveTo=nowhere')
  await desk.edit('DELETE', '/v1/sections/bb?moveTo=ab')
  for (const name of ['bb', 'b', 'b%2Fc', 'ab%2Fc%2Fh']) await desk.get(`/v1/sections/${name}`)
  await desk.edit('DELETE', '/v1/sections/f')
  await desk.get('/v1/sections/f')
  await desk.get('/v1/sections?tree=true')
}

async function tags(desk: Desk): Promise<void> {
  await desk.standing(async () => {
    for (const name of letters) await desk.post('/v1/tags', { name })
  })
  const kinds = ['topic', 'person', 'organisation', 'place', 'event', 'work']
  for (const [i, name] of signs.entries()) {
    await desk.post('/v1/tags', {
      name,
      kind: kinds[i % kinds.length],
      description: i % 3 === 0 ? '' : i % 3 === 1 ? null : `${name}\r\n\t${name}\u2028`,
      synonyms: i % 2 === 0 ? [] : [name, `${name} "x"`, '\\', '{"a":1}'],
      sameAs: i % 4 === 0 ? [`https://example.org/${encodeURIComponent(name)}?q=%25&a=b#c`] : [],
    })
  }
  for (const sort of ['name', '-name', 'updatedAt', '-updatedAt'])
    await desk.walk(`/v1/tags?limit=17&sort=${sort}&count=exact`)
  await desk.walk('/v1/tags?limit=1&kind=place,work')
  await desk.walk('/v1/tags?limit=3&kind=event&sort=-updatedAt&count=exact')
  await desk.get('/v1/tags?ids=a,a-2,z,nothing,A&count=exact')
  const { body: first } = await desk.get('/v1/tags?limit=100')
  for (const { slug, id } of first.data.slice(0, 20)) {
    await desk.get(`/v1/tags/${slug}`)
    await desk.get(`/v1/tags?ids=${id},${slug}&count=exact`)
  }
  const [one, two, three, four] = first.data
  await desk.call('PATCH', `/v1/tags/${one.slug}`, {
    as: 'editor',
    version: 1,
    body: { slug: 'renamed', name: 'Renamed' },
  })
  await desk.call('PATCH', `/v1/tags/${one.slug}`, { as: 'editor', version: 1, body: { name: 'Late' } })
  await desk.get(`/v1/tags/${one.slug}`)
  await desk.get('/v1/tags/renamed')
  await desk.edit('PUT', '/v1/tags/renamed', { name: 'Put', synonyms: ['b', 'a'], sameAs: [] })
  await desk.edit('PATCH', '/v1/tags/renamed', { slug: two.slug })
  await desk.edit('PATCH', '/v1/tags/renamed', {})
  await desk.edit('POST', '/v1/tags/renamed/merge', { into: 'renamed' })
  await desk.edit('POST', '/v1/tags/renamed/merge', { into: 'nowhere' })
  await desk.edit('POST', '/v1/tags/renamed/merge', { into: { id: two.id, slug: two.slug } })
  await desk.edit('POST', `/v1/tags/${two.slug}/merge`, { into: three.slug })
  for (const name of ['renamed', one.slug, one.id, two.slug, two.id, three.slug]) await desk.get(`/v1/tags/${name}`)
  await desk.edit('DELETE', `/v1/tags/${three.slug}?detach=true&moveTo=${four.slug}`)
  await desk.edit('DELETE', `/v1/tags/${three.slug}?moveTo=${four.slug}`)
  await desk.get(`/v1/tags/${one.slug}`)
  await desk.edit('DELETE', `/v1/tags/${four.slug}`)
  await desk.get(`/v1/tags/${one.slug}`)
}

async function sources(desk: Desk): Promise<void> {
  const kinds = ['agency', 'outlet', 'official', 'person', 'document', 'social', 'own']
  await desk.standing(async () => {
    for (const [i, name] of letters.entries()) {
      await desk.post('/v1/sources', { name, kind: kinds[i % 7], visibility: i % 5 === 0 ? 'editors' : 'public' })
    }
  })
  const antara = {
    name: 'Antara',
    kind: 'agency',
    aliases: ['LKBN Antara', 'Kantor Berita', '👍'],
    country: 'ID',
    lang: 'id',
  }
  const rest = {
    usageTerms: '',
    licenceUrl: 'https://example.org/ü?ñ=é',
    creditLine: 'ANTARA/"x"',
    homepage: 'http://antara.test',
  }
  await desk.post('/v1/sources', { ...antara, ...rest })
  await desk.post('/v1/sources', { name: 'CNA', aliases: ['Channel NewsAsia'], usageTerms: 'a\r\nb\u2029 c' })
  await desk.post('/v1/sources', { name: 'Deep Throat', visibility: 'editors', kind: 'person' })
  for (const as of ['reader', 'writer'] as const) {
    for (const sort of ['name', '-name', 'updatedAt', '-updatedAt']) {
      await desk.walk(`/v1/sources?limit=25&sort=${sort}&count=exact`, as)
    }
    await desk.walk('/v1/sources?limit=5&kind=person,own&count=exact', as)
    await desk.get('/v1/sources?ids=antara,deep-throat,a', as)
    for (const name of ['antara', 'deep-throat', 'a']) {
      await desk.get(`/v1/sources/${name}`, as)
      await desk.get(`/v1/sources/${name}/articles`, as)
    }
  }
  await desk.edit('PATCH', '/v1/sources/deep-throat', { visibility: 'public', slug: 'felt', name: 'Mark Felt' })
  await desk.get('/v1/sources/deep-throat')
  await desk.get('/v1/sources/felt')
  await desk.edit('PATCH', '/v1/sources/felt', { visibility: 'editors' })
  await desk.get('/v1/sources/felt')
  const read = await desk.get('/v1/sources/antara', 'editor')
  await desk.edit('PUT', '/v1/sources/antara', { ...read.body, aliases: [] })
  await desk.edit('PUT', '/v1/sources/antara', { ...read.body, version: 9 })
  await desk.edit('PATCH', '/v1/sources/antara', { aliases: antara.aliases, homepage: null })
  await desk.edit('DELETE', '/v1/sources/a-2?moveTo=z')
  await desk.get('/v1/sources/a-2', 'editor')
  await desk.edit('DELETE', '/v1/sources/a-3')
  await desk.get('/v1/sources/a-3', 'editor')
}
