import { randomUUID } from 'node:crypto'
import type { Service } from '../support/cli.ts'

/** A newsroom to be copied, and what it answers; through HTTP, as its clients see it. */

/** Asks as somebody; fails the test when a write is refused. */
export async function ask(service: Service, method: string, path: string, key = '', body?: unknown, version?: number) {
  const response = await fetch(service.origin + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(key !== '' && { authorization: `Bearer ${key}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(method === 'POST' && { 'idempotency-key': randomUUID() }),
      ...(version !== undefined && { 'if-match': `"${version}"` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (method !== 'GET' && !response.ok) throw new Error(`${method} ${path}: ${text}`)
  const { headers, status } = response
  const [etag, location, link] = ['etag', 'location', 'link'].map((name) => headers.get(name))
  return { status, etag, location, link, text, retryAfter: headers.get('retry-after') }
}

/** A newsroom in which everything has happened that leaves a trace. Answers the keys that work. */
export async function makeNewsroom(service: Service, admin: string) {
  const write = async (method: string, path: string, body?: unknown, version?: number, key = admin) =>
    JSON.parse((await ask(service, method, path, key, body, version)).text || 'null')
  const desk = await write('POST', '/v1/keys', { name: 'desk', role: 'editor' })
  const rotated = await write('POST', `/v1/keys/${desk.id}/rotate`, { overlapSeconds: 3_600 })
  const gone = await write('POST', '/v1/keys', { name: 'gone', role: 'writer' })
  await write('DELETE', `/v1/keys/${gone.id}`)

  // Older than its parent, so that in the order of the ids it comes first.
  const child = await write('POST', '/v1/sections', { name: 'Asia' })
  const parent = await write('POST', '/v1/sections', { name: 'World', description: 'Everything “elsewhere” 🌏' })
  await write('PATCH', `/v1/sections/${child.id}`, { parent: parent.id }, child.version)
  const rail = await write('POST', '/v1/tags', { name: 'Rail', synonyms: ['train', 'kereta api'] })
  const rails = await write('POST', '/v1/tags', { name: 'Railways' })
  await write('POST', `/v1/tags/${rails.id}/merge`, { into: rail.id }, rails.version)
  const source = await write('POST', '/v1/sources', { name: 'A whistle-blower', visibility: 'editors' })

  const draft = (title: string, more: object = {}) =>
    write('POST', '/v1/articles', {
      ...{
        title,
        section: child.id,
        tags: [rail.id],
        sources: [{ source: source.id }],
        bylines: [{ name: 'Ana Širć' }],
      },
      ...{ pages: [{ title: 'One', body: `*${title}* 日本 𝒜\n\n- "quoted" \\ back` }, { body: 'Two' }], ...more },
    })
  const does = (action: string, { id, version }: { id: string; version: number }, body?: object) =>
    write('POST', `/v1/articles/${id}/${action}`, body, version)
  const publish = (article: { id: string; version: number }, body?: object) => does('publish', article, body)
  for (let i = 0; i < 7; i += 1) await publish(await draft(`Strike ${i}`, { breaking: i === 3, externalId: `x-${i}` }))
  await publish(await draft('Later', { embargoUntil: '2999-01-01T00:00:00Z' }))
  const renamed = await publish(await draft('Old name'))
  const ahead = await write('PATCH', `/v1/articles/${renamed.id}`, { slug: 'new-name' }, renamed.version)
  const live = await publish(ahead)
  await write('PATCH', `/v1/articles/${live.id}`, { title: 'Only editors see this', seo: { title: 'S' } }, live.version)
  const trashed = await draft('Trashed')
  await write('DELETE', `/v1/articles/${trashed.id}`, undefined, trashed.version)
  const locked = await draft('Draft', { urgency: 1 })
  await write('PUT', `/v1/articles/${locked.id}/lock`)
  await does('submit', await draft('In review'), { note: 'Both sides were heard.' })
  const forged = await publish(await draft('Forged letter'))
  await does('withdraw', forged, { reason: 'The letter is a forgery.', replacement: live.id })
  const wrong = await does('correct', await publish(await draft('Wrong day')), { text: 'It was on Tuesday.' })
  const next = await write('PATCH', `/v1/articles/${wrong.id}?note=For+Friday`, { deck: 'To come' }, wrong.version)
  await publish(next, { at: '2999-01-01T06:00', zone: 'Asia/Jakarta' })
  await does('unpublish', await publish(await draft('Gone')))
  return { editor: rotated.secret as string, before: desk.secret as string, revoked: gone.secret as string }
}

type Keys = Awaited<ReturnType<typeof makeNewsroom>> & { admin: string }

/** The first cursor in an answer. */
export const cursorIn = (text: string) => /[?&]cursor=([\w.~%-]+)/.exec(text)?.[1] ?? ''

/**
 * What strangers and holders of keys are answered, but for the number of the request. `cursors` were given by the service
 * that is compared to, for these queries.
 */
export async function answersOf(service: Service, keys: Keys, cursors: Readonly<Record<string, string>>) {
  const paths = [
    ...['old-name', 'new-name', 'strike-3', 'trashed', 'later', 'in-review', 'forged-letter', 'wrong-day', 'gone'].map(
      (slug) => `/v1/articles/${slug}`,
    ),
    ...['/v1/sections', '/v1/sections/world', '/v1/tags', '/v1/tags/railways', '/v1/sources'],
    ...['/v1/articles?limit=3&count=exact', '/v1/articles?section=world&tag=rail&sort=title'],
    ...['&state=draft,trashed', '&state=scheduled,in_review,withdrawn', '&changed=true', '&sort=-updatedAt'].map(
      (q) => `/v1/articles?stage=working${q}`,
    ),
    ...[
      'q=strike&highlight=true&facets=section,tag,source,lang,year',
      'q=strike&sort=title&count=exact',
      'q=strkie',
    ].map((query) => `/v1/articles?${query}`),
    ...['q=editors', 'q=source:whistle', 'q=tag:kereta -later', 'q=rev&prefix=true&facets=source'].map(
      (query) => `/v1/articles?stage=working&${query}`,
    ),
    ...['/v1/suggest?q=whis', '/v1/suggest?q=whis&stage=working', '/v1/suggest?q=stri', '/v1/suggest?q=kereta'],
    ...Object.entries(cursors).map(([query, cursor]) => `/v1/articles?${query}&cursor=${cursor}`),
    ...['/v1/articles/new-name?stage=working', '/v1/articles/wrong-day?stage=working', '/v1/keys'],
  ]
  const answers: Record<string, unknown> = {}
  for (const path of paths)
    for (const [who, key] of Object.entries({ stranger: '', ...keys }))
      answers[`${who} ${path}`] = JSON.parse(
        JSON.stringify(await ask(service, 'GET', path, key))
          .replaceAll(service.origin, '')
          .replaceAll(/requestId\\":\\"[\w-]+/g, ''),
      )
  return answers
}
