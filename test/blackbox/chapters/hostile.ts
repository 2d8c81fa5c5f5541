import { operations, urlOf } from '../../support/operations.ts'
import type { Desk } from '../desk.ts'
import { letters, signs } from '../words.ts'

const escapes = [
  '%00',
  'a%00b',
  '%ff',
  '%ed%a0%80',
  '%ed%b0%80',
  '%c0%80',
  '%f4%90%80%80',
  '%EF%BF%BF',
  '%ef%bb%bfa',
  '%0a',
  '%2',
  '%',
  '+',
  'a+b',
]

/** Names and texts that mean something to an engine, wherever a request can carry them; then all of it written and read back. */
export async function hostile(desk: Desk): Promise<void> {
  const names = [
    ...escapes,
    ...[...signs, ...letters.slice(0, 20), '👍', 'x'.repeat(200), 'é'.repeat(450), 'x'.repeat(901)].map(
      encodeURIComponent,
    ),
  ]
  for (const operation of operations) {
    const { method, path, body, edit } = operation
    const [, name] = /\{(\w+)\}/.exec(path) ?? []
    // As they are in every place of a path; reads stand for the other methods, of which each eighth name is enough.
    const some = method === 'GET' ? names : names.filter((_, i) => i < escapes.length || i % 8 === 0)
    for (const value of name === undefined ? [] : some) {
      await desk.call(method, urlOf(operation, { [name ?? '']: value }), {
        as: 'admin',
        ...(edit && { version: '*' }),
        ...(body?.required && { body: body.example }),
      })
    }
    if (method !== 'GET' || path.includes('{')) continue
    for (const parameter of operation.parameters.filter((one) => one.in === 'query')) {
      const most = ['section', 'tag', 'tagAll', 'tagNone', 'source', 'ids', 'parent', 'byline', 'externalId'].includes(
        parameter.name,
      )
      // Nothing has such a tag: an export without it would be of all there is, two megabytes for each name.
      const few = path.endsWith('/export') && parameter.name === 'tagNone' ? '&breaking=true' : ''
      for (const value of most ? names : escapes) await desk.get(`${path}?${parameter.name}=${value}${few}`, 'editor')
    }
  }
  for (const word of [...signs, ...letters]) {
    const text = word.trim() === '' ? 'x' : word
    const { body } = await desk.post('/v1/articles', {
      ...{ title: text, kicker: text, deck: `${text}\n${text}`, externalId: `hostile ${text}`, section: 'a' },
      ...{ dateline: { outlet: text, place: text, text }, seo: { title: text, description: text } },
      image: { url: 'https://x.test/', alt: text, caption: text, credit: text },
      ...{ sources: [{ source: 'cna', mention: text }], bylines: [{ name: text }] },
      pages: [{ title: text, body: `${text}\r\n\u2028\u2029\ufeff\u0001${text}\t` }],
    })
    if (body?.id === undefined) continue
    await desk.edit('POST', `/v1/articles/${body.id}/publish`)
    await desk.get(`/v1/articles/${body.slug}?render=body,html,text`)
  }
  await desk.walk('/v1/articles?section=a&limit=50&sort=title&include=pages&render=body,text')
  for (const value of ["Bearer '", 'Bearer \u00ff', 'Basic x', 'Bearer', `Bearer ${'x'.repeat(4_000)}`]) {
    await desk.call('GET', '/v1/tags', { headers: { authorization: value } })
  }
  for (const value of ["'; --", '"\u00ff"', '%00', '"1\t"'])
    await desk.call('PATCH', '/v1/tags/rail', { as: 'editor', version: value, body: {} })
  for (const value of ["'; --", 'x'.repeat(129), 'a b', '\u00e9', 'ok-1']) {
    await desk.call('GET', '/v1/tags/rail', { headers: { 'x-request-id': value, 'if-none-match': value } })
  }
}
