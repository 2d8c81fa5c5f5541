import type { Buffer } from 'node:buffer'
import { dirname } from 'node:path'
import type { Test } from 'tap'
import { type Role, roles } from '../../src/access.ts'
import { buildApp } from '../../src/app.ts'
import { loadConfig } from '../../src/config.ts'
import type { App } from '../../src/http/app.ts'
import { createKey, operator } from '../../src/keys/keys.ts'
import { createLog } from '../../src/log.ts'
import { createRenderer, type Renderer } from '../../src/markdown/renderer.ts'
import { openDatabase } from '../../src/storage/open.ts'
import { sharedSecret } from '../../src/storage/secrets.ts'
import type { Store } from '../../src/storage/store.ts'
import { bodyOf } from './bodies.ts'
import { createClock } from './clock.ts'
import { breaches } from './contract.ts'
import { engine, newDatabase } from './engines.ts'
import { isQuery } from './queries.ts'

export type Who = Role | 'stranger'
export const everyone: readonly Who[] = ['stranger', ...roles]

export interface CallOptions {
  as?: Who
  /** a secret of one's own instead of a role's */
  key?: string
  body?: unknown
  /** sent as it is, with its type */
  raw?: { type: string; data: string | Buffer }
  /** the version that was read */
  version?: number | string
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  headers: Record<string, string | undefined>
  text: string
  // The tests assert what they read of a body, and the document what they do not.
  // biome-ignore lint/suspicious/noExplicitAny: a body is whatever the route answers
  body: any
}

export interface TestApp {
  app: App
  store: Store
  clock: ReturnType<typeof createClock>
  /** every statement that ran, in their order */
  statements: string[]
  keys: Record<Role, string>
  /** what WARTA_DATABASE says */
  database: string
  /** for files that a test makes */
  folder: string
  call(method: string, url: string, options?: CallOptions): Promise<Answer>
}

/**
 * Long enough for a machine that stands still at times: what is refused in a test is refused for its content. Tests of
 * the limits of a route set their own; the database waits so long in all of them.
 */
export const patience = { WARTA_RENDER_TIMEOUT_MS: '60000', WARTA_BUSY_TIMEOUT_MS: '60000' } as const

const patienceMs = Number(patience.WARTA_RENDER_TIMEOUT_MS)

/** Ends with the process; a thread of its own for each service would take longer to start than most tests take. */
const patientRenderer = createRenderer({ timeoutMs: patienceMs })

/** Renders for a service of a test; one that has a limit of its own has a thread of its own as well. */
export function rendererFor(t: Test, timeoutMs: number): Renderer {
  if (timeoutMs === patienceMs) return patientRenderer
  const renderer = createRenderer({ timeoutMs })
  t.teardown(() => renderer.close())
  return renderer
}

/**
 * The whole service on a database of its own, with a key of each role. Every answer of every test is held against the
 * OpenAPI document; what it does not say fails the test.
 */
export async function testApp(
  t: Test,
  env: Record<string, string> = {},
  log = createLog({ level: 'silent', format: 'json' }),
): Promise<TestApp> {
  const database = await newDatabase(t, { migrated: true })
  const folder = engine === 'sqlite' ? dirname(database) : t.testdir()
  const clock = createClock()
  const statements: string[] = []
  const { config, secrets } = loadConfig({ WARTA_DATABASE: database, ...patience, ...env }, {}, false)
  const store = await openDatabase(secrets.database, {
    clock,
    busyTimeoutMs: Number(patience.WARTA_BUSY_TIMEOUT_MS),
    observe: (sql) => isQuery(sql) && statements.push(sql),
  })
  const renderer = rendererFor(t, config.renderTimeoutMs)
  const keys = await store.transact(async (db) => {
    const made = []
    for (const role of roles) {
      const { secret } = await createKey(db, { name: `the ${role}`, role, expiresAt: null }, operator)
      made.push([role, secret])
    }
    return Object.fromEntries(made) as Record<Role, string>
  })
  const secret = await sharedSecret(store, 'cursors')
  const app = await buildApp({ config, store, renderer, secret, log, clock })
  t.teardown(async () => {
    await app.close()
    await store.close()
  })

  const call = async (method: string, url: string, options: CallOptions = {}): Promise<Answer> => {
    const { as = 'stranger', key = as === 'stranger' ? undefined : keys[as], body, raw, version } = options
    const response = await app.inject({
      method: method as 'GET',
      url,
      headers: {
        ...(key !== undefined && { authorization: `Bearer ${key}` }),
        ...(version !== undefined && { 'if-match': typeof version === 'number' ? `"${version}"` : version }),
        ...(raw !== undefined && { 'content-type': raw.type }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(raw !== undefined && { payload: raw.data }),
      ...(body !== undefined && { payload: JSON.stringify(body) }),
    })
    const type = String(response.headers['content-type'] ?? '')
    const text = response.body
    const answer: Answer = {
      status: response.statusCode,
      headers: response.headers as Answer['headers'],
      text,
      body: bodyOf(type, text),
    }
    const faults = breaches({ method, url, status: answer.status, headers: response.headers, body: answer.body })
    if (faults.length > 0) t.fail(`${method} ${url} does not keep the contract`, { faults, body: answer.body })
    return answer
  }
  return { app, store, clock, statements, keys, database, folder, call }
}
