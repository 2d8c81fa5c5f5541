import { type IncomingHttpHeaders, request } from 'node:http'
import { connect } from 'node:net'
import type { TestApp } from './app.ts'
import { bodyOf } from './bodies.ts'
import { breaches } from './contract.ts'

/** What goes over a real socket: `inject` normalises paths, and knows nothing of connections. */

export interface WireAnswer {
  status: number
  headers: IncomingHttpHeaders
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: a body is whatever the route answers
  body: any
}

export async function listen({ app }: Pick<TestApp, 'app'>): Promise<number> {
  await app.listen({ host: '127.0.0.1', port: 0 })
  const address = app.server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Sends the path as it is; the body in these pieces, and so chunked unless Content-Length is given. */
export function send(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string | string[]> = {},
  body: readonly (string | Buffer)[] = [],
): Promise<WireAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<WireAnswer>()
  const outgoing = request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
    const chunks: Buffer[] = []
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () => {
      const text = Buffer.concat(chunks).toString()
      const answer = { status: response.statusCode ?? 0, headers: response.headers, text }
      resolve({ ...answer, body: bodyOf(response.headers['content-type'], text) })
    })
  })
  outgoing.on('error', (error: NodeJS.ErrnoException) => {
    // Refused before all of the body was read: the answer may be there nevertheless.
    if (error.code !== 'EPIPE' && error.code !== 'ECONNRESET') reject(error)
  })
  for (const piece of body) outgoing.write(piece)
  outgoing.end()
  return promise
}

/** The same, held against the document. */
export async function sendChecked(...[port, method, path, headers, body]: Parameters<typeof send>) {
  const answer = await send(port, method, path, headers, body)
  return { ...answer, faults: breaches({ method, url: path, ...answer }) }
}

/** Writes these bytes and reads until the connection closes, or until `enough` of what came. */
export function exchange(port: number, bytes: string, enough = (_text: string): boolean => false): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>()
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (chunk) => {
    text += chunk
    if (enough(text)) socket.destroy()
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => resolve(text))
  socket.write(bytes)
  return promise
}
