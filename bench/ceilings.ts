/**
 * The other sides: the same Fastify with nothing of Warta in it. Each runs in a process of its own.
 * `constant FILE`: one buffer. `documents DATABASE`: /ID answers a stored document, /list/N the 20 from the N-th on, each
 * by one prepared statement; /page/N answers a stored page.
 */
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import Fastify from 'fastify'

const [what, file = ''] = process.argv.slice(2)
const type = 'application/json; charset=utf-8'

const app = Fastify({ routerOptions: { maxParamLength: 500 } })
if (what === 'constant') {
  const body = readFileSync(file)
  app.get('/', (_request, reply) => reply.type(type).send(body))
} else {
  const db = new Database(file, { readonly: true })
  const one = db.prepare('SELECT json FROM documents WHERE id = ?').pluck()
  const twenty = db.prepare('SELECT json FROM cards WHERE n >= ? ORDER BY n LIMIT 20').pluck()
  const page = db.prepare('SELECT json FROM pages WHERE n = ?').pluck()
  app.get<{ Params: { id: string } }>('/:id', (request, reply) => reply.type(type).send(one.get(request.params.id)))
  app.get<{ Params: { n: string } }>('/list/:n', (request, reply) => {
    const cards = twenty.all(Number(request.params.n)) as string[]
    return reply.type(type).send(`{"data":[${cards.join(',')}],"page":{"limit":20,"next":null,"prev":null}}`)
  })
  app.get<{ Params: { n: string } }>('/page/:n', (request, reply) =>
    reply.type(type).send(page.get(Number(request.params.n))),
  )
}
process.once('disconnect', () => process.exit())
console.log(`listening at ${await app.listen({ host: '127.0.0.1', port: 0 })}`)
