import type { Newsroom, Tape } from './newsroom.ts'

/** What strangers ask of a newsroom, and in how many ways they spell it. */

/** All that can be asked about what there is, as the routes would spell it. */
export function requestsOf({ tape, articles, ids, slugs, app }: Newsroom, lists: number): string[] {
  const { pick, some, next } = tape
  const now = new Date(app.clock.now()).toISOString()
  const named = {
    section: () => [...some(ids.sections, 1), pick(slugs.sections)],
    tag: () => [...some(ids.tags, 1), pick(slugs.tags)],
    tagAll: () => [pick(slugs.tags)],
    tagNone: () => [pick(ids.tags)],
    source: () => [...some(ids.sources, 1), pick(slugs.sources)],
    sourceRole: () => [pick(['origin', 'cited'])],
    subsections: () => ['false'],
    byline: () => [pick(['joko susilo', 'undefined'])],
    lang: () => [pick(['id', 'en'])],
    genre: () => [pick(['analysis', 'opinion'])],
    breaking: () => [pick(['true', 'false'])],
    ids: () => [pick(articles), pick(slugs.articles)],
    externalId: () => [`cms:${next(30)}`],
    publishedAfter: () => [now],
    publishedBefore: () => [now],
    sort: () => [pick(['publishedAt', '-updatedAt', 'title'])],
    limit: () => [pick(['1', '3', '100'])],
    count: () => ['exact'],
    fields: () => [pick(['title', 'title,tags', 'sources,section', 'slug,breaking'])],
    include: () => ['pages'],
    render: () => [pick(['text', 'html,body'])],
    q: () => [pick(typed)],
    prefix: () => ['true'],
    highlight: () => [pick(['true', 'offsets', 'false'])],
    facets: () => [pick(['section,tag,source,lang,year', 'source', 'tag,section'])],
  }
  // What things are called, and were called, is searched like titles and texts; what finds nothing is guessed at.
  const called = [...slugs.tags, ...slugs.sources]
  const typed = [
    ...['rail', 'strike -zebra', 'same OR tag', 'joko', '"page 0"', 'title:rail', 'source', 'tag:tag', 'ra', 'raix'],
    ...[
      pick(called),
      `tag:${pick(slugs.tags)}`,
      `source:${pick(slugs.sources)}`,
      `${pick(called)} -rail`,
      'zebre same',
    ],
  ]
  /** Each is of use beside what is searched alone. */
  const aboutSearches = ['prefix', 'highlight', 'facets'] as const
  const list = (base: string, always: readonly (keyof typeof named)[] = []): string => {
    const chosen = [...new Set([...always, ...some(Object.keys(named) as (keyof typeof named)[], 3)])]
    const names = chosen.filter((name) => chosen.includes('q') || !aboutSearches.some((one) => one === name))
    const query = new URLSearchParams(names.map((name): [string, string] => [name, named[name]().join(',')]))
    return names.length === 0 ? base : `${base}?${query}`
  }
  const anyOf = (kind: 'tags' | 'sections' | 'sources') => pick([...ids[kind], ...slugs[kind]])
  const fixed = [
    ...['/v1/articles', '/v1/articles?breaking=true', '/v1/articles?fields=title', '/v1/articles?count=exact'],
    ...['/v1/sections', '/v1/sections?tree=true', '/v1/tags', '/v1/sources', '/v1/tags?sort=-updatedAt&count=exact'],
  ]
  return [
    ...fixed,
    ...Array.from({ length: lists }, () => list('/v1/articles')),
    ...Array.from({ length: lists }, () => list('/v1/articles', ['q', pick(aboutSearches)])),
    ...[pick(typed), pick(called), 't', 's'].map((q) => `/v1/suggest?${new URLSearchParams({ q })}`),
    `/v1/suggest?kinds=${pick(['tag', 'source', 'section', 'article,tag'])}&q=${pick(['ta', 'so', 'se', 'ra'])}`,
    ...articles.flatMap((id) => [`/v1/articles/${id}`, `/v1/articles/${id}/related`]),
    ...some(slugs.articles, 5).flatMap((slug) => [`/v1/articles/${slug}`, `/v1/articles/${slug}?page=1&render=text`]),
    ...(['tags', 'sections', 'sources'] as const).flatMap((kind) => [
      ...ids[kind].map((id) => `/v1/${kind}/${id}`),
      ...some(slugs[kind], 3).map((slug) => `/v1/${kind}/${slug}`),
    ]),
    ...some(ids.sources, 2).map((id) => `/v1/sources/${id}/articles`),
    list(`/v1/sources/${anyOf('sources')}/articles`),
    list(`/v1/sources/${anyOf('sources')}/articles`, ['q']),
    `/v1/tags?ids=${anyOf('tags')},${anyOf('tags')}`,
    `/v1/sources?ids=${anyOf('sources')},${anyOf('sources')}`,
    `/v1/sections?parent=${anyOf('sections')}`,
  ]
}

/** The same request in another spelling. */
export function respell(url: string, { shuffled, next, pick }: Tape): string {
  const [path = '', query = ''] = url.split('?')
  const parameters = query === '' ? [] : query.split('&')
  if (path === '/v1/articles' && next(3) === 0) {
    const sort = parameters.some((one) => one.startsWith('q=')) ? 'sort=relevance' : 'sort=-publishedAt'
    const usual = ['limit=20', 'stage=live', sort, 'subsections=true', 'render=body,html']
    const more = pick(usual)
    const [name = ''] = more.split('=')
    if (!parameters.some((one) => one.startsWith(`${name}=`))) parameters.push(more)
  }
  const escaped = shuffled(parameters).map((one) =>
    pick([one, one.replace(/%2C/g, pick([',', '%2c'])), one.replace(/=([a-z])/, (_, letter) => `=${hex(letter)}`)]),
  )
  const segments = path.split('/')
  const last = segments.pop() ?? ''
  const spelled = next(4) === 0 && /^[a-z]/.test(last) ? hex(last.slice(0, 1)) + last.slice(1) : last
  return [...segments, spelled].join('/') + (escaped.length === 0 ? pick(['', '?']) : `?${escaped.join('&')}`)
}

function hex(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16)}`
}
