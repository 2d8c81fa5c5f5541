import { Buffer, isUtf8 } from 'node:buffer'
import { request } from 'node:http'
import type { Role } from '../../src/access.ts'
import { bodyOf } from '../support/bodies.ts'

/** What one request said and got, as the transcript has it. */
export interface Entry {
  n: number
  chapter: string
  at: string
  request: { method: string; url: string; headers: Record<string, string>; body: string }
  /** of requests that were sent together: the statuses alone, sorted */
  statuses?: number[]
  status: number
  headers: [string, string][]
  body: string
  /** the body is no UTF-8 and stands in base64 */
  binary?: true
}

export interface Say {
  as?: Role
  /** a secret of one's own instead of a role's */
  key?: string
  body?: unknown
  raw?: { type: string; data: string | Buffer }
  /** the version that was read */
  version?: number | string
  headers?: Record<string, string>
  /** a Content-Length of which nothing follows */
  claim?: number
}

export interface Reply {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: a body is whatever the route answers
  body: any
  text: string
  header(name: string): string | undefined
}

/** Of the moment or of the connection, and nothing that an engine says. */
const momentary = ['date', 'connection', 'keep-alive']

/** Of figures what was not measured: the same requests are counted alike on both engines, and their changes numbered alike. */
const counted = /^(# (HELP|TYPE) )?(warta_http_requests_total|warta_last_change|warta_processes)\b/

/** As much of a request's body as tells it from others. */
const shownOfBody = 300

export interface DeskOptions {
  port: number
  clock: { now(): number; advance(milliseconds: number): void; set(instant: string): void }
  keys: Record<Role, string>
  reseed(seed: number): void
  /** Resolves when the service has heard of all that it has written: until then it keeps none of its answers. */
  settled(): Promise<void>
  write(entry: Entry): void
}

/** Who sits here sends requests one after the other, a second apart, and writes down what comes back. */
export class Desk {
  readonly clock: DeskOptions['clock']
  readonly keys: DeskOptions['keys']
  chapter = ''
  private readonly options: DeskOptions
  private n = 0
  private held = false

  constructor(options: DeskOptions) {
    this.options = options
    this.clock = options.clock
    this.keys = options.keys
  }

  async call(method: string, url: string, say: Say = {}): Promise<Reply> {
    await this.next()
    const [entry, reply] = await this.send(method, url, say)
    this.options.write(entry)
    return reply
  }

  get(url: string, as?: Role): Promise<Reply> {
    return this.call('GET', url, as === undefined ? {} : { as })
  }

  /** As an editor, whatever the version. */
  edit(method: string, url: string, body?: unknown): Promise<Reply> {
    return this.call(method, url, { as: 'editor', version: '*', ...(body !== undefined && { body }) })
  }

  post(url: string, body: unknown): Promise<Reply> {
    return this.call('POST', url, { as: 'editor', body })
  }

  /** All at once: which of them wins is chance, how many is not. */
  async together(method: string, url: string, says: readonly Say[]): Promise<number[]> {
    await this.next()
    const all = await Promise.all(says.map((say) => this.send(method, url, say)))
    const statuses = all.map(([{ status }]) => status).sort((a, b) => a - b)
    const [first] = all
    if (first === undefined) return []
    this.options.write({ ...first[0], status: 0, headers: [], body: '', statuses })
    return statuses
  }

  /** Lets the clock stand meanwhile, so that rows tie in everything but their ids. */
  async standing(work: () => Promise<void>): Promise<void> {
    this.held = true
    await work()
    this.held = false
  }

  /** Follows a list to its end and back to its beginning. */
  async walk(url: string, as?: Role): Promise<void> {
    const to = (cursor: string) => `${url}${url.includes('?') ? '&' : '?'}cursor=${cursor}`
    let reply = await this.get(url, as)
    while (reply.status === 200 && reply.body.page.next !== null) reply = await this.get(to(reply.body.page.next), as)
    while (reply.status === 200 && reply.body.page.prev !== null) reply = await this.get(to(reply.body.page.prev), as)
  }

  private async next(): Promise<void> {
    await this.options.settled()
    this.n += 1
    if (!this.held) this.clock.advance(1_000)
    this.options.reseed(this.n)
  }

  private send(method: string, url: string, say: Say): Promise<[Entry, Reply]> {
    const { as, key = as === undefined ? undefined : this.keys[as], raw, version, claim } = say
    const data = raw?.data ?? (say.body === undefined ? undefined : JSON.stringify(say.body))
    const type = raw?.type ?? (say.body === undefined ? undefined : 'application/json')
    const bytes = data === undefined ? undefined : Buffer.from(data as string)
    const length = claim ?? bytes?.length
    const headers: Record<string, string> = {
      host: 'warta.test',
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
      ...(version !== undefined && { 'if-match': typeof version === 'number' ? `"${version}"` : version }),
      ...(type !== undefined && { 'content-type': type }),
      ...(length !== undefined && { 'content-length': String(length) }),
      ...say.headers,
    }
    const { promise, resolve, reject } = Promise.withResolvers<[Entry, Reply]>()
    const target = { host: '127.0.0.1', port: this.options.port, method, path: url, headers, agent: false }
    const outgoing = request(target, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const whole = Buffer.concat(chunks)
        const binary = !isUtf8(whole)
        const text = whole.toString(binary ? 'base64' : 'utf8')
        const status = response.statusCode ?? 0
        const isFigures = String(response.headers['content-type']).startsWith('text/plain; version=')
        const passing = isFigures ? [...momentary, 'content-length'] : momentary
        const pairs = pairsOf(response.rawHeaders).filter(([name]) => !passing.includes(name.toLowerCase()))
        const kept = isFigures
          ? linesOf(text)
              .filter((line) => counted.test(line))
              .join('')
          : text
        const shown = bytes === undefined ? '' : bytes.subarray(0, shownOfBody).toString('latin1')
        const asked = { method, url, headers, body: shown }
        const at = new Date(this.clock.now()).toISOString()
        const entry = { n: this.n, chapter: this.chapter, at, request: asked, status, headers: pairs, body: kept }
        const header = (name: string) => response.headers[name] as string | undefined
        resolve([
          { ...entry, ...(binary && { binary }) },
          { status, text, body: bodyOf(response.headers['content-type'], text), header },
        ])
        outgoing.destroy()
      })
    })
    outgoing.on('error', reject)
    if (claim !== undefined) outgoing.flushHeaders()
    else outgoing.end(bytes)
    return promise
  }
}

function linesOf(text: string): string[] {
  return text.split(/(?<=\n)/)
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? ''] as [string, string]] : []))
}
