import type { Desk } from '../desk.ts'
import { disguises, letters, signs } from '../words.ts'

const sorts = ['-publishedAt', 'publishedAt', '-updatedAt', 'updatedAt', 'title', '-title']

const filters = [
  ...[
    'section=a',
    'section=a&subsections=false',
    'section=a-b',
    'section=a0,ab',
    'section=c,d,nowhere',
    'section=ab%2Fc',
    'section=ab',
    'section=a,a-b&subsections=false',
  ],
  ...[
    'tag=rail',
    'tag=rail,air',
    'tagAll=rail,sea',
    'tagAll=rail,nowhere',
    'tagNone=rail',
    'tagNone=rail,nowhere',
    'tagAll=rail,rail',
  ],
  ...[
    'source=reuters',
    'source=afp,reuters',
    'source=whistle',
    'sourceRole=origin,quoted',
    'source=reuters&sourceRole=cited',
  ],
  ...[
    'lang=id',
    'lang=DE-at,tr',
    'genre=analysis,wrap',
    'breaking=true',
    'breaking=false',
    'byline=A',
    'externalId=a%23x',
  ],
  ...[
    'publishedAfter=2026-11-22T00:00:00Z',
    'publishedBefore=2020-02-29T23:59:59.999Z',
    'updatedAfter=2026-11-22T12:00:00%2B07:00',
  ],
  ...['publishedAfter=0001-01-01T00:00:00Z&publishedBefore=2000-01-01T11:29:59.5Z', 'ids=a,z,nowhere,a-2'],
]
const working = [
  'state=draft',
  'state=published',
  'state=trashed',
  'state=draft,trashed',
  'changed=true',
  'changed=false',
]

/** Every order, filter and pair of filters, walked to both ends. */
export async function lists(desk: Desk): Promise<void> {
  for (const sort of sorts) {
    await desk.walk(`/v1/articles?sort=${sort}&limit=19&count=exact&fields=title`)
    await desk.walk(
      `/v1/articles?sort=${sort}&limit=31&count=exact&fields=title,publishedAt,updatedAt&stage=working`,
      'editor',
    )
  }
  await desk.walk('/v1/articles?limit=1&fields=slug&tag=air')
  await desk.walk('/v1/articles?limit=2&sort=title&section=z')
  for (const filter of filters) {
    await desk.walk(`/v1/articles?${filter}&limit=7&count=exact&fields=title,section`)
    await desk.get(`/v1/articles?${filter}&stage=working&limit=100&count=exact&fields=id&sort=title`, 'editor')
  }
  for (const filter of working) {
    await desk.walk(`/v1/articles?${filter}&stage=working&limit=40&count=exact&fields=state,changed`, 'editor')
    await desk.get(`/v1/articles?${filter}`)
  }
  const names = filters.map((filter) => filter.split('&')[0] ?? '')
  for (const [i, one] of names.entries()) {
    for (const [j, other] of names.entries()) {
      if (j <= i || one.split('=')[0] === other.split('=')[0] || (i + j) % 3 !== 0) continue
      const stage = (i + j) % 2 === 0 ? '' : '&stage=working'
      await desk.get(
        `/v1/articles?${one}&${other}&limit=50&count=exact&fields=id&sort=${sorts[(i + j) % 6]}${stage}`,
        'writer',
      )
      await desk.get(
        `/v1/articles?${one}&${other}&limit=3&count=exact&fields=id&sort=${sorts[(i + j) % 6]}${stage}`,
        'editor',
      )
    }
  }
  for (const name of [...letters, ...signs, ...disguises]) {
    await desk.get(`/v1/articles?byline=${encodeURIComponent(name)}&fields=bylines&count=exact`)
  }
  for (const [i, name] of [...letters, ...signs].entries()) {
    await desk.get(
      `/v1/articles?externalId=${encodeURIComponent(`${name}#${i}`)}&fields=externalId&stage=working`,
      'editor',
    )
  }
  await desk.walk('/v1/articles?include=pages&render=body,html,text&limit=9')
  for (const render of ['body', 'html', 'text', 'text,body'])
    await desk.get(`/v1/articles?include=pages&render=${render}&limit=100`)
  await desk.get('/v1/articles?limit=100')
  await desk.get('/v1/articles?limit=100&stage=working', 'editor')
  const fields =
    'id,slug,externalId,lang,title,kicker,deck,dateline,section,tags,sources,bylines,image,genre,urgency,breaking'
  for (const field of fields.split(',')) await desk.get(`/v1/articles?limit=5&fields=${field}`)
  await desk.get(`/v1/articles?limit=5&fields=${fields}`)
  const { body } = await desk.get('/v1/articles?limit=100&fields=slug')
  for (const { id, slug } of body.data) {
    await desk.get(`/v1/articles/${slug}`)
    await desk.get(`/v1/articles/${id}/related`)
  }
  for (const limit of [1, 20, 21]) await desk.get(`/v1/articles/${body.data[0].id}/related?limit=${limit}`)
  for (const source of ['reuters', 'afp', 'whistle', 'cna', 'nowhere']) {
    for (const sort of sorts)
      await desk.walk(`/v1/sources/${source}/articles?limit=9&count=exact&fields=title&sort=${sort}`)
    await desk.walk(
      `/v1/sources/${source}/articles?limit=9&stage=working&sourceRole=origin,based_on&fields=title`,
      'editor',
    )
  }
  for (const path of ['tags', 'sources', 'sections']) await desk.get(`/v1/${path}?limit=100&count=exact`)
  const [first] = (await desk.get('/v1/articles?limit=1')).body.data
  const { next } = (await desk.get('/v1/articles?limit=1')).body.page
  for (const cursor of [
    next.slice(1),
    `${next}A`,
    `${next}=`,
    'x',
    '',
    '%00',
    '%F0%9F%98%80',
    'a'.repeat(4_001),
    first.id,
    next.toUpperCase(),
  ]) {
    await desk.get(`/v1/articles?cursor=${cursor}`)
  }
  await desk.get(`/v1/articles?cursor=${next}&sort=title`)
  await desk.get(`/v1/articles?cursor=${next}&count=exact&fields=title&include=pages`)
  for (const limit of ['0', '101', '1e2', '-1', '', '07', '999999999', '9999999999'])
    await desk.get(`/v1/articles?limit=${limit}`)
}
