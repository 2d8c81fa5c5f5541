import { roles } from '../../../src/access.ts'
import { type Operation, operations, urlOf } from '../../support/operations.ts'
import type { Desk, Say } from '../desk.ts'

/** Every operation from outside: without a key, with a wrong one, for what is not there, with what it does not take. */
export async function doors(desk: Desk): Promise<void> {
  const article = (await desk.get('/v1/articles?limit=1')).body.data[0].id
  const id = (await desk.get('/v1/keys?limit=1', 'admin')).body.data[0].id
  const world = { article, id, section: 'a', tag: 'rail', source: 'cna', code: 'forbidden' }
  const unknown = '019bd2a4-0000-7000-8000-000000000002'
  for (const operation of operations) {
    const { method, path, body, edit } = operation
    const to = urlOf(operation, world)
    const right: Say = { as: 'admin', ...(edit && { version: '*' }), ...(body?.required && { body: body.example }) }
    const ask = (url: string, say: Say = {}) => desk.call(method, url, { ...right, ...say })
    const { as: _, ...keyless } = right
    if (operation.roles.length > 0) await desk.call(method, to, keyless)
    await desk.call(method, to, { ...keyless, key: 'nonsense' })
    await desk.call(method, to, { ...keyless, key: `warta_${'0'.repeat(36)}` })
    await desk.call(method, to, { ...keyless, key: `${desk.keys.admin.slice(0, -1)}!` })
    for (const as of roles.filter((role) => operation.roles.length > 0 && !operation.roles.includes(role)))
      await ask(to, { as })
    if (path.includes('{')) {
      for (const name of [unknown, 'nowhere', unknown.toUpperCase()])
        await ask(urlOf(operation, named(operation, name)))
    }
    await ask(`${to}?surprise=1`)
    await ask(to, { headers: { accept: 'text/html;q=1, image/png' } })
    await ask(`${to}/`)
    await desk.call('OPTIONS', to)
    await desk.call('TRACE', to)
    if (edit) {
      await desk.call(method, to, { as: 'admin', ...(body !== undefined && { body: body.example }) })
      await ask(to, { version: '"nonsense"' })
      await ask(to, { version: '"98765"' })
    }
    if (body !== undefined) await bodies(desk, method, to, { as: 'admin', ...(edit && { version: '*' }) })
  }
  for (const path of ['/nowhere', '/v1', '/v1/articles/x/y', '/%ff', '/%', '/livez%00', '/openapi.yaml', '/docs'])
    await desk.get(path)
}

function named({ path }: Operation, name: string): Record<string, string> {
  const [, parameter = ''] = /\{(\w+)\}/.exec(path) ?? []
  return { [parameter]: name }
}

async function bodies(desk: Desk, method: string, to: string, say: Say): Promise<void> {
  const type = 'application/json'
  const wrong = [
    ...[
      '{',
      '[]',
      'null',
      '"x"',
      '{"surprise":1}',
      '{"title":"a\\u0000b","name":"a\\u0000b","into":"a\\u0000b"}',
      '{"\\ud800":1}',
    ],
    ...[
      '{"title":"\\ud83d","name":"\\udc4d","into":"\\ud800x"}',
      '{"name":"\0"}',
      '{"name":1,"title":1}',
      '{"__proto__":1}',
    ],
    `${'['.repeat(65)}${']'.repeat(65)}`,
    Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]),
    Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
  ]
  for (const data of wrong) await desk.call(method, to, { ...say, raw: { type, data } })
  await desk.call(method, to, { ...say, raw: { type: 'text/csv', data: 'a' } })
  await desk.call(method, to, { ...say, raw: { type: 'application/json; charset=utf-16', data: '{}' } })
}
