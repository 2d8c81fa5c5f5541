import { Agent, request } from 'node:http'
import type { Test } from 'tap'
import { type Service, until } from './cli.ts'
import { figureOf } from './figures.ts'
import { send } from './wire.ts'

/** What shows of a service with workers: its log, its figures, and what becomes of requests. */

export const posted = 'warta_http_requests_total{method="POST",route="/v1/tags",status="2xx"}'

export interface Line {
  time: number
  pid: number
  msg: string
  reqId?: string
  req?: { method: string }
}

export function logOf(service: Pick<Service, 'out'>): Line[] {
  const lines = service.out().split('\n')
  // The last one may still be on its way.
  return lines.slice(0, -1).flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Line] : []))
}

/** Workers that have come to listen, in their order. */
export function workersOf(service: Pick<Service, 'out'>): number[] {
  return logOf(service)
    .filter(({ msg }) => msg.startsWith('Worker listening'))
    .map(({ pid }) => pid)
}

/** Those that do what comes round by itself, in the order in which they were named. */
export function runnersOf(service: Service): number[] {
  return logOf(service)
    .filter(({ msg }) => msg === 'this worker does what comes round by itself')
    .map(({ pid }) => pid)
}

/** What a client sends with each request. */
export function headersOf(secret: string): Record<string, string> {
  return { authorization: `Bearer ${secret}`, 'content-type': 'application/json' }
}

export async function figures({ port }: Service, secret: string): Promise<string> {
  return (await send(port, 'GET', '/metrics', headersOf(secret))).text
}

/** The same of two workers, when both have answered in time with their own: on a busy machine one may be late. */
export async function wholeFigures(service: Service, secret: string): Promise<string> {
  let page = ''
  await until(async () => {
    page = await figures(service, secret)
    return figureOf(page, 'warta_processes') === 2
  })
  return page
}

export function isGone(pid: number): boolean {
  try {
    return !process.kill(pid, 0)
  } catch {
    return true
  }
}

/** A request whose body comes in two pieces, so that a signal can come between them. */
export function beginPost(port: number, secret: string, name: string) {
  const body = JSON.stringify({ name })
  const headers = { ...headersOf(secret), 'content-length': Buffer.byteLength(body) }
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>()
  const outgoing = request({ host: '127.0.0.1', port, method: 'POST', path: '/v1/tags', headers, agent: false })
  outgoing.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode)))
  outgoing.on('error', reject)
  outgoing.write(body.slice(0, 5))
  return { finish: () => outgoing.end(body.slice(5)), status: promise }
}

/** Clients that go on without a pause until they are stopped, each on a connection that it keeps. */
export function load(t: Test, port: number, secret: string) {
  const headers = headersOf(secret)
  const failures: string[] = []
  let [over, answered] = [false, 0]
  const client = async (name: string) => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    t.teardown(() => agent.destroy())
    for (let i = 0; !over; i += 1) {
      const isWrite = i % 5 === 0
      const status = await new Promise<number | string | undefined>((resolve) => {
        const method = isWrite ? 'POST' : 'GET'
        const outgoing = request({ host: '127.0.0.1', port, path: '/v1/tags', method, agent, headers })
        outgoing.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode)))
        outgoing.on('error', (error) => resolve(error.message))
        outgoing.end(isWrite ? JSON.stringify({ name: `${name} ${i}` }) : undefined)
      })
      answered += 1
      if (status !== (isWrite ? 201 : 200)) failures.push(`${name} ${i}: ${status}`)
    }
  }
  const clients = ['Ana', 'Budi', 'Citra', 'Dewi'].map(client)
  return {
    stop: async () => {
      over = true
      await Promise.all(clients)
      return { failures, answered }
    },
  }
}
